"""Parts of pictures with a frame in them."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from ingest.readers.part_picture import cut


def test_the_part_and_its_frame(tmp_path: Path) -> None:
    file = tmp_path / "页.png"
    Image.new("L", (400, 200), 255).save(file)
    shown = np.asarray(Image.open(io.BytesIO(cut(file, (0.25, 0.5, 0.75, 1.0), (0.5, 0.6, 0.6, 0.8)))), dtype=int)
    assert shown.shape == (100, 200, 3)
    red = np.argwhere(shown[:, :, 0] - shown[:, :, 1] > 60)
    assert abs(red.min(axis=0) - (20, 100)).max() <= 2
    assert abs(red.max(axis=0) - (60, 140)).max() <= 2
    assert shown[40, 120].min() > 230


def test_a_photograph_is_turned_as_it_was_held(tmp_path: Path) -> None:
    file = tmp_path / "页.jpg"
    image = Image.new("L", (400, 200), 255)
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright: 200 wide, 400 high
    image.save(file, exif=exif)
    assert Image.open(io.BytesIO(cut(file, (0, 0, 1, 1), (0, 0, 1, 1)))).size == (200, 400)
