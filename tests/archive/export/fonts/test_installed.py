"""The same with the fonts of this computer, where it has them."""

from __future__ import annotations

import pytest

from archive.export.fonts import Catalogue, choose, font_folders, read_catalogue
from archive.export.fonts.glyphs import drawn
from archive.export.fonts.isolation import only
from archive.export.house import house_style


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(font_folders())


def installed(catalogue, family):
    face = catalogue.find(family)
    if face is None:
        pytest.skip(f"the font {family} is not installed on this computer")
    return face


def test_the_house_style_gets_its_fonts(catalogue):
    installed(catalogue, "Noto Serif CJK SC")
    fonts = choose(catalogue, house_style().fonts)
    assert fonts.regular.keys() == house_style().fonts.keys()
    pytest.importorskip("typst", reason="Typst is not made for this machine")
    with only(fonts.faces) as given:
        assert given.families.keys() == set(fonts.faces)


def test_noto_draws_what_it_promises(catalogue):
    face = installed(catalogue, "Noto Serif CJK SC")
    everyday = range(0x4E00, 0x4F00)
    assert drawn(face, everyday) == set(everyday)
    assert installed(catalogue, "Noto Sans CJK SC").name == "Noto Sans CJK SC"


def test_the_blanks_of_ukai_are_seen(catalogue):
    face = installed(catalogue, "AR PL UKai CN")
    assert drawn(face, map(ord, "中㧏㧟\u3000 ")) == set(map(ord, "中\u3000 "))
