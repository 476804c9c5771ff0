"""A book project as the pages work on it: read, changed under its revision, the last changes taken back."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from flask import current_app, request
from flask import session as login

from archive.model.errors import Conflict, NotFound, UsageError
from archive.model.integers import whole_number
from archive.model.project import Project
from web.base import current

_KEY = "wenshi.books"
_STEPS = 30  # changes of one book that can be taken back


@dataclass(frozen=True, slots=True)
class Step:
    """A change that can be taken back: the project before it, and what was done in words."""

    before: Project
    words: str


@dataclass(slots=True)
class History:
    """The last changes of one book. They fit only while the book is what the last of them made of it."""

    latest: Project | None = None
    steps: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class ProjectEditor:
    """What is remembered of all books while the server runs."""

    histories: dict[str, History] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def project(name: str) -> Project:
    """The project of that name. Raises NotFound."""
    return current.session().books.project(name)


def sent(name: str) -> Project:
    """The project a form was filled for. Raises Conflict when it was changed since the form was shown."""
    kept = project(name)
    if request.form.get("revision", "") != str(kept.revision):
        raise Conflict(f"书稿“{name}”刚刚在别的页面改过，这一次的改动没有做。", hint="请看过现在的样子，再改一次。")
    return kept


def change(before: Project, after: Project, words: str) -> Project:
    """Keep a changed project, and what it was before; the same project again is no change. Raises Conflict."""
    if after == before:
        return before
    saved = current.session().books.save(replace(after, revision=before.revision))
    editor = _editor()
    with editor.lock:
        history = editor.histories.setdefault(saved.name, History())
        if history.latest != before:
            history.steps.clear()  # somebody else's change lies between: ours cannot be taken back any more
        history.steps = [*history.steps[1 - _STEPS :], Step(before, words)]
        history.latest = saved
    return saved


def undo(before: Project) -> tuple[Project, str]:
    """The project as it was before the last change, kept; and what was taken back. Raises UsageError, Conflict."""
    words = undoable(before)
    if not words:
        raise UsageError("没有可以撤销的改动。", hint="别处改过以后，或程序重新启动以后，以前的改动不能再撤销。")
    editor = _editor()
    with editor.lock:
        step = editor.histories[before.name].steps[-1]
    saved = current.session().books.save(replace(step.before, revision=before.revision))
    with editor.lock:
        history = editor.histories[before.name]
        history.steps.remove(step)
        history.latest = saved
    return saved, words


def undoable(kept: Project) -> str:
    """What the last change was, in words; "" when there is none that can be taken back."""
    editor = _editor()
    with editor.lock:
        history = editor.histories.get(kept.name, History())
        return history.steps[-1].words if history.steps and history.latest == kept else ""


def say(words: str, *, warn: bool = False) -> None:
    """Set the message of the next page: what was done, or with `warn` why not."""
    login["message"] = [words[:400], warn]


def message() -> tuple[str, bool]:
    """The message for this page, given once, and whether it is a warning."""
    words, warn = cast(Sequence[str | bool], login.pop("message", ("", False)))
    return str(words), bool(warn)


def number(text: str) -> int:
    """A number out of a form or an address. Raises UsageError."""
    found = whole_number(text)
    if found is None:
        raise UsageError(f"“{text[:20]}”不是序号。", hint="请刷新页面后再试。")
    return found


def nth(kept: Project, article_id: str, occurrence: int) -> tuple[int, int]:
    """The place (part, item) of an article in the book, the `occurrence`-th time it stands there. Raises NotFound."""
    places = [
        (part, item)
        for part, each in enumerate(kept.parts)
        for item, chosen in enumerate(each.items)
        if chosen.article == article_id
    ]
    if not 1 <= occurrence <= len(places):
        raise NotFound(f"书稿“{kept.name}”里没有文章 {article_id}。", hint="可能已经移出，请回到目次看。")
    return places[occurrence - 1]


def _editor() -> ProjectEditor:
    return cast(ProjectEditor, current_app.extensions.setdefault(_KEY, ProjectEditor()))
