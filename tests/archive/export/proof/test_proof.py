"""The walk through the checks: places, order, fingerprints, what is left out, whatever the text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.catalogue.authority import Authority, Name, NameKind
from archive.export import make_book
from archive.export.book import Book, Chapter
from archive.export.proof import CHECKS, Finding, Report, Severity, proof
from archive.model.records import Article, Block, Cell, Genre, Kind, Run

LIN = Authority((Name(NameKind.PERSON, "张学良", ("张汉卿",)),))


def article(*texts: str | Block, title: str = "水车记", id: str = "1", **values: object) -> Article:
    blocks = (text if isinstance(text, Block) else Block.plain(Kind.PARAGRAPH, text) for text in texts)
    given: dict[str, object] = {"collection": "c", "source": "朔津文史资料"} | values
    return Article(id=id, blocks=(Block.plain(Kind.TITLE, title), *blocks), **given)  # type: ignore[arg-type]


def read(*texts: str | Block, authority: Authority | None = None, ignored: tuple[str, ...] = ()) -> Report:
    return proof(make_book([article(*texts)]), authority, ignored)


def told(*texts: str | Block) -> list[tuple[str, str]]:
    """Code and text of every finding, in order."""
    return [(finding.code, finding.text) for finding in read(*texts).findings]


def test_a_sound_book_has_no_findings() -> None:
    report = read("黄河自青铜峡出山，一泻而入银川平原。", "民谚说“天下黄河富宁夏”，并非虚语——1958年秋筑成新堤。")
    assert (report.findings, report.ignored, report.counts) == ((), 0, {})
    assert report.severities == dict.fromkeys(Severity, 0)
    assert report.characters == 54  # with the titles of the book and of its text


def test_findings_name_their_place() -> None:
    (finding,) = read("水车。", "羊皮筏子,渡口。").findings
    assert (finding.article, finding.title, finding.block, finding.start, finding.end) == ("1", "水车记", 2, 4, 5)
    assert (finding.before, finding.text, finding.after, finding.suggestion) == ("羊皮筏子", ",", "渡口。", "，")
    assert finding.excerpt == "羊皮筏子▶,◀渡口。"


def test_the_surest_come_first_then_the_order_of_the_book() -> None:
    book = make_book([article("水车,筏子。"), article("一九五八年已经。", "幅射,水车", title="乙", id="2")])
    found = [(one.severity, one.article, one.block, one.start) for one in proof(book).findings]
    assert found == [
        (Severity.MUST, "2", 2, 0),
        (Severity.SHOULD, "1", 1, 2),
        (Severity.SHOULD, "2", 2, 2),
    ]


def test_what_is_not_printed_is_not_read() -> None:
    quiet = [Block.plain(kind, "幅射,") for kind in (Kind.COMMENT, Kind.HEADER, Kind.FOOTER)]
    assert told(*quiet, "水车。") == []
    assert told(
        Block.plain(Kind.NOTE, "幅射", label="1"), Block(Kind.PARAGRAPH, (Run("水车。"), Run("", note="1")))
    ) == [("wrong-word", "幅射")]


def test_front_and_back_matter_and_the_editors_words_are_read() -> None:
    book = make_book([article("水车。")])
    matter = article("前言幅射。", title="前言", id="", genre=Genre.MATTER, source="")
    section = replace(book.sections[0], note=("栏目幅射。",))
    section = replace(section, chapters=(replace(section.chapters[0], note=("编者幅射。",)),))
    whole = replace(
        book, front=(Chapter(matter),), back=(Chapter(replace(matter)),), sections=(section,), imprint=("幅射",)
    )
    titles = [finding.title for finding in proof(whole).findings]
    assert titles == ["书名页、版权页", "前言", "编者按", "《水车记》的编者按", "前言"]


# -- fingerprints


def prints(*texts: str, **values: str) -> list[str]:
    return [finding.fingerprint for finding in proof(make_book([article(*texts, **values)])).findings]


def test_a_fingerprint_stays_when_text_is_added_elsewhere() -> None:
    assert prints("水车在河边，羊皮筏子,渡口边上停着几只。") == prints(
        "新的一段。", "又：水车在河边，羊皮筏子,渡口边上停着几只。完。"
    )


@pytest.mark.parametrize("text", ["水车在河边，羊皮筏子;渡口边上。", "水车在河边，牛皮筏子,渡口边上。"])
def test_a_fingerprint_changes_with_the_place_and_what_is_next_to_it(text: str) -> None:
    assert prints("水车在河边，羊皮筏子,渡口边上。") != prints(text)


def test_another_text_has_other_fingerprints() -> None:
    assert prints("羊皮筏子,渡口。") != prints("羊皮筏子,渡口。", id="2")


def test_pictures_have_fingerprints_of_their_own() -> None:
    one, other = (proof(make_book([article(Block(Kind.FIGURE, picture=sha * 64), "水。")])).findings for sha in "ab")
    assert one[0].fingerprint != other[0].fingerprint


def test_ignored_findings_are_left_out_and_counted() -> None:
    first, second = read("羊皮筏子,渡口。", "再接再励。").findings
    report = read("羊皮筏子,渡口。", "再接再励。", ignored=(second.fingerprint, "0" * 16))
    assert (report.findings, report.ignored) == ((first,), 1) if first.code == "wrong-word" else True
    assert read("羊皮筏子,渡口。", "再接再励。", ignored=(first.fingerprint,)).findings == (second,)


# -- many of one kind


def test_many_of_one_mark_in_a_text_are_one_finding() -> None:
    (finding,) = read(*["羊皮筏子,渡口。"] * 4).findings
    assert finding.message == "中文里用了半角标点（本篇共 4 处）"
    assert len(read(*["羊皮筏子,渡口。"] * 3).findings) == 3


def test_what_most_texts_have_is_one_finding_for_the_book() -> None:
    book = make_book([article('他说是"水车"。', id=str(number)) for number in range(21)])
    (finding,) = proof(book).findings
    assert finding.message.endswith("（全书 42 处，见于 21 篇）")


def test_half_width_marks_are_told_in_each_text() -> None:
    book = make_book([article("羊皮筏子,渡口。", id=str(number)) for number in range(21)])
    assert len(proof(book).findings) == 21


# -- whatever the text

MARKS = "“”‘’「」『』（）()〔〕［］[]【】《》〈〉"
SIGNS = st.text(
    st.sampled_from(
        MARKS
        + "，。；：、！？…—-·,.;:!?\"' 　\n0123456789０○〇零一二三四十年月日第条章"
        + "图见张学良汉卿光緒绪亻礻国國\ue000\ufffd\u200b"
    )
    | st.characters()
)
KINDS = st.sampled_from([kind for kind in Kind if kind is not Kind.CELL])


@given(st.lists(st.tuples(KINDS, SIGNS), max_size=6))
def test_every_finding_lies_in_its_block(parts: list[tuple[Kind, str]]) -> None:
    blocks = [Block.plain(kind, text, level=int(kind is Kind.HEADING)) for kind, text in parts]
    whole = article(*blocks, "张学良，张学良。")
    for finding in proof(make_book([whole], title="书"), LIN).findings:
        if finding.article:
            text = whole.blocks[finding.block].text
            assert 0 <= finding.start <= finding.end <= len(text)
            assert text[finding.start : finding.end].replace("\n", " ").startswith(finding.text.rstrip("…"))


def test_every_check_has_a_code_and_a_name_of_its_own() -> None:
    assert len({check.code for check in CHECKS}) == len({check.name for check in CHECKS}) == len(CHECKS)


def test_cells_are_read_each_by_itself() -> None:
    cells = [Block.plain(Kind.CELL, text, cell=Cell(0, 0, at)) for at, text in enumerate(["（水车", "筏子）"])]
    assert [code for code, _ in told(*cells)] == ["unmatched-pair", "unmatched-pair"]
    shared = [Block.plain(Kind.CELL, text, cell=Cell(0, 0, 0)) for text in ["（水车", "筏子）"]]
    assert told(*shared) == []


# -- real material


def book_of(file: Path) -> Book:
    import json

    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return make_book(
        [
            article(*filter(str.strip, record["text"].split("\n")), title=record["title"], id=record["id"])
            for record in records
        ]
    )


def by_code(report: Report, code: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.code == code]


def test_regulations_have_few_findings(shared_data: Path) -> None:
    """Official documents, carefully edited: what is told of them beyond half-width marks must be rare."""
    report = proof(book_of(shared_data / "sample" / "vol2_regulations_78.jsonl"))
    assert report.severities[Severity.MUST] == 1  # a private-use character
    assert [finding.text for finding in by_code(report, "numbering")] == ["二）"]
    assert sum(report.severities.values()) - len(by_code(report, "half-width")) < 40


def test_prose_of_another_time_has_few_false_alarms(shared_data: Path) -> None:
    report = proof(book_of(shared_data / "sample" / "vol1_prose_78.jsonl"))
    assert not by_code(report, "wrong-word")
    assert len(by_code(report, "mixed-script")) < 15
    assert len(by_code(report, "private-use")) == 10
