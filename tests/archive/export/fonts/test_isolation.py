"""Typst sees the chosen fonts and no others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.export.fonts import Census, PrintedPassage, choose, cover, read_catalogue
from archive.export.fonts.isolation import only

typst = pytest.importorskip("typst", reason="Typst is not made for this machine")

TEMPLATE = """#let fonts = json(bytes(sys.inputs.fonts))
#set text(font: fonts.map(each => if "covers" in each { (..each, covers: regex(each.covers)) } else { each.name }))
#sys.inputs.text"""


@pytest.fixture
def coverage(make_font, tmp_path):
    make_font("SimSun", chinese="宋体")
    make_font("HanaMinB", "𬭎-]")
    make_font("Unwanted")
    fonts = choose(read_catalogue([tmp_path / "fonts"]), {"宋体": ["宋体"]})
    return cover(Census([PrintedPassage("宋体", "某处", "中国𬭎-]")]).units, fonts)


def test_exactly_the_chosen_fonts_under_typsts_own_names(coverage):
    with only(coverage.faces) as given:
        assert given.fonts.families() == ["HanaMinB", "SimSun"]
        assert given.stack("宋体", coverage) == [
            {"name": "HanaMinB", "covers": r"[\x{2d}\x{5d}\x{2cb4e}]"},
            {"name": "SimSun"},
        ]
        folder = Path(str(given.fonts.fonts()[0].path)).parent
    assert not folder.exists()


def test_a_book_is_set_with_them(coverage):
    with only(coverage.faces) as given:
        inputs = {"fonts": json.dumps(given.stack("宋体", coverage)), "text": "中国𬭎-]"}
        compiler = typst.Compiler(TEMPLATE.encode(), font_paths=given.fonts, sys_inputs=inputs)
        pdf, warnings = compiler.compile_with_warnings(format="pdf")
    assert warnings == []
    assert b"SimSun" in pdf and b"HanaMinB" in pdf
