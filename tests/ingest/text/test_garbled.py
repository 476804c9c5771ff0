"""Text that went through the wrong encoding: mended where that is certain, and else told."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.model.records import Block, Kind, Run
from ingest.readers.registry import read
from ingest.text.encoding import Decoded, decode_lines
from ingest.text.garbled import is_unlikely, mended, remains

SENTENCE = "民国二十三年大旱，县长率民夫开渠，自城西至渡口凡十五里，灌田三千亩。"
DOUBLE = SENTENCE.encode("utf-8").decode("latin-1")
AS_LATIN = SENTENCE.encode("gb18030").decode("latin-1")


@pytest.mark.parametrize(
    "written",
    [
        DOUBLE,
        AS_LATIN,
        SENTENCE.encode("gb18030").decode("cp1252", "replace"),
        "水车在河边".encode().decode("gb18030", "replace"),
    ],
)
def test_only_what_leads_back_is_mended(written: str) -> None:
    (line,), issues = mended([written], "稿")
    assert line == (SENTENCE if "\ufffd" not in written else written)
    assert bool(issues) == (line != written)


def test_utf8_read_as_gbk() -> None:
    whole = next(SENTENCE[:end] for end in range(len(SENTENCE), 0, -1) if _leads_back(SENTENCE[:end]))
    assert mended([whole.encode("utf-8").decode("gb18030")], "稿")[0] == [whole]


def test_utf8_read_as_gbk_with_losses_is_told() -> None:
    damaged = SENTENCE.encode("utf-8").decode("gb18030", "ignore")
    assert mended([damaged], "稿") == ([damaged], ())
    (issue,) = remains([Block(Kind.PARAGRAPH, (Run(damaged),))])
    assert "GBK" in issue.message
    assert not list(remains([Block(Kind.PARAGRAPH, (Run(f"銆鍦：{SENTENCE}"),))]))


def _leads_back(text: str) -> bool:
    try:
        return text.encode("utf-8").decode("gb18030").encode("gb18030").decode("utf-8") == text
    except UnicodeError:
        return False


@pytest.mark.parametrize(
    "line",
    [
        "Éléphant, über, Ñandú — naïve façade",
        "ÀÈÌÒÙ àèìòù ÄÖÜ äöü ß",
        "横浜の涓滴",
        "他说：“你好”。",
        "ｱｲｳｴｵ",
        "1956年—1958年",
    ],
)
def test_what_is_right_stays(line: str) -> None:
    assert mended([line, SENTENCE], "稿") == ([line, SENTENCE], ())


def test_short_lines_follow_long_ones() -> None:
    short = "水利".encode("gb18030").decode("latin-1")
    assert mended([short], "稿")[0] == [short]
    assert mended([short, AS_LATIN], "稿")[0] == ["水利", SENTENCE]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("frame", ["标题：{}", "{}（正常）", "前半，{}后半"])
def test_a_part_of_a_line_is_mended(frame: str, encoding: str) -> None:
    wrong = frame.format(SENTENCE.encode(encoding).decode("latin-1"))
    assert mended([wrong], "稿")[0] == [frame.format(SENTENCE)]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_what_was_read_as_latin_and_lost_bytes_is_told(encoding: str) -> None:
    raw = SENTENCE.encode(encoding)
    lost = (raw[:4] + raw[5:31] + raw[32:]).decode("cp1252", "ignore")
    lines, _ = mended([f"甲{lost}"], "稿")
    (issue,) = remains([Block.plain(Kind.PARAGRAPH, lines[0])])
    assert issue.code == "garbled-text" and "西文" in issue.message
    right = "Müller 与 Åström、Ångström，25°C；×××年×月；·······；naïve façade; Việt Nam Đà Nẵng; Ελληνικά; Русский"
    assert list(remains([Block.plain(Kind.PARAGRAPH, right)])) == []


def test_lines_each_by_its_encoding() -> None:
    lines = [SENTENCE.encode("utf-8"), SENTENCE.encode("gb18030"), b"ASCII", "联通".encode("gb18030")]
    assert decode_lines(b"\n".join(lines), "gb18030") == Decoded(f"{SENTENCE}\n{SENTENCE}\nASCII\n联通", 1)
    assert decode_lines(b"\n".join(lines[:3]), "utf-8") == Decoded(f"{SENTENCE}\n{SENTENCE}\nASCII", 1)


@pytest.mark.parametrize(
    "pieces",
    [
        ("民国二十三年", "大旱，县长率民夫开渠。"),
        ("县长", "刘䶮率民夫", "开渠，自城西至渡口。"),
        ("(1934) ", "大旱", ", 县长", "Zhang", "开渠三十里。"),
        ("上编　水利", "　下编　教育", "　附录"),
    ],
)
@pytest.mark.parametrize("first", [0, 1])
def test_a_line_that_changes_its_encoding(pieces: tuple[str, ...], first: int) -> None:
    ways = ("utf-8", "gb18030")
    raw = b"".join(piece.encode(ways[(number + first) % 2]) for number, piece in enumerate(pieces))
    for usual in ways:
        assert decode_lines(raw, usual) == Decoded("".join(pieces), 0, 1)


def test_a_damaged_byte_changes_no_other_character() -> None:
    raw = SENTENCE.encode()
    (found,) = decode_lines(raw[:7] + raw[8:], "utf-8").text.split("\n")
    assert found.replace("\ufffd", "") == SENTENCE[:2] + SENTENCE[3:]


def test_a_text_of_one_encoding_has_no_strangers() -> None:
    text = "\n".join(f"{SENTENCE}浣板剿诘谪豉鎏镳镓雳霁{number}" for number in range(50))
    assert decode_lines(text.encode("gb18030"), "gb18030") == Decoded(text)


def test_a_file_whose_lines_change_their_encoding(tmp_path: Path) -> None:
    file = tmp_path / "混.txt"
    file.write_bytes(b"\n".join(f"{number}、上编".encode() + SENTENCE.encode("gb18030") for number in range(9)))
    manuscript = read(file, file.name)
    assert [block.text for block in manuscript.blocks] == [f"{number}、上编{SENTENCE}" for number in range(9)]
    (issue,) = manuscript.issues
    assert issue.code == "mixed-encoding" and "9 行一行之内两种都有" in issue.message


@pytest.mark.parametrize(("utf8", "gbk"), [(1, 9), (5, 5), (9, 1)])
def test_a_file_of_both_encodings(tmp_path: Path, utf8: int, gbk: int) -> None:
    file = tmp_path / "混.txt"
    file.write_bytes((f"{SENTENCE}\n" * utf8).encode() + (f"{SENTENCE}\n" * gbk).encode("gb18030"))
    manuscript = read(file, file.name)
    assert [block.text for block in manuscript.blocks] == [SENTENCE] * (utf8 + gbk)
    assert [issue.code for issue in manuscript.issues] == ["mixed-encoding"]


def test_what_cannot_be_mended_is_told() -> None:
    blocks = [Block.plain(Kind.PARAGRAPH, text) for text in ("好", "本文锟斤拷锟斤拷修渠，烫烫烫", "屯田屯兵")]
    (issue,) = remains(blocks)
    assert issue.code == "garbled-text"
    assert issue.place == "第 2 块"
    assert "“锟斤拷”2 处" in issue.message
    assert list(remains([Block.plain(Kind.PARAGRAPH, "屯田屯兵，烫手")])) == []


def test_unlikely_characters() -> None:
    shifted = "".join(chr(ord(char) + 7) for char in SENTENCE * 2)
    assert is_unlikely(shifted)
    assert not is_unlikely(SENTENCE * 2)
    assert not is_unlikely(shifted[:20])
    assert is_unlikely("ÊÀÕâÊÇÒ»¶Î±»´í¶ÁµÄÎÄ×Ö£¬Ã»ÓÐÈËÐ´¹ýËü¡£")
    assert not is_unlikely("Là où l’été a brûlé, l’hôtel était déjà fermé; à Genève, à l’Opéra, où êtes-vous allés?")
