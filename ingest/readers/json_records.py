"""JSON Lines: articles moved from another system, one record a line, already split and described."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.catalogue import fields
from archive.model.errors import FieldError, ReadError
from archive.model.issues import IssueCode
from archive.model.records import Article, Block, Collection, Issue, Kind, Person, Picture, Run
from archive.support.files import sha256_of
from ingest.readers.plain_text import clean, decode, layout_issues
from ingest.text.byline import parse_byline
from ingest.text.characters import made_title, private_use, visible
from ingest.text.own_date import record_date
from ingest.text.unwrap import Width, find_width, unwrap

MAX_RECORDS = 128 * 2**20  # bytes of one file; some 40 million characters
_KNOWN = frozenset({"id", "title", "author", "date", "text", "collection", "section", "source", "volume"})
_KEEPER = "请把原件交给本单位的保密员"
_LONGEST_MADE_TITLE = 30
_MANY_LINES = 40  # a record with so many lines shows its own width where its group shows none


@dataclass(frozen=True, slots=True)
class Records:
    """What a file of records holds: drafts in its order, `characters_in` titles and texts, and what was met.

    `refused` are the lines (from 1) of state secrets, which have no drafts and must not be kept in an original either.
    """

    name: str
    sha256: str
    articles: tuple[Article, ...]
    characters_in: int
    issues: tuple[Issue, ...]
    refused: tuple[int, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class _Record:
    """One line that is an object; `line` counts from 1."""

    line: int
    values: Mapping[str, object]

    def text(self, key: str) -> str:
        """The value as text; "" where it is absent or null."""
        value = self.values.get(key)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    @property
    def group(self) -> tuple[str, str]:
        """Records of one author in one collection were wrapped alike."""
        return self.text("collection"), self.text("author")


def read(file: Path, name: str, collection: Collection, *, own_collections: bool = True) -> Records:
    """Reads a file of records up to MAX_RECORDS bytes into drafts for `collection`.

    A record that names a collection goes there, unless `own_collections` is False. A line that is no record, or that is
    described as a state secret, is an issue, and the rest goes on; a file without any record raises ReadError.
    """
    text, found = decode(file, name, MAX_RECORDS)
    records, bad = _parse(text)
    issues = [*found, *bad]
    lost = sum(issue.characters for issue in bad)
    if not records:
        raise ReadError(
            f"没有一行是可以读的记录（{bad[0].place}：{bad[0].message}）" if bad else "文件里没有记录",
            place=name,
            hint='每行应是一个 JSON 对象，如 {"id": "a1", "title": "题名", "author": "作者", "text": "正文"}',
        )
    widths = _widths(records)
    articles: list[Article] = []
    met = lost
    seen: set[str] = set()
    refused: list[int] = []
    for number, record in enumerate(records, 1):
        target = record.text("collection") if own_collections else ""
        article, notes = _draft(record, number, target or collection.id, collection.volume, widths[record.group])
        met += visible(record.text("title")) + visible(record.text("text"))
        if held := fields.classified(article):
            refused.append(record.line)
            issues.append(_secret(record, held))
            continue
        if article.id in seen:
            notes.append(
                Issue(IssueCode.DUPLICATE_ID, f"第 {record.line} 行", f"编号 {article.id} 在文件里重复，由系统另给编号")
            )
        if article.id:
            seen.add(article.id)
        articles.append(article)
        issues += notes
    if not articles:
        raise ReadError("每一条记录都填着国家秘密的密级，普通的资料库不收", place=name, hint=_KEEPER)
    return Records(name, sha256_of(file), tuple(articles), met, tuple(issues), tuple(refused))


def _secret(record: _Record, held: FieldError) -> Issue:
    size = visible(record.text("title")) + visible(record.text("text"))
    message = f"{held.message}；只有这一条没有收，存下的原件里也除去了这一行。{_KEEPER}"
    return Issue(IssueCode.STATE_SECRET, f"第 {record.line} 行", message, size)


def _parse(text: str) -> tuple[list[_Record], list[Issue]]:
    records: list[_Record] = []
    bad: list[Issue] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = (
                f"不是完整的 JSON（第 {error.colno} 个字符处）"
                if isinstance(error, json.JSONDecodeError)
                else "JSON 读不出"
            )
            bad.append(Issue(IssueCode.BAD_RECORD, f"第 {number} 行", f"{reason}，没有收入", visible(line)))
            continue
        wrong = _fault(values)
        if wrong:
            bad.append(Issue(IssueCode.BAD_RECORD, f"第 {number} 行", f"{wrong}，没有收入", visible(line)))
        else:
            records.append(_Record(number, values))
    return records, bad


def _fault(values: object) -> str:
    """Why a JSON value is no record; "" where it is one."""
    if not isinstance(values, dict):
        return "不是 JSON 对象"
    if not isinstance(values.get("text"), str):
        return "缺少 text（正文），或不是文字"
    wrong = [key for key in ("id", "title", "author", "date") if isinstance(values.get(key), (dict, list, bool))]
    if wrong:
        return f"{wrong[0]} 不是文字"
    return "" if values["text"].strip() or str(values.get("title") or "").strip() else "题名和正文都是空的"


def _widths(records: list[_Record]) -> Mapping[tuple[str, str], Width | None]:
    """Where the lines of each group break."""
    lines: dict[tuple[str, str], list[str]] = defaultdict(list)
    for record in records:
        lines[record.group] += record.text("text").split("\n")
    return {group: find_width(of_group) for group, of_group in lines.items()}


def _draft(
    record: _Record, number: int, collection: str, volume: str, width: Width | None
) -> tuple[Article, list[Issue]]:
    place = f"第 {record.line} 行"
    text, issues = clean(record.text("text"), place)
    title, more = clean(record.text("title"), place)
    issues += more
    lines = text.split("\n")
    unwrapped = unwrap(lines, width or (find_width(lines) if len(lines) >= _MANY_LINES else None))
    issues += layout_issues(unwrapped, place)
    title = " ".join(title.split("\n")).strip()
    head = Block(Kind.TITLE, (Run(title),)) if title else made_title(unwrapped.paragraphs[0][:_LONGEST_MADE_TITLE])
    blocks = (head, *(Block.plain(Kind.PARAGRAPH, paragraph) for paragraph in unwrapped.paragraphs))
    author, written = record.text("author").strip(), record.text("date").strip()
    people, date = _people(author), record_date(written) if written else None
    extra = list(_extra(record))
    if author and "、".join(person.name for person in people) != author:
        extra.append(("author", author))
    if written and date is None:
        extra.append(("date", written))
        issues.append(
            Issue(IssueCode.RECORD_DATE, place, f"日期“{written}”没有看懂，原样存入 date 一栏，请补上成文日期")
        )
    article = Article(
        collection=collection,
        blocks=blocks,
        id=record.text("id").strip(),
        number=number,
        volume=record.text("volume").strip() or volume,
        section=record.text("section").strip(),
        people=people,
        date=date,
        source=record.text("source").strip(),
        fields=tuple(extra),
    )
    return article, [*issues, *private_use(blocks)]


def _people(author: str) -> tuple[Person, ...]:
    """The people of an author field; a wording the grammar does not know is one name as it stands."""
    return (parse_byline(author, loose=True) or (Person(author),)) if author else ()


def _extra(record: _Record) -> Iterator[tuple[str, str]]:
    """Further keys of the record, as text."""
    for key, value in record.values.items():
        if key not in _KNOWN and value not in (None, ""):
            yield key, record.text(key)
