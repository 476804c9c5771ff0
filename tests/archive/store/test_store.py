"""What goes into a library comes out again, and nothing is ever lost on the way."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.model.access import Rights
from archive.model.errors import Conflict, LibraryDamaged, LibraryExists, LibraryNotFound, NotFound, StorageError
from archive.model.issues import IssueCode
from archive.model.project import Project
from archive.model.records import (
    Access,
    Article,
    Block,
    Collection,
    Declared,
    FieldKind,
    Genre,
    Issue,
    Kind,
    Mention,
    Period,
    Person,
    Picture,
    Precision,
    Role,
    Status,
)
from archive.store import Store

EVERYTHING = Rights.everything()


Draft = Callable[..., tuple[Article, list[Mention]]]
File = Callable[..., tuple[Path, str, str]]
LEFT_OUT = Issue(IssueCode.HIDDEN, "第 1 段", "丢了", 3)
PICTURE = Picture(hashlib.sha256(b"PNG").hexdigest(), b"PNG", "image/png")


# -- opening


def test_a_new_library_is_empty_and_whole(tmp_path: Path) -> None:
    with Store.create(tmp_path / "新" / "库") as store:
        assert store.count() == 0
        assert store.check("本机") == ()
        assert store.collections(None) == ()
        assert store.pending() == ()
    names = {entry.name for entry in (tmp_path / "新" / "库").iterdir()}
    assert {"library.toml", "archive.sqlite", "originals", "pictures", "backups"} <= names
    assert "archive.sqlite-wal" not in names, "closing folds the log into the file"


def test_opening_never_creates(tmp_path: Path) -> None:
    with pytest.raises(LibraryNotFound):
        Store.open(tmp_path / "没有")
    with pytest.raises(LibraryNotFound):
        Store.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_creating_never_overwrites(store: Store, tmp_path: Path) -> None:
    with pytest.raises(LibraryExists):
        Store.create(store.root)
    (tmp_path / "别的").mkdir()
    (tmp_path / "别的" / "账本.xls").write_bytes(b"")
    with pytest.raises(LibraryExists, match=r"账本\.xls"):
        Store.create(tmp_path / "别的")
    with pytest.raises(StorageError):
        Store.create(tmp_path / "别的" / "账本.xls")


@pytest.mark.sqlite
def test_creating_finishes_what_was_left_half_made(store: Store) -> None:
    """The settings are written last, so a process killed in between leaves a folder without them."""
    store.close()
    (store.root / "library.toml").unlink()
    with pytest.raises(LibraryDamaged, match="没有建完"):
        Store.open(store.root)
    with Store.create(store.root) as again:
        assert again.collection("wsz").title == "文史资料"


def test_a_library_of_a_newer_layout_is_left_alone(store: Store) -> None:
    store.close()
    (store.root / "library.toml").write_text("format = 2\n", encoding="utf-8")
    with pytest.raises(LibraryDamaged, match="更新版本") as caught:
        Store.open(store.root)
    assert "新版" in caught.value.hint


@pytest.mark.parametrize("text", ["format", "name = '库'", "\x00"])
def test_settings_that_cannot_be_read_are_reported(store: Store, text: str) -> None:
    store.close()
    (store.root / "library.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LibraryDamaged, match="读不懂"):
        Store.open(store.root)


@pytest.mark.sqlite
@pytest.mark.parametrize("content", [None, b"", b"this is no database" * 100])
def test_a_database_that_is_lost_or_spoilt_is_reported(store: Store, content: bytes | None) -> None:
    store.close()
    database = store.root / "archive.sqlite"
    database.unlink()
    if content is not None:
        database.write_bytes(content)
    with pytest.raises(LibraryDamaged) as caught:
        Store.open(store.root)
    assert caught.value.hint
    assert database.exists() == (content is not None), "opening creates nothing"


def test_odd_folder_names_are_no_trouble(tmp_path: Path) -> None:
    odd = "" if sys.platform == "win32" else '?:"*'  # Windows allows none of these
    root = tmp_path / f"100%s 文史#[库] 'x{odd}"
    Store.create(root).close()
    with Store.open(root) as store:
        assert store.count() == 0


# -- taking in


def test_everything_comes_back_equal(store: Store, file: File) -> None:
    blocks = (Block.plain(Kind.TITLE, "水车"), Block(Kind.FIGURE, picture=PICTURE.sha256), Block(Kind.PARAGRAPH))
    date = Period(None, 2436448, Precision.ERA, "光绪末年以前")
    article = Article(
        collection="wsz",
        blocks=blocks,
        number=7,
        genre=Genre.ENTRY,
        volume="第三辑",
        section="工商经济",
        people=(Person("张三", Role.NARRATOR), Person("李四", Role.RECORDER)),
        date=date,
        source="县档案馆",
        status=Status.RECEIVED,
        access=Access.INTERNAL,
        fields=(("页码", "12"), ("页码", "13")),
    )
    dated = [Mention(0, 0, 2, date, "era", 0.5, True), Mention(0, 0, 1, Period(1, None, Precision.DAY), "day")]
    path, name, sha256 = file()
    (stored,) = store.accept(
        path, name, sha256, [(article, dated)], [Issue(IssueCode.HIDDEN, "第 1 段", "丢了", 3)], [PICTURE], who="本机"
    )
    assert stored.id == "1"
    assert stored.version == 1
    assert len(stored.digest) == 64
    assert stored == replace(article, id="1", version=1, digest=stored.digest, original=sha256)
    assert store.article("1") == store.article("1", version=1) == stored
    assert store.mentions("1") == tuple(dated)
    assert list(store.each()) == [(stored, tuple(dated))]
    assert store.picture(PICTURE.sha256, EVERYTHING, books=True)[1] == "image/png"
    assert store.picture(PICTURE.sha256, EVERYTHING, books=True)[0].read_bytes() == b"PNG"
    assert store.original(sha256, EVERYTHING) == (store.originals.path(sha256), name)
    (entry,) = store.imports()
    assert (entry.original, entry.name, entry.articles) == (sha256, name, 1)
    assert entry.issues == (LEFT_OUT,)
    assert store.check("本机") == ()


def test_a_picture_may_come_as_a_file(store: Store, draft: Draft, file: File, tmp_path: Path) -> None:
    lies = tmp_path / "page"
    lies.write_bytes(b"PNG")
    given = replace(PICTURE, data=b"", file=lies)
    blocks = (
        Block.plain(Kind.TITLE, "水车"),
        Block(Kind.FIGURE, picture=PICTURE.sha256),
        Block.plain(Kind.PARAGRAPH, "一九五八年"),
    )
    store.accept(*file(), [draft(blocks=blocks)], [], [given], who="本机")
    assert store.picture(PICTURE.sha256, EVERYTHING, books=True)[0].read_bytes() == b"PNG"
    assert store.check("本机") == ()
    lies.write_bytes(b"another")
    with pytest.raises(StorageError, match="不一致"):
        store.keep_picture(replace(given, sha256="0" * 64), "本机")


def test_a_collection_keeps_the_fields_it_declares(store: Store) -> None:
    declared = (
        Declared("案号", FieldKind.NUMBER, required=True),
        Declared("办复", FieldKind.CHOICE, ("已办复", "未办复")),
        Declared("承办单位", FieldKind.PEOPLE, repeatable=True),
    )
    store.save_collection(Collection("ta", "提案", fields=declared), who="本机")
    entries = len(store.audit())
    store.save_collection(Collection("ta", "提案", fields=declared), who="本机")
    assert len(store.audit()) == entries, "nothing changed"
    assert store.collection("ta").fields == declared
    store.save_collection(Collection("ta", "提案"), who="本机")
    assert [collection.fields for collection in store.collections(None)] == [(), ()]


def test_an_original_is_known_in_its_collection_only(store: Store, draft: Draft, file: File) -> None:
    path, name, sha256 = file()
    assert store.known(sha256, "wsz") is None
    store.accept(path, name, sha256, [draft(number=2), draft(number=1)], [], [], who="本机")
    store.revise(store.article("1"), [], "改", "编辑")
    assert store.known(sha256, "wsz") == ("2", "1")
    assert store.known(sha256, "另一集") is None


def test_ids_from_elsewhere_are_kept_when_fit_and_free(store: Store, draft: Draft, file: File) -> None:
    wanted = ["卷一-001", "3", "", "3", "a/b", "有 空格", "..", "x" * 101, "a\tb", "%2e", "2", ""]
    first = store.accept(*file(), [draft(id=id) for id in wanted], [], [], who="本机")
    assert [article.id for article in first[:3]] == ["卷一-001", "3", "1"]
    assert first[10].id == "2"
    numbers = [first[index].id for index in (3, 4, 5, 6, 7, 8, 9, 11)]
    assert numbers == ["4", "5", "6", "7", "8", "9", "10", "11"]
    second = store.accept(*file("另一份", "b.txt"), [draft(id="卷一-001"), draft()], [], [], who="本机")
    assert [article.id for article in second] == ["13", "14"]
    assert len({article.id for article, _ in store.each()}) == store.count() == 14


def test_many_taken_numbers_are_stepped_over(store: Store, draft: Draft, file: File) -> None:
    store.accept(*file(), [draft(id=str(number)) for number in range(400, 1000)], [], [], who="本机")
    added = store.accept(*file("b", "b.txt"), [draft() for _ in range(5)], [], [], who="本机")
    assert [article.id for article in added] == ["1000", "1001", "1002", "1003", "1004"]


def test_a_failure_in_the_middle_keeps_nothing(store: Store, draft: Draft, file: File) -> None:
    path, name, sha256 = file()
    broken = draft(text="半个字\ud842")
    with pytest.raises(StorageError, match="代理码"):
        store.accept(path, name, sha256, [draft(), broken], [], [PICTURE], who="本机")
    assert store.count() == 0
    assert store.pending() == ()
    assert store.imports() == ()
    assert store.originals.listed() == store.pictures.listed() == []


def test_a_failed_import_leaves_files_others_need(store: Store, draft: Draft, file: File) -> None:
    path, name, sha256 = file()
    store.accept(path, name, sha256, [draft()], [], [PICTURE], who="本机")
    with pytest.raises(StorageError):
        store.accept(path, name, sha256, [draft(text="\ud842")], [], [PICTURE], who="本机")
    assert store.check("本机") == ()


def test_a_damaged_original_survives_the_failure_that_repaired_it(store: Store, draft: Draft, file: File) -> None:
    path, name, sha256 = file()
    store.accept(path, name, sha256, [draft()], [], [], who="本机")
    store.originals.discard(sha256)
    with pytest.raises(StorageError):
        store.accept(path, name, sha256, [draft(text="\ud842")], [], [], who="本机")
    assert store.check("本机") == ()


def test_an_unknown_collection_is_refused_before_anything_is_kept(store: Store, draft: Draft, file: File) -> None:
    with pytest.raises(NotFound, match="没有这一集"):
        store.accept(*file(), [draft(collection="没有这一集")], [], [], who="本机")
    assert store.originals.listed() == []


def test_a_file_changed_since_it_was_read_is_refused(store: Store, draft: Draft, file: File) -> None:
    path, name, sha256 = file()
    path.write_text("改过", encoding="utf-8")
    with pytest.raises(StorageError, match="不一致"):
        store.accept(path, name, sha256, [draft()], [], [], who="本机")
    assert store.count() == 0


# -- reading


def test_articles_come_in_the_order_asked_for(store: Store, draft: Draft, file: File) -> None:
    store.accept(*file(), [draft(f"题{number}") for number in range(1, 501)], [], [], who="本机")
    ids = [str(number) for number in range(500, 0, -1)] + ["7", "7"]
    assert [article.id for article in store.articles(ids)] == ids
    assert store.articles([]) == []
    with pytest.raises(NotFound, match="501"):
        store.articles(["1", "501"])


def test_each_runs_through_collections_as_they_came_in(store: Store, draft: Draft, file: File) -> None:
    store.save_collection(Collection("dsj", "大事记"), who="本机")
    store.accept(
        *file(), [draft(number=number, volume=f"第{number % 2}辑") for number in range(1, 451)], [], [], who="本机"
    )
    store.accept(
        *file("b.txt"), [draft(collection="dsj", number=1), draft(number=1, volume="第三辑")], [], [], who="本机"
    )
    places = [(article.collection, article.number) for article, _ in store.each()]
    assert places == [("dsj", 1), *(("wsz", number) for number in (*range(1, 451), 1))]
    assert [article.number for article, _ in store.each("wsz", "第1辑")] == list(range(1, 450, 2))
    assert [article.collection for article, _ in store.each("dsj")] == ["dsj"]
    assert all(len(dated) == 1 for _, dated in store.each())
    assert list(store.each("没有")) == []


def test_chosen_articles_come_with_their_dates(store: Store, draft: Draft, file: File) -> None:
    (first, dated), (second, _) = draft("甲"), draft("乙")
    store.accept(*file(), [(first, dated), (second, [])], [], [], who="本机")
    assert [(article.title, given) for article, given in store.dated(["2", "1"])] == [("乙", ()), ("甲", tuple(dated))]
    with pytest.raises(NotFound):
        list(store.dated(["1", "3"]))


@pytest.mark.parametrize("ask", ["article", "mentions", "versions"])
def test_unknown_articles_are_not_found(store: Store, ask: str) -> None:
    with pytest.raises(NotFound, match="9"):
        getattr(store, ask)("9")


@pytest.mark.parametrize("rights", [EVERYTHING, Rights.nothing()])
@pytest.mark.parametrize("name", ["ab" * 32, "../x", "%"])
def test_unknown_files_are_not_found(store: Store, rights: Rights, name: str) -> None:
    with pytest.raises(NotFound):
        store.picture(name, rights, books=True)
    with pytest.raises(NotFound):
        store.original(name, rights)


def test_collections_are_described_anew(store: Store) -> None:
    changed = Collection("wsz", "文史资料选辑", "说明", "volume", "第一辑", "某县", True)
    store.save_collection(changed, who="本机")
    store.save_collection(Collection("abc", "甲"), who="本机")
    assert store.collections(None) == (Collection("abc", "甲"), changed)
    assert store.collection("wsz") == changed
    store.save_collection(changed, who="本机")
    assert [entry.subject for entry in store.audit()] == ["abc", "wsz", "wsz"], "saving it unchanged is no event"
    with pytest.raises(NotFound):
        store.collection("xyz")


# -- correcting


def test_a_correction_makes_a_version_and_keeps_the_old_one(store: Store, draft: Draft, file: File) -> None:
    (first,) = store.accept(*file(), [draft()], [], [], who="本机")
    store.indexed(["1"])
    blocks = (*first.blocks[:1], Block.plain(Kind.PARAGRAPH, "一九五九年春开始治沙。"))
    second = store.revise(replace(first, blocks=blocks, section="林业"), [], "年份有误", "王编辑")
    assert second.version == 2
    assert second.digest != first.digest
    assert store.article("1") == second
    assert store.article("1", 1) == first
    assert store.mentions("1") == ()
    assert [(dated, article.version) for article, dated in store.each()] == [((), 2)]
    assert [(v.version, v.digest, v.who, v.reason) for v in store.versions("1")] == [
        (1, first.digest, "本机", "收入 原稿.txt"),
        (2, second.digest, "王编辑", "年份有误"),
    ]
    assert store.pending() == ("1",)
    with pytest.raises(NotFound, match="第 3 版"):
        store.article("1", 3)


def test_a_correction_of_an_outdated_version_is_refused(store: Store, draft: Draft, file: File) -> None:
    (first,) = store.accept(*file(), [draft()], [], [], who="本机")
    store.revise(first, [], "甲改", "甲")
    with pytest.raises(Conflict, match="第 2 版"):
        store.revise(first, [], "乙改", "乙")
    assert [version.who for version in store.versions("1")] == ["本机", "甲"]


def test_a_corrected_file_can_replace_an_article(store: Store, draft: Draft, file: File) -> None:
    store.accept(*file(), [draft()], [], [], who="本机")
    path, name, sha256 = file("修订稿", "修订.txt")
    revised = replace(draft()[0], id="1", original=sha256)
    with pytest.raises(NotFound):
        store.revise(revised, [], "换稿", "编辑")
    store.accept(path, name, sha256, [], [], [], who="本机")
    assert store.revise(revised, [], "换稿", "编辑").original == sha256
    assert store.known(sha256, "wsz") == ("1",)


def test_withdrawal_keeps_the_text_and_survives_corrections(store: Store, draft: Draft, file: File) -> None:
    (first,) = store.accept(*file(), [draft()], [], [], who="本机")
    store.indexed(["1"])
    withdrawn = store.set_status("1", Status.WITHDRAWN, "作者要求", "主编")
    assert withdrawn == replace(first, status=Status.WITHDRAWN) == store.article("1")
    assert store.pending() == ("1",)
    assert store.article("1", 1).status is Status.WITHDRAWN
    assert store.revise(first, [], "改字", "编辑").status is Status.WITHDRAWN
    with pytest.raises(NotFound):
        store.set_status("9", Status.RELEASED, "", "")


def test_the_audit_log_tells_who_did_what(store: Store, draft: Draft, file: File) -> None:
    path, name, sha256 = file()
    store.accept(path, name, sha256, [draft()], [], [], who="命令行：张")
    store.revise(store.article("1"), [], "错字", "王")
    store.set_status("1", Status.WITHDRAWN, "重复", "李")
    log = [(entry.who, entry.action, entry.subject, entry.detail) for entry in store.audit()]
    assert log == [
        ("李", "status", "1", "发布 → 撤下：重复"),
        ("王", "revise", "1", "第 2 版：错字"),
        ("命令行：张", "accept", sha256, "原稿.txt：1 篇"),
        ("本机", "collection", "wsz", "文史资料"),
    ]
    assert len(store.audit(limit=2)) == 2


# -- pending, projects


def test_the_pending_list_holds_what_the_index_has_not_seen(store: Store, draft: Draft, file: File) -> None:
    store.accept(*file(), [draft() for _ in range(450)], [], [], who="本机")
    assert len(store.pending()) == 450
    store.indexed(str(number) for number in range(1, 450))
    assert store.pending() == ("450",)
    store.indexed(["450", "450", "没有"])
    assert store.pending() == ()


def test_a_project_does_not_wait_for_the_writer(store: Store) -> None:
    with store.writing("长时间的收入", "试写"):
        thread = threading.Thread(target=store.projects.save, args=(Project(name="书"), "本机"))
        thread.start()
        thread.join(10)
        assert not thread.is_alive()
    assert store.projects.get("书").revision == 1


def test_many_threads_read_while_one_writes(store: Store, draft: Draft, file: File) -> None:
    store.accept(*file(), [draft() for _ in range(20)], [], [], who="本机")
    failures: list[Any] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                assert len(store.articles([str(number) for number in range(1, 21)])) == 20
                assert store.count() % 20 == 0, "an import is seen whole or not at all"
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(10):
        store.accept(*file(f"第{number}份", f"{number}.txt"), [draft() for _ in range(20)], [], [], who="本机")
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.count() == 220


def test_real_pages_come_back_equal(store: Store, shared_data: Path, file: File) -> None:
    """Every character of a real volume, rare ones included."""
    import json

    lines = (shared_data / "sample" / "gazetteer_ningxia_trad.jsonl").read_text(encoding="utf-8").splitlines()
    drafts: list[tuple[Article, list[Mention]]] = []
    for number, record in enumerate(map(json.loads, lines), start=1):
        body = tuple(Block.plain(Kind.PARAGRAPH, line) for line in record["text"].split("\n"))
        drafts.append(
            (Article(collection="wsz", blocks=(Block.plain(Kind.TITLE, record["title"]), *body), number=number), [])
        )
    store.accept(*file(), drafts, [], [], who="本机")
    assert [article.blocks for article, _ in store.each()] == [article.blocks for article, _ in drafts]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes among files")
@pytest.mark.parametrize("name", ["library.toml", "archive.sqlite", "archive.sqlite-wal", "words.txt", "names.csv"])
def test_a_pipe_or_an_endless_file_in_a_copied_library_is_refused(tmp_path: Path, name: str) -> None:
    """Reading it would never end."""
    Store.create(tmp_path / "a").close()
    for put in (os.mkfifo, lambda file: file.symlink_to("/dev/zero")):
        file = tmp_path / "a" / name
        kept = file.read_bytes() if file.exists() else None
        file.unlink(missing_ok=True)
        put(file)
        with pytest.raises(LibraryDamaged, match="不是文件"):
            Store.open(tmp_path / "a")
        file.unlink()
        if kept is not None:
            file.write_bytes(kept)
    Store.open(tmp_path / "a").close()
