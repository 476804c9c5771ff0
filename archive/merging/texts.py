"""One library merged into another: the texts in use with their collections, originals, pictures, what reading lost,
all their versions, what editors decided on their dates, and cards; beside.py brings what is no text.

What both have is found first and shown, and comes over no second time. Both are met through sessions, so that nothing
comes in but as an import does: whole or not at all, and again is nothing new. The rest stays (LEFT_BEHIND).
"""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from archive.merging.beside import Besides, BesideTexts
from archive.model.access import Action
from archive.model.errors import UsageError
from archive.model.records import Article, Collection, Picture
from archive.session import Session

LEFT_BEHIND = "撤回的文章、正文里人物地名的指认、长编、书稿、账号和登记簿"
"""What is not carried, for messages."""


class Likeness(enum.StrEnum):
    """What an article to come has in common with one that is there. The words are those shown."""

    TEXT = "文字相同，不再收"
    FILE = "同一份原件已在这个文集里，文字不同，不再收"
    TITLE = "题名相同，文字不同，照收"


@dataclass(frozen=True, slots=True)
class Double:
    """An article to come, the one it is like, and how."""

    article: Article
    held: Article
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Plan:
    """What a merge would do: how many articles come, with how many earlier versions and cards; which are double, which
    collections (before, then) are renamed.

    `without_file` are the titles of those that cannot come, since the file they came from is not there.
    """

    coming: int
    versions: int
    cards: int
    doubles: tuple[Double, ...]
    renamed: tuple[tuple[str, str], ...]
    without_file: tuple[str, ...]
    besides: Besides


Progress = Callable[[int, int], None]


class Merging:
    """The merge of the library that `source` is a session of into that of `target`; only the latter is changed."""

    def __init__(self, source: Session, target: Session) -> None:
        """Raises NotAllowed where one of them may not maintain its library, UsageError where both are one."""
        source.actor.require(Action.MAINTAIN)
        target.actor.require(Action.MAINTAIN)
        if source.root == target.root:
            raise UsageError("不能把资料库并入它自己", hint="写另一个资料库的文件夹", place=str(source.root))
        self._source, self._target = source, target
        self._collections = dict(self._named())
        self._besides = BesideTexts(source, target)

    def plan(self) -> Plan:
        """What is to be done, found without changing anything."""
        doubles = list(self._doubles())
        kept_out = {one.article.id for one in doubles if one.likeness is not Likeness.TITLE}
        coming, earlier, without = set[str](), 0, list[str]()
        for one in self._source.articles():
            if one.id not in kept_out and self._has_file(one):
                coming.add(one.id)
                earlier += one.version - 1
            elif one.id not in kept_out:
                without.append(one.title)
        cards = sum(one.article in coming for one in self._source.cards.find())
        renamed = tuple((old, new.id) for old, new in self._collections.items() if old != new.id)
        besides = self._besides.plan(_held(doubles), frozenset(coming))
        return Plan(len(coming), earlier, cards, tuple(doubles), renamed, tuple(without), besides)

    def run(self, progress: Progress) -> int:
        """Take everything over that the plan does not keep out; how many articles. Interrupted, it goes on when called
        again. Raises LibraryBusy, StorageError.
        """
        self._besides.bring_own()
        kept_out = {one.article.id for one in self._doubles() if one.likeness is not Likeness.TITLE}
        of_file: defaultdict[tuple[str, str], list[Article]] = defaultdict(list)
        for article in self._source.articles():
            if article.id not in kept_out and self._has_file(article):
                of_file[article.original, article.collection].append(article)
        issues = {one.original: one.issues for one in self._source.imports()}
        for collection in dict.fromkeys(collection for _, collection in of_file):
            self._target.save_collection(self._collections[collection])
        came = 0
        for done, ((original, collection), articles) in enumerate(of_file.items(), 1):
            file, name = self._source.original(original)
            drafts = [replace(one, collection=self._collections[collection].id, version=0) for one in articles]
            kept, pictures = tuple(issues.get(original, ())), list(self._pictures(articles))
            brought = [self._source.upkeep.attached(one.id) for one in articles]
            accepted = self._target.add(file, name, drafts, kept, pictures, later=True, brought=brought)
            came += 0 if accepted.already else len(accepted.articles)
            progress(done, len(of_file))
        self._target.index_waiting()
        self._besides.bring_rest(_held(self._doubles()))
        return came

    def _named(self) -> Iterator[tuple[str, Collection]]:
        """Each collection as it is to be called there: one of another title with the same id gets the next free id."""
        there = {one.id: one for one in self._target.collections()}
        for one in self._source.collections():
            held, number, id = there.get(one.id), 2, one.id
            while held is not None and held.title != one.title:
                id = f"{one.id}-{number}"
                held, number = there.get(id), number + 1
            yield one.id, held or replace(one, id=id, position=0)

    def _doubles(self) -> Iterator[Double]:
        by_digest: dict[str, Article] = {}
        by_title: dict[tuple[str, str], Article] = {}
        by_file: dict[tuple[str, str], Article] = {}
        for one in self._target.articles():
            by_digest.setdefault(one.digest, one)
            by_title.setdefault((one.collection, one.title), one)
            if one.original:
                by_file.setdefault((one.collection, one.original), one)
        for article in self._source.articles():
            collection = self._collections[article.collection].id
            if held := by_digest.get(article.digest):
                yield Double(article, held, Likeness.TEXT)
            elif held := by_file.get((collection, article.original)):
                yield Double(article, held, Likeness.FILE)
            elif held := by_title.get((collection, article.title)):
                yield Double(article, held, Likeness.TITLE)

    def _has_file(self, article: Article) -> bool:
        return bool(article.original) and self._source.original(article.original)[0].is_file()

    def _pictures(self, articles: list[Article]) -> Iterator[Picture]:
        """Those in these articles and in their earlier versions."""
        states = [self._source.article(one.id, number) for one in articles for number in range(1, one.version)]
        for sha256 in Counter(block.picture for one in (*articles, *states) for block in one.blocks if block.picture):
            file, media_type = self._source.picture(sha256)
            yield Picture(sha256, file.read_bytes(), media_type)


def _held(doubles: Iterable[Double]) -> dict[str, Article]:
    """The articles that have the same text, by the id in the source."""
    return {one.article.id: one.held for one in doubles if one.likeness is Likeness.TEXT}
