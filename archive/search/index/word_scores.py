"""BM25 scores of single words: what Whoosh would give each article for it, read from its postings once and kept.

Whoosh's own collector asks several objects about every posting; a word of ten thousand texts took a tenth of a second.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Sequence, Set
from typing import Any

_SATURATION, _LENGTH = 1.2, 0.75  # k1 and b, Whoosh's own values
_KEPT = 2_000_000  # postings kept for one state of the index, 24 MB
_SPARSE = 16  # from how many postings for an article wanted each of those is looked up

Scores = tuple[Sequence[int], Sequence[float]]
"""Documents, ascending, and the score of each."""


class WordScores:
    """The scores in one state of a Whoosh index, given as a searcher of it; `keys` are those of its documents."""

    def __init__(self, searcher: Any, keys: Sequence[int]) -> None:
        self._searcher = searcher
        self._keys = keys
        self._norms: dict[str, array[float]] = {}
        self._kept: OrderedDict[tuple[str, str], Scores] = OrderedDict()
        self._size = 0

    def add(
        self, field: str, word: str, weight: float, wanted: Set[int], number: Callable[[int], int | None],
        sums: dict[int, float],
    ) -> None:  # fmt: skip
        """Add to `sums`, by key, the weighted score that each of these articles has for the word in the field.

        `number` gives the document of a key, None where there is none.
        """
        documents, scores = self._of(field, word)
        if len(documents) > _SPARSE * len(wanted):
            for key in wanted:
                document = number(key)
                at = len(documents) if document is None else bisect_left(documents, document)
                if at < len(documents) and documents[at] == document:
                    sums[key] = sums.get(key, 0.0) + weight * scores[at]
            return
        keys = self._keys
        for document, score in zip(documents, scores, strict=True):
            key = keys[document]
            if key in wanted:
                sums[key] = sums.get(key, 0.0) + weight * score

    def _of(self, field: str, word: str) -> Scores:
        kept = self._kept.pop((field, word), None)
        if kept is None:
            kept = self._read(field, word)
            self._size += len(kept[0])
            while self._size > _KEPT and self._kept:
                _, (forgotten, _) = self._kept.popitem(last=False)
                self._size -= len(forgotten)
        self._kept[field, word] = kept
        return kept

    def _read(self, field: str, word: str) -> Scores:
        documents, scores = array("q"), array("d")
        if not self._searcher.doc_frequency(field, word):
            return documents, scores
        rarity = self._searcher.idf(field, word) * (_SATURATION + 1)
        norms = self._norms_of(field)
        text = self._searcher.schema[field].to_bytes(word)
        for reader, offset in self._searcher.reader().leaf_readers():
            if (field, text) not in reader:
                continue
            matcher = reader.postings(field, text)
            while matcher.is_active():
                document, count = matcher.id() + offset, matcher.weight()
                documents.append(document)
                scores.append(rarity * count / (count + norms[document]))
                matcher.next()
        return documents, scores

    def _norms_of(self, field: str) -> array[float]:
        """What the length of each document's field adds to the count of a word."""
        if field not in self._norms:
            usual = self._searcher.avg_field_length(field) or 1
            lengths = (
                reader.doc_field_length(document, field, 1)
                for reader, _ in self._searcher.reader().leaf_readers()
                for document in range(reader.doc_count_all())
            )
            self._norms[field] = array(
                "d", (_SATURATION * (1 - _LENGTH + _LENGTH * (length or 1) / usual) for length in lengths)
            )
        return self._norms[field]
