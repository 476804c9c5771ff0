"""A part of the picture of a page, with a frame around what is meant."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

_LARGEST = 120_000_000  # pixels of a picture
_TALLEST = 900  # pixels of the longer side of what is cut out
_RED = (169, 54, 35)


def cut(file: Path, view: tuple[float, float, float, float], frame: tuple[float, float, float, float]) -> bytes:
    """What lies in `view`, as JPEG, `frame` drawn in it: left, top, right, bottom as shares of the picture.

    The picture is turned as a camera says it was held. Empty for one too large. Raises what Pillow raises.
    """
    from PIL import Image, ImageDraw, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own bound is lower than the error's
        with Image.open(file) as opened:
            if opened.width * opened.height > _LARGEST:
                return b""
            image = ImageOps.exif_transpose(opened) or opened
            left, top, right, bottom = (
                round(share * side) for share, side in zip(view, (image.width, image.height) * 2, strict=True)
            )
            part = image.crop((left, top, max(left + 1, right), max(top + 1, bottom))).convert("RGB")
            around = [
                round(share * side) - start
                for share, side, start in zip(frame, (image.width, image.height) * 2, (left, top) * 2, strict=True)
            ]
    ImageDraw.Draw(part).rectangle(around, outline=_RED, width=max(2, min(part.size) // 40))
    part.thumbnail((_TALLEST, _TALLEST))
    part.save(stream := io.BytesIO(), "JPEG", quality=85)
    return stream.getvalue()
