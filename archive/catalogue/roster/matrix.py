"""Tables whose columns are posts or terms: 届次 | 主席 | 副主席, and 职务 | 第一届 | 第二届."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from archive.catalogue.roster.columns import Column, column
from archive.catalogue.roster.person_names import names
from archive.catalogue.roster.posts import is_post, term_of
from archive.catalogue.roster.roster_lines import persons
from archive.catalogue.roster.tenure import Tenure
from archive.catalogue.roster.terms import term

_BESIDE = frozenset({Column.TENURE, Column.TERM, Column.REMARK, Column.SINCE, Column.UNTIL})
_BRACKET = re.compile(r"[（(]([^（）()]*)[）)]")


def is_matrix(headings: Sequence[str]) -> bool:
    """Whether the columns but the first are posts, or all are terms; columns of years or remarks may stand between."""
    further = [heading for heading in headings[1:] if heading.strip()]
    posts = [heading for heading in further if is_post(heading)]
    beside = all(column(heading) in _BESIDE for heading in further if not is_post(heading))
    return bool(further) and ((bool(posts) and beside) or all(map(term_of, further)))


def read_matrix(
    texts: Sequence[Sequence[str]], blocks: Sequence[Sequence[int]], header: int, base: Tenure
) -> Iterator[Tenure | tuple[int, ...]]:
    """The people below row `header`, row by row; `blocks` are the indexes of the cells' blocks.

    A row that gives nobody comes as the indexes of its blocks.
    """
    headings = texts[header]
    by_post = any(is_post(heading) for heading in headings[1:])
    years = next((at for at, heading in enumerate(headings) if column(heading) is Column.TENURE), None)
    for row, places in zip(texts[header + 1 :], blocks[header + 1 :], strict=True):
        found = []
        for at, (heading, text, block) in enumerate(zip(headings, row, places, strict=True)):
            if not at or not heading.strip() or (by_post and not is_post(heading)):
                continue
            post, session = (heading, row[0]) if by_post else (row[0], heading)
            session = f"{session}（{row[years]}）" if years is not None and row[years].strip() else session
            found += list(_people(text, re.sub(r"\s", "", post), session, replace(base, block=block)))
        yield from found
        if not found and any(text.strip() for text in row):
            yield tuple(dict.fromkeys(places))


def _people(text: str, post: str, session: str, base: Tenure) -> Iterator[Tenure]:
    """The people of a cell; what stands in brackets behind the term is when it was."""
    when = next((found for inside in _BRACKET.findall(session) if (found := term(inside)).since), None)
    for person in (one for name in names(text) for one in persons(name)):
        yield replace(
            base,
            person=person.person,
            post=person.post or post,
            term=term_of(session) or re.sub(r"\s", "", _BRACKET.sub("", session)) or base.term,
            since=person.term.since or (when.since if when else None),
            until=person.term.until or (when.until if when else None),
            written=person.written,
            sex=person.sex,
            ethnicity=person.ethnicity,
            remark=person.remark,
            doubts=person.doubts,
        )
