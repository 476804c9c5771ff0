"""Lines of a scan held against what they look like; the recogniser is played, its pictures are drawn."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.model.issues import IssueCode
from archive.model.records import Collection, Kind, Picture
from ingest.readers import line_boxes, ocr, page_reading, recogniser, registry
from ingest.readers.page_reading import read_page
from ingest.readers.recogniser import Character
from ingest.readers.show_through import of_characters, of_this_side
from ingest.splitting.page_pictures import with_their_text
from ingest.splitting.split import Mode, split

pytestmark = pytest.mark.skipif(not recogniser.installed(), reason="recognition (wenshi[ocr]) is not installed")

SIZE, TOPS = 40, (60, 140, 220)


def page_of(lines: int, skew: float = 0.0, characters: int = 12) -> bytes:
    """Lines of so many black squares, a character each."""
    from PIL import Image, ImageDraw

    image = Image.new("L", (800, 320), 255)
    for top in TOPS[:lines]:
        for at in range(characters):
            left = 60 + at * SIZE
            ImageDraw.Draw(image).rectangle((left + 3, top + 3, left + SIZE - 6, top + SIZE - 6), outline=0, width=7)
    if skew:
        image = image.rotate(skew, fillcolor=255)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def said(text: str, confidence: float = 0.99) -> tuple[Character, ...]:
    return tuple(Character(one, confidence, (at + 0.5) / len(text)) for at, one in enumerate(text))


def boxes(*tops: int) -> Any:
    import numpy as np

    return np.array([[(50, t - 4), (550, t - 4), (550, t + 44), (50, t + 44)] for t in tops], dtype=float)


Play = Callable[..., list[int]]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """Has the models find and say what a test wants; what is read is counted."""

    def played(found: Any, say: Callable[[Any, int], tuple[Character, ...]]) -> list[int]:
        widths: list[int] = []

        def read(strip: Any, whole: bool = False) -> tuple[Character, ...]:
            widths.append(strip.shape[1])
            return say(strip, len(widths))

        monkeypatch.setattr(recogniser, "boxes_of", lambda image: found)
        monkeypatch.setattr(recogniser, "is_upside_down", lambda strips: False)
        monkeypatch.setattr(recogniser, "read_strip", read)
        return widths

    return played


def test_a_line_as_long_as_it_looks_is_read_once(play: Play) -> None:
    widths = play(boxes(TOPS[0]), lambda strip, turn: said("河湾水车旧闻十二架灌田"))
    reading = read_page(page_of(1))
    assert len(widths) == 1
    (line,) = reading.lines
    assert not line.again
    assert not line.doubtful


def test_a_line_too_short_is_read_again(play: Play) -> None:
    play(boxes(*TOPS), lambda strip, turn: said("《》采" if turn == 2 else "河湾水车旧闻十二架灌田"))
    reading = read_page(page_of(3))
    assert [line.text for line in reading.lines] == ["河湾水车旧闻十二架灌田"] * 3
    assert [line.again for line in reading.lines] == [False, True, False]
    assert not any(line.doubtful for line in reading.lines)


def test_a_line_is_put_together_of_its_pieces(play: Play) -> None:
    def say(strip: Any, turn: int) -> tuple[Character, ...]:
        whole = strip.shape[1] > 9 * strip.shape[0]
        return said("使", 0.6) if whole and turn > 2 else said("河湾水车旧闻" if strip.shape[1] < 420 else "河" * 11)

    play(boxes(*TOPS), say)
    texts = [line.text for line in read_page(page_of(3)).lines]
    assert "使" not in texts


def test_a_line_longer_than_it_looks_is_believed_where_it_is_sure(play: Play) -> None:
    twice = "河湾水车旧闻十二架灌田" * 3
    read = play(boxes(TOPS[0]), lambda strip, turn: said(twice))
    assert [line.text for line in read_page(page_of(1)).lines] == [twice]
    assert len(read) == 1
    play(boxes(TOPS[0]), lambda strip, turn: said(twice, 0.9))
    assert [line.doubtful for line in read_page(page_of(1)).lines] == [True]


def test_what_stays_too_short_is_told(play: Play) -> None:
    def say(strip: Any, turn: int) -> tuple[Character, ...]:
        return said("河湾水车旧闻十二架灌田") if turn <= 2 else said("使", 0.66)

    play(boxes(*TOPS), say)
    scan = ocr.recognise(Picture("ab", page_of(3), "image/png"), 0)
    assert [line.text for line in scan.lines][-1] == "使"
    (missed,) = [issue for issue in scan.issues("第 1 页") if issue.code == "ocr-missed"]
    assert "使" in missed.message


def test_a_line_nobody_found_is_read(play: Play) -> None:
    play(
        boxes(TOPS[0], TOPS[2]),
        lambda strip, turn: said("河湾水车旧闻十二架灌田" if turn < 3 else "中间这一行没有找到呢"),
    )
    scan = ocr.recognise(Picture("ab", page_of(3), "image/png"), 0)
    assert [line.text for line in scan.lines][1] == "中间这一行没有找到呢"


def test_a_line_nobody_found_or_could_read_is_told(play: Play) -> None:
    play(boxes(TOPS[0], TOPS[2]), lambda strip, turn: said("河湾水车旧闻十二架灌田") if turn < 3 else ())
    scan = ocr.recognise(Picture("ab", page_of(3), "image/png"), 0)
    assert scan.unread == 1
    assert "ocr-missed" in [issue.code for issue in scan.issues("第 1 页")]


def test_a_leaning_rule_is_no_line(play: Play) -> None:
    from PIL import Image, ImageDraw

    with Image.open(io.BytesIO(page_of(2))) as image:
        ImageDraw.Draw(image).line((60, 225, 700, 250), 0, 3)
        image.save(stream := io.BytesIO(), "PNG")
    widths = play(boxes(*TOPS[:2]), lambda strip, turn: said("河湾水车旧闻十二架灌田"))
    scan = ocr.recognise(Picture("ab", stream.getvalue(), "image/png"), 0)
    assert (scan.unread, len(scan.lines), len(widths)) == (0, 2, 2)


def test_skew_is_told_and_taken_out(play: Play) -> None:
    import numpy as np

    turn = np.radians(2.0)
    leaning = boxes(*TOPS) @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    play(leaning, lambda strip, turn: said("河湾水车旧闻十二架灌田"))
    reading = read_page(page_of(3, skew=-2.0))
    assert abs(reading.skew - 2.0) < 0.1
    scan = ocr.in_order(Picture("ab", b"", "image/png"), reading, 0)
    assert all(line.bottom - line.top < 52 for line in scan.lines)


def test_pieces_of_a_line_in_two_parts_of_a_page_are_one() -> None:
    import numpy as np

    one = np.array([[(0, 0), (500, 0), (500, 30), (0, 30)], [(450, 0), (900, 0), (900, 30), (450, 30)]], dtype=float)
    (whole,) = line_boxes.united(one)
    assert (whole.min(axis=0).tolist(), whole.max(axis=0).tolist()) == ([0, 0], [900, 30])


def test_a_leaning_column_begins_at_its_top() -> None:
    import numpy as np

    column = [(281, 220), (351, 223), (262, 1893), (193, 1889)]
    level = [(10, 10), (90, 12), (90, 22), (10, 20)]
    given = np.array([column[3:] + column[:3], level], dtype=float)
    assert line_boxes.from_upper_left(given).tolist() == np.array([column, level], dtype=float).tolist()


def test_small_print_is_looked_for_on_a_larger_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np

    looked: list[int] = []

    def found(image: Any, share: float) -> Any:
        """One line, `share` of the page high."""
        looked.append(max(image.shape[:2]))
        height, width = image.shape[:2]
        return np.array([[(0, 0), (width, 0), (width, share * height), (0, share * height)]], dtype=float)

    page = np.full((3000, 2000, 3), 255, dtype=np.uint8)
    monkeypatch.setattr(recogniser, "boxes_of", lambda image: found(image, 0.025))
    page_reading._found(page)
    assert looked == [1120]
    looked.clear()
    monkeypatch.setattr(recogniser, "boxes_of", lambda image: found(image, 0.015))
    boxes = page_reading._found(page)
    assert looked == [1120, 1500]
    assert abs(boxes[0][2] - (2000, 45)).max() < 1


def test_what_shows_through_is_left_out_and_told(play: Play) -> None:
    from PIL import Image, ImageDraw

    tops = (60, 120, 180, 240, 300)
    sheet = Image.new("L", (800, 400), 255)
    for top, shade in zip(tops, (0, 0, 0, 0, 170), strict=True):
        for left in range(60, 60 + 12 * SIZE, SIZE):
            ImageDraw.Draw(sheet).rectangle((left + 3, top + 3, left + SIZE - 6, top + SIZE - 6), None, shade, 7)
    stream = io.BytesIO()
    sheet.save(stream, "PNG")
    text, pale = "河湾水车旧闻十二架灌田", "苗曾笙普如士董尚味联宝量"
    sure = 0.7

    def read(strip: Any, turn: int) -> tuple[Character, ...]:
        return said(text) if turn < 5 else said(pale, sure)  # the last one is read more than once

    play(boxes(*tops), read)
    scan = ocr.recognise(Picture("ab", stream.getvalue(), "image/png"), 0)
    assert [line.text for line in scan.lines] == [text] * 4
    assert "有 1 处墨色浅得多" in next(one.message for one in scan.issues("a") if one.code is IssueCode.OCR_MISSED)
    sure = 0.99  # pale print of this side
    play(boxes(*tops), read)
    scan = ocr.recognise(Picture("ab", stream.getvalue(), "image/png"), 0)
    assert (len(scan.lines), scan.faint) == (5, 0)


def test_ends_of_lines_that_show_through() -> None:
    import numpy as np

    def kept(text: str, contrast: str) -> str:
        """`contrast` is that of each half of a character, in tenths."""
        columns = np.repeat([int(one) / 9 for one in contrast], 10)
        places = [(at + 0.5) / len(text) for at in range(len(text))]
        own = of_characters(columns, places, 20)
        begin, end = of_this_side(text, places, own, columns, 1.0)
        return text[begin:end]

    assert kept("搬不倒。”鲁不", "99999955553333") == "搬不倒。”"
    assert kept("目她这有", "33999999") == "她这有"
    assert kept("修好了。", "99999922") == "修好了。"  # a small mark is no print of the other side
    assert kept("為楊一", "99990009") == "為楊一"  # its ink is farther on than its place


def test_a_doubtful_dot_beside_han_is_the_mark_they_have() -> None:
    line = [Character("了", 1, 0.1), Character("．", 0.73, 0.2, "，.："), Character("也", 1, 0.3)]
    assert [one.text for one in recogniser._with_marks(line)] == ["了", "，", "也"]
    assert recogniser._with_marks(line)[1].others == "．.："
    sure = [line[0], Character("·", 0.97, 0.2, "，"), line[2]]
    assert recogniser._with_marks(sure) == tuple(sure)
    digits = [Character("3", 1, 0.1), line[1], Character("5", 1, 0.3)]
    assert recogniser._with_marks(digits) == tuple(digits)


def test_transparent_paper_is_white() -> None:
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(stream, "PNG")
    assert page_reading.decoded(stream.getvalue()).min() == 255


def placed(text: str, top: float, size: float) -> page_reading.ReadLine:
    right, bottom = 60.0 + size * len(text), top + size
    return page_reading.ReadLine(
        ((60.0, top), (right, top), (right, bottom), (60.0, bottom)), said(text), float(len(text))
    )


def test_running_heads_numbers_notes_and_titles_of_a_scanned_volume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is furniture, and what a note, is told over all pages as in a PDF with text."""
    from PIL import Image

    body = "黄河水大的那一年村里的老人都说从来没有见过这样的水"
    running = [(body, 200 + 40 * at, 20) for at in range(12)]
    head, title = ("文史资料第十二辑", 60, 20), ("河湾水车旧闻", 120, 40)
    texts = [[head, title, *running, (str(page), 950, 20)] for page in (101, 102, 103)]
    texts[0].insert(-1, ("①张三，河湾人，见上文。", 740, 19))  # hardly smaller, but a gap parts it
    texts[1].insert(-1, ("①老人姓李，河湾人。", 880, 15))
    texts[2].insert(-1, ("1老人姓王，河湾人。", 880, 15))  # its mark was read as a figure
    pages = iter(texts)

    def read(data: bytes) -> page_reading.PageReading:
        lines = [placed(*one) for one in next(pages)]
        return page_reading.PageReading(720, 1000, 0.0, tuple(lines))

    monkeypatch.setattr(ocr, "read_page", read)
    file = tmp_path / "辑.pdf"
    sheets = [Image.new("L", (720, 1000), 250 - at) for at in range(3)]
    sheets[0].save(file, save_all=True, append_images=sheets[1:], resolution=100)
    found = registry.read(file, file.name)
    kinds = [block.kind for block in found.blocks]
    assert kinds.count(Kind.FIGURE) == 3
    assert [block.text for block in found.blocks if block.kind is Kind.HEADER] == ["文史资料第十二辑"]
    assert [block.text for block in found.blocks if block.kind is Kind.NOTE] == [
        "①张三，河湾人，见上文。", "①老人姓李，河湾人。", "1老人姓王，河湾人。",
    ]  # fmt: skip
    assert [block.text for block in found.blocks if block.kind is Kind.HEADING] == ["河湾水车旧闻"] * 3
    assert [block.page for block in found.blocks if block.kind is Kind.FIGURE] == ["101", "102", "103"]
    assert "101" not in "".join(block.text for block in found.blocks)


@pytest.mark.parametrize("leaders", ["read", "unread", "in one box"])
def test_a_scanned_volume_is_divided_by_its_contents_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leaders: str
) -> None:
    """The contents page of a scan leads to the articles as a typed one does; printed numbers stay with the pages.

    Where its dots are not read, page numbers stand apart from titles, or in one box with the author; an author's name
    may look as large as a title.
    """
    from PIL import Image

    titles = ["河湾水车旧闻", "秦渠修浚始末", "沙坡头治沙记", "老城茶馆琐忆", "渡口船工口述"]
    authors = ["张守田", "李有福", "王德全", "马福祥", "刘金山"]
    body = "黄河水大的那一年村里的老人都说从来没有见过这样的水"
    contents = [("目录", 120, 40)]
    for page, (title, author) in enumerate(zip(titles, authors, strict=True), 1):
        at = 170 + 50 * page
        contents += {
            "read": [(f"{title}……{author}（{page}）", at, 20)],
            "unread": [(title, at, 20), (f".{page}", at, 20)],
            "in one box": [(title, at, 20), (f"{author}{page}", at, 20)],
        }[leaders]
    texts = [contents]
    for number, (title, author) in enumerate(zip(titles, authors, strict=True), 1):
        lines = [(body, 240 + 40 * at, 20) for at in range(12)]
        head = ("文史资料第十二辑", 60, 20)
        above = [head, (title, 120, 40), (author, 180, 20 if leaders == "read" else 26)]
        texts.append([*above, *lines, (str(number), 950, 20)])
    pages = iter(texts)
    reads = lambda data: page_reading.PageReading(720, 1000, 0.0, tuple(placed(*one) for one in next(pages)))  # noqa: E731
    monkeypatch.setattr(ocr, "read_page", reads)
    file = tmp_path / "辑.pdf"
    sheets = [Image.new("L", (720, 1000), 250 - at) for at in range(len(texts))]
    sheets[0].save(file, save_all=True, append_images=sheets[1:], resolution=100)
    found = split(registry.read(file, file.name), Collection("c", "c"), Mode.VOLUME)
    every = with_their_text(found.articles)
    pictures = [[block.picture for block in one.blocks if block.kind is Kind.FIGURE] for one in every]
    # The running head, kept with the first part, does not keep the picture of the page that follows.
    assert every[0].blocks[-1].kind is Kind.HEADER
    assert [len(shown) for shown in pictures] == [0] + [1] * (len(every) - 1)
    articles = [one for one in every if one.title in titles]
    assert [one.title for one in articles] == titles
    assert {one.section for one in articles} == {""}
    assert [[person.name for person in one.people] for one in articles] == [[author] for author in authors]
    assert [[(block.kind, block.page) for block in one.blocks if block.page] for one in articles] == [
        [(kind, number) for kind in (Kind.TITLE, Kind.BYLINE, Kind.FIGURE, Kind.PARAGRAPH)] for number in "12345"
    ]


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("河湾水车旧闻{}", "河湾水车旧闻　　{}"),
        ("《秦渠志》{}", "《秦渠志》　　{}"),
        ("河湾水车旧闻……{}", "河湾水车旧闻……{}"),
        ("图版 A{}", "图版 A{}"),
    ],
)
@pytest.mark.parametrize("others", [0, 20])
def test_page_numbers_are_parted_from_words_on_contents_pages_alone(words: str, read: str, others: int) -> None:
    """Where most lines are something else, figures that end some of them are part of the text."""
    entries = [words.format(number) for number in (1, 3, 5, 8, 9)]
    rest = ["黄河水大的那一年村里的老人都说从来没有见过"] * others
    lines = [placed(text, 100 + 40 * at, 20) for at, text in enumerate(entries + rest)]
    scan = ocr.in_order(Picture("", b"", ""), page_reading.PageReading(720, 1400, 0.0, tuple(lines)), 0)
    expected = entries if others else [read.format(number) for number in (1, 3, 5, 8, 9)]
    assert [line.text for line in scan.lines[:5]] == expected


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_part_of_a_picture_is_read_as_it_was_turned(monkeypatch: pytest.MonkeyPatch, turn: int) -> None:
    import numpy as np
    from PIL import Image

    sheet = Image.new("L", (400, 200), 255)
    sheet.paste(0, (210, 10, 260, 40))  # in the upper left of the right half
    sheet.save(stream := io.BytesIO(), "PNG")
    seen: list[Any] = []

    def found(image: Any) -> Any:
        seen.append(image)
        return np.zeros((0, 4, 2))

    monkeypatch.setattr(page_reading, "_found", found)
    page_reading.read_part(stream.getvalue(), (500, 0, 1000, 1000), turn)
    dark = np.argwhere(seen[0][:, :, 0] < 128).mean(axis=0) / seen[0].shape[:2]
    corner = {0: (0, 0), 90: (0, 1), 180: (1, 1), 270: (1, 0)}[turn]
    assert tuple((dark > 0.5).astype(int)) == corner


def test_a_picture_of_two_pages_is_told(play: Play, tmp_path: Path) -> None:
    from PIL import Image

    with Image.open(io.BytesIO(page_of(3))) as image:
        page = image.crop((20, 20, 580, 300)).resize((700, 1000))
    spread = Image.new("L", (1400, 1000), 255)
    spread.paste(page, (0, 0))
    spread.paste(page, (700, 0))
    for name, sheet, told in (("摊开.png", spread, 1), ("一页.png", page, 0)):
        sheet.save(tmp_path / name)
        play(boxes(*TOPS), lambda strip, turn: said("河湾水车旧闻十二架灌田"))
        found = registry.read(tmp_path / name, name)
        assert [one.code for one in found.issues].count(IssueCode.SPREAD) == told
        assert sum(block.kind is Kind.FIGURE for block in found.blocks) == told + 1
