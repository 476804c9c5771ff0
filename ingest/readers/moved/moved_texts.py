"""What the readers of this room share: XML opened with suspicion, and texts put together as articles."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from archive.catalogue import fields
from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Article, Issue, Kind, Period, Person, Picture
from archive.support.files import sha256_of
from ingest.readers import markup_tree
from ingest.readers.flow import Flow, Page
from ingest.readers.json_records import Records
from ingest.readers.markup_tree import Element
from ingest.text.characters import made_title, private_use, visible

MOST_BYTES = 256 * 2**20
_UNTITLED = 30  # characters of the text that stand for a title
_KEEPER = "请把原件交给本单位的保密员"

Fetch = Callable[[str, str], bytes | None]


def xml_tree(file: Path, name: str) -> Element:
    """The root of an XML file. Raises ReadError where it is too large, damaged, or declares entities."""
    size = file.stat().st_size
    if size > MOST_BYTES:
        message = f"文件有 {size / 2**20:.0f} MB，超过上限 {MOST_BYTES // 2**20} MB，未予读取"
        raise ReadError(message, place=name, hint="在原来的系统里分几次导出，再导入")
    data = file.read_bytes()
    if b"<!ENTITY" in data:
        raise ReadError("文件内部带有实体声明，为安全起见不予读取", place=name, hint="若文件来路不明，请不要打开")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        hint = "请在原来的系统里重新导出一次；文件不要用文字处理软件打开再存"
        raise ReadError(f"XML 有错，读不出（第 {error.lineno or 1} 行）", place=name, hint=hint) from error


@dataclass(slots=True)
class MovedText:
    """One text as another system has it: `page` is its body as HTML, with the title as h1 where it has one."""

    page: Element
    id: str = ""
    volume: str = ""
    section: str = ""
    people: tuple[Person, ...] = ()
    date: Period | None = None
    source: str = ""
    collection: str = ""
    fields: Sequence[tuple[str, str]] = ()


@dataclass(slots=True)
class MovedTexts:
    """The texts of one file, as they are put together; `ends` as what the table of formats wants."""

    file: Path
    name: str
    collection: str
    fetch: Fetch
    articles: list[Article] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    characters_in: int = 0

    def add(self, text: MovedText) -> None:
        """A text of the file. Raises ReadError where it is described as a state secret."""
        flow = Flow(self.name, [Page("", text.page)], self.fetch)
        flow.read()
        blocks = flow.blocks
        self.characters_in += flow.characters_in
        number = len(self.articles) + 1
        if blocks and blocks[0].kind is Kind.HEADING and blocks[0].level == 1:
            head, rest = replace(blocks[0], kind=Kind.TITLE, level=0), blocks[1:]
        else:
            head, rest = made_title(next((one.text[:_UNTITLED] for one in blocks if one.text), "无题")), blocks
        article = Article(
            collection=text.collection or self.collection,
            blocks=(head, *rest),
            id=text.id,
            number=number,
            volume=text.volume,
            section=text.section,
            people=text.people,
            date=text.date,
            source=text.source,
            fields=tuple((name, value) for name, value in text.fields if value),
        )
        if held := fields.classified(article):
            raise ReadError(f"{held.message}，整个文件没有收", place=f"{self.name}《{article.title}》", hint=_KEEPER)
        place = f"第 {number} 篇《{article.title[:30]}》"
        found = (*flow.issues, *private_use(article.blocks))
        self.issues += (replace(one, place=place) for one in found)
        self.pictures |= flow.pictures
        self.articles.append(article)

    def left_out(self, code: IssueCode, message: str, words: str = "") -> None:
        """Something of the file that is in no text; `words` are counted."""
        characters = visible(words)
        self.characters_in += characters
        self.issues.append(Issue(code, self.name, message, characters))

    def ends(self) -> Records:
        """All of it. Raises ReadError where there is no text."""
        if not self.articles:
            raise ReadError("文件里没有可以收入的文章", place=self.name, hint="请确认导出时选了文章的全文")
        return Records(
            self.name,
            sha256_of(self.file),
            tuple(self.articles),
            self.characters_in,
            tuple(self.issues),
            pictures=tuple(self.pictures.values()),
        )


def page() -> tuple[Element, Element]:
    """An empty page of HTML: its root, and the body to fill."""
    root = etree.Element("html")
    return root, etree.SubElement(root, "body")


def local(node: Element) -> str:
    """The name of an element without its namespace, as written; "" for what is no element."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def within(node: Element, name: str) -> list[Element]:
    """The children of this name, whatever their namespace."""
    return [one for one in node if local(one) == name]


def first(node: Element, *path: str) -> Element | None:
    """The first element down a path of names."""
    for name in path:
        found = within(node, name)
        if not found:
            return None
        node = found[0]
    return node


def words(node: Element | None) -> str:
    """All text of an element on one line; "" where there is none."""
    return re.sub(r"\s+", " ", "".join(node.itertext())).strip() if node is not None else ""


def html_of(markup: str, name: str) -> Element:
    """A piece of HTML as a page."""
    return markup_tree.parse_html(markup, name)
