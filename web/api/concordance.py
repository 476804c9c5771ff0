"""Every place of a search (逐处), groups of them, what stands beside them, and lists of names, as JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from archive.catalogue.authority import NameKind
from archive.model.errors import UsageError
from archive.model.search import Search
from archive.search.counts import Division
from archive.workbench.collocates import UNITS
from archive.workbench.concordance import KwicRow
from archive.workbench.row_columns import sides
from archive.workbench.steps import COLUMNS, MOST_KEYS, Arranged, Step, read_step
from archive.workbench.term_lists import named_terms, read_terms
from web.api.operation import operation
from web.api.paging import Page
from web.api.values import Answer
from web.base import current

_GROUP = "逐处"
_COLUMN = rf"(?:{'|'.join(COLUMNS)}|(?:left|right)(?:[1-9]|10))"
_STEP = "筛选，一步一个，依次做：right5:先生、-left2:不、is:volume:第一辑、first、sample:100:7"


class Steps(Struct, frozen=True, kw_only=True):
    """The steps that narrow the places found, one after another."""

    step: Annotated[tuple[str, ...], Meta(max_length=20, description=_STEP)] = ()

    @property
    def read(self) -> tuple[Step, ...]:
        """The steps themselves. Raises UsageError."""
        return tuple(read_step(one) for one in self.step if one)


class RowsAsked(Struct, frozen=True, kw_only=True):
    """The order of the rows, and how much of each is shown."""

    key: Annotated[
        tuple[Annotated[str, Meta(pattern=rf"^-?(?:date|{_COLUMN})$")], ...],
        Meta(max_length=MOST_KEYS, description="排序，前加减号是降序：right2、left1、form、date、volume……"),
    ] = ()
    order: Annotated[Literal["pinyin", "codepoint", "strokes"], Meta(description="字序")] = "pinyin"
    around: Annotated[int, Meta(ge=0, le=400, description="左右各给多少字")] = 30


class KwicLine(Answer, frozen=True, kw_only=True):
    """One place: `start` to `end` in the stored text of block `block`, code points, end exclusive."""

    number: int
    left: str
    hit: str
    right: str
    article: str
    version: int
    block: int
    start: int
    end: int
    title: str
    collection: str
    volume: str
    pages: str
    paragraph: int
    date: str
    stated: str
    authors: tuple[str, ...]
    label: str

    @classmethod
    def of(cls, row: KwicRow, around: int) -> KwicLine:
        """From a row, with so many characters either side."""
        left, hit, right = sides(row, around)
        same = {name: getattr(row, name) for name in cls.__struct_fields__ if name not in ("left", "hit", "right")}
        return cls(left=left, hit=hit, right=right, **same)


class StepTold(Answer, frozen=True, kw_only=True):
    """A step, in words too, and how many places and articles it leaves."""

    step: str
    words: str
    places: int
    articles: int


class Kwic(Answer, frozen=True, kw_only=True):
    """`places` in `articles` are left of the `found` places; `lost` labels stand on no words any more."""

    found: int
    places: int
    articles: int
    lost: int
    steps: tuple[StepTold, ...]
    rows: tuple[KwicLine, ...]
    next: str | None


@operation("/kwic", "逐处：检索到的每一处一行，可筛选、排序", group=_GROUP)
def kwic(search: Search, steps: Steps, rows: RowsAsked, page: Page) -> Kwic:
    """A page of rows."""
    how = Arranged.read(rows.key, rows.order)
    concordances = current.session().concordances
    found = concordances.page(search, steps.read, how, limit=page.limit, offset=page.offset)
    told = (
        StepTold(step=str(one.step), words=one.step.words, places=one.places, articles=one.articles)
        for one in found.steps
    )
    return Kwic(
        found=found.found,
        places=found.places,
        articles=found.articles,
        lost=found.lost,
        steps=tuple(told),
        rows=tuple(KwicLine.of(row, rows.around) for row in found.rows),
        next=page.following(len(found.rows), found.places),
    )


class By(Struct, frozen=True, kw_only=True):
    """What places are grouped by."""

    by: Annotated[
        tuple[Annotated[str, Meta(pattern=f"^{_COLUMN}$")], ...],
        Meta(min_length=1, max_length=2, description="按哪一列分组，或哪两列：form、right2、volume、author、decade……"),
    ] = ("right2",)


class KwicGroup(Answer, frozen=True, kw_only=True):
    """The places with these values, one a column, and in how many articles they stand."""

    values: tuple[str, ...]
    places: int
    articles: int


class KwicGroups(Answer, frozen=True, kw_only=True):
    """`places` are those of all groups together, those of other pages too."""

    by: tuple[str, ...]
    places: int
    total: int
    groups: tuple[KwicGroup, ...]
    next: str | None


@operation("/kwic/groups", "逐处分组：按一列或两列计数", group=_GROUP)
def kwic_groups(search: Search, steps: Steps, by: By, page: Page) -> KwicGroups:
    """A page of groups, the largest first."""
    found = current.session().concordances.groups(search, steps.read, tuple(dict.fromkeys(by.by)))
    here = found[page.offset :][: page.limit]
    return KwicGroups(
        by=tuple(dict.fromkeys(by.by)),
        places=sum(one.places for one in found),
        total=len(found),
        groups=tuple(KwicGroup(values=one.values, places=one.places, articles=one.articles) for one in here),
        next=page.following(len(here), len(found)),
    )


class Beside(Struct, frozen=True, kw_only=True):
    """What of the surroundings is looked at."""

    unit: Annotated[
        str,
        Meta(pattern=f"^(?:{'|'.join(UNITS)})$", description="紧挨着的几个字（right2、left1……），或同段的 name、word"),
    ] = "right2"
    least: Annotated[int, Meta(ge=1, le=1_000_000, description="至少一起出现几次")] = 3
    articles: Annotated[int, Meta(ge=1, le=1_000_000, description="至少见于几篇")] = 2


class CollocateValue(Answer, frozen=True, kw_only=True):
    """`text` stands `together` times with what was searched, in `articles`, `alone` times in all; logDice `score`."""

    text: str
    together: int
    articles: int
    alone: int
    score: float


class Collocates(Answer, frozen=True, kw_only=True):
    """The highest score first; `searched` places, or paragraphs with one, were looked at."""

    unit: str
    searched: int
    total: int
    collocates: tuple[CollocateValue, ...]
    next: str | None


@operation("/kwic/collocates", "搭配：旁边常出现什么", group=_GROUP)
def collocates(search: Search, steps: Steps, beside: Beside, page: Page) -> Collocates:
    """A page of collocates."""
    concordances = current.session().concordances
    found = concordances.collocates(search, steps.read, beside.unit, least=beside.least, articles=beside.articles)
    here = found.found[page.offset :][: page.limit]
    return Collocates(
        unit=found.unit,
        searched=found.searched,
        total=len(found.found),
        collocates=tuple(
            CollocateValue(
                text=one.text, together=one.together, articles=one.articles, alone=one.alone, score=round(one.score, 4)
            )
            for one in here
        ),
        next=page.following(len(here), len(found.found)),
    )


class TermsAsked(Struct, frozen=True, kw_only=True):
    """The names of a list."""

    term: Annotated[
        tuple[str, ...], Meta(max_length=1000, description="一个名称，别的写法跟在后面，用“；”隔开；可写多次")
    ] = ()
    names: Annotated[NameKind | None, Meta(description="不写 term 时：名称表里的哪一类")] = None
    by: Annotated[Division, Meta(description="按什么分栏")] = Division.VOLUME


class TermLine(Answer, frozen=True, kw_only=True):
    """`places` do not count what is part of a longer name of the list, `every` does; `cells` are the places by part."""

    name: str
    forms: tuple[str, ...]
    every: int
    places: int
    articles: int
    cells: tuple[int, ...]


class Terms(Answer, frozen=True, kw_only=True):
    """A row a name, a cell a part."""

    by: str
    parts: tuple[str, ...]
    rows: tuple[TermLine, ...]


@operation("/terms", "名单计数：一次数许多名称，没有的也列出", group=_GROUP)
def terms(search: Search, asked: TermsAsked) -> Terms:
    """The table of a list of names; the words of the search are of no account."""
    session = current.session()
    if bool(asked.term) == bool(asked.names):
        raise UsageError("term 和 names 要写一样，也只能写一样。", hint="写名称用 term，数名称表里的用 names")
    known = named_terms(session.authority(), asked.names) if asked.names else read_terms("\n".join(asked.term))
    table = session.term_lists.table(known, search.but(text=""), asked.by)
    return Terms(
        by=asked.by.value,
        parts=table.labels,
        rows=tuple(
            TermLine(
                name=row.term.name,
                forms=row.term.forms,
                every=row.every,
                places=row.places,
                articles=row.articles,
                cells=row.cells,
            )
            for row in table.rows
        ),
    )
