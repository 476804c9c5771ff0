"""The kinds of issues: a code for each, what it is called and what it means, in one table.

A code is what JSON output, stored imports and the tables of docs/import.md and docs/export.md name; its value never
changes once it has been stored. A code that is not in the table (kept by another version of the program) stays as it
is when it is read back, and counts as a note.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class IssueKind(enum.StrEnum):
    """What an issue asks of the editor, the most pressing first."""

    FAULT = "必须处理"  # a book cannot be made before it is mended
    LOST = "没有收入"  # something of the source is not in what was made of it
    CHECK = "请核对"  # kept, but perhaps not rightly
    CHANGED = "有改动"  # kept in another form, with certainty
    NOTE = "说明"


class IssueCode(enum.StrEnum):
    """Every code, by the step that raises it."""

    # Reading a file: text that is left out
    DELETED = "deleted"
    HIDDEN = "hidden"
    FIELD_CODE = "field-code"
    REPEATED_MARGIN = "repeated-margin"
    PAGE_NUMBER = "page-number"
    WATERMARK = "watermark"
    SEPARATOR = "separator"
    MARKUP = "markup"
    CONTROL = "control"
    BAD_RECORD = "bad-record"
    OUTSIDE_SPINE = "outside-spine"
    OUTSIDE_TEXTS = "outside-texts"
    OTHER_PART = "other-part"
    LOST_IN_DAMAGE = "lost-in-damage"
    GARBLED = "garbled"
    TEXT_LAYER_UNUSED = "text-layer-unused"
    SCANNED_PAGE = "scanned-page"
    ALT_CHUNK = "alt-chunk"
    CHART = "chart"
    EMBEDDED = "embedded"
    FORMULA = "formula"
    DESCRIPTION = "description"

    # Reading a file: pictures
    LINKED_PICTURE = "linked-picture"
    MISSING_PICTURE = "missing-picture"
    UNKNOWN_PICTURE = "unknown-picture"
    PICTURE_FORMAT = "picture-format"
    PICTURE_REDRAWN = "picture-redrawn"
    PDF_PICTURE = "pdf-picture"

    # Reading a file: text that is kept, in another form or with some doubt
    BROKEN_XML = "broken-xml"
    BROKEN_PART = "broken-part"
    UNDECODABLE = "undecodable"
    MIXED_ENCODING = "mixed-encoding"
    MENDED_ENCODING = "mended-encoding"
    GARBLED_TEXT = "garbled-text"
    TEXT_LAYER = "text-layer"
    PRIVATE_USE = "private-use"
    SYMBOL = "symbol"
    FIELD = "field"
    NESTED_TABLE = "nested-table"
    LAYOUT_TABLE = "layout-table"
    RULED_TABLE = "ruled-table"
    ALIGNED_TABLE = "aligned-table"
    COLUMNS = "columns"
    SPREAD = "spread"
    SIDE_BY_SIDE = "side-by-side"
    INDENTATION = "indentation"
    UNWRAPPED = "unwrapped"
    REJOINED = "rejoined"
    CUT_PARAGRAPH = "cut-paragraph"
    MISSING_NOTE = "missing-note"
    UNREFERENCED_NOTE = "unreferenced-note"
    DUPLICATE_ID = "duplicate-id"
    RECORD_DATE = "record-date"
    OCR = "ocr"
    OCR_DOUBTFUL = "ocr-doubtful"
    OCR_EMPTY = "ocr-empty"
    OCR_MISSED = "ocr-missed"

    # Splitting a file into articles
    TITLE_GUESS = "title-guess"
    EMPTY_ARTICLE = "empty-article"
    UNSPLIT = "unsplit"
    ONE_WORK = "one-work"
    FOLDED_TITLES = "folded-titles"
    CHRONICLE_FOUND = "chronicle-found"
    CHRONICLE_LIKELY = "chronicle-likely"
    ENTRY_DATE = "entry-date"
    ENTRY_ORDER = "entry-order"
    NO_ENTRIES = "no-entries"
    NO_TERMS = "no-terms"
    ROSTER_UNREAD = "roster-unread"
    ROSTER_LIKELY = "roster-likely"

    # Taking articles into the library
    SAME_FILE = "same-file"
    SAME_TEXT = "same-text"
    SAME_LEFT_OUT = "same-left-out"
    NEAR_DUPLICATE = "near-duplicate"
    RELEASED = "released"
    SECRECY_MARK = "secrecy-mark"
    STATE_SECRET = "state-secret"
    UNFOUND = "unfound"

    # Compiling a book, and making an edition again
    BOOK_UNKNOWN = "book-unknown"
    BOOK_WITHDRAWN = "book-withdrawn"
    BOOK_DIGEST = "book-digest"
    BOOK_EDIT = "book-edit"
    BOOK_CHANGED = "book-changed"
    BOOK_ACCESS = "book-access"
    BOOK_IMPRINT = "book-imprint"
    EDITION_TOOL = "edition-tool"
    EDITION_FONT = "edition-font"
    EDITION_PICTURE = "edition-picture"
    EDITION_REFERENCE = "edition-reference"

    # Writing a book to a file
    EXPORT_PAGES = "export-pages"
    EXPORT_COUNTS = "export-counts"
    EXPORT_INDEX = "export-index"
    EXPORT_COMMENT = "export-comment"
    EXPORT_TEXT = "export-text"
    EXPORT_STRUCK = "export-struck"
    EXPORT_HEADER = "export-header"
    EXPORT_FOOTER = "export-footer"
    EXPORT_CHARACTERS = "export-characters"
    EXPORT_PICTURE = "export-picture"
    EXPORT_NOTE = "export-note"
    EXPORT_TABLE = "export-table"
    EXPORT_ARCHIVAL = "export-archival"
    EXPORT_LACKING = "export-lacking"
    EXPORT_ORIGINAL = "export-original"
    EPUB_FONT = "epub-font"
    FONT_REPLACED = "font-replaced"
    FONT_UNREADABLE = "font-unreadable"
    CHARACTER_MISSING = "character-missing"
    CHARACTER_FALLBACK = "character-fallback"
    VARIATION_REDUCED = "variation-reduced"

    @classmethod
    def _missing_(cls, value: object) -> IssueCode | None:
        """A code of another version, as it was stored; it is not listed among the members."""
        if not isinstance(value, str):
            return None
        unlisted = str.__new__(cls, value)
        unlisted._name_ = unlisted._value_ = value
        return unlisted

    @property
    def type(self) -> IssueType:
        """The row of the table; that of an unspecified note for a code of another version."""
        return ISSUE_TYPES.get(self, _UNLISTED)


OF_OTHER_TEXTS = frozenset(
    {IssueCode.SAME_FILE, IssueCode.SAME_TEXT, IssueCode.SAME_LEFT_OUT, IssueCode.NEAR_DUPLICATE}
)
"""The codes of issues that name other articles of the library."""


@dataclass(frozen=True, slots=True)
class IssueType:
    """A row of the table. `title` is what pages and reports call all issues of the code (Chinese, without a full stop).

    `drops` tells whether such an issue may account for characters of the source that are not stored: only these count
    in the reconciliation of an import.
    """

    kind: IssueKind
    title: str
    drops: bool = False


def _lost(title: str) -> IssueType:
    return IssueType(IssueKind.LOST, title, drops=True)


def _check(title: str) -> IssueType:
    return IssueType(IssueKind.CHECK, title)


def _changed(title: str) -> IssueType:
    return IssueType(IssueKind.CHANGED, title)


def _note(title: str) -> IssueType:
    return IssueType(IssueKind.NOTE, title)


def _fault(title: str) -> IssueType:
    return IssueType(IssueKind.FAULT, title)


_UNLISTED = _note("其他情况")

ISSUE_TYPES = {
    IssueCode.DELETED: _lost("修订中删除的文字"),
    IssueCode.HIDDEN: _lost("隐藏的文字"),
    IssueCode.FIELD_CODE: _lost("域代码里的文字"),
    IssueCode.REPEATED_MARGIN: _lost("重复的页眉页脚"),
    IssueCode.PAGE_NUMBER: _lost("页码"),
    IssueCode.WATERMARK: _lost("水印"),
    IssueCode.SEPARATOR: _lost("注释分隔线里的文字"),
    IssueCode.MARKUP: _lost("格式记号"),
    IssueCode.CONTROL: _lost("控制字符"),
    IssueCode.BAD_RECORD: _lost("有问题的记录"),
    IssueCode.OUTSIDE_SPINE: _lost("不在阅读顺序里的页"),
    IssueCode.OUTSIDE_TEXTS: _lost("不属于任何一篇的文字"),
    IssueCode.OTHER_PART: IssueType(IssueKind.LOST, "文件里不是正文的部分"),
    IssueCode.LOST_IN_DAMAGE: _lost("因文件损坏没能读出的字"),
    IssueCode.GARBLED: _lost("乱码的文字层"),
    IssueCode.TEXT_LAYER_UNUSED: _lost("没有采用的文字层"),
    IssueCode.SCANNED_PAGE: IssueType(IssueKind.LOST, "没有识别的扫描页"),
    IssueCode.ALT_CHUNK: IssueType(IssueKind.LOST, "嵌在文件里的外部文档"),
    IssueCode.CHART: _lost("图表"),
    IssueCode.EMBEDDED: IssueType(IssueKind.LOST, "嵌入的对象"),
    IssueCode.FORMULA: IssueType(IssueKind.LOST, "没有结果的公式"),
    IssueCode.DESCRIPTION: IssueType(IssueKind.LOST, "图片的替代文字"),
    IssueCode.LINKED_PICTURE: _lost("只有链接的图片"),
    IssueCode.MISSING_PICTURE: IssueType(IssueKind.LOST, "找不到的图片"),
    IssueCode.UNKNOWN_PICTURE: IssueType(IssueKind.LOST, "格式不认识的图片"),
    IssueCode.PICTURE_REDRAWN: _changed("画成 PNG 的图片"),
    IssueCode.PICTURE_FORMAT: _check("浏览器可能显示不了的图片"),
    IssueCode.PDF_PICTURE: IssueType(IssueKind.LOST, "PDF 里没能取出的图片"),
    IssueCode.BROKEN_XML: _check("文件内部有损坏"),
    IssueCode.BROKEN_PART: IssueType(IssueKind.LOST, "文件内部读不出的部分"),
    IssueCode.UNDECODABLE: _check("按编码读不出的字节"),
    IssueCode.MIXED_ENCODING: _changed("混用编码的行"),
    IssueCode.MENDED_ENCODING: _changed("还原的乱码"),
    IssueCode.GARBLED_TEXT: _check("像是乱码的文字"),
    IssueCode.TEXT_LAYER: _check("扫描件里带着的文字"),
    IssueCode.PRIVATE_USE: _check("造字区的字"),
    IssueCode.SYMBOL: _check("符号字体里的字"),
    IssueCode.FIELD: _check("著录项或域里的文字"),
    IssueCode.NESTED_TABLE: _changed("表中表没有保留行列"),
    IssueCode.LAYOUT_TABLE: _changed("排版用的表格读成段落"),
    IssueCode.ALIGNED_TABLE: _check("按上下对齐读出的表格"),
    IssueCode.RULED_TABLE: _note("按框线分格读出的表格"),
    IssueCode.COLUMNS: _check("逐栏读出的页"),
    IssueCode.SPREAD: _check("摊开两页、分成两页的图像"),
    IssueCode.SIDE_BY_SIDE: _check("左右分开、按行读出的文字"),
    IssueCode.INDENTATION: _changed("去掉的段首空白"),
    IssueCode.UNWRAPPED: _changed("接起来的行"),
    IssueCode.REJOINED: _changed("接起来的段落"),
    IssueCode.CUT_PARAGRAPH: _check("像是断开的段落"),
    IssueCode.MISSING_NOTE: _check("有注码没有注"),
    IssueCode.UNREFERENCED_NOTE: _check("有注没有注码"),
    IssueCode.DUPLICATE_ID: _check("重复的编号"),
    IssueCode.RECORD_DATE: _check("看不懂的日期"),
    IssueCode.OCR: _check("由机器识别的文字"),
    IssueCode.OCR_DOUBTFUL: _check("机器没有把握的行"),
    IssueCode.OCR_EMPTY: _check("没有认出文字的图像"),
    IssueCode.OCR_MISSED: IssueType(IssueKind.LOST, "没有认全的行"),
    IssueCode.TITLE_GUESS: _check("猜的题名"),
    IssueCode.EMPTY_ARTICLE: _check("没有正文的篇"),
    IssueCode.UNSPLIT: _check("看不出分篇的长稿"),
    IssueCode.ONE_WORK: _check("作一篇收入的章节"),
    IssueCode.FOLDED_TITLES: _check("没有列进分篇表的行"),
    IssueCode.CHRONICLE_FOUND: _note("认作大事记"),
    IssueCode.CHRONICLE_LIKELY: _check("像大事记"),
    IssueCode.ENTRY_DATE: _check("条目的日期"),
    IssueCode.ENTRY_ORDER: _check("条目的先后"),
    IssueCode.NO_ENTRIES: _check("没有找到条目"),
    IssueCode.NO_TERMS: _check("分不出届次"),
    IssueCode.ROSTER_LIKELY: _check("像组织史"),
    IssueCode.ROSTER_UNREAD: _check("没有读出任职记录的行"),
    IssueCode.SAME_FILE: _note("收入过的文件"),
    IssueCode.SAME_TEXT: _check("文字相同的文章"),
    IssueCode.SAME_LEFT_OUT: _lost("馆藏里有、没有再收的文章"),
    IssueCode.NEAR_DUPLICATE: _check("大半相同的文章"),
    IssueCode.RELEASED: _lost("编者放行的缺字"),
    IssueCode.STATE_SECRET: _lost("国家秘密的记录"),
    IssueCode.SECRECY_MARK: _check("像是密级标志的字样"),
    IssueCode.UNFOUND: _check("可能没有收入的段落"),
    IssueCode.BOOK_UNKNOWN: _fault("库里没有的文章"),
    IssueCode.BOOK_WITHDRAWN: _fault("已撤下的文章"),
    IssueCode.BOOK_DIGEST: _fault("与选定时不同的文字"),
    IssueCode.BOOK_EDIT: _fault("做不到的改动"),
    IssueCode.BOOK_CHANGED: _check("库里有新版的文章"),
    IssueCode.BOOK_ACCESS: _check("不公开的文章"),
    IssueCode.BOOK_IMPRINT: _check("版权页缺的项目"),
    IssueCode.EDITION_TOOL: _check("换过的程序"),
    IssueCode.EDITION_FONT: _check("换过的字体"),
    IssueCode.EDITION_PICTURE: _check("换过的图片"),
    IssueCode.EDITION_REFERENCE: _check("换过的版式参考文件"),
    IssueCode.EXPORT_PAGES: _note("页码的来历"),
    IssueCode.EXPORT_COUNTS: _note("面数、印张和书脊"),
    IssueCode.EXPORT_INDEX: _check("书里没有出现的索引名字"),
    IssueCode.EXPORT_COMMENT: _lost("批注"),
    IssueCode.EXPORT_TEXT: _lost("目录格式放不下的文字"),
    IssueCode.EXPORT_STRUCK: _lost("划去的文字"),
    IssueCode.EXPORT_HEADER: _lost("页眉"),
    IssueCode.EXPORT_FOOTER: _lost("页脚"),
    IssueCode.EXPORT_CHARACTERS: _lost("控制字符"),
    IssueCode.EXPORT_PICTURE: _check("图片"),
    IssueCode.EXPORT_NOTE: _check("注释"),
    IssueCode.EXPORT_TABLE: _changed("表格"),
    IssueCode.EXPORT_ARCHIVAL: _note("PDF/A 和标签"),
    IssueCode.EXPORT_LACKING: _check("封装包缺的项目"),
    IssueCode.EXPORT_ORIGINAL: _check("没有装进封装包的原件"),
    IssueCode.EPUB_FONT: _note("随书嵌入的字形"),
    IssueCode.FONT_REPLACED: _check("换用的字体"),
    IssueCode.FONT_UNREADABLE: _check("读不了的字体"),
    IssueCode.CHARACTER_MISSING: _check("没有字体的字"),
    IssueCode.CHARACTER_FALLBACK: _note("换用别的字体的字"),
    IssueCode.VARIATION_REDUCED: _changed("印成通行字形的异体"),
}
"""The row of every code."""
