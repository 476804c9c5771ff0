"""The picture of a page read: its lines found, cut out at full size, read, and each held against what it looks like.

A line has about one character for each of its heights. One that has far fewer, or far more, or of which the model is
not sure, is read again: with more room, larger, in pieces. What looks like a line and was not found as one is read too.
What stays doubtful is kept and marked; nothing is left out without a word.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Any

from ingest.readers import recogniser
from ingest.readers.line_boxes import PART_LENGTH, grown, length, sides, skew, spans, thickness, united
from ingest.readers.recogniser import Character
from ingest.readers.show_through import FAINT, contrasts, of_characters, of_this_side
from ingest.text.printed_marks import as_printed

_LONGEST_SIDES = (1_120, 0.0), (1_500, 20.0)  # pixels of the page on which lines are looked for: the larger one
# where lines are thinner than so many pixels on the smaller. A page of 10-point print is as well read on the smaller
# at less than half the time; a newspaper's is not.
_THIN = 15.0  # pixels: where lines are thinner even there, they are looked for in parts of the page
_PART_SIDE, _PART_ENLARGED = 1_000, 2.0  # pixels up to which a part chosen by hand is enlarged, and how far
_TALL = 1.5  # a box of several characters so much taller than wide is a column
_NARROW = 0.55  # of a character: what a digit, a Latin letter or half a mark takes
_SHORT, _LONG = 0.72, 1.45  # of the characters that a line seems to have
_SURE_OF_MORE = 0.93  # a line longer than it looks is believed
_UNSURE = 0.85  # mean confidence: less is read again
_STILL_UNSURE = 0.6
_FEWEST = 3.0  # characters a line must seem to have before it is held against its length
_PIECE = 9  # characters of a piece, about
_ROOM = 0.18  # of its height: how much more of the page is cut out the second time
_ENLARGED = 1.6
_DARK = 0.62  # of the brightness of its paper: ink
_LINE_LOW, _LINE_HIGH = 0.45, 1.9  # of the usual height: what may be a line that was not found
_INK = (0.06, 0.6)  # of its area
_RULE, _THROUGHOUT = 0.2, 0.85  # of the height of lines: how thick a rule is; of its length, where it is so thin
_LARGEST = 4_000  # pixels of the longer side of a page: a newspaper at 260 dots an inch
_SOFTENED = 0.7  # pixels: sigma of the blur of black and white
_FAINT_BUT_SURE = 0.98  # a line much paler than the others is kept where the model is so sure of it
_MOSTLY = 0.85  # of a line's characters are faint: so is the line
_FEWEST_LINES = 4  # of a page, for their contrast to be usual
_CERTAIN = 0.75  # a line not found at first is text where the model is so sure of it


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line on a page: its corners in pixels of the picture (x, y), from the upper left of its text, clockwise.

    `seems`: how many characters it looks like; `downwards`: it runs from the top to the bottom. `again`: it was read
    more than once. `doubtful`: it has far fewer or more characters than it looks like, or the model is not sure at all.
    """

    corners: tuple[tuple[float, float], ...]
    characters: tuple[Character, ...]
    seems: float
    downwards: bool = False
    again: bool = False
    doubtful: bool = False

    @property
    def text(self) -> str:
        """What was read, marks as they are printed between Han characters."""
        return as_printed("".join(one.text for one in self.characters))

    @property
    def confidence(self) -> float:
        """The mean over the characters; 0 for none."""
        return sum(one.confidence for one in self.characters) / len(self.characters) if self.characters else 0.0


@dataclass(frozen=True, slots=True)
class PageReading:
    """All lines found on a picture, from the top. `width` and `height` in pixels; `skew` in degrees, clockwise.

    `unread`: places (left, top, right, bottom) that look like lines and gave no text. `faint`: how many lines and ends
    of lines were left out, being so much paler than the others that they show through from the other side.
    """

    width: int
    height: int
    skew: float = 0.0
    lines: tuple[ReadLine, ...] = ()
    unread: tuple[tuple[float, float, float, float], ...] = field(default=())
    faint: int = 0


NOTHING = PageReading(1, 1)
"""Of a picture that cannot be read."""


def read_page(data: bytes) -> PageReading:
    """Reads a picture. Raises whatever Pillow raises for one it cannot decode; it has no common base."""
    image = decoded(data)
    boxes = _found(image)
    if not len(boxes):
        return PageReading(image.shape[1], image.shape[0])
    if recogniser.is_upside_down([_cut(image, box) for box in sorted(boxes, key=length)[-6:]]):
        # A page put in the wrong way round; its lines keep their places on the picture.
        turned = image[::-1, ::-1].copy()
        read = _read_boxes(turned, _found(turned))
        return replace(read, lines=tuple(_turned(line, read) for line in read.lines))
    return _read_boxes(image, boxes)


def read_part(data: bytes, box: tuple[int, int, int, int], turn: int = 0) -> PageReading:
    """Reads a part of a picture, in thousandths (left, top, right, bottom), enlarged where it is small.

    It is turned clockwise by `turn` degrees first, a multiple of 90.
    """
    import cv2
    import numpy as np

    image = decoded(data)
    height, width = image.shape[:2]
    left, right = sorted(min(1000, max(0, side)) * width // 1000 for side in (box[0], box[2]))
    top, bottom = sorted(min(1000, max(0, side)) * height // 1000 for side in (box[1], box[3]))
    part = np.rot90(image[top:bottom, left:right], -turn // 90).copy()
    if min(part.shape[:2]) < 8:
        return NOTHING
    scale = min(_PART_ENLARGED, max(1.0, _PART_SIDE / max(part.shape[:2])))
    if scale > 1:
        part = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    margin = int(0.04 * max(part.shape[:2])) + 8
    paper = [int(np.percentile(part, 90))] * 3
    part = cv2.copyMakeBorder(part, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=paper)
    boxes = _found(part)
    return _read_boxes(part, boxes) if len(boxes) else PageReading(part.shape[1], part.shape[0])


def decoded(data: bytes) -> Any:
    """A picture as an array of height × width × 3 (equal channels), turned as a camera says it was held.

    One larger than any reading needs is made smaller.
    """
    import cv2
    import numpy as np
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the caller's own bound is lower
        with Image.open(io.BytesIO(data)) as opened:
            turned = ImageOps.exif_transpose(opened) or opened
            if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
                turned = turned.convert("RGBA")
                turned = Image.alpha_composite(Image.new("RGBA", turned.size, "white"), turned)
            grey = np.asarray(turned.convert("L"))
            if turned.mode == "1":  # the models were made for grey edges
                grey = cv2.GaussianBlur(grey, (0, 0), _SOFTENED)
    scale = _LARGEST / max(grey.shape)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.repeat(grey[:, :, None], 3, axis=2)


def _read_boxes(image: Any, boxes: Any) -> PageReading:
    lines = [line for box in boxes if (line := _read_line(image, box)) is not None]
    lines = [line for line in lines if line.characters or line.seems >= 1.5]
    advance = _advance(lines)
    lines = [_checked(image, line, advance) for line in lines]
    more, unread = _overlooked(image, lines, advance)
    every = sorted((line for line in (*lines, *more) if line.characters), key=lambda line: _extent(line)[1])
    unread += [_extent(line) for line in lines if not line.characters]
    every, unread, faint = _of_this_side(image, every, unread)
    return PageReading(image.shape[1], image.shape[0], skew(boxes), tuple(every), tuple(unread), faint)


def _of_this_side(
    image: Any, lines: list[ReadLine], unread: list[tuple[float, float, float, float]]
) -> tuple[list[ReadLine], list[tuple[float, float, float, float]], int]:
    """The lines and the unread places without what shows through from the other side, and how often it does."""
    import numpy as np

    if len(lines) < _FEWEST_LINES:
        return lines, unread, 0
    columns, seen = [], []
    for line in lines:
        strip = _cut(image, np.array(line.corners))
        columns.append(contrasts(strip))
        seen.append(of_characters(columns[-1], [one.at for one in line.characters], strip.shape[0]))
    usual = median(one for own in seen for one in own)
    kept, faint = [], 0
    for line, ink, own in zip(lines, columns, seen, strict=True):
        if sum(one < FAINT * usual for one in own) > _MOSTLY * len(own):
            faint += line.confidence < _FAINT_BUT_SURE
            kept += [line] if line.confidence >= _FAINT_BUT_SURE else []
            continue
        read = line.characters
        begin, end = of_this_side([one.text for one in read], [one.at for one in read], own, ink, usual)
        faint += end - begin < len(own)
        kept.append(replace(line, characters=read[begin:end]))
    places = [np.array([(x, y), (a, y), (a, b), (x, b)]) for x, y, a, b in unread]
    pale = [float(contrasts(_cut(image, place)).max()) < FAINT * usual for place in places]
    return kept, [place for place, is_pale in zip(unread, pale, strict=True) if not is_pale], faint + sum(pale)


# -- finding lines
def _found(image: Any) -> Any:
    """The corners of all lines, n × 4 × 2: on the page made smaller, or where print is small in parts of it."""
    import cv2
    import numpy as np

    boxes, thick, scale = np.zeros((0, 4, 2)), 0.0, 0.0
    for side, thin in _LONGEST_SIDES:
        if scale == 1 or (scale and thick >= thin):
            break
        scale = min(1.0, side / max(image.shape[:2]))
        small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
        boxes = recogniser.boxes_of(small) / scale
        thick = median(map(thickness, boxes)) * scale if len(boxes) else 0.0
    if scale == 1 or thick >= _THIN:
        return boxes
    finer = min(1.0, 2 * PART_LENGTH / max(image.shape[:2]))
    page = cv2.resize(image, None, fx=finer, fy=finer, interpolation=cv2.INTER_AREA) if finer < 1 else image
    parts = [
        recogniser.boxes_of(page[top:bottom, left:right]) + np.array((left, top))
        for top, bottom in spans(page.shape[0])
        for left, right in spans(page.shape[1])
    ]
    return united(np.concatenate(parts)) / finer


# -- reading one
def _cut(image: Any, box: Any, room: float = 0.0) -> Any:
    """What lies in a box, level, its beginning on the left; `room` is added on all sides, in heights."""
    import numpy as np
    from rapidocr.utils.process_img import get_rotate_crop_image

    if room:
        (wide, tall), centre = sides(box), box.mean(axis=0)
        more = room * min(wide, tall)
        box = centre + (box - centre) * (np.array([[1 + 2 * more / max(1.0, wide), 1 + 2 * more / max(1.0, tall)]]))
    box = np.clip(box, (0, 0), (image.shape[1] - 1, image.shape[0] - 1)).astype(np.float32)
    if min(sides(box)) < 2:
        return np.full((8, 8, 3), 255, dtype=np.uint8)
    return np.ascontiguousarray(get_rotate_crop_image(image, box))


def _read_line(image: Any, box: Any) -> ReadLine | None:
    strip = _cut(image, box)
    if min(strip.shape[:2]) < 4:
        return None
    wide, tall = sides(box)
    corners = tuple((float(x), float(y)) for x, y in box)
    return ReadLine(corners, recogniser.read_strip(strip), _seems(strip), tall >= _TALL * wide)


def _seems(strip: Any) -> float:
    """How many heights of ink lie along a line that runs from left to right; wide gaps do not count."""
    import numpy as np

    dark = _ink(strip)
    rows = np.flatnonzero(dark.mean(axis=1) > 0.02)
    if not len(rows):
        return 0.0
    height = max(4, int(rows[-1] - rows[0] + 1))
    columns = np.flatnonzero(dark[rows[0] : rows[-1] + 1].sum(axis=0) > 1)
    if not len(columns):
        return 0.0
    gaps = np.diff(columns)
    wide = gaps[gaps > 0.8 * height]
    return float((columns[-1] - columns[0] + 1 - (wide - 0.3 * height).sum()) / height)


def _ink(strip: Any) -> Any:
    """Where the ink is: darker than the paper of the strip."""
    import numpy as np

    grey = strip[:, :, 0]
    paper, ink = np.percentile(grey, 80), np.percentile(grey, 2)
    return grey < max(_DARK * paper, (paper + ink) / 2)


def _units(characters: Sequence[Character]) -> float:
    """How many characters' room a text takes."""
    return sum(1.0 if one.text > "\u2e7f" else _NARROW for one in characters)


def _advance(lines: Sequence[ReadLine]) -> float:
    """The heights of ink that a character takes on this page; about one."""
    sure = [
        line.seems / units
        for line in lines
        if line.confidence > _UNSURE and (units := _units(line.characters)) >= _FEWEST
    ]
    return min(1.6, max(0.8, median(sure))) if sure else 1.0


def _fits(line: ReadLine, advance: float) -> bool:
    """Whether a line has about as many characters as it looks like."""
    seems = line.seems / advance
    if seems < _FEWEST:
        return bool(line.characters)
    units = _units(line.characters)
    # A rule or a stain in its box makes a line look shorter than it is: what is read beyond that is seldom sure.
    return _SHORT * seems < units and (units < _LONG * seems + 1 or line.confidence >= _SURE_OF_MORE)


def _checked(image: Any, line: ReadLine, advance: float) -> ReadLine:
    """A line as it is where it is long enough and sure; else the best of several readings of it."""
    if _fits(line, advance) and line.confidence >= _UNSURE:
        return line
    readings = [line]
    for characters in _again(image, line, advance):
        readings.append(replace(line, characters=characters, again=True))
        if _fits(readings[-1], advance) and readings[-1].confidence >= _UNSURE:
            break
    best = max(readings, key=lambda one: (_fits(one, advance), one.confidence))
    unlike = not _fits(best, advance) or best.confidence < _STILL_UNSURE
    return replace(best, again=True, doubtful=unlike and line.seems >= _FEWEST)


def _again(image: Any, line: ReadLine, advance: float) -> Iterator[tuple[Character, ...]]:
    """Other readings of a line: with more room, larger with its paper made white, in pieces."""
    import cv2
    import numpy as np

    box = np.array(line.corners)
    strip = _cut(image, box, _ROOM)
    yield recogniser.read_strip(strip)
    grey = strip[:, :, 0].astype(np.float32)
    paper, ink = np.percentile(grey, 80), np.percentile(grey, 2)
    clean = np.clip((grey - ink) / max(1.0, paper - ink) * 255, 0, 255).astype(np.uint8)
    larger = cv2.resize(clean, None, fx=_ENLARGED, fy=_ENLARGED, interpolation=cv2.INTER_CUBIC)
    clear = np.repeat(larger[:, :, None], 3, axis=2)
    yield recogniser.read_strip(clear, whole=True)
    for whole in (strip, clear):
        yield _in_pieces(whole, line.seems / advance)


def _in_pieces(strip: Any, seems: float) -> tuple[Character, ...]:
    """A line read in pieces, cut where there is least ink."""
    import numpy as np

    count = round(seems / _PIECE)
    if count < 2:
        return recogniser.read_strip(strip)
    dark, width = _ink(strip).sum(axis=0), strip.shape[1]
    reach = max(2, int(width / seems))
    cuts = [0]
    for number in range(1, count):
        middle = number * width // count
        around = np.convolve(dark[middle - reach : middle + reach], np.ones(3), "same")
        cuts.append(middle - reach + int(around.argmin()))
    cuts.append(width)
    found: list[Character] = []
    for begin, end in pairwise(cuts):
        found += [
            replace(one, at=(begin + one.at * (end - begin)) / width)
            for one in recogniser.read_strip(np.ascontiguousarray(strip[:, begin:end]))
        ]
    return tuple(found)


# -- what was not found
def _overlooked(
    image: Any, lines: Sequence[ReadLine], advance: float
) -> tuple[list[ReadLine], list[tuple[float, float, float, float]]]:
    """Lines among the ink that lies outside all boxes, read; and the places of those that gave no text."""
    import cv2
    import numpy as np

    if not lines:
        return [], []
    grey = image[:, :, 0]
    usual = median(thickness(np.array(line.corners)) for line in lines) * 0.75  # boxes are larger than their ink
    paper = cv2.blur(cv2.dilate(grey, np.ones((int(usual), int(usual)), np.uint8)), (int(3 * usual), int(3 * usual)))
    dark = (grey < _DARK * paper.astype(np.float32)).astype(np.uint8)
    for line in lines:
        cv2.fillPoly(dark, [grown(np.array(line.corners), 0.12).astype(np.int32)], 0)
    down = sum(line.downwards for line in lines) > len(lines) / 2
    along, across = max(3, int(0.9 * usual)), max(1, int(0.15 * usual))
    spread = cv2.dilate(dark, np.ones((along, across) if down else (across, along), np.uint8))
    found: list[ReadLine] = []
    unread = []
    for x, y, w, h, _ in cv2.connectedComponentsWithStats(spread)[2][1:]:
        long, high = (h, w) if down else (w, h)
        ink = float(dark[y : y + h, x : x + w].mean())
        if not (_LINE_LOW * usual < high < _LINE_HIGH * usual and long > 1.2 * usual):
            continue
        if not _INK[0] < ink < _INK[1] or _is_rule(dark[y : y + h, x : x + w], down, usual):
            continue
        margin = 0.15 * usual
        box = np.array([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], dtype=float)
        box += np.array([(-margin, -margin), (margin, -margin), (margin, margin), (-margin, margin)])
        first = _read_line(image, box)
        if first is not None:
            line = _checked(image, first, advance)
            if line.characters and line.confidence >= _CERTAIN:
                found.append(replace(line, again=True))
            elif line.seems >= _FEWEST:
                unread.append(_extent(line))
    return found, unread


def _is_rule(dark: Any, down: bool, usual: float) -> bool:
    """Whether the ink is one rule: a row or column of it is dark nearly throughout, or it is thin all along and leans.

    `usual`: the height of lines in pixels.
    """
    import numpy as np

    across = dark.sum(axis=1 if down else 0)
    thin = np.count_nonzero((across > 0) & (across <= max(2.0, _RULE * usual)))
    return bool(dark.mean(axis=0 if down else 1).max() > 0.8 or thin > _THROUGHOUT * len(across))


def _extent(line: ReadLine) -> tuple[float, float, float, float]:
    across, down = [x for x, _ in line.corners], [y for _, y in line.corners]
    return min(across), min(down), max(across), max(down)


def _turned(line: ReadLine, page: PageReading) -> ReadLine:
    """A line of a page that was read upside down, at its place on the picture."""
    return replace(line, corners=tuple((page.width - 1 - x, page.height - 1 - y) for x, y in line.corners))
