"""What an isolated process says of a file it has proof-read (see file_proofing.py)."""

from __future__ import annotations

from dataclasses import dataclass

from archive.export.proof import Report


@dataclass(frozen=True, slots=True)
class FileProof:
    """What was found in a file, block by block of it from 1; `unplaced` is how many findings have no comment."""

    report: Report
    unplaced: int = 0
