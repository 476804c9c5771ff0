"""Every PDF that says it is PDF/A-2u is one, by the judgement of veraPDF; skipped by name without Java or Maven."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archive.export import EXPORTERS, Book
from archive.export.fonts import choose, font_folders, read_catalogue
from archive.export.house import house_style, house_styles
from archive.model.errors import ExportError

VERSION = "1.26.2"
ARTIFACT = f"org.verapdf.apps:greenfield-apps:{VERSION}"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.0:copy"
MAIN = "org.verapdf.apps.GreenfieldCliWrapper"


@pytest.fixture(scope="module")
def verapdf(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command that judges PDF files."""
    try:
        choose(read_catalogue(font_folders()), house_style().fonts)
    except ExportError as error:
        pytest.skip(f"no Chinese font on this machine: {error.message}")
    java, maven = shutil.which("java"), shutil.which("mvn")
    if java is None or maven is None:
        pytest.skip("veraPDF needs a Java, and Maven to fetch it")
    folder = tmp_path_factory.mktemp("verapdf")
    fetch = [maven, "--batch-mode", "--quiet", COPY, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"]
    ran = subprocess.run(fetch, check=False, timeout=300, stdin=subprocess.DEVNULL, capture_output=True)
    if ran.returncode:
        pytest.skip(f"Maven does not bring {ARTIFACT}")
    (jar,) = folder.glob("*.jar")
    return [java, "-cp", str(jar), MAIN, "--flavour", "2u", "--format", "text"]


def judged(verapdf: Sequence[str], files: Sequence[Path]) -> dict[str, str]:
    """PASS or FAIL by the name of the file."""
    ran = subprocess.run(
        [*verapdf, *map(str, files)], check=False, timeout=300, capture_output=True, encoding="utf-8", errors="replace"
    )
    found = re.findall(r"^(PASS|FAIL) .*?([\w-]+\.pdf)", ran.stdout, re.M)
    assert len(found) == len(files), ran.stdout + ran.stderr
    return {name: verdict for verdict, name in found}


def test_the_book_of_every_house_style_is_what_it_says(book: Book, verapdf: list[str], tmp_path: Path) -> None:
    houses = list(house_styles().values())
    files = []
    for number, house in enumerate(houses):
        files.append(tmp_path / f"house-{number}.pdf")
        EXPORTERS["pdf"].write(replace(book, house=house, draft=True), files[-1])
    grey = replace(houses[0], layout=replace(houses[0].layout, colour="grey"))
    files.append(tmp_path / "grey.pdf")
    EXPORTERS["pdf"].write(replace(book, house=grey, draft=True), files[-1])
    assert all(b"<pdfaid:conformance>U" in file.read_bytes() for file in files)
    assert judged(verapdf, files) == {file.name: "PASS" for file in files}
