"""前言, 凡例, 后记: what stands before and after the articles of a book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.errors import Conflict, UsageError, WenshiError
from archive.model.project import Matter, Project
from web.base import error_pages
from web.books import project_editor

pages = Blueprint("book_matter", __name__, url_prefix="/books/<name>/matter")

PLACES = {"front": "书前", "back": "书后"}
USUAL = {"front": ("序", "前言", "凡例", "编者的话", "出版说明"), "back": ("后记", "编后记", "跋", "附录", "勘误")}
_LARGEST = 4_000_000  # bytes of a form: some 400,000 characters
_LONGEST_TITLE = 200


@pages.url_value_preprocessor
def _allow(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A preface may be longer than other forms."""
    request.max_content_length = request.max_form_memory_size = _LARGEST


@pages.get("")
def matter(name: str) -> ResponseReturnValue:
    """All pieces in order, and the form for a new one."""
    words, warn = project_editor.message()
    return render_template(
        "book_matter.html",
        project=project_editor.project(name),
        places=PLACES,
        usual=USUAL,
        at=request.args.get("at", ""),
        by=request.args.get("by", ""),
        message=words,
        warn=warn,
    )


@pages.post("")
def arrange(name: str) -> ResponseReturnValue:
    """Add, move or remove a piece: `do` is a verb, the place (front or back) and the number of the piece."""
    try:
        kept = project_editor.sent(name)
        verb, place, number = (*request.form.get("do", "").split(), "", "", "")[:3]
        if place not in PLACES:
            raise UsageError("没有这种改法，书稿没有改动。", hint="请刷新页面后再试。")
        at = project_editor.number(number) if number else len(_pieces(kept, place))
        if verb == "add":
            title = " ".join(request.form.get("title", "").split())[:_LONGEST_TITLE] or USUAL[place][0]
            changed = _with(kept, place, [*_pieces(kept, place), Matter(title=title)])
            project_editor.change(kept, changed, f"{PLACES[place]}添《{title}》")
            return redirect(url_for("book_matter.piece", name=name, place=place, at=at), code=303)
        changed, at, words = _arranged(kept, verb, place, at)
        project_editor.change(kept, changed, words)
        project_editor.say(words)
    except (Conflict, UsageError) as error:
        project_editor.say(f"{error.message}{error.hint}", warn=True)
        return redirect(url_for("book_matter.matter", name=name), code=303)
    return redirect(url_for("book_matter.matter", name=name, at=f"{place} {at}", by=verb), code=303)


@pages.get("/<any(front,back):place>/<int:at>")
def piece(name: str, place: str, at: int) -> ResponseReturnValue:
    """One piece in a form."""
    kept = project_editor.project(name)
    return _form(kept, place, at, _piece(kept, place, at))


@pages.post("/<any(front,back):place>/<int:at>")
def save(name: str, place: str, at: int) -> ResponseReturnValue:
    """Keep a piece as typed. What was typed is shown again when it cannot be kept."""
    typed = Matter(
        title=" ".join(request.form.get("title", "").split())[:_LONGEST_TITLE],
        text=request.form.get("text", "").replace("\r\n", "\n").strip("\n"),
        signature=request.form.get("signature", "").replace("\r\n", "\n").strip("\n"),
    )
    try:
        kept = project_editor.sent(name)
        _piece(kept, place, at)
        if not typed.title:
            raise UsageError("没有写题名，没有保存。", hint="写一个题名，如“前言”。")
        pieces = _pieces(kept, place)
        pieces[at] = typed
        project_editor.change(kept, _with(kept, place, pieces), f"改了《{typed.title}》")
    except (Conflict, UsageError) as error:
        return _form(project_editor.project(name), place, at, typed, error)
    project_editor.say(f"《{typed.title}》已保存。")
    return redirect(url_for("book_matter.matter", name=name, at=f"{place} {at}"), code=303)


def _arranged(kept: Project, verb: str, place: str, at: int) -> tuple[Project, int, str]:
    moved = _piece(kept, place, at)
    pieces = _pieces(kept, place)
    del pieces[at]
    if verb == "drop":
        return _with(kept, place, pieces), min(at, len(pieces) - 1), f"去掉《{moved.title}》"
    if verb == "across":
        other = next(each for each in PLACES if each != place)
        changed = _with(_with(kept, place, pieces), other, [*_pieces(kept, other), moved])
        return changed, min(at, len(pieces) - 1), f"《{moved.title}》移到{PLACES[other]}末尾"
    if verb not in _STEPS:
        raise UsageError("没有这种改法，书稿没有改动。", hint="请刷新页面后再试。")
    to = min(max(0, at + _STEPS[verb]), len(pieces))
    pieces.insert(to, moved)
    return _with(kept, place, pieces), to, f"《{moved.title}》移到{PLACES[place]}第 {to + 1} 篇，共 {len(pieces)} 篇"


_STEPS: Mapping[str, int] = {"up": -1, "down": 1}


def _pieces(project: Project, place: str) -> list[Matter]:
    return list(project.front if place == "front" else project.back)


def _with(project: Project, place: str, pieces: list[Matter]) -> Project:
    return replace(project, front=tuple(pieces)) if place == "front" else replace(project, back=tuple(pieces))


def _piece(project: Project, place: str, at: int) -> Matter:
    pieces = _pieces(project, place)
    if at >= len(pieces):
        raise UsageError("这一篇前后辅文已经不在了。", hint="请回到“前后辅文”看。")
    return pieces[at]


def _form(kept: Project, place: str, at: int, typed: Matter, error: WenshiError | None = None) -> ResponseReturnValue:
    page = render_template(
        "book_piece.html", project=kept, place=place, at=at, typed=typed, where=PLACES[place], error=error
    )
    return page, error_pages.status_of(error) if error else 200
