"""The office's own list of wording."""

from __future__ import annotations

from pathlib import Path

from archive.books.own_wording import own_wording
from archive.export import make_book
from archive.export.proof import proof
from archive.model.records import Article, Block, Kind


def found(root: Path, text: str) -> list[tuple[str, str | None, str]]:
    blocks = (Block.plain(Kind.TITLE, "题"), Block.plain(Kind.PARAGRAPH, text))
    book = make_book([Article(collection="", id="1", number=1, blocks=blocks, source="自拟")], title="书")
    report = proof(book, wording=own_wording(root))
    return [(each.text, each.suggestion, each.message) for each in report.findings if each.code == "norm"]


def test_what_the_office_does_not_say(tmp_path: Path) -> None:
    assert found(tmp_path, "旧城区的水车。") == []
    (tmp_path / "wording.csv").write_text("不用,改用,说明\n旧城区,老城区,\n伪县府,,写明机构\n", encoding="utf-8")
    assert found(tmp_path, "旧城区的水车。") == [("旧城区", "老城区", "本单位的规范用语")]
    assert found(tmp_path, "伪县府来人。") == [("伪县府", None, "写明机构")]


def test_not_where_it_is_said_already(tmp_path: Path) -> None:
    (tmp_path / "wording.csv").write_text("南关,南关街道,\n", encoding="utf-8")
    assert found(tmp_path, "南关街道在城南。") == []
    assert found(tmp_path, "南关在城南。") == [("南关", "南关街道", "本单位的规范用语")]


def test_left_as_it_is_whatever_the_program_says(tmp_path: Path) -> None:
    assert found(tmp_path, "前苏联专家走了。") != []
    (tmp_path / "wording.csv").write_text("不用,改用,说明\n前苏联,前苏联,\n", encoding="utf-8")
    assert found(tmp_path, "前苏联专家走了。") == []
