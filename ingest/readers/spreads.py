"""Pictures of an open book: told by their shape and the gutter in the middle, and cut into the two pages."""

from __future__ import annotations

import hashlib
import io
import warnings
from itertools import pairwise
from typing import Any

from archive.model.records import Picture

_WIDE = 1.15  # of its height: a picture so wide may be of two pages
_LOOKED_AT = 900  # pixels: the width of the picture in which the gutter is looked for
_MIDDLE = (0.40, 0.60)  # of the width: where the gutter may lie
_GUTTER = 0.02  # of the width: how wide it is at least
_WIDER = 1.6  # than any other gap between columns of ink: a page whose lines run down has gaps too
_BLANK, _SHADOW = 0.012, 0.6  # of a column's height: ink that is none, and ink that is a shadow or a border
_INK = 0.01  # of a page's area: what has less shows no text
_STRIPS = 6
_PIECES, _PAPER = 40, 90  # so many from the top; of the pixels of a column in one, in percent, are darker
_CLEARLY = 20  # steps of brightness: what is darker by less is noise
_DARK = 0.72  # of the brightness of the paper around it


def halves(picture: Picture) -> tuple[Picture, ...]:
    """The two pages of a spread in the order they are read (the right one first where lines run down); else itself."""
    try:
        cut = _cut(picture.data)
    except Exception:  # Pillow's errors have no common base; whoever reads the picture will say what is wrong
        return (picture,)
    return cut or (picture,)


def _cut(data: bytes) -> tuple[Picture, ...]:
    import numpy as np
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the callers' own bound is lower
        with Image.open(io.BytesIO(data)) as image:
            if image.width < _WIDE * image.height:
                return ()
            grey = image.convert("L")
            size = (_LOOKED_AT, max(1, round(image.height * _LOOKED_AT / image.width)))
            dark = _ink(np.asarray(grey.resize(size, Image.Resampling.BOX)))
            middle = _gutter(dark)
            if middle is None:
                return ()
            at = round(middle * image.width / _LOOKED_AT)
            sides = [(0, 0, at, image.height), (at, 0, image.width, image.height)]
            if _runs_down(dark, middle):
                sides.reverse()
            whole = image if image.mode == "1" else grey
            return tuple(_picture(whole.crop(side)) for side in sides)


def _ink(grey: Any) -> Any:
    """Where it is darker than the paper around it, or above and below it: the shadow of a gutter is paper."""
    import cv2
    import numpy as np

    around = cv2.blur(cv2.dilate(grey, np.ones((25, 25), np.uint8)), (25, 25)).astype(np.float32)
    rows = np.array_split(grey.astype(np.float32), _PIECES, axis=0)
    along = np.concatenate([np.broadcast_to(np.percentile(row, _PAPER, axis=0), row.shape) for row in rows])
    paper = np.minimum(around, along)
    return (grey < _DARK * paper) & (paper - grey > _CLEARLY)


def _gutter(dark: Any) -> int | None:
    """The column in the middle of a gutter between two pages that both have text; None where there is none."""
    import numpy as np

    height, width = dark.shape
    share = dark[int(0.06 * height) : int(0.94 * height)].mean(axis=0)  # head and foot may have a border
    text = np.where((share > _SHADOW)[None, :], False, dark)
    inked = np.flatnonzero((share >= _BLANK) & (share <= _SHADOW))
    if not len(inked):
        return None
    gaps = [
        (int(after - before - 1), int(before + after) // 2) for before, after in pairwise(inked) if after > before + 1
    ]
    low, high = (side * width for side in _MIDDLE)
    wide, middle = max((gap for gap in gaps if low < gap[1] < high), default=(0, 0))
    others = max((gap for gap, at in gaps if at != middle), default=0)
    if wide < _GUTTER * width or wide < _WIDER * others:
        return None
    return middle if min(text[:, :middle].mean(), text[:, middle:].mean()) > _INK else None


def _runs_down(dark: Any, middle: int) -> bool:
    """Whether lines run down: then the wide blanks, which are between lines, stand upright."""
    import numpy as np

    level = upright = 0.0
    for page in (dark[:, :middle], dark[:, middle:]):
        level += sum(_blank(strip.mean(axis=1)) for strip in np.array_split(page, _STRIPS, axis=1))
        upright += sum(_blank(strip.mean(axis=0)) for strip in np.array_split(page, _STRIPS, axis=0))
    return upright > level


def _blank(profile: Any) -> float:
    """How much of a profile of ink lies between its ends and is blank."""
    import numpy as np

    inked = np.flatnonzero(profile > 0.15 * profile.mean())
    return 1 - len(inked) / float(inked[-1] - inked[0] + 1) if len(inked) else 0.0


def _picture(image: Any) -> Picture:
    stream = io.BytesIO()
    if image.mode == "1":
        image.save(stream, "PNG")
    else:
        image.save(stream, "JPEG", quality=88)
    data = stream.getvalue()
    return Picture(hashlib.sha256(data).hexdigest(), data, "image/png" if image.mode == "1" else "image/jpeg")
