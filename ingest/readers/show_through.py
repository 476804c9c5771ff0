"""Print of the other side that shows through: it is much paler than the print of this side, wherever the page is dark.

Contrast is a share of the paper's brightness, so that the shadow on a photograph, which darkens paper and ink alike, is
no paler print.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

FAINT = 0.55  # of the contrast that characters of the page have
_FAINT_MARK = 0.4  # of it: a comma or 一 is little ink, and paler
_RIM = 0.15  # of the height of a line, above and below: the next lines may reach into it
_GRAINS = 95  # percent of the columns of an end: a few grains are no ink
_REACH = 0.35  # of the height of a line: how far from its middle a character's ink is looked for


def contrasts(strip: Any) -> Any:
    """How far the ink in each column of a line (height × width × 3, level) stands out, as shares of its paper."""
    import numpy as np

    rim = round(_RIM * strip.shape[0])
    grey = strip[rim : strip.shape[0] - rim, :, 0].astype(np.float32)
    paper = max(1.0, float(np.percentile(grey, 80)))
    return 1 - np.partition(grey, 1, axis=0)[1] / paper  # not the darkest: that may be a grain


def of_characters(columns: Any, places: Sequence[float], height: int) -> list[float]:
    """The contrast of the characters at these places, shares of the length of a line so high."""
    reach = max(1, round(_REACH * height))
    middles = [min(len(columns) - 1, int(place * len(columns))) for place in places]
    return [float(columns[max(0, middle - reach) : middle + reach].max()) for middle in middles]


def of_this_side(
    text: Sequence[str], places: Sequence[float], own: Sequence[float], columns: Any, usual: float
) -> tuple[int, int]:
    """Where the characters that are not faint begin and end.

    Where a character stands is known by about half of one, so an end of a line is faint only where no ink in all of it
    is that of this side; faint marks alone make no end faint.
    """
    turned = [1 - place for place in reversed(places)]
    end = _end(text, places, own, columns, usual)
    begin = len(text) - _end(text[::-1], turned, own[::-1], columns[::-1], usual)
    return (begin, end) if begin < end else (0, len(text))


def _end(text: Sequence[str], places: Sequence[float], own: Sequence[float], columns: Any, usual: float) -> int:
    import numpy as np

    end = len(text)
    while end and own[end - 1] < FAINT * usual:
        end -= 1
    while end < len(text) and (text[end] == "一" or not text[end].isalnum()) and own[end] >= _FAINT_MARK * usual:
        end += 1
    while end < len(text):
        begin = (places[end - 1] + places[end]) / 2 if end else 0.0
        rest = columns[int(begin * len(columns)) :]
        if not len(rest) or float(np.percentile(rest, _GRAINS)) < FAINT * usual:
            break
        end += 1
    return end if any(one.isalnum() for one in text[end:]) else len(text)
