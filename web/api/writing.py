"""What editors change: texts, descriptions, dates, their own labels and cards, 长编."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from msgspec import Meta, Struct

from archive.model import edits as archive_edits
from archive.model.accounts import Scope
from archive.model.cards import CardFields
from archive.model.records import Kind
from web.api.cards import CardValue, CompilationValue
from web.api.operation import LARGEST, Sent, operation
from web.api.reading import ArticleValue, MentionList, dates_in
from web.base import current

_GROUP = "改动"

Number = Annotated[int, Meta(ge=0, le=LARGEST)]
Reason = Annotated[str, Meta(min_length=1, max_length=500)]


class Given(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all that is sent: what is not known is refused."""


class RewriteGiven(Given, frozen=True, kw_only=True, tag_field="do", tag="rewrite"):
    """A block reads `texts` instead of `before`: one paragraph, several, or none."""

    block: Number
    before: str
    texts: tuple[str, ...]

    @property
    def edit(self) -> archive_edits.Edit:
        """The archive's own."""
        return archive_edits.Rewrite(self.block, self.before, self.texts)


class InsertGiven(Given, frozen=True, kw_only=True, tag_field="do", tag="insert"):
    """A new block behind the one that reads `before`."""

    block: Number
    before: str
    kind: Kind
    text: str
    level: Annotated[int, Meta(ge=0, le=9)] = 0

    @property
    def edit(self) -> archive_edits.Edit:
        """The archive's own."""
        return archive_edits.Insert(self.block, self.before, self.kind, self.text, self.level)


class JoinGiven(Given, frozen=True, kw_only=True, tag_field="do", tag="join"):
    """A block and the one behind it become one."""

    block: Number
    before: str

    @property
    def edit(self) -> archive_edits.Edit:
        """The archive's own."""
        return archive_edits.Join(self.block, self.before)


class NoteGiven(Given, frozen=True, kw_only=True, tag_field="do", tag="note"):
    """A note, referred to behind the first `at` characters of a block."""

    block: Number
    before: str
    at: Number
    text: str

    @property
    def edit(self) -> archive_edits.Edit:
        """The archive's own."""
        return archive_edits.AddNote(self.block, self.before, self.at, self.text)


class CorrectionGiven(Given, frozen=True, kw_only=True):
    """Edits of one version, all or none; `version` 0 is the present one, another that is no more so is a conflict."""

    edits: Annotated[tuple[RewriteGiven | InsertGiven | JoinGiven | NoteGiven, ...], Meta(min_length=1, max_length=500)]
    reason: Reason
    version: Number = 0


@operation(
    "/articles/<article_id>/corrections", "更正一篇文章", group=_GROUP, method="POST", scope=Scope.CORRECT,
)  # fmt: skip
def correct(article_id: str, given: Sent[CorrectionGiven]) -> ArticleValue:
    """A new version of an article."""
    made = [one.edit for one in given.edits]
    return ArticleValue.whole(current.session().correct(article_id, made, given.reason, given.version))


class DescriptionGiven(Given, frozen=True, kw_only=True):
    """Values of descriptive fields by name; those not named stay as they are. `version` as for corrections."""

    fields: Annotated[dict[str, str | tuple[str, ...]], Meta(min_length=1, max_length=100)]
    reason: Reason
    version: Number = 0


@operation(
    "/articles/<article_id>/fields", "改一篇文章的著录", group=_GROUP, method="PATCH", scope=Scope.CORRECT,
)  # fmt: skip
def describe(article_id: str, given: Sent[DescriptionGiven]) -> ArticleValue:
    """A new version of an article, described otherwise."""
    return ArticleValue.whole(current.session().describe(article_id, given.fields, given.reason, given.version))


class DateGiven(Given, frozen=True, kw_only=True):
    """What stands from `start` to `end` of a block means `expression`; without one it is no date."""

    block: Number
    start: Number
    end: Number
    reason: Reason
    expression: Annotated[str, Meta(max_length=200)] = ""
    version: Number = 0


@operation(
    "/articles/<article_id>/dates", "订正文中的一个日期", group=_GROUP, method="POST", scope=Scope.CORRECT,
)  # fmt: skip
def decide_date(article_id: str, given: Sent[DateGiven]) -> MentionList:
    """The dates of the article as they are now."""
    session, place = current.session(), (given.block, given.start, given.end)
    if given.expression:
        session.correct_date(article_id, place, given.expression, given.reason, given.version)
    else:
        session.reject_date(article_id, place, given.reason, given.version)
    return dates_in(article_id)


class LabelGiven(Given, frozen=True, kw_only=True):
    """The place from `start` to `end` of a block is labelled 保留, 剔除 or 待查, or "" with nothing any more."""

    block: Number
    start: Number
    end: Number
    label: str


@operation(
    "/articles/<article_id>/labels", "给一处做自己的标记", group=_GROUP, method="PUT", status=HTTPStatus.NO_CONTENT
)
def label(article_id: str, given: Sent[LabelGiven]) -> None:
    """Labels are one's own: they show in the concordance."""
    current.session().concordances.label(article_id, (given.block, given.start, given.end), given.label)


# -- cards


class CardGiven(Given, frozen=True, kw_only=True):
    """The words from `start` to `end` of a block; `said` null for what can be read off them."""

    article: str
    block: Number
    start: Number
    end: Number
    version: Number = 0
    said: CardFields | None = None


@operation(
    "/cards", "做一张卡片", group=_GROUP, method="POST", scope=Scope.COMPILE, status=HTTPStatus.CREATED,
)  # fmt: skip
def make_card(given: Sent[CardGiven]) -> CardValue:
    """The card."""
    cards = current.session().cards
    key = cards.make(given.article, (given.block, given.start, given.end), given.version, given.said)
    return CardValue.of(cards.get(key))


@operation("/cards/<int:key>", "改卡片上写的", group=_GROUP, method="PUT", scope=Scope.COMPILE)
def change_card(key: int, said: Sent[CardFields]) -> CardValue:
    """The card as it is now; what was copied stays."""
    cards = current.session().cards
    cards.change(key, said)
    return CardValue.of(cards.get(key))


@operation(
    "/cards/<int:key>", "删去一张卡片", group=_GROUP, method="DELETE", scope=Scope.COMPILE,
    status=HTTPStatus.NO_CONTENT,
)  # fmt: skip
def remove_card(key: int) -> None:
    """It is gone, from 长编 too."""
    current.session().cards.remove(key)


class CompilationGiven(Given, frozen=True, kw_only=True):
    """A new 长编 by its name."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]


@operation(
    "/compilations", "新建一部长编", group=_GROUP, method="POST", scope=Scope.COMPILE, status=HTTPStatus.CREATED,
)  # fmt: skip
def create_compilation(given: Sent[CompilationGiven]) -> CompilationValue:
    """Empty as yet."""
    return CompilationValue.of(current.session().compilations.create(given.name))


class IntoCompilation(Given, frozen=True, kw_only=True):
    """Cards by key: under a heading (0 for none), each an event or all `together` one; or into an `event` there is.

    `revision` 0 is the present one, another that is no more so is a conflict.
    """

    cards: Annotated[tuple[Number, ...], Meta(min_length=1, max_length=3000)]
    heading: Number = 0
    together: bool = False
    event: Number = 0
    revision: Number = 0


@operation(
    "/compilations/<name>/cards", "把卡片放进长编", group=_GROUP, method="POST", scope=Scope.COMPILE,
)  # fmt: skip
def put_into_compilation(name: str, given: Sent[IntoCompilation]) -> CompilationValue:
    """The 长编 as it is now."""
    held = current.session().compilations
    now = held.get(name)
    if given.revision:
        now = replace(now, revision=given.revision)
    if given.event:
        fuller = now.with_accounts(given.event, given.cards)
    else:
        fuller = now.with_cards(given.cards, given.heading, together=given.together)
    return CompilationValue.of(held.save(fuller))
