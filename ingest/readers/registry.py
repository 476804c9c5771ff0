"""The table of input formats. What a file is, its content says; its suffix is only believed for Markdown."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.errors import ReadError, StorageError
from archive.records import Manuscript
from ingest.readers import text
from ingest.readers.ooxml import document

HEAD = 64 * 2**10  # bytes a format is recognised by
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LONGEST_LINE = 16 * 2**20
_AS_DOCX = "用 Word 或 WPS 打开，“另存为”选 .docx 格式，再导入"


@dataclass(frozen=True, slots=True)
class Format:
    """One row: `recognises` looks at the first HEAD bytes, `read` turns the file into a manuscript."""

    name: str
    title: str
    recognises: Callable[[bytes], bool]
    read: Callable[[Path, str], Manuscript]


def _is_zip(head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


FORMATS: tuple[Format, ...] = (
    Format("docx", "Word 文档", _is_zip, document.read),
    Format("text", "文本文件", text.recognises, text.read),
)


def recognise(file: Path, name: str) -> Format:
    """The format of `file`.

    Raises StorageError where the file cannot be opened at all, ReadError where it is empty or of a kind not read here;
    the hint says how to make it readable.
    """
    head = _head(file, name)
    if not head.strip(b"\0 \t\r\n"):
        raise ReadError("文件是空的", place=name, hint="请确认来稿是否传送完整，重新取得文件")
    for form in FORMATS:
        if form.recognises(head):
            return form
    raise _unreadable(file, head, name)


def read(file: Path, name: str) -> Manuscript:
    """Recognises and reads one file."""
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


def _head(file: Path, name: str) -> bytes:
    if file.is_dir():
        raise StorageError(
            "这是文件夹，不是文件", place=name, hint="把文件夹本身交给 wenshi ingest，它会逐个读取其中的文件"
        )
    try:
        with file.open("rb") as stream:
            return stream.read(HEAD)
    except FileNotFoundError as error:
        raise StorageError("找不到这个文件", place=name, hint="请核对路径和文件名") from error
    except PermissionError as error:
        hint = "请文件的所有者授予读取权限，或把文件复制到自己的文件夹再导入"
        raise StorageError("没有读取这个文件的权限", place=name, hint=hint) from error
    except OSError as error:
        raise StorageError(
            f"文件读不出（{error.strerror or error}）", place=name, hint="请检查磁盘或网络连接"
        ) from error


def _unreadable(file: Path, head: bytes, name: str) -> ReadError:
    """The error for a file no row recognises, with what to do about it."""
    if head.startswith(_OLE2):
        return _compound(file, name)
    if head.startswith(b"%PDF"):
        return ReadError(
            "这是 PDF，目前还不能读取", place=name, hint="请索取 Word 原稿；或转换成 .docx 后导入并仔细核对"
        )
    if head.startswith(b"{\\rtf"):
        return ReadError("这是 RTF 文件，目前还不能读取", place=name, hint=_AS_DOCX)
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")):
        return ReadError("这是图片，不是文稿", place=name, hint="图片请插入 Word 文稿中一起导入；扫描件请先做文字识别")
    if name.lower().endswith(".docx"):
        return ReadError("扩展名是 .docx，内容却不是 Word 文件", place=name, hint="请从来稿人处重新取得文件")
    if Path(name).suffix.lower() in (".txt", ".text", ".md", ".markdown", ".csv", ".jsonl"):
        hint = "用记事本打开，确认文字正常后“另存为”，编码选 UTF-8，再导入"
        return ReadError("认不出文字的编码，没有读取", place=name, hint=hint)
    return ReadError(
        "认不出这是什么文件，也不像是文字", place=name, hint="能导入的有 .docx、.txt、.md 和 JSON Lines 记录"
    )


def _compound(file: Path, name: str) -> ReadError:
    """OLE2 files: an encrypted .docx, or the formats of Word 97, Excel 97 and PowerPoint 97."""
    with file.open("rb") as stream:
        data = stream.read(64 * 2**20)
    streams = {word for word in ("EncryptedPackage", "WordDocument", "Workbook", "PowerPoint Document")
               if word.encode("utf-16-le") in data}  # fmt: skip
    if "EncryptedPackage" in streams:
        hint = "用 Word 打开（需要密码），在“文件—信息—保护文档”中清除密码，保存后再导入"
        return ReadError("文件加了密码，没有密码读不出", place=name, hint=hint)
    if "WordDocument" in streams:
        return ReadError("这是旧版 Word（.doc）或 WPS 文字文件，目前还不能直接读取", place=name, hint=_AS_DOCX)
    if streams:
        return ReadError(
            "这是 Excel 或 PowerPoint 文件，不是文稿", place=name, hint="把内容复制到 Word 中，存成 .docx 再导入"
        )
    return ReadError("这是旧格式的 Office 文件，认不出是哪一种", place=name, hint=_AS_DOCX)
