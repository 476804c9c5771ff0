"""Pictures lie in files while their manuscript is read and stored, and whoever read it does not say which files."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from archive.model.records import Collection, Picture
from archive.support.isolation.plain_values import decoded, encoded
from archive.support.library_folder import PAGES_ASIDE, READINGS
from ingest.pipeline.sources import Source
from ingest.pipeline.staging import prepared
from ingest.readers.pictures_aside import aside, putting_aside, taken_up
from ingest.splitting.split import Mode

DATA = b"BM\x46" + bytes(40)
PICTURE = Picture(hashlib.sha256(DATA).hexdigest(), DATA, "image/bmp")


def test_a_picture_goes_into_its_file_and_is_taken_up_again(tmp_path: Path) -> None:
    with putting_aside(tmp_path):
        put = aside(PICTURE)
        assert (put.data, aside(put)) == (b"", put)
    answered = decoded(tuple[Picture, ...], encoded((put,)))
    (found,) = taken_up(answered, tmp_path)
    assert isinstance(found.content, Path)
    assert (found.content.read_bytes(), found.size, found.sha256) == (DATA, len(DATA), PICTURE.sha256)


def test_it_stays_in_memory_where_there_is_no_folder() -> None:
    assert aside(PICTURE) == PICTURE
    (found,) = taken_up((PICTURE,), None)
    assert (found.content, found.size) == (DATA, len(DATA))


@pytest.mark.parametrize("told", ["/etc/passwd", "../../settings"])
def test_no_file_is_taken_that_the_reading_process_names(tmp_path: Path, told: str) -> None:
    for picture in (Picture(told, b"", "image/png"), Picture("ab", b"", "image/png", Path(told))):
        (found,) = taken_up(decoded(tuple[Picture, ...], encoded((picture,))), tmp_path)
        assert found.file is not None
        assert found.file.parent == tmp_path
    (found,) = taken_up((Picture("ab", b"", "image/png", Path(told)),), None)
    assert found.file is None


def test_the_folders_are_gone_afterwards_and_what_a_power_cut_left_a_day_later(tmp_path: Path) -> None:
    file = tmp_path / "稿.txt"
    file.write_text("题\n正文。", encoding="utf-8")
    left, going_on = (tmp_path / READINGS / f"{PAGES_ASIDE}{name}" for name in ("left", "going-on"))
    for folder in (left, going_on):
        folder.mkdir(parents=True)
    os.utime(left, (time.time() - 100_000,) * 2)
    with prepared([Source(file, file.name, Collection("c", "c"), Mode.AUTO)] * 2, root=tmp_path) as ready:
        folders = {one.aside for one in ready}
        assert len(folders) == 2
        assert all(folder is not None and folder.is_dir() for folder in folders)
    assert list((tmp_path / READINGS).iterdir()) == [going_on]
