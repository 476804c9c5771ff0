"""Names in the text of the reading page: each a link to who is meant, the first time in a paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask import url_for

from archive.catalogue.name_places import NamePlace
from archive.model.name_records import Standing
from web.base.rendering import TextLink


def with_names(dates: Mapping[int, Sequence[TextLink]], names: Iterable[NamePlace]) -> Mapping[int, Sequence[TextLink]]:
    """The links of each block with those of names that stand outside them."""
    found = {block: list(links) for block, links in dates.items()}
    met: set[tuple[int, str]] = set()
    for one in names:
        block, start, end = one.place
        link = _link(one)
        if link is None or (block, link.url) in met:
            continue
        here = found.setdefault(block, [])
        if any(start < stop and begin < end for begin, stop in (each.span for each in here)):
            continue
        met.add((block, link.url))
        here.append(link)
    return {block: sorted(links, key=lambda each: each.span) for block, links in found.items()}


def _link(one: NamePlace) -> TextLink | None:
    """Where a name leads: to who is meant, or to all who may be; nowhere where two characters alone do not tell."""
    span = one.place[1:]
    if one.record:
        return TextLink(span, "", url_for("names.one", number=one.record), "name")
    if len(one.candidates) > 1 and one.standing is not Standing.UNKNOWABLE:
        words = "几个人都有可能" if one.standing is Standing.EITHER else "同名的有几个，还没有定是谁"
        return TextLink(span, words, url_for("names.form", form=one.written), "name doubtful")
    return None
