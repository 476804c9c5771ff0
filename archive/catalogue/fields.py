"""The fields articles are described by: their names, the values they may have, and where they are stored.

Names are those offices use. `term` aligns a field with Dublin Core (DCMI Metadata Terms), `element` with DA/T 18—2022
《档案著录规则》; docs/metadata.md shows the table. A value is text as people write it; a field has none, one or, when
it is repeatable, several.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from archive import dates
from archive.model.errors import FieldError, PeriodError
from archive.model.records import (
    Access,
    Article,
    Block,
    Collection,
    Declared,
    FieldKind,
    Kind,
    Period,
    Person,
    Role,
    Run,
    Status,
)

SEPARATOR = "；"
"""Between the values of a repeatable field where they stand in one cell or one input."""

LONG_TEXTS = frozenset({"提要"})
"""Fields whose value may run over several lines."""

Reading = Callable[[str], Period]
"""What a date expression means; raises PeriodError."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A field: standard ones have `term` or `element`, those of a collection neither."""

    name: str
    kind: FieldKind = FieldKind.TEXT
    term: str = ""
    element: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    repeatable: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """What is to be set on one article: texts or values by field. `version` is the one it was decided on; 0: any."""

    article: str
    changes: Mapping[str, str | Sequence[str]]
    version: int = 0


def _people(name: str, term: str) -> Definition:
    return Definition(name, FieldKind.PEOPLE, term, "责任者", repeatable=True)


STANDARD = (
    Definition("题名", FieldKind.TEXT, "dcterms:title", "题名", required=True),
    Definition("副题名", FieldKind.TEXT, "dcterms:alternative", "题名"),
    _people("作者", "dcterms:creator"),
    _people("口述者", "dcterms:contributor"),
    _people("整理者", "dcterms:contributor"),
    _people("编者", "dcterms:contributor"),
    _people("译者", "dcterms:contributor"),
    _people("供稿单位", "dcterms:contributor"),
    Definition("辑名辑次", FieldKind.TEXT, "dcterms:isPartOf"),
    Definition("栏目", FieldKind.TEXT, "dcterms:isPartOf"),
    Definition("页码", FieldKind.TEXT, "dcterms:bibliographicCitation"),
    Definition("来源", FieldKind.TEXT, "dcterms:source"),
    Definition("成文日期", FieldKind.DATE, "dcterms:created", "日期"),
    Definition("所涉年代", FieldKind.DATE, "dcterms:temporal", "范围和提要", repeatable=True),
    Definition("地域", FieldKind.TEXT, "dcterms:spatial", "主题词或关键词", repeatable=True),
    Definition("人物", FieldKind.TEXT, "dcterms:subject", "人名", repeatable=True),
    Definition("关键词", FieldKind.TEXT, "dcterms:subject", "主题词或关键词", repeatable=True),
    Definition("提要", FieldKind.TEXT, "dcterms:abstract", "范围和提要"),
    Definition("密级", FieldKind.CHOICE, "dcterms:accessRights", "密级", choices=("公开", "内部")),
    Definition("保密期限", FieldKind.DATE, "dcterms:available", "密级"),
    Definition("开放标识", FieldKind.CHOICE, "dcterms:accessRights", "开放标识", choices=tuple(Access), required=True),
    Definition("版权授权", FieldKind.TEXT, "dcterms:rights"),
    Definition("稿件状态", FieldKind.CHOICE, choices=tuple(Status), required=True),
    Definition("稿本", FieldKind.CHOICE, "", "稿本", choices=("草稿", "定稿", "手稿", "正本", "副本")),
    Definition("保管期限", FieldKind.CHOICE, "", "保管期限", choices=("永久", "30年", "10年", "长期", "短期")),
    Definition("档号", FieldKind.TEXT, "dcterms:identifier", "档号"),
)

PEOPLE = {
    "作者": Role.AUTHOR,
    "口述者": Role.NARRATOR,
    "整理者": Role.RECORDER,
    "编者": Role.EDITOR,
    "译者": Role.TRANSLATOR,
    "供稿单位": Role.SUPPLIER,
}
"""The fields that name people, and what these did."""

_ATTRIBUTES = {"辑名辑次": "volume", "栏目": "section", "来源": "source"}
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""What no value may hold: control characters, and halves of pairs."""

_PARTS = {FieldKind.PEOPLE: re.compile(r"[；;、\n]")}
_PART = re.compile(r"[；;\n]")
_LONGEST = {FieldKind.PEOPLE: 60, FieldKind.DATE: 60, FieldKind.NUMBER: 30}


_SECRECY, _ACCESS = "密级", "开放标识"
_CLASSIFIED = frozenset({"秘密", "机密", "绝密"})  # libraries of before may hold such; nothing new comes in


def definitions(collection: Collection, articles: Iterable[Article] = ()) -> tuple[Definition, ...]:
    """The fields of a collection: the standard ones, those it declares, and any others that `articles` have values of.

    The last came with records of other systems; they are free text.
    """
    standard = {one.name for one in STANDARD}
    named = [*STANDARD, *(declared(one) for one in collection.fields if one.name not in standard)]
    known = {one.name for one in named}
    others = dict.fromkeys(name for article in articles for name, _ in article.fields if name not in known)
    return (*named, *(Definition(name, repeatable=True) for name in others))


def declared(one: Declared) -> Definition:
    """The definition of a field that a collection declares."""
    return Definition(one.name, one.kind, choices=one.choices, required=one.required, repeatable=one.repeatable)


def values(article: Article, name: str) -> tuple[str, ...]:
    """The values an article has in a field, as people write them; empty where it has none."""
    if name in PEOPLE:
        return tuple(person.name for person in article.people if person.role is PEOPLE[name])
    if name in _ATTRIBUTES:
        return _present(getattr(article, _ATTRIBUTES[name]))
    match name:
        case "题名":
            return _present(article.title)
        case "副题名":
            return _present("　".join(block.text for block in article.blocks if block.kind is Kind.SUBTITLE))
        case "成文日期":
            return _present((article.date.written or dates.describe(article.date)) if article.date else "")
        case "开放标识":
            return (article.access.value,)
        case "稿件状态":
            return (article.status.value,)
    return tuple(value for key, value in article.fields if key == name)


def written(article: Article, name: str) -> str:
    """The values of a field in one line."""
    return SEPARATOR.join(values(article, name))


def _present(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def split(definition: Definition, text: str) -> tuple[str, ...]:
    """The values written in one cell or input: ； separates those of a repeatable field, in names also 、."""
    parts = _PARTS.get(definition.kind, _PART).split(text) if definition.repeatable else [text]
    return tuple(part.strip() for part in parts if part.strip())


# -- changing


def described(
    article: Article,
    changes: Mapping[str, str | Sequence[str]],
    known: Sequence[Definition],
    read: Reading,
) -> Article:
    """The article with these fields set, every other one as it was; a text is split by `split`, an empty one clears.

    What already stands there stays exactly as it is. Raises FieldError, which names the field and what it takes.
    """
    by_name = {one.name: one for one in known}
    for name, given in changes.items():
        definition = by_name.get(name)
        if definition is None:
            near = get_close_matches(name, by_name, n=1)
            hint = f"是不是“{near[0]}”？" if near else f"可用的有：{'、'.join(by_name)}"
            raise FieldError(f"没有“{name}”这一项", field=name, hint=hint)
        # A wording that is not changed is not read anew: it may be one that nobody types.
        if given == written(article, name) or (not isinstance(given, str) and tuple(given) == values(article, name)):
            continue
        parts = split(definition, given) if isinstance(given, str) else tuple(part.strip() for part in given)
        article = _set(article, definition, check(definition, parts, read), read)
    if {_SECRECY, _ACCESS} & changes.keys() and (fault := _secrecy_fault(article)):
        raise fault
    return article


def as_secret_as_marked(article: Article) -> Article:
    """The article with its access no wider than its 密级 allows: what an import brings in cannot contradict itself."""
    return replace(article, access=_widest(article)) if _secrecy_fault(article) else article


def classified(article: Article) -> FieldError | None:
    """Why an article may not come in that is described as a state secret; None for all others."""
    found = [one for one in values(article, _SECRECY) if one in _CLASSIFIED]
    return _state_secret(found[0]) if found else None


def _state_secret(value: str) -> FieldError:
    return FieldError(
        f"“{_SECRECY}”不能是{value}：国家秘密只能在涉密计算机上处理，普通的资料库不收",
        field=_SECRECY,
        hint="把原件交给本单位的保密员；已经收进来的，用“管理”里的“清除”连原件一起除去",
    )


def _widest(article: Article) -> Access:
    """The widest access that the 密级 of an article allows."""
    marked = values(article, _SECRECY)
    return {"公开": Access.OPEN, "内部": Access.INTERNAL}.get(marked[0], Access.RESTRICTED) if marked else Access.OPEN


def _secrecy_fault(article: Article) -> FieldError | None:
    """What is wrong where an article is marked as more secret than its access says."""
    narrowing = tuple(Access)
    if narrowing.index(article.access) >= narrowing.index(_widest(article)):
        return None
    marked = values(article, _SECRECY)[0]
    allowed = "、".join(narrowing[narrowing.index(_widest(article)) :])
    message = f"“{_SECRECY}”是{marked}，“{_ACCESS}”就不能是{article.access.value}"
    return FieldError(message, field=_ACCESS, hint=f"把{_ACCESS}改成{allowed}，或改正{_SECRECY}")


def check(definition: Definition, given: Sequence[str], read: Reading) -> tuple[str, ...]:
    """The values as they are kept. Raises FieldError for one that does not fit, or for their number."""
    if definition.required and not given:
        raise FieldError(f"“{definition.name}”不能为空", field=definition.name, hint=_wanted(definition))
    if len(given) > 1 and not definition.repeatable:
        raise FieldError(f"“{definition.name}”只能有一个值", field=definition.name, hint=_wanted(definition))
    return tuple(_checked(definition, value, read) for value in given)


def faults(article: Article, known: Sequence[Definition], read: Reading) -> list[FieldError]:
    """What is wrong with the values an article has: required ones missing, others that do not fit."""
    found = []
    for definition in known:
        if definition.name == "成文日期":
            continue  # has been read already; its wording may be the manuscript's
        try:
            check(definition, values(article, definition.name), read)
        except FieldError as fault:
            found.append(fault)
    if contradiction := _secrecy_fault(article):
        found.append(contradiction)
    return found


def _checked(definition: Definition, value: str, read: Reading) -> str:
    def wrong(what: str) -> FieldError:
        return FieldError(f"“{definition.name}”{what}", field=definition.name, hint=_wanted(definition))

    if not value or UNWRITABLE.search(value):
        raise wrong("里有空的值" if not value else "里有不能保存的控制字符")
    if "\n" in value and definition.name not in LONG_TEXTS:
        raise wrong("只能写一行")
    longest = _LONGEST.get(definition.kind)
    if longest and len(value) > longest:
        raise wrong(f"太长（{len(value)} 字）：{value[:20]}……")
    match definition.kind:
        case FieldKind.CHOICE if definition.name == _SECRECY and value in _CLASSIFIED:
            raise _state_secret(value)
        case FieldKind.CHOICE if value not in definition.choices:
            raise wrong(f"不能是“{value[:20]}”")
        case FieldKind.NUMBER:
            value = unicodedata.normalize("NFKC", value)
            if not NUMBER.fullmatch(value):
                raise wrong(f"应是数字，“{value}”不是")
        case FieldKind.DATE:
            try:
                read(value)
            except PeriodError as fault:
                raise wrong(f"看不懂：{fault.message}") from fault
    return value


def _wanted(definition: Definition) -> str:
    match definition.kind:
        case FieldKind.CHOICE:
            return f"可选：{'、'.join(definition.choices)}"
        case FieldKind.DATE:
            return "写成看得懂的时间，如 1985年3月、1985-03-02、民国二十三年、1936..1945"
        case FieldKind.NUMBER:
            return "写阿拉伯数字，如 12 或 3.5"
        case FieldKind.PEOPLE:
            return f"写姓名或单位名称，几个之间用{SEPARATOR}隔开"
    return f"几个值之间用{SEPARATOR}隔开" if definition.repeatable else "写一段文字"


def _set(article: Article, definition: Definition, given: tuple[str, ...], read: Reading) -> Article:
    name, first = definition.name, given[0] if given else ""
    if name in PEOPLE:
        return replace(article, people=_with_people(article.people, PEOPLE[name], given))
    if name in _ATTRIBUTES:
        return replace(article, **{_ATTRIBUTES[name]: first})  # type: ignore[arg-type]
    match name:
        case "题名":
            return replace(article, blocks=(_reworded(article.blocks[0], first), *article.blocks[1:]))
        case "副题名":
            return replace(article, blocks=_with_subtitle(article.blocks, first))
        case "成文日期":
            return replace(article, date=read(first) if first else None)
        case "开放标识":
            return replace(article, access=Access(first))
        case "稿件状态":
            return replace(article, status=Status(first))
    kept = [pair for pair in article.fields if pair[0] != name]
    place = next((index for index, pair in enumerate(article.fields) if pair[0] == name), len(kept))
    return replace(article, fields=(*kept[:place], *((name, value) for value in given), *kept[place:]))


def _with_people(people: tuple[Person, ...], role: Role, names: Sequence[str]) -> tuple[Person, ...]:
    """The people of one role replaced, where the first of them stood; the others in their order."""
    kept = [person for person in people if person.role is not role]
    place = next((index for index, person in enumerate(people) if person.role is role), len(kept))
    return (*kept[:place], *(Person(name, role) for name in names), *kept[place:])


def _reworded(block: Block, text: str) -> Block:
    """The block with another text; references to notes stay, at its end."""
    notes = [run for run in block.runs if run.note]
    return replace(block, runs=(Run(text), *notes) if text else tuple(notes))


def _with_subtitle(blocks: tuple[Block, ...], text: str) -> tuple[Block, ...]:
    """A subtitle behind the title, or in the place of the one there was."""
    places = [index for index, block in enumerate(blocks) if block.kind is Kind.SUBTITLE]
    place = places[0] if places else 1
    made = (_reworded(blocks[place], text) if places else Block.plain(Kind.SUBTITLE, text),) if text else ()
    rest = [block for index, block in enumerate(blocks) if index not in places]
    return (*rest[:place], *made, *rest[place:])
