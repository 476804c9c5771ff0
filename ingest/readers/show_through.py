"""Print of the other side that shows through: it is much paler than the print of this side, wherever the page is dark.

Contrast is a share of the paper's brightness, so that the shadow on a photograph, which darkens paper and ink alike, is
no paler print.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

FAINT = 0.6  # of the contrast that lines of the page have
_FAINT_MARK = 0.45  # of it: a comma is little ink, and paler
_REACH = 0.35  # of the height of a line: how far from its middle a character's ink is looked for


def contrasts(strip: Any, places: Sequence[float]) -> tuple[float, tuple[float, ...]]:
    """How far the ink of a line (height × width × 3, level) stands out, and that of the characters at these places.

    Places are shares of its length; contrasts are shares of the paper's brightness, from 0 to 1.
    """
    import numpy as np

    grey = strip[:, :, 0].astype(np.float32)
    height, width = grey.shape
    paper = max(1.0, float(np.percentile(grey, 80)))
    whole = 1 - float(np.percentile(grey, 3)) / paper
    darkest = np.percentile(grey, 6, axis=0)
    reach = max(1, round(_REACH * height))
    middles = [min(width - 1, int(place * width)) for place in places]
    return whole, tuple(1 - float(darkest[max(0, middle - reach) : middle + reach].min()) / paper for middle in middles)


def of_this_side(text: Sequence[str], own: Sequence[float], usual: float) -> tuple[int, int]:
    """Where the characters that are not faint begin and end; faint marks alone make no end of a line faint."""
    begin, end = 0, len(text)
    while end and own[end - 1] < FAINT * usual:
        end -= 1
    while end < len(text) and not text[end].isalnum() and own[end] >= _FAINT_MARK * usual:
        end += 1
    while begin < end and own[begin] < FAINT * usual:
        begin += 1
    while begin and not text[begin - 1].isalnum() and own[begin - 1] >= _FAINT_MARK * usual:
        begin -= 1
    if not any(one.isalnum() for one in text[end:]):
        end = len(text)
    if not any(one.isalnum() for one in text[:begin]):
        begin = 0
    return begin, end
