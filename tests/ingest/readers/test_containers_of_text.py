"""Saved pages, mail, OFD, pieces of web pages; and what is no manuscript is refused by name."""

from __future__ import annotations

import base64
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from archive.model.errors import ReadError
from archive.model.records import Collection, Kind
from ingest.pipeline.importer import ingest
from ingest.pipeline.sources import Source
from ingest.pipeline.staging import prepared
from ingest.readers.registry import read, recognise
from ingest.splitting.split import Mode

PROSE = "这一年的大旱持续了三个月，河里的水都干了。"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"a small picture"


def taken(library: Any, file: Path) -> list[tuple[Kind, str]]:
    """What an import stores; both counts come out."""
    (report,) = ingest(library, [file]).files
    assert report.error is None, report.error
    return [(block.kind, block.text) for article in library.articles for block in article.blocks]


@pytest.mark.parametrize("sender", ["", "<Saved by Blink>", "由 Internet Explorer 保存"])
def test_a_saved_page_with_its_picture(tmp_path: Path, fake_library: Any, sender: str) -> None:
    file = tmp_path / "网页.mht"
    page = f'<html><body><h1>水利旧事</h1><p>{PROSE}</p><img src="a.png">'.encode("gbk")
    parts = [
        (f"From: {sender}\r\n" if sender else "").encode()
        + b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n',
        b'--x\r\nContent-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: base64\r\n'
        b"Content-Location: file:///C:/a.htm\r\n\r\n" + base64.encodebytes(page),
        b"--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Location: file:///C:/a.png\r\n\r\n" + base64.encodebytes(PNG),
        b"--x--\r\n",
    ]
    file.write_bytes(b"\r\n".join(parts))
    assert taken(fake_library, file) == [
        (Kind.TITLE, "水利旧事"),
        (Kind.PARAGRAPH, PROSE),
        (Kind.FIGURE, ""),
    ]
    assert [picture.data for picture in fake_library.pictures] == [PNG]


@pytest.mark.parametrize("subject", ["=?gb2312?B?wLS45Q==?=", "来稿"])
def test_a_mail(tmp_path: Path, fake_library: Any, subject: str) -> None:
    file = tmp_path / "信.eml"
    head = f"From: =?utf-8?B?{base64.b64encode('张三'.encode()).decode()}?= <a@example.org>\nSubject: {subject}\n"
    body = "Content-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: 8bit\n\n来稿一篇：民国二十三年大旱。\n"
    file.write_bytes((head + body).encode("gbk"))
    assert taken(fake_library, file) == [
        (Kind.TITLE, "来稿"),
        (Kind.PARAGRAPH, "发件人：张三 <a@example.org>"),
        (Kind.PARAGRAPH, "来稿一篇：民国二十三年大旱。"),
    ]


def test_attachments_are_told(tmp_path: Path) -> None:
    file = tmp_path / "信.eml"
    file.write_text(
        "From: a@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
        "--x\nContent-Type: text/plain; charset=utf-8\n\n正文\n"
        '--x\nContent-Type: application/msword\nContent-Disposition: attachment; filename="a.doc"\n\nzz\n'
        "--x--\n",
        encoding="utf-8",
    )
    manuscript = read(file, file.name)
    assert "正文" in [block.text for block in manuscript.blocks]
    assert [issue.message for issue in manuscript.issues] == ["附件“a.doc”另作一份稿件读入，名为“信.eml/a.doc”"]


def test_pictures_of_a_mail(tmp_path: Path, fake_library: Any) -> None:
    """Those its page shows stand where it shows them, the others below under their names."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@example.org", "照片"
    mail.set_content("水渠通水。")
    mail.add_alternative('<p>水渠通水。</p><img src="cid:a"><p>图1　通水</p>', subtype="html")
    page = mail.get_body(("html",))
    assert page is not None
    page.add_related(PNG, "image", "png", cid="<a>")
    mail.add_attachment(PNG + b"2", maintype="application", subtype="octet-stream", filename="渠首.png")
    file = tmp_path / "信.eml"
    file.write_bytes(bytes(mail))
    assert taken(fake_library, file)[2:] == [
        (Kind.PARAGRAPH, "水渠通水。"),
        (Kind.FIGURE, ""),
        (Kind.PARAGRAPH, "图1　通水"),
        (Kind.FIGURE, "渠首.png"),
    ]
    assert [picture.data for picture in fake_library.pictures] == [PNG, PNG + b"2"]


def test_all_plain_texts_of_a_mail_and_lines_that_flow(tmp_path: Path) -> None:
    file = tmp_path / "信.eml"
    file.write_text(
        "From: a@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
        "--x\nContent-Type: text/plain; charset=utf-8; format=flowed\n\n民国二十三年 \n大旱。\nthe old \ncanal\n"
        "--x\nContent-Type: text/plain; charset=utf-8\n\n附言。\n--x--\n",
        encoding="utf-8",
    )
    manuscript = read(file, file.name)
    assert [block.text for block in manuscript.blocks[2:]] == ["民国二十三年大旱。", "the old canal", "附言。"]
    assert not manuscript.issues


def test_a_mail_that_was_passed_on_is_a_file_of_its_own(tmp_path: Path) -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "c@example.org", "转来的信"
    inner.set_content("转来的正文。")
    inner.add_attachment(
        "说明文字。".encode("gbk"), maintype="application", subtype="octet-stream", filename="说明.txt"
    )
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "a@example.org", "请看"
    outer.set_content("见附件。")
    outer.add_attachment(inner)
    file = tmp_path / "信.eml"
    file.write_bytes(bytes(outer))
    assert "转来的正文。" not in [block.text for block in read(file, file.name).blocks]
    with prepared([Source(file, file.name, Collection("c", "c"), Mode.AUTO)]) as ready:
        names = [one.source.name for one in ready]
        assert names == ["信.eml", "信.eml/转来的信.eml", "信.eml/转来的信.eml/说明.txt"]
        assert "转来的正文。" in [block.text for block in read(ready[1].reading, names[1]).blocks]


def ofd(file: Path, pages: list[str], template: str = "") -> Path:
    """An OFD with these contents of pages; all stand on the template, where there is one."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    behind = '<ofd:TemplatePage ID="9" BaseLoc="Tpls/T.xml"/>' if template else ""
    use = '<ofd:Template TemplateID="9"/>' if template else ""
    listed = "".join(f'<ofd:Page ID="{number}" BaseLoc="Pages/P{number}.xml"/>' for number in range(len(pages)))
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(
            "OFD.xml",
            f"<ofd:OFD {space}><ofd:DocBody><ofd:DocInfo><ofd:Title>通知</ofd:Title></ofd:DocInfo>"
            "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        )
        made.writestr(
            "Doc_0/Document.xml",
            f"<ofd:Document {space}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
            f"</ofd:PageArea>{behind}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        )
        if template:
            made.writestr("Doc_0/Tpls/T.xml", f"<ofd:Page {space}><ofd:Content>{template}</ofd:Content></ofd:Page>")
        for number, page in enumerate(pages):
            content = f"<ofd:Page {space}>{use}<ofd:Content><ofd:Layer>{page}</ofd:Layer></ofd:Content></ofd:Page>"
            made.writestr(f"Doc_0/Pages/P{number}.xml", content)
    return file


def line(text: str, x: float, y: float, size: float = 5.0, width: float | None = None) -> str:
    steps = f' DeltaX="g {len(text) - 1} {width or size}"' if len(text) > 1 else ""
    return (
        f'<ofd:TextObject Boundary="{x} {y} 170 {size}" Size="{size}">'
        f'<ofd:TextCode X="0" Y="{size * 0.85}"{steps}>{text}</ofd:TextCode></ofd:TextObject>'
    )


class TestOfd:
    def test_lines_become_paragraphs(self, tmp_path: Path, fake_library: Any) -> None:
        first = "民国二十三年大旱县长率民夫开渠自城西至渡口凡十五里灌田三千亩乡"
        rest = "人立碑于渠首以记其事。"
        content = line("关于征集水利史料的通知", 60, 30, 8) + line(first, 30, 60) + line(rest, 20, 68)
        content += line("二〇二四年", 120, 90) + line("三月一日", 145, 90)
        found = taken(fake_library, ofd(tmp_path / "文.ofd", [content]))
        assert found[0] == (Kind.TITLE, "关于征集水利史料的通知")
        assert (Kind.PARAGRAPH, first + rest) in found
        assert (Kind.PARAGRAPH, "二〇二四年三月一日") in found

    def test_what_stands_behind_every_page(self, tmp_path: Path, fake_library: Any) -> None:
        pages = [line(f"{number}页上的一段话说的是不同的事情。", 30, 60) for number in "甲乙丙"]
        found = taken(fake_library, ofd(tmp_path / "文.ofd", pages, template=line("朔津县政协文件", 80, 8)))
        assert [text for _, text in found].count("朔津县政协文件") == 1

    def test_a_broken_page_spares_the_others(self, tmp_path: Path, fake_library: Any) -> None:
        file = ofd(tmp_path / "文.ofd", [line("好的一页", 30, 60), "<x"])
        assert (Kind.TITLE, "好的一页") in taken(fake_library, file)

    @pytest.mark.parametrize("part", ["Doc_0/Document.xml", "OFD.xml"])
    def test_damage_is_told(self, tmp_path: Path, part: str) -> None:
        whole = ofd(tmp_path / "文.ofd", [line("一页", 30, 60)])
        file = tmp_path / "坏.ofd"
        with zipfile.ZipFile(whole) as before, zipfile.ZipFile(file, "w") as after:
            for name in before.namelist():
                after.writestr(name, b"junk" if name == part else before.read(name))
        with pytest.raises(ReadError, match="OFD") as caught:
            read(file, file.name)
        assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("片.html", '<div class="a"><h1>旧事</h1><p>大旱。</p></div>'),
        ("片.htm", "旧事<br>大旱。"),
        ("片.txt", "<p>旧事</p><p>大旱。</p>"),
        ("片.doc", "<!-- x --><table><tr><td>旧事</td><td>大旱。</td></tr></table>"),
    ],
)
def test_pieces_of_pages(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    assert recognise(file, name).name == "html"
    assert "<" not in "".join(block.text for block in read(file, name).blocks)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("数据.xml", '<?xml version="1.0"?><a><b>旧事</b></a>', "XML 数据"),
        ("数据.txt", '<?xml version="1.0"?><a><b>旧事</b></a>', "XML 数据"),
        ("数据.json", '{"甲": "旧事"}', "扩展名是 .json"),
        ("稿.ofd", "旧事大旱旧事大旱", "扩展名是 .ofd"),
        ("印.ps", "%!PS-Adobe-3.0\n旧事", "PostScript"),
    ],
)
def test_what_is_no_manuscript_is_refused(tmp_path: Path, name: str, text: str, words: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=words) as caught:
        read(file, name)
    assert caught.value.hint


@pytest.mark.parametrize(
    "text", ["主题：来稿\n正文", "From: 县志\n他从城西来。", "<水车>是一种农具", "Note: this\nis: prose\n\n正文"]
)
def test_prose_stays_prose(tmp_path: Path, text: str) -> None:
    file = tmp_path / "文.txt"
    file.write_text(text, encoding="utf-8")
    assert recognise(file, file.name).name == "text"


def test_an_ofd_of_pages_with_a_template_a_picture_and_page_numbers(tmp_path: Path, fake_library: Any) -> None:
    """What is drawn behind every page is a running head; a number drawn first stands last; pictures stay in place."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'

    def words(text: str, x: float, y: float) -> str:
        code = f'<ofd:TextCode X="0" Y="4" DeltaX="g {len(text) - 1} 5">{text}</ofd:TextCode>'
        return f'<ofd:TextObject Boundary="{x} {y} {5 * len(text)} 6" Size="5">{code}</ofd:TextObject>'

    def page(inner: str, template: str = "") -> str:
        return f"<ofd:Page {space}>{template}<ofd:Content><ofd:Layer>{inner}</ofd:Layer></ofd:Content></ofd:Page>"

    text = "民国二十三年大旱，县长率民夫开渠，自城西至渡口凡十五里"
    file = tmp_path / "渠.ofd"
    with zipfile.ZipFile(file, "w") as made:
        root = f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>D.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
        made.writestr("OFD.xml", root)
        listed = "".join(f'<ofd:Page ID="{at}" BaseLoc="P{at}.xml"/>' for at in range(3))
        common = '<ofd:CommonData><ofd:DocumentRes>R.xml</ofd:DocumentRes><ofd:TemplatePage ID="50" BaseLoc="T.xml"/>'
        made.writestr(
            "D.xml", f"<ofd:Document {space}>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
        )
        media = '<ofd:MultiMedia ID="60" Type="Image"><ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia>'
        made.writestr("R.xml", f"<ofd:Res {space}><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>")
        made.writestr("a.png", PNG)
        made.writestr("T.xml", page(words("水利局内部资料", 30, 15)))
        picture = '<ofd:ImageObject Boundary="60 90 60 60" CTM="60 0 0 60 0 0" ResourceID="60"/>'
        for at in range(3):
            lines = [
                words(text, 30, 50),
                words("——水利局记", 30, 60),
                words("图1　渠首", 30, 160),
                words(f"{12 + at}号井建成。", 30, 200),
            ]
            inner = "".join((words(f"第{at + 1}页", 90, 280), *lines, picture if at == 1 else ""))
            made.writestr(f"P{at}.xml", page(inner, '<ofd:Template TemplateID="50"/>'))
    kinds = taken(fake_library, file)
    assert [what for kind, what in kinds if kind is Kind.HEADER] == ["水利局内部资料"]
    at = kinds.index((Kind.FIGURE, ""))
    assert kinds[at + 1] == (Kind.CAPTION, "图1　渠首")
    assert "13号井建成。" in [what for _, what in kinds]
    assert not any("第2页" in what for _, what in kinds)
