"""Reading a scanned page against its picture: the picture on the left, its text on the right, what was doubtful marked.

Saving makes a new version, as any correction does. Without scripts the picture and the text stand side by side, and
saving works as well; the lines of the picture are read anew when a page is opened, in an isolated process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import atan2, degrees, hypot
from pathlib import Path
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.corrections.suggestions import likelier, names_by_character
from archive.model.access import Action
from archive.model.edits import Edit, Insert, Rewrite
from archive.model.errors import NotFound, UsageError, WenshiError
from archive.model.integers import whole_number
from archive.model.records import Article, Kind
from archive.model.scanned_pages import ROUNDS, ScannedPage, scanned_pages
from archive.support.isolation.isolated_process import ProcessLost, borrowed
from archive.text.line_places import place_of
from ingest.readers.page_reading import PageReading, ReadLine
from ingest.readers.recogniser import Character
from ingest.text.printed_marks import as_printed
from web.base import current
from web.base.error_pages import status_of
from web.editing.correction_pages import paragraphs, plain
from web.editing.picture_spots import spot

pages = Blueprint("scans", __name__)

_READ, _READ_REGION = "ingest.readers.ocr:read_picture", "ingest.readers.ocr:read_region"
_CUT = "ingest.readers.part_picture:cut"
_TURNS = (0, 90, 180, 270)
_SECONDS = 120.0  # for one page on a slow machine
_KEPT = 64  # readings of pages held in memory
_MOVABLE = frozenset({Kind.PARAGRAPH, Kind.HEADING})
_DOUBTFUL, _DOUBTFUL_MARK = 0.7, 0.4  # a character, or a mark, that the model is less sure of is shown


@pages.get("/article/<article_id>/scan/<int:number>")
def scan(article_id: str, number: int) -> ResponseReturnValue:
    """The page of a number, counted from 1."""
    current.require(Action.CORRECT)
    article = current.readable(article_id)
    return _desk(article, number, _page(article, number))


@pages.get("/article/<article_id>/scan/<int:number>/lines")
def lines(article_id: str, number: int) -> ResponseReturnValue:
    """The lines of the picture, where each stands in the text, and the doubtful characters, as JSON."""
    current.require(Action.CORRECT)
    article = current.readable(article_id)
    page = _page(article, number)
    file, _ = current.session().picture(page.picture)
    reading = _read(page.picture, str(file), str(current.session().root))
    texts = [article.blocks[at].text for at in page.blocks]
    return jsonify(lines=_placed_lines(reading, texts, page.blocks))


@pages.get("/article/<article_id>/scan/<int:number>/region")
def region(article_id: str, number: int) -> ResponseReturnValue:
    """The text in a part of the picture, read again: `box` is left, top, right, bottom in thousandths, as JSON.

    `turn`: degrees by which the picture is turned clockwise before it is read, 0, 90, 180 or 270.
    """
    current.require(Action.CORRECT)
    page = _page(current.readable(article_id), number)
    sides = [whole_number(side) for side in request.args.get("box", "").split(",")]
    if len(sides) != 4 or not all(side is not None and 0 <= side <= 1000 for side in sides):
        raise UsageError("没有画出要重认的一块。", hint="在图像上按住鼠标，从左上拖到右下")
    turn = whole_number(request.args.get("turn", "0"))
    file, _ = current.session().picture(page.picture)
    try:
        with borrowed() as process:
            text = process.call(
                _READ_REGION, file, tuple(sides), turn if turn in _TURNS else 0, returns=str, seconds=_SECONDS
            )
    except ProcessLost:
        text = ""
    return jsonify(text=text)


@pages.get("/article/<article_id>/scan/place")
def place(article_id: str) -> ResponseReturnValue:
    """What the picture of its page shows of a place in the text, framed, as JPEG: `version`, `block`, `start`, `end`.

    Raises NotFound where no line of the picture was found that stands there.
    """
    current.require(Action.CORRECT)
    version, block, start, end = (request.args.get(one, 0, type=int) for one in ("version", "block", "start", "end"))
    present = current.readable(article_id)
    article = present if version == present.version else current.session().article(article_id, version)
    for page in scanned_pages(article):
        if block not in page.blocks:
            continue
        file, _ = current.session().picture(page.picture)
        reading = _read(page.picture, str(file), str(current.session().root))
        found = spot(reading, article.blocks[block].text, start, end)
        if found is not None:
            with borrowed() as process:
                shown = process.call(_CUT, file, found.view, found.frame, returns=bytes, seconds=_SECONDS)
            return Response(shown, mimetype="image/jpeg")
    raise NotFound("图像上没有找到这一处。", hint="打开这一页，对照整页图像看。")


@pages.post("/article/<article_id>/scan/<int:number>/proof")
def take_back(article_id: str, number: int) -> ResponseReturnValue:
    """Take the last signature on the page back."""
    current.require(Action.CORRECT)
    current.session().page_proofs.take_back(article_id, number)
    return redirect(url_for("scans.scan", article_id=article_id, number=number), code=303)


@pages.post("/article/<article_id>/scan/<int:number>")
def save(article_id: str, number: int) -> ResponseReturnValue:
    """Keep what was typed as a new version, and show the page again or the next one.

    With `round` in the form's `do`, the page is signed for that round as well, in one step: "sign 1". With "replace",
    the places in the volume follow where the same words stand.
    """
    current.require(Action.CORRECT)
    version = request.form.get("version", 0, type=int)
    present = current.readable(article_id)
    made_on = present if version in (0, present.version) else current.session().article(article_id, version)
    page = _page(made_on, number)
    typed = {at: plain(request.form.get(f"text-{at}", made_on.blocks[at].text)) for at in page.blocks}
    edits = _edits(made_on, typed, _order(made_on, page, request.form.get("order", "")))
    do, _, round = request.form.get("do", "").partition(" ")
    try:
        if edits:
            current.session().correct(article_id, edits, f"校对扫描件第 {number} 页", made_on.version)
    except WenshiError as error:
        return _desk(made_on, number, page, typed, error), status_of(error)
    if do == "replace":
        words, instead = request.form.get("words", ""), request.form.get("instead", "")
        to = {"collection": made_on.collection, "words": words, "instead": instead, "scan": article_id}
        return redirect(f"{url_for('replacing.replace')}?{urlencode(to)}&page={number}", code=303)
    signed = None
    if do == "sign":
        current.session().page_proofs.sign(article_id, number, whole_number(round) or 0)
        signed = number
    further = number + 1 if do in ("next", "sign") and number < len(scanned_pages(made_on)) else number
    shown = url_for("scans.scan", article_id=article_id, number=further, saved=len(edits), signed=signed)
    return redirect(shown, code=303)


def _order(article: Article, page: ScannedPage, told: str) -> dict[int, int]:
    """Which block stands in the place of which, of those that `told` names; none where that is no order of such."""
    found = [whole_number(one) for one in told.split()]
    places = [at for at in page.blocks if at in found and article.blocks[at].kind in _MOVABLE]
    if len(places) != len(found):
        return {}
    return {place: one for place, one in zip(places, found, strict=True) if one is not None}


def _edits(article: Article, typed: Mapping[int, str], order: Mapping[int, int]) -> list[Edit]:
    """What makes the blocks of a page read as typed, in the order given; a title moves with its text."""
    found: list[Edit] = []
    for place, text in typed.items():
        block = article.blocks[place]
        moved = article.blocks[order.get(place, place)]
        text = typed[order.get(place, place)]
        if (moved.kind, moved.level) == (block.kind, block.level):
            if text != plain(block.text):
                found.append(Rewrite(place, block.text, paragraphs(block, text)))
        else:
            found.append(Rewrite(place, block.text, ()))
            found += (Insert(place, block.text, moved.kind, one, moved.level) for one in paragraphs(moved, text))
    return found


def _page(article: Article, number: int) -> ScannedPage:
    found = scanned_pages(article)
    if not 1 <= number <= len(found):
        raise NotFound("这篇文章没有这一页扫描图像。", hint="文章也许更正过了，请从阅读页重新打开。")
    return found[number - 1]


def _desk(
    article: Article,
    number: int,
    page: ScannedPage,
    typed: dict[int, str] | None = None,
    error: WenshiError | None = None,
) -> str:
    texts = typed or {at: article.blocks[at].text for at in page.blocks}
    return render_template(
        "scan.html",
        article=article,
        page=page,
        number=number,
        proofs=current.session().page_proofs.of(article.id),
        rounds=ROUNDS,
        texts=texts,
        error=error,
        saved=request.args.get("saved", type=int),
        signed=request.args.get("signed", type=int),
    )


@lru_cache(maxsize=_KEPT)
def _read(picture: str, file: str, root: str) -> PageReading:
    """The lines of a picture (by its SHA-256; the same picture has the same lines). Raises ReadError."""
    try:
        with borrowed() as process:
            found: PageReading = process.call(
                _READ, Path(file), picture, Path(root), returns=PageReading, seconds=_SECONDS
            )
    except ProcessLost:
        return PageReading(1, 1)
    return found


def _is_doubtful(character: Character) -> bool:
    """Marks are often told with less certainty and seldom wrong: how wide they are is no matter of doubt."""
    return character.confidence < (_DOUBTFUL if character.text.isalnum() else _DOUBTFUL_MARK)


def _ordered(character: Character, text: str, at: int, names: Mapping[str, tuple[str, ...]]) -> tuple[str, str]:
    """What a character may be instead, what fits better first; why that is, or an empty string."""
    others = "".join(dict.fromkeys(as_printed(f"一{other}")[1:] for other in character.others)).replace(text[at], "")
    best, why = likelier(text, at, others, names)
    return (best + others.replace(best, ""), why) if best else (others, "")


def _placed_lines(reading: PageReading, texts: Sequence[str], blocks: Sequence[int]) -> list[dict[str, object]]:
    """The lines that stand in the texts, with what fits better put first among what a doubtful character may be."""
    wanted = {
        other
        for line in reading.lines
        for one in line.characters
        if _is_doubtful(one)
        for other in one.text + one.others
    }
    forms = (form for name in current.session().authority().names for form in name.forms) if wanted else ()
    names = names_by_character(forms, wanted)
    return [one for line in reading.lines if (one := _placed(line, reading, texts, blocks, names))]


def _placed(
    line: ReadLine,
    reading: PageReading,
    texts: Sequence[str],
    blocks: Sequence[int],
    names: Mapping[str, tuple[str, ...]],
) -> dict[str, object] | None:
    """A line for the browser: its box in thousandths of the picture, its place, its doubts.

    The box is level; `turn` is how far it leans about its middle, in degrees, clockwise. A doubt is [offset, how sure
    in percent, what it may be instead, why the first of these fits better].
    """
    place = place_of("".join(one.text for one in line.characters), texts)
    if place is None:
        return None
    text = texts[place.text]
    doubts = [
        [there, round(100 * line.characters[at].confidence), *_ordered(line.characters[at], text, there, names)]
        for at, there in place.same
        if _is_doubtful(line.characters[at])
    ]
    box, turn = _frame(line, reading)
    return {
        "box": box,
        "turn": turn,
        "block": blocks[place.text],
        "start": place.start,
        "end": place.end,
        "doubts": doubts,
        "short": line.doubtful,
    }


def _frame(line: ReadLine, reading: PageReading) -> tuple[list[int], float]:
    """The box a line would fill if it were level, in thousandths of the picture, and how far it leans, in degrees."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = line.corners
    wide, tall = hypot(x1 - x0, y1 - y0), hypot(x3 - x0, y3 - y0)
    along, down = (x1 + x2 - x0 - x3, y1 + y2 - y0 - y3), (x3 + x2 - x0 - x1, y3 + y2 - y0 - y1)
    turn = atan2(along[1], along[0]) if wide >= tall else -atan2(down[0], down[1])
    x, y = (x0 + x1 + x2 + x3) / 4, (y0 + y1 + y2 + y3) / 4
    sides = x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2
    whole = (reading.width, reading.height) * 2
    return [round(1000 * side / length) for side, length in zip(sides, whole, strict=True)], round(degrees(turn), 1)
