"""What `wenshi names` tells of one record and of names that wait for a decision."""

from __future__ import annotations

import json
from collections.abc import Callable

import click

from archive.catalogue.name_table import HEADER, row
from archive.session import Session
from archive.workbench.name_mentions import Mentioned, MentionPage

_AT_ONCE = 50  # articles read at a time


def show(session: Session, written: str, as_json: bool) -> None:
    """One record and every place it is or may be meant. Raises NotFound, UsageError."""
    record = session.names.found(written)
    places = all_pages(lambda limit, offset: session.name_mentions.of(record, limit=limit, offset=offset))
    if as_json:
        told = dict(zip(HEADER, row(record), strict=True)) | {"mentions": [_values(one) for one in places]}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for name, cell in zip(HEADER, row(record), strict=True):
        for line in cell.splitlines():
            click.echo(f"{name}\t{line}")
    for one in places:
        at = one.at
        click.echo(f"{one.article.id}\t{at.place[0]}\t{_state(one)}\t{' '.join(one.text.split())}")
    click.echo(f"{len(places)} 处", err=True)


def all_pages(page: Callable[[int, int], MentionPage]) -> list[Mentioned]:
    """All places, a page of some articles after the other; `page` gives that of so many articles from an offset on."""
    found: list[Mentioned] = []
    offset, articles = 0, 1
    while offset < articles:
        part = page(_AT_ONCE, offset)
        found, articles, offset = [*found, *part.mentions], part.articles, offset + _AT_ONCE
    return found


def _state(one: Mentioned) -> str:
    return "认得" if one.at.record and not one.at.decision else one.at.standing.value


def _values(one: Mentioned) -> dict[str, object]:
    block, start, end = one.at.place
    place = {"article": one.article.id, "block": block, "start": start, "end": end, "text": one.at.written}
    clues = {str(number): [clue.words for clue in clues] for number, clues in one.at.clues.items()}
    return {**place, "standing": _state(one), "clues": clues}


def queue(session: Session, as_json: bool) -> None:
    """The names that wait for a decision, with who may be meant."""
    found = session.name_mentions.queue()
    if as_json:
        rows = [
            {"form": one.form, "articles": one.articles, "records": [each.key for each in one.bearers]} for one in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in found:
        bearers = "；".join(f"{each.key} {each.preferred} {each.dates}".strip() for each in one.bearers)
        click.echo(f"{one.form}\t{one.articles}\t{bearers}")
    click.echo(f"待核的名称 {len(found)} 个", err=True)
