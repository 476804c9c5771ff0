"""What leads to the texts: contents, list of illustrations, landmarks, indexes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from archive.export.book import Book, Index
from archive.export.epub import xhtml
from archive.export.epub.epub_setting import EpubContentsEntry, Placed, XhtmlPage
from archive.export.epub.epub_text import Illustration
from archive.export.name_index import NameMarker
from archive.model.issues import IssueCode
from archive.model.records import Issue, Kind

NAVIGATION = "nav.xhtml"
_EXPLAINED = "数字是文章在书中的次序，点按即到。"
_UNPRINTED = {Kind.COMMENT, Kind.HEADER, Kind.FOOTER}


def navigation(
    book: Book,
    entries: Sequence[EpubContentsEntry],
    illustrations: Sequence[Illustration],
    landmarks: Mapping[str, tuple[str, str]],
) -> XhtmlPage:
    """The navigation document, which is also the printed contents. `landmarks` are epub:type → (words, file)."""
    parts = [
        '<nav epub:type="toc" role="doc-toc" id="toc">',
        '<h1 class="list-title">目　录</h1>',
        "\n".join(_nested(entries)),
        "</nav>",
    ]
    if book.picture_list and illustrations:
        parts += ['<nav epub:type="loi" id="loi">', '<h1 class="list-title">图片目录</h1>', "<ol>"]
        parts += [_link(each.words, each.place) for each in illustrations]
        parts += ["</ol>", "</nav>"]
    parts += ['<nav epub:type="landmarks" hidden="hidden">', "<h2>导航</h2>", "<ol>"]
    parts += [_link(words, file, kind) for kind, (words, file) in landmarks.items()]
    parts += ["</ol>", "</nav>"]
    return XhtmlPage(NAVIGATION, "目录", "frontmatter", "\n".join(parts))


def _link(words: str, place: str, kind: str = "") -> str:
    mark = f' epub:type="{kind}"' if kind else ""
    return f'<li><a{mark} href="{place}">{xhtml.label(words)}</a></li>'


def _nested(entries: Sequence[EpubContentsEntry]) -> Iterator[str]:
    """The entries as lists within lists; a level that is left out opens no list of its own."""
    open_levels: list[int] = []
    for entry in entries:
        if open_levels and entry.level > open_levels[-1]:
            yield "<ol>"
            open_levels.append(entry.level)
        else:
            while len(open_levels) > 1 and entry.level <= open_levels[-2]:
                yield "</li></ol>"
                open_levels.pop()
            yield "</li>" if open_levels else "<ol>"
            open_levels[-1:] = [entry.level]
        yield f'<li><a href="{entry.place}">{xhtml.label(entry.words)}</a>'
    yield "</li></ol>" * len(open_levels)


def indexes(book: Book, placed: Sequence[Placed], issues: list[Issue]) -> Iterator[XhtmlPage]:
    """A page for every index; its numbers are those of the texts, each text once, and lead to the first place in it.

    Names that do not occur are left out and reported in `issues`, as is an index of such names alone.
    """
    found = _occurrences(book, placed) if book.indexes else {}
    for number, index in enumerate(book.indexes):
        links = {heading: places for (which, heading), places in found.items() if which == number}
        missing = [each.name for place, each in enumerate(index.headings) if not each.see and place not in links]
        if missing:
            some = "、".join(missing[:5]) + ("等" if len(missing) > 5 else "")
            message = f"{some} {len(missing)} 个名字在正文中没有出现，没有列入。"
            issues.append(Issue(IssueCode.EXPORT_INDEX, index.title, message))
        if links:
            lines = [f'<h1 class="list-title">{xhtml.line(index.title)}</h1>', f'<p class="byline">{_EXPLAINED}</p>']
            content = "\n".join([*lines, *_lines(index, links)])
            body = f'<section class="index" epub:type="index" role="doc-index">\n{content}\n</section>'
            yield XhtmlPage(f"index-{number + 1}.xhtml", index.title, "backmatter", body)


def _occurrences(book: Book, placed: Sequence[Placed]) -> Mapping[tuple[int, int], list[str]]:
    """Links by index and heading: the first place in every text that has the name."""
    marker = NameMarker(book.indexes)
    found: dict[tuple[int, int], list[str]] = {}
    for text in placed:
        first: dict[tuple[int, int], int] = {}
        for position, block in enumerate(text.chapter.article.blocks):
            if block.kind not in _UNPRINTED:
                for mark in marker.marks(block.text):
                    first.setdefault((mark.index, mark.heading), position)
        for heading, position in first.items():
            words = xhtml.attribute(text.chapter.title)
            link = f'<a href="{text.block(position)}" title={words}>{xhtml.label(text.label)}</a>'
            found.setdefault(heading, []).append(link)
    return found


def _lines(index: Index, links: Mapping[int, Sequence[str]]) -> Iterator[str]:
    """The headings that occur in the book, those that lead to one of them, and the letters they stand under."""
    printed = {index.headings[number].name for number in links}
    group = ""
    for number, heading in enumerate(index.headings):
        if number in links:
            places = "，".join(links[number])
        elif heading.see in printed and heading.see:
            places = f"见“{xhtml.line(heading.see)}”"
        else:
            continue
        if heading.group and heading.group != group:
            group = heading.group
            yield f"<h2>{xhtml.line(group)}</h2>"
        yield f"<p>{xhtml.line(heading.name)}　{places}</p>"
