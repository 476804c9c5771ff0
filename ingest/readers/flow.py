"""Pages of HTML as blocks, in reading order: one page for a web page, all of them for a book."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Block, Cell, Issue, Kind, Layout, Picture, Run, Style
from archive.support.pictures import NOT_FOR_BROWSERS, media_type
from ingest.readers.html_forms import choices, shown
from ingest.readers.html_table import table_cells
from ingest.readers.inline_html import HtmlInline
from ingest.readers.markup_tree import UNTEXT, Element, attribute, count, is_hidden, local, said_kind, texts
from ingest.readers.mathml import ANNOTATIONS, pieces
from ingest.text.characters import visible

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure
        footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section summary svg table tbody
        td text textarea tfoot th thead tr ul""",
    )
)
_STYLES = {
    **dict.fromkeys(("b", "strong"), Style.BOLD),
    **dict.fromkeys(("i", "em"), Style.ITALIC),
    "u": Style.UNDERLINE,
    **dict.fromkeys(("s", "del", "strike"), Style.STRIKE),
    "sup": Style.SUPERSCRIPT,
    "sub": Style.SUBSCRIPT,
}
_MARK = re.compile(r"[\s\[［〔(（【]*[\d０-９一二三四五六七八九十①-⑳㉑-㉟*†‡注#]+[\s\]］〕)）】]*")
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_CENTRED = re.compile(r"text-align\s*:\s*center", re.I)
_EMBEDDED = {"object": "嵌入对象", "iframe": "嵌入的另一个网页", "audio": "音频", "video": "视频"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its place in the book ("" for a single one) and its root."""

    place: str
    root: Element


@dataclass(slots=True)
class Flow:
    """Reads pages into blocks. `fetch` gives the bytes of a picture for (page, address), or None."""

    name: str
    pages: Sequence[Page]
    fetch: Callable[[str, str], bytes | None]
    blocks: list[Block] = field(default_factory=list)
    layouts: list[Layout] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    characters_in: int = 0
    markup: int = 0  # visible characters that became structure: marks of notes and links back
    indentation: int = 0  # white space dropped at the beginning of blocks
    tables: int = 0
    printed: str = ""  # number of the printed page, where the book says so
    _page: Page = field(init=False)  # the one being read
    _inline: HtmlInline = field(default_factory=HtmlInline)
    _kind: Kind = Kind.PARAGRAPH
    _level: int = 0
    _centred: bool = False
    _fresh: bool = False  # nothing of this page has been placed yet
    _cell: Cell | None = None
    _waiting: list[Block] = field(default_factory=list)  # figures and notes, placed after the block they hang on
    _ids: dict[tuple[str, str], Element] = field(default_factory=dict)
    _order: dict[Element, int] = field(default_factory=dict)
    _notes: dict[Element, str] = field(default_factory=dict)  # element of a note → its label
    _labels: set[str] = field(default_factory=set)

    def read(self) -> None:
        """Fills in everything. Raises ReadError for markup nested too deeply to be a text."""
        try:
            self._register()
            for page in self.pages:
                self._page, self._fresh = page, True
                self.characters_in += count(page.root)
                self._walk(page.root)
                self._flush()
        except RecursionError as error:
            hint = "用浏览器打开，全选复制到 Word 中，存成 .docx 再导入"
            raise ReadError("网页的标记嵌套过深，读不出", place=self.name, hint=hint) from error
        if self.markup:
            message = f"注码和返回链接 {self.markup} 个字符已变成注释的标记，不作为文字收入"
            self.issues.append(Issue(IssueCode.MARKUP, self.name, message, self.markup))
        if self.indentation:
            message = f"段首空白共 {self.indentation} 个，属于版式，没有收入"
            self.issues.append(Issue(IssueCode.INDENTATION, self.name, message))

    # -- notes

    def _register(self) -> None:
        """Every id with its element, the order of all elements, then which elements are notes."""
        for page in self.pages:
            for element in page.root.iter():
                if not local(element):
                    continue
                self._order[element] = len(self._order)
                for key in (element.get("id"), element.get("name") if local(element) == "a" else None):
                    if key:
                        self._ids.setdefault((page.place, key), element)
        for page in self.pages:
            for link in page.root.iter():
                if local(link) == "a" and (target := self._note_of(page, link)) is not None:
                    self._notes.setdefault(target, self._label("".join(link.itertext())))

    def _target(self, page: Page, link: Element) -> Element | None:
        address, _, fragment = attribute(link, "href").partition("#")
        if not fragment or "://" in address:
            return None
        place = posixpath.normpath(posixpath.join(posixpath.dirname(page.place), unquote(address)))
        return self._ids.get((place if address else page.place, unquote(fragment)))

    def _note_of(self, page: Page, link: Element) -> Element | None:
        """The element of the note a link refers to; None for links that are something else, such as links back."""
        target = self._target(page, link)
        if target is None or self._order[target] <= self._order[link]:
            return None
        said = "noteref" in attribute(link, "type") or "noteref" in (link.get("role") or "")
        if not said and not _MARK.fullmatch("".join(link.itertext())):
            return None
        while local(target) not in _BLOCKS and (parent := target.getparent()) is not None:
            target = parent
        heading = local(target) in _HEADINGS or local(target) in ("body", "html")
        return None if heading or self._order[target] <= self._order[link] else target

    def _label(self, mark: str) -> str:
        wanted = mark.strip(" \t\n\u3000[]［］〔〕()（）【】") or "注"
        label, number = wanted, 2
        while label in self._labels:
            label, number = f"{wanted}-{number}", number + 1
        self._labels.add(label)
        return label

    def _is_back(self, link: Element) -> bool:
        """A link in a note to the place that refers to it."""
        target = self._target(self._page, link)
        return target is not None and self._order[target] < self._order[link]

    # -- walking

    def _walk(self, element: Element) -> None:
        """An element with everything in it; the text after it is its parent's."""
        name = local(element)
        rule = _RULES.get(name)
        if name in UNTEXT or not name:
            self._left_out(element, name)
        elif element in self._notes and self._page.root is not element:
            pass  # stands where it is referred to
        elif is_hidden(element):
            if hidden := count(element):
                self._report(IssueCode.HIDDEN, f"网页中隐藏的文字 {hidden} 字，未收入", hidden)
        elif rule is not None:
            rule(self, element)
        elif name in _BLOCKS:
            self._block(element, said_kind(element) or self._kind, self._level)
        else:
            self._styled(element, _STYLES.get(name, Style.NONE))

    def _inside(self, element: Element) -> None:
        self._text(element.text)
        for inner in element:
            self._walk(inner)
            self._text(inner.tail)

    def _text(self, text: str | None) -> None:
        if text:
            self._inline.add(text)

    def _styled(self, element: Element, style: Style) -> None:
        if "pagebreak" in attribute(element, "type") or element.get("role") == "doc-pagebreak":
            self._printed_page(element)
            return
        before = self._inline.style
        self._inline.style |= style
        self._inside(element)
        self._inline.style = before

    def _printed_page(self, element: Element) -> None:
        number = element.get("title") or element.get("aria-label") or "".join(texts(element))
        self.markup += count(element)
        self._flush()
        self.printed = number.strip()

    def _block(self, element: Element, kind: Kind, level: int = 0) -> None:
        """An element that begins and ends a block of its own."""
        self._flush()
        before = self._kind, self._level, self._centred
        self._kind, self._level = kind, level
        style = element.get("style") or ""
        self._centred |= local(element) == "center" or element.get("align") == "center" or bool(_CENTRED.search(style))
        self._inside(element)
        self._flush()
        self._kind, self._level, self._centred = before

    def _flush(self) -> None:
        """Ends the block being collected and places what hangs on it."""
        runs, indentation = self._inline.taken()
        self.indentation += indentation
        if runs:
            bold = sum(len(run.text) for run in runs if Style.BOLD in run.style)
            share = bold / max(1, sum(len(run.text) for run in runs))
            layout = Layout(bold=share, centred=self._centred, page_break=self._fresh and bool(self._page.place))
            kind = Kind.CELL if self._cell else self._kind
            level = self._level if kind in (Kind.HEADING, Kind.LIST_ITEM) else 0
            self._place(Block(kind, runs, level, cell=self._cell, page=self.printed), layout)
            self._fresh = False
        waiting, self._waiting = self._waiting, []
        for block in waiting:
            if self._cell is None:
                self._place(block, Layout())
            elif block.kind is Kind.FIGURE:
                self._place(replace(block, cell=self._cell), Layout())
            else:
                self._waiting.append(block)  # notes stand after the table

    def _place(self, block: Block, layout: Layout) -> None:
        self.blocks.append(block)
        self.layouts.append(layout)

    def _report(self, code: IssueCode, message: str, characters: int = 0) -> None:
        self.issues.append(Issue(code, f"第 {len(self.blocks) + 1} 块", message, characters))

    # -- particular elements

    def _left_out(self, element: Element, name: str) -> None:
        if name in _EMBEDDED:
            self._report(IssueCode.EMBEDDED, f"{_EMBEDDED[name]}没有收入，请与网页核对")

    def _heading(self, element: Element) -> None:
        self._block(element, Kind.HEADING, _HEADINGS[local(element)])

    def _quotation(self, element: Element) -> None:
        self._block(element, Kind.QUOTATION)

    def _caption(self, element: Element) -> None:
        self._block(element, Kind.CAPTION)

    def _list(self, element: Element) -> None:
        self._flush()
        before = self._level, self._kind
        depth = before[0] if before[1] is Kind.LIST_ITEM else 0
        start = _WHOLE.fullmatch(element.get("start") or "")
        number = int(start[0]) if start else 1
        for inner in element:
            if local(inner) == "li" and inner not in self._notes and not is_hidden(inner):
                self._flush()
                if local(element) == "ol":
                    self._inline.label(f"{number}. ")
                    number += 1
                self._level, self._kind = min(depth + 1, 9), Kind.LIST_ITEM
                self._inside(inner)
                self._flush()
                self._inline = HtmlInline()  # the number of an item without text
                self._level, self._kind = before
            else:
                self._walk(inner)
            self._text(inner.tail)

    def _break(self, element: Element) -> None:
        self._inline.line_break()

    def _rule(self, element: Element) -> None:
        self._flush()

    def _preformatted(self, element: Element) -> None:
        self._flush()
        for line in "".join(texts(element)).split("\n"):
            self._inline.add(line)
            self._flush()

    def _link(self, element: Element) -> None:
        note = self._note_of(self._page, element)
        if note is None:
            self._inside(element)
            return
        self.markup += count(element)
        label = self._notes[note]
        self._inline.refer(label)
        if not any(block.label == label for block in (*self.blocks, *self._waiting)):
            self._waiting.append(Block(Kind.NOTE, self._note_text(note), label=label, page=self.printed))

    def _note_text(self, note: Element) -> tuple[Run, ...]:
        """The runs of a note, its paragraphs joined by line breaks, without links back."""
        outer, self._inline = self._inline, HtmlInline()
        for element in note.iter():
            if local(element) == "a" and self._is_back(element):
                self.markup += count(element)
        self._note_inside(note)
        runs, _ = self._inline.taken()
        self._inline = outer
        return runs

    def _note_inside(self, element: Element) -> None:
        self._text(element.text)
        for inner in element:
            name = local(inner)
            if name in _BLOCKS and self._inline.runs:
                self._inline.line_break()
            if name == "br":
                self._inline.line_break()
            elif name == "img":
                self._image(inner)
            elif name and name not in UNTEXT and not (name == "a" and self._is_back(inner)):
                self._note_inside(inner)
            self._text(inner.tail)

    def _ruby(self, element: Element) -> None:
        """Bases with their readings, in pairs as they come."""
        base: list[str] = [element.text or ""]
        for inner in element:
            if local(inner) in ("rt", "rtc"):
                self._inline.ruby("".join(base), "".join(texts(inner)))
                base = []
            elif local(inner) != "rp":
                base += texts(inner)
            base.append(inner.tail or "")
        self._inline.add("".join(base))

    def _image(self, element: Element) -> None:
        address = attribute(element, "src") or attribute(element, "href")
        alternative = (element.get("alt") or "").strip()
        data = self.fetch(self._page.place, address) if address else None
        kind = media_type(data) if data else ""
        if not data or not kind:
            shown = address if len(address) <= 60 else f"{address[:60]}…"
            self._report(IssueCode.LINKED_PICTURE, f"图片 {shown} 找不到或不是图片，没有收入；请把图片放在稿件旁边")
            digest = ""
        else:
            if kind in NOT_FOR_BROWSERS:
                self._report(IssueCode.PICTURE_FORMAT, f"图片 {address} 是 {kind}，已收入，但网页上可能不能显示")
            digest = hashlib.sha256(data).hexdigest()
            self.pictures.setdefault(digest, Picture(digest, data, kind))
        if digest or alternative:
            self._waiting.append(Block.plain(Kind.FIGURE, alternative, picture=digest, page=self.printed))

    def _figure(self, element: Element) -> None:
        """The picture first, then its caption, however they are written."""
        self._flush()
        captions = [inner for inner in element if local(inner) == "figcaption"]
        self._text(element.text)
        for inner in element:
            if inner not in captions:
                self._walk(inner)
            self._text(inner.tail)
        self._flush()
        for caption in captions:
            self._caption(caption)

    # -- tables

    def _table(self, element: Element) -> None:
        cells = table_cells(element, self.tables)
        if self._cell is not None or not cells:
            self._layout_table(element)
            return
        self._flush()
        self.tables += 1
        for cell, place in cells:
            self._table_cell(cell, place)
        self._around(element)

    def _table_cell(self, element: Element, place: Cell) -> None:
        before = len(self.blocks)
        self._cell = place
        self._inside(element)
        self._flush()
        if len(self.blocks) == before:
            self._place(Block(Kind.CELL, cell=place, page=self.printed), Layout())
        self._cell = None

    def _around(self, element: Element) -> None:
        """What stands in a table outside its cells: the caption, and text in wrong places."""
        for inner in element:
            if local(inner) in ("thead", "tbody", "tfoot", "tr"):
                self._around(inner)
            elif local(inner) == "caption":
                self._caption(inner)
            elif local(inner) not in ("td", "th"):
                self._walk(inner)
            self._text(inner.tail)
        self._text(element.text if local(element) in ("table", "tr", "tbody", "thead", "tfoot") else None)
        self._flush()

    def _layout_table(self, element: Element) -> None:
        """A table that only places things, or stands inside a cell: its cells are read one after another."""
        if self._cell is not None:
            self._report(IssueCode.NESTED_TABLE, "表格中的表格，文字按顺序收入外层单元格，请核对")
        self._block(element, self._kind, self._level)


def _field(flow: Flow, element: Element) -> None:
    """What a field shows: its text, or whether its box is ticked."""
    mark, value = shown(element)
    if mark:
        flow._inline.label(mark)
    flow.characters_in += visible(value)
    flow._inline.add(value)


def _choice(flow: Flow, element: Element) -> None:
    """The options of a list that are chosen; the others are told."""
    chosen, left = choices(element)
    for one in chosen:
        flow._inside(one)
        flow._inline.add(" ")
    if left:
        flow._report(IssueCode.HIDDEN, f"下拉框里没有选中的各项 {left} 字，未收入", left)


def _formula(flow: Flow, element: Element) -> None:
    """In linear form; the same formula in another notation is no text."""
    flow.markup += sum(count(inner) for inner in element.iter() if local(inner) in ANNOTATIONS)
    for text, sign in pieces(element):
        (flow._inline.label if sign else flow._inline.add)(text)


_RULES: dict[str, Callable[[Flow, Element], None]] = {
    **dict.fromkeys(_HEADINGS, Flow._heading),
    "blockquote": Flow._quotation,
    "figcaption": Flow._caption,
    "input": _field,
    "select": _choice,
    "math": _formula,
    "ul": Flow._list,
    "ol": Flow._list,
    "br": Flow._break,
    "hr": Flow._rule,
    "pre": Flow._preformatted,
    "a": Flow._link,
    "ruby": Flow._ruby,
    "img": Flow._image,
    "image": Flow._image,
    "figure": Flow._figure,
    "table": Flow._table,
}
