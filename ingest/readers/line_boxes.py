"""The boxes of lines on a page: arrays of 4 corners (x, y) in pixels, from the upper left of the text, clockwise."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

PART_LENGTH = 1_500  # pixels of a part of a page in which lines are looked for, of a page of twice that
_OVERLAP = 0.06  # of two such parts


def from_upper_left(boxes: Any) -> Any:
    """Each box begun anew with the corner whose edge points most nearly to the right.

    The model takes the two leftmost corners for the left side, which for a column that leans by more than its width
    are those at one of its ends: it would be read from below.
    """
    import numpy as np

    edges = np.roll(boxes, -1, axis=1) - boxes
    right = edges[:, :, 0] / np.maximum(1e-6, np.linalg.norm(edges, axis=2))
    first = right.argmax(axis=1)
    return boxes[np.arange(len(boxes))[:, None], (first[:, None] + np.arange(4)) % 4]


def spans(length: int) -> Iterator[tuple[int, int]]:
    """A length in parts that overlap."""
    count = -(-length // PART_LENGTH)
    step, room = length / count, int(_OVERLAP * length)
    for number in range(count):
        yield max(0, int(number * step) - room), min(length, int((number + 1) * step) + room)


def united(boxes: Any) -> Any:
    """Boxes of parts that overlap: the pieces of one line as one, what was found twice once."""
    import numpy as np

    held: list[Any] = []
    for box in sorted(boxes, key=lambda box: -length(box)):
        left, top = box.min(axis=0)
        right, bottom = box.max(axis=0)
        for number, other in enumerate(held):
            low, high = other.min(axis=0), other.max(axis=0)
            wide, tall = min(right, high[0]) - max(left, low[0]), min(bottom, high[1]) - max(top, low[1])
            flat = right - left >= bottom - top
            along, across = (wide, tall) if flat else (tall, wide)
            if along > 0 and across > 0.6 * min(thickness(box), thickness(other)):
                union = np.array([np.minimum(low, (left, top)), np.maximum(high, (right, bottom))])
                (x0, y0), (x1, y1) = union
                if along < 0.95 * length(box):  # the rest of a line that a part cut off
                    held[number] = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
                break
        else:
            held.append(box)
    return np.array(held).reshape(-1, 4, 2)


def sides(box: Any) -> tuple[float, float]:
    """Width and height along its own edges."""
    import numpy as np

    return float(np.linalg.norm(box[0] - box[1])), float(np.linalg.norm(box[0] - box[3]))


def length(box: Any) -> float:
    return max(sides(box))


def thickness(box: Any) -> float:
    return min(sides(box))


def skew(boxes: Any) -> float:
    """How far the lines of a page stand from level or upright, in degrees; long ones say it best."""
    import numpy as np

    angles = []
    for box in boxes:
        wide, tall = sides(box)
        if max(wide, tall) < 4 * min(wide, tall):
            continue
        x, y = (box[1] + box[2] - box[0] - box[3]) if wide >= tall else (box[3] + box[2] - box[0] - box[1])
        angles.append(np.degrees(np.arctan2(y, x) if wide >= tall else -np.arctan2(x, y)))
    return float(median(angles)) if angles else 0.0


def grown(box: Any, share: float) -> Any:
    """A box grown on all sides by a share of its thickness."""
    centre, (wide, tall) = box.mean(axis=0), sides(box)
    more = 2 * share * min(wide, tall)
    return centre + (box - centre) * ((1 + more / max(1.0, wide)), (1 + more / max(1.0, tall)))
