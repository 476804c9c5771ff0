"""Texts that are in the library already: word for word, or in good part."""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Protocol

from archive.library import Library
from archive.model.access import OUT_OF_USE, Actor
from archive.model.errors import WenshiError
from archive.model.issues import IssueCode
from archive.model.records import Article, Block, Collection, Issue
from archive.support import library_folder
from archive.support.at_hand import AtHand
from archive.text.differences import Pair, differences
from ingest.duplicates.shingles import LEAST, VERSION, comparable, containment, samples, shingles
from ingest.duplicates.signatures import Signature, Signatures

THRESHOLD = 0.5
"""From this share in common on, a text is reported unless another is asked for."""

"""Codes of the issues."""

_AT_ONCE = 200  # articles read and added in one go
_TOLD = 5  # like texts told of one article at import
_REMEMBERED = 500  # texts kept ready for comparing again
_AS_MUCH = 80  # samples, whose room what else is kept of a text takes
_SIGNED: AtHand[tuple[str, array[int]]] = AtHand(4_000_000)  # samples of texts that are not taken again, 16 MB


class Holdings(Protocol):
    """What comparing needs of a library (see archive.session.Session)."""

    @property
    def root(self) -> Path:
        """Its folder."""

    def digests(self) -> Mapping[str, str]:
        """Every article's id and the digest of its present text."""

    def article(self, article_id: str, version: int | None = None) -> Article:
        """One article."""

    def collections(self) -> Sequence[Collection]:
        """The collections to see."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two articles and the share (0 to 1) of the 4-grams of the shorter that stand in the longer.

    `same`: letter for letter the same but for layout, punctuation and variant forms.
    """

    article: Article
    other: Article
    share: float
    same: bool = False

    @property
    def per_cent(self) -> int:
        """The share for people: 100 only where the two are the same or one stands wholly in the other."""
        return int(self.share * 100)


class Duplicates:
    """Compares texts with those of a library. Made by `open_duplicates`."""

    def __init__(self, session: Holdings, signatures: Signatures) -> None:
        """For `open_duplicates` only."""
        self._library = session
        self._signatures = signatures
        self._shingles = lru_cache(_REMEMBERED)(self._read_shingles)

    def _read_shingles(self, article_id: str, digest: str) -> frozenset[bytes]:
        """`digest` is that of its text, which somebody may correct meanwhile."""
        return shingles(comparable(self._library.article(article_id).blocks))

    def waiting(self) -> list[str]:
        """The articles that the library took in or changed meanwhile, and that have not been added."""
        known, now = self._signatures.digests(), self._library.digests()
        return [article for article, digest in now.items() if known.get(article) != digest]

    def catch_up(self, tell: Callable[[int, int], object] = lambda done, total: None) -> int:
        """Adds what the library took in or changed meanwhile; the number of articles. `tell` hears how far it is."""
        waiting = self.waiting()
        for start in range(0, len(waiting), _AT_ONCE):
            tell(start, len(waiting))
            self.took_in([self._library.article(article) for article in waiting[start : start + _AT_ONCE]])
        return len(waiting)

    def took_in(self, articles: Sequence[Article]) -> None:
        """Adds articles the library has just stored."""
        self._signatures.add([Signature(one.id, one.digest, *_measured(one.blocks)) for one in articles])

    def like(
        self,
        article: Article,
        threshold: float = THRESHOLD,
        besides: Set[str] = frozenset(),
        after: Article | None = None,
    ) -> list[Likeness]:
        """The articles of the library that share at least `threshold` with this one, itself left out and those
        `besides`; most first. Only those added `after` one, if it is given.
        """
        content, sampled = _measured(article.blocks)
        if not content:
            return []
        seen = self._library.digests()
        number = self._signatures.number(after.id) if after else 0
        same = [other for other in self._signatures.same(content, number) if other in seen]
        found = [
            Likeness(article, self._library.article(other), 1.0, True)
            for other in same
            if other != article.id and other not in besides
        ]
        others = [
            other
            for other in self._signatures.candidates(sampled, threshold, number)
            if other != article.id and other not in same and other in seen and other not in besides
        ]
        grams = shingles(comparable(article.blocks)) if others else frozenset()
        for other in others:
            share = containment(grams, self._shingles(other, seen[other]))
            if share >= threshold:
                found.append(Likeness(article, self._library.article(other), share))
        return sorted(found, key=lambda one: (not one.same, -one.share))

    def same(self, article: Article) -> Article | None:
        """An article in use with the very same text, white space aside; None where there is none."""
        content, _ = _measured(article.blocks)
        if not content:
            return None
        seen, text = self._library.digests(), _characters(article)
        held = (self._library.article(other) for other in self._signatures.same(content) if other in seen)
        return next((one for one in held if one.status not in OUT_OF_USE and _characters(one) == text), None)

    def issues(
        self, articles: Sequence[Article], original: str = "", threshold: float = THRESHOLD
    ) -> tuple[Issue, ...]:
        """What an import is told about its articles: likeness to the library and among themselves.

        `original` is the SHA-256 of the file they come from: what it brought into the collection before is no news, and
        what it brought into another one is told once.
        """
        found = [one for article in articles for one in self.like(article, threshold)]
        again = Counter(one.other.collection for one in found if original and one.other.original == original)
        elsewhere = [collection for collection in again if collection not in {one.collection for one in articles}]
        titles = {one.id: one.title for one in self._library.collections()} if elsewhere else {}
        return (
            *(
                Issue(IssueCode.SAME_FILE, "整个文件", f"同一份文件已经收入“{titles.get(collection, collection)}”")
                for collection in elsewhere
            ),
            *_issues([one for one in found if not original or one.other.original != original], described),
            *_issues(list(_among(articles, threshold)), lambda other: f"同一文件里的《{other.title}》"),
        )

    def pairs(self, articles: Iterable[Article], threshold: float = THRESHOLD) -> Iterator[Likeness]:
        """All pairs one of which is among `articles`, each pair once, in the order of `articles`."""
        seen: set[str] = set()
        for article in articles:
            seen.add(article.id)
            yield from self.like(article, threshold, seen)

    def pairs_as_added(self, articles: Iterable[Article], threshold: float = THRESHOLD) -> Iterator[Likeness]:
        """The same where `articles` are all there are, in the order in which they were added: only those added after
        one are looked at.
        """
        for article in articles:
            yield from self.like(article, threshold, after=article)


def likeness(left: Article, right: Article) -> Likeness:
    """How much two articles have in common, whatever it is; for texts too short for `like`, a share of little worth."""
    one, other = comparable(left.blocks), comparable(right.blocks)
    return Likeness(left, right, containment(shingles(one), shingles(other)), one == other)


def compared(left: Article, right: Article) -> tuple[Pair, ...]:
    """The blocks of two articles side by side; indexes are block numbers, spans offsets in the blocks' texts."""
    return differences([block.text for block in left.blocks], [block.text for block in right.blocks])


@dataclass(frozen=True, slots=True)
class Closest:
    """Says of drafts, a line each, which article of the library in `root` that `actor` may see is closest, if any is.

    Can be sent to another process. Where the library cannot be asked, the lines say so.
    """

    root: Path
    actor: Actor

    def __call__(self, articles: Sequence[Article]) -> list[str]:
        """The lines."""
        try:
            with Library.open(self.root) as library, open_duplicates(library.session(self.actor)) as duplicates:
                return [_closest(duplicates.like(article)) for article in articles]
        except WenshiError as fault:
            return [f"没有比对：{fault.message}"] * len(articles)


def _closest(found: Sequence[Likeness]) -> str:
    if not found:
        return ""
    first = found[0]
    what = "文字相同" if first.same else f"相同 {first.per_cent}%（以较短的一篇计）"
    more = f"；共 {len(found)} 篇" if found[1:] else ""
    return f"与{described(first.other)}{what}{more}"


@contextmanager
def open_duplicates(session: Holdings, *, current: bool = True) -> Iterator[Duplicates]:
    """What compares texts with those of `library`, brought up to date unless `current` is false. Raises EngineError."""
    signatures = Signatures(session.root / library_folder.INDEX, VERSION)
    try:
        duplicates = Duplicates(session, signatures)
        if current:
            duplicates.catch_up()
        yield duplicates
    finally:
        signatures.close()


def _measured(blocks: tuple[Block, ...]) -> tuple[str, array[int]]:
    """SHA-256 and samples of the comparable text; both empty where it is too short to be compared.

    An import asks for them four times, of thousands of texts in turn: what was found is kept by the words themselves.
    """
    words = "".join([block.text for block in blocks[1:] if block.kind.searched])
    key = hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()
    if (held := _SIGNED.of(key)) is not None:
        return held
    text = comparable(blocks)
    found = "", array("I")
    if len(text) >= LEAST:
        found = hashlib.sha256(text.encode("utf-8")).hexdigest(), samples(shingles(text))
    _SIGNED.keep(key, found, _AS_MUCH + len(found[1]))
    return found


def _characters(article: Article) -> str:
    """All its text without white space."""
    return "".join("".join(block.text.split()) for block in article.blocks)


class _Drafts:
    """Articles that are in no library yet, as one: their ids are their places."""

    root = Path()

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = {str(place): replace(article, id=str(place)) for place, article in enumerate(articles)}
        self._digests = dict.fromkeys(self._articles, "draft")

    def digests(self) -> Mapping[str, str]:
        return self._digests

    def article(self, article_id: str, version: int | None = None) -> Article:
        return self._articles[article_id]

    def collections(self) -> Sequence[Collection]:
        return ()


def _among(articles: Sequence[Article], threshold: float) -> Iterator[Likeness]:
    """Likeness among drafts of one file."""
    if len(articles) < 2:
        return
    drafts = _Drafts(articles)
    with closing(Signatures(None, VERSION)) as signatures:
        duplicates = Duplicates(drafts, signatures)
        duplicates.catch_up()
        yield from duplicates.pairs_as_added(map(drafts.article, drafts.digests()), threshold)


def _issues(found: Sequence[Likeness], name: Callable[[Article], str]) -> Iterator[Issue]:
    """The first few of each article; how many more there are, the last one says."""
    for _, group in groupby(found, lambda one: id(one.article)):
        likely = list(group)
        for number, one in enumerate(likely[:_TOLD], 1):
            more = f"；这样的还有 {len(likely) - _TOLD} 篇" if number == _TOLD < len(likely) else ""
            what = "文字相同" if one.same else f"相同 {one.per_cent}%（以较短的一篇计）"
            code = IssueCode.SAME_TEXT if one.same else IssueCode.NEAR_DUPLICATE
            yield Issue(code, f"《{one.article.title}》", f"与{name(one.other)}{what}{more}")


def described(article: Article) -> str:
    """An article as a message names it: title, id, where it stands, and whether it was withdrawn or rejected."""
    where = [f"编号 {article.id}", article.volume or article.collection]
    if article.status in OUT_OF_USE:
        where.append(f"已{article.status.value}")
    return f"《{article.title}》（{'，'.join(where)}）"
