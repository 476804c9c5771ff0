"""EEP: a package for each text by DA/T 48—2009, with the metadata of DA/T 46—2009 and the files themselves inside.

The schema stands in the text of the standard (namespace below). A package carries the text as TEI and as plain text,
and the file it came in. Signatures are left out, as the schema allows: they are the archive's to give.
"""

from __future__ import annotations

import base64
import datetime
import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archive.export.book import Book, Chapter, Section
from archive.export.descriptions.eep_values import GROUPS, MAKER, Values, joined, lacking, values_of
from archive.export.plain_text import PlainTextExporter
from archive.export.tei.tei_elements import element, line
from archive.export.tei.tei_exporter import TeiExporter
from archive.model.errors import WenshiError
from archive.model.issues import IssueCode
from archive.model.records import Issue
from archive.support.files import replacing

NAMESPACE = "http://www.saac.gov.cn/standards/ERM/encapsulation"
INCOMPLETE = "缺项"
"""The folder of the packages that lack what the schema demands."""
LARGEST_SHARED = 20 << 20
"""Bytes: a larger file that several texts came in is not put into the package of each of them."""

_FORMAT = "本EEP根据中华人民共和国档案行业标准DA/T 48-2009《基于XML的电子文件封装规范》生成"
_ORIGINAL_KIND = "本封装包包含电子文件数据及其元数据，原始封装，未经修改"
_CODING = (
    "本封装包中“编码数据”元素存储的是计算机文件二进制流的Base64编码，有关Base64编码规则参见IETF RFC 2045多用途邮件扩展"
    "（MIME）第一部分：互联网信息体格式。当提取和显现封装在编码数据元素中的计算机文件时，应对Base64编码进行反编码，"
    "并依据封装包中“反编码关键字”元素中记录的值还原计算机文件的扩展名"
)
_EARLIEST = 1980  # a zip knows no year before
_AT_ONCE = 57 << 12  # bytes; a multiple of three, so that the parts make one whole in Base64

Piece = str | Path
"""Of a package: XML as it is, or a file to be put there in Base64."""


@dataclass(frozen=True, slots=True)
class _Enclosed:
    """A file in a package; `form` says in words what it is."""

    name: str
    form: str
    file: Path


class EepExporter:
    """Writes a package for each of a book's texts, all in one zip."""

    suffix = ".eep.zip"
    media_type = "application/zip"
    label = "文书档案封装包（EEP）"

    def write(self, book: Book, file: Path) -> tuple[Issue, ...]:
        """Write `book` to `file` and return what could not be kept or is lacking; raises StorageError, ExportError."""
        issues: list[Issue] = []
        shared = Counter(chapter.article.original for chapter in book.chapters)
        with (
            replacing(file) as temporary,
            tempfile.TemporaryDirectory(prefix="wenshi-eep-", ignore_cleanup_errors=True) as folder,
            zipfile.ZipFile(temporary, "w") as target,
        ):
            for number, chapter in enumerate(book.chapters, 1):
                values, notes = values_of(chapter)
                place = f"{chapter.article.id}《{chapter.title}》"
                missing = lacking(values)
                if missing:
                    issues.append(Issue(IssueCode.EXPORT_LACKING, place, _MISSING.format("、".join(missing))))
                texts, told = _texts(book, chapter, Path(folder))
                original, words = _original(book, chapter, shared[chapter.article.original])
                issues += (*told, *(Issue(IssueCode.EXPORT_ORIGINAL, place, one) for one in words))
                name = f"{INCOMPLETE}/" * bool(missing) + f"{number:04d}-{_plain(chapter)}.xml"
                pieces = _package(chapter, (values, notes), (texts, original), book.made)
                _pack(target, _entry(name, book.made), pieces)
        return tuple(issues)


_MISSING = "封装包缺{}，放在“" + INCOMPLETE + "”里；在著录里补上再导出，或由接收的系统补"


def _texts(book: Book, chapter: Chapter, folder: Path) -> tuple[list[_Enclosed], tuple[Issue, ...]]:
    """The text in both its forms, and what TEI could not keep; plain text has no more, and its losses are no losses."""
    alone = replace(
        book, title=chapter.title, subtitle="", series="", cover="", imprint=(), front=(), back=(), indexes=(),
        contents=False, picture_list=False, sections=(Section(chapter.article.section, (chapter,)),),
    )  # fmt: skip
    whole, plain = folder / "text.tei.xml", folder / "text.txt"
    issues = TeiExporter().write(alone, whole)
    PlainTextExporter().write(alone, plain)
    stem = _plain(chapter)
    return [
        _Enclosed(f"{stem}.xml", "TEI P5（XML）", whole),
        _Enclosed(f"{stem}.txt", "纯文本（UTF-8）", plain),
    ], issues


def _original(book: Book, chapter: Chapter, texts: int) -> tuple[list[_Enclosed], tuple[str, ...]]:
    """The file the text came in, unless it cannot be had or is too large for what it is; and why not."""
    if not chapter.article.original:
        return [], ()
    try:
        file, name = book.originals(chapter.article.original)
        size = file.stat().st_size
    except (WenshiError, OSError):
        return [], ("原件没有装进封装包：资料库里没有这份原件，或没有权限看它",)
    if texts > 1 and size > LARGEST_SHARED:
        return [], (f"原件“{name}”没有装进封装包：有 {size >> 20} MB，这次导出的 {texts} 篇都出自它；请另外移交原件",)
    return [_Enclosed(name, "原件", file)], ()


def _package(
    chapter: Chapter,
    told: tuple[Values, tuple[str, ...]],
    enclosed: tuple[list[_Enclosed], list[_Enclosed]],
    made: datetime.datetime,
) -> Iterator[Piece]:
    values, notes = told
    moment = made.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    id = chapter.article.id or f"{chapter.article.number}"
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<电子文件封装包 xmlns="{NAMESPACE}">\n'
    yield element("封装包格式描述", _FORMAT) + element("版本", "2009") + '\n<被签名对象 eep版本="2009">\n'
    yield element("封装包类型", "原始型") + element("封装包类型描述", _ORIGINAL_KIND)
    yield element("封装包创建时间", moment) + _elements((MAKER,), values)
    yield "\n<封装内容>\n<文件实体块>\n<文件实体>\n" + element("聚合层次", "文件")
    for group, names in GROUPS.items():
        if group == "档号":
            yield element("电子文件号", line(id)) + "\n"
        own = "；".join(value for name, value in chapter.article.fields if name == group == "档号" and value)
        yield element(group, line(own) + _elements(names, values)) + "\n"
    yield element("信息系统描述", "文史资料库 wenshi")
    yield "".join(element("附注", line(one)) for one in notes)
    yield "\n<文件数据>\n"
    for number, (kind, files) in enumerate((pair for pair in zip(_KINDS, enclosed, strict=True) if pair[1]), 1):
        yield from _document((kind, chapter.title), f"修改0-文档{number}", files)
    yield "</文件数据>\n</文件实体>\n</文件实体块>\n"
    yield from _made_by(values, id, moment)
    yield "</封装内容>\n</被签名对象>\n</电子文件封装包>\n"


_KINDS = ("主文档", "附属文档")


def _elements(names: Iterable[str], values: Values) -> str:
    return "".join(element(name, line(one)) for name in names for one in joined(name, values))


def _document(told: tuple[str, str], id: str, files: Iterable[_Enclosed]) -> Iterator[Piece]:
    """A document (文档) with its files; `told` is what it is to the others, and its title."""
    kind, title = told
    yield "<文档>" + element("文档标识符", id) + element("文档主从声明", kind) + element("题名", line(title))
    data = f"{id}-文档数据1"
    yield f'<文档数据 文档数据ID="{data}">\n'
    for number, one in enumerate(files, 1):
        coded = f"{data}-编码{number}"
        yield f'<编码 编码ID="{coded}">'
        size = element("计算机文件名", line(one.name)) + element("计算机文件大小", f"{one.file.stat().st_size}")
        yield element("电子属性", element("格式信息", one.form) + size)
        yield element("编码描述", _CODING)
        yield element("反编码关键字", line(f"base64-{Path(one.name).suffix.lstrip('.').lower()}"))
        yield f'<编码数据 编码数据ID="{coded}-编码数据1">'
        yield one.file
        yield "</编码数据></编码>\n"
    yield "</文档数据></文档>\n"


def _made_by(values: Values, id: str, moment: str) -> Iterator[str]:
    """The one act that is known for certain, the making of the package, and who did it."""
    act = (("业务标识符", "业务1"), ("机构人员标识符", "机构人员1"), ("文件标识符", id))
    done = (("业务状态", "历史行为"), ("业务行为", "封装"), ("行为时间", moment))
    told = "".join(element(name, line(value)) for name, value in (*act, *done))
    yield "<业务实体块>" + element("业务实体", told)
    yield "</业务实体块>\n<机构人员实体块><机构人员实体>"
    yield element("机构人员标识符", "机构人员1") + element("机构人员类型", "单位")
    yield "".join(element("机构人员名称", line(one)) for one in joined(MAKER, values))
    yield "</机构人员实体></机构人员实体块>\n"


def _plain(chapter: Chapter) -> str:
    """The id and the title as every file system takes them."""
    return re.sub(r"[^\w-]+", "_", f"{chapter.article.id or chapter.article.number}-{chapter.title[:30]}").strip("_")


def _entry(name: str, made: datetime.datetime) -> zipfile.ZipInfo:
    utc = made.astimezone(datetime.UTC)
    time = utc.timetuple()[:6] if utc.year >= _EARLIEST else (_EARLIEST, 1, 1, 0, 0, 0)
    entry = zipfile.ZipInfo(name, time)
    entry.create_system = 0  # otherwise Windows and Linux would differ
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _pack(target: zipfile.ZipFile, entry: zipfile.ZipInfo, pieces: Iterable[Piece]) -> None:
    """Write a package piece by piece: a scanned volume in Base64 is more than a small computer holds."""
    with target.open(entry, "w", force_zip64=True) as stream:
        for piece in pieces:
            if isinstance(piece, str):
                stream.write(piece.encode())
                continue
            with piece.open("rb") as source:
                while part := source.read(_AT_ONCE):
                    stream.write(base64.b64encode(part))
