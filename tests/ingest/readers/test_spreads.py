"""Pictures of two pages are cut at the gutter, in the order they are read; others stay whole."""

from __future__ import annotations

import hashlib
import io

import pytest

pytest.importorskip("cv2")

import numpy as np
from PIL import Image

from archive.model.records import Picture
from ingest.readers.spreads import halves

PAGE = (700, 1000)


def page(down: bool, shade: int = 245) -> np.ndarray:
    """A page with lines of little squares, across or down, on paper of a shade."""
    drawn = np.full((PAGE[1], PAGE[0]), shade, np.uint8)
    along, across = (range(80, 920, 28), range(70, 630, 46)) if down else (range(70, 630, 28), range(80, 920, 46))
    for line in across:
        for at in along:
            y, x = (at, line) if down else (line, at)
            drawn[y : y + 22, x : x + 22] = 40
            drawn[y + 6 : y + 16, x + 6 : x + 16] = shade
    return drawn


def picture(drawn: np.ndarray) -> Picture:
    stream = io.BytesIO()
    Image.fromarray(drawn).save(stream, "PNG")
    data = stream.getvalue()
    return Picture(hashlib.sha256(data).hexdigest(), data, "image/png")


def shades(pictures: tuple[Picture, ...]) -> list[int]:
    """The paper of each, in tens."""
    return [round(int(np.percentile(np.asarray(Image.open(io.BytesIO(one.data))), 90)), -1) for one in pictures]


@pytest.mark.parametrize(("down", "read"), [(False, [250, 220]), (True, [220, 250])])
def test_a_spread_is_cut_and_read_in_order(down: bool, read: list[int]) -> None:
    found = halves(picture(np.hstack([page(down, 250), page(down, 220)])))
    assert shades(found) == read
    assert all(abs(Image.open(io.BytesIO(one.data)).width - PAGE[0]) < 40 for one in found)


def test_a_shadow_in_the_gutter_and_a_border_are_no_text() -> None:
    spread = np.hstack([page(False), page(False)])
    fall = np.clip(np.abs(np.arange(spread.shape[1]) - PAGE[0]) / 60, 0.25, 1)
    framed = np.pad((spread * fall).astype(np.uint8), 40, constant_values=10)
    assert len(halves(picture(framed))) == 2


@pytest.mark.parametrize(
    "drawn",
    [
        page(False),
        page(True),
        np.rot90(page(False)).copy(),
        np.hstack([page(False), np.full((PAGE[1], PAGE[0]), 245, np.uint8)]),
        np.full((600, 1000), 245, np.uint8),
    ],
    ids=["one", "one downwards", "one lying", "an empty side", "nothing"],
)
def test_what_is_no_spread_stays_whole(drawn: np.ndarray) -> None:
    whole = picture(drawn)
    assert halves(whole) == (whole,)


def test_a_line_across_the_gutter_makes_it_one_page() -> None:
    drawn = np.hstack([page(False), page(False)])
    for top in range(80, 920, 46):
        drawn[top : top + 22, 640:760] = 40
    assert len(halves(picture(drawn))) == 1


def test_what_is_no_picture_is_left_to_its_reader() -> None:
    broken = Picture("0", b"BM", "image/bmp")
    assert halves(broken) == (broken,)


@pytest.mark.parametrize("down", [False, True])
def test_a_dark_gutter_that_leans_is_no_text(down: bool) -> None:
    """A book pressed on the glass has a shadow darker than ink there, with clear edges, and lies askew."""
    spread = np.hstack([page(down, 250), page(down, 220)]).astype(float)
    fall = 1 - 0.8 * np.exp(-(((np.arange(spread.shape[1]) - PAGE[0]) / 14.0) ** 2))
    leaning = Image.fromarray((spread * fall).astype(np.uint8)).rotate(1.7, expand=True, fillcolor=250)
    found = halves(picture(np.asarray(leaning)))
    assert len(found) == 2
    assert all(abs(Image.open(io.BytesIO(one.data)).width - leaning.width / 2) < 40 for one in found)
