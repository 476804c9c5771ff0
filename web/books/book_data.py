"""What stands on the cover, title page and copyright page of a book, how it is set, which lists it has."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from archive.books import imprint
from archive.model.errors import Conflict, ExportError, UsageError, WenshiError
from archive.model.project import Project
from web.base import current, error_pages
from web.books import project_editor
from web.books.style_samples import sample

pages = Blueprint("book_data", __name__, url_prefix="/books/<name>/data")

INDEXES = ("人物", "地名", "机构")
COLOURS = {"": "照版式", "full": "彩色（RGB）", "grey": "只用黑", "cmyk": "印刷四色（CMYK）"}
ORDERS = {"pinyin": "按拼音", "stroke": "按笔画"}
_PROPOSALS = {"propose": imprint.PUBLISHED, "propose-internal": imprint.INTERNAL}
_LARGEST_COVER = 50  # MB, as the library's
_LINES = {"title": "书名", "subtitle": "副题", "series": "丛书", "editor": "编者", "publisher": "出版者"}
_LONGEST = 200
_THINNEST, _THICKEST = 0.02, 1  # millimetres of a leaf


@pages.url_value_preprocessor
def _allow(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A cover is larger than a form."""
    request.max_content_length = (_LARGEST_COVER + 1) * 1_000_000


@pages.errorhandler(RequestEntityTooLarge)
def _too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    sentence = f"封面图片不能超过 {_LARGEST_COVER} MB，没有保存。"
    hint = "请把图片缩小（照片存成 JPEG）再交。"
    return render_template("error.html", status=413, heading="图片太大", sentence=sentence, hint=hint), 413


@pages.get("")
def data(name: str) -> ResponseReturnValue:
    """The form."""
    return _form(project_editor.project(name))


@pages.post("")
def save(name: str) -> ResponseReturnValue:
    """Keep what was typed; with `do=propose` or `propose-internal` only propose the lines of the copyright page."""
    try:
        kept = project_editor.sent(name)
        typed = _typed(kept)
        if (kind := _PROPOSALS.get(request.form.get("do", ""))) is not None:
            return _form(kept, replace(typed, imprint=proposed(typed, kind)))
        project_editor.change(kept, typed, "改了书名与版式")
    except (Conflict, UsageError) as error:
        kept = project_editor.project(name)
        return _form(kept, _typed(kept, lenient=True), error)
    project_editor.say("已保存。")
    return redirect(url_for("book_data.data", name=name), code=303)


@pages.post("/cover")
def cover(name: str) -> ResponseReturnValue:
    """Keep a picture for the cover, or with `do=drop` have none."""
    try:
        kept = project_editor.sent(name)
        if request.form.get("do") == "drop":
            project_editor.change(kept, replace(kept, cover=""), "去掉封面图片")
            project_editor.say("已去掉封面图片。")
        else:
            upload = request.files.get("cover")
            if upload is None or not upload.filename:
                raise UsageError("没有选封面图片。", hint="先按“选择文件”选一张 JPEG 或 PNG 图片。")
            sha256 = current.session().books.keep_cover(upload.read())
            project_editor.change(kept, replace(kept, cover=sha256), "换了封面图片")
            project_editor.say("封面图片已保存。")
    except (Conflict, UsageError) as error:
        return _form(project_editor.project(name), error=error)
    return redirect(url_for("book_data.data", name=name) + "#cover", code=303)


def proposed(project: Project, kind: str) -> str:
    """The lines of a copyright page of that kind with what is known of the book; the rest is left to be filled in."""
    page = current.session().books.house(project.house).page
    title = f"{project.title}{'：' + project.subtitle if project.subtitle else ''}"
    fold = f"　{project.house}" if project.house.endswith("开") else ""
    known = {
        "书名": f"{project.series + '　' if project.series else ''}{title}",
        "编著者": project.editor,
        "编印单位": project.editor,
        "出版": project.publisher,
        "开本": f"{page.width:g}×{page.height:g}毫米{fold}",
        "字数": f"{max(1, round(_characters(project) / 1000))}千字",
    }
    return imprint.template(kind, known)


def _characters(project: Project) -> int:
    """Characters in the book as it is printed."""
    try:
        bound = current.session().books.bind(project, draft=True)
    except ExportError:
        return 0
    return sum(chapter.article.characters for chapter in bound.book.everything)


def _typed(kept: Project, *, lenient: bool = False) -> Project:
    """The project with the values of the form. Raises UsageError, unless `lenient`, for what cannot be."""
    form = request.form
    lines = {key: " ".join(form.get(key, "").split())[:_LONGEST] for key in _LINES}
    house, order = form.get("house", kept.house), form.get("index_order", kept.index_order)
    known = current.session().books.houses()
    if not lenient and (house not in known or order not in ORDERS):
        raise UsageError(f"没有版式“{house}”，没有保存。", hint=f"可选：{'、'.join(known)}。")
    leaf, colour = _thickness(form.get("leaf", "")), form.get("colour", kept.colour)
    if leaf is None and not lenient:
        raise UsageError(
            "“每张纸厚”填得不对，没有保存。",
            hint=f"填毫米数，如 0.1，从 {_THINNEST:g} 到 {_THICKEST:g}；不知道就空着。",
        )
    return replace(
        kept,
        title=lines["title"] or kept.name,
        subtitle=lines["subtitle"],
        series=lines["series"],
        editor=lines["editor"],
        publisher=lines["publisher"],
        imprint=form.get("imprint", "").replace("\r\n", "\n").strip("\n"),
        house=house if house in known else kept.house,
        colour=colour if colour in COLOURS else kept.colour,
        leaf=kept.leaf if leaf is None else leaf,
        contents="contents" in form,
        picture_list="picture_list" in form,
        indexes=tuple(kind for kind in INDEXES if kind in form.getlist("index")),
        index_order=order if order in ORDERS else kept.index_order,
    )


def _thickness(typed: str) -> float | None:
    """Millimetres; 0 for none given, None for what is no thickness of paper."""
    try:
        found = float(unicodedata.normalize("NFKC", typed).strip() or 0)
    except ValueError:
        return None
    return found if found == 0 or _THINNEST <= found <= _THICKEST else None


def _form(kept: Project, typed: Project | None = None, error: WenshiError | None = None) -> ResponseReturnValue:
    books = current.session().books
    words, warn = project_editor.message()
    if typed is not None and error is None:
        words = "版权页已经拟好，看过、补齐以后按“保存”。面数、印张、版面字数和书脊，导出 PDF 后在报告里。"
    page = render_template(
        "book_data.html",
        project=kept,
        typed=typed or kept,
        lines=_LINES,
        samples=[sample(books.house(each)) for each in books.houses()],
        kinds=INDEXES,
        orders=ORDERS,
        colours=COLOURS,
        message=words,
        warn=warn,
        error=error,
    )
    return page, error_pages.status_of(error) if error else 200
