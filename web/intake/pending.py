"""What waits for its editor: manuscripts as they were read, their proposals and corrections, their passwords."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from flask import Flask, current_app

from archive.model.errors import UsageError
from archive.model.records import Article
from archive.session import Session
from archive.support.files import write_whole
from ingest.pipeline import importer
from ingest.pipeline.file_import import AUTOMATIC
from ingest.splitting import split_table
from ingest.splitting.division import Division, Volume
from ingest.splitting.proposal import Proposal
from web.base import current
from web.intake import inbox, split_form
from web.intake.inbox import Item

_KEPT = 4  # manuscripts kept in memory between two looks at their table
_KEY = "wenshi.intake"


@dataclass(slots=True)
class PendingImports:
    """What is remembered while the server runs: passwords (never written down) and the manuscripts last read."""

    passwords: dict[str, str] = field(default_factory=dict)
    volumes: dict[str, Volume] = field(default_factory=dict)

    def remember(self, token: str, volume: Volume) -> None:
        """Keeps a manuscript, and drops the oldest one."""
        self.volumes[token] = volume
        for old in list(self.volumes)[:-_KEPT]:
            self.volumes.pop(old, None)

    def forget(self, token: str) -> None:
        """Drops everything remembered about an item."""
        self.volumes.pop(token, None)
        self.passwords.pop(token, None)


class Looking(importer.Silent):
    """Reads without storing anything."""

    def confirm(self, name: str, articles: Sequence[Article]) -> bool:
        """Declines."""
        return False


def attach(app: Flask) -> None:
    """Gives an application its own PendingImports."""
    app.extensions[_KEY] = PendingImports()


def of_request() -> PendingImports:
    """The PendingImports of the application handling this request."""
    return cast(PendingImports, current_app.extensions[_KEY])


def find(token: str, session: Session | None = None) -> Item:
    """The item with the description its collection has by now, for whoever asks, or in a session given."""
    session = session or current.session()
    item = inbox.find(session.root, token)
    known = {each.id: each for each in session.collections()}
    return replace(item, collection=known.get(item.collection.id, item.collection))


def done(item: Item) -> None:
    """Forgets the item and removes what came."""
    of_request().forget(item.token)
    inbox.discard(item)


def recognise_again(item: Item) -> None:
    """Has it read anew, without the text layer of its scanned pages."""
    inbox.recognise_again(item)
    of_request().volumes.pop(item.token, None)


def password(item: Item) -> str:
    """What opens the file, as far as that is remembered."""
    return of_request().passwords.get(item.token, "")


def volume(item: Item, session: Session | None = None, progress: Looking | None = None) -> Volume:
    """The manuscript, read again where it is not at hand; nothing is stored. Raises what reading it met."""
    if item.token not in of_request().volumes:
        held: list[Volume] = []
        division = Division(hold=held.append, least=1)
        (report,) = importer.take_in(
            session or current.session(),
            [item.source],
            False,
            progress or Looking(),
            password(item),
            division=division,
            processes=AUTOMATIC,
        ).files
        if not held:
            raise report.error or UsageError("这份来稿不按篇分。", hint="放弃这一份，重新交来。")
        of_request().remember(item.token, held[0])
    return of_request().volumes[item.token]


def corrected(item: Item, held: Volume) -> Proposal:
    """The proposal as corrected last. Raises SplitTableError where the table of then does not fit any more."""
    if not item.table.is_file():
        return held.proposal
    return split_form.settled(split_table.read(item.table), held.manuscript, held.proposal)


def save(item: Item, proposal: Proposal) -> None:
    """Keeps the corrections. Raises StorageError; then the table of before is still there."""
    write_whole(item.table, split_table.to_tsv(proposal))
