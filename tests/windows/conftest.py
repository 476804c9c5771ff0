"""One Windows for all tests of its edition: an older one makes a library, the new one is installed over it.

`make test-windows` makes both installers first and runs test_setup.py and test_uninstall.py; with FULL=1, all. Wine
shows neither Defender nor the real Explorer, nor the fonts of a Windows; it lets paths be long without being asked to,
and its shares are folders of this computer.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
import typst

from tests.windows.office import Office
from tests.windows.wine import Wine, missing, screen

MADE = Path(os.environ.get("WENSHI_WINDOWS", "no such folder")).resolve()
SETUP, BEFORE = MADE / "wenshi-setup.exe", MADE / "wenshi-setup-before.exe"
LEFT = "of an older version.py"


@dataclass(frozen=True)
class Earlier:
    """What the older edition left behind: the versions of its library, the files that came in."""

    versions: set[tuple[str, int, str]]
    originals: set[str]


@pytest.fixture(scope="session")
def setup() -> Path:
    """The installer."""
    if not SETUP.is_file():
        pytest.skip("the edition for Windows is made by make test-windows")
    if missing():
        pytest.skip(f"not here: {'、'.join(missing())}")
    return SETUP


@pytest.fixture(scope="session")
def display(setup: Path) -> Iterator[str]:
    """A screen that nobody sees."""
    with screen() as number:
        yield number


@pytest.fixture(scope="session")
def windows(display: str) -> Iterator[Wine]:
    """A Windows on which nothing is installed, in the folder of what is tried; nothing of it is left."""
    prefix = MADE / "prefix"
    shutil.rmtree(prefix, ignore_errors=True)
    made = Wine.made(prefix, display)
    if made is None:
        pytest.skip("Wine runs no program here")
    yield made
    made.kill()
    shutil.rmtree(prefix, ignore_errors=True)


@pytest.fixture(scope="session")
def program(windows: Wine) -> Path:
    """Where it is installed."""
    return windows.user / "AppData" / "Local" / "Programs" / "wenshi"


@pytest.fixture(scope="session")
def earlier(windows: Wine, program: Path, manuscripts: Path) -> Earlier | None:
    """An older edition with a library of its own; None where it was not made."""
    if not BEFORE.is_file():
        return None
    code, said = windows.run(str(BEFORE), "/S")
    assert code == 0, said
    (program / "python" / "Lib" / LEFT).write_text("")
    office = Office(windows, program)
    office.run_all(["init"], ["ingest", "--yes", f"Z:{manuscripts}"])
    return Earlier(office.versions(), office.originals())


@pytest.fixture(scope="session")
def wine(windows: Wine, setup: Path, earlier: Earlier | None) -> Wine:
    """With the program installed, silently, over the older one."""
    code, said = windows.run(str(setup), "/S")
    assert code == 0, said
    return windows


@pytest.fixture(scope="session")
def manuscripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Word file, a text of the code page 936, a PDF; names with blanks and rare characters."""
    folder = tmp_path_factory.mktemp("来稿") / "新 收到的稿件"
    folder.mkdir()
    word = docx.Document()
    word.add_heading("水车记", 1)
    word.add_paragraph("光绪三十年，水车在黄河边转了几百年。")
    word.save(str(folder / "水车 记.docx"))
    (folder / "渡口.txt").write_bytes("渡口\r\n1950年代，渡口有三条羊皮筏子。\r\n".encode("gbk"))
    source = folder / "戏班.typ"
    source.write_text('#set text(font: "Noto Serif CJK SC")\n= 戏班\n民国二十六年，戏班在城隍庙唱了三天。\n', "utf-8")
    (folder / "戏班.pdf").write_bytes(typst.compile(source))
    source.unlink()
    return folder


@pytest.fixture(scope="session")
def office(wine: Wine, program: Path, manuscripts: Path, earlier: Earlier | None) -> Office:
    """With three manuscripts taken in, by the older edition where there was one."""
    made = Office(wine, program)
    if earlier is None:
        made.run_all(["init"], ["ingest", "--yes", f"Z:{manuscripts}"])
    return made
