"""The account of an import: counts of a file that must come out, and where they do not."""

from __future__ import annotations

from dataclasses import dataclass

from archive.model.errors import ReadError

COUNT_OF_READER, COUNT_AGAIN = "对账", "第二次清点"
"""The two counts: what the reader met, and what the file holds."""


@dataclass(frozen=True, slots=True)
class UnkeptPassage:
    """A stretch of the file (`part`: a name inside it, a page) that stands nowhere in what would be stored."""

    part: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A count that does not come out: characters `found` in the file, `stored`, and `accounted` for by issues.

    `characters` are those of which the file has more than was kept, with how many more, the most first; some of them
    may be accounted for. `passages` are where they may have stood, as far as that can be told; the first few.
    """

    count: str  # COUNT_OF_READER, COUNT_AGAIN
    unit: str  # what it counts: 字 (all characters but white space), 汉字
    found: int
    stored: int
    accounted: int
    characters: tuple[tuple[str, int], ...] = ()
    passages: tuple[UnkeptPassage, ...] = ()

    @property
    def missing(self) -> int:
        """How many characters nothing accounts for; negative where more would be stored than the file has."""
        return self.found - self.stored - self.accounted

    def as_text(self) -> str:
        """The counts in a sentence without its full stop."""
        what = f"少 {self.missing}" if self.missing > 0 else f"多 {max(self.stored - self.found, -self.missing)}"
        return (
            f"{self.count}对不上：文件里有 {self.found} 个{self.unit}，可收 {self.stored} 个，"
            f"说明 {self.accounted} 字，{what} 个"
        )

    def as_json(self) -> dict[str, object]:
        """The difference as plain values."""
        return {
            "count": self.count,
            "unit": self.unit,
            "found": self.found,
            "stored": self.stored,
            "accounted": self.accounted,
            "characters": dict(self.characters),
            "passages": [{"part": one.part, "text": one.text} for one in self.passages],
        }


class UnaccountedError(ReadError):
    """Characters of the file are neither stored nor accounted for by an issue: a fault of the reader.

    `differences` say how far which counts are out; without any the import cannot be released (override.py).
    """

    code = "unaccounted"
    differences: tuple[Difference, ...] = ()
