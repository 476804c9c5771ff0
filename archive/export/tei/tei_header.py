"""The TEI header: the book, the texts it was made of and where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive.export.book import Book, Chapter
from archive.export.tei.tei_dates import calendars, days
from archive.export.tei.tei_elements import element, line
from archive.model.records import Role

_PRACTICE = (
    "每段的 xml:id 由文章（t1、t2……，书前 f，书后 b）和段次（b0 为题名）组成，题名之下的段次与资料库中文章的段次一致。",
    "注释放在注号所在之处；原书页码记为 pb。",
    "hi 的 rend：bold、italic、underline、dots（着重号）、superscript、subscript。",
    "date 的 when、notBefore、notAfter 是公历（1582 年以前为推算），两端都包括在内；"
    "calendar 说明原文用的历法，没有的是公历。",
    "批注、页眉、页脚不在其中。",
)


def header(book: Book, texts: Iterable[tuple[str, Chapter]], language: str) -> str:
    """The header; `texts` are the names the ids of each text begin with, and the texts."""
    sources = "\n".join(_source(name, chapter) for name, chapter in texts)
    practice = "".join(element("p", line(words)) for words in _PRACTICE)
    parts = (
        "<fileDesc>",
        element("titleStmt", "".join(_titles(book))),
        element("publicationStmt", "".join(_publication(book))),
        element("seriesStmt", element("title", line(book.series))) if book.series else "",
        element("sourceDesc", element("listBibl", f"\n{sources}\n")),
        "</fileDesc>",
        element("encodingDesc", element("editorialDecl", practice)),
        element("profileDesc", calendars() + element("langUsage", element("language", "中文", ident=language))),
    )
    return element("teiHeader", "\n" + "\n".join(filter(None, parts)) + "\n")


def _titles(book: Book) -> Iterator[str]:
    yield element("title", line(book.title), type="main")
    if book.subtitle:
        yield element("title", line(book.subtitle), type="sub")
    if book.editor:
        yield element("editor", line(book.editor))


def _publication(book: Book) -> Iterator[str]:
    day = f"{book.made:%Y-%m-%d}"
    if book.publisher:
        yield element("publisher", line(book.publisher))
        yield element("date", day, when=day)
    else:
        yield element("p", f"由文史资料库导出，{element('date', day, when=day)}。")


def _source(name: str, chapter: Chapter) -> str:
    """One text: who made it, when, where it was printed, which version of it this is."""
    article = chapter.article
    parts = [element("title", line(article.title), level="a")]
    for person in article.people:
        if person.role is Role.AUTHOR:
            parts.append(element("author", line(person.name)))
        else:
            responsibility = element("resp", person.role.value) + element("name", line(person.name))
            parts.append(element("respStmt", responsibility))
    if chapter.collection and chapter.collection.title:
        parts.append(element("title", line(chapter.collection.title), level="m"))
    if article.section:
        parts.append(element("title", line(article.section), level="s", type="section"))
    if article.volume:
        parts.append(element("biblScope", line(article.volume), unit="volume"))
    if article.pages:
        parts.append(element("biblScope", line(article.pages), unit="page"))
    if article.date:
        parts.append(element("date", line(article.date.written), **days(article.date)))
    identities = {"collection": article.collection, "article": article.id, "digest": article.digest}
    identities["version"] = str(article.version) if article.version else ""
    parts += [element("idno", line(value), type=kind) for kind, value in identities.items() if value]
    if chapter.source:
        parts.append(element("note", line(chapter.source), type="source"))
    return element("bibl", "".join(parts), xml_id=f"{name}-source")
