"""The conventions that the guide states for fuzzy wording are those of the program."""

from pathlib import Path

import pytest

from archive.dates import iso, shipped_reader

GUIDE = Path(__file__).parents[3] / "docs" / "periods.md"


def _stated() -> list[tuple[str, str]]:
    section = GUIDE.read_text(encoding="utf-8").split("## 约定\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if "|" in line][2:]
    return [pair for _, examples, days, _ in rows for pair in zip(examples.split("、"), days.split("、"), strict=True)]


@pytest.mark.parametrize(("example", "days"), _stated())
def test_what_the_guide_states(example: str, days: str) -> None:
    found = shipped_reader().understand(example)
    assert "/".join("" if day is None else iso(day) for day in (found.start, found.end)) == days
