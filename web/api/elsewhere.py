"""The same words elsewhere, and other accounts of one event, as JSON."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from archive.model.search import Search
from archive.workbench.other_accounts import Dated, OtherAccount
from archive.workbench.reuse import Chain
from archive.workbench.reuses import ShownCopy
from archive.workbench.same_words import Node, Place
from web.api.operation import operation
from web.api.paging import Page
from web.api.values import Answer, ArticleLine, PeriodValue
from web.base import current

_GROUP = "同文与异说"

Span = tuple[int, int]


class Scoped(Struct, frozen=True, kw_only=True):
    """Where something is looked for."""

    scope: Annotated[str, Meta(description="只在这个工作集里找，不写是全库")] = ""


class SamePlace(Answer, frozen=True, kw_only=True):
    """Where the passage stands: `own` in the paragraph asked about, `there` in this one, both (start, end).

    `changes` are (own, there) where the two differ. `equal` characters of `length` are the same.
    """

    article: ArticleLine
    block: int
    text: str
    own: Span
    there: Span
    changes: tuple[tuple[Span, Span], ...]
    equal: int
    length: int

    @classmethod
    def of(cls, place: Place) -> SamePlace:
        """From a place."""
        found = place.shared
        return cls(
            article=ArticleLine.of(place.article),
            block=place.block,
            text=place.article.blocks[place.block].text,
            own=found.own,
            there=found.there,
            changes=found.changes,
            equal=found.equal,
            length=found.length,
        )


class SameWords(Answer, frozen=True, kw_only=True):
    """`nodes` from the earliest: places of one node read the same, letter for letter. `formulas` are set phrases."""

    article: str
    block: int
    text: str
    nodes: tuple[tuple[SamePlace, ...], ...]
    formulas: tuple[str, ...]


def _node(node: Node) -> tuple[SamePlace, ...]:
    return tuple(map(SamePlace.of, node.places))


@operation("/articles/<article_id>/blocks/<int:block>/same-words", "别处同文：这一段的文字还见于哪里", group=_GROUP)
def same_words(article_id: str, block: int, where: Scoped) -> SameWords:
    """The chain of a paragraph."""
    found = current.session().concordances.same_words(article_id, block, Search(scope=where.scope))
    text = found.article.blocks[block].text
    return SameWords(
        article=article_id,
        block=block,
        text=text,
        nodes=tuple(map(_node, found.nodes)),
        formulas=tuple(text[start:end] for start, end in found.formulas),
    )


class DateOfAccount(Answer, frozen=True, kw_only=True):
    """A date as an account has it; `inherited` where it is told before the paragraph."""

    written: str
    period: PeriodValue
    inherited: bool

    @classmethod
    def of(cls, one: Dated) -> DateOfAccount:
        """From the archive's own."""
        return cls(written=one.written, period=PeriodValue.of(one.period), inherited=one.inherited)


class AccountValue(Answer, frozen=True, kw_only=True):
    """A paragraph that seems to tell of the same, with the names and dates (here, there) that both have."""

    article: ArticleLine
    block: int
    text: str
    names: tuple[str, ...]
    dates: tuple[tuple[DateOfAccount, DateOfAccount], ...]
    same_words: bool
    weight: float

    @classmethod
    def of(cls, one: OtherAccount) -> AccountValue:
        """From the archive's own."""
        return cls(
            article=ArticleLine.of(one.article),
            block=one.block,
            text=one.text,
            names=tuple(name.preferred for name in one.names),
            dates=tuple((DateOfAccount.of(here), DateOfAccount.of(there)) for here, there in one.dates),
            same_words=one.same_words,
            weight=round(one.weight, 4),
        )


class Accounts(Answer, frozen=True, kw_only=True):
    """What speaks the most for it first. `read` of the `fitting` articles were read."""

    article: str
    block: int
    names: tuple[str, ...]
    dates: tuple[DateOfAccount, ...]
    undecided: tuple[str, ...]
    read: int
    fitting: int
    accounts: tuple[AccountValue, ...]


@operation("/articles/<article_id>/blocks/<int:block>/accounts", "别处记同一件事：凭人、地、日期找", group=_GROUP)
def accounts(article_id: str, block: int, where: Scoped) -> Accounts:
    """What is offered for a paragraph."""
    found = current.session().events.of(article_id, block, Search(scope=where.scope))
    return Accounts(
        article=article_id,
        block=block,
        names=tuple(one.preferred for one in found.names),
        dates=tuple(map(DateOfAccount.of, found.dates)),
        undecided=found.undecided,
        read=found.read,
        fitting=found.fitting,
        accounts=tuple(map(AccountValue.of, found.found)),
    )


class CopyValue(Answer, frozen=True, kw_only=True):
    """An article that has the words of a chain: where, (block, start, end), and as which words.

    `words` is empty where the article was changed since it was looked through; the places are of that version.
    """

    article: ArticleLine
    version: int
    places: tuple[tuple[int, int, int], ...]
    words: tuple[str, ...]


class ChainValue(Answer, frozen=True, kw_only=True):
    """Articles with the same words, by date; those of one node read the same. `length` letters are shared."""

    length: int
    nodes: tuple[tuple[CopyValue, ...], ...]


class FormulaValue(Answer, frozen=True, kw_only=True):
    """A set phrase, and in how many articles at least it stands."""

    words: str
    articles: int


class Reuse(Answer, frozen=True, kw_only=True):
    """What was found last, and when (UTC, "" before the first time); the longest chain first."""

    moment: str
    scope: str
    articles: int
    total: int
    chains: tuple[ChainValue, ...]
    formulas: tuple[FormulaValue, ...]
    next: str | None


class ReuseAsked(Scoped, frozen=True, kw_only=True):
    """Which chains."""

    article: Annotated[str, Meta(description="只要有这篇文章的")] = ""


@operation("/same-words", "全库同文：上一次找到的各串", group=_GROUP)
def reuse(asked: ReuseAsked, page: Page) -> Reuse:
    """A page of chains; they are looked for on the pages or by command, which takes long."""
    reuses = current.session().reuses
    kept = reuses.latest(asked.scope)
    wanted = asked.article
    chains = [
        one
        for one in (kept.found.chains if kept else ())
        if not wanted or any(copy.article == wanted for copy in one.copies)
    ]
    here = reuses.shown(chains[page.offset :][: page.limit])
    return Reuse(
        moment=kept.moment if kept else "",
        scope=asked.scope,
        articles=kept.found.articles if kept else 0,
        total=len(chains),
        chains=tuple(_chain(*one) for one in here),
        formulas=tuple(FormulaValue(words=one.words, articles=one.articles) for one in kept.found.formulas)
        if kept and not page.offset
        else (),
        next=page.following(len(here), len(chains)),
    )


def _chain(chain: Chain, nodes: tuple[tuple[ShownCopy, ...], ...]) -> ChainValue:
    return ChainValue(length=chain.length, nodes=tuple(tuple(map(_copy, node)) for node in nodes))


def _copy(one: ShownCopy) -> CopyValue:
    return CopyValue(
        article=ArticleLine.of(one.article), version=one.copy.version, places=one.copy.places, words=one.words
    )
