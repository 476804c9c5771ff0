"""Correcting as one actor may: `session.corrections`. Every correction is a new version with a reason and a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import groupby

from archive.catalogue import date_service, fields
from archive.corrections.replacing import Occurrence, occurrences, substituted, taken_back
from archive.corrections.versions import VersionDifference, compared
from archive.dates.office_periods import OfficePeriods
from archive.model import edits as article_edits
from archive.model.access import Action, Actor
from archive.model.date_decisions import carried
from archive.model.edits import Edit
from archive.model.errors import Conflict, NotFound, UsageError
from archive.model.holdings import AtWork, BulkChange, ErrorReport
from archive.model.records import Article
from archive.search import indexing
from archive.search.index.engine import Engine
from archive.store import Store
from archive.store.revising import Described
from archive.text.anchors import Course, Place

_LONGEST_REPORT = 2000


class Corrections:
    """Articles corrected, versions compared and restored, words replaced, errors reported."""

    def __init__(self, store: Store, engine: Engine, periods: OfficePeriods, actor: Actor) -> None:
        """For `Session` only."""
        self._store = store
        self._engine = engine
        self._periods = periods
        self._actor = actor

    # -- one article

    def correct(self, article_id: str, edits: Sequence[Edit], reason: str, version: int = 0) -> Article:
        """Make edits in a new version; the article as it is afterwards. Edits that change nothing make no version.

        `version` is the one they were made on (0: the present one). What others changed meanwhile stands: edits of
        other paragraphs are made all the same. Raises Conflict, and changes nothing, when one of the same paragraphs
        was changed; UsageError for an edit that cannot be made; NotFound.
        """
        self._require()
        with self._writing("更正文章"):
            present = self._correctable(article_id)
            if version not in (0, present.version):
                made_on = self._article(article_id, version)
                edits, overtaken = article_edits.relocated(edits, made_on, present)
                if overtaken:
                    raise _overtaken(version, present.version)
            corrected = article_edits.apply(present, edits)
            return present if corrected == present else self._revise(corrected, reason)

    def revise(self, article: Article, reason: str) -> Article:
        """Store `article` as the next version of the one with its id. Raises Conflict, NotFound.

        Decisions on its dates stay on the characters they were made on, as long as these stand in the text.
        """
        self._require()
        with self._writing("更正文章"):
            self._correctable(article.id)
            self._actor.require(Action.CORRECT, article)  # it may be meant for another collection
            return self._revise(article, reason)

    def restore(self, article_id: str, version: int, reason: str) -> Article:
        """Make an earlier version the newest again, text and description; its status is not changed. NotFound."""
        self._require()
        with self._writing("恢复旧版"):
            present, wanted = self._correctable(article_id), self._article(article_id, version)
            restored = replace(wanted, version=present.version)
            same = replace(restored, digest=present.digest) == present
            return present if same else self._revise(restored, reason or f"恢复第 {version} 版")

    def difference(self, article_id: str, before: int, after: int) -> VersionDifference:
        """Two versions of an article compared. Raises NotFound."""
        one, other = self._article(article_id, before), self._article(article_id, after)
        collection = self._store.collection(one.collection)
        return compared(one, other, fields.definitions(collection, [one, other]))

    def present_block(self, article_id: str, version: int, block: int) -> int | None:
        """The number that a block of an earlier version has now; None where it is gone. Raises NotFound."""
        old, present = self._article(article_id, version), self._article(article_id)
        return _course(old, present).block(block)

    def come(self, article_id: str) -> tuple[AtWork, ...]:
        """Note that the actor has an article open to change it; the others who have, the latest first. NotFound."""
        self._correctable(article_id)
        return self._store.at_work.come(article_id, self._actor.id, self._actor.name)

    def leave(self, article_id: str) -> None:
        """Note that the actor is done with it."""
        self._store.at_work.leave(article_id, self._actor.id)

    # -- many articles

    def occurrences(
        self, words: str, collection: str, *, folded: bool = False
    ) -> Iterator[tuple[Article, tuple[Occurrence, ...]]]:
        """Where these words stand in a collection, article by article: as written, or in all their forms (`folded`)."""
        if not words:
            return
        rights = self._actor.rights.in_use
        for article, _ in self._store.each(collection):
            if rights.cover(article) and (found := tuple(occurrences(words, article, folded=folded))):
                yield article, found

    def replace(
        self, words: str, instead: str, chosen: Sequence[Occurrence], reason: str, *, folded: bool = False
    ) -> BulkChange:
        """Put other words at the places chosen: one version an article, all of them or none, undone as one.

        `folded` when they were found so.
        Raises Conflict when one of the articles was changed since they were listed, NotFound, UsageError.
        """
        self._require()
        if not chosen or (words == instead and not folded):
            raise UsageError("没有要替换的地方，什么也没有改动", hint="在要替换的各处前面打勾")
        with self._writing("成批替换"):
            described = []
            in_order = sorted(chosen, key=lambda one: one.article)
            for article_id, group in groupby(in_order, key=lambda one: one.article):
                present = self._article(article_id)
                described.append(self._described(present, substituted(present, words, instead, group, folded=folded)))
            forms = "（连同繁体、异体、全半角）" if folded else ""
            detail = f"“{words}”{forms}改为“{instead}”，{len(chosen)} 处"
            return self._store.replacements.make(described, detail, reason, self._actor.name)

    def replacements(self) -> tuple[BulkChange, ...]:
        """The replacements in articles the actor may see, the latest first; for who may correct."""
        if not self._actor.rights.allow(Action.CORRECT):
            return ()
        return self._store.replacements.listed(self._actor.rights)

    def take_back(self, key: int) -> tuple[int, int]:
        """Take back a replacement as one: how many articles read as before, how many paragraphs were changed since.

        Those stay as they are. Raises NotFound, Conflict when it was taken back before.
        """
        self._require()
        with self._writing("撤销成批替换"):
            change = next((one for one in self.replacements() if one.key == key), None)
            if change is None:
                raise NotFound("没有这一次成批替换", hint="重新打开“成批替换”的记录再看")
            described: list[Described] = []
            left = 0
            for article_id, version in self._store.replacements.versions(key, self._actor.rights):
                present = self._article(article_id)
                before, after = self._article(article_id, version - 1), self._article(article_id, version)
                course = _course(after, present)
                there = [course.unchanged(index) for index in range(len(after.blocks))]
                changed, kept = taken_back(before, after, present, there)
                left += kept
                if changed.blocks != present.blocks:
                    described.append(self._described(present, changed))
            self._store.replacements.take_back(key, described, f"撤销成批替换：{change.detail}", self._actor.name)
            return len(described), left

    # -- what readers report

    def report(self, article_id: str, place: Place, words: str, version: int) -> int:
        """Tell the editors that something is wrong at a place of the version that was read; the key of the report.

        Start and end are the same for a whole block. Everybody who may read an article may report. Raises NotFound,
        UsageError when nothing is said.
        """
        block, start, end = place
        read = self._article(article_id, version or None)
        if not words.strip():
            raise UsageError("没有写哪里不对，还没有送出", hint="写一句话，编辑才知道要核对什么")
        if not 0 <= block < len(read.blocks) or not 0 <= start <= end <= len(read.blocks[block].text):
            raise NotFound("文章里没有这个位置", hint="重新打开这篇文章再报")
        told = words.strip()[:_LONGEST_REPORT]
        report = ErrorReport(0, article_id, read.version, block, start, end, told, "", "")
        return self._store.error_reports.add(report, self._actor.name)

    def reports(self) -> tuple[ErrorReport, ...]:
        """What readers reported, the latest first; for who may correct."""
        if not self._actor.rights.allow(Action.CORRECT):
            return ()
        return self._store.error_reports.all(self._actor.rights)

    def settle(self, key: int, answer: str) -> None:
        """Settle a report. Raises NotFound, Conflict when somebody else was quicker."""
        self._require()
        found = next((one for one in self.reports() if one.key == key), None)
        if found is None:
            raise NotFound("没有这一条报错", hint="重新打开报错的清单再看")
        self._correctable(found.article)
        self._store.error_reports.settle(key, answer, self._actor.name)
        if found.who != self._actor.name:
            words = f"您报的错处理好了：{answer.strip() or '已看过'}"
            self._store.notices.tell(found.who, self._actor.name, words, f"/article/{found.article}")

    # -- inner workings

    def _require(self) -> None:
        self._actor.require(Action.CORRECT)

    def _writing(self, action: str) -> AbstractContextManager[None]:
        return indexing.writing(self._store, self._engine, self._actor.name, action)

    def _article(self, article_id: str, version: int | None = None) -> Article:
        """An article the actor may see. Raises NotFound."""
        return self._store.seen(article_id, self._actor.rights, version)

    def _correctable(self, article_id: str) -> Article:
        """An article the actor may correct. Raises NotFound, NotAllowed."""
        found = self._article(article_id)
        self._actor.require(Action.CORRECT, found)
        return found

    def _revise(self, article: Article, reason: str) -> Article:
        return date_service.revise(self._store, self._periods, article, reason, self._actor.name)

    def _described(self, present: Article, article: Article) -> Described:
        """The next version with its dates and the decisions on them."""
        self._actor.require(Action.CORRECT, present)
        decisions = carried(self._store.decisions(article.id), present.blocks, article.blocks)
        return article, date_service.read(self._periods, article, decisions), decisions


def _overtaken(version: int, present: int) -> Conflict:
    message = f"您打开第 {version} 版之后，已有人改过同一段，现在是第 {present} 版；您的改动还没有保存"
    return Conflict(message, hint="对照两边的文字，改好之后再保存")


def _course(before: Article, after: Article) -> Course:
    return Course([block.text for block in before.blocks], [block.text for block in after.blocks])
