"""What a reader of the page sees although it stands in no text node: fields, forms, equations, symbols, labels."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from archive.model.records import Collection, Kind, Manuscript, Run, Style
from ingest.pipeline import completeness
from ingest.pipeline.report import FileReport
from ingest.readers.ooxml.eq_field import eq_runs
from ingest.readers.ooxml.word_file import read
from ingest.splitting.split import split
from ingest.text.characters import stored_characters

MakeWord = Callable[..., Path]


def took(file: Path) -> Manuscript:
    """What was read; both counts come out."""
    manuscript = read(file, file.name)
    accounted = sum(issue.characters for issue in manuscript.issues)
    assert manuscript.characters_in == stored_characters(manuscript.blocks) + accounted
    articles = split(manuscript, Collection("c", "c")).articles
    report = FileReport(file.name, issues=manuscript.issues)
    assert completeness.check("docx", file, articles, report) is None
    return manuscript


def p(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def field(instruction: str, form: str = "", result: str | None = None) -> str:
    shown = "" if result is None else f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r(result)}'
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{form}</w:fldChar></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{instruction}</w:instrText></w:r>{shown}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


@pytest.mark.parametrize(
    ("instruction", "runs"),
    [
        (r" EQ \f(3,5) ", [Run("3/5")]),
        (r"eq \f(a+b,2)", [Run("(a+b)/2")]),
        (r"EQ \o\ac(○,三)", [Run("三")]),
        (r'EQ \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(zhong),中)', [Run("中", ruby="zhong")]),
        (r"EQ \o(\s\up 5(县志),\s\do 2(文稿))", [Run("县志文稿")]),
        (r"EQ \r(3,x+1)", [Run("3√(x+1)")]),
        (r"EQ \b\bc\[(\a(甲,乙))", [Run("[甲 乙]")]),
        (r"EQ \s\up 5(2)", [Run("2", Style.SUPERSCRIPT)]),
        (r"EQ \i\su(i=1,5,a)", [Run("∑_(i=1)^5a")]),
        (r"EQ \l(1\,2,3)", [Run("1,2,3")]),
        ("EQ \\o(", []),
    ],
)
def test_eq_fields(instruction: str, runs: list[Run]) -> None:
    assert eq_runs(instruction) == runs


def test_fields_without_a_result(word: MakeWord) -> None:
    boxes = '<w:ffData><w:checkBox><w:default w:val="{}"/>{}</w:checkBox></w:ffData>'
    choice = (
        '<w:ffData><w:ddList><w:result w:val="1"/>'
        '<w:listEntry w:val="汉族"/><w:listEntry w:val="回族"/></w:ddList></w:ffData>'
    )
    body = p(
        r("党员")
        + field(" FORMCHECKBOX ", boxes.format(0, "<w:checked/>"), "")
        + r("群众")
        + field(" FORMCHECKBOX ", boxes.format(0, ""), "")
        + r("民族")
        + field(" FORMDROPDOWN ", choice)
        + r("籍贯")
        + field(" FORMTEXT ", "<w:ffData><w:textInput/></w:ffData>", "城关镇")
        + field(r" SYMBOL 252 \f Wingdings ")
        + field(r" EQ \f(1,2) ")
        + field(" PAGE ")
        + field(" MACROBUTTON NoMacro [单击此处填写] ")
        + rf'<w:fldSimple w:instr=" EQ \o\ac(○,三) ">{r("")}</w:fldSimple>'
        + rf'<w:fldSimple w:instr=" EQ \o\ac(○,四) ">{r("④")}</w:fldSimple>'
    )
    assert took(word(body)).blocks[0].text == "党员☒群众☐民族回族籍贯城关镇✓1/2[单击此处填写]三④"


def m(name: str, *parts: str) -> str:
    return f"<m:{name}>{''.join(parts)}</m:{name}>"


def t(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("equation", "line"),
    [
        (m("f", m("num", t("1")), m("den", t("2"))), "1/2"),
        (m("f", m("num", t("a+b")), m("den", m("f", m("num", t("1")), m("den", t("2"))))), "(a+b)/(1/2)"),
        (m("sSup", m("e", t("10")), m("sup", t("4"))), "10^4"),
        (m("sSub", m("e", t("H")), m("sub", t("2"))), "H_2"),
        (m("sSubSup", m("e", t("x")), m("sub", t("1")), m("sup", t("2"))), "x_1^2"),
        (m("rad", m("deg"), m("e", t("2"))), "√2"),
        (m("rad", m("deg", t("3")), m("e", t("x+1"))), "3√(x+1)"),
        (
            m("nary", '<m:naryPr><m:chr m:val="∑"/></m:naryPr>', m("sub", t("i=1")), m("sup", t("n")), m("e", t("a"))),
            "∑_(i=1)^na",
        ),
        (m("d", '<m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr>', m("e", t("甲"))), "[甲]"),
        (m("func", m("fName", t("sin")), m("e", t("x"))), "sin x"),
        (m("m", m("mr", m("e", t("1")), m("e", t("2"))), m("mr", m("e", t("3")), m("e", t("4")))), "[1, 2; 3, 4]"),
    ],
)
def test_equations_in_a_line(word: MakeWord, equation: str, line: str) -> None:
    assert took(word(p(r("占") + m("oMath", equation) + r("亩")))).blocks[0].text == f"占{line}亩"


def test_struck_text_stays_apart_from_its_correction(word: MakeWord) -> None:
    runs = took(word(p(r("于") + r("五六年", "<w:strike/>") + r("五八年") + r("春", "<w:dstrike/>")))).blocks[0].runs
    assert runs == (Run("于"), Run("五六年", Style.STRIKE), Run("五八年"), Run("春", Style.STRIKE))


def test_a_rare_character_by_its_code(word: MakeWord) -> None:
    name = "http://schemas.microsoft.com/office/word/2015/wordml/symex"
    rare = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="w16se">'
        f'<x:symEx xmlns:x="{name}" x:font="宋体" x:char="2A6A5"/></mc:Choice>'
        "<mc:Fallback><w:t>龘</w:t></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert took(word(p(r("字") + rare))).blocks[0].text == "字𪚥"


class TestLabels:
    def labels(self, word: MakeWord, form: str, pattern: str, start: int = 1, override: str = "") -> list[str]:
        level = f'<w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/>'
        numbering = (
            f'<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">{level}</w:lvl></w:abstractNum>'
            f'<w:num w:numId="1"><w:abstractNumId w:val="0"/>{override}</w:num>'
        )
        item = p(r("项"), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
        return [block.text.removesuffix(" 项") for block in took(word(item * 2, numbering=numbering)).blocks]

    @pytest.mark.parametrize(
        ("form", "pattern", "expected"),
        [
            ("ideographEnclosedCircle", "%1", ["㊀", "㊁"]),
            ("decimalEnclosedParen", "%1", ["⑴", "⑵"]),
            ("decimalEnclosedFullstop", "%1", ["⒈", "⒉"]),
            ("numberInDash", "%1", ["- 1 -", "- 2 -"]),
            ("ideographLegalTraditional", "%1、", ["壹、", "貳、"]),
            ("ideographTraditional", "%1、", ["甲、", "乙、"]),
            ("ordinal", "%1", ["1st", "2nd"]),
            ("cardinalText", "%1", ["One", "Two"]),
            ("ordinalText", "%1", ["First", "Second"]),
            ("chicago", "%1", ["*", "†"]),
        ],
    )
    def test_as_word_prints_them(self, word: MakeWord, form: str, pattern: str, expected: list[str]) -> None:
        assert self.labels(word, form, pattern) == expected

    def test_signs_run_out(self, word: MakeWord) -> None:
        assert self.labels(word, "decimalEnclosedParen", "%1", start=20) == ["⒇", "(21)"]

    def test_a_list_with_a_level_of_its_own(self, word: MakeWord) -> None:
        own = (
            '<w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0"><w:start w:val="3"/>'
            '<w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1节"/></w:lvl></w:lvlOverride>'
        )
        assert self.labels(word, "decimal", "%1.", override=own) == ["第三节", "第四节"]

    @pytest.mark.parametrize(("name", "level"), [("List Bullet", 1), ("List Bullet 3", 3), ("列表编号 2", 2)])
    def test_a_built_in_style_of_lists_says_how_deep_it_stands(self, word: MakeWord, name: str, level: int) -> None:
        numbering = (
            '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/>'
            '</w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        )
        number = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
        style = f'<w:style w:type="paragraph" w:styleId="x"><w:name w:val="{name}"/>{number}</w:style>'
        [item] = took(word(p(r("条目"), '<w:pStyle w:val="x"/>'), styles=style, numbering=numbering)).blocks
        assert (item.kind, item.level, item.text) == (Kind.LIST_ITEM, level, "· 条目")

    def test_bullets_of_symbol_fonts(self, word: MakeWord) -> None:
        numbering = (
            '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0d8"/>'
            '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr></w:lvl></w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        )
        item = p(r("项"), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
        assert took(word(item, numbering=numbering)).blocks[0].text == "➢ 项"


def test_comments_that_share_an_id(word: MakeWord) -> None:
    comments = "".join(f'<w:comment w:id="0" w:author="甲">{p(r(text))}</w:comment>' for text in ("第一条", "第二条"))
    body = p(r("正文") + '<w:r><w:commentReference w:id="0"/></w:r>')
    texts = [block.text for block in took(word(body, comments=comments)).blocks if block.kind is Kind.COMMENT]
    assert texts == ["甲：第一条", "甲：第二条"]


class TestInside:
    """Charts, sheets and documents inside a Word file."""

    CHART = (
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:title><c:tx><c:rich><a:p><a:r>'
        "<a:t>历年产量</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart>{}</c:barChart></c:plotArea>"
        "</c:chart></c:chartSpace>"
    )
    SERIES = (
        "<c:ser><c:tx><c:strRef><c:strCache><c:pt idx='0'><c:v>{}</c:v></c:pt></c:strCache></c:strRef></c:tx>"
        "<c:cat><c:strRef><c:strCache><c:pt idx='0'><c:v>五二年</c:v></c:pt><c:pt idx='1'><c:v>五三年</c:v></c:pt>"
        "</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:pt idx='0'><c:v>{}</c:v></c:pt></c:numCache>"
        "</c:numRef></c:val></c:ser>"
    )

    def test_a_chart_is_a_table(self, word: MakeWord) -> None:
        drawing = (
            '<w:r><w:drawing><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="c1"/>'
            "</w:drawing></w:r>"
        )
        chart = self.CHART.format(self.SERIES.format("小麦", 7) + self.SERIES.format("水稻", 9)).encode()
        manuscript = took(
            word(
                p(r("正文") + drawing),
                related=[("c1", "chart", "charts/chart1.xml", False)],
                extra={"word/charts/chart1.xml": chart},
            )
        )
        assert [(block.kind, block.text) for block in manuscript.blocks[1:2]] == [(Kind.CAPTION, "历年产量")]
        assert [block.text for block in manuscript.blocks if block.cell] == [
            *("", "小麦", "水稻"),
            *("五二年", "7", "9"),
            *("五三年", "", ""),
        ]
        assert [(issue.code, issue.characters) for issue in manuscript.issues] == [("chart", 6)]

    def test_a_sheet_and_an_inserted_page(self, word: MakeWord) -> None:
        book = openpyxl.Workbook()
        book.active.append(["年份", "产量"])
        book.active.append(["五二年", 3201])
        sheet = io.BytesIO()
        book.save(sheet)
        body = p(r("正文") + '<w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12" r:id="x1"/></w:object></w:r>')
        manuscript = took(
            word(
                body + '<w:altChunk r:id="a1"/>' + p(r("后文")),
                related=[("x1", "package", "embeddings/a.xlsx", False), ("a1", "aFChunk", "chunk.html", False)],
                extra={
                    "word/embeddings/a.xlsx": sheet.getvalue(),
                    "word/chunk.html": "<html><body><p>外来一段</p></body></html>".encode(),
                },
            )
        )
        assert [block.text for block in manuscript.blocks] == [
            *("正文", "年份", "产量", "五二年", "3201"),
            *("外来一段", "后文"),
        ]

    NEW_CHART = (
        '<cx:chartSpace xmlns:cx="http://schemas.microsoft.com/office/drawing/2014/chartex" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><cx:chartData><cx:data id="0">'
        '<cx:strDim type="cat"><cx:lvl><cx:pt idx="0">城关</cx:pt><cx:pt idx="1">河湾</cx:pt></cx:lvl></cx:strDim>'
        '<cx:numDim type="val"><cx:lvl><cx:pt idx="0">12</cx:pt><cx:pt idx="1">7</cx:pt></cx:lvl></cx:numDim>'
        "</cx:data></cx:chartData><cx:chart><cx:title><cx:tx><cx:rich><a:p><a:r><a:t>各乡户数</a:t></a:r></a:p></cx:rich>"
        '</cx:tx></cx:title><cx:plotArea><cx:plotAreaRegion><cx:series layoutId="funnel"><cx:tx><cx:txData>'
        '<cx:v>户数</cx:v></cx:txData></cx:tx><cx:dataId val="0"/></cx:series></cx:plotAreaRegion></cx:plotArea>'
        "</cx:chart></cx:chartSpace>"
    )

    def test_a_chart_of_the_newer_kinds(self, word: MakeWord) -> None:
        drawing = (
            '<w:r><mc:AlternateContent><mc:Choice Requires="cx1"><w:drawing>'
            '<cx:chart xmlns:cx="http://schemas.microsoft.com/office/drawing/2014/chartex" r:id="c1"/></w:drawing>'
            "</mc:Choice><mc:Fallback><w:t>此版本不能显示</w:t></mc:Fallback></mc:AlternateContent></w:r>"
        )
        manuscript = took(
            word(
                p(r("正文") + drawing),
                related=[("c1", "chartEx", "charts/chartEx1.xml", False)],
                extra={"word/charts/chartEx1.xml": self.NEW_CHART.encode()},
            )
        )
        assert [(block.kind, block.text) for block in manuscript.blocks[1:2]] == [(Kind.CAPTION, "各乡户数")]
        assert [block.text for block in manuscript.blocks if block.cell] == ["", "户数", "城关", "12", "河湾", "7"]

    def test_an_inserted_saved_page(self, word: MakeWord) -> None:
        head = "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        page = head + "<html><body><p>外来一段</p></body></html>"
        file = word(
            p(r("正文")) + '<w:altChunk r:id="a1"/>',
            related=[("a1", "aFChunk", "afchunk.mht", False)],
            extra={"word/afchunk.mht": page.encode()},
        )
        manuscript = took(file)
        assert [block.text for block in manuscript.blocks] == ["正文", "外来一段"]
        report = FileReport(file.name, issues=manuscript.issues)
        assert completeness.check("docx", file, split(manuscript, Collection("c", "c")).articles, report) is None

    def test_what_nothing_leads_to_is_told_with_its_count(self, word: MakeWord) -> None:
        file = word(p(r("正文")), extra={"word/charts/chart1.xml": self.CHART.format("").encode()})
        manuscript = read(file, file.name)
        report = FileReport(file.name, issues=manuscript.issues)
        articles = split(manuscript, Collection("c", "c")).articles
        assert completeness.check("docx", file, articles, report) is None
        assert [(one.code, "4 个" in one.message) for one in report.issues if one.code == "other-part"] == [
            ("other-part", True)
        ]

    def test_an_unreadable_one_is_an_issue(self, word: MakeWord) -> None:
        body = p(r("正文") + '<w:r><w:object><o:OLEObject ProgID="Equation.3" r:id="x1"/></w:object></w:r>')
        related = [("x1", "oleObject", "embeddings/a.bin", False)]
        manuscript = took(word(body, related=related, extra={"word/embeddings/a.bin": b"\xd0\xcf\x11\xe0 junk"}))
        assert "embedded" in {issue.code for issue in manuscript.issues}


def test_a_part_nobody_needs_may_be_broken(word: MakeWord) -> None:
    file = word(p(r("正文")), extra={"word/theme/theme1.xml": b"<a/>" * 50}, header="<w:p/>")
    data = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as opened:
        for name in ("word/theme/theme1.xml", "word/styles0.xml", "word/header0.xml"):
            info = opened.getinfo(name)
            start = info.header_offset + 30 + len(name)
            data[start : start + info.compress_size] = bytes(info.compress_size)
    file.write_bytes(data)
    manuscript = took(file)
    assert [block.text for block in manuscript.blocks] == ["正文"]
    report = FileReport(file.name, issues=manuscript.issues)
    completeness.check("docx", file, split(manuscript, Collection("c", "c")).articles, report)
    assert {issue.place for issue in report.issues if issue.code == "broken-part"} == {
        *("word/theme/theme1.xml", "word/styles0.xml", "word/header0.xml")
    }


def test_signs_of_a_symbol_font_in_running_text(word: MakeWord) -> None:
    def set_in(font: str, text: str) -> str:
        return r(text, f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>')

    body = p(set_in("Wingdings", "\uf0fe") + r("是") + set_in("Symbol", "5\uf0b0") + set_in("宋体", "\uf0fe"))
    assert took(word(body)).blocks[0].text == "☑是5°\uf0fe"
