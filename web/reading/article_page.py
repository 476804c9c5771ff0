"""The reading page of one article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask import session as login
from flask.typing import ResponseReturnValue

from archive.catalogue.citation import cite
from archive.catalogue.name_places import NamePlace
from archive.export.book import byline
from archive.model.access import Action
from archive.model.date_decisions import CONFLICT
from archive.model.errors import NotFound, PeriodError, QueryError, UsageError, WenshiError
from archive.model.integers import whole_number
from archive.model.records import Article, Kind, Mention
from archive.model.scanned_pages import scanned_pages
from archive.session import Session
from web.base import current
from web.base.rendering import NO_MARKS, Marks
from web.reading import iiif, look
from web.reading.citation_data import citation_tags
from web.reading.date_pages import datings
from web.reading.leaves import Leaf, Leaves, asked, divided
from web.reading.name_links import with_names
from web.reading.page_layout import arrange, shape
from web.search.hit_view import met, words
from web.search.search_state import SearchState

pages = Blueprint("reading", __name__)


@pages.get("/article/<article_id>")
def article(article_id: str) -> ResponseReturnValue:
    """The article, with what was asked for highlighted; `v` asks for an older version.

    A very long one is shown leaf by leaf: `part` is the number of one, `block` that of one that stands on it.
    """
    session = current.session()
    newest = current.readable(article_id)
    shown = _version(session, newest, request.args.get("v", ""))
    whole = arrange(shown.blocks)
    leaves = divided(whole)
    state = SearchState.read(request.args)
    mentions = session.mentions(article_id) if shown.version == newest.version else ()
    marks, misread = _marks(session, shown, leaves.order, state, mentions)
    leaf = _leaf(leaves, marks, shown, newest, state)
    here = [each for each in mentions if leaves.of_block(each.block) == leaf.number]
    links = with_names(datings(shown, here), _names(session, shown, newest, here, leaf))
    marks = replace(marks, elsewhere=_neighbours(leaf, marks), links=links)
    collection = session.collection(shown.collection)
    reports = session.corrections.reports()
    saved = _saved(article_id)
    return render_template(
        "article.html",
        article=shown,
        newest=newest,
        versions=session.versions(article_id),
        sheet=leaf.sheet,
        whole=whole,
        leaf=leaf,
        unmarked=NO_MARKS,
        shape=shape,
        notes={note.label: note.number for note in whole.notes},
        marks=marks,
        state=state,
        misread=misread,
        collection=collection,
        byline=byline(shown),
        citation=cite(shown, collection),
        tags=citation_tags(shown, collection),
        neighbours=session.neighbours(article_id),
        position=session.position(article_id),
        may_correct=session.may(Action.CORRECT, newest),
        scanned=session.may(Action.CORRECT, newest) and bool(scanned_pages(newest)),
        pictured=iiif.has_pages(session, newest),
        may_describe=session.may(Action.DESCRIBE, newest),
        may_keep_names=session.may(Action.MAINTAIN),
        may_name=shown.version == newest.version and session.may(Action.DESCRIBE, newest) and not _signed(shown),
        open_reports=sum(each.answer is None for each in reports if each.article == article_id),
        saved=bool(saved),
        standing=session.workflow.state_of(newest),
        look=look.chosen(),
        said=_said(saved) or login.pop("said", ""),
        dates=listed(here),
        dated=bool(mentions),
        doubts=len({(each.block, each.start) for each in mentions if each.rule.endswith(CONFLICT)}),
        decisions=session.date_decisions(article_id) if shown.version == newest.version else (),
        original=_original(session, shown),
    )


def _names(
    session: Session, shown: Article, newest: Article, mentions: Sequence[Mention], leaf: Leaf
) -> tuple[NamePlace, ...]:
    """The names on a leaf of the present version."""
    if shown.version != newest.version or not session.authority().names:
        return ()
    blocks = range(len(shown.blocks))
    on_it = blocks if leaf.count == 1 else [each for each in blocks if leaf.leaves.of_block(each) == leaf.number]
    return session.name_mentions.in_article(shown, mentions, frozenset(on_it))


def _signed(article: Article) -> bool:
    """Whether the text itself names who wrote it."""
    return any(block.kind is Kind.BYLINE for block in article.blocks)


def listed(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """The dates of a text from early to late, each wording and period once, where it first stands; no vague ones."""
    first: dict[tuple[str, int | None, int | None], Mention] = {}
    for mention in mentions:
        period = mention.period
        if not mention.vague:
            first.setdefault((period.written, period.start, period.end), mention)
    return tuple(sorted(first.values(), key=lambda each: (each.period.start or 0, each.block, each.start)))


def _saved(article_id: str) -> list[object]:
    """What was just saved of this article, told once: its id and the version it became, 0 when nothing changed."""
    told = login.get("saved")
    if isinstance(told, list) and len(told) == 2 and told[0] == article_id:
        login.pop("saved")
        return told
    return []


def _said(saved: list[object]) -> str:
    if not saved:
        return ""
    return f"已保存，现在是第 {saved[1]} 版。" if saved[1] else "没有改动，仍是原来的一版。"


def _version(session: Session, newest: Article, asked: str) -> Article:
    if not asked or asked == str(newest.version):
        return newest
    number = whole_number(asked)
    if number is None:
        raise UsageError(f"版本号“{asked}”不是数字。", hint="去掉地址中的 v= 部分，可以看到最新的版本。")
    return session.article(newest.id, number)


def _leaf(leaves: Leaves, marks: Marks, shown: Article, newest: Article, state: SearchState) -> Leaf:
    version = shown.version if shown.version != newest.version else None

    @cache  # a contents list leads to the same leaf again and again
    def page(part: int) -> str:
        carried: dict[str, Any] = {**state.carried, "v": version, "part": part if part > 1 else None}
        return url_for("reading.article", article_id=shown.id, **carried)

    def address(part: int, anchor: str) -> str:
        return f"{page(part)}#{anchor}" if anchor else page(part)

    number = asked(leaves, request.args.get("part", type=int), request.args.get("block", type=int))
    return Leaf(leaves, number, leaves.hits(marks), address)


def _neighbours(leaf: Leaf, marks: Marks) -> dict[int, str]:
    """The marked places before and behind those of a leaf, with their addresses on others."""
    edges = (leaf.before, leaf.before + leaf.hits[leaf.number - 1] + 1)
    return {number: leaf.hit(number) for number in edges if 1 <= number <= marks.total}


def _marks(
    session: Session, article: Article, order: Sequence[int], state: SearchState, mentions: Sequence[Mention]
) -> tuple[Marks, WenshiError | None]:
    """The highlights; a question that cannot be read leaves the text readable and is reported beside it."""
    try:
        said, meeting = words(session, article, state), met(session, mentions, state)
    except (QueryError, PeriodError) as error:
        return NO_MARKS, error
    return Marks.number(said, order, meeting), None


def _original(session: Session, article: Article) -> str:
    """The name of the file the article came from, or "" when the library has none."""
    try:
        return session.original(article.original)[1] if article.original else ""
    except NotFound:
        return ""
