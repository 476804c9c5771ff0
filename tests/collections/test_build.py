"""The committed files are what the sources give, byte for byte."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from types import ModuleType

import docx
import pytest

COLLECTIONS = Path(__file__).resolve().parents[2] / "collections"
BUILT = sorted(path.parents[1].name for path in COLLECTIONS.glob("*/source/book.toml"))
BUILT_WITH = "1.2.0"  # python-docx; another version may write other styles and settings, never another text
TEXT_PARTS = ("word/document.xml", "word/footnotes.xml")


def parts(data: bytes) -> dict[str, bytes]:
    """The unpacked parts of a Word file; compression may differ from one zlib to another, content may not."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture(scope="module")
def built(builder: ModuleType) -> dict[str, dict[Path, bytes]]:
    """What the builder makes of each collection."""
    return {name: builder.build(COLLECTIONS / name) for name in BUILT}


@pytest.mark.parametrize("name", BUILT)
def test_building_again_gives_the_committed_files(built: dict[str, dict[Path, bytes]], name: str) -> None:
    for path, data in built[name].items():
        if path.suffix != ".docx":
            assert data == path.read_bytes(), f"{path.name}: run scripts/build_collections.py"
            continue
        made, committed = parts(data), parts(path.read_bytes())
        names = made.keys() if docx.__version__ == BUILT_WITH else TEXT_PARTS
        assert made.keys() == committed.keys()
        differing = [part for part in names if made[part] != committed[part]]
        assert not differing, f"{path.name}: run scripts/build_collections.py"


@pytest.mark.parametrize("name", BUILT)
def test_building_twice_gives_the_same_bytes(
    builder: ModuleType, built: dict[str, dict[Path, bytes]], name: str
) -> None:
    assert builder.build(COLLECTIONS / name) == built[name]


def test_packages_carry_one_fixed_time_and_sorted_parts(collections: Path) -> None:
    for path in collections.glob("*/*.docx"):
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
        assert {entry.date_time for entry in entries} == {(2024, 6, 18, 9, 0, 0)}
        names = [entry.filename for entry in entries]
        assert names[0] == "[Content_Types].xml"
        assert names[1:] == sorted(names[1:])


def test_every_character_of_a_source_stands_in_the_word_file(builder: ModuleType, collections: Path) -> None:
    """The builder loses no text: each paragraph of each source is found, marks taken away."""
    for name in BUILT:
        folder = collections / name / "source"
        for plan in builder.read_toml(folder / "book.toml").get("document", ()):
            made = parts((collections / name / plan["output"]).read_bytes())
            document, notes = (plain(made[part].decode()) for part in TEXT_PARTS)
            for source in builder.read_parts(folder, plan):
                for item in source.elements:
                    for text in (item.text, *(cell for row in item.rows for cell in row if cell not in "<^")):
                        if not set(text) <= set("-") and item.kind != "figure":
                            assert builder_plain(text) in document, text
                for note in source.notes.values():
                    assert note in notes


def plain(xml: str) -> str:
    """The text of a part, readings of ruby left out, paragraph after paragraph."""
    xml = re.sub(r"<w:rt>.*?</w:rt>", "", xml, flags=re.S)
    return "".join(re.findall(r"<w:(?:t|delText)(?: [^>]*)?>([^<]*)</w:(?:t|delText)>", xml))


def builder_plain(text: str) -> str:
    """A source text without its inline marks, the base of ruby kept."""
    text = re.sub(r"\{([^|{}]+)\|[^|{}]+\}", r"\1", text)
    text = re.sub(r"\[\^[^]]+\]", "", text)
    return re.sub(r"\*+|\{(?:\+\+|--|%%)|(?:\+\+|--|%%)\}", "", text)
