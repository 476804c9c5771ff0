"""Plain text and Markdown in the encodings Chinese offices have produced since the 1980s."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Kind, Manuscript
from archive.support.files import sha256_of
from ingest.readers import markdown
from ingest.text import garbled
from ingest.text.characters import private_use, visible
from ingest.text.cut_paragraphs import mend
from ingest.text.encoding import NAMES, Decoded, decoded, detect
from ingest.text.unwrap import Unwrapped, find_width, unwrap

MAX_TEXT = 64 * 2**20  # bytes; some 20 million characters, more than any volume
# Kept: tab and line feed. Form feed, vertical tab and the Unicode separators end a line.
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_OTHER_LINE_ENDS = "\r\x0b\x0c\x85\u2028\u2029"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff]")
_MARKDOWN_NAMES = (".md", ".markdown")
_ATX = re.compile(r"#{1,6}[ \t]+\S")


def recognises(head: bytes, file: Path) -> bool:
    """Whether the first bytes are text in an encoding that is known."""
    return detect(head) is not None


def read(file: Path, name: str) -> Manuscript:
    """Reads a text file up to MAX_TEXT bytes; larger ones and unknown encodings raise ReadError.

    Every line is a paragraph, unless the lines turn out to be hard-wrapped. Markdown, known by its suffix or by a
    heading on the first line, keeps its structure.
    """
    text, issues = decode(file, name)
    met = visible(text)
    text, cleaned = clean(text, name)
    lines = text.split("\n")
    if file_is_markdown(name, lines):
        parsed = markdown.parse(lines, file.parent, name)
        blocks, pictures = parsed.blocks, parsed.pictures
        found = parsed.issues
    else:
        unwrapped = unwrap(lines, find_width(lines))
        blocks, pictures = tuple(Block.plain(Kind.PARAGRAPH, text) for text in unwrapped.paragraphs), {}
        found = layout_issues(unwrapped, name)
    manuscript = Manuscript(
        name=name,
        sha256=sha256_of(file),
        blocks=blocks,
        characters_in=met,
        issues=(*issues, *cleaned, *found, *private_use(blocks)),
        pictures=pictures,
    )
    return mend(manuscript)


def file_is_markdown(name: str, lines: Sequence[str]) -> bool:
    """Whether the text is to be read as Markdown."""
    first = next((line for line in lines if line.strip()), "")
    return name.lower().endswith(_MARKDOWN_NAMES) or bool(_ATX.match(first))


def decode(file: Path, name: str, limit: int = MAX_TEXT) -> tuple[str, list[Issue]]:
    """The text of a file, and an issue for each line with bytes that mean nothing in its encoding."""
    size = file.stat().st_size
    if size > limit:
        raise ReadError(
            f"文本文件有 {size / 2**20:.0f} MB，超过上限 {limit // 2**20} MB，未予读取",
            place=name,
            hint="按辑、按年或按篇拆成几个文件再导入",
        )
    data = file.read_bytes()
    encoding = detect(data)
    if encoding is None:
        hint = "用记事本打开，确认文字正常后“另存为”，编码选 UTF-8，再导入"
        raise ReadError("认不出文字的编码，没有读取", place=name, hint=hint)
    read = decoded(data, encoding)
    text, issues = read.text, list(mixed(read, name))
    text = text.removeprefix("\ufeff")
    if garbled.is_suspect(text):
        lines, found = garbled.mended(text.split("\n"), name)
        text = "\n".join(lines)
        issues += found
    if "\ufffd" in text:
        for number, line in enumerate(_LINE_ENDS.sub("\n", text).split("\n"), 1):
            bad = line.count("\ufffd")
            if bad:
                message = f"有 {bad} 处按 {NAMES[encoding]} 读不出的字，以 \ufffd 标出，请对照原稿补上"
                issues.append(Issue(IssueCode.UNDECODABLE, f"第 {number} 行", message))
    return text, issues


def mixed(found: Decoded, name: str) -> Iterator[Issue]:
    """An issue for a text in two encodings."""
    told = []
    if found.strangers:
        told.append(f"有 {found.strangers} 行与其余的不同，已逐行按各自的编码读出")
    if found.torn:
        told.append(f"有 {found.torn} 行一行之内两种都有，已分段读出")
    if told:
        yield Issue(IssueCode.MIXED_ENCODING, name, f"文件混用 UTF-8 和 GB18030，{'，'.join(told)}，请抽查")


def clean(text: str, name: str) -> tuple[str, list[Issue]]:
    """The text with one kind of line end and without control characters; what was taken out is an issue."""
    if any(sign in text for sign in _OTHER_LINE_ENDS):
        text = _LINE_ENDS.sub("\n", text)
    cleaned, removed = _CONTROL.subn("", text)
    if not removed:
        return text, []
    kinds = sorted(set(_CONTROL.findall(text)))
    listed = "、".join(f"U+{ord(character):04X}" for character in kinds)
    message = f"控制字符 {removed} 个（{listed}）不是文字，已去掉"
    return cleaned, [Issue(IssueCode.CONTROL, name, message, visible(text) - visible(cleaned))]


def layout_issues(unwrapped: Unwrapped, place: str) -> list[Issue]:
    """What was normalised about the layout of lines: nothing visible, so no characters are accounted for."""
    issues = []
    if unwrapped.joined:
        message = f"每行定宽换行的文字已接成整段，共接 {unwrapped.joined} 处；请抽查分段是否正确"
        issues.append(Issue(IssueCode.UNWRAPPED, place, message))
    if unwrapped.indented:
        message = f"{unwrapped.indented} 行的行首空白共 {unwrapped.indentation} 个，属于版式，没有收入"
        issues.append(Issue(IssueCode.INDENTATION, place, message))
    return issues
