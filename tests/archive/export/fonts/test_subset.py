"""Fonts cut down to a few characters, and the record of the files used."""

from __future__ import annotations

import hashlib
import io

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from archive.export.fonts import font_files, media_type, read_catalogue, subset
from archive.model.errors import ExportError


@pytest.mark.parametrize(("cff", "media"), [(False, "font/ttf"), (True, "font/otf")])
def test_only_the_characters_asked_for_remain(make_font, tmp_path, cff, media):
    make_font("Song", cff=cff)
    (face,) = read_catalogue([tmp_path / "fonts"]).faces
    data = subset(face, map(ord, "国中𬭎"))
    assert data == subset(face, map(ord, "中国"))
    assert set(TTFont(io.BytesIO(data)).getBestCmap()) == {ord("中"), ord("国")}
    assert media_type(face) == media


def test_a_face_of_a_collection_leaves_it(make_collection, tmp_path):
    make_collection("simsun.ttc", [("SimSun", "宋体"), ("NSimSun", "新宋体")])
    face = read_catalogue([tmp_path / "fonts"]).faces[1]
    assert TTFont(io.BytesIO(subset(face, [ord("中")])))["name"].getDebugName(1) == "NSimSun"


def test_what_a_licence_forbids_is_refused(make_font, tmp_path):
    make_font("Closed", fs_type=0x100)
    (face,) = read_catalogue([tmp_path / "fonts"]).faces
    with pytest.raises(ExportError, match="不许嵌入"):
        subset(face, [ord("中")])


def test_a_damaged_font_is_named(make_font, tmp_path):
    file = make_font("Song")
    (face,) = read_catalogue([tmp_path / "fonts"]).faces
    with TTFont(file) as font:
        start = font.reader.tables["glyf"].offset
    file.write_bytes(file.read_bytes()[:start])
    with pytest.raises(ExportError, match="已损坏") as caught:
        subset(face, [ord("中")])
    assert caught.value.place == str(file)


def test_the_files_used_are_recorded(make_collection, make_font, tmp_path):
    collection = make_collection("b.ttc", [("SimSun", "宋体"), ("NSimSun", "新宋体")])
    other = make_font("A")
    recorded = font_files(read_catalogue([tmp_path / "fonts"]).faces)
    assert [(each.name, each.size) for each in recorded] == [
        (file.name, file.stat().st_size) for file in (other, collection)
    ]
    assert recorded[1].sha256 == hashlib.sha256(collection.read_bytes()).hexdigest()
