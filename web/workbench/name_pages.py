"""People, places and bodies: the list, the page of each, its versions, the whole as a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from archive.catalogue.name_table import FORMATS, write_table
from archive.model.errors import NotFound
from archive.model.integers import whole_number
from archive.model.name_records import NameKind, NameRecord, references, without_references
from archive.search.conditions import NAME_FACETS, bearer
from archive.session import Session
from archive.workbench.name_mentions import BESIDE_OF
from web.base import current
from web.base.sheet_downloads import download
from web.workbench.name_queue import passage

pages = Blueprint("names", __name__)

_LEAF = 200  # records on one page
_ARTICLES = 20  # with mentions on one page of a record
_ONCE = frozenset({"生", "卒", "设立", "撤销", "籍贯"})
"""What can be true once only: two sources that differ are two accounts."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a statement goes by: words, and paragraphs of the library as (article id, block, title)."""

    words: str
    places: tuple[tuple[str, int, str], ...]


@pages.get("/names")
def listed() -> ResponseReturnValue:
    """The records, a page at a time: of a kind, with some words."""
    names, kind = current.session().names, _kind()
    asked, page = request.args.get("q", "").strip()[:100], max(1, request.args.get("page", 1, int) or 1)
    found = names.all(kind, asked)
    return render_template(
        "names.html",
        records=found[(page - 1) * _LEAF : page * _LEAF],
        total=len(found),
        page=page,
        pages=-(-len(found) // _LEAF),
        asked=asked,
        kinds=tuple(NameKind),
        kind=kind,
        problems=names.left_over(),
        may_change=names.may_change,
    )


def _kind() -> NameKind | None:
    given = request.args.get("kind", "")
    return NameKind(given) if given in tuple(NameKind) else None


@pages.get("/names/table<suffix>")
def sheet(suffix: str) -> Response:
    """The same records as a table."""
    if suffix not in FORMATS:
        raise NotFound("没有这种表。", hint="请从“人物、地名、机构”选择表的格式。")
    names = current.session().names
    found = names.all(_kind(), request.args.get("q", "").strip()[:100])
    return download(lambda file: write_table(found, names.merged(), file), f"名称表{suffix}")


@pages.get("/names/form")
def form() -> ResponseReturnValue:
    """Who goes by a form: the one there is, or all of them to choose from; or one by its number. Raises NotFound."""
    written = request.args.get("form", "").strip()[:100]
    if number := bearer(written)[1]:
        return redirect(url_for("names.one", number=number), code=303)
    found = current.session().names.bearers(written)
    if not found:
        raise NotFound(f"名称表里没有“{written}”。", hint="到“人物、地名、机构”里查一下。")
    if len(found) == 1:
        return redirect(url_for("names.one", number=found[0].key), code=303)
    return render_template("name_bearers.html", form=written, records=found)


@pages.get("/names/<int:number>")
def one(number: int) -> ResponseReturnValue:
    """A record; a merged one leads on, and tells why there."""
    session = current.session()
    names = session.names
    if leads := names.redirect(number):
        return redirect(url_for("names.one", number=leads.into.key, merged=number), code=301)
    record = names.get(number)
    before = whole_number(request.args.get("merged", ""))
    year = whole_number(request.args.get("year", ""))
    twice = Counter(each.what for each in {(each.what, each.when): each for each in record.statements}.values())
    return render_template(
        "name.html",
        record=record,
        facets={kind.value: facet for facet, kind in NAME_FACETS.items()},
        year=year,
        merged=names.redirect(before) if before else None,
        twins=[each for each in names.bearers(record.preferred) if each.key != record.key],
        sources={each: _source(session, each) for each in _sources(record)},
        disputed={what for what, count in twice.items() if count > 1 and what in _ONCE},
        parents={each.parent: names.bearers(each.parent) for each in record.belongings},
        below=names.below(record),
        chain=names.chain(record, year) if year is not None else (),
        **_of_texts(session, record),
        may_change=names.may_change,
    )


def _of_texts(session: Session, record: NameRecord) -> dict[str, object]:
    """What the texts say: places a few articles at a time, decades, posts, who stands beside."""
    mentioned, page = session.name_mentions, max(1, request.args.get("page", 1, int) or 1)
    found = mentioned.of(record, limit=_ARTICLES, offset=(page - 1) * _ARTICLES)
    return {
        "mentions": [(one, passage(one)) for one in found.mentions],
        "articles": found.articles,
        "page": page,
        "pages": -(-found.articles // _ARTICLES),
        "decades": mentioned.decades(record) if page == 1 else (),
        "posts": mentioned.posts(record) if page == 1 else (),
        "beside": mentioned.beside(record) if page == 1 else (),
        "beside_of": min(found.articles, BESIDE_OF),
        "asked": " OR ".join(f'"{form}"' for form in (record.preferred, *record.aliases[:30])),
    }


def _sources(record: NameRecord) -> set[str]:
    return {one.source for one in record.statements} | {one.source for one in record.belongings}


def _source(session: Session, written: str) -> Source:
    places = tuple(references(written))
    titles = session.several([article for article, _ in places])
    return Source(
        without_references(written),
        tuple((article, block, titles[article].title) for article, block in places if article in titles),
    )


@pages.get("/names/<int:number>/history")
def history(number: int) -> ResponseReturnValue:
    """All versions of a record, the newest first."""
    names = current.session().names
    return render_template(
        "name_history.html",
        record=names.get(number),
        versions=names.versions(number)[::-1],
        may_change=names.may_change,
    )
