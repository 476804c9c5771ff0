"""A library for decades: valid for others' programs, readable with the standard library alone, and back unchanged."""

from __future__ import annotations

import json
import lzma
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256, sha512
from pathlib import Path

import bagit
import pytest
from lxml import etree
from ocfl import StorageRoot

from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding, rights_of
from archive.model.edits import Rewrite
from archive.model.errors import NotAllowed, ReadError, UsageError
from archive.model.records import Article, Block, Collection, Kind, Picture, Status
from archive.session import Session

LOCAL = Actor.local()
SCHEMA = Path(__file__).parent / "export" / "schemas" / "premis-3.0.xsd.xz"
PREMIS = etree.XMLSchema(etree.fromstring(lzma.decompress(SCHEMA.read_bytes())))
"""The schema that the Library of Congress published."""
PNG = b"\x89PNG\r\n\x1a\n of no real picture"
SHOWN = sha256(PNG).hexdigest()
TITLE = "水车记：A/B\\C? “一”<二>|*\u202e𠀀"

READER = """
import csv, io, json, pathlib, sys
root = pathlib.Path(sys.argv[1])

def now(folder):
    inventory = json.loads((folder / "inventory.json").read_text("utf-8"))
    state = inventory["versions"][inventory["head"]]["state"]
    return {name: folder / inventory["manifest"][digest][0] for digest, names in state.items() for name in names}

library = now(next(root.glob("*/*/*/*-library")))
for row in csv.DictReader(io.StringIO(library["目录.csv"].read_text("utf-8-sig"))):
    files = now(root / row["文件夹"])
    for name in sorted(one for one in files if one.endswith(".json") and one.startswith("versions/")):
        version = json.loads(files[name].read_text("utf-8"))
        words = ["".join(run[0] for run in b["r"]) if "r" in b else b.get("t", "") for b in version["blocks"]]
        print(json.dumps([row["编号"], version["version"], words]))
"""


def _session(library: Library) -> Session:
    return library.session(LOCAL)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "清水") as made:
        session = _session(made)
        session.save_collection(Collection("c", "集"))
        original = tmp_path / "第一辑.TXT"
        original.write_text("水车", encoding="utf-8")
        figure = Block(Kind.FIGURE, picture=SHOWN)
        texts = [(Block.plain(Kind.TITLE, TITLE), Block.plain(Kind.PARAGRAPH, "民国十年修水车。"), figure),
                 (Block.plain(Kind.TITLE, "渡口"), Block.plain(Kind.PARAGRAPH, "渡口在河边。"))]  # fmt: skip
        drafts = [Article(collection="c", blocks=blocks, number=at) for at, blocks in enumerate(texts, 1)]
        session.add(original, "第一辑.TXT", drafts, [], [Picture(SHOWN, PNG, "image/png")])
        session.correct("1", [Rewrite(1, "民国十年修水车。", ("明国十年修水车。",))], "试改")
        yield made


def _lay_down(library: Library, folder: Path, *, bagged: bool = False) -> int:
    laid = _session(library).upkeep.preservation.lay_down(folder, lambda done, total: None, bagged=bagged)
    assert laid.problems == ()
    return laid.changed


def _valid(root: Path) -> bool:
    found = StorageRoot(str(root))
    return bool(found.validate(check_digests=True) and found.good_objects == found.num_objects > 0)


def _digests(library: Library) -> dict[str, list[str]]:
    session = _session(library)
    return {id: [one.digest for one in session.versions(id)] for id in session.digests()}


def test_others_find_it_valid_and_it_comes_back_equal(library: Library, tmp_path: Path) -> None:
    kept = tmp_path / "保存"
    assert _lay_down(library, kept) == 4  # two articles, their file, the rest
    assert _valid(kept)
    root = StorageRoot(str(kept))
    for path, id in root.list_objects():
        assert root.object_path(id) == path
    assert "head" in (kept / "说明.txt").read_text(encoding="utf-8")
    with Library.restore(kept, tmp_path / "又") as again:
        assert _digests(again) == _digests(library)
        assert [len(one) for one in _digests(again).values()] == [2, 1]
        assert _session(again).check() == ()
        assert [one.title for one in _session(again).articles()] == [TITLE, "渡口"]
        assert _session(again).picture(SHOWN)[0].read_bytes() == PNG
        # Its objects have the same names, so what was kept before goes on.
        assert _lay_down(again, kept) == 1  # the log tells of the restoring


def test_texts_are_read_without_any_part_of_this_program(library: Library, tmp_path: Path) -> None:
    _lay_down(library, tmp_path / "保存")
    asked = [sys.executable, "-I", "-S", "-c", READER, str(tmp_path / "保存")]  # without what is installed
    told = subprocess.run(asked, capture_output=True, text=True, check=True, encoding="utf-8").stdout.splitlines()
    session = _session(library)
    expected = [
        [id, version.version, [block.text for block in session.article(id, version.version).blocks]]
        for id in ("1", "2")
        for version in session.versions(id)
    ]
    assert [json.loads(line) for line in told] == expected


def test_again_adds_only_what_is_new(library: Library, tmp_path: Path) -> None:
    kept = tmp_path / "保存"
    _lay_down(library, kept)
    before = {file: file.read_bytes() for file in kept.rglob("v1/**/*") if file.is_file()}
    assert _lay_down(library, kept) == 0
    _session(library).withdraw("2", "家属要求")
    assert _lay_down(library, kept) == 2  # the article and the rest
    assert _lay_down(library, kept) == 0
    assert _valid(kept)
    assert {file: file.read_bytes() for file in before} == before
    [changed] = [one for one in kept.glob("*/*/*/*-article-*") if (one / "v2").exists()]
    assert {one.name for one in (changed / "v2" / "content").iterdir()} == {"article.json", "premis.xml"}
    document = etree.parse(changed / "v2" / "content" / "premis.xml")
    assert PREMIS.validate(document), PREMIS.error_log
    events = document.iterfind(".//{*}event")
    told = [(one.findtext("{*}eventType"), one.findtext(".//{*}eventDetail")) for one in events]
    assert told == [("ingestion", "第 1 版：收入 第一辑.TXT"), ("policy assignment", "发布 → 撤下：家属要求")]


def test_what_was_purged_is_gone_from_there_too(library: Library, tmp_path: Path) -> None:
    kept = tmp_path / "保存"
    _lay_down(library, kept)
    _session(library).upkeep.purging.purge("1", "县委办通知")
    _lay_down(library, kept)
    assert _valid(kept)
    left = b"".join(file.read_bytes() for file in kept.rglob("*") if file.is_file())
    for words in ("修水车", "水车记", "第一辑"):
        assert words.encode() not in left
    assert PNG not in left
    with Library.restore(kept, tmp_path / "又") as again:
        assert _session(again).article("1").status is Status.WITHDRAWN


def test_a_run_that_was_killed_is_put_right(library: Library, tmp_path: Path) -> None:
    kept = tmp_path / "保存"
    _lay_down(library, kept)
    one = next(kept.glob("*/*/*/*-article-1"))
    _session(library).withdraw("1", "试")
    _lay_down(library, kept)
    # As if it had ended before the list of the object was replaced: once between list and digest, once before both.
    (one / "inventory.json").write_bytes((one / "v1" / "inventory.json").read_bytes())
    assert not _valid(kept)
    _lay_down(library, kept)
    assert _valid(kept)
    shutil.copytree(one / "v2" / "content", one / "v3" / "content")
    _session(library).correct("1", [Rewrite(1, "明国十年修水车。", ("民国十年修水车。",))], "改回")
    _lay_down(library, kept)
    assert _valid(kept)


@pytest.mark.parametrize("bagged", [True, False])
def test_damage_is_found_and_nothing_is_made(library: Library, tmp_path: Path, bagged: bool) -> None:
    kept = tmp_path / "包"
    _lay_down(library, kept, bagged=bagged)
    if bagged:
        assert bagit.Bag(str(kept)).validate()
        assert _lay_down(library, kept, bagged=True) == 0
        Library.restore(kept, tmp_path / "好").close()
    text = next(kept.rglob("*-article-2/v1/content/versions/1.json"))
    text.write_bytes(text.read_bytes().replace("渡".encode(), "度".encode()))
    with pytest.raises(ReadError, match="校验码"):
        Library.restore(kept, tmp_path / "又")
    assert not (tmp_path / "又").exists()
    shutil.rmtree(next(kept.rglob("*-article-2")))
    with pytest.raises(ReadError, match="校验码不同"):
        Library.restore(kept, tmp_path / "又")


def test_an_inventory_that_points_outside_is_refused(library: Library, tmp_path: Path) -> None:
    kept = tmp_path / "保存"
    _lay_down(library, kept)
    inventory = next(kept.glob("*/*/*/*-article-2/inventory.json"))
    text = inventory.read_text(encoding="utf-8").replace("v1/content/article.json", "v1/content/../../../x")
    inventory.write_text(text, encoding="utf-8")
    digest = sha512(text.encode()).hexdigest()
    inventory.with_name("inventory.json.sha512").write_text(f"{digest} inventory.json\n", encoding="ascii")
    with pytest.raises(ReadError, match="外面"):
        Library.restore(kept, tmp_path / "又")


def test_only_who_maintains_and_only_where_there_is_room(library: Library, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        _ = library.session(Actor("1", "编辑", rights_of([Holding(AccountRole.EDITOR)]))).upkeep.preservation
    for folder in (library.root / "保存", tmp_path):
        with pytest.raises(UsageError):
            _lay_down(library, folder)
    _lay_down(library, tmp_path / "保存")
    with Library.create(tmp_path / "另一个") as other, pytest.raises(UsageError, match="另一个资料库"):
        _lay_down(other, tmp_path / "保存")
    with pytest.raises(ReadError, match="没有长期保存"):
        Library.restore(tmp_path / "另一个", tmp_path / "又")


def test_by_command(library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept, again = str(tmp_path / "保存"), str(tmp_path / "又")
    assert run(["--library", str(library.root), "preserve", "-o", kept]) == 0
    assert run(["--library", again, "preserve", "--restore", kept]) == 0
    assert run(["--library", again, "preserve", "--restore", kept, "--bag"]) == 2
    assert run(["--library", str(library.root), "preserve"]) == 2
    told = capsys.readouterr().err
    assert "共 4 个对象" in told and "已建成" in told
