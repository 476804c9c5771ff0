"""Two versions of an article compared: text paragraph by paragraph, description field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.catalogue.fields import Definition, values
from archive.model.records import Article
from archive.text.differences import Pair, differences

_OF_THE_ARTICLE = frozenset({"题名", "稿件状态", "开放标识"})  # in the text, or not a matter of versions


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """Where two versions differ: `pairs` of all their blocks side by side, `fields` as (name, before, after)."""

    before: Article
    after: Article
    pairs: tuple[Pair, ...]
    fields: tuple[tuple[str, str, str], ...]

    @property
    def changed(self) -> tuple[Pair, ...]:
        """The pairs that differ."""
        return tuple(pair for pair in self.pairs if not pair.equal)


def compared(before: Article, after: Article, definitions: Sequence[Definition]) -> VersionDifference:
    """What became of one version in another; `definitions` are the fields to look at."""
    texts = ([block.text for block in one.blocks] for one in (before, after))
    told = []
    for one in definitions:
        was, now = ("；".join(values(each, one.name)) for each in (before, after))
        if was != now and one.name not in _OF_THE_ARTICLE:
            told.append((one.name, was, now))
    return VersionDifference(before, after, differences(*texts), tuple(told))
