"""The 宋体 that the pages bring for computers that have none."""

from __future__ import annotations

import re
from pathlib import Path

import web
from archive.library import Library
from tests.web.browser import chromium, needs_browser, served, wait
from web.app import create_app

STATIC = Path(web.__file__).parent / "static"


def _covered() -> dict[int, str]:
    """The file of every character."""
    found: dict[int, str] = {}
    sheet = (STATIC / "song.css").read_text(encoding="utf-8")
    for file, ranges in re.findall(r"url\((song/\d+\.woff2)\).*?unicode-range:([^}]+)}", sheet):
        for part in ranges.split(","):
            first, _, last = part.strip().removeprefix("U+").partition("-")
            found |= dict.fromkeys(range(int(first, 16), int(last or first, 16) + 1), file)
    return found


def test_every_slice_is_there_and_used() -> None:
    assert set(_covered().values()) == {f"song/{each.name}" for each in (STATIC / "song").glob("*.woff2")}


def test_it_has_what_is_written_every_day() -> None:
    first_level = [
        bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)
    ]
    covered = _covered()
    assert [each for each in "".join(first_level) + "，。、；：？！《》（）“”…—〇" if ord(each) not in covered] == []


def test_it_comes_last() -> None:
    (names,) = re.findall(r"--song: ([^;]+);", (STATIC / "wenshi.css").read_text(encoding="utf-8"))
    assert names.endswith('"SimSun", "SimSun-ExtB", "Wenshi Song", serif')


@needs_browser
def test_a_browser_fetches_only_the_slices_it_needs(library: Library, tmp_path: Path) -> None:
    loaded = "return [...document.fonts].filter((each) => each.status === 'loaded').length"
    with served(create_app(library)) as site, chromium(tmp_path / "profile") as driver:
        driver.get(site)
        covered = _covered()
        driver.execute_script("document.body.textContent = '史料'")
        driver.execute_script("document.body.style.fontFamily = '\"Wenshi Song\"'")
        wait(driver, lambda: driver.execute_script(loaded) == len({covered[ord(each)] for each in "史料"}), 20)
