"""The .docx reader, feature by feature; every test also closes the account of characters."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.model.records import Block, Cell, Kind, Manuscript, Run, Style
from ingest.readers.ooxml.numbering import chinese
from ingest.readers.ooxml.symbols import symbol
from ingest.readers.ooxml.word_file import read
from ingest.text.characters import stored_characters

MakeWord = Callable[..., Path]
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"a small picture"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def took(file: Path) -> Manuscript:
    manuscript = read(file, file.name)
    accounted = sum(issue.characters for issue in manuscript.issues)
    assert manuscript.characters_in == stored_characters(manuscript.blocks) + accounted
    assert len(manuscript.layouts) == len(manuscript.blocks)
    return manuscript


def kinds(manuscript: Manuscript) -> list[tuple[Kind, str]]:
    return [(block.kind, block.text) for block in manuscript.blocks]


def codes(manuscript: Manuscript) -> dict[str, int]:
    return {issue.code: issue.characters for issue in manuscript.issues}


class TestParagraphs:
    @pytest.mark.parametrize("name", ["heading 2", "标题 2", "標題 2", "Heading 2"])
    def test_headings_by_name(self, word: MakeWord, name: str) -> None:
        style = f'<w:style w:type="paragraph" w:styleId="x"><w:name w:val="{name}"/></w:style>'
        assert took(word(p(r("题"), '<w:pStyle w:val="x"/>'), styles=style)).blocks[0].level == 2

    def test_heading_through_based_on(self, word: MakeWord) -> None:
        style = '<w:style w:type="paragraph" w:styleId="x"><w:name w:val="篇名"/><w:basedOn w:val="1"/></w:style>'
        block = took(word(p(r("题"), '<w:pStyle w:val="x"/>'), styles=style)).blocks[0]
        assert (block.kind, block.level) == (Kind.HEADING, 1)

    def test_direct_outline_level_nine_is_body(self, word: MakeWord) -> None:
        body = p(r("题"), '<w:pStyle w:val="1"/><w:outlineLvl w:val="9"/>')
        assert took(word(body)).blocks[0].kind is Kind.PARAGRAPH

    def test_equal_runs_are_merged_and_styles_kept(self, word: MakeWord) -> None:
        body = p(
            r("甲") + r("乙") + r("丙", "<w:b/>") + r("丁", '<w:em w:val="dot"/><w:vertAlign w:val="superscript"/>')
        )
        assert took(word(body)).blocks[0].runs == (
            Run("甲乙"),
            Run("丙", Style.BOLD),
            Run("丁", Style.EMPHASIS | Style.SUPERSCRIPT),
        )

    def test_bold_switched_off_and_character_style(self, word: MakeWord) -> None:
        style = '<w:style w:type="character" w:styleId="c"><w:name w:val="强"/><w:rPr><w:i/></w:rPr></w:style>'
        body = p(r("甲", '<w:b w:val="0"/>') + r("乙", '<w:rStyle w:val="c"/>'))
        assert took(word(body, styles=style)).blocks[0].runs == (Run("甲"), Run("乙", Style.ITALIC))

    def test_breaks_tabs_and_hyphens(self, word: MakeWord) -> None:
        body = p("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t><w:noBreakHyphen/><w:t>丁</w:t></w:r>")
        assert took(word(body)).blocks[0].text == "甲\n乙\t丙-丁"

    def test_indentation_is_dropped_and_reported(self, word: MakeWord) -> None:
        manuscript = took(word(p(r("　　") + r("　正文　")) + p(r("　　"))))
        assert kinds(manuscript) == [(Kind.PARAGRAPH, "正文")]
        assert "1 段的段首空白共 3 个" in manuscript.issues[0].message

    def test_layout_is_evidence(self, word: MakeWord) -> None:
        big = '<w:b/><w:sz w:val="36"/>'
        layout = took(word(p(r("题", big), '<w:jc w:val="center"/><w:pageBreakBefore/>'))).layouts[0]
        assert (layout.size, layout.bold, layout.centred, layout.page_break) == (18.0, 1.0, True, True)


class TestLeftOut:
    def test_tracked_changes_are_accepted(self, word: MakeWord) -> None:
        body = p(
            r("前") + f"<w:ins>{r('插入')}</w:ins><w:del><w:r><w:delText>删 除</w:delText></w:r></w:del>"
            f"<w:moveFrom>{r('移走了')}</w:moveFrom><w:moveTo>{r('移入')}</w:moveTo>" + r("后")
        )
        manuscript = took(word(body))
        assert manuscript.blocks[0].text == "前插入移入后"
        assert [(issue.code, issue.characters) for issue in manuscript.issues] == [("deleted", 2), ("deleted", 3)]

    def test_deleted_paragraph_mark_joins_paragraphs(self, word: MakeWord) -> None:
        assert kinds(took(word(p(r("上"), "<w:rPr><w:del/></w:rPr>") + p(r("下"))))) == [(Kind.PARAGRAPH, "上下")]

    def test_deleted_table_row(self, word: MakeWord) -> None:
        rows = (
            f"<w:tr><w:tc>{p(r('留'))}</w:tc></w:tr><w:tr><w:trPr><w:del/></w:trPr><w:tc>{p(r('删行'))}</w:tc></w:tr>"
        )
        manuscript = took(word(f"<w:tbl>{rows}</w:tbl>"))
        assert kinds(manuscript) == [(Kind.CELL, "留")]
        assert codes(manuscript) == {"deleted": 2}

    @pytest.mark.parametrize("properties", ["<w:vanish/>", '<w:rStyle w:val="h"/>', '<w:rStyle w:val="below"/>'])
    def test_hidden_text(self, word: MakeWord, properties: str) -> None:
        style = (
            '<w:style w:type="character" w:styleId="h"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>'
            '<w:style w:type="character" w:styleId="below"><w:name w:val="b"/><w:basedOn w:val="h"/></w:style>'
        )
        manuscript = took(word(p(r("见") + r("隐藏", properties)), styles=style))
        assert manuscript.blocks[0].text == "见"
        assert codes(manuscript) == {"hidden": 2}

    def test_hidden_paragraph_style_shown_again(self, word: MakeWord) -> None:
        style = '<w:style w:type="paragraph" w:styleId="h"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>'
        body = p("<w:r><w:t>藏</w:t></w:r>" + r("现", '<w:vanish w:val="0"/>'), '<w:pStyle w:val="h"/>')
        assert took(word(body, styles=style)).blocks[0].text == "现"

    def test_external_document(self, word: MakeWord) -> None:
        assert codes(took(word(p(r("甲")) + '<w:altChunk r:id="x"/>'))) == {"alt-chunk": 0}


class TestFields:
    def test_result_stays_and_instruction_goes(self, word: MakeWord) -> None:
        body = p(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGEREF _x</w:instrText></w:r>'
            f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("12")}'
            f'<w:r><w:fldChar w:fldCharType="end"/></w:r>{r("页")}'
        )
        assert took(word(body)).blocks[0].text == "12页"

    def test_unfinished_field_hides_nothing_beyond_its_paragraph(self, word: MakeWord) -> None:
        body = p('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + r("码")) + p(r("正文"))
        manuscript = took(word(body))
        assert kinds(manuscript) == [(Kind.PARAGRAPH, "正文")]
        assert codes(manuscript) == {"field-code": 1}

    def test_circled_character(self, word: MakeWord) -> None:
        body = p(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>eq \\o\\ac(○,印)</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>' + r("章")
        )
        assert took(word(body)).blocks[0].text == "印章"


class TestWhatHangsOnText:
    def test_notes_follow_their_block(self, word: MakeWord) -> None:
        body = p(
            r("甲")
            + '<w:r><w:footnoteReference w:id="2"/></w:r>'
            + r("乙")
            + '<w:r><w:endnoteReference w:id="2"/></w:r>'
        )
        manuscript = took(
            word(
                body + p(r("丙")),
                footnotes=f'<w:footnote w:type="separator" w:id="0">{p("")}</w:footnote>'
                f'<w:footnote w:id="2">{p(r("脚"))}{p(r("注"))}</w:footnote>',
                endnotes=f'<w:endnote w:id="2">{p(r("尾注"))}</w:endnote>',
            )
        )
        assert kinds(manuscript) == [
            (Kind.PARAGRAPH, "甲乙"),
            (Kind.NOTE, "脚\n注"),
            (Kind.NOTE, "尾注"),
            (Kind.PARAGRAPH, "丙"),
        ]
        assert [run.note for run in manuscript.blocks[0].runs] == ["", "1", "", "尾1"]
        assert [block.label for block in manuscript.blocks] == ["", "1", "尾1", ""]

    def test_note_of_deleted_text_goes_with_it(self, word: MakeWord) -> None:
        body = p(r("甲") + '<w:del><w:r><w:footnoteReference w:id="2"/></w:r></w:del>')
        manuscript = took(word(body, footnotes=f'<w:footnote w:id="2">{p(r("脚注"))}</w:footnote>'))
        assert kinds(manuscript) == [(Kind.PARAGRAPH, "甲")]
        assert codes(manuscript) == {"deleted": 2}

    def test_note_without_reference_is_kept(self, word: MakeWord) -> None:
        manuscript = took(word(p(r("甲")), footnotes=f'<w:footnote w:id="2">{p(r("脚注"))}</w:footnote>'))
        assert kinds(manuscript)[-1] == (Kind.NOTE, "脚注")
        assert "unreferenced-note" in codes(manuscript)

    def test_reference_without_note_is_reported(self, word: MakeWord) -> None:
        assert "missing-note" in codes(took(word(p(r("甲") + '<w:r><w:footnoteReference w:id="7"/></w:r>'))))

    def test_comment_names_its_author(self, word: MakeWord) -> None:
        comments = f'<w:comment w:id="0" w:author="审稿人">{p(r("存疑"))}</w:comment>'
        manuscript = took(word(p(r("甲") + '<w:r><w:commentReference w:id="0"/></w:r>'), comments=comments))
        assert kinds(manuscript)[1] == (Kind.COMMENT, "审稿人：存疑")

    def test_text_box_counted_once(self, word: MakeWord) -> None:
        box = f"<w:txbxContent>{p(r('框内'))}</w:txbxContent>"
        body = p(
            f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
            + r("框旁")
        )
        manuscript = took(word(body))
        assert kinds(manuscript) == [(Kind.PARAGRAPH, "框旁"), (Kind.PARAGRAPH, "框内")]
        assert manuscript.characters_in == 4

    def test_text_only_in_the_fallback_is_read(self, word: MakeWord) -> None:
        old = f"<w:pict><v:textbox><w:txbxContent>{p(r('旧框'))}</w:txbxContent></v:textbox></w:pict>"
        body = p(
            f"<w:r><mc:AlternateContent><mc:Choice><w:drawing/></mc:Choice><mc:Fallback>{old}</mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        )
        assert kinds(took(word(body))) == [(Kind.PARAGRAPH, "旧框")]

    def test_ruby_keeps_reading_beside_text(self, word: MakeWord) -> None:
        body = p(f"<w:r><w:ruby><w:rt>{r('shuò')}</w:rt><w:rubyBase>{r('朔')}</w:rubyBase></w:ruby></w:r>" + r("津"))
        assert took(word(body)).blocks[0].runs == (Run("朔", ruby="shuò"), Run("津"))

    def test_word_art_is_text(self, word: MakeWord) -> None:
        body = p('<w:r><w:pict><v:shape><v:textpath string="文史资料"/></v:shape></w:pict></w:r>')
        assert kinds(took(word(body))) == [(Kind.PARAGRAPH, "文史资料")]

    def test_a_watermark_stands_apart_from_the_running_head(self, word: MakeWord) -> None:
        drawn = '<w:r><w:pict><v:shape><v:textpath string="内部资料"/></v:shape></w:pict></w:r>'
        found = kinds(took(word(p(r("文")), header=p(drawn + r("朔津文史")))))
        assert found == [(Kind.PARAGRAPH, "文"), (Kind.HEADER, "内部资料\n朔津文史")]

    def test_smart_art_keeps_its_text(self, word: MakeWord) -> None:
        points = (
            "<dgm:t><a:p><a:r><a:t>渠首</a:t></a:r></a:p></dgm:t><dgm:t><a:p><a:r><a:t>渠尾</a:t></a:r></a:p></dgm:t>"
        )
        spaces = " ".join(
            f'xmlns:{prefix}="http://schemas.openxmlformats.org/drawingml/2006/{name}"'
            for prefix, name in (("a", "main"), ("dgm", "diagram"))
        )
        manuscript = took(
            word(
                p('<w:r><w:drawing><dgm:relIds r:dm="d1"/></w:drawing></w:r>' + r("文")),
                extra={"word/data1.xml": f"<dgm:dataModel {spaces}>{points}</dgm:dataModel>".encode()},
                related=[("d1", "diagramData", "data1.xml", False)],
            )
        )
        assert [text for _, text in kinds(manuscript)] == ["文", "渠首", "渠尾"]

    def test_picture_with_caption(self, word: MakeWord) -> None:
        drawing = (
            '<w:r><w:drawing><wp:inline><wp:docPr descr="水车"/><a:blip r:embed="rId9"/></wp:inline></w:drawing></w:r>'
        )
        manuscript = took(word(p(drawing) + p(r("▲老水车（1957年摄）")) + p(r("正文")), media={"rId9": PNG}))
        assert kinds(manuscript) == [
            (Kind.FIGURE, "水车"),
            (Kind.CAPTION, "▲老水车（1957年摄）"),
            (Kind.PARAGRAPH, "正文"),
        ]
        assert manuscript.pictures[manuscript.blocks[0].picture].data == PNG
        assert manuscript.pictures[manuscript.blocks[0].picture].media_type == "image/png"

    def test_a_picture_is_as_wide_as_it_is_printed(self, word: MakeWord) -> None:
        extent, blip = '<wp:extent cx="2160000" cy="9"/>', '<a:blip r:embed="rId9"/>'
        inline = f"<wp:inline>{extent}{blip}</wp:inline>"
        shape = '<w:pict><v:shape style="width:72pt;height:9pt"><v:imagedata r:id="rId9"/></v:shape></w:pict>'
        namespace = "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"
        group = f'<wp:inline>{extent}<wpg:wgp xmlns:wpg="{namespace}">{blip}{blip}</wpg:wgp></wp:inline>'
        drawn = [f"<w:drawing>{inline}</w:drawing>", shape, f"<w:drawing>{group}</w:drawing>"]
        found = took(word("".join(p(f"<w:r>{each}</w:r>") for each in drawn), media={"rId9": PNG})).blocks
        assert [block.width for block in found] == [60, 25, 0, 0]

    def test_what_stands_at_the_right_or_in_the_middle_says_so(self, word: MakeWord) -> None:
        centred, right = '<w:jc w:val="center"/>', '<w:jc w:val="right"/>'
        style = f'<w:style w:type="paragraph" w:styleId="x"><w:name w:val="诗"/><w:pPr>{centred}</w:pPr></w:style>'
        lines = [p(r("一篙撑破水中天，"), '<w:pStyle w:val="x"/>'), p(r("三月"), right), p(r("正文。"))]
        assert [block.align for block in took(word("".join(lines), styles=style)).blocks] == ["center", "right", ""]

    def test_pictures_of_a_group_stand_with_their_captions(self, word: MakeWord) -> None:
        blip = '<a:blip r:embed="rId9"/>'
        boxes = [f"<w:txbxContent>{p(r(caption))}</w:txbxContent>" for caption in ("图1　大门", "图2　后院")]
        group = f"<w:r><w:drawing>{blip}{boxes[0]}{blip}{boxes[1]}</w:drawing></w:r>"
        found = took(word(p(r("老县衙。") + group), media={"rId9": PNG})).blocks
        assert [(block.kind, block.text) for block in found] == [
            (Kind.PARAGRAPH, "老县衙。"), (Kind.FIGURE, ""), (Kind.CAPTION, "图1　大门"),
            (Kind.FIGURE, ""), (Kind.CAPTION, "图2　后院"),
        ]  # fmt: skip

    def test_picture_and_caption_in_one_paragraph(self, word: MakeWord) -> None:
        drawing = '<w:r><w:drawing><a:blip r:embed="rId9"/></w:drawing></w:r>'
        found = took(word(p(drawing + r("图1　大门")), media={"rId9": PNG})).blocks
        assert [block.kind for block in found] == [Kind.FIGURE, Kind.CAPTION]

    def test_a_sentence_about_a_plan_is_no_caption(self, word: MakeWord) -> None:
        drawing = '<w:r><w:drawing><a:blip r:embed="rId9"/></w:drawing></w:r>'
        manuscript = took(word(p(drawing) + p(r("图书馆建于民国十二年。")), media={"rId9": PNG}))
        assert manuscript.blocks[1].kind is Kind.PARAGRAPH

    def test_the_words_of_a_caption_above_a_table(self, word: MakeWord) -> None:
        cell = f"<w:tbl><w:tr><w:tc>{p(r('1934'))}</w:tc><w:tc>{p(r('渡船'))}</w:tc></w:tr></w:tbl>"
        centred = '<w:jc w:val="center"/>'
        found = took(word(p(r("表一　历年税课"), centred) + cell + p(r("表二　见下。")) + p(r("表三　没有表"))))
        assert [(block.kind, block.align) for block in found.blocks] == [
            (Kind.CAPTION, ""), (Kind.CELL, ""), (Kind.CELL, ""), (Kind.PARAGRAPH, ""), (Kind.PARAGRAPH, ""),
        ]  # fmt: skip

    def test_pictures_that_cannot_be_had_are_named(self, word: MakeWord) -> None:
        body = p('<w:r><w:drawing><a:blip r:link="rId8"/><a:blip r:embed="rId9"/></w:drawing></w:r>' + r("文"))
        manuscript = took(word(body, links={"rId8": "file:///c:/a.png"}, media={"rId9": b"not a picture"}))
        assert codes(manuscript).keys() == {"linked-picture", "unknown-picture"}

    def test_running_heads_once_each(self, word: MakeWord) -> None:
        manuscript = took(word(p(r("文")), header=[p(r("页眉")), p(r("页眉")), p(r("另一页眉"))], footer=p(r("脚"))))
        assert kinds(manuscript)[1:] == [(Kind.HEADER, "页眉"), (Kind.HEADER, "另一页眉"), (Kind.FOOTER, "脚")]
        assert codes(manuscript) == {"repeated-margin": 2}

    def test_containers_are_looked_through(self, word: MakeWord) -> None:
        inline = f"<w:sdt><w:sdtContent>{r('控')}</w:sdtContent></w:sdt><w:smartTag>{r('标')}</w:smartTag>"
        body = p(inline + f"<w:hyperlink>{r('链')}</w:hyperlink><m:oMath><m:r><m:t>式</m:t></m:r></m:oMath>")
        block = f"<w:sdt><w:sdtContent>{p(r('块'))}</w:sdtContent></w:sdt><w:customXml>{p(r('自'))}</w:customXml>"
        assert [text for _, text in kinds(took(word(body + block)))] == ["控标链式", "块", "自"]

    def test_private_use_character_is_kept_and_reported(self, word: MakeWord) -> None:
        manuscript = took(word(p(r("\ue24c宁"))))
        assert manuscript.blocks[0].text == "\ue24c宁"
        assert "U+E24C" in manuscript.issues[0].message


class TestTables:
    def test_spans_and_header(self, word: MakeWord) -> None:
        def tc(text: str, properties: str = "") -> str:
            return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(r(text) if text else '')}</w:tc>"

        body = (
            "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>"
            + tc("职务", '<w:gridSpan w:val="2"/>') + tc("备注", '<w:vMerge w:val="restart"/>') + "</w:tr><w:tr>"
            + tc("主席") + tc("") + tc("", "<w:vMerge/>") + "</w:tr></w:tbl>"
        )  # fmt: skip
        cells = [(block.text, block.cell) for block in took(word(body)).blocks]
        assert cells == [
            ("职务", Cell(0, 0, 0, 1, 2, True)),
            ("备注", Cell(0, 0, 2, 2, 1, True)),
            ("主席", Cell(0, 1, 0)),
            ("", Cell(0, 1, 1)),
        ]

    def test_nested_table_is_flattened_into_the_outer_cell(self, word: MakeWord) -> None:
        inner = f"<w:tbl><w:tr><w:tc>{p(r('内'))}</w:tc></w:tr></w:tbl>"
        manuscript = took(word(f"<w:tbl><w:tr><w:tc>{p(r('外'))}{inner}</w:tc></w:tr></w:tbl>"))
        assert [(block.text, block.cell) for block in manuscript.blocks] == [
            ("外", Cell(0, 0, 0)),
            ("内", Cell(0, 0, 0)),
        ]
        assert "nested-table" in codes(manuscript)

    def test_a_picture_stands_in_its_cell_and_a_note_after_the_table(self, word: MakeWord) -> None:
        cell = p(r("甲") + '<w:r><w:drawing><a:blip r:embed="rId9"/></w:drawing><w:footnoteReference w:id="2"/></w:r>')
        body = f"<w:tbl><w:tr><w:tc>{cell}</w:tc><w:tc>{p(r('乙'))}</w:tc></w:tr></w:tbl>"
        note = f'<w:footnote w:id="2">{p(r("注"))}</w:footnote>'
        manuscript = took(word(body, media={"rId9": PNG}, footnotes=note))
        assert [block.kind for block in manuscript.blocks] == [Kind.CELL, Kind.FIGURE, Kind.CELL, Kind.NOTE]
        assert manuscript.blocks[1].cell == manuscript.blocks[0].cell


class TestNumbering:
    LISTS = (
        '<w:abstractNum w:abstractNumId="0">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1章"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/><w:isLgl/>'
        '<w:suff w:val="nothing"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/>'
        "</w:lvlOverride></w:num>"
    )

    @staticmethod
    def item(text: str, depth: int, number: int = 1) -> str:
        return p(r(text), f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')

    def test_labels_count_on_and_are_no_text_of_the_file(self, word: MakeWord) -> None:
        steps = [(0, 1), (1, 1), (1, 1), (0, 1), (1, 1), (0, 2), (0, 2)]
        body = "".join(self.item("文", depth, number) for depth, number in steps)
        manuscript = took(word(body, numbering=self.LISTS))
        assert [block.text for block in manuscript.blocks] == [
            "第一章 文", "1.1文", "1.2文", "第二章 文", "2.1文", "第九章 文", "第十章 文",
        ]  # fmt: skip
        assert manuscript.characters_in == 7
        assert manuscript.blocks[0].kind is Kind.LIST_ITEM
        assert manuscript.blocks[0].runs[0] == Run("第一章 ", Style.GENERATED)

    @pytest.mark.parametrize(
        ("number", "words"),
        [(0, "〇"), (7, "七"), (10, "十"), (19, "十九"), (20, "二十"), (101, "一百零一"), (110, "一百一十"),
         (1004, "一千零四"), (1040, "一千零四十"), (20_000, "二万"), (10_086, "一万零八十六")],
    )  # fmt: skip
    def test_chinese_numbers(self, number: int, words: str) -> None:
        assert chinese(number) == words


class TestParts:
    def test_strict_namespaces(self, word: MakeWord, tmp_path: Path) -> None:
        file = word(p(r("严格"), '<w:pStyle w:val="1"/>'))
        strict = tmp_path / "strict.docx"
        _rewritten(file, strict, "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                   "http://purl.oclc.org/ooxml/wordprocessingml/main")  # fmt: skip
        assert took(strict).blocks[0] == Block(Kind.HEADING, (Run("严格"),), 1)

    def test_broken_xml_is_read_and_marked(self, word: MakeWord, tmp_path: Path) -> None:
        broken = tmp_path / "broken.docx"
        _rewritten(word(p(r("前")) + p(r("后"))), broken, "</w:body></w:document>", "</w:body></w:docu")
        manuscript = took(broken)
        assert [block.text for block in manuscript.blocks] == ["前", "后"]
        assert "broken-xml" in codes(manuscript)

    @pytest.mark.parametrize(
        ("old", "new", "lines"),
        [
            ("<w:pPr></w:pPr>", "<w:pPr>", ["前文后文"]),  # never closed: the text ends up inside the properties
            ("<w:p><w:pPr></w:pPr><w:r>", "<w:r>", ["前文", "后文"]),
            ("<w:body>", "<w:bod>", ["前文", "后文"]),
        ],
    )
    def test_misnested_xml_loses_no_text(
        self, word: MakeWord, tmp_path: Path, old: str, new: str, lines: list[str]
    ) -> None:
        damaged = tmp_path / "damaged.docx"
        _rewritten(word(p(r("前文")) + p(r("后文"))), damaged, old, new)
        manuscript = took(damaged)
        assert "".join(block.text for block in manuscript.blocks) == "".join(lines)
        assert "broken-xml" in codes(manuscript)

    @pytest.mark.parametrize(
        ("font", "code", "character"),
        [("Wingdings", "F0FC", "✓"), ("Wingdings", "FC", "✓"), ("Symbol", "F061", "α"), ("Webdings", "F021", "\uf021"),
         ("Webdings", "21", "\uf021"), ("方正字库", "E863", "\ue863"),
         ("宋体", "25CB", "○"), ("Wingdings", "junk", "□"), ("", "", "□")],
    )  # fmt: skip
    def test_symbols(self, font: str, code: str, character: str) -> None:
        assert symbol(font, code) == character

    def test_unknown_symbol_is_reported(self, word: MakeWord) -> None:
        manuscript = took(word(p('<w:r><w:sym w:font="Webdings" w:char="F021"/></w:r>')))
        assert manuscript.blocks[0].text == "\uf021"
        assert codes(manuscript) == {"symbol": 0, "private-use": 0}


def _rewritten(file: Path, target: Path, old: str, new: str) -> None:
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(old.encode(), new.encode()))
