"""People, places and bodies as JSON: their records, where they stand, who is meant there."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from archive.model.name_records import Belonging, Identifier, NameForm, NameKind, NameRecord, Standing, Statement
from archive.workbench.name_mentions import Mentioned
from web.api.operation import operation
from web.api.paging import Page
from web.api.values import Answer, ArticleLine, PeriodValue
from web.base import current

_GROUP = "人物、地名、机构"


class NameLine(Answer, frozen=True, kw_only=True):
    """A record in short."""

    key: int
    kind: NameKind
    preferred: str
    forms: tuple[NameForm, ...]
    dates: str

    @classmethod
    def of(cls, one: NameRecord) -> NameLine:
        """From a record."""
        return cls(key=one.key, kind=one.kind, preferred=one.preferred, forms=one.forms, dates=one.dates)


class NamesAsked(Struct, frozen=True, kw_only=True):
    """Which records."""

    kind: Annotated[NameKind | None, Meta(description="哪一类")] = None
    q: Annotated[str, Meta(max_length=100, description="名称、别名或说明里有这些字")] = ""
    form: Annotated[str, Meta(max_length=100, description="以这个名称行于世的，一字不差")] = ""


class NameList(Answer, frozen=True, kw_only=True):
    """In the order they were made."""

    total: int
    names: tuple[NameLine, ...]
    next: str | None


@operation("/names", "名称表：人物、地名、机构", group=_GROUP)
def names(asked: NamesAsked, page: Page) -> NameList:
    """A page of records."""
    known = current.session().names
    found = known.all(asked.kind, asked.q.strip())
    if asked.form:
        bearers = {one.key for one in known.bearers(asked.form)}
        found = tuple(one for one in found if one.key in bearers)
    here = found[page.offset :][: page.limit]
    return NameList(total=len(found), names=tuple(map(NameLine.of, here)), next=page.following(len(here), len(found)))


class Post(Answer, frozen=True, kw_only=True):
    """A post that a list of office-holders gives, and the title of that list."""

    person: str
    body: str
    post: str
    period: PeriodValue | None
    source: str


class DecadeCount(Answer, frozen=True, kw_only=True):
    """Places in texts written in a decade, "" for undated ones."""

    decade: str
    places: int
    articles: int


class NameBeside(Answer, frozen=True, kw_only=True):
    """Who or what is meant in the same paragraphs, in how many of them."""

    name: NameLine
    paragraphs: int


class NameValue(NameLine, frozen=True, kw_only=True):
    """A record, with what the texts say of it; `merged_into` is the key of the one that it turned out to be, or 0."""

    note: str
    statements: tuple[Statement, ...]
    belongings: tuple[Belonging, ...]
    identifiers: tuple[Identifier, ...]
    version: int
    removed: bool
    merged_into: int
    articles: int
    decades: tuple[DecadeCount, ...]
    posts: tuple[Post, ...]
    beside: tuple[NameBeside, ...]


@operation("/names/<int:number>", "一条名称：人物、地名或机构", group=_GROUP)
def name(number: int) -> NameValue:
    """A record by its key."""
    session = current.session()
    leads = session.names.redirect(number)
    one, mentioned = session.names.get(number), session.name_mentions
    return NameValue(
        key=one.key,
        kind=one.kind,
        preferred=one.preferred,
        forms=one.forms,
        dates=one.dates,
        note=one.note,
        statements=one.statements,
        belongings=one.belongings,
        identifiers=one.identifiers,
        version=one.version,
        removed=one.removed,
        merged_into=leads.into.key if leads else 0,
        articles=mentioned.of(one, limit=0).articles,
        decades=tuple(
            DecadeCount(decade=decade, places=places, articles=articles)
            for decade, places, articles in mentioned.decades(one)
        ),
        posts=tuple(
            Post(
                person=each.person,
                body=each.body,
                post=each.post,
                period=PeriodValue.maybe(each.period),
                source=title,
            )
            for each, title in mentioned.posts(one)
        ),
        beside=tuple(NameBeside(name=NameLine.of(each), paragraphs=count) for each, count in mentioned.beside(one)),
    )


class NamePlaceValue(Answer, frozen=True, kw_only=True):
    """Where the name stands, (start, end) in the block's text; `standing` tells whether it is settled who is meant."""

    article: ArticleLine
    block: int
    span: tuple[int, int]
    written: str
    text: str
    standing: Standing

    @classmethod
    def of(cls, one: Mentioned) -> NamePlaceValue:
        """From the archive's own."""
        block, start, end = one.at.place
        return cls(
            article=ArticleLine.of(one.article),
            block=block,
            span=(start, end),
            written=one.at.written,
            text=one.text,
            standing=one.at.standing,
        )


class NamePlaces(Answer, frozen=True, kw_only=True):
    """The places in some of the `articles` that have one of its forms."""

    articles: int
    places: tuple[NamePlaceValue, ...]
    next: str | None


@operation("/names/<int:number>/places", "这个人、地方、机构见于何处", group=_GROUP)
def name_places(number: int, page: Page) -> NamePlaces:
    """The places in `limit` articles."""
    session = current.session()
    record = session.names.get(number)
    found = session.name_mentions.of(record, limit=page.limit, offset=page.offset)
    read = max(0, min(page.limit, found.articles - page.offset))
    return NamePlaces(
        articles=found.articles,
        places=tuple(map(NamePlaceValue.of, found.mentions)),
        next=page.following(read, found.articles),
    )


class DoubtfulForm(Answer, frozen=True, kw_only=True):
    """A form that alone does not tell who is meant."""

    form: str
    bearers: tuple[NameLine, ...]
    articles: int
    decided: dict[str, int]


class NameQueue(Answer, frozen=True, kw_only=True):
    """Those with several bearers first."""

    total: int
    forms: tuple[DoubtfulForm, ...]
    next: str | None


@operation("/names/queue", "待核的名称：同名、两字名", group=_GROUP)
def name_queue(page: Page) -> NameQueue:
    """A page of forms of which it has to be decided who is meant."""
    found = current.session().name_mentions.queue()
    here = found[page.offset :][: page.limit]
    return NameQueue(
        total=len(found),
        forms=tuple(
            DoubtfulForm(
                form=one.form,
                bearers=tuple(map(NameLine.of, one.bearers)),
                articles=one.articles,
                decided={standing.value: count for standing, count in one.decided.items()},
            )
            for one in here
        ),
        next=page.following(len(here), len(found)),
    )
