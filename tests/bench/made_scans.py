"""Pages as old volumes have them, drawn from texts that are known and then spoilt by degrees. For tests/bench/ocr.py.

A kind of page (`KINDS`) says its type face, size and layout; `spoilt` turns, blurs, stains and compresses it. The same
seed gives the same page.
"""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

INCH = 25.4
PAPER = (184, 260)  # millimetres: 16 开, what these volumes are printed on
SHEET = (270, 390)  # a newspaper's
_BEGINS_NO_LINE = "，。、；：！？”’）》」』"
_ENDS_NO_LINE = "“‘（《「『"

# Files by face, the best first; what is not found anywhere is skipped by name.
FACES = {
    "宋": ("gbsn00lp.ttf", "FandolSong-Regular.otf", "uming.ttc", "NotoSerifCJK-Regular.ttc"),
    "书宋": ("NotoSerifCJK-Regular.ttc",),
    "楷": ("gkai00mp.ttf", "FandolKai-Regular.otf", "ukai.ttc"),
    "仿宋": ("FandolFang-Regular.otf",),
    "明": ("uming.ttc", "bsmi00lp.ttf", "NotoSerifCJK-Regular.ttc"),
    "黑": ("FandolHei-Regular.otf", "NotoSansCJK-Bold.ttc"),
}


@dataclass(slots=True)
class Page:
    """A page and what stands on it: `lines` in reading order; `aside` is furniture, wherever it is read."""

    image: Image.Image
    lines: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Degree:
    """How far a page is spoilt: degrees of skew, sigma of noise and blur, quality of the JPEG, dirt and shadow.

    `behind`: how much of the page behind shows through. `two_tone`: kept as black and white, in the compression of
    that name of TIFF. `tilt`: how far, of its width, a photograph shows the page narrower at its top, on a dark table;
    `light`: how much darker its darkest corner is. `border`: how wide the black around the page is, of its width.
    `bend`: how far, of its width, the lines sink into the gutter at the left, with its shadow.
    """

    name: str
    skew: float
    noise: float
    blur: float
    quality: int
    dirt: int = 0
    shadow: float = 0.0
    behind: float = 0.0
    two_tone: str = ""
    tilt: float = 0.0
    light: float = 0.0
    border: float = 0.0
    bend: float = 0.0


DEGREES = {
    one.name: one
    for one in (
        Degree("净", 0, 0, 0, 95),
        Degree("轻", 0.8, 8, 0.4, 55),
        Degree("中", -1.7, 14, 0.7, 45, dirt=120, shadow=0.25, behind=0.08),
        Degree("重", 3.1, 22, 1.0, 35, dirt=400, shadow=0.45, behind=0.15),
        Degree("传真三", 0.6, 10, 0.5, 0, dirt=60, two_tone="group3"),
        Degree("传真四", 0.6, 10, 0.5, 0, dirt=60, two_tone="group4"),
        Degree("透印", 0.5, 10, 0.6, 50, behind=0.3),
        Degree("黑边", 1.0, 10, 0.6, 50, border=0.04),
        Degree("订口", 0.4, 10, 0.6, 50, shadow=0.6, bend=0.02),
        Degree("拍照", 1.2, 8, 0.8, 70, tilt=0.06, light=0.5),
        Degree("斜拍", -3.0, 10, 0.9, 60, tilt=0.15, light=0.7),
    )
}


class Texts:
    """Running text of public domain, taken piece after piece; its titles."""

    def __init__(self, data: Path, seed: int) -> None:
        self._draw = random.Random(seed)
        self._modern = _paragraphs(data / "sample" / "vol1_prose_78.jsonl", self._draw, joined=False)
        self._old = _paragraphs(data / "sample" / "gazetteer_ningxia_trad.jsonl", self._draw, joined=True)

    def modern(self) -> str:
        """A paragraph of the 1920s to 40s, simplified."""
        return next(self._modern)

    def old(self) -> str:
        """A paragraph of a gazetteer of 1736, traditional."""
        return next(self._old)

    def number(self, least: int, most: int) -> int:
        """A number by chance."""
        return self._draw.randint(least, most)


def _paragraphs(file: Path, draw: random.Random, *, joined: bool) -> Iterator[str]:
    """Paragraphs by chance, none twice; `joined`: the lines of the file are those of a print, its text runs on."""
    records = [json.loads(line)["text"] for line in file.read_text("utf-8").splitlines()]
    whole = "".join if joined else "\n".join
    found: list[str] = []
    for text in records:
        kept = whole("".join(c for c in one if _is_drawn(c)) for one in text.split("\n"))
        found += re.findall(".{40,160}", kept) if joined else [one for one in kept.split("\n") if len(one) > 30]
    draw.shuffle(found)
    yield from found


def _is_drawn(character: str) -> bool:
    return (character > "\u2e80" and character not in "　\ufeff" and not "\ue000" <= character <= "\uf8ff") or (
        character in "“”‘’—…·"
    )


class Pen:
    """Draws on one page, in millimetres and points."""

    def __init__(self, fonts: Sequence[Path], dots: int, paper: tuple[int, int] = PAPER) -> None:
        self.dots = dots
        self.width, self.height = (round(side / INCH * dots) for side in paper)
        self.image = Image.new("L", (self.width, self.height), 255)
        self._canvas = ImageDraw.Draw(self.image)
        self._fonts = fonts
        self._held: dict[tuple[str, float], ImageFont.FreeTypeFont] = {}

    def mm(self, length: float) -> int:
        """Millimetres as pixels."""
        return round(length / INCH * self.dots)

    def font(self, face: str, points: float) -> ImageFont.FreeTypeFont:
        """The font of a face. Raises LookupError where no file of it is there."""
        key = face, points
        if key not in self._held:
            file = next((f for name in FACES[face] for f in self._fonts if f.name == name), None)
            if file is None:
                raise LookupError(face)
            self._held[key] = ImageFont.truetype(str(file), round(points / 72 * self.dots))
        return self._held[key]

    def line(self, x: int, y: int, text: str, face: str, points: float) -> None:
        """Text from left to right, every character in its square."""
        font = self.font(face, points)
        for at, character in enumerate(text):
            self._canvas.text((x + at * font.size, y), character, 0, font)

    def drawable(self, text: str, face: str, points: float) -> str:
        """The text without what the face has no glyph for: a printer would have had it."""
        font = self.font(face, points)
        empty = font.getmask("\U0010fffd").getbbox(), bytes(font.getmask("\U0010fffd"))
        return "".join(c for c in text if c == "　" or (font.getmask(c).getbbox(), bytes(font.getmask(c))) != empty)

    def column(self, x: int, y: int, text: str, face: str, points: float) -> None:
        """Text from top to bottom; punctuation in the upper right of its square."""
        font = self.font(face, points)
        size = int(font.size)
        for at, character in enumerate(text):
            shift = (size // 2, -size // 3) if character in "，。、" else (0, 0)
            self._canvas.text((x + shift[0], y + at * size + shift[1]), character, 0, font)

    def rule(self, x0: int, y0: int, x1: int, y1: int, width: int = 2) -> None:
        """A rule."""
        self._canvas.line((x0, y0, x1, y1), 0, width)


def set_lines(text: str, count: int, indent: int = 2) -> list[str]:
    """A paragraph in lines of so many characters; marks that may begin or end no line are minded."""
    lines, rest = [], "　" * indent + text
    while rest:
        cut = min(count, len(rest))
        if cut < len(rest):
            while cut > 1 and (rest[cut] in _BEGINS_NO_LINE or rest[cut - 1] in _ENDS_NO_LINE):
                cut -= 1
        lines.append(rest[:cut])
        rest = rest[cut:]
    return lines


def filled(pen: Pen, texts: Callable[[], str], setting: tuple[str, float], columns: int, rows: int) -> list[str]:
    """So many lines of a face and size, the last paragraph cut."""
    lines: list[str] = []
    while len(lines) < rows:
        lines += set_lines(pen.drawable(texts(), *setting), columns)
    return lines[:rows]


def _text_page(pen: Pen, texts: Texts, face: str, points: float = 10.5, running: bool = True) -> Page:
    """One column with running head, page number, and a note under a short rule."""
    page = Page(pen.image)
    size, pitch = round(points / 72 * pen.dots), round(points * 1.75 / 72 * pen.dots)
    left, top = pen.mm(22), pen.mm(28)
    columns = (pen.width - 2 * left) // size
    rows = (pen.height - pen.mm(62)) // pitch
    for number, line in enumerate(filled(pen, texts.modern, (face, points), columns, rows)):
        pen.line(left, top + number * pitch, line, face, points)
        page.lines.append(line.strip("　"))
    if running:
        head, folio = "文史资料选辑第十二辑", f"{texts.number(11, 399)}"
        pen.line(left, pen.mm(16), head, face, 9)
        pen.line(pen.width // 2 - size, pen.height - pen.mm(16), folio, "书宋", 9)
        bottom = top + rows * pitch + pen.mm(2)
        pen.rule(left, bottom, left + pen.mm(35), bottom)
        note = f"①{pen.drawable(texts.modern(), face, 8.5)[: columns - 3]}"
        pen.line(left, bottom + pen.mm(2), note, face, 8.5)
        page.aside += [head, folio]
        page.lines.append(note)
    return page


def _columns_page(pen: Pen, texts: Texts, face: str, points: float = 9.5) -> Page:
    """A title over two columns."""
    page = Page(pen.image)
    size, pitch = round(points / 72 * pen.dots), round(points * 1.6 / 72 * pen.dots)
    left, gutter, top = pen.mm(18), pen.mm(9), pen.mm(38)
    columns = ((pen.width - 2 * left - gutter) // 2) // size
    rows = (pen.height - pen.mm(62)) // pitch
    title = texts.modern()[:9].translate(str.maketrans("", "", "，。、；：！？“”"))
    big = round(18 / 72 * pen.dots)
    pen.line((pen.width - len(title) * big) // 2, pen.mm(20), title, "黑", 18)
    page.lines.append(title)
    for column in range(2):
        x = left + column * (columns * size + gutter)
        for number, line in enumerate(filled(pen, texts.modern, (face, points), columns, rows)):
            pen.line(x, top + number * pitch, line, face, points)
            page.lines.append(line.strip("　"))
    return page


def _vertical_page(pen: Pen, texts: Texts, face: str, points: float = 12, tiers: int = 1) -> Page:
    """Columns from right to left, in one tier or several, rules between them as in a woodcut where there is one."""
    page = Page(pen.image)
    size, pitch = round(points / 72 * pen.dots), round(points * 1.75 / 72 * pen.dots)
    right, top, gap = pen.width - pen.mm(20), pen.mm(25), pen.mm(10)
    height = (pen.height - pen.mm(50) - (tiers - 1) * gap) // tiers
    rows, count = height // size, (pen.width - pen.mm(40)) // pitch
    for tier in range(tiers):
        y = top + tier * (height + gap)
        for number, line in enumerate(filled(pen, texts.old, (face, points), rows, count)):
            pen.column(right - (number + 1) * pitch, y, line, face, points)
            page.lines.append(line.strip("　"))
    return page


def _table_page(pen: Pen, texts: Texts, face: str) -> Page:
    """A ruled table of five columns between paragraphs."""
    page = Page(pen.image)
    points = 10.5
    size, pitch = round(points / 72 * pen.dots), round(points * 1.75 / 72 * pen.dots)
    left, y = pen.mm(22), pen.mm(25)
    columns = (pen.width - 2 * left) // size
    for line in filled(pen, texts.modern, (face, points), columns, 9):
        pen.line(left, y, line, face, points)
        page.lines.append(line.strip("　"))
        y += pitch
    y += pitch
    step, height, rows = (pen.width - 2 * left) // 5, round(pitch * 1.25), 14
    for row in range(rows + 1):
        pen.rule(left, y + row * height, left + 5 * step, y + row * height)
    for column in range(6):
        pen.rule(left + column * step, y, left + column * step, y + rows * height)
    for row in range(rows):
        for column in range(5):
            words = texts.modern()[3 : 3 + texts.number(2, 5)] if column % 2 == 0 else str(texts.number(100, 99999))
            words = words.translate(str.maketrans("", "", "，。、；：！？“”‘’…—（）"))
            pen.line(left + column * step + size, y + row * height + height // 5, words, face, points)
            page.lines.append(words)
    y += rows * height + pitch
    while y < pen.height - pen.mm(30):
        for line in filled(pen, texts.modern, (face, points), columns, 6):
            pen.line(left, y, line, face, points)
            page.lines.append(line.strip("　"))
            y += pitch
    return page


def _newspaper(pen: Pen, texts: Texts, face: str) -> Page:
    """Three articles: headlines over their columns, a rule over the whole width between them."""
    page = Page(pen.image)
    points = 9.0
    size, pitch = round(points / 72 * pen.dots), round(points * 1.5 / 72 * pen.dots)
    left, gutter, y = pen.mm(15), pen.mm(6), pen.mm(18)
    for columns_count, rows in ((4, 20), (3, 18), (4, 19)):
        columns = ((pen.width - 2 * left - (columns_count - 1) * gutter) // columns_count) // size
        title = texts.modern()[:12].translate(str.maketrans("", "", "，。、；：！？“”"))
        big = round(22 / 72 * pen.dots)
        pen.line((pen.width - len(title) * big) // 2, y, title, "黑", 22)
        page.lines.append(title)
        y += round(big * 1.7)
        for column in range(columns_count):
            x = left + column * (columns * size + gutter)
            for number, line in enumerate(filled(pen, texts.modern, (face, points), columns, rows)):
                pen.line(x, y + number * pitch, line, face, points)
                page.lines.append(line.strip("　"))
        y += rows * pitch + pen.mm(5)
        pen.rule(left, y, pen.width - left, y, 3)
        y += pen.mm(6)
    return page


Drawn = Callable[[Pen, Texts], Page]
KINDS: dict[str, tuple[Drawn, tuple[int, int]]] = {
    "宋体": (lambda pen, texts: _text_page(pen, texts, "宋"), PAPER),
    "书宋": (lambda pen, texts: _text_page(pen, texts, "书宋"), PAPER),
    "楷体": (lambda pen, texts: _text_page(pen, texts, "楷"), PAPER),
    "仿宋": (lambda pen, texts: _text_page(pen, texts, "仿宋"), PAPER),
    "小字": (lambda pen, texts: _text_page(pen, texts, "宋", 7.5), PAPER),
    "双栏": (lambda pen, texts: _columns_page(pen, texts, "宋"), PAPER),
    "直排": (lambda pen, texts: _vertical_page(pen, texts, "明"), PAPER),
    "直排两层": (lambda pen, texts: _vertical_page(pen, texts, "明", 10.5, tiers=2), PAPER),
    "表格": (lambda pen, texts: _table_page(pen, texts, "宋"), PAPER),
    "报纸": (lambda pen, texts: _newspaper(pen, texts, "宋"), SHEET),
}


def drawn(kind: str, fonts: Sequence[Path], data: Path, seed: int, dots: int) -> Page:
    """A page of a kind. Raises LookupError where its face is not there."""
    draw, paper = KINDS[kind]
    return draw(Pen(fonts, dots, paper), Texts(data, seed))


def spoilt(image: Image.Image, degree: Degree, seed: int) -> bytes:
    """The page as a scanner, a copier or a telephone gives it: a JPEG, or a TIFF."""
    chance = np.random.default_rng(seed)
    if degree.bend:
        image = _bent(image, degree.bend)
    if degree.skew:
        image = image.rotate(degree.skew, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    if degree.blur:
        image = image.filter(ImageFilter.GaussianBlur(degree.blur))
    grey = np.asarray(image, dtype=np.float32)
    ink = 40 + (grey / 255) * 200  # paper is not white and ink not black
    if degree.behind:
        ink -= degree.behind * (255 - np.roll(grey[:, ::-1], 31, axis=0))
    if degree.shadow:
        across = np.linspace(0, 1, grey.shape[1], dtype=np.float32)
        ink *= 1 - degree.shadow * np.exp(-across * 9)[None, :]
    if degree.noise:
        ink += chance.normal(0, degree.noise, grey.shape)
    if degree.border:
        ink = _bordered(ink, degree.border)
    if degree.tilt:
        ink = _photographed(ink, degree, chance)
    image = Image.fromarray(np.clip(ink, 0, 255).astype(np.uint8))
    canvas = ImageDraw.Draw(image)
    for _ in range(degree.dirt):
        x, y, r = (int(chance.integers(most)) for most in (image.width, image.height, 4))
        canvas.ellipse((x, y, x + r + 1, y + r + 1), int(chance.integers(60, 140)))
    stream = io.BytesIO()
    if degree.two_tone:
        image.point(lambda shade: 255 * (shade > 140)).convert("1").save(stream, "TIFF", compression=degree.two_tone)
    else:
        image.save(stream, "JPEG", quality=degree.quality)
    return stream.getvalue()


def _bent(image: Image.Image, bend: float) -> Image.Image:
    """The page as it sinks into the gutter at the left: its lines bow down there and its characters grow narrow."""
    grey = np.asarray(image)
    height, width = grey.shape
    across = np.linspace(0, 1, width)
    down = (bend * width * np.exp(-across * 7)).round().astype(int)
    from_x = ((across + 0.6 * bend * np.exp(-across * 7) - 0.6 * bend) / (1 - 0.6 * bend) * (width - 1)).clip(
        0, width - 1
    )
    rows = (np.arange(height)[:, None] - down[None, :]).clip(0, height - 1)
    return Image.fromarray(grey[rows, from_x.round().astype(int)[None, :]])


def _bordered(ink: Any, border: float) -> Any:
    """Black at the left and below, as where a lid was open."""
    height, width = ink.shape
    wide = round(border * width)
    around = np.full((height + wide, width + wide), 18, dtype=np.float32)
    around[:height, wide:] = ink
    return around


def _photographed(ink: Any, degree: Degree, chance: np.random.Generator) -> Any:
    """The page on a dark table, narrower at its top, one corner in shadow, with the grain of a telephone's picture."""
    import cv2

    height, width = ink.shape
    room = round(0.07 * width)
    size = width + 2 * room, height + 2 * room
    near, far = room, room + degree.tilt * width / 2
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    seen = np.array(
        [
            (far, room),
            (width + 2 * room - far - room // 3, room * 1.2),
            (width + near, height + near),
            (near, height + room * 0.9),
        ],
        dtype=np.float32,
    )
    turn = cv2.getPerspectiveTransform(corners, seen)
    picture: Any = cv2.warpPerspective(ink, turn, size, flags=cv2.INTER_CUBIC, borderValue=52.0)
    x, y = np.meshgrid(np.linspace(0, 1, size[0], dtype=np.float32), np.linspace(0, 1, size[1], dtype=np.float32))
    picture *= 1 - degree.light * np.clip(x * 0.7 + (1 - y) * 0.5 - 0.2, 0, 1) ** 1.5
    picture *= 1 - 0.3 * degree.light * (np.abs(y - 0.7 + 0.3 * x) < 0.12)  # the shadow of an arm
    return picture + chance.normal(0, degree.noise / 2, picture.shape)
