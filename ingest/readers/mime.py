"""Messages in MIME: web pages saved with their pictures in one file (.mht, .mhtml), and electronic mail (.eml)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.errors import HeaderParseError
from email.header import Header, decode_header
from email.message import Message
from email.parser import BytesParser
from pathlib import Path, PurePath
from urllib.parse import unquote, urljoin

from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Block, Issue, Kind, Layout, Manuscript, Picture, Run, Style
from archive.support.files import sha256_of
from archive.support.pictures import media_type
from ingest.readers import html, markup_tree
from ingest.readers.containers import Member
from ingest.readers.plain_text import MAX_TEXT, clean, layout_issues, mixed
from ingest.text import garbled
from ingest.text.characters import private_use, visible
from ingest.text.encoding import Decoded, decoded, detect
from ingest.text.unwrap import find_width, unwrap

_MAX = 256 * 2**20  # bytes; pictures are in it, a third larger than they are
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "big5": "cp950"}
_SAVED_PAGE = re.compile(r"saved by|snapshot|保存", re.I)
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]?")
_OF_MAIL = re.compile(
    rb"^(?:from|to|cc|subject|date|received|return-path|reply-to|message-id|delivered-to|x-mailer|sender):", re.I | re.M
)
_OF_MIME = re.compile(
    rb"^(?:mime-version|content-type|content-transfer-encoding|snapshot-content-location):", re.I | re.M
)
_OF_PAGES = ("image/", "font/", "text/css", "text/javascript", "application/javascript")  # what belongs to a page
_MANUSCRIPTS = frozenset(
    {
        ".docx",
        ".docm",
        ".doc",
        ".wps",
        ".rtf",
        ".odt",
        ".pdf",
        ".ofd",
        ".epub",
        ".txt",
        ".md",
        ".html",
        ".htm",
        ".xlsx",
        ".csv",
        ".eml",
        ".mht",
        ".mhtml",
    }
)
_MAIL = "message/rfc822"
_NOT_IN_NAMES = r'[\s/\\:*?"<>|]+'
_SHOWN = (("From", "发件人"), ("To", "收件人"), ("Cc", "抄送"), ("Date", "日期"))


def recognises(head: bytes, file: Path) -> bool:
    """Whether a file begins with the headers of a message: at least two that messages have, and nothing else."""
    top = re.split(rb"\r?\n\r?\n", head.removeprefix(b"\xef\xbb\xbf").lstrip(), maxsplit=1)[0]
    lines = [line for line in re.split(rb"\r?\n", top) if line and not line[:1].isspace()]
    if not lines or not all(_HEADER.match(line) for line in lines):
        return False
    known = len(_OF_MAIL.findall(top)) + len(_OF_MIME.findall(top))
    return known >= 2 and (bool(_OF_MIME.search(top)) or len(_OF_MAIL.findall(top)) >= 3)


def read(file: Path, name: str) -> Manuscript:
    """Reads a saved page or a mail: its text, and the pictures in it. Attachments are issues. Raises ReadError."""
    if file.stat().st_size > _MAX:
        raise ReadError(f"文件超过上限 {_MAX // 2**20} MB，未予读取", place=name, hint="另存成几个文件再导入")
    message = _parsed(file)
    page, plain, others = _sorted(message)
    if page is None and not plain and not any(map(_picture, others)):
        raise ReadError(
            "文件里没有文字", place=name, hint="用浏览器或邮件程序打开，全选复制到 Word 中，存成 .docx 再导入"
        )
    if page is not None and _is_saved_page(message):
        found = _page(page, message, file, name)
        return replace(found, issues=(*_attachments([*plain, *others], name), *found.issues))
    found = _text(page, plain, message, file, name)
    found = replace(found, issues=(*_attachments(others, name), *found.issues))
    return _with_headers(_with_pictures(found, message), message)


def _text(page: Message | None, plain: list[Message], message: Message, file: Path, name: str) -> Manuscript:
    """The text of a mail: of its two forms the one that shows pictures or holds more, then what else is plain text."""
    texts = [_plain(part, file, name) for part in plain]
    if page is not None:
        shown = _page(page, message, file, name)
        if not texts or shown.pictures or shown.characters_in > texts[0].characters_in:
            texts[:1] = [shown]
    first, *more = texts or [Manuscript(name, sha256_of(file), (), 0)]
    return replace(
        first,
        blocks=tuple(block for text in texts for block in text.blocks),
        layouts=tuple(layout for text in texts for layout in text.layouts or (Layout(),) * len(text.blocks)),
        issues=tuple(issue for text in texts for issue in text.issues),
        characters_in=first.characters_in + sum(text.characters_in for text in more),
    )


def _sorted(message: Message) -> tuple[Message | None, list[Message], list[Message]]:
    """The page, the plain texts, and what else there is but pictures of the page."""
    page: Message | None = None
    plain: list[Message] = []
    others: list[Message] = []
    for part in _parts(message):
        kind = part.get_content_type()
        attached = part.get_content_disposition() == "attachment" or kind == _MAIL
        if kind == "text/html" and page is None and not attached:
            page = part
        elif kind == "text/plain" and not attached and not (plain and part.get_filename()):
            plain.append(part)
        elif attached or not kind.startswith(_OF_PAGES):
            others.append(part)
    return page, plain, others


def _parts(message: Message) -> Iterator[Message]:
    """The parts that are no frame of others; a mail that was passed on is one part, whatever is in it."""
    if message.get_content_type() == _MAIL or not message.is_multipart():
        yield message
        return
    for part in message.get_payload():
        if isinstance(part, Message):
            yield from _parts(part)


def _is_saved_page(message: Message) -> bool:
    """Whether the message is a page somebody saved, and no mail."""
    sender = _header(message, "From")
    return not sender or bool(_SAVED_PAGE.search(sender)) or "Snapshot-Content-Location" in message


def _attachments(parts: list[Message], name: str) -> Iterator[Issue]:
    for part in parts:
        called = _called(part)
        if _picture(part):
            continue  # stands below the text
        if is_taken_in(called):
            message = f"附件“{called}”另作一份稿件读入，名为“{name}/{called}”"
        else:
            message = f"附件“{called}”没有收入；要收，请在邮件程序里把它另存成文件，单独导入"
        yield Issue(IssueCode.EMBEDDED, name, message)


def is_taken_in(called: str) -> bool:
    """Whether an attachment of this name is a manuscript that is taken in by itself."""
    return PurePath(called).suffix.lower() in _MANUSCRIPTS


def attached(file: Path, name: str, folder: Path) -> Iterator[Member]:
    """The attachments of a mail that are manuscripts of their own, written one by one below `folder`."""
    for number, part in enumerate(_sorted(_parsed(file))[2]):
        called = _called(part)
        if is_taken_in(called):
            target = folder / f"{number:05}{PurePath(called).suffix.lower()}"
            target.write_bytes(_payload(part))
            yield Member(f"{name}/{called}", target)


def _called(part: Message) -> str:
    """The name of an attachment, without the folders somebody may have put before it."""
    if part.get_content_type() == _MAIL and not part.get_filename():
        inner = part.get_payload()
        subject = _header(inner[0], "Subject") if isinstance(inner, list) and isinstance(inner[0], Message) else ""
        return f"{re.sub(_NOT_IN_NAMES, '-', subject) or '转来的邮件'}.eml"
    words = _words(part.get_filename() or part.get("Content-Location") or part.get_content_type())
    return re.split(r"[/\\]", words)[-1]


def _parsed(file: Path) -> Message:
    data = file.read_bytes().removeprefix(b"\xef\xbb\xbf").lstrip()
    return BytesParser(policy=policy.compat32).parsebytes(data)


def _payload(part: Message) -> bytes:
    inner = part.get_payload()
    if isinstance(inner, list):  # a mail
        return inner[0].as_bytes(policy=policy.compat32) if inner and isinstance(inner[0], Message) else b""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _decoded(part: Message, name: str) -> tuple[Decoded, str]:
    """The text of a part and its encoding: the one it names if that is true, else the one it is in."""
    data = _payload(part)
    said = (part.get_content_charset() or "").lower()
    said = _CHINESE.get(said, said)
    try:
        return Decoded(data.decode(said or "ascii")), said or "ascii"
    except (LookupError, UnicodeDecodeError):
        pass
    if part.get_content_type() == "text/html":
        return markup_tree.decode(data, name)
    found = detect(data) or "utf-8"
    read = decoded(data, found)
    return replace(read, text=read.text.removeprefix("\ufeff")), found


def _page(part: Message, message: Message, file: Path, name: str) -> Manuscript:
    found, encoding = _decoded(part, name)
    if len(found.text) > MAX_TEXT:
        raise ReadError("网页太大，未予读取", place=name, hint="把网页拆成几个文件再导入")
    base = str(part.get("Content-Location") or "")
    pictures: dict[str, bytes] = {}
    for other in message.walk():
        if other.get_content_maintype() == "image":
            for key in (other.get("Content-Location"), other.get("Content-ID")):
                if key:
                    pictures[str(key).strip().strip("<>")] = _payload(other)

    def fetch(_: str, address: str) -> bytes | None:
        if address.startswith("data:"):
            return html.from_address(address)
        names = (address, unquote(address), urljoin(base, address), address.removeprefix("cid:"))
        return next((pictures[one] for one in names if one in pictures), None)

    return html.manuscript_of(found, encoding, file, name, fetch)


def _plain(part: Message, file: Path, name: str) -> Manuscript:
    found, _ = _decoded(part, name)
    if str(part.get_param("format", "")).lower() == "flowed":
        found = replace(found, text=_unflowed(found.text, str(part.get_param("delsp", "")).lower() == "yes"))
    lines, mended = garbled.mended(found.text.split("\n"), name)
    text = "\n".join(lines)
    met = visible(text)
    text, cleaned = clean(text, name)
    rows = text.split("\n")
    unwrapped = unwrap(rows, find_width(rows))
    blocks = tuple(Block.plain(Kind.PARAGRAPH, paragraph) for paragraph in unwrapped.paragraphs)
    issues = (*mixed(found, name), *mended, *cleaned, *layout_issues(unwrapped, name), *private_use(blocks))
    return Manuscript(name, sha256_of(file), blocks, met, issues, (Layout(),) * len(blocks))


def _unflowed(text: str, drops: bool) -> str:
    """Lines that end in a space joined with the next (RFC 3676); the space goes where it `drops` or stands by Han."""
    pieces = re.split(r"(?<=[^\n]) \r?\n(?=[^\r\n>-])", re.sub(r"(?m)^-- \r?$", "--", text))
    joined = pieces[0]
    for piece in pieces[1:]:
        apart = not drops and joined[-1:].isascii() and piece[:1].isascii()
        joined += (" " if apart else "") + piece.removeprefix(" ")
    return joined


def _with_pictures(found: Manuscript, message: Message) -> Manuscript:
    """The manuscript of a mail followed by the pictures that its text does not show, each with its name."""
    pictures = dict(found.pictures)
    blocks = list(found.blocks)
    for part in _parts(message):
        picture = _picture(part)
        if picture is not None and picture.sha256 not in pictures:
            pictures[picture.sha256] = picture
            blocks.append(Block.plain(Kind.FIGURE, _called(part), picture=picture.sha256))
    layouts = (*found.layouts, *(Layout(),) * (len(blocks) - len(found.blocks)))
    return replace(found, blocks=tuple(blocks), layouts=layouts, pictures=pictures)


def _picture(part: Message) -> Picture | None:
    """The picture that a part is, whatever it says of itself; None for everything else."""
    if part.get_content_maintype() == "text" or is_taken_in(_called(part)):
        return None
    data = _payload(part)
    kind = media_type(data)
    return Picture(hashlib.sha256(data).hexdigest(), data, kind) if kind else None


def _with_headers(found: Manuscript, message: Message) -> Manuscript:
    """The manuscript of a mail under its subject, with who wrote it to whom and when."""
    subject = _header(message, "Subject")
    head = [Block(Kind.TITLE, (Run(subject),))] if subject else []
    for key, title in _SHOWN:
        if words := _header(message, key):
            head.append(Block(Kind.PARAGRAPH, (Run(f"{title}：", Style.GENERATED), Run(words))))
    layouts = found.layouts or (Layout(),) * len(found.blocks)
    return replace(
        found,
        blocks=(*head, *found.blocks),
        layouts=(*(Layout(),) * len(head), *layouts),
        characters_in=found.characters_in
        + sum(visible(run.text) for block in head for run in block.runs if Style.GENERATED not in run.style),
        properties={**found.properties, **({"title": subject} if subject else {})},
    )


def _header(message: Message, key: str) -> str:
    value = message.get(key)
    return _words(value) if value is not None else ""


def _words(value: object) -> str:
    """A header as text: encoded words decoded, bytes that were never encoded read in the encoding they are in."""
    try:
        pieces = decode_header(value if isinstance(value, Header) else str(value))
    except HeaderParseError:
        pieces = [(str(value), None)]
    text = ""
    for raw, charset in pieces:
        data = raw.encode("ascii", "surrogateescape") if isinstance(raw, str) and not _is_clean(raw) else raw
        if isinstance(data, str):
            text += data
            continue
        said = _CHINESE.get((charset or "").lower(), charset or "")
        try:
            text += data.decode(said if said and said != "unknown-8bit" else "ascii")
        except (LookupError, UnicodeDecodeError):
            text += data.decode(detect(data) or "gb18030", "replace")
    return " ".join(text.split())


def _is_clean(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
