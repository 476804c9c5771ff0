"""Photographs of a page on a darker table: drawn anew as if seen from straight above.

Only where the paper's four edges are plain to see and it leans or narrows; any other picture stays as it is. Whatever
lies outside the edges is table, or the picture stays as it is, so that no print is cut off.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from typing import Any

from archive.model.records import Picture

_LOOKED_AT = 800  # pixels: the longer side of the picture in which the edges are looked for
_PAPER = (0.35, 0.95)  # of the picture
_STRAIGHT = 0.975  # of the area within four straight edges: what the paper covers at least
_BESIDE = 0.97  # of the table's pixels are darker than paper
_NARROWER, _LEANS = 0.03, 2.0  # opposite edges so unlike, or degrees: less is left to the reading
_ROOM = 0.01  # of the picture, around the paper


def from_above(picture: Picture) -> Picture:
    """The page as seen from above; else itself."""
    try:
        drawn = _drawn(picture.data)
    except Exception:  # Pillow's errors have no common base; whoever reads the picture will say what is wrong
        return picture
    return picture if drawn is None else Picture(hashlib.sha256(drawn).hexdigest(), drawn, "image/jpeg")


def _drawn(data: bytes) -> bytes | None:
    import cv2
    import numpy as np
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the callers' own bound is lower
        with Image.open(io.BytesIO(data)) as opened:
            if opened.mode == "1":
                return None
            grey = np.asarray((ImageOps.exif_transpose(opened) or opened).convert("L"))
    corners = _corners(grey)
    if corners is None:
        return None
    middle = corners.mean(axis=0)
    corners = middle + (corners - middle) * (1 + 2 * _ROOM)
    top, right, bottom, left = (
        float(np.linalg.norm(corners[a] - corners[b])) for a, b in ((0, 1), (1, 2), (2, 3), (3, 0))
    )
    if not _is_askew(corners, top, right, bottom, left):
        return None
    wide, tall = round(max(top, bottom)), round(max(left, right))
    level = np.array([(0, 0), (wide, 0), (wide, tall), (0, tall)], dtype=np.float32)
    turn = cv2.getPerspectiveTransform(corners.astype(np.float32), level)
    seen = cv2.warpPerspective(grey, turn, (wide, tall), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    stream = io.BytesIO()
    Image.fromarray(seen).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def _is_askew(corners: Any, top: float, right: float, bottom: float, left: float) -> bool:
    import numpy as np

    across, down = corners[1] - corners[0], corners[3] - corners[0]
    leans = max(abs(np.degrees(np.arctan2(across[1], across[0]))), abs(np.degrees(np.arctan2(down[0], down[1]))))
    unlike = max(abs(top - bottom) / max(top, bottom), abs(left - right) / max(left, right))
    return bool(unlike > _NARROWER or leans > _LEANS)


def _corners(grey: Any) -> Any:
    """The paper's corners (x, y) from the upper left, clockwise; None where its edges are not plain."""
    import cv2
    import numpy as np

    scale = _LOOKED_AT / max(grey.shape)
    if scale >= 1:
        return None
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))  # print becomes paper
    # Light falls off by shares: paper in the shadow is told from the table by the logarithm.
    shades = np.log1p(cv2.GaussianBlur(closed, (0, 0), 2).astype(np.float32))
    shades = ((shades - shades.min()) / max(1e-6, float(np.ptp(shades))) * 255).astype(np.uint8)
    _, bright = cv2.threshold(shades, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    edges, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    paper = cv2.convexHull(max(edges, key=cv2.contourArea)) if edges else None
    if paper is None or not _PAPER[0] < cv2.contourArea(paper) / bright.size < _PAPER[1]:
        return None
    found = cv2.approxPolyDP(paper, 0.03 * cv2.arcLength(paper, True), True).reshape(-1, 2).astype(np.float64)
    if len(found) != 4:
        return None
    within = cv2.fillConvexPoly(np.zeros_like(bright), found.astype(np.int32), 255) > 0
    if (bright[within] > 0).mean() < _STRAIGHT or (bright[~within] == 0).mean() < _BESIDE:
        return None
    if (found < 2).any() or (found[:, 0] > bright.shape[1] - 3).any() or (found[:, 1] > bright.shape[0] - 3).any():
        return None  # an edge lies outside the picture
    order = np.argsort(found.sum(axis=1)), np.argsort(found[:, 1] - found[:, 0])
    corners = found[[order[0][0], order[1][0], order[0][-1], order[1][-1]]]
    return corners / scale if len({tuple(one) for one in corners}) == 4 else None
