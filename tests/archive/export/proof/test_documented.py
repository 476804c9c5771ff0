"""docs/proof.md and the table of checks say the same, and every example there does what it is said to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive.catalogue.authority import Authority, Name, NameKind
from archive.export import make_book
from archive.export.book import Book
from archive.export.proof import CHECKS, proof
from archive.model.records import Article, Block, Collection, Kind, Run

ROOT = Path(__file__).resolve().parents[4]
TEXT = (ROOT / "docs" / "proof.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([\w-]+)` \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", TEXT, re.M)
NAMES = Authority((Name(NameKind.PERSON, "张学良", ("张汉卿",)), Name(NameKind.PLACE, "中卫")))


def block(text: str) -> Block:
    """One paragraph in the notation of the page."""
    text = re.sub(r"\{U\+(\w+)\}", lambda match: chr(int(match[1], 16)), text)
    if text == "[空]":
        return Block(Kind.PARAGRAPH)
    if text == "[图]":
        return Block(Kind.FIGURE, picture="a" * 64)
    for prefix, kind in (("# ", Kind.HEADING), ("[图注]", Kind.CAPTION)):
        if text.startswith(prefix):
            return Block.plain(kind, text.removeprefix(prefix), level=int(kind is Kind.HEADING))
    if note := re.match(r"\[注(\d+)\]", text):
        return Block.plain(Kind.NOTE, text[note.end() :], label=note[1])
    parts = re.split(r"(\{\d+\})", text)
    runs = [Run("", note=part.strip("{}")) if re.fullmatch(r"\{\d+\}", part) else Run(part) for part in parts]
    return Block(Kind.PARAGRAPH, tuple(run for run in runs if run.text or run.note))


def book(example: str) -> Book:
    """A book of one text with the paragraphs of an example."""
    parts = example.split("／")
    known = {} if parts[0] == "[无出处]" else {"c": Collection("c", "朔津文史资料")}
    blocks = [block(part) for part in parts if part != "[无出处]"]
    article = Article(collection="c" if known else "", id="1", blocks=(Block.plain(Kind.TITLE, "例文"), *blocks))
    return make_book([article], title="例书", collections=known)


def found(example: str) -> set[str]:
    return {finding.code for finding in proof(book(example), NAMES).findings}


def test_the_page_lists_the_checks_in_their_order() -> None:
    assert [row[:3] for row in ROWS] == [(check.code, check.name, check.severity.value) for check in CHECKS]


@pytest.mark.parametrize(("code", "example"), [(row[0], row[3]) for row in ROWS])
def test_what_is_wrong_is_told_and_nothing_else(code: str, example: str) -> None:
    assert found(example) == {code}


@pytest.mark.parametrize(("code", "example"), [(row[0], row[4]) for row in ROWS])
def test_what_is_right_is_not_told(code: str, example: str) -> None:
    assert found(example) == set()
