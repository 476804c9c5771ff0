"""Finding fonts: every name, the right face, broken files named."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from archive.export.fonts.catalogue import font_folders, read_catalogue, same_name


def test_a_font_answers_to_all_its_names(make_font, tmp_path):
    make_font("SimSun", chinese="宋体")
    catalogue = read_catalogue([tmp_path / "fonts"])
    assert catalogue.find("宋体") == catalogue.find("SimSun") == catalogue.find("sim sun") == catalogue.faces[0]
    assert catalogue.faces[0].family == "宋体"
    assert catalogue.find("SimSun Regular") == catalogue.faces[0]
    assert catalogue.find("仿宋") is None


def test_the_faces_of_a_collection_have_their_numbers(make_collection, tmp_path):
    make_collection("simsun.ttc", [("SimSun", "宋体"), ("NSimSun", "新宋体")])
    catalogue = read_catalogue([tmp_path / "fonts"])
    assert [(face.family, face.index) for face in catalogue.faces] == [("宋体", 0), ("新宋体", 1)]


def test_regular_and_bold_are_told_apart(make_font, tmp_path):
    make_font("Song", style="Bold", weight=700)
    make_font("Song", style="Light", weight=300)
    make_font("Song")
    make_font("Plain")
    catalogue = read_catalogue([tmp_path / "fonts"])
    assert catalogue.find("Song").name == "Song"
    assert catalogue.find("Song", bold=True).name == "Song Bold"
    assert catalogue.find("Plain", bold=True) is None


def test_a_static_face_is_taken_before_a_variable_one(make_font, tmp_path):
    make_font("Song", style="Variable", variable=True)
    make_font("Song", style="Medium", weight=500)
    catalogue = read_catalogue([tmp_path / "fonts"])
    assert catalogue.find("Song").weight == 500


def test_a_font_without_the_table_of_windows_is_read(make_font, tmp_path):
    file = make_font("Old Apple")
    with TTFont(file) as font:
        del font["OS/2"]
        font.save(file)
    (face,) = read_catalogue([tmp_path / "fonts"]).faces
    assert (face.weight, face.width, face.italic, face.embeddable) == (400, 5, False, True)


def test_a_broken_file_is_named_and_the_others_are_read(make_font, tmp_path):
    good = make_font("Good")
    whole = good.read_bytes()
    (tmp_path / "fonts" / "cut.ttf").write_bytes(whole[:200])
    (tmp_path / "fonts" / "text.otf").write_text("这不是字体", encoding="utf-8")
    (tmp_path / "fonts" / "empty.ttc").write_bytes(b"")
    (tmp_path / "fonts" / "notes.txt").write_text("no font at all", encoding="utf-8")
    catalogue = read_catalogue([tmp_path / "fonts"])
    assert [face.family for face in catalogue.faces] == ["Good"]
    assert {Path(issue.place).name for issue in catalogue.issues} == {"cut.ttf", "text.otf", "empty.ttc"}
    assert {issue.code for issue in catalogue.issues} == {"font-unreadable"}


@pytest.mark.parametrize(
    ("fs_type", "embeddable"),
    [(0, True), (0x8, True), (0x4, True), (0x2, False), (0x6, True), (0x108, False), (0x200, False)],
)
def test_permission_to_embed(make_font, tmp_path, fs_type, embeddable):
    make_font("Song", fs_type=fs_type)
    assert read_catalogue([tmp_path / "fonts"]).faces[0].embeddable is embeddable


def test_a_changed_file_is_read_again(make_font, tmp_path):
    file = make_font("Old")
    assert read_catalogue([tmp_path / "fonts"]).find("Old")
    newer = make_font("Newer Name", folder="elsewhere")
    shutil.copyfile(newer, file)
    os.utime(file, ns=(1, 1))
    assert read_catalogue([tmp_path / "fonts"]).find("Newer Name")


def test_folders_that_lead_in_a_circle_end(make_font, tmp_path):
    make_font("Song")
    try:
        (tmp_path / "fonts" / "again").symlink_to(tmp_path / "fonts", target_is_directory=True)
    except OSError:
        pytest.skip("links may not be made on this computer")
    assert len(read_catalogue([tmp_path / "fonts", tmp_path / "fonts" / "again"]).faces) == 1


def test_where_each_system_keeps_its_fonts(tmp_path):
    windows = font_folders(system="win32", environment={"WINDIR": "C:/Windows", "LOCALAPPDATA": "C:/U/AppData/Local"})
    assert Path("C:/Windows/Fonts") in windows
    assert Path("C:/U/AppData/Local/Microsoft/Windows/Fonts") in windows
    assert Path("/Library/Fonts") in font_folders(system="darwin", environment={"HOME": "/Users/u"})
    linux = font_folders(system="linux", environment={"HOME": "/home/u", "XDG_DATA_DIRS": "/opt/share"})
    assert {Path("/usr/share/fonts"), Path("/home/u/.fonts"), Path("/opt/share/fonts")} <= set(linux)
    environment = {"HOME": "/home/u", "WENSHI_FONTS": os.pathsep.join(["/a", "/b"])}
    given = font_folders([tmp_path], system="linux", environment=environment)
    assert given[:3] == (tmp_path, Path("/a"), Path("/b"))


def test_names_are_compared_without_their_spelling():
    assert same_name("Noto Serif CJK SC") == same_name("noto-serif_cjk sc") == same_name("ＮotoSerifCJKSC")
    assert same_name("宋体") != same_name("新宋体")
