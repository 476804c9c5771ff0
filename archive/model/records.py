"""The values passed between all packages: frozen, comparable, free of any file format, engine or web framework."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from archive.model.issues import IssueCode


class Style(enum.Flag):
    """Character formatting worth keeping. GENERATED marks text Word computes (automatic numbering)."""

    NONE = 0
    BOLD = enum.auto()
    ITALIC = enum.auto()
    UNDERLINE = enum.auto()
    SUPERSCRIPT = enum.auto()
    SUBSCRIPT = enum.auto()
    EMPHASIS = enum.auto()  # 着重号
    GENERATED = enum.auto()
    STRIKE = enum.auto()  # struck out in the source, whose author meant it to be read as such


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style.

    `note` is the label of the note referred to here; such a run has empty text. `ruby` is the reading printed
    beside the text (注音); it is kept and shown but is not part of the block's text.
    """

    text: str
    style: Style = Style.NONE
    note: str = ""
    ruby: str = ""


class Kind(enum.StrEnum):
    """What a block is. COMMENT, HEADER and FOOTER are kept but never searched."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    BYLINE = "byline"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    QUOTATION = "quotation"
    VERSE = "verse"
    LIST_ITEM = "list-item"
    CELL = "cell"
    FIGURE = "figure"
    CAPTION = "caption"
    NOTE = "note"
    COMMENT = "comment"
    HEADER = "header"
    FOOTER = "footer"

    @property
    def searched(self) -> bool:
        """Whether blocks of this kind are matching units."""
        return self not in _UNSEARCHED


_UNSEARCHED = frozenset({Kind.COMMENT, Kind.HEADER, Kind.FOOTER})


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a CELL block stands: table number within the article, row and column, all 0-based; spans at least 1.

    Several blocks may share one cell (paragraphs of the cell). Cells covered by a span have no block.
    """

    table: int
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    header: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """The unit of matching, of permalinks and of correction: one paragraph, heading, caption, note or table cell.

    `level` is 1 to 9 for headings and list items, else 0. `label` is the label of a NOTE (as its references name it).
    `picture` is the SHA-256 of a FIGURE's image; the text of a FIGURE is its alternative text. `page` is the number
    printed on the page where the block begins in the source (as printed: 12, xii), "" where that is not known.
    `width` is how wide the source prints a FIGURE, in whole millimetres, 0 where it does not say. `align` is "center"
    or "right" for a PARAGRAPH that the source sets so (lines of a poem, a date under a letter), else "".
    """

    kind: Kind
    runs: tuple[Run, ...] = ()
    level: int = 0
    label: str = ""
    cell: Cell | None = None
    picture: str = ""
    page: str = ""
    width: int = 0
    align: str = ""

    @property
    def text(self) -> str:
        """The stored text; every offset in the program counts code points of this string."""
        if len(self.runs) == 1:
            return self.runs[0].text
        return "".join(run.text for run in self.runs)

    @classmethod
    def plain(cls, kind: Kind, text: str, **fields: object) -> Block:
        """A block of one unstyled run; an empty text gives no run."""
        return cls(kind, (Run(text),) if text else (), **fields)  # type: ignore[arg-type]


class Precision(enum.StrEnum):
    """How finely a period was written, from finest to coarsest."""

    DAY = "day"
    XUN = "xun"
    MONTH = "month"
    SEASON = "season"
    HALF = "half"
    PART = "part"
    YEAR = "year"
    RANGE = "range"
    LIFE = "life"
    DECADE = "decade"
    CENTURY = "century"
    ERA = "era"
    DYNASTY = "dynasty"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Period:
    """An interval of days: Julian day numbers, both ends inclusive, None where open.

    `written` is the source's wording.
    """

    start: int | None
    end: int | None
    precision: Precision
    written: str = ""

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.start > self.end:
            raise ValueError(f"period ends before it starts: {self}")

    @property
    def open(self) -> bool:
        """Whether an end is missing."""
        return self.start is None or self.end is None

    def overlaps(self, other: Period) -> bool:
        """Whether the two share at least one day; an open end reaches for ever."""
        starts_in_time = self.start is None or other.end is None or self.start <= other.end
        ends_in_time = self.end is None or other.start is None or self.end >= other.start
        return starts_in_time and ends_in_time

    def within(self, other: Period) -> bool:
        """Whether every day of this one lies in the other."""
        starts_inside = other.start is None or (self.start is not None and self.start >= other.start)
        ends_inside = other.end is None or (self.end is not None and self.end <= other.end)
        return starts_inside and ends_inside


OPEN = "!open"
"""What the rule of a mention holds whose wording leaves an end open."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A period as it stands in an article: block index, offsets in the block's text (code points, end exclusive).

    `rule` names the extraction rule, `confidence` is 0 to 1, `vague` marks wording such as 建国后 that matches only on
    request. The rule of a date open at one end (1958年起) holds OPEN, also where an end was found for it in what stands
    around it: the next date, or when the text was written.
    """

    block: int
    start: int
    end: int
    period: Period
    rule: str
    confidence: float = 1.0
    vague: bool = False

    @property
    def open(self) -> bool:
        """Whether the wording leaves an end open, so that the date matches only on request."""
        return OPEN in self.rule or self.period.open


class Role(enum.StrEnum):
    """What a person did for the text."""

    AUTHOR = "作者"
    NARRATOR = "口述"
    RECORDER = "整理"
    EDITOR = "编"
    SUPPLIER = "供稿"
    TRANSLATOR = "译"


@dataclass(frozen=True, slots=True)
class Person:
    """A named contributor (a person or an institution)."""

    name: str
    role: Role = Role.AUTHOR


class Status(enum.StrEnum):
    """Where an article stands in the editorial workflow."""

    RECEIVED = "来稿"
    FIRST_REVIEW = "初审"
    SECOND_REVIEW = "复审"
    FINAL_REVIEW = "终审"
    RELEASED = "发布"
    REJECTED = "退稿"
    WITHDRAWN = "撤下"


class Access(enum.StrEnum):
    """Who may read an article."""

    OPEN = "公开"
    INTERNAL = "内部"
    RESTRICTED = "受限"


class Genre(enum.StrEnum):
    """What sort of record an article is."""

    ARTICLE = "article"
    MATTER = "matter"  # 封面、版权页、前言、目录、后记: front and back matter of a volume
    ENTRY = "entry"  # 大事记条目
    TERM = "term"  # 组织史: one body in one term


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A text of the archive. `blocks[0]` is always its title, so that block numbers, permalinks and hits agree.

    `id`, `version` (from 1) and `digest` (SHA-256 of the text) are given by the library; a draft has them empty and 0.
    `number` is the 1-based position in its source. `date` is when the text was written (成文日期). `original` is the
    SHA-256 of the file it came from. `fields` are further (name, value) pairs a collection declares.
    """

    collection: str
    blocks: tuple[Block, ...]
    id: str = ""
    version: int = 0
    digest: str = ""
    number: int = 1
    genre: Genre = Genre.ARTICLE
    volume: str = ""
    section: str = ""
    people: tuple[Person, ...] = ()
    date: Period | None = None
    source: str = ""
    original: str = ""
    status: Status = Status.RELEASED
    access: Access = Access.OPEN
    fields: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.blocks or self.blocks[0].kind is not Kind.TITLE:
            raise ValueError("the first block of an article is its title")

    @property
    def title(self) -> str:
        """The text of block 0."""
        return self.blocks[0].text

    @property
    def characters(self) -> int:
        """Code points over all blocks."""
        return sum(len(block.text) for block in self.blocks)

    @property
    def pages(self) -> str:
        """The printed pages on which its blocks begin, first and last: `12`, `12—15`; "" where they are not known."""
        numbers = list(dict.fromkeys(block.page for block in self.blocks if block.page))
        return "—".join((numbers[0], numbers[-1])[: len(numbers)]) if numbers else ""

    def units(self) -> Iterator[tuple[int, str]]:
        """The (block index, text) pairs that are searched."""
        for index, block in enumerate(self.blocks):
            if block.kind.searched:
                yield index, block.text


class FieldKind(enum.StrEnum):
    """What the value of a descriptive field may be."""

    TEXT = "text"
    PEOPLE = "people"
    DATE = "date"  # any period that can be understood
    CHOICE = "choice"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Declared:
    """A further field that a collection has for its own kind of record: 案号, 承办单位… (archive/catalogue/fields.py).

    `choices` are the values a CHOICE may have; `required` ones may not be empty; `repeatable` ones may have several
    values. The values themselves are (name, value) pairs of `Article.fields`.
    """

    name: str
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[str, ...] = ()
    required: bool = False
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """A body of material that is searched and listed together (one volume, one series, one chronicle)."""

    id: str
    title: str
    description: str = ""
    kind: str = "volume"  # volume, chronicle, roster, records: how its files are read unless told otherwise
    volume: str = ""  # 辑名辑次 given to its articles
    place: str = ""
    invented: bool = False
    fields: tuple[Declared, ...] = ()
    year: str = ""  # of publication, as printed
    position: int = 0  # its place among the collections where somebody ordered them, from 1
    removed: bool = False  # kept with its articles out of use, see archive/arrangement.py
    permit: str = ""  # 准印证号 of a volume that was printed for inside use
    access: Access = Access.OPEN  # who may see anything of it, whatever its articles say

    def unless_decided(self, before: Collection | None) -> Collection:
        """For inside use where a 准印证 has just been noted: opening it is a decision of its own, made afterwards."""
        noted = bool(self.permit) and not (before is not None and before.permit)
        return replace(self, access=Access.INTERNAL) if noted and self.access is Access.OPEN else self


@dataclass(frozen=True, slots=True)
class Issue:
    """Something an import could not keep, changed, or wants looked at.

    `characters` is how many characters of the source it accounts for (left out of the stored text); the reconciliation
    characters in = characters stored + characters of issues depends on it. `place` says where in the source.
    """

    code: IssueCode
    place: str
    message: str
    characters: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """An image taken out of a manuscript: its bytes, or the file where they lie meanwhile, so that memory need not hold
    all pages of a scanned volume.
    """

    sha256: str
    data: bytes
    media_type: str
    file: Path | None = None

    @property
    def content(self) -> bytes | Path:
        """The bytes, or the file that has them."""
        return self.file or self.data

    @property
    def size(self) -> int:
        """Bytes. Raises OSError where the file is gone."""
        return self.file.stat().st_size if self.file else len(self.data)


@dataclass(frozen=True, slots=True)
class Layout:
    """How the source set a block: evidence for splitting, never stored.

    `size` in points, `bold` as share 0 to 1, `indent` in characters that its first line begins further in.
    """

    style: str = ""
    size: float = 0.0
    bold: float = 0.0
    centred: bool = False
    page_break: bool = False
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What every reader returns: one file as blocks, before it is split into articles.

    `layouts` is empty or runs parallel to `blocks`. `characters_in` counts the text characters the reader met in the
    file, white space excluded, before anything was dropped: the left side of the reconciliation.
    """

    name: str
    sha256: str
    blocks: tuple[Block, ...]
    characters_in: int
    issues: tuple[Issue, ...] = ()
    layouts: tuple[Layout, ...] = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)  # title, author… as the file's own properties say
