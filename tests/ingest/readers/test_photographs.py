"""A photographed page is drawn as seen from above; whatever else stays the same bytes."""

from __future__ import annotations

import hashlib
import io

import pytest

pytest.importorskip("cv2")

import cv2
import numpy as np
from PIL import Image

from archive.model.records import Picture
from ingest.readers.photographs import from_above

WIDE, TALL = 900, 1200


def page() -> np.ndarray:
    """White paper with rows of little black squares and, in its corners, one larger square each."""
    drawn = np.full((TALL, WIDE), 235, np.uint8)
    for y in range(120, TALL - 120, 40):
        for x in range(100, WIDE - 100, 30):
            drawn[y : y + 18, x : x + 18] = 40
    for y in (30, TALL - 70):
        for x in (30, WIDE - 70):
            drawn[y : y + 40, x : x + 40] = 0
    return drawn


def picture(drawn: np.ndarray) -> Picture:
    stream = io.BytesIO()
    Image.fromarray(drawn).save(stream, "PNG")
    data = stream.getvalue()
    return Picture(hashlib.sha256(data).hexdigest(), data, "image/png")


def photographed(corners: list[tuple[int, int]], table: int = 50) -> np.ndarray:
    """The page seen so that its corners lie there, in a picture of 1,100 by 1,400; light falls off to the right."""
    flat = np.array([(0, 0), (WIDE, 0), (WIDE, TALL), (0, TALL)], dtype=np.float32)
    turn = cv2.getPerspectiveTransform(flat, np.array(corners, dtype=np.float32))
    seen = cv2.warpPerspective(page(), turn, (1100, 1400), flags=cv2.INTER_AREA, borderValue=float(table))
    return (seen * np.linspace(1, 0.5, 1100)[None, :]).astype(np.uint8)


def test_a_leaning_photograph_is_straightened() -> None:
    seen = picture(photographed([(190, 90), (930, 120), (1040, 1330), (60, 1290)]))
    found = from_above(seen)
    assert found.sha256 != seen.sha256
    image = np.asarray(Image.open(io.BytesIO(found.data)))
    tall, wide = image.shape
    for y in (50 / TALL, 1 - 50 / TALL):
        for x in (50 / WIDE, 1 - 50 / WIDE):  # the corners' squares are where they are on the page, a rim around it
            down, across = round((0.01 + 0.98 * y) * tall), round((0.01 + 0.98 * x) * wide)
            near = image[down - 8 : down + 8, across - 8 : across + 8]
            assert near.mean() < 60


@pytest.mark.parametrize(
    "drawn",
    [
        page(),  # a scan
        np.pad(page(), 60, constant_values=12),  # a border, and nothing leans
        photographed([(-60, 90), (930, 120), (1040, 1330), (60, 1290)]),  # a corner is outside
        photographed([(190, 90), (930, 120), (1040, 1330), (60, 1290)], table=225),  # the table is as bright
    ],
    ids=["scan", "border", "outside", "bright table"],
)
def test_others_stay_as_they_are(drawn: np.ndarray) -> None:
    one = picture(drawn)
    assert from_above(one) is one


def test_print_beside_the_paper_is_not_cut_off() -> None:
    seen = photographed([(290, 90), (830, 120), (940, 1330), (260, 1290)])
    seen[400:900, 30:220] = 230  # a slip of paper beside it
    one = picture(seen)
    assert from_above(one) is one


def test_what_is_no_picture_stays() -> None:
    assert from_above(Picture("ab", b"nothing", "image/png")).data == b"nothing"
