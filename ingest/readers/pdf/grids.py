"""Ruled tables on a page of a PDF: their cells, from the straight lines drawn there.

A table needs lines both ways, two rows and two columns. What is open at the sides is closed where its horizontal lines
end; a missing line between two cells makes them one.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from archive.model.records import Cell
from ingest.readers.columns import Rule
from ingest.readers.pdf.rules import Rules

_NEAR = 3.0  # points: lines so near each other are one, and so near to a corner they meet there
_MOST = 600  # lines: more of them are a drawing
_CELLS = 4_000  # so are more cells
_LARGEST = 0.3  # of the page: a cell larger than this is a frame round text

Corner = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table: `across` and `down` are its lines, in points from the left and the top of the page.

    `owner` says which of `cells` has the room between line i and i + 1 from the top, j and j + 1 from the left.
    """

    across: tuple[float, ...]
    down: tuple[float, ...]
    cells: tuple[Cell, ...]
    owner: dict[Corner, int]

    def cell_at(self, x: float, y: float) -> int | None:
        """The number of the cell at this place; None outside the table."""
        column, row = bisect(self.across, x) - 1, bisect(self.down, y) - 1
        return self.owner.get((row, column))


def grids_of(rules: Rules, area: float) -> list[Grid]:
    """The ruled tables of a page of this area (square points), from the top."""
    level, upright = _joined(rules.level), _joined(rules.upright)
    if len(level) + len(upright) > _MOST:
        return []
    found = []
    for rows, columns in _connected(level, upright):
        grid = _grid(rows, columns, area)
        if grid is not None:
            found.append(grid)
    return sorted(found, key=lambda grid: (grid.down[0], grid.across[0]))


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """The lines with those at one height that meet made one; a double line is one."""
    level: list[tuple[float, list[Rule]]] = []
    for rule in sorted(rules):
        if not level or rule[0] - level[-1][0] > _NEAR:
            level.append((rule[0], []))
        level[-1][1].append(rule)
    found: list[Rule] = []
    for at, parts in level:
        for _, start, end in sorted(parts, key=lambda rule: rule[1]):
            if found and found[-1][0] == at and start <= found[-1][2] + _NEAR:
                found[-1] = (at, found[-1][1], max(end, found[-1][2]))
            else:
                found.append((at, start, end))
    return found


def _connected(level: Sequence[Rule], upright: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """The lines that hang together, horizontal and vertical ones."""
    crossing = [[_meet(one, other) for other in upright] for one in level]
    left = set(range(len(level)))
    groups = []
    while left:
        rows, columns = {left.pop()}, set[int]()
        waiting = list(rows)
        while waiting:
            row = waiting.pop()
            for column in (at for at, meets in enumerate(crossing[row]) if meets and at not in columns):
                columns.add(column)
                more = {at for at in left if crossing[at][column]}
                left -= more
                rows |= more
                waiting += more
        groups.append(([level[at] for at in sorted(rows)], [upright[at] for at in sorted(columns)]))
    return groups


def _meet(level: Rule, upright: Rule) -> bool:
    return _covers(level, upright[0]) and _covers(upright, level[0])


def _covers(rule: Rule, place: float) -> bool:
    return rule[1] - _NEAR <= place <= rule[2] + _NEAR


def _grid(rows: Sequence[Rule], columns: Sequence[Rule], area: float) -> Grid | None:
    """The table these lines make; None where they make none."""
    down = sorted({at for at, _, _ in rows})
    across = sorted({at for at, _, _ in columns})
    if not across:
        return None
    start, end = min(start for _, start, _ in rows), max(end for _, _, end in rows)
    across = [*([start] if start < across[0] - _NEAR else []), *across, *([end] if end > across[-1] + _NEAR else [])]
    if len(down) < 3 or len(across) < 3 or len(down) * len(across) > _CELLS:
        return None
    owner = _owners(down, across, rows, columns)
    cells: list[Cell] = []
    numbers: dict[Corner, int] = {}
    for top, left in sorted(set(owner.values())):
        inside = [place for place, first in owner.items() if first == (top, left)]
        bottom, right = max(row for row, _ in inside) + 1, max(column for _, column in inside) + 1
        size = (down[bottom] - down[top]) * (across[right] - across[left])
        if len(inside) != (bottom - top) * (right - left) or size > _LARGEST * area:
            return None
        numbers[top, left] = len(cells)
        cells.append(Cell(0, top, left, bottom - top, right - left))
    return Grid(tuple(across), tuple(down), tuple(cells), {place: numbers[first] for place, first in owner.items()})


def _owners(
    down: Sequence[float], across: Sequence[float], rows: Sequence[Rule], columns: Sequence[Rule]
) -> dict[Corner, Corner]:
    """For each room of the grid the first of those that no line parts it from."""
    owner: dict[Corner, Corner] = {}
    level, upright = _by_place(rows), _by_place(columns)
    for corner in product(range(len(down) - 1), range(len(across) - 1)):
        if corner in owner:
            continue
        owner[corner] = corner
        waiting = [corner]
        while waiting:
            row, column = waiting.pop()
            x, y = (across[column] + across[column + 1]) / 2, (down[row] + down[row + 1]) / 2
            beside = (
                ((row, column - 1), upright.get(across[column], ()), y),
                ((row, column + 1), upright.get(across[column + 1], ()), y),
                ((row - 1, column), level[down[row]], x),
                ((row + 1, column), level[down[row + 1]], x),
            )
            for other, rules, place in beside:
                inside = 0 <= other[0] < len(down) - 1 and 0 <= other[1] < len(across) - 1
                parted = any(_covers(rule, place) for rule in rules)
                if inside and not parted and other not in owner:
                    owner[other] = corner
                    waiting.append(other)
    return owner


def _by_place(rules: Iterable[Rule]) -> dict[float, list[Rule]]:
    found: dict[float, list[Rule]] = {}
    for rule in rules:
        found.setdefault(rule[0], []).append(rule)
    return found
