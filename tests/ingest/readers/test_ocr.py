"""Pictures of text, through the recogniser where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from archive.model.errors import ReadError
from archive.model.records import Kind, Picture
from ingest.pipeline.importer import ingest
from ingest.readers import recogniser, registry
from ingest.readers.lines import Line
from ingest.readers.ocr import Scan

needs_ocr = pytest.mark.skipif(not recogniser.installed(), reason="recognition (wenshi[ocr]) is not installed")
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"a small picture"


@needs_ocr
def test_horizontal(shared_data: Path) -> None:
    file = shared_data / "office" / "k2_chi_sim.jpeg"
    found = registry.read(file, file.name)
    assert [block.kind for block in found.blocks] == [Kind.FIGURE, Kind.PARAGRAPH, Kind.PARAGRAPH]
    assert found.pictures[found.blocks[0].picture].data == file.read_bytes()
    assert found.blocks[1].text.startswith("新鲜甘草黄酮养分")
    assert found.blocks[1].text.endswith("宛若新生。")


@needs_ocr
def test_vertical_columns_read_from_the_right(shared_data: Path) -> None:
    file = shared_data / "office" / "k3_jpn_vert.jpeg"
    text = registry.read(file, file.name).blocks[1].text
    assert text.startswith("元来日本語は漢文に倣い文字を上")
    assert text.endswith("横書き不能な書体も存在する。")


@needs_ocr
def test_word_file_of_pictures(shared_data: Path, word: Any, fake_library: Any) -> None:
    picture = (shared_data / "office" / "k2_chi_sim.jpeg").read_bytes()
    body = '<w:p><w:r><w:drawing><wp:inline><a:blip r:embed="rId9"/></wp:inline></w:drawing></w:r></w:p>'
    report = ingest(fake_library, [word(body, media={"rId9": picture})])
    assert report.exit_code == 0
    kinds = [block.kind for block in fake_library.articles[0].blocks]
    assert Kind.FIGURE in kinds
    assert "甘草" in "".join(block.text for block in fake_library.articles[0].blocks)


def chinese_font() -> str:
    """A font file of this system with Chinese characters."""
    if shutil.which("fc-match") is None or not subprocess.check_output(["fc-list", ":lang=zh-cn"]):
        pytest.skip("no Chinese font is installed to draw a page with")
    return subprocess.check_output(["fc-match", "--format=%{file}", ":lang=zh-cn"], encoding="utf-8")


@needs_ocr
def test_drawn_page(tmp_path: Path) -> None:
    from PIL import Image, ImageDraw, ImageFont

    lines = ["河湾水车旧闻", "一九五六年春，公社在渡口修起水车", "十二架，灌地三千余亩。"]
    page = Image.new("RGB", (900, 320), "white")
    font = ImageFont.truetype(chinese_font(), 40)
    for number, line in enumerate(lines):
        ImageDraw.Draw(page).text((60, 50 + 80 * number), line, "black", font)
    file = tmp_path / "页.png"
    page.save(file)
    found = registry.read(file, file.name)
    text = "".join(block.text for block in found.blocks)
    assert "河湾水车旧闻" in text
    assert "一九五六年春" in text
    assert "灌地三千余亩" in text
    assert "ocr" in {issue.code for issue in found.issues}


@needs_ocr
def test_columns_of_a_drawn_page(tmp_path: Path) -> None:
    from PIL import Image, ImageDraw, ImageFont

    left = [
        "　　黄河水大的那一年，村里的",
        "老人都说从来没有见过这样的水",
        "，大家把水车重新立了起来，用",
        "了整整一个冬天才算是完工了。",
    ]
    right = [
        "　　第二年春天县里派人来看，",
        "说这样的水车全省也没有几架，",
        "要画成图样送到兰州去，让别的",
        "地方也照样做几架灌田的水车。",
    ]
    page = Image.new("RGB", (1100, 420), "white")
    font = ImageFont.truetype(chinese_font(), 32)
    ImageDraw.Draw(page).text((400, 30), "忆河湾水车", "black", ImageFont.truetype(chinese_font(), 48))
    for number, lines in enumerate(zip(left, right, strict=True)):
        for x, line in zip((50, 580), lines, strict=True):
            ImageDraw.Draw(page).text((x, 130 + 60 * number), line, "black", font)
    file = tmp_path / "栏.png"
    page.save(file)
    found = registry.read(file, file.name)
    text = "".join(block.text for block in found.blocks)
    assert text.startswith("忆河湾水车")
    assert text.index("完工了") < text.index("第二年春天") < text.index("送到兰州去")
    assert [block.text[:4] for block in found.blocks[2:]] == ["黄河水大", "第二年春"]
    assert "columns" in {issue.code for issue in found.issues}


@needs_ocr
def test_picture_without_text(tmp_path: Path) -> None:
    from PIL import Image

    file = tmp_path / "白.png"
    Image.new("RGB", (200, 200), "white").save(file)
    with pytest.raises(ReadError, match="没有认出文字"):
        registry.read(file, file.name)


@needs_ocr
def test_pages_of_a_tiff(shared_data: Path, tmp_path: Path) -> None:
    from PIL import Image

    page = Image.open(shared_data / "office" / "k2_chi_sim.jpeg").convert("RGB")
    file = tmp_path / "页.tif"
    page.save(file, save_all=True, append_images=[page])
    found = registry.read(file, file.name)
    assert [block.kind for block in found.blocks].count(Kind.FIGURE) == 2
    assert {picture.media_type for picture in found.pictures.values()} == {"image/png"}


@needs_ocr
@pytest.mark.parametrize("keep", [20, 5000])
def test_truncated(shared_data: Path, tmp_path: Path, keep: int) -> None:
    file = tmp_path / "断.jpg"
    file.write_bytes((shared_data / "office" / "k2_chi_sim.jpeg").read_bytes()[:keep])
    with pytest.raises(ReadError, match="损坏"):
        registry.read(file, file.name)


@needs_ocr
def test_picture_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    file = tmp_path / "炸.png"
    Image.new("1", (20_000, 20_000)).save(file)
    with pytest.raises(ReadError, match="太大"):
        registry.read(file, file.name)


@pytest.mark.usefixtures("in_this_process")
def test_without_recognition(tmp_path: Path, word: Any, fake_library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recogniser, "find_spec", lambda name: None)
    file = tmp_path / "扫描.png"
    file.write_bytes(PNG)
    body = '<w:p><w:r><w:drawing><wp:inline><a:blip r:embed="rId9"/></wp:inline></w:drawing></w:r></w:p>'
    report = ingest(fake_library, [file, word(body, media={"rId9": PNG})])
    for one in report.files:
        assert one.error is not None
        assert "wenshi[ocr]" in one.error.hint


def test_doubtful_lines_are_listed() -> None:
    picture = Picture("ab", PNG, "image/png")
    lines = (Line("水车", 0, 40, 0, 20, 20, 0, 0.99), Line("氺車", 0, 40, 30, 50, 20, 0, 0.5))
    issues = Scan(picture, lines).issues("第 1 页")
    assert [(issue.code, issue.place) for issue in issues] == [("ocr", "第 1 页"), ("ocr-doubtful", "第 1 页第 2 行")]
    assert "氺車" in issues[1].message
    assert "50%" in issues[1].message
