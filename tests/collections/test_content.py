"""What the sample collections promise: sizes, shapes, dates, and that they are invented."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

COLLECTIONS = Path(__file__).resolve().parents[2] / "collections"
CARDS = sorted(COLLECTIONS.glob("*/collection.toml"))
VOLUME, CHRONICLE, ROSTER = "shuojin-wenshi-12", "shuojin-dashiji", "shuojin-zuzhishi"

# First Gregorian year of each reign; the year before is its year 0.
REIGNS = {"顺治": 1644, "康熙": 1662, "雍正": 1723, "乾隆": 1736, "嘉庆": 1796, "道光": 1821, "咸丰": 1851}
REIGNS |= {"同治": 1862, "光绪": 1875, "宣统": 1909, "民国": 1912}

DATE_STYLES = [
    "光绪三十年", "民国二十三年", "1958年秋", "五十年代初", "“十四五”期间", "同治年间", "宣统三年腊月", "一九五〇年",
    "次年", "是月", "同年", "抗战时期", "1936—1945年", "解放前夕", "正月十五", "20世纪70年代末", "顺治元年（1644年）",
]  # fmt: skip


def card(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def word_file(name: str) -> Any:
    (path,) = (COLLECTIONS / name).glob("*.docx")
    return docx.Document(str(path))


def texts_of(document: Any, style: str) -> list[str]:
    wanted = document.styles[style].style_id
    return [paragraph.text for paragraph in document.paragraphs if paragraph._p.style == wanted]


@pytest.fixture(scope="module")
def volume() -> Any:
    return word_file(VOLUME)


@pytest.fixture(scope="module")
def articles(builder: ModuleType) -> list[Any]:
    """The sources of the volume that belong to a section."""
    folder = COLLECTIONS / VOLUME / "source" / "volume"
    return [source for path in sorted(folder.glob("*.md")) if "section" in (source := builder.read_source(path)).fields]


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.parent.name)
def test_collection_says_that_it_is_invented(path: Path) -> None:
    described = card(path)
    assert described["id"] == path.parent.name
    assert described["invented"] is True
    assert "虚构" in described["description"]
    assert described["kind"] in {"volume", "chronicle", "roster", "records"}
    assert described["title"] and described["volume"] and described["place"]
    for source in described["source"]:
        assert (path.parent / source["file"]).is_file()
        assert source["as"] in {"volume", "chronicle", "roster", "article", "records"}


def test_every_folder_has_a_card_and_no_module_hides_there() -> None:
    assert {path.name for path in COLLECTIONS.iterdir() if path.is_dir()} == {path.parent.name for path in CARDS}
    assert not list(COLLECTIONS.rglob("*.py")), "collections would shadow the standard library"


def test_volume_has_its_articles_in_sections(volume: Any, articles: list[Any]) -> None:
    titles, sections = texts_of(volume, "Heading 2"), texts_of(volume, "Heading 1")
    assert titles == [source.fields["title"] for source in articles]
    assert len(titles) >= 24
    assert len(dict.fromkeys(source.fields["section"] for source in articles)) in range(5, 8)
    assert {"前　言", "凡　例", "后　记"} < set(sections)
    sizes = [sum(len(item.text) + sum(map(len, sum(item.rows, ()))) for item in source.elements) for source in articles]
    assert sum(sizes) >= 40_000
    assert min(sizes) >= 700


def test_volume_has_varied_bylines(articles: list[Any]) -> None:
    lines = [source.fields["author"] for source in articles]
    assert "马德山　口述　李文秀　整理" in lines
    assert any(re.fullmatch(r"[一-龥]　[一-龥]", line) for line in lines), "a padded two-character name"
    assert any(re.fullmatch(r"[一-龥]{2,3}　[一-龥]{2,3}", line) for line in lines), "two authors"
    assert any(line.endswith("局") for line in lines), "an institution"
    assert any("遗稿" in line for line in lines)


def test_volume_has_tables_pictures_notes_and_the_rest(volume: Any, articles: list[Any]) -> None:
    body = volume.element.body
    assert len(volume.tables) >= 4
    pictures = list(body.iter(qn("wp:docPr")))
    assert len(pictures) >= 2
    assert all(len(picture.get("descr")) > 15 for picture in pictures)
    assert len([text for text in texts_of(volume, "Caption") if text.startswith("图")]) == len(pictures)
    assert len(list(body.iter(qn("w:footnoteReference")))) == sum(len(source.notes) for source in articles) >= 12
    for tag in ("ruby", "ins", "del", "vanish", "em", "numPr", "vMerge", "gridSpan"):
        assert next(body.iter(qn(f"w:{tag}")), None) is not None, tag
    assert len(texts_of(volume, "诗歌")) >= 20
    text = "".join(node.text or "" for node in body.iter(qn("w:t")))
    assert "𠮷" in text and "㙍" in text and "〔" in text


@pytest.mark.parametrize("style", DATE_STYLES)
def test_date_style_occurs(builder: ModuleType, style: str) -> None:
    assert any(style in path.read_text(encoding="utf-8") for path in COLLECTIONS.glob("*/source/*/*.md"))


def test_chronicle_has_its_entries_in_order_of_years() -> None:
    document = word_file(CHRONICLE)
    years = [year_of(text) for text in texts_of(document, "Heading 2")]
    assert len(texts_of(document, "Body Text")) >= 80 + 2  # two paragraphs explain the arrangement
    assert (years[0], years[-1]) == (1644, 2023)
    assert all(before <= after for before, after in pairwise(years))


def year_of(heading: str) -> int:
    """The Gregorian year of a year heading, after checking it against the reign year beside it."""
    match = re.fullmatch(r"清?(?P<reign>\D{2})(?P<number>\D+)年（(?P<year>\d{4})年）|(?P<plain>\d{4})年", heading)
    assert match, heading
    if match["plain"]:
        return int(match["plain"])
    year = REIGNS[match["reign"]] + numeral(match["number"]) - 1
    assert year == int(match["year"]), heading
    return year


def numeral(text: str) -> int:
    """A Chinese number below one hundred; 元 is one."""
    if text == "元":
        return 1
    digits = "〇一二三四五六七八九"
    tens, ten, ones = text.rpartition("十")
    return (digits.index(tens or "一") * 10 if ten else 0) + (digits.index(ones) if ones else 0)


def test_reign_years_agree_with_the_years_beside_them(articles: list[Any]) -> None:
    pattern = re.compile(rf"({'|'.join(REIGNS)})([元一二三四五六七八九十]+)年[^（，。]{{0,8}}（(\d{{4}})年")
    found = 0
    for path in COLLECTIONS.glob("*/source/*/*.md"):
        for reign, number, year in pattern.findall(path.read_text(encoding="utf-8")):
            found += 1
            # The last days of a lunar year fall into January and February of the next Gregorian year.
            assert int(year) - (REIGNS[reign] + numeral(number) - 1) in (0, 1), (path.name, reign, number, year)
    assert found > 30


def test_roster_has_its_terms_one_after_the_other() -> None:
    document = word_file(ROSTER)
    terms = [text for text in texts_of(document, "Heading 2") if text.startswith("第")]
    assert len(terms) >= 8
    spans = [re.findall(r"\d{4}年\d{1,2}月", text) for text in terms]
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    rosters = [table for table in document.tables if table.cell(0, 1).text == "姓　名"]
    assert len(rosters) == 2 * len(terms)
    assert [cell.text for cell in rosters[0].rows[0].cells] == [
        "职　务",
        "姓　名",
        "性别",
        "民　族",
        "任　期",
        "籍　贯",
    ]
    leaders = rosters[0::2]
    assert all(table.cell(1, 0).text == "主席" for table in leaders)


def test_roster_terms_of_office_lie_within_their_term() -> None:
    for path in sorted((COLLECTIONS / ROSTER / "source" / "roster").glob("1*.md")):
        text = path.read_text(encoding="utf-8")
        first, last = [month(*pair) for pair in re.findall(r"(\d{4})年(\d{1,2})月", text.split("\n## ", 1)[-1])[:2]]
        offices = re.findall(r"\|(\d{4})\.(\d{1,2})—(\d{4})\.(\d{1,2})", text)
        assert offices
        for a, b, c, d in offices:
            assert first <= month(a, b) < month(c, d) <= last, path.name


def month(year: str, number: str) -> int:
    return int(year) * 12 + int(number)


def test_old_text_file_is_gb18030_with_hard_wrapped_lines() -> None:
    data = (COLLECTIONS / "shuojin-laigao" / "擀毡.txt").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    lines = data.decode("gb18030").split("\r\n")
    assert max(map(len, lines)) <= 37
    assert sum(len(line) in (36, 37) for line in lines) > 20
    assert sum(line.startswith("　　") for line in lines) >= 8


def test_newspaper_records_are_complete_and_in_order_of_dates() -> None:
    (path,) = (COLLECTIONS / "shuojin-minbao").glob("*.jsonl")
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(records) >= 30
    assert len({record["id"] for record in records}) == len(records)
    assert all(record[key] for record in records for key in ("title", "author", "section", "source", "text"))
    dates = [date.fromisoformat(record["date"]) for record in records]
    assert dates == sorted(dates)
    assert dates[0].isoformat() == "1934-10-10" and dates[-1].isoformat() == "1949-09-15"  # as the volume tells it
