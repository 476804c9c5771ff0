"""From a 长编 to articles of the library: entries of a 大事记, and lists of office-holders for a 组织史."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from archive import dates
from archive.catalogue.roster.appointments import Appointment, appointments
from archive.model.compilation import Compilation
from archive.model.errors import UsageError
from archive.model.holdings import Accepted
from archive.model.records import Article, Block, Genre, Issue, Kind, Run, Status
from archive.workbench.compilation_files import source_of
from archive.workbench.compilations import Part, Told


def chronicle(parts: Sequence[Part], collection: str) -> tuple[list[Article], list[str]]:
    """An entry for each event that is dated and not doubtful, in the order of time, its sources as notes; and the
    titles of the events left out. Entries are as they come in: 来稿.

    The text is the first account, or what 按语 there is instead of nothing else; other accounts follow as 一说. Raises
    UsageError where no event can be taken.
    """
    told = [one for part in parts for one in part.events]
    fitting = [
        one for one in told if one.period is not None and one.period.start is not None and not one.event.doubtful
    ]
    if not fitting:
        raise UsageError("没有可以写成大事记的事", hint="事要有日期，又不在“存疑”里")
    fitting.sort(key=lambda one: (one.period.start or 0, one.period.end or 0) if one.period else (0, 0))
    left_out = [one.title for one in told if one not in fitting]
    return [_entry(one, collection, number) for number, one in enumerate(fitting, 1)], left_out


def _entry(told: Told, collection: str, number: int) -> Article:
    assert told.period is not None
    when = dates.describe(told.period)
    title = f"{when}　{told.event.title}" if told.event.title else when
    blocks, notes = [Block.plain(Kind.TITLE, title)], []
    for at, account in enumerate(told.accounts, 1):
        before = "一说：" if at > 1 else ""
        text = account.card.written.replace("\n", " ")
        blocks.append(Block(Kind.PARAGRAPH, (Run(f"{before}{text}"), Run("", note=str(at)))))
        notes.append(Block.plain(Kind.NOTE, source_of(account), label=str(at)))
    blocks += [
        Block.plain(Kind.QUOTATION, f"〔{one.kind.value}〕{one.text}（{one.who}，{one.when}）")
        for one in told.event.remarks
    ]
    return Article(
        collection=collection,
        blocks=(*blocks, *notes),
        number=number,
        genre=Genre.ENTRY,
        date=told.period,
        status=Status.RECEIVED,
    )


def rosters(parts: Sequence[Part], collection: str) -> tuple[list[Article], list[str]]:
    """A list of office-holders for each heading, which names the body: what its cards tell of appointments, person by
    person with their sources as notes; and the words of cards that no appointment can be read from.

    Raises UsageError where there is none at all.
    """
    made: list[Article] = []
    unread: list[str] = []
    for part in parts:
        lines = list(_holders(part.events, unread))
        if lines:
            made.append(_term(part, lines, collection, len(made) + 1))
    if not made:
        hint = "卡片里要有“1956年5月，选举王明为县长”这样的话，篇目写机构的名称"
        raise UsageError("没有从卡片里读出任职", hint=hint)
    return made, unread


def _holders(events: Sequence[Told], unread: list[str]) -> Iterator[tuple[str, str]]:
    """Post, name and years of each line, with its source."""
    found: dict[tuple[str, str], tuple[Appointment, list[str]]] = {}
    for told in events:
        for account in told.accounts:
            read = [one for one in appointments(account.card.written) if one is not None]
            if not read:
                unread.append(account.card.written[:40])
            for one in read:
                held, sources = found.setdefault((one.post, one.person), (one, []))
                merged = Appointment(one.person, one.post, held.since or one.since, held.until or one.until)
                found[one.post, one.person] = (merged, [*sources, source_of(account)])
    for (post, person), (one, sources) in found.items():
        since, until = (dates.describe(each) if each else "" for each in (one.since, one.until))
        years = f"（{since}—{until}）" if since or until else ""
        yield f"{post}　{person}{years}", "；".join(dict.fromkeys(sources))


def _term(part: Part, lines: Sequence[tuple[str, str]], collection: str, number: int) -> Article:
    blocks = [Block.plain(Kind.TITLE, part.heading.title if part.heading else "任职")]
    blocks += [Block(Kind.PARAGRAPH, (Run(line), Run("", note=str(at)))) for at, (line, _) in enumerate(lines, 1)]
    blocks += [Block.plain(Kind.NOTE, source, label=str(at)) for at, (_, source) in enumerate(lines, 1)]
    return Article(collection=collection, blocks=tuple(blocks), number=number, genre=Genre.TERM, status=Status.RECEIVED)


def take_in(
    add: Callable[[Path, str, Sequence[Article], Sequence[Issue]], Accepted],
    held: Compilation,
    drafts: Sequence[Article],
    what: str,
) -> None:
    """Take the articles in by `add`, which is the session's, with a file that says what came of the 长编 as original.

    Raises UsageError where it was taken in before and not changed since.
    """
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / f"{held.name}（{what}）.txt"
        texts = ("\n".join(block.text for block in draft.blocks) for draft in drafts)
        file.write_text(f"长编“{held.name}”第 {held.revision} 次保存\n\n" + "\n\n".join(texts), encoding="utf-8")
        if add(file, file.name, drafts, ()).already:
            raise UsageError("这部长编上次做成以后没有改过，已经收在馆藏里。", hint="改了长编再做，或到馆藏里看")
