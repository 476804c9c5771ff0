"""`wenshi book` from outside: a project made, changed, checked, set, frozen and made again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.books.service import parts_of
from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ConfigError, Conflict, ExportError, NotFound, UsageError
from archive.model.project import from_json
from archive.model.records import Article, Block, Collection, Kind

LOCAL = Actor.local()

NAME = "渡口旧闻"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A library of three texts (ids 1 to 3), the first two in one 栏目, and a project of all of them."""
    folder = tmp_path / "library"
    monkeypatch.setenv("WENSHI_LIBRARY", str(folder))
    original = tmp_path / "original.txt"
    original.write_text("原件", encoding="utf-8")
    with Library.create(folder) as made:
        made.session(LOCAL).save_collection(Collection(id="z", title="渡口旧闻"))
        texts = (("水车", "水利"), ("羊皮筏", "水利"), ("庙会", "风俗"))
        made.session(LOCAL).add(original, "原件.txt", [draft(title, section) for title, section in texts], ())
    assert run(["book", "new", NAME, "--collection", "z"]) == 0
    yield folder


def draft(title: str, section: str) -> Article:
    words = f"{title}的往事，说来话长。"
    blocks = (Block.plain(Kind.TITLE, title), Block.plain(Kind.PARAGRAPH, words))
    return Article(collection="z", section=section, blocks=blocks)


def correct(library: Path, id: str, words: str) -> None:
    with Library.open(library) as opened:
        article = opened.session(LOCAL).article(id)
        blocks = (article.blocks[0], Block.plain(Kind.PARAGRAPH, words))
        opened.session(LOCAL).corrections.revise(Article(**{**fields(article), "blocks": blocks}), "改")


def fields(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in Article.__dataclass_fields__}


def written(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    assert run(["book", "show", NAME, "--json"]) == 0
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def stored(data: dict[str, object], folder: Path) -> int:
    file = folder / "project.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    return run(["book", "set", str(file)])


def exported(tmp_path: Path, *options: str) -> tuple[int, str]:
    file = tmp_path / "book.txt"
    file.unlink(missing_ok=True)
    code = run(["book", "export", NAME, "--to", "txt", "-o", str(file), *options])
    return code, file.read_text("utf-8-sig") if file.exists() else ""


def test_neighbours_of_one_section_make_a_part(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = from_json(json.dumps(written(capsys)))
    assert [(part.title, [item.article for item in part.items]) for part in project.parts] == [
        ("水利", ["1", "2"]),
        ("风俗", ["3"]),
    ]
    assert run(["book", "list"]) == 0
    assert f"{NAME}\t3 篇\t16开\t未定稿" in capsys.readouterr().out


def test_a_name_is_given_once(library: Path) -> None:
    assert run(["book", "new", NAME, "--id", "1"]) == Conflict.exit_code


def test_an_edit_is_printed_and_the_archive_stays(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = written(capsys)
    edit = {"block": 1, "start": 0, "end": 2, "before": "水车", "after": "筒车"}
    data["parts"][0]["items"][0]["edits"] = [edit]  # type: ignore[index]
    assert stored(data, tmp_path) == 0
    code, text = exported(tmp_path)
    assert code == 0 and "筒车的往事" in text and "水车的往事" not in text
    with Library.open(library) as opened:
        assert opened.session(LOCAL).article("1").blocks[1].text.startswith("水车")


def test_who_was_slower_does_not_overwrite(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = written(capsys)
    assert stored({**data, "title": "先改的"}, tmp_path) == 0
    assert stored({**data, "title": "后改的"}, tmp_path) == Conflict.exit_code
    assert written(capsys)["title"] == "先改的"


def test_a_house_style_that_is_not_there(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert stored({**written(capsys), "house": "八开"}, tmp_path) == ConfigError.exit_code
    assert "16开" in capsys.readouterr().err


def test_a_house_style_of_the_office(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (library / "styles").mkdir()
    (library / "styles" / "own.toml").write_text('name = "本县"\nbase = "大32开"\n', encoding="utf-8")
    assert stored({**written(capsys), "house": "本县"}, tmp_path) == 0


@pytest.mark.parametrize("wrong", [{"indexes": ["书名"]}, {"index_order": "部首"}])
def test_an_index_that_cannot_be(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: dict[str, object]
) -> None:
    assert stored({**written(capsys), **wrong}, tmp_path) == UsageError.exit_code
    assert "可选" in capsys.readouterr().err


def test_renewing_follows_the_archive(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    correct(library, "2", "羊皮筏，改过了。")
    assert run(["book", "show", NAME]) == 0
    assert "库中已有第 2 版" in capsys.readouterr().out
    assert "羊皮筏的往事" in exported(tmp_path)[1]
    assert run(["book", "renew", NAME, "--id", "2"]) == 0
    assert "羊皮筏，改过了。" in exported(tmp_path)[1]


def test_renewing_names_the_edits_it_loses(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = written(capsys)
    edit = {"block": 1, "start": 3, "end": 6, "before": "的往事", "after": "旧事"}
    data["parts"][0]["items"][1]["edits"] = [edit]  # type: ignore[index]
    assert stored(data, tmp_path) == 0
    correct(library, "2", "全改过了。")
    assert run(["book", "renew", NAME]) == 3
    assert "“的往事”→“旧事”" in capsys.readouterr().err


def test_a_withdrawn_article_stops_the_book_but_not_a_draft(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Library.open(library) as opened:
        opened.session(LOCAL).withdraw("3", "重复")
    assert run(["book", "check", NAME]) == 3
    assert "必须处理\t3《庙会》" in capsys.readouterr().out
    assert exported(tmp_path) == (ExportError.exit_code, "")
    assert "3《庙会》" in capsys.readouterr().err
    code, text = exported(tmp_path, "--draft")
    assert code == 0 and "庙会的往事" in text


def test_a_finding_set_aside_stays_so(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    correct(library, "1", "水车己经造好。")
    assert run(["book", "renew", NAME]) == 0
    capsys.readouterr()
    assert run(["book", "proof", NAME]) == 0
    told = next(each for each in capsys.readouterr().out.splitlines() if "己经" in each)
    assert run(["book", "proof", NAME, "--ignore", told.split("\t")[0]]) == 0
    said = capsys.readouterr()
    assert "己经" not in said.out and "另有 1 处已忽略" in said.err
    assert run(["book", "proof", NAME, "--all", "-o", str(tmp_path / "校对.csv")]) == 0
    assert "己经" in (tmp_path / "校对.csv").read_text("utf-8-sig")


def test_a_frozen_edition_is_made_again_to_the_byte(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "交付"
    assert run(["book", "freeze", NAME, "--to", "txt", "--to", "md", "-o", str(folder)]) == 0
    assert sorted(file.name for file in folder.iterdir()) == [f"{NAME}-定稿1.json", f"{NAME}.md", f"{NAME}.txt"]
    frozen = (folder / f"{NAME}.txt").read_bytes()
    correct(library, "1", "后来改的。")
    assert run(["book", "renew", NAME]) == 0
    again = tmp_path / "again.txt"
    capsys.readouterr()
    assert run(["book", "export", NAME, "--edition", "1", "--to", "txt", "-o", str(again)]) == 0
    assert "逐字节相同" in capsys.readouterr().out and again.read_bytes() == frozen
    assert run(["book", "editions", NAME]) == 0
    assert capsys.readouterr().out.startswith("1\t")
    assert run(["book", "export", NAME, "--edition", "2", "--to", "txt", "-o", str(again)]) == NotFound.exit_code


def test_a_rebuild_says_what_is_no_longer_the_same(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["book", "freeze", NAME, "--to", "txt", "-o", str(tmp_path / "a")]) == 0
    monkeypatch.setattr("archive.books.edition.version", lambda name: "99.0")
    capsys.readouterr()
    assert run(["book", "export", NAME, "--edition", "1", "--to", "txt", "-o", str(tmp_path / "b.txt")]) == 0
    assert "现在是 99.0" in capsys.readouterr().err


def test_nothing_is_frozen_when_something_is_to_be_mended(library: Path, tmp_path: Path) -> None:
    with Library.open(library) as opened:
        opened.session(LOCAL).withdraw("3", "重复")
    assert run(["book", "freeze", NAME, "--to", "txt", "-o", str(tmp_path / "a")]) == ExportError.exit_code
    with Library.open(library) as opened:
        assert opened.session(LOCAL).books.editions(NAME) == () and not (tmp_path / "a").exists()


def test_deleting_asks_first_and_leaves_articles_and_editions(library: Path, tmp_path: Path) -> None:
    assert run(["book", "freeze", NAME, "--to", "txt", "-o", str(tmp_path)]) == 0
    assert run(["book", "delete", NAME]) == UsageError.exit_code
    assert run(["book", "delete", NAME, "--yes"]) == 0
    assert run(["book", "show", NAME]) == NotFound.exit_code
    with Library.open(library) as opened:
        assert (
            len(opened.session(LOCAL).books.editions(NAME)) == 1 and opened.session(LOCAL).article("1").title == "水车"
        )


def test_projects_travel_in_a_backup(library: Path, tmp_path: Path) -> None:
    assert run(["book", "freeze", NAME, "--to", "txt", "-o", str(tmp_path)]) == 0
    assert run(["backup", str(tmp_path / "b.zip")]) == 0
    assert run(["--library", str(tmp_path / "restored"), "restore", str(tmp_path / "b.zip")]) == 0
    with Library.open(tmp_path / "restored") as opened:
        assert opened.session(LOCAL).books.names() == (NAME,) and len(opened.session(LOCAL).books.editions(NAME)) == 1


def test_a_cover_is_kept_and_a_text_is_no_cover(library: Path) -> None:
    data = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
    with Library.open(library) as opened:
        file, media_type = opened.session(LOCAL).picture(opened.session(LOCAL).books.keep_cover(data))
        assert file.read_bytes() == data and media_type == "image/png"
        assert opened.session(LOCAL).check() == ()
        with pytest.raises(UsageError):
            opened.session(LOCAL).books.keep_cover(b"GIF89a")


def test_a_page_that_only_names_a_section_is_its_heading() -> None:
    divider = Article(collection="z", id="9", section="水利", blocks=(Block.plain(Kind.TITLE, "水利"),))
    (part,) = parts_of([divider, draft("水车", "水利")])
    assert (part.title, len(part.items)) == ("水利", 1)
