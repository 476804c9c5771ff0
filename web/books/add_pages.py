"""Articles put into a book project, and taken out again, from wherever they are met: results, reading page, lists."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.books.service import item_of
from archive.model.access import Action
from archive.model.errors import Conflict, NotFound, UsageError, WenshiError
from archive.model.project import Item, Project, checked_name
from archive.model.records import Article, Genre
from web.base import current, error_pages
from web.base.security import page_of_ours
from web.books import gathering, order, project_editor

pages = Blueprint("book_adding", __name__, url_prefix="/add-to-book")

_NEW_PART = "new"
_MOST = 2000  # articles at once


@pages.get("")
def choose() -> ResponseReturnValue:
    """Which book, and which part of it? `id` may be given several times; `book` is the one chosen already."""
    return _page(request.args.getlist("id"), request.args.get("book", ""), request.args.get("next", ""))


@pages.post("")
def add() -> ResponseReturnValue:
    """Put the articles into a book, at the end of a part; those it has already stay where they are.

    `id` names articles, `collection` all of one. Without `book` and `name` they go into the book the visitor gathers
    for; before there is one, the page asks which. The book named gets what is added from now on.
    """
    ids, back = _ids(), request.form.get("next", "")
    name, new = request.form.get("book", ""), "name" in request.form
    gathered = gathering.book()
    if not name and not new and gathered is None:
        return _page(ids, "", back)
    try:
        articles = _articles(ids)
        project = _chosen(name) if name or new else gathered
        assert project is not None
        words = _put(project, articles)
    except (UsageError, Conflict) as error:
        return _page(ids, name, back, error)
    gathering.gather_for(project.name)
    to = page_of_ours(back, "")
    if not to:
        project_editor.say(words)
    return redirect(to or url_for("books.book", name=project.name), code=303)


@pages.post("/remove")
def remove() -> ResponseReturnValue:
    """Take an article out of the book the visitor gathers for; one that was worked on only on the book's own page."""
    project, article_id = gathering.book(), request.form.get("id", "")
    item = gathering.items().get(article_id)
    if project is None or item is None:
        raise NotFound("书稿里没有这一篇，没有改动。", hint="请刷新页面后再试。")
    title = " ".join(current.session().article(article_id).title.split())[:40]
    if item != Item(article=item.article, version=item.version, digest=item.digest):
        words = f"《{title}》在书稿里已经节选、改过或写了编者按，没有移出；要移出请在这里按“×”。"
        project_editor.say(words, warn=True)
        return redirect(url_for("books.book", name=project.name), code=303)
    changed = order.without(project, [project_editor.nth(project, article_id, 1)])
    project_editor.change(project, changed, f"移出《{title}》")
    return redirect(page_of_ours(request.form.get("next", ""), url_for("books.book", name=project.name)), code=303)


def _put(project: Project, articles: list[Article]) -> str:
    """Keep the project with the articles that are new to it; what was done, in words. Raises UsageError, Conflict."""
    held = {item.article for item in project.items}
    fresh = [article for article in articles if article.id not in held]
    given, part = _part(project, fresh)
    changed = order.add(given, [item_of(article) for article in fresh], part)
    there = len(articles) - len(fresh)
    words = f"加入 {len(fresh)} 篇" + (f"，{there} 篇书稿里已有" if there else "")
    if not project.revision:
        project = current.session().books.create(project.name, [])
    if fresh:
        project_editor.change(project, changed, words)
    return f"{words}。"


def _chosen(name: str) -> Project:
    """The project to add to. A new one is not kept yet: nothing may stay of it when the rest fails."""
    if name:
        return project_editor.project(name)
    made = checked_name(request.form.get("name", ""))
    if made in current.session().books.names():
        raise UsageError(f"已经有名为“{made}”的书稿。", hint="在上面选它，或换一个名称。")
    return Project(name=made, title=made)


def _part(project: Project, fresh: list[Article]) -> tuple[Project, int]:
    """The part to add to, by its number; one with the heading typed is added. 0 in a book without parts."""
    asked = request.form.get("part", "")
    title = " ".join(request.form.get("new-part", "").split())[:200]
    if title or asked == _NEW_PART:
        return order.add_part(project, title), len(project.parts)
    if not project.parts:
        return project, 0
    part = project_editor.number(asked) if asked else _likely(project, fresh)
    order.part_at(project, part)
    return project, part


def _ids() -> list[str]:
    """What the form names, each once: articles, or all of a collection but what stands before and after its texts."""
    named = request.form.getlist("id")
    if collection := request.form.get("collection", ""):
        held = current.session().listing(current.session().collection(collection).id)
        named += [each.id for each in held if each.genre is not Genre.MATTER]
    return list(dict.fromkeys(named))


def _articles(ids: list[str]) -> list[Article]:
    """The articles to add. None at all is an error only where no book was chosen either."""
    if len(ids) > _MOST:
        raise UsageError(f"一次最多加入 {_MOST} 篇，书稿没有改动。", hint="请分几次加入。")
    if not ids and not request.form.get("book"):
        raise UsageError("没有选文章，书稿没有改动。", hint="先在文章前面打勾，可以选几篇。")
    return [current.readable(each) for each in ids]


def _likely(project: Project | None, articles: list[Article]) -> int:
    """The part the articles would come under by their own 栏目, else the last."""
    titles = [part.title for part in project.parts] if project else []
    section = articles[0].section if articles else ""
    return titles.index(section) if section in titles else len(titles) - 1


def _page(ids: list[str], name: str, back: str, error: WenshiError | None = None) -> ResponseReturnValue:
    current.require(Action.COMPILE)
    session = current.session()
    projects = [session.books.project(each) for each in session.books.names()]
    gathered = gathering.book()
    chosen = next((each for each in projects if each.name == (name or (gathered and gathered.name))), None)
    chosen = chosen or (projects[0] if len(projects) == 1 and not error else None)
    articles = [current.readable(each) for each in dict.fromkeys(ids[:_MOST])]
    page = render_template(
        "book_add.html",
        articles=articles,
        projects=projects,
        book=chosen,
        part=_likely(chosen, articles),
        next=page_of_ours(back, ""),
        new_part=_NEW_PART,
        form=request.form,
        error=error,
    )
    return page, error_pages.status_of(error) if error else 200
