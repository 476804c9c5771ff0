"""Correcting a paragraph where it stands: rewritten, split, joined with the next one, a note added; seen before saved.

Every form works without JavaScript. What was typed comes back with every error and with every preview.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from flask import Blueprint, redirect, render_template, request
from flask import session as login
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.edits import (
    REASONS,
    AddNote,
    Edit,
    InsertRow,
    Join,
    RemoveRow,
    Rewrite,
    apply,
    may_join,
    may_split,
)
from archive.model.errors import Conflict, NotFound, UsageError, WenshiError
from archive.model.records import Article, Block, Kind, Style
from archive.model.rewriting import changes, lost_readings
from archive.model.row_edits import columns, row_texts
from archive.text.differences import Pair, differences
from web.base import current
from web.base.error_pages import status_of
from web.reading.leaves import place_url
from web.reading.words_page import only_place

pages = Blueprint("correcting", __name__)

_NAMES = {
    Kind.TITLE: "题名",
    Kind.SUBTITLE: "副题",
    Kind.BYLINE: "署名",
    Kind.HEADING: "小标题",
    Kind.CELL: "表格的一格",
    Kind.FIGURE: "图片说明",
    Kind.CAPTION: "图表说明",
    Kind.NOTE: "注释",
    Kind.COMMENT: "批注",
    Kind.HEADER: "页眉",
    Kind.FOOTER: "页脚",
}
_LOOKS = {Style.BOLD: "加粗", Style.ITALIC: "斜体", Style.UNDERLINE: "下划线", Style.EMPHASIS: "着重号"}
_LONGEST_REASON = 500
# What is done to a paragraph besides changing its words, which must be saved first.
_BESIDE_TEXT = {
    "join": "合并",
    "note": "加注",
    "row-above": "加行",
    "row-below": "加行",
    "row-remove": "删去这一行",
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What saving would do: `count` paragraphs with what goes and what comes, and the readings that go with it.

    `paragraphs` are pieces of text, each with how it is marked: "" for what stays, "del", "ins".
    """

    count: int
    paragraphs: tuple[tuple[tuple[str, str], ...], ...]
    readings: tuple[tuple[str, str], ...]

    @property
    def changes(self) -> bool:
        """Whether anything is marked."""
        return any(how for one in self.paragraphs for _, how in one)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form holds: the text of the paragraph, a reason of the list and in words, a note and where it belongs.

    `row` are the cells of a new row of the table.
    """

    text: str
    reason: str = REASONS[0]
    words: str = ""
    note: str = ""
    behind: str = ""
    selection: tuple[int, int] = field(default=(0, 0))
    row: tuple[str, ...] = ()

    @property
    def whole_reason(self) -> str:
        """The reason as it is kept."""
        kind = self.reason if self.reason in REASONS else ""
        return "：".join(filter(None, (kind, self.words)))[:_LONGEST_REASON] or REASONS[0]


@pages.get("/article/<article_id>/edit/<int:block>")
def edit(article_id: str, block: int) -> ResponseReturnValue:
    """The form for one paragraph. `start` and `end` are what was selected in it."""
    current.require(Action.CORRECT)
    article = current.readable(article_id)
    _require(article, block)
    text = article.blocks[block].text
    start, end = (request.args.get(name, 0, type=int) for name in ("start", "end"))
    chosen = (start, end) if 0 <= start <= end <= len(text) else (0, 0)
    return _form(article, block, Typed(text, selection=chosen, behind=text[chosen[0] : chosen[1]]))


@pages.post("/article/<article_id>/edit/<int:block>")
def correct(article_id: str, block: int) -> ResponseReturnValue:
    """Show what a correction would do, or make it."""
    current.require(Action.CORRECT)
    session = current.session()
    version = request.form.get("version", 0, type=int)
    present = current.readable(article_id)
    made_on = present if version in (0, present.version) else session.article(article_id, version)
    _require(made_on, block)
    typed = _typed(made_on.blocks[block])
    try:
        edits = _edits(made_on, block, typed)
        changed = apply(made_on, edits)
        if request.form.get("do") == "preview":
            return _form(made_on, block, typed, preview=_preview(made_on, changed, block))
        saved = session.correct(article_id, edits, typed.whole_reason, made_on.version)
    except Conflict as error:
        return _overtaken(made_on, block, typed, error)
    except WenshiError as error:
        return _form(made_on, block, typed, error=error), status_of(error)
    session.corrections.leave(article_id)
    login["saved"] = [article_id, saved.version if saved.version != made_on.version else 0]
    there = session.corrections.present_block(article_id, made_on.version, block)
    return redirect(place_url(article_id, max(block - 1, 0) if there is None else there), code=303)


def _edits(article: Article, block: int, typed: Typed) -> list[Edit]:
    """What the button that was pressed asks for, together with the words typed."""
    held = article.blocks[block]
    asked = request.form.get("do", "")
    if asked not in _BESIDE_TEXT:
        return [] if typed.text == _shown(held) else [Rewrite(block, held.text, paragraphs(held, typed.text))]
    if typed.text != _shown(held):
        done = _BESIDE_TEXT[asked]
        raise UsageError(f"这一段还有没保存的改动，没有{done}。", hint=f"先保存改动，再{done}。")
    match asked:
        case "join":
            return [Join(block, held.text)]
        case "note":
            return [AddNote(block, held.text, _behind(held.text, typed), typed.note)]
        case "row-remove":
            return [RemoveRow(block, held.text, row_texts(article.blocks, block))]
        case _:
            return [InsertRow(block, held.text, typed.row, above=asked == "row-above")]


def paragraphs(block: Block, typed: str) -> tuple[str, ...]:
    """The paragraphs of a typed text. Where the stored one has line breaks of its own, an empty line parts them."""
    if not may_split(block.kind):
        text = " ".join(filter(str.strip, typed.split("\n"))) if block.kind is Kind.TITLE else typed.strip("\n")
        return (text,) if text else ()
    parting = "\n\n" if "\n" in block.text else "\n"
    return tuple(part for each in typed.split(parting) if (part := each.strip("\n")).strip())


def _behind(text: str, typed: Typed) -> int:
    words = typed.behind.strip()
    if not words:
        raise UsageError("没有写注在哪几个字后面，还没有加注。", hint="照抄这一段里的几个字，注码就放在它们后面。")
    start, end = typed.selection
    return end if text[start:end].strip() == words else only_place(text, words)[1]


def _typed(block: Block) -> Typed:
    form = request.form
    start, end = (form.get(name, 0, type=int) for name in ("start", "end"))
    return Typed(
        text=plain(form.get("text", block.text)),
        reason=form.get("reason", REASONS[0]),
        words=" ".join(form.get("words", "").split()),
        note=plain(form.get("note", "")).strip(),
        behind=form.get("behind", ""),
        selection=(start, end),
        row=tuple(" ".join(plain(each).split()) for each in form.getlist("cell")),
    )


def plain(text: str) -> str:
    """Text as it may be stored: line ends of one kind, no control characters that Word or a terminal left in it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    return "".join(each for each in text if each in "\n\t" or not (ord(each) < 32 or 0xD800 <= ord(each) <= 0xDFFF))


def _shown(block: Block) -> str:
    """The stored text as a browser gives it back when nothing was changed."""
    return plain(block.text)


def _preview(article: Article, changed: Article, block: int) -> Preview:
    grown = len(changed.blocks) - len(article.blocks)
    before = article.blocks[block : block + (2 if request.form.get("do") == "join" else 1)]
    after = changed.blocks[block : block + len(before) + grown]
    texts = [one.text for one in after]
    marked = _marked("".join(one.text for one in before), texts)
    return Preview(len(texts), marked, lost_readings(before, after))


def _marked(before: str, after: Sequence[str]) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The new paragraphs character by character: what stays, what comes, and what goes where it stood."""
    ends = list(accumulate(map(len, after)))
    paragraphs: list[list[tuple[str, str]]] = [[] for _ in after] or [[]]
    at = there = 0

    def put(text: str, how: str) -> None:
        nonlocal there
        while text:
            number = next((index for index, end in enumerate(ends) if there < end), len(paragraphs) - 1)
            room = len(text) if how == "del" or not ends else ends[number] - there
            paragraphs[number].append((text[:room], how))
            there += 0 if how == "del" else len(text[:room])
            text = text[room:]

    for change in changes(before, "".join(after)):
        put(before[at : change.start], "")
        put(change.before, "del")
        put(change.after, "ins")
        at = change.end
    put(before[at:], "")
    return tuple(map(tuple, paragraphs))


def _overtaken(made_on: Article, block: int, typed: Typed, error: Conflict) -> ResponseReturnValue:
    """Somebody was quicker: their words and these side by side, on the version as it is now."""
    present = current.readable(made_on.id)
    there = current.session().corrections.present_block(made_on.id, made_on.version, block)
    if there is None:
        error = Conflict("您打开之后，已有人把这一段去掉了；您写的还没有保存", hint="下面是您写的，可以抄到别处。")
        return _form(made_on, block, typed, error=error, gone=True), 409
    theirs = present.blocks[there].text
    beside = differences([theirs], [typed.text])
    return _form(present, there, typed, error=error, beside=(theirs, beside)), 409


def _form(
    article: Article,
    block: int,
    typed: Typed,
    *,
    preview: Preview | None = None,
    error: WenshiError | None = None,
    beside: tuple[str, Sequence[Pair]] | None = None,
    gone: bool = False,
) -> str:
    held = article.blocks[block]
    after = article.blocks[block + 1] if block + 1 < len(article.blocks) else None
    return render_template(
        "correct.html",
        article=article,
        block=block,
        kind=_NAMES.get(held.kind, "这一段"),
        before=article.blocks[block - 1].text if block > 1 else "",
        after=after.text if after else "",
        joinable=after is not None and may_join(held, after),
        noted=held.kind.searched and held.kind not in (Kind.NOTE, Kind.FIGURE),
        splits=may_split(held.kind),
        parted="\n" in held.text,
        keeps=_keeps(held),
        row=row_texts(article.blocks, block) if held.cell else (),
        columns=columns(article.blocks, block) if held.cell else 0,
        typed=typed,
        reasons=REASONS,
        preview=preview,
        error=error,
        others=current.session().corrections.come(article.id),
        beside=beside,
        gone=gone,
    )


def _keeps(block: Block) -> list[str]:
    """What of the paragraph's look stays with the words that are not changed."""
    styles = [name for style, name in _LOOKS.items() if any(style in run.style for run in block.runs)]
    notes = ["注码"] if any(run.note for run in block.runs) else []
    return [*notes, *styles, *(["注音"] if any(run.ruby for run in block.runs) else [])]


def _require(article: Article, block: int) -> None:
    if not 0 <= block < len(article.blocks):
        raise NotFound("这篇文章里没有这一段。", hint="文章也许更正过了，请重新打开再看。")
    if article.blocks[block].kind is Kind.FIGURE and not article.blocks[block].text:
        raise NotFound("这里是一幅图片，没有文字可改。", hint="图片下面的说明可以改。")
