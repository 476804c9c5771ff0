"""Descriptions: the fields of one article in a form; those of a collection as a table, out, looked over, and in."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as login
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from archive.catalogue.fields import LONG_TEXTS, Definition, Description, described, split, values
from archive.model.access import OUT_OF_USE, Action
from archive.model.errors import Conflict, FieldError, LibraryBusy, ReadError, UsageError, WenshiError
from archive.model.records import Article
from ingest.description.metadata_table import REASON, Intake, check_table, export_table, read_table
from web.base import current
from web.base.error_pages import status_of
from web.base.sheet_downloads import download

pages = Blueprint("editing", __name__)

_REASON = "著录"
_LISTED = 500  # lines of one kind on the page that looks a table over
_LARGEST = 400_000  # bytes of changes that a page can carry back


@dataclass(frozen=True, slots=True)
class Input:
    """One field of the form: `present` is what stands in the library, `text` what the input shows, a value a line.

    `options` are the choices, those first that stand already. `changed` says that somebody else changed what is being
    changed here.
    """

    definition: Definition
    present: str
    text: str
    options: tuple[str, ...]
    fault: FieldError | None
    changed: bool

    @property
    def long(self) -> bool:
        """Whether it needs more than a line."""
        one = self.definition
        return one.repeatable or one.name in LONG_TEXTS or "\n" in self.text + self.present


# -- one article


@pages.get("/article/<article_id>/fields")
def fields(article_id: str) -> ResponseReturnValue:
    """The form with all fields of an article."""
    return _form(_article(article_id))


@pages.post("/article/<article_id>/fields")
def describe(article_id: str) -> ResponseReturnValue:
    """Set what was changed in the form. A wrong value, or somebody who was quicker: the form again, as it was typed."""
    session, form = current.session(), request.form
    article = _article(article_id)
    known = session.field_definitions(article)
    typed = _typed(known)
    changes = {name: text for name, (was, text) in typed.items() if text != was}
    overtaken = [name for name in changes if typed[name][0] != _shown(article, name)]
    if overtaken or (changes and form.get("version", "") != str(article.version)):
        return _form(article, changes, error=_quicker(article), overtaken=overtaken), 409
    given = {
        one.name: _parts(one, changes[one.name], values(article, one.name)) for one in known if one.name in changes
    }
    faults = _faults(article, given, known)
    if faults:
        return _form(article, changes, faults), 400
    try:
        if given:
            reason = form.get("reason", "").strip()[:500] or _REASON
            article = session.describe(article_id, given, reason, version=article.version)
    except (Conflict, LibraryBusy) as error:
        return _form(session.article(article_id), changes, error=error), status_of(error)
    page = "reading.article" if article.status not in OUT_OF_USE else "editing.fields"
    return redirect(url_for(page, article_id=article_id), code=303)


def _typed(known: Sequence[Definition]) -> dict[str, tuple[str, str]]:
    """What the form sent of each field: what it began with and what it holds now."""
    form = request.form
    return {
        one.name: (
            _plain(form.get(f"was.{one.name}", "")),
            _plain("\n".join(filter(None, form.getlist(f"field.{one.name}")))),
        )
        for one in known
        if f"field.{one.name}" in form
    }


def _parts(definition: Definition, text: str, held: Sequence[str]) -> tuple[str, ...]:
    """The values typed, one a line; a line that stood there already is one value, whatever it looks like."""
    if not definition.repeatable:
        return (text,) if text else ()
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return tuple(part for line in lines for part in ((line,) if line in held else split(definition, line)))


def _faults(article: Article, given: Mapping[str, Sequence[str]], known: Sequence[Definition]) -> dict[str, FieldError]:
    found = {}
    for name, parts in given.items():
        try:
            described(article, {name: parts}, known, current.session().period)
        except FieldError as fault:
            found[name] = fault
    return found


def _form(
    article: Article,
    changes: Mapping[str, str] | None = None,
    faults: Mapping[str, FieldError] | None = None,
    *,
    error: WenshiError | None = None,
    overtaken: Sequence[str] = (),
) -> str:
    """The form on the present version; `changes` are what was typed."""
    changes, faults = changes or {}, faults or {}
    session = current.session()
    inputs = []
    for one in session.field_definitions(article):
        present = _shown(article, one.name)
        text = changes.get(one.name, present)
        options = tuple(dict.fromkeys([*values(article, one.name), *one.choices] if one.choices else ()))
        if not one.repeatable:
            options = (*(each for each in options if each not in one.choices), *one.choices)
        inputs.append(Input(one, present, text, options, faults.get(one.name), one.name in overtaken))
    return render_template(
        "fields.html",
        article=article,
        collection=session.collection(article.collection),
        inputs=inputs,
        readable=article.status not in OUT_OF_USE,
        reason=request.form.get("reason", ""),
        others=session.corrections.come(article.id) if session.may(Action.CORRECT, article) else (),
        error=error,
        wrong=len(faults),
    )


def _shown(article: Article, name: str) -> str:
    return _plain("\n".join(values(article, name)))


def _plain(text: str) -> str:
    """A text as browsers give it back: line ends of one kind, nothing blank around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _quicker(article: Article) -> Conflict:
    message = f"您打开这一页之后，已有人改过这篇的著录，现在是第 {article.version} 版；您的改动还没有保存"
    return Conflict(message, hint="下面没有动过的各项已换成现在的内容，您改的原样留着；核对之后再按“保存”")


def _article(article_id: str) -> Article:
    """An article to describe; also one withdrawn or rejected, for its status is put back here."""
    found = current.session().article(article_id)
    current.require(Action.DESCRIBE, found)
    return found


# -- a collection as a table


@pages.get("/collection/<collection_id>/fields")
def table(collection_id: str) -> ResponseReturnValue:
    """The table to download, and the form to send it back."""
    return _table(collection_id, done=login.pop("described", ""))


@pages.get("/collection/<collection_id>/fields.<any(csv, xlsx):kind>")
def table_file(collection_id: str, kind: str) -> ResponseReturnValue:
    """The descriptions of a collection as a file."""
    session = current.session()
    return download(lambda file: export_table(session, collection_id, file), f"著录-{collection_id}.{kind}")


@pages.post("/collection/<collection_id>/fields")
def look_over(collection_id: str) -> ResponseReturnValue:
    """What a table that was sent would change, row by row, and what is wrong with it. Changes nothing."""
    sent = request.files.get("table")
    if sent is None or not sent.filename:
        return _table(
            collection_id, error=UsageError("没有选择文件。", hint="先选改过的 CSV 或 Excel 文件，再按“核对”")
        ), 400
    try:
        intake = check_table(current.session(), _rows(sent))
    except (ReadError, FieldError) as error:
        return _table(collection_id, error=error), 400
    return _table(collection_id, intake=intake, name=sent.filename), 400 if intake.faults else 200


@pages.post("/collection/<collection_id>/fields/take")
def take(collection_id: str) -> ResponseReturnValue:
    """Make the changes that were looked over: all, or none when somebody was quicker."""
    session = current.session()
    session.collection(collection_id)
    wanted = _unpacked(request.form.get("changes", ""))
    reason = request.form.get("reason", "").strip()[:500] or REASON
    changed = session.describe_many(wanted, reason)
    login["described"] = f"已改动 {len(changed)} 篇的著录。"
    return redirect(url_for("editing.table", collection_id=collection_id), code=303)


def _rows(sent: FileStorage) -> list[list[str]]:
    """The rows of a table that was sent. Raises ReadError."""
    suffix = ".xlsx" if (sent.filename or "").lower().endswith(".xlsx") else ".csv"
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / f"上传的表格{suffix}"
        sent.save(file)
        return read_table(file)


def _table(
    collection_id: str,
    *,
    intake: Intake | None = None,
    name: str = "",
    error: WenshiError | None = None,
    done: str = "",
) -> str:
    session = current.session()
    current.require_in(Action.DESCRIBE, session.collection(collection_id).id)
    packed = _packed(intake.descriptions) if intake else ""
    return render_template(
        "collection_fields.html",
        collection=session.collection(collection_id),
        total=session.count(collection_id),
        intake=intake,
        name=name,
        changes=packed,
        heavy=len(packed.encode("utf-8")) > _LARGEST,
        listed=_LISTED,
        reason=REASON,
        error=error,
        done=done,
    )


def _packed(descriptions: Sequence[Description]) -> str:
    """Changes as a page carries them until they are confirmed."""
    return json.dumps([[one.article, one.version, dict(one.changes)] for one in descriptions], ensure_ascii=False)


def _unpacked(text: str) -> list[Description]:
    """What `_packed` made; each of it is checked again when it is stored."""
    try:
        found = [Description(str(article), {str(name): str(value) for name, value in changes.items()}, int(version))
                 for article, version, changes in json.loads(text)]  # fmt: skip
    except (ValueError, TypeError, AttributeError):
        found = []
    if not found:
        raise UsageError("这个表单不完整，没有做任何改动。", hint="请重新上传表格核对。")
    return found
