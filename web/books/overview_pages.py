"""Book projects: the list of them, and the page of one: its parts and articles in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.model.access import Action
from archive.model.errors import Conflict, NotFound, UsageError, WenshiError
from archive.model.project import Item, Project
from archive.model.records import Article
from archive.text.collation import pinyin_key
from web.base import asking_first, current, error_pages
from web.books import gathering, order, project_editor
from web.books.book_rows import characters, rows
from web.books.order import Place

pages = Blueprint("books", __name__, url_prefix="/books")

SORTS = {"date": "成文日期", "title": "题名拼音", "source": "来源次序"}
_LONGEST_TITLE, _LONGEST_NOTE = 200, 20_000


@pages.get("")
def books() -> ResponseReturnValue:
    """All projects, those saved last first."""
    return _list(None)


@pages.post("")
def create() -> ResponseReturnValue:
    """A new, empty project. What is added from now on goes into it."""
    try:
        made = current.session().books.create(request.form.get("name", "").strip(), [])
    except (UsageError, Conflict) as error:
        return _list(error)
    gathering.gather_for(made.name)
    project_editor.say(f"已建立书稿“{made.name}”。")
    return redirect(url_for("books.book", name=made.name), code=303)


@pages.get("/<name>")
def book(name: str) -> ResponseReturnValue:
    """The parts and articles of a project. `at` is the place to put the focus on, `pick` one to choose a part for."""
    project = project_editor.project(name)
    listed = rows(current.session(), project)
    words, warn = project_editor.message()
    return render_template(
        "book.html",
        project=project,
        rows=listed,
        characters=characters(listed),
        sorts=SORTS,
        undoable=project_editor.undoable(project),
        message=words,
        warn=warn,
        at=request.args.get("at", ""),
        by=request.args.get("by", ""),
        pick=request.args.get("pick", ""),
    )


@pages.post("/<name>/remove")
def remove(name: str) -> ResponseReturnValue:
    """Delete a project. Articles and editions stay."""
    current.require(Action.COMPILE)
    if asks := asking_first.question(f"删除书稿“{name}”？排好的次序和只为本书做的改动都会删去。"):
        return asks
    project_editor.sent(name)
    current.session().books.remove(name)
    project_editor.say(f"已删除书稿“{name}”。文章都还在；定稿的清单也还在。")
    return redirect(url_for("books.books"), code=303)


@pages.post("/<name>/undo")
def undo(name: str) -> ResponseReturnValue:
    """Take back the last change."""
    _, words = project_editor.undo(project_editor.sent(name))
    project_editor.say(f"已撤销：{words}。")
    return redirect(url_for("books.book", name=name, by="undo"), code=303)


@pages.post("/<name>")
def arrange(name: str) -> ResponseReturnValue:
    """What the buttons of the page do: `do` is a verb and the numbers of what it is done to."""
    project = project_editor.sent(name)
    verb, *rest = request.form.get("do", "").split() or [""]
    if verb not in _VERBS:
        raise UsageError("没有这种改法，书稿没有改动。", hint="请刷新页面后再试。")
    action, wanted = _VERBS[verb]
    numbers = [project_editor.number(each) for each in rest]
    if len(numbers) != wanted:
        raise UsageError("没有说明改哪一处，书稿没有改动。", hint="请刷新页面后再试。")
    changed, at, words = action(project, *numbers)
    project_editor.change(project, changed, words)
    project_editor.say(words)
    # Without a fragment: browsers set no focus on a page that has one.
    return redirect(url_for("books.book", name=name, at=at or None, by=verb), code=303)


@pages.errorhandler(Conflict)
@pages.errorhandler(UsageError)
def _not_done(error: WenshiError) -> ResponseReturnValue:
    """The page as it is now, with a message about what could not be done."""
    name = (request.view_args or {}).get("name")
    if request.method != "POST" or name not in current.session().books.names():
        return error_pages.page_of(error)
    project_editor.say(f"{error.message}{error.hint}", warn=True)
    return redirect(url_for("books.book", name=name), code=303)


# -- what can be done: each gives the project, where the focus goes, what was done in words

Done = tuple[Project, str, str]


def _up(project: Project, part: int, item: int) -> Done:
    return _moved(project, (part, item), *order.step(project, (part, item), -1))


def _down(project: Project, part: int, item: int) -> Done:
    return _moved(project, (part, item), *order.step(project, (part, item), 1))


def _move(project: Project, part: int, item: int, to_part: int, to_item: int) -> Done:
    return _moved(project, (part, item), *order.move(project, (part, item), (to_part, to_item)))


def _to(project: Project, part: int, item: int) -> Done:
    to = project_editor.number(request.form.get("to", ""))
    count = len(order.part_at(project, to).items)
    return _moved(project, (part, item), *order.move(project, (part, item), (to, count)))


def _moved(project: Project, place: Place, changed: Project, now: Place) -> Done:
    title = _title(order.item_at(project, place))
    where = f"{_part_name(changed, now[0])}第 {now[1] + 1} 篇，共 {len(changed.parts[now[0]].items)} 篇"
    words = f"《{title}》移到{where}" if changed != project else f"《{title}》已经在这一头，没有移动"
    return changed, f"{now[0]} {now[1]}", words


def _take_out(project: Project, part: int, item: int) -> Done:
    title = _title(order.item_at(project, (part, item)))
    changed = order.without(project, [(part, item)])
    left = len(changed.parts[part].items)
    return changed, f"{part} {min(item, left - 1)}" if left else f"{part}", f"移出《{title}》"


def _take_out_chosen(project: Project) -> Done:
    places = _chosen()
    return order.without(project, places), "", f"移出 {len(places)} 篇"


def _gather_chosen(project: Project) -> Done:
    places, to = _chosen(), project_editor.number(request.form.get("to-part", ""))
    return order.gather(project, places, to), f"{to}", f"{len(places)} 篇移到{_part_name(project, to)}末尾"


def _part_up(project: Project, part: int) -> Done:
    return _part_moved(project, part, part - 1)


def _part_down(project: Project, part: int) -> Done:
    return _part_moved(project, part, part + 1)


def _part_moved(project: Project, part: int, to: int) -> Done:
    changed, now = order.move_part(project, part, to)
    return changed, f"{now}", f"{_part_name(project, part)}移到第 {now + 1} 栏，共 {len(project.parts)} 栏"


def _part_add(project: Project) -> Done:
    title = _line("new-part")
    changed = order.add_part(project, title)
    return changed, f"{len(project.parts)}", f"新添{_part_name(changed, len(project.parts))}"


def _part_set(project: Project, part: int) -> Done:
    title, note = _line("title"), request.form.get("note", "").replace("\r\n", "\n").strip()[:_LONGEST_NOTE]
    changed = order.set_part(project, part, title=title, note=note)
    return changed, f"{part}", f"改了{_part_name(changed, part)}的名称和编者按"


def _part_drop(project: Project, part: int) -> Done:
    held = len(order.part_at(project, part).items)
    words = f"去掉{_part_name(project, part)}" + (f"，其中 {held} 篇并入相邻栏目" if held else "")
    return order.dissolve(project, part), "", words


def _sort(project: Project) -> Done:
    by, of = request.form.get("by", ""), request.form.get("of", "")
    if by not in SORTS:
        raise UsageError("没有选按什么排序，次序没有改动。", hint="在“排序”里选一种。")
    part = project_editor.number(of) if of else None
    articles = {item.article: article for item in project.items if (article := _article(item)) is not None}
    changed = order.sort(project, _KEYS[by](articles), part)
    where = "各栏目内" if part is None else _part_name(project, part)
    return changed, "", f"{where}按{SORTS[by]}排序"


def _by_section(project: Project) -> Done:
    articles = {item.article: article for item in project.items if (article := _article(item)) is not None}
    changed = order.by_section(project, lambda item: articles[item.article].section if item.article in articles else "")
    words = "按原来的栏目分开了" if changed != project else "没有可以分开的：这些文章原来也没有栏目"
    return changed, "", words


_VERBS: Mapping[str, tuple[Callable[..., Done], int]] = {
    "up": (_up, 2),
    "down": (_down, 2),
    "move": (_move, 4),
    "to": (_to, 2),
    "out": (_take_out, 2),
    "out-chosen": (_take_out_chosen, 0),
    "to-chosen": (_gather_chosen, 0),
    "part-up": (_part_up, 1),
    "part-down": (_part_down, 1),
    "part-move": (_part_moved, 2),
    "part-add": (_part_add, 0),
    "part-set": (_part_set, 1),
    "part-drop": (_part_drop, 1),
    "sort": (_sort, 0),
    "by-section": (_by_section, 0),
}


def _by_date(articles: Mapping[str, Article]) -> Callable[[Item], Any]:
    """Texts without a date come last, in the order they stood in."""

    def key(item: Item) -> tuple[bool, int, int]:
        article = articles.get(item.article)
        date = article.date if article else None
        start, end = (date.start, date.end) if date else (None, None)
        return start is None and end is None, start or end or 0, end or start or 0

    return key


def _by_title(articles: Mapping[str, Article]) -> Callable[[Item], Any]:
    return lambda item: pinyin_key(articles[item.article].title if item.article in articles else "")


def _by_source(articles: Mapping[str, Article]) -> Callable[[Item], Any]:
    def key(item: Item) -> tuple[bool, str, str, int]:
        article = articles.get(item.article)
        if article is None:
            return True, "", "", 0
        return False, article.collection, article.volume, article.number

    return key


_KEYS: Mapping[str, Callable[[Mapping[str, Article]], Callable[[Item], Any]]] = {
    "date": _by_date,
    "title": _by_title,
    "source": _by_source,
}


def _chosen() -> list[Place]:
    """The places ticked on the page. Raises UsageError when there are none."""
    places = []
    for each in request.form.getlist("chosen"):
        part, _, item = each.partition(" ")
        places.append((project_editor.number(part), project_editor.number(item)))
    if not places:
        raise UsageError("没有选文章。", hint="先在文章前面打勾，可以选几篇。")
    return places


def _line(name: str) -> str:
    return " ".join(request.form.get(name, "").split())[:_LONGEST_TITLE]


def _part_name(project: Project, part: int) -> str:
    title = order.part_at(project, part).title
    return f"“{title}”" if title else f"第 {part + 1} 栏"


def _article(item: Item) -> Article | None:
    try:
        return current.session().article(item.article, item.version)
    except NotFound:
        return None


def _title(item: Item) -> str:
    article = _article(item)
    return " ".join(article.title.split())[:40] if article else item.article


def _list(error: WenshiError | None) -> ResponseReturnValue:
    session = current.session()
    words, warn = project_editor.message()
    page = render_template(
        "books.html",
        projects=[session.books.project(name) for name in session.books.names()],
        editions={name: len(session.books.editions(name)) for name in session.books.names()},
        form=request.form,
        error=error,
        message=words,
        warn=warn,
    )
    return page, error_pages.status_of(error) if error else 200
