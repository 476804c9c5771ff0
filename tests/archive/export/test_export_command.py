"""`wenshi export`: one source, one file, told in Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ExportError, NotFound, StorageError
from archive.model.project import Edit
from archive.model.records import Article, Block, Collection, Kind

LOCAL = Actor.local()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Three texts about 水车 and 羊皮筏, one of them withdrawn; a book project of two in another order."""
    folder = tmp_path / "library"
    original = tmp_path / "original.txt"
    original.write_text("原件", encoding="utf-8")
    with Library.create(folder) as library:
        library.session(LOCAL).save_collection(Collection(id="z", title="渡口旧闻"))
        articles = [
            Article(
                collection="z",
                number=number,
                blocks=(Block.plain(Kind.TITLE, title), Block.plain(Kind.PARAGRAPH, f"{title}的往事。")),
            )
            for number, title in enumerate(("水车", "羊皮筏", "旧水车"), 1)
        ]
        ids = [article.id for article in library.session(LOCAL).add(original, "原件.txt", articles, ()).articles]
        session = library.session(LOCAL)
        session.books.create("书稿", [session.article(ids[1]), session.article(ids[0])], title="河上旧事")
        library.session(LOCAL).withdraw(ids[2], "重复")
    (tmp_path / "ids").write_text("\n".join(ids), encoding="utf-8")
    return folder


def ids_of(library: Path) -> Sequence[str]:
    return (library.parent / "ids").read_text(encoding="utf-8").split()


def export(library: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and the text exported."""
    file = library.parent / "book.txt"
    code = run(["--library", str(library), "export", *arguments, "--to", "txt", "-o", str(file)])
    return code, file.read_text(encoding="utf-8-sig") if file.exists() else ""


def test_ids_in_the_order_given(library: Path) -> None:
    first, second, _ = ids_of(library)
    code, text = export(library, "--id", second, "--id", first, "--title", "选编")
    assert code == 0
    assert text.startswith("选编\n") and 0 < text.index("羊皮筏的往事。") < text.index("水车的往事。")


def test_a_query(library: Path) -> None:
    code, text = export(library, "--query", "羊皮")
    assert code == 0
    assert "羊皮筏的往事。" in text and "水车的往事" not in text


def test_a_collection_without_what_was_withdrawn(library: Path) -> None:
    code, text = export(library, "--collection", "z")
    assert code == 0
    assert text.startswith("渡口旧闻") and "旧水车" not in text


def test_a_book_project_as_it_is(library: Path) -> None:
    with Library.open(library) as opened:
        books = opened.session(LOCAL).books
        project = books.project("书稿")
        (part,) = project.parts
        raft, wheel = part.items
        edited = replace(raft, edits=(Edit(1, 0, 3, "羊皮筏", "皮筏子"),))
        books.save(replace(project, parts=(replace(part, items=(edited, wheel)),)))
    code, text = export(library, "--selection", "书稿")
    assert code == 0 and text.startswith("河上旧事")
    assert 0 < text.index("皮筏子的往事。") < text.index("水车的往事。")
    assert export(library, "--selection", "书稿", "--title", "另一个名字")[1].startswith("另一个名字")


def test_a_withdrawn_text_is_named_and_left_out(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, _, withdrawn = ids_of(library)
    code, text = export(library, "--id", first, "--id", withdrawn)
    assert code == 3
    assert "旧水车" in capsys.readouterr().err and "旧水车" not in text


def test_issues_go_to_standard_error(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = library.parent / "book.docx"
    code = run(["--library", str(library), "export", "--collection", "z", "--to", "docx", "-o", str(file)])
    told = capsys.readouterr()
    assert code == 0 and file.exists()
    assert "目录" in told.err and "2 篇" in told.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("--query", "水车", "--collection", "z"), 2),
        (("--id", "unknown"), NotFound.exit_code),
        (("--collection", "unknown"), NotFound.exit_code),
        (("--selection", "没有"), NotFound.exit_code),
        (("--query", "没有这样的话"), ExportError.exit_code),
    ],
)
def test_what_cannot_be_exported(library: Path, arguments: tuple[str, ...], code: int) -> None:
    assert export(library, *arguments) == (code, "")


def test_a_folder_that_is_not_there(library: Path) -> None:
    target = str(library.parent / "no" / "book.md")
    code = run(["--library", str(library), "export", "--collection", "z", "--to", "md", "-o", target])
    assert code == StorageError.exit_code
