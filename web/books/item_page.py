"""One article of a book: which of its paragraphs, what stands beside them, what is changed for this book alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.books.compile import edits_between, omission, problems
from archive.export.book import byline, source_line
from archive.model.errors import Conflict, NotFound, UsageError, WenshiError
from archive.model.integers import whole_number
from archive.model.project import Edit, Item, Project
from archive.model.records import Article
from archive.text.differences import differences
from web.base import current, error_pages
from web.books import order, project_editor
from web.books.item_entries import entries, entry_of

pages = Blueprint("book_items", __name__, url_prefix="/books/<name>/text/<article_id>")

_LARGEST = 4_000_000  # bytes of a form: the longest paragraph
_LONGEST = 500


@pages.url_value_preprocessor
def _allow(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A paragraph may be longer than other forms."""
    request.max_content_length = request.max_form_memory_size = _LARGEST


@pages.get("")
def item(name: str, article_id: str) -> ResponseReturnValue:
    """The text with its range and its changes; `edit` is the block to be changed, `n` which time it stands here."""
    return _page(project_editor.project(name), article_id)


@pages.post("")
def save(name: str, article_id: str) -> ResponseReturnValue:
    """Keep what one of the forms of the page says: `do` is the form."""
    try:
        kept = project_editor.sent(name)
        place, chosen = _item(kept, article_id)
        article = current.session().article(chosen.article, chosen.version)
        at, after, words = _done(request.form.get("do", ""), chosen, article)
        title = " ".join(article.title.split())[:40]
        project_editor.change(kept, _with(kept, place, after), f"《{title}》{words}")
        project_editor.say(f"{words}。")
    except (Conflict, UsageError) as error:
        return _page(project_editor.project(name), article_id, error)
    # Without a fragment: browsers set no focus on a page that has one.
    return redirect(_url(name, article_id, at), code=303)


@pages.get("/newer")
def newer(name: str, article_id: str) -> ResponseReturnValue:
    """The differences of the library's present version, and which edits would still fit it."""
    kept = project_editor.project(name)
    _, chosen = _item(kept, article_id)
    session = current.session()
    article, present = session.article(article_id, chosen.version), session.article(article_id)
    left, right = ([block.text for block in each.blocks] for each in (article, present))
    pairs = differences(left, right)
    _, lost = session.books.renewed(kept, article_id)
    return render_template(
        "book_newer.html",
        project=kept,
        item=chosen,
        article=article,
        present=present,
        left=left,
        right=right,
        pairs=[pair for pair in pairs if not pair.equal],
        equal=sum(pair.equal for pair in pairs),
        versions=[each for each in session.versions(article_id) if each.version > chosen.version],
        lost=lost,
        back=_url(name, article_id),
    )


@pages.post("/newer")
def renew(name: str, article_id: str) -> ResponseReturnValue:
    """Take the present version."""
    try:
        kept = project_editor.sent(name)
        renewed, lost = current.session().books.renewed(kept, article_id)
        title = " ".join(current.session().article(article_id).title.split())[:40]
        project_editor.change(kept, renewed, f"《{title}》换成新版")
        gone = "；".join(f"第 {edit.block} 段“{edit.before[:12]}”→“{edit.after[:12]}”" for edit in lost)
        project_editor.say(
            f"已换成新版。{f'{len(lost)} 处改动对不上，已去掉：{gone}' if lost else ''}", warn=bool(lost)
        )
    except Conflict as error:
        project_editor.say(f"{error.message}{error.hint}", warn=True)
    return redirect(_url(name, article_id), code=303)


# -- what the forms do: each gives where the focus goes, the item, what was done in words

Done = tuple[str, Item, str]


def _done(form: str, chosen: Item, article: Article) -> Done:
    verb, _, rest = form.partition(" ")
    match verb:
        case "range":
            return _range(chosen, article)
        case "whole":
            return "range", replace(chosen, first=1, last=0), "改为全文收入"
        case "lines":
            return _lines(chosen)
        case "edit" | "omit" | "restore":
            return _edit(verb, project_editor.number(rest), chosen, article)
        case "omit-whole" | "restore-whole":
            return _whole(verb, project_editor.number(rest), chosen, article)
    raise UsageError("没有这种改法，书稿没有改动。", hint="请刷新页面后再试。")


def _range(chosen: Item, article: Article) -> Done:
    first = project_editor.number(request.form.get("first", str(chosen.first)))
    last = project_editor.number(request.form.get("last", str(chosen.last or _end(article))))
    if last < first:
        raise UsageError("“止”在“起”的前面，没有改动。", hint="先选起点，再选它后面的一段作止点。")
    # A table, or a picture with its caption, is taken as a whole wherever in it the range was said to begin or end.
    begins, ends = (entry_of(article, chosen, each) for each in (first, last))
    first, last = begins.first if begins else first, ends.last if ends else last
    fresh = replace(chosen, first=first, last=0 if last >= _end(article) else last)
    for problem in problems(article, replace(fresh, edits=())):
        raise UsageError(problem)
    return "range", fresh, "改为全文收入" if fresh.whole else f"改为节选第 {first} 至 {last} 段"


def _lines(chosen: Item) -> Done:
    form = request.form
    own = {each: " ".join(form.get(each, "").split())[:_LONGEST] for each in ("byline", "source")}
    fresh = replace(
        chosen,
        byline=own["byline"] if form.get("own-byline") else None,
        source=own["source"] if form.get("own-source") else None,
        note=form.get("note", "").replace("\r\n", "\n").strip("\n"),
    )
    return "lines", fresh, "改了编者按、署名和出处"


def _edit(verb: str, index: int, chosen: Item, article: Article) -> Done:
    """The block's edits made anew from the text typed, so that taking back is typing what stood there."""
    if index >= len(article.blocks):
        raise UsageError("没有这一段，书稿没有改动。", hint="请刷新页面后再试。")
    stored = article.blocks[index].text
    typed = {"omit": "", "restore": stored}.get(verb, request.form.get("text", "").replace("\r\n", "\n"))
    if index == 0 and not typed.strip():
        raise UsageError("题名不能空着，没有改动。", hint="不要这一篇，可以在目次里移出。")
    edits = (omission(index, stored),) if verb == "omit" else edits_between(index, stored, typed)
    words = {"omit": "删去", "restore": "复原"}.get(verb, "改了")
    return (
        f"#b{index}",
        _edited_anew(chosen, {index}, edits),
        f"本书{words}第 {index} 段" if index else f"本书{words}题名",
    )


def _whole(verb: str, index: int, chosen: Item, article: Article) -> Done:
    """A table, or a picture with its caption, left out of the book or brought back as it is stored."""
    entry = entry_of(article, chosen, index)
    if entry is None or not index:
        raise UsageError("没有这张图表，书稿没有改动。", hint="请刷新页面后再试。")
    gone = verb == "omit-whole"
    edits = tuple(omission(each, line.stored) for each, line in entry.lines.items()) if gone else ()
    words = f"本书{'删去' if gone else '复原'}第 {entry.first} 段起的{entry.word}"
    return f"#b{entry.first}", _edited_anew(chosen, entry.lines.keys(), edits), words


def _edited_anew(chosen: Item, blocks: Collection[int], edits: Iterable[Edit]) -> Item:
    """The item with these edits of these blocks instead of those it had."""
    others = (each for each in chosen.edits if each.block not in blocks)
    return replace(chosen, edits=tuple(sorted((*others, *edits), key=lambda each: (each.block, each.start))))


# -- the page


def _page(kept: Project, article_id: str, error: WenshiError | None = None) -> ResponseReturnValue:
    place, chosen = _item(kept, article_id)
    session = current.session()
    try:
        article, present = session.article(chosen.article, chosen.version), session.article(chosen.article)
    except NotFound as missing:
        raise NotFound(f"{missing.message}", hint="请回到目次，把这一篇移出书稿。") from missing
    words, warn = project_editor.message()
    editing = request.args.get("edit", "")
    page = render_template(
        "book_item.html",
        project=kept,
        part=kept.parts[place[0]],
        number=place[1] + 1,
        item=chosen,
        article=article,
        present=present,
        end=_end(article),
        entries=entries(article, chosen),
        strays=_strays(article, chosen),
        byline=byline(article),
        source=source_line(article, {each.id: each for each in session.collections()}),
        house=session.books.house(kept.house),
        editing=whole_number(editing),
        typed=request.form,
        at=request.args.get("at", ""),
        neighbours=_neighbours(kept, place),
        occurrence=_occurrence(),
        message=words,
        warn=warn,
        error=error,
    )
    return page, error_pages.status_of(error) if error else 200


def _end(article: Article) -> int:
    """The last block that can be chosen; notes come with their references."""
    return len(article.blocks) - 1


def _strays(article: Article, chosen: Item) -> Sequence[Edit]:
    """Edits of words that do not stand in this version."""
    return [edit for edit in chosen.edits if any(problems(article, replace(chosen, first=1, last=0, edits=(edit,))))]


def _neighbours(kept: Project, place: tuple[int, int]) -> tuple[tuple[Item, int] | None, tuple[Item, int] | None]:
    """The items before and after, each with how often its article has stood in the book up to there."""
    flat = [(part, at) for part, each in enumerate(kept.parts) for at in range(len(each.items))]
    at = flat.index(place)

    def counted(there: int) -> tuple[Item, int] | None:
        if not 0 <= there < len(flat):
            return None
        items = [order.item_at(kept, each) for each in flat[: there + 1]]
        return items[-1], sum(each.article == items[-1].article for each in items)

    return counted(at - 1), counted(at + 1)


def _occurrence() -> int:
    return whole_number(request.values.get("n", "")) or 1


def _item(kept: Project, article_id: str) -> tuple[tuple[int, int], Item]:
    place = project_editor.nth(kept, article_id, _occurrence())
    return place, order.item_at(kept, place)


def _with(kept: Project, place: tuple[int, int], fresh: Item) -> Project:
    part, at = place
    items = kept.parts[part].items
    changed = replace(kept.parts[part], items=(*items[:at], fresh, *items[at + 1 :]))
    return replace(kept, parts=(*kept.parts[:part], changed, *kept.parts[part + 1 :]))


def _url(name: str, article_id: str, at: str | None = None) -> str:
    occurrence = _occurrence()
    n = occurrence if occurrence > 1 else None
    return url_for("book_items.item", name=name, article_id=article_id, n=n, at=at)
