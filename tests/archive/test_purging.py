"""What is purged is gone: no byte of it is left in the library's folder, nor in the backups that were named."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from archive.books.service import item_of
from archive.library import Library
from archive.model.access import Action, Actor, Rights
from archive.model.cards import CardFields
from archive.model.compilation import RemarkKind
from archive.model.edits import Rewrite
from archive.model.errors import NotAllowed, NotFound, StorageError, UsageError
from archive.model.holdings import JobRow
from archive.model.issues import IssueCode
from archive.model.project import Edit, Part
from archive.model.records import Access, Article, Block, Collection, Issue, Kind, Person, Picture, Status
from archive.model.search import Search
from archive.session import Session
from archive.store.originals import FolderVault
from archive.store.schema import metadata
from archive.support.library_folder import BACKUPS, INCOMING, SPLITS

LOCAL = Actor.local()
SECRET, TITLE, FILE = "暗语蜻蜓七号", "某某的履历", "某某档案袋"
PNG = b"\x89PNG\r\n\x1a\nonly here"
PICTURE = Picture(sha256(PNG).hexdigest(), PNG, "image/png")


def draft(title: str, text: str, *more: Block) -> Article:
    blocks = (Block.plain(Kind.TITLE, title), Block.plain(Kind.PARAGRAPH, text), *more)
    return Article(collection="c", blocks=blocks)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Two articles of one file, one of which must go; and what an office does with them."""
    with Library.create(tmp_path / "清水") as made:
        session = made.session(LOCAL)
        session.save_collection(Collection("c", "集"))
        file = tmp_path / f"{FILE}.txt"
        file.write_text(f"{SECRET}原件", encoding="utf-8")
        secret = draft(TITLE, f"一九五八年{SECRET}在此。", Block(Kind.FIGURE, picture=PICTURE.sha256))
        issue = Issue(IssueCode.DELETED, TITLE, f"“{SECRET}”没有收")
        secret = replace(secret, people=(Person("某某甲"),), section="蜻蜓七")
        session.add(file, file.name, [secret, draft("水车记", "水车在河边。")], [issue], [PICTURE])
        _worked_with(session)
        _left_about(made.root, file)
        yield made


def _worked_with(session: Session) -> None:
    session.corrections.correct("1", [Rewrite(1, session.article("1").blocks[1].text, (f"又是{SECRET}。",))], "改")
    session.corrections.report("1", (1, 0, 2), f"{SECRET}写错了", 2)
    key = session.cards.make("1", (1, 0, 2), 2, CardFields(classes=(SECRET,), note=f"{SECRET}的卡片"))
    session.cards.change(key, CardFields(note=f"{SECRET}再改", persons=(SECRET,)))
    made = session.compilations.create("长编").with_cards([key])
    made = made.changed(replace(made.event(1), title=SECRET))
    session.compilations.save(session.compilations.remark(made, 1, RemarkKind.COMMENT, f"{SECRET}的按语"))
    session.searches.note(Search(text=SECRET), 1)
    session.searches.save("查这个", Search(text=f"水车 OR {SECRET}"))
    session.searches.save("水车", Search(text="水车"))
    session.scopes.save("暗处", rule=Search(text=f'"{SECRET}"'))
    session.scopes.save(f"{SECRET}一案", articles=["1", "2"])
    session.scopes.save("河边", rule=Search(text="水车"))
    session.jobs.save(JobRow("j", "", TITLE, "null", "local", "本机", "done", "2026-03-01T08:30:00Z", words=SECRET))
    project = session.books.create("书", [session.article("2")])
    edit = Edit(1, 0, 2, "又是", SECRET)
    items = (replace(item_of(session.article("1")), edits=(edit,)), item_of(session.article("2")))
    session.books.save(replace(project, parts=(Part(items=items),)))
    corrections = session.corrections
    places = [place for _, found in corrections.occurrences(SECRET, "c") for place in found]
    change = corrections.replace(SECRET, f"{SECRET}改", places, SECRET)
    corrections.take_back(change.key)
    session.concordances.label("1", (1, 0, 2), "待查")
    private = {"题名": SECRET, "身份证号": SECRET}
    session.workflow.add("来稿登记簿", private, subject="1")
    session.withdraw("1", "先撤下")


def _left_about(root: Path, file: Path) -> None:
    digest = sha256(file.read_bytes()).hexdigest()
    (root / SPLITS).mkdir(exist_ok=True)
    (root / SPLITS / "甲.tsv").write_text(f"{digest}\t{TITLE}", encoding="utf-8")
    (root / SPLITS / "乙.tsv").write_text("别的", encoding="utf-8")
    (root / BACKUPS).mkdir(exist_ok=True)
    (root / BACKUPS / "archive-0001.sqlite").write_text(SECRET, encoding="utf-8")
    item = root / INCOMING / ("a" * 24)
    item.mkdir(parents=True)
    (item / "manuscript.txt").write_bytes(file.read_bytes())
    (item / "about.json").write_text(f'{{"name": "{FILE}.txt"}}', encoding="utf-8")


def written(words: str) -> Iterator[bytes]:
    """The ways in which words may lie in a file: as text, as JSON escapes, as the tokens of the index."""
    yield words.encode()
    yield words.encode("utf-16-le")
    yield "".join(f"\\u{ord(char):04x}" for char in words).encode()
    yield " ".join(f"{ord(char):x}" for char in words).encode()


def standing(root: Path, sought: Sequence[str | bytes]) -> set[str]:
    """The files below a folder that hold any of this, compressed parts of zip files included."""
    ways = [way for one in sought for way in (written(one) if isinstance(one, str) else (one,))]
    found = set()
    for file in sorted(root.rglob("*")):
        if not file.is_file():
            continue
        data = file.read_bytes()
        if data[:2] == b"PK":
            with ZipFile(file) as packed:
                data = b"".join(packed.read(name) for name in packed.namelist())
        if any(way in data or any(way[:8] in name.encode() for name in (file.name,)) for way in ways):
            found.add(str(file.relative_to(root)))
    return found


GONE = (SECRET, TITLE, FILE, "某某甲", "蜻蜓七", PNG, zlib.compress(PNG))


def test_no_byte_is_left(library: Library) -> None:
    session = library.session(LOCAL)
    assert len(standing(library.root, GONE)) >= 7  # database, original, picture, index, table, copy, what waits
    session.upkeep.purging.purge(["1"], "依规定")
    assert standing(library.root, GONE) == set()
    assert session.search(Search(text="水车")).total == 1
    assert [one.name for one in session.searches.listed()] == ["水车"]
    assert [one.name for one in session.scopes.listed()] == ["河边"]
    assert session.check() == ()


def test_a_tombstone_and_an_entry_are_left(library: Library, tmp_path: Path) -> None:
    session = library.session(LOCAL)
    session.upkeep.purging.purge(["1"], "依规定")
    stone = session.article("1")
    assert (stone.title, stone.status, len(stone.blocks), stone.people) == ("（已清除）", Status.WITHDRAWN, 1, ())
    with pytest.raises(NotFound):
        session.article("1", 1)
    entry = session.audit(1)[0]
    session.save_collection(Collection("d", "另一集"))
    assert (entry.action, entry.subject, entry.detail) == ("purge", "1", "清除：依规定")
    file = tmp_path / f"{FILE}.txt"
    with pytest.raises(StorageError, match="已经按规定清除"):
        session.add(file, file.name, [replace(draft("又", "又"), collection="d")], [])
    other = tmp_path / "别的.txt"
    other.write_text("别的", encoding="utf-8")
    (fresh,) = session.add(other, other.name, [draft("别的", "别的")], []).articles
    assert fresh.id == "3"


def test_what_came_by_the_same_file_stays_without_its_original(library: Library) -> None:
    session = library.session(LOCAL)
    (scope,) = session.upkeep.purging.scope(["1"])
    assert (scope.title, scope.versions, scope.originals, scope.others, scope.pictures) == (
        TITLE, 4, (f"{FILE}.txt",), 1, 1,
    )  # fmt: skip
    original = session.article("2").original
    session.upkeep.purging.purge(["1"], "依规定")
    assert session.article("2").blocks[1].text == "水车在河边。"
    with pytest.raises(NotFound):
        session.original(original)
    assert [item.article for item in session.books.project("书").items] == ["2"]
    assert (library.root / SPLITS / "乙.tsv").is_file()


@pytest.mark.parametrize("password", ["", "水车"])
def test_named_backups_are_purged_too(library: Library, tmp_path: Path, password: str) -> None:
    session = library.session(LOCAL)
    folder = tmp_path / "备份"
    folder.mkdir()
    file = folder / "a.zip"
    session.upkeep.backups.make(file, password)
    purging = session.upkeep.purging
    assert purging.purge_backup(file, ["1", "77"], "依规定", password) == 1
    assert standing(folder, GONE) == set()
    with Library.restore(file, tmp_path / "又", password) as again:
        assert standing(tmp_path / "又", GONE) == set()
        assert again.session(LOCAL).article("1").title == "（已清除）"
        assert again.session(LOCAL).check() == ()


def test_it_can_be_done_again(library: Library) -> None:
    purging = library.session(LOCAL).upkeep.purging
    purging.purge(["1"], "依规定")
    purging.purge(["1"], "依规定")
    workflow = library.session(LOCAL).workflow
    (record,) = workflow.records("来稿登记簿")
    assert (record.values, workflow.private(record)) == ({}, {})
    assert [step.reason for step in workflow.steps(record)] == ["（已清除）"]
    assert library.session(LOCAL).article("1").title == "（已清除）"


def test_not_without_the_right_or_a_reason(library: Library) -> None:
    allowed = frozenset(Action) - {Action.PURGE}
    keeper = Actor("2", "保管员", Rights.of(frozenset(Access), frozenset(Status), allowed))
    with pytest.raises(NotAllowed, match="清除"):
        _ = library.session(keeper).upkeep.purging
    with pytest.raises(UsageError):
        library.session(LOCAL).upkeep.purging.purge(["1"], " ")
    with pytest.raises(NotFound):
        library.session(LOCAL).upkeep.purging.purge(["1", "77"], "依规定")
    assert library.session(LOCAL).article("1").title == TITLE


def test_every_table_was_thought_of() -> None:
    """A new table may hold what is to be purged: then archive/store/purging.py has to know it, and this list too."""
    assert set(metadata.tables) - {"wenshi"} <= KNOWN_TABLES


KNOWN_TABLES = {
    "account_roles", "accounts", "articles", "asked_searches", "audit", "bulk_changed", "bulk_changes",
    "card_changes", "cards", "collections", "compilations",
    "date_decisions", "editions",
    "error_reports", "imports", "jobs", "login_attempts", "logins", "made_with", "mentions",
    "name_decisions", "name_records", "name_versions", "no_history", "notices",
    "at_work", "originals", "page_proofs", "pending", "pictures", "place_labels", "private_values",
    "projects", "record_steps", "reuse_runs", "saved_searches", "scopes", "tokens", "versions", "work_records",
}  # fmt: skip


def test_files_that_could_not_be_removed_go_when_it_is_done_again(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a virus scanner holds one, or the store of objects is away."""
    purging = library.session(LOCAL).upkeep.purging
    original = next((library.root / "originals").glob("*/*"))

    def held(self: FolderVault, _: str) -> None:
        raise StorageError("文件正被别的程序占用", place=str(self.root))

    with monkeypatch.context() as patched, pytest.raises(StorageError):
        patched.setattr(FolderVault, "discard", held)
        purging.purge(["1"], "依规定")
    assert original.exists()
    purging.purge(["1"], "依规定")
    assert not original.exists()
    assert standing(library.root, GONE) == set()
