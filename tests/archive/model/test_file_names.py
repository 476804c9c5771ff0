"""Names that files can have on Windows too."""

from __future__ import annotations

import pytest

from archive.model.file_names import fits_a_file

DEVICES = ["CON", "con", "Nul", "aux.docx", "PRN .txt", "COM1", "com¹", "LPT9.tar.gz", "conin$"]


@pytest.mark.parametrize("name", [*DEVICES, "甲:乙", "甲?", "甲.", " 甲", "甲 ", "甲\t乙", ""])
def test_what_windows_takes_for_a_device_or_not_at_all(name: str) -> None:
    assert not fits_a_file(name)


@pytest.mark.parametrize("name", ["渡口旧闻", "Console", "COM10", "NULL", "com", "甲.乙", "aux志"])
def test_what_only_looks_like_one(name: str) -> None:
    assert fits_a_file(name)
