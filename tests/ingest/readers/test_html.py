"""Web pages: structure, encodings, what is left out, and every character accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.model.errors import ReadError
from archive.model.records import Block, Cell, Kind, Manuscript, Run, Style
from ingest.readers import registry
from ingest.text.characters import stored_characters

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"a small picture"


def page(folder: Path, body: str, *, encoding: str = "utf-8", head: str = "", name: str = "页.html") -> Manuscript:
    """Reads a page with this body; its account must come out."""
    file = folder / name
    said = f'<meta charset="{encoding}">' if encoding != "utf-16" else ""
    file.write_text(f"<!DOCTYPE html><html><head>{said}{head}</head><body>{body}</body></html>", encoding=encoding)
    form = registry.recognise(file, file.name)
    assert form.name == "html"
    manuscript = form.read(file, file.name)
    accounted = sum(issue.characters for issue in manuscript.issues)
    assert manuscript.characters_in == stored_characters(manuscript.blocks) + accounted
    assert len(manuscript.layouts) == len(manuscript.blocks)
    return manuscript


def plain(manuscript: Manuscript) -> list[tuple[Kind, str]]:
    return [(block.kind, block.text) for block in manuscript.blocks]


def test_paragraphs_and_headings(tmp_path: Path) -> None:
    found = page(
        tmp_path, "<h1>水车记</h1><h2>一</h2>散文<p>　　甲<br>乙<p>丙<div>丁</div>戊", head="<title>题</title>"
    )
    assert plain(found) == [
        (Kind.HEADING, "水车记"),
        (Kind.HEADING, "一"),
        (Kind.PARAGRAPH, "散文"),
        (Kind.PARAGRAPH, "甲\n乙"),
        (Kind.PARAGRAPH, "丙"),
        (Kind.PARAGRAPH, "丁"),
        (Kind.PARAGRAPH, "戊"),
    ]
    assert [block.level for block in found.blocks[:3]] == [1, 2, 0]
    assert found.properties == {"title": "题"}
    assert "indentation" in {issue.code for issue in found.issues}


def test_lines_of_the_source_are_no_spaces(tmp_path: Path) -> None:
    found = page(tmp_path, "<p>黄河\n    水大，\nVery big\nriver。</p>")
    assert found.blocks[0].text == "黄河水大， Very big river。"


def test_styles(tmp_path: Path) -> None:
    found = page(tmp_path, "<p>甲<b>乙<sup>2</sup></b><i>丙</i></p>")
    assert found.blocks[0].runs == (
        Run("甲"),
        Run("乙", Style.BOLD),
        Run("2", Style.BOLD | Style.SUPERSCRIPT),
        Run("丙", Style.ITALIC),
    )


def test_lists(tmp_path: Path) -> None:
    found = page(tmp_path, '<ol start="3"><li>甲<ul><li>乙</li></ul></li><li><p>丙</p></li><li></li></ol><p>丁</p>')
    assert [(block.kind, block.level, block.text) for block in found.blocks] == [
        (Kind.LIST_ITEM, 1, "3. 甲"),
        (Kind.LIST_ITEM, 2, "乙"),
        (Kind.LIST_ITEM, 1, "4. 丙"),
        (Kind.PARAGRAPH, 0, "丁"),
    ]


def test_table_with_spans(tmp_path: Path) -> None:
    found = page(
        tmp_path,
        "<table><caption>表一</caption><tr><th rowspan=2>甲<th colspan=2>乙<tr><td>丙<td>丁<p>戊</table>",
    )
    assert [(block.text, block.cell) for block in found.blocks] == [
        ("甲", Cell(0, 0, 0, row_span=2, header=True)),
        ("乙", Cell(0, 0, 1, column_span=2, header=True)),
        ("丙", Cell(0, 1, 1)),
        ("丁", Cell(0, 1, 2)),
        ("戊", Cell(0, 1, 2)),
        ("表一", None),
    ]


def test_spans_are_bounded(tmp_path: Path) -> None:
    found = page(tmp_path, "<table><tr><td rowspan=9999999 colspan=9999999>甲<td>乙</table>")
    assert [block.cell for block in found.blocks] == [Cell(0, 0, 0, 1, 200), Cell(0, 0, 200)]


def test_layout_tables_are_no_tables(tmp_path: Path) -> None:
    found = page(tmp_path, "<table><tr><td><p>甲<p>乙<table><tr><td>丙<td>丁</table></td></tr></table>")
    assert [(block.text, block.cell is None) for block in found.blocks] == [
        ("甲", True),
        ("乙", True),
        ("丙", False),
        ("丁", False),
    ]


def test_pictures_and_captions(tmp_path: Path) -> None:
    (tmp_path / "图").mkdir()
    (tmp_path / "图" / "a.png").write_bytes(PNG)
    found = page(
        tmp_path,
        "<figure><figcaption>图一</figcaption><img src='%E5%9B%BE/a.png' alt='水车'></figure>"
        "<p>前<img src='../外.png'>后</p><img src='http://example.org/x.png'>",
    )
    assert [(block.kind, block.text, bool(block.picture)) for block in found.blocks] == [
        (Kind.FIGURE, "水车", True),
        (Kind.CAPTION, "图一", False),
        (Kind.PARAGRAPH, "前后", False),
    ]
    assert [issue.code for issue in found.issues] == ["linked-picture"] * 2
    assert [picture.data for picture in found.pictures.values()] == [PNG]


def test_ruby(tmp_path: Path) -> None:
    found = page(tmp_path, "<p>有<ruby>朔<rp>(</rp><rt>shuò</rt><rp>)</rp>津<rt>jīn</rt></ruby>县</p>")
    assert found.blocks[0].runs == (Run("有"), Run("朔", ruby="shuò"), Run("津", ruby="jīn"), Run("县"))


def test_notes(tmp_path: Path) -> None:
    found = page(
        tmp_path,
        '<p>甲<a href="#n1" id="r1"><sup>[1]</sup></a>乙</p><p>丙<a href="#n2" id="r2">②</a></p>'
        '<hr><p><a id="n1" href="#r1">[1]</a> 据县志。</p><ol><li id="n2">口述。<a href="#r2">↩</a></li></ol>',
    )
    assert found.blocks == (
        Block(Kind.PARAGRAPH, (Run("甲"), Run("", note="1"), Run("乙"))),
        Block.plain(Kind.NOTE, "据县志。", label="1"),
        Block(Kind.PARAGRAPH, (Run("丙"), Run("", note="②"))),
        Block.plain(Kind.NOTE, "口述。", label="②"),
    )


def test_links_that_are_no_notes(tmp_path: Path) -> None:
    found = page(tmp_path, '<p><a href="#b">第二章</a> <a href="x.html">1</a></p><h2 id="b">第二章</h2><p>文</p>')
    assert plain(found) == [(Kind.PARAGRAPH, "第二章 1"), (Kind.HEADING, "第二章"), (Kind.PARAGRAPH, "文")]


def test_scripts_styles_and_hidden_text(tmp_path: Path) -> None:
    found = page(
        tmp_path,
        "<script>var 脚 = '</p>'</script><style>p::before{content:'样'}</style><p>文<span hidden>隐</span></p>"
        "<p style='display: none'>藏</p><iframe src=x></iframe>",
    )
    assert plain(found) == [(Kind.PARAGRAPH, "文")]
    assert [(issue.code, issue.characters) for issue in found.issues] == [
        ("hidden", 1),
        ("hidden", 1),
        ("embedded", 0),
    ]


@pytest.mark.parametrize("encoding", ["gb2312", "big5", "utf-16", "utf-8"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    assert page(tmp_path, "<p>民國的水車，河的水大。</p>" if encoding == "big5" else "<p>水车的水，大。</p>",
                encoding=encoding).blocks[0].text.startswith("民國" if encoding == "big5" else "水车")  # fmt: skip


def test_gbk_characters_in_a_page_that_says_gb2312(tmp_path: Path) -> None:
    file = tmp_path / "页.htm"
    file.write_bytes("<html><meta charset=gb2312><p>朱镕基，囍。</p>".encode("gbk"))
    assert registry.read(file, file.name).blocks[0].text == "朱镕基，囍。"


def test_page_that_says_the_wrong_encoding(tmp_path: Path) -> None:
    file = tmp_path / "页.htm"
    file.write_bytes('<html><meta charset="utf-8"><p>黄河的水很大，我们在这里。</p>'.encode("gbk"))
    assert registry.read(file, file.name).blocks[0].text == "黄河的水很大，我们在这里。"


def test_saved_as_doc(tmp_path: Path) -> None:
    assert page(tmp_path, "<p>文", name="其实是网页.doc").blocks[0].text == "文"


@pytest.mark.parametrize("body", ["<div>" * 5000 + "文", "<table><tr><td>" * 400 + "文"])
def test_deep_nesting_is_refused_or_read(tmp_path: Path, body: str) -> None:
    try:
        found = page(tmp_path, body)
    except ReadError as error:
        assert error.hint
    else:
        assert "文" in "".join(block.text for block in found.blocks)


def test_truncated(tmp_path: Path) -> None:
    file = tmp_path / "断.html"
    file.write_text("<html><body><p>甲<p>乙<b", encoding="utf-8")
    assert [block.text for block in registry.read(file, file.name).blocks] == ["甲", "乙"]


def test_a_picture_of_a_cell_stays_in_it(tmp_path: Path) -> None:
    (tmp_path / "车.png").write_bytes(PNG)
    rows = "<tr><th>年</th><th>照片</th></tr><tr><td>1951</td><td><img src='车.png'><p>图1</p></td></tr>"
    found = page(tmp_path, f"<table>{rows}</table><p>后文</p>")
    assert [(block.kind, block.text, block.cell.column if block.cell else None) for block in found.blocks[2:]] == [
        (Kind.CELL, "1951", 0), (Kind.FIGURE, "", 1), (Kind.CELL, "图1", 1), (Kind.PARAGRAPH, "后文", None),
    ]  # fmt: skip


def test_fields_show_what_was_filled_in(tmp_path: Path) -> None:
    found = page(
        tmp_path,
        "<p>姓名：<input value='周大河'>，<input type=checkbox checked>党员 <input type=radio>其他"
        "<input type=hidden value=暗></p>"
        "<p>民族：<select><option>汉族<option selected>回族</select></p><textarea>简历</textarea>",
    )
    texts = [block.text for block in found.blocks]
    assert texts == ["姓名：周大河，☒党员 ○其他", "民族：回族", "简历"]
    assert [(issue.code, issue.characters) for issue in found.issues] == [("hidden", 2)]


@pytest.mark.parametrize(
    ("mathml", "typed"),
    [
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
        ("<msup><mn>10</mn><mn>4</mn></msup>", "10^4"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>", "(a+b)/2"),
        ("<semantics><mn>7</mn><annotation encoding='application/x-tex'>\\seven</annotation></semantics>", "7"),
    ],
)
def test_formulas_in_linear_form(tmp_path: Path, mathml: str, typed: str) -> None:
    assert page(tmp_path, f"<p>占<math>{mathml}</math>亩</p>").blocks[0].text == f"占{typed}亩"


def test_words_in_a_drawing_stand_apart(tmp_path: Path) -> None:
    found = page(tmp_path, "<p>前<svg><text>图中字</text><text>又一行</text></svg>后</p>")
    assert [block.text for block in found.blocks] == ["前", "图中字", "又一行", "后"]
