"""How the division of a volume is agreed with its editor: certain proposals pass, others wait for the split table."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archive.model.errors import ReadError, UsageError
from archive.model.records import Article, Collection, Manuscript
from ingest.splitting import split_table
from ingest.splitting.boundaries import State
from ingest.splitting.drafts import Split
from ingest.splitting.proposal import ACCEPTED, Proposal
from ingest.splitting.split import DIVIDED, Mode, propose, split

_LISTED = 12  # doubtful rows named in a message


class SplitUndecidedError(ReadError):
    """The articles of a volume could not be told apart surely enough; nothing is stored until its editor says."""

    code = "split-undecided"
    exit_code = 21


@dataclass(frozen=True, slots=True)
class Volume:
    """A manuscript and how it would be divided."""

    manuscript: Manuscript
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Division:
    """Divides manuscripts. `folder` is where split tables are written, None for nowhere.

    `confirmed` is a table an editor has corrected: it alone decides. `announce` is given where somebody will be asked
    anyway: doubts are told there instead of stopping the file. `alike` says of drafts, a line each, what the library
    holds of them already, for tables that somebody is to look at. With `hold` a manuscript of at least `least` pieces
    is not stored: it goes there with its proposal, and waits.

    Dividing is done by other processes: `apart` is what goes there, `heard_by` what divides there, and `hear` what is
    called here afterwards.
    """

    folder: Path | None = None
    confirmed: Path | None = None
    announce: Callable[[str], None] | None = None
    alike: Callable[[Sequence[Article]], Sequence[str]] | None = None
    hold: Callable[[Volume], object] | None = None
    least: int = 2

    def apart(self) -> Division:
        """The same for another process, which cannot call what is here."""
        alike = Unpacked(pickle.dumps(self.alike)) if self.alike is not None else None
        return replace(self, announce=self.announce and _unheard, hold=self.hold and _unheard, alike=alike)

    def heard_by(self, told: list[str], volumes: list[Volume]) -> Division:
        """The same, with what would be called put into these lists."""
        return replace(self, announce=self.announce and told.append, hold=self.hold and volumes.append)

    def hear(self, told: Sequence[str], volume: Volume | None) -> None:
        """Passes on what was put into the lists of another process."""
        if self.announce is not None:
            for line in told:
                self.announce(line)
        if volume is not None and self.hold is not None:
            self.hold(volume)

    def split(self, manuscript: Manuscript, collection: Collection, mode: Mode) -> Split:
        """The drafts. Raises SplitUndecidedError, SplitTableError where the table does not fit, and OSError."""
        if self.confirmed is not None:
            if mode not in DIVIDED or not manuscript.blocks:
                raise UsageError(
                    "分篇表只用于按篇读的文稿",
                    place=manuscript.name,
                    hint="去掉 --split，或改用 --as auto、--as volume",
                )
            proposal = split_table.from_tsv(split_table.read(self.confirmed), manuscript, collection)
            return Split(proposal.articles(manuscript), proposal.issues)
        if mode not in DIVIDED or not manuscript.blocks:
            return split(manuscript, collection, mode)
        proposal = propose(manuscript, collection, mode)
        if self.hold is not None and proposal.pieces >= self.least:
            self.hold(Volume(replace(manuscript, pictures={}), proposal))  # they are taken when it is stored
            raise ReadError("等待核对分篇", place=manuscript.name, hint="打开分篇表核对")
        if self.hold is None and proposal.pieces > 1:
            self._agree(proposal, manuscript)
        return Split(proposal.articles(manuscript), proposal.issues)

    def _agree(self, proposal: Proposal, manuscript: Manuscript) -> None:
        doubts = describe(proposal)
        file = None
        if self.folder is not None:
            if self.alike is not None and (doubts or self.announce is not None):
                proposal = _compared(proposal, self.alike(proposal.articles(manuscript)))
            file = split_table.write(proposal, manuscript, self.folder)
        if self.announce is not None:
            self.announce(doubts or f"分成 {proposal.pieces} 篇，各项置信度都在 {ACCEPTED:.2f} 以上")
            if file is not None:
                self.announce(f"分篇表：{file}（要改分篇，先不存入，改好表后用 --split 收入）")
        elif doubts:
            where = f"打开 {file}，核对这些行，" if file is not None else "用命令行导入可得到分篇表，核对这些行，"
            raise SplitUndecidedError(
                doubts, place=proposal.name, hint=f"{where}改好后运行 wenshi ingest 稿件 --split 分篇表"
            )


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What compares with the library, unpacked when it is called: it brings the library's code with it, which a process
    that only reads has no use for.
    """

    packed: bytes

    def __call__(self, articles: Sequence[Article]) -> Sequence[str]:
        """What the packed one gives."""
        compare: Callable[[Sequence[Article]], Sequence[str]] = pickle.loads(self.packed)
        return compare(articles)


def _unheard(said: object) -> None:
    """Stands for what would be called, where it cannot be."""


def _compared(proposal: Proposal, alike: Sequence[str]) -> Proposal:
    """The proposal with what is to be said of its articles at the rows they begin with."""
    said = iter(alike[len(alike) - proposal.pieces :])  # a beginning no row claims is an article before them
    rows = (row if row.state is State.JOIN else replace(row, alike=next(said)) for row in proposal.rows)
    return replace(proposal, rows=tuple(rows))


def describe(proposal: Proposal) -> str:
    """Which rows of a proposal an editor should look at, in words; empty where all are sure enough."""
    numbers = proposal.doubtful()
    if not numbers:
        return ""
    named = [
        f"第 {number} 行“{row.title}”（{row.confidence.least:.2f}）"
        for number, row in enumerate(proposal.rows, 1)
        if number in numbers[:_LISTED]
    ]
    more = f"等 {len(numbers)} 行" if len(numbers) > _LISTED else ""
    counted = f"{len(proposal.rows)} 行中 {len(numbers)} 行的置信度低于 {ACCEPTED:.2f}"
    return f"分篇没有把握：{counted}：{'、'.join(named)}{more}"
