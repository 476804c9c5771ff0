"""The end of the edition for Windows, after all other tests of it, by the name of this file."""

from __future__ import annotations

import time
from pathlib import Path

from tests.windows.office import Office
from tests.windows.wine import Wine


def test_it_goes_and_leaves_the_libraries(wine: Wine, program: Path, office: Office) -> None:
    code, said = wine.run(str(program / "卸载.exe"), "/S")
    assert code == 0, said
    end = time.monotonic() + 120  # it goes on from a copy of itself
    while program.exists() and time.monotonic() < end:
        time.sleep(1)
    assert not program.exists()
    assert not list(wine.user.rglob("Start Menu/**/文史资料库.lnk"))
    assert (wine.drive / "文史 库" / "archive.sqlite").is_file()
