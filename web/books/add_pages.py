"""Articles put into a book project, from wherever they are met: search results, the reading page, the basket."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.books.service import item_of
from archive.model.errors import Conflict, UsageError, WenshiError
from archive.model.project import Project, checked_name
from archive.model.records import Article
from web.base import current, error_pages
from web.books import order, project_editor

pages = Blueprint("book_adding", __name__, url_prefix="/add-to-book")

_NEW_PART = "new"
_MOST = 2000  # articles at once


@pages.get("")
def choose() -> ResponseReturnValue:
    """Which book, and which part of it? `id` may be given several times; `book` is the one chosen already."""
    return _page(request.args.getlist("id"), request.args.get("book", ""), request.args.get("next", ""))


@pages.post("")
def add() -> ResponseReturnValue:
    """Put the articles at the end of the part; those the book has already stay where they are."""
    ids, name = request.form.getlist("id"), request.form.get("book", "")
    try:
        articles = _articles(ids)
        project = _chosen(name)
        held = {item.article for item in project.items}
        fresh = [article for article in articles if article.id not in held]
        project, part = _part(project)
        changed = order.add(project, [item_of(article) for article in fresh], part)
        words = f"加入 {len(fresh)} 篇" + (f"，{len(articles) - len(fresh)} 篇书稿里已有" if held else "")
        if fresh:
            project_editor.change(_kept(project), changed, words)
    except (UsageError, Conflict) as error:
        return _page(ids, name, request.form.get("next", ""), error)
    project_editor.say(f"{words}。")
    to = url_for("books.book", name=project.name)
    return redirect(to + (f"#at-{part}-{len(changed.parts[part].items) - 1}" if fresh else ""), code=303)


def _kept(project: Project) -> Project:
    """The project as the library has it; a new one is made first."""
    if project.revision:
        return project_editor.project(project.name)
    return current.session().books.create(project.name, [])


def _chosen(name: str) -> Project:
    """The project to add to. A new one is not kept yet: nothing may stay of it when the rest fails."""
    if name:
        return project_editor.project(name)
    made = checked_name(request.form.get("name", ""))
    if made in current.session().books.names():
        raise UsageError(f"已经有名为“{made}”的书稿。", hint="在上面选它，或换一个名称。")
    return Project(name=made, title=made)


def _part(project: Project) -> tuple[Project, int]:
    """The part to add to, by its number; one with the heading typed is added. 0 in a book without parts."""
    asked = request.form.get("part", "")
    title = " ".join(request.form.get("new-part", "").split())[:200]
    if title or asked == _NEW_PART:
        return order.add_part(project, title), len(project.parts)
    if not project.parts:
        return project, 0
    part = project_editor.number(asked) if asked else len(project.parts) - 1
    order.part_at(project, part)
    return project, part


def _articles(ids: list[str]) -> list[Article]:
    if not ids or len(ids) > _MOST:
        raise UsageError("没有选文章，书稿没有改动。" if not ids else f"一次最多加入 {_MOST} 篇。")
    return [current.readable(each) for each in dict.fromkeys(ids)]


def _likely(project: Project | None, articles: list[Article]) -> int:
    """The part the articles would come under by their own 栏目, else the last."""
    titles = [part.title for part in project.parts] if project else []
    section = articles[0].section if articles else ""
    return titles.index(section) if section in titles else len(titles) - 1


def _page(ids: list[str], name: str, back: str, error: WenshiError | None = None) -> ResponseReturnValue:
    session = current.session()
    projects = [session.books.project(each) for each in session.books.names()]
    chosen = next((each for each in projects if each.name == name), None)
    chosen = chosen or (projects[0] if len(projects) == 1 and not error else None)
    articles = [current.readable(each) for each in dict.fromkeys(ids[:_MOST])]
    page = render_template(
        "book_add.html",
        articles=articles,
        projects=projects,
        book=chosen,
        part=_likely(chosen, articles),
        next=back if back.startswith("/") and not back.startswith(("//", "/\\")) else "",
        new_part=_NEW_PART,
        form=request.form,
        error=error,
    )
    return page, error_pages.status_of(error) if error else 200
