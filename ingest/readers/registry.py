"""The table of input formats. What a file is, its content says; its suffix is only believed for Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from archive.model.errors import ReadError, StorageError
from archive.model.records import Collection, Manuscript
from archive.support.files import read_patiently
from archive.support.storage_errors import storage_error
from ingest.readers import containers, converted, epub, html, mime, ocr, ofd, pdf, plain_text, signature, spreadsheets
from ingest.readers.faults import faults
from ingest.readers.json_records import Records
from ingest.readers.moved import ead, site_export, tei
from ingest.readers.ooxml import word_file
from ingest.readers.signature import HEAD

_LONGEST_LINE = 16 * 2**20
_AS_DOCX = "用 Word 或 WPS 打开，“另存为”选 .docx 格式，再导入"
_READABLE = (
    "能导入的有 .docx、.doc、.wps、.rtf、.odt、.pdf、.ofd、.epub、.html、.mht、.eml、.txt、.md、.xlsx、.csv、扫描图片、"
    "这些文件的 zip 压缩包，以及 JSON Lines 记录、TEI 文本、EAD 目录、WordPress 等网站的导出文件"
)


class RecordReader(Protocol):
    """Reads texts moved from another system into drafts for a collection."""

    def __call__(self, file: Path, name: str, collection: Collection, *, own_collections: bool = True) -> Records: ...


def _moved(name: str, title: str, recognises: Callable[[bytes, Path], bool], reader: RecordReader) -> Format:
    return Format(name, title, recognises, _never, records=reader)


def _never(file: Path, name: str) -> Manuscript:
    raise ReadError("这种文件只能整个收入，不能只看", place=name, hint="请用“收稿”收入")


@dataclass(frozen=True, slots=True)
class Format:
    """One row: `recognises` looks at the first HEAD bytes and the file, `read` turns the file into a manuscript.

    `records` turns a file of texts that are told apart and described already into drafts.
    `office` is the suffix under which LibreOffice knows the format, for those that have to pass through it.
    """

    name: str
    title: str
    recognises: Callable[[bytes, Path], bool]
    read: Callable[[Path, str], Manuscript]
    office: str = ""
    records: RecordReader | None = None


def _through_office(name: str, title: str, recognises: Callable[[bytes, Path], bool], suffix: str) -> Format:
    return Format(name, title, recognises, partial(converted.read, suffix), suffix)


DOCX = Format("docx", "Word 文档", signature.is_zip, word_file.read)
# The first row that recognises a file reads it: the particular zip containers before Word, everything before text.
FORMATS: tuple[Format, ...] = (
    _through_office("odt", "OpenDocument 文档", signature.is_odt, "odt"),
    Format("epub", "EPUB 电子书", signature.is_epub, epub.read),
    Format("ofd", "OFD 版式文件", signature.is_ofd, ofd.read),
    Format("archive", "zip 压缩包", signature.is_archive, containers.refuse),
    Format("xlsx", "Excel 工作簿", signature.is_xlsx, spreadsheets.read_xlsx),
    DOCX,
    _through_office("doc", "Word 97—2003 或 WPS 文档", signature.is_old_word, "doc"),
    _through_office("word-xml", "Word 2003 XML 文档", signature.is_word_xml, "xml"),
    _through_office("rtf", "RTF 文档", signature.is_rtf, "rtf"),
    Format("pdf", "PDF 文档", signature.is_pdf, pdf.read),
    Format("picture", "图片（扫描件）", signature.is_picture, ocr.read),
    _moved("tei", "TEI 文本", tei.recognises, tei.read),
    _moved("ead", "档案目录（EAD）", ead.recognises, ead.read),
    _moved("site", "网站的导出文件", site_export.recognises, site_export.read),
    Format("mime", "单个文件的网页或电子邮件", mime.recognises, mime.read),
    Format("html", "网页", signature.is_html, html.read),
    Format("csv", "CSV 表", spreadsheets.is_csv, spreadsheets.read_csv),
    Format("text", "文本文件", plain_text.recognises, plain_text.read),
)
# Anything may be text. A file that calls itself one of these and is nothing else is a mistake, not a manuscript.
_NEVER_TEXT = (
    ".docx",
    ".docm",
    ".doc",
    ".wps",
    ".odt",
    ".pdf",
    ".epub",
    ".zip",
    ".xls",
    ".xlsx",
    ".jpg",
    ".png",
    ".tif",
    ".ofd",
    ".ppt",
    ".pptx",
    ".et",
    ".dps",
    ".xml",
    ".json",
)


def named(name: str) -> Format:
    """The row of this name."""
    return next(form for form in FORMATS if form.name == name)


def recognise(file: Path, name: str) -> Format:
    """The format of `file`.

    Raises StorageError where the file cannot be opened at all, ReadError where it is empty or of a kind not read here;
    the hint says how to make it readable.
    """
    with faults(name):
        return _recognised(file, name)


def _recognised(file: Path, name: str) -> Format:
    head = head_of(file, name)
    if not head.strip(b"\0 \t\r\n"):
        raise ReadError("文件是空的", place=name, hint="请确认来稿是否传送完整，重新取得文件")
    for form in FORMATS:
        if form.recognises(head, file):
            suffix = Path(name).suffix.lower()
            if form.name == "text" and (what := signature.is_data(head, file)):
                raise ReadError(f"这是{what}，不是文稿", place=name, hint=_READABLE)
            if form.name == "text" and suffix in _NEVER_TEXT:
                hint = "若确是文字稿，把扩展名改成 .txt 再导入；否则请从来稿人处重新取得文件"
                raise ReadError(f"扩展名是 {suffix}，内容却只是纯文本", place=name, hint=hint)
            return form
    raise _unreadable(file, head, name)


def read(file: Path, name: str) -> Manuscript:
    """Recognises and reads one file. Raises ReadError or StorageError, whatever is wrong with it."""
    with faults(name):
        return recognise(file, name).read(file, name)


def is_records(file: Path) -> bool:
    """Whether the file is JSON Lines: its first line that is not empty is an object with a text and an id or title."""
    with file.open("rb") as stream:
        while raw := stream.readline(_LONGEST_LINE):
            line = raw.removeprefix(b"\xef\xbb\xbf").strip()
            if not line:
                continue
            if not line.startswith(b"{"):
                return False
            try:
                record = json.loads(line)
            except ValueError:
                return False
            return isinstance(record, dict) and "text" in record and bool({"id", "title"} & record.keys())
    return False


def head_of(file: Path, name: str) -> bytes:
    """The first HEAD bytes. Raises StorageError where the file cannot be opened."""
    if file.is_dir():
        raise StorageError(
            "这是文件夹，不是文件", place=name, hint="把文件夹本身交给 wenshi ingest，它会逐个读取其中的文件"
        )
    try:
        return read_patiently(file, HEAD)
    except OSError as error:
        raise storage_error(error, name, "文件读不出来") from error


def _unreadable(file: Path, head: bytes, name: str) -> ReadError:
    """The error for a file no row recognises, with what to do about it."""
    if signature.is_compound(head, file):
        return _compound(file, name)
    suffix = Path(name).suffix.lower()
    if suffix == ".docx":
        return ReadError("扩展名是 .docx，内容却不是 Word 文件", place=name, hint="请从来稿人处重新取得文件")
    if suffix in (".txt", ".text", ".md", ".markdown", ".csv", ".jsonl"):
        hint = "用记事本打开，确认文字正常后“另存为”，编码选 UTF-8，再导入"
        return ReadError("认不出文字的编码，没有读取", place=name, hint=hint)
    return ReadError("认不出这是什么文件，也不像是文字", place=name, hint=_READABLE)


def _compound(file: Path, name: str) -> ReadError:
    """OLE2 files that are not Word: a locked .docx, Excel 97, PowerPoint 97."""
    found = signature.streams(file)
    if "EncryptedPackage" in found:
        hint = "用 --password 给出密码；或用 Word 打开，在“文件—信息—保护文档”中清除密码，保存后再导入"
        return ReadError("文件加了密码，没有密码读不出", place=name, hint=hint)
    if found:
        return ReadError(
            "这是旧格式的 Excel 或 PowerPoint 文件",
            place=name,
            hint="表格另存为 .xlsx，文稿复制到 Word 中存成 .docx，再导入",
        )
    return ReadError("这是旧格式的 Office 文件，认不出是哪一种", place=name, hint=_AS_DOCX)
