"""From what a person types to the query tree, and back into words.

Operators count only where they stand free: OR, NEAR/n and EXCEPT between spaces; `-`, a quote, a bracket or a field
name at the start of a term; a closing bracket after a term whose own brackets are balanced. Everywhere else they are
text, so 国发（1982）8号 is one term. A name before a colon that is no field of the library's is text too. Full-width
quotes, brackets, colon and minus work like the ASCII ones; only ASCII ? and * are wildcards, and none when searching as
written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn

from archive.catalogue.fields import STANDARD
from archive.model.errors import QueryError
from archive.model.search import LONGEST_QUERY
from archive.search.query import (
    And,
    Except,
    Field,
    FieldName,
    Literal,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Reach,
    Term,
    Wildcard,
    Words,
)
from archive.text.folding import INVISIBLE

DEEPEST_GROUP = 20
MOST_TERMS = 200
MOST_WILDCARDS = 10  # in one term
STAR = 10  # the most characters `*` stands for
FARTHEST = 999

_QUOTES = {'"': '"', "＂": "＂", "“": "”", "「": "」"}
_OPENING, _CLOSING = "(（", ")）"
_MINUS, _COLON = "-－", ":："
_OR, _EXCEPT, _NEAR = re.compile("OR"), re.compile("EXCEPT"), re.compile(rf"NEAR(?:[/／]([^\s{_CLOSING}]*))?")
_SAME = {"题名": FieldName.TITLE, "辑名辑次": FieldName.VOLUME}
_NAMES = frozenset({*FieldName, *_SAME, *(one.name for one in STANDARD)})
_WILD = re.compile(r"[?*]+")
_CONTROL = {code: None for code in (*range(32), *range(127, 160)) if not chr(code).isspace()}
_CONTROL |= dict.fromkeys(range(0x1C, 0x20))  # white space to Python; in an index they part blocks
_UNSEEN = re.compile(f"[{INVISIBLE}]")


def parse(text: str, *, as_written: bool = False, fields: Iterable[str] = ()) -> Node:
    """The tree of `text`; an empty one is `And(())`, which matches everything. QueryError points at the place.

    `fields` are the names of descriptive fields that may be asked for beside the standard ones. Control characters,
    which no stored text has, are passed over.
    """
    if len(text) > LONGEST_QUERY:
        raise QueryError(
            f"检索式太长（{len(text)} 字，最多 {LONGEST_QUERY} 字）",
            query=text[:20] + "…",
            position=0,
            hint="请只取其中有特点的一句，放在引号里检索。",
        )
    for position, char in enumerate(text):
        if "\ud800" <= char <= "\udfff":
            raise QueryError("有不能识别的字符", query=text[:position], position=position, hint="请重新输入检索式。")
    return _Parser(text.translate(_CONTROL), as_written, _named(frozenset(fields))).whole()


@lru_cache(32)
def may_name_fields(text: str) -> bool:
    """Whether the names of fields make a difference to how the text is read: they end in a colon."""
    return any(colon in text for colon in _COLON)


@lru_cache(32)
def _named(fields: frozenset[str]) -> re.Pattern[str]:
    """What begins a condition on a field; the colon decides between names that begin alike."""
    return re.compile(rf"({'|'.join(re.escape(name) for name in sorted(_NAMES | fields) if name)})[{_COLON}]")


@dataclass
class _Parser:
    text: str
    as_written: bool
    field_name: re.Pattern[str]
    at: int = 0
    groups: list[int] = field(default_factory=list)
    terms: int = 0

    # -- the grammar, from loose to tight
    def whole(self) -> Node:
        self.skip()
        if self.ended:
            return And(())
        tree = self.alternatives()
        if not self.ended:
            self.fail("多了一个右括号", "去掉它；要检索括号本身，请用引号括起整段文字。")
        return tree

    def alternatives(self) -> Node:
        children = [self.conjunction()]
        while operator := self.match(_OR):
            if self.ended or self.closing:
                self.fail("OR 后面没有词", '在 OR 后面补上另一个词；要检索 OR 本身，请写成 "OR"。', operator.start())
            children.append(self.conjunction())
        return _joined(Or, children)

    def conjunction(self) -> Node:
        children: list[Node] = []
        while not self.ended and not self.closing and not self.next_is(_OR):
            children.append(self.negation())
        if not children:
            self.fail("这里缺少检索词", 'OR 的两边、括号里面都要有词；要检索 OR 本身，请写成 "OR"。')
        return _joined(And, children)

    def negation(self) -> Node:
        denied = False
        while self.here in _MINUS and self.at + 1 < len(self.text) and not self.text[self.at + 1].isspace():
            self.at += 1
            denied = not denied
        child = self.proximity()
        return Not(child) if denied else child

    def proximity(self) -> Node:
        left_at = self.at
        self.refuse_operator()
        left = self.exception()
        operator = self.match(_NEAR)
        if operator is None:
            return left
        reach = self.reach(operator)
        if self.ended or self.closing or self.next_is(_OR):
            self.fail("NEAR 后面没有词", "写成：羊皮 NEAR/10 筏", operator.start())
        right_at = self.at
        right = self.exception()
        if self.next_is(_NEAR):
            self.fail("NEAR 一次只能连接两个词", "请分成两个条件，例如：(甲 NEAR/10 乙) (乙 NEAR/10 丙)")
        return Near(self.literal(left, left_at), self.literal(right, right_at), reach)

    def reach(self, operator: re.Match[str]) -> int | Reach:
        """What stands after `NEAR/`, or the usual distance."""
        written = operator.group(1)
        if written in tuple(Reach):
            return Reach(written)
        if written is None or (written.isdecimal() and len(written) <= len(str(FARTHEST))):
            return int(written or STAR)
        hint = f"斜线后面写 0 到 {FARTHEST} 的字数，或者{'、'.join(Reach)}，再空一格写下一个词，例如：羊皮 NEAR/10 筏"
        return self.fail(f"“{operator.group()[:20]}”没有说清相隔多远", hint, operator.start())

    def refuse_operator(self) -> None:
        if self.next_is(_NEAR):
            self.fail("NEAR 前面没有词", '写成：羊皮 NEAR/10 筏；要检索 NEAR 本身，请写成 "NEAR"。')
        if self.next_is(_EXCEPT):
            self.fail("EXCEPT 前面没有词", '写成：舍利 EXCEPT 舍利弗；要检索 EXCEPT 本身，请写成 "EXCEPT"。')

    def exception(self) -> Node:
        """A term, and the longer ones it may not be part of."""
        leaf_at = self.at
        leaf = self.atom()
        wholes = []
        while operator := self.match(_EXCEPT):
            if self.ended or self.closing or self.next_is(_OR) or self.next_is(_NEAR):
                self.fail("EXCEPT 后面没有词", "写成：舍利 EXCEPT 舍利弗", operator.start())
            whole_at = self.at
            wholes.append(self.plain(self.atom(), whole_at))
        return Except(self.plain(leaf, leaf_at), tuple(wholes)) if wholes else leaf

    def plain(self, node: Node, at: int) -> Term | Phrase | Wildcard:
        if not isinstance(node, Term | Phrase | Wildcard):
            self.fail("EXCEPT 的两边只能是词或引号里的文字", "括号和栏目条件请写在 EXCEPT 之外。", at)
        return node

    def literal(self, node: Node, at: int) -> Literal:
        if not isinstance(node, Term | Phrase | Wildcard | Except):
            self.fail("NEAR 的两边只能是词或引号里的文字", "括号和栏目条件请写在 NEAR 之外。", at)
        return node

    def atom(self) -> Node:
        self.terms += 1
        if self.terms > MOST_TERMS:
            self.fail(f"检索式里的词太多（最多 {MOST_TERMS} 个）", "请把检索式拆成几次来查。")
        if self.here in _OPENING:
            return self.group()
        if self.here in _QUOTES:
            return Phrase(self.quoted())
        if named := self.field_name.match(self.text, self.at):
            return self.named_field(named)
        return self.term()

    def group(self) -> Node:
        opened = self.at
        if len(self.groups) == DEEPEST_GROUP:
            self.fail(f"括号套得太深（最多 {DEEPEST_GROUP} 层）", "请把检索式拆成几次来查。")
        self.groups.append(opened)
        self.at += 1
        self.skip()
        if self.ended:
            self.fail("括号没有配对", "补上右括号；要检索括号本身，请用引号括起整段文字。", opened)
        tree = self.alternatives()
        if not self.closing:
            self.fail("括号没有配对", "补上右括号；要检索括号本身，请用引号括起整段文字。", opened)
        self.groups.pop()
        self.at += 1
        self.skip()
        return tree

    def named_field(self, named: re.Match[str]) -> Node:
        self.at = named.end()
        if self.ended or self.here.isspace() or self.closing:
            self.fail(f"“{named.group(1)}：”后面没有内容", "冒号后面紧接着写，不要空格，例如：作者:张三", named.start())
        value = self.quoted() if self.here in _QUOTES else self.bare()
        name = named.group(1)
        return Field(_SAME.get(name, name), value)

    # -- the words
    def quoted(self) -> str:
        opened, closing = self.at, _QUOTES[self.here]
        inside: list[str] = []
        self.at += 1
        while not self.ended:
            if not self.text.startswith(closing, self.at):
                inside.append(self.here)
            elif self.text.startswith(closing * 2, self.at):
                inside.append(closing)
                self.at += 1
            else:
                break
            self.at += 1
        if self.ended:
            self.fail("引号没有配对", "补上后引号；要检索引号本身，请在引号里把它写两遍。", opened)
        if not (inside if self.as_written else _UNSEEN.sub("", "".join(inside))):
            self.fail("引号里没有内容", "在引号里写上要逐字检索的文字。", opened)
        self.at += 1
        self.skip()
        return "".join(inside)

    def term(self) -> Node:
        started = self.at
        text = self.bare()
        if self.as_written:
            return Term(text)
        bare = _UNSEEN.sub("", text).strip("?*")
        if not bare:
            self.fail("只有通配符，没有字", "? 代表一个字，* 代表十个字以内，前后都要有字，例如：刘?勇", started)
        parts = tuple(_WILD.split(bare))
        if len(parts) > MOST_WILDCARDS + 1:
            self.fail(f"一个词里的通配符太多（最多 {MOST_WILDCARDS} 处）", "请只留下有特点的几处。", started)
        if len(parts) > 1:
            return Wildcard(parts, tuple(_gap(wild) for wild in _WILD.findall(bare)))
        return Term(bare)

    def bare(self) -> str:
        """Text up to white space, or up to the bracket that closes the group it stands in."""
        started, depth = self.at, 0
        while not self.ended and not self.here.isspace():
            if self.here in _OPENING:
                depth += 1
            elif self.here in _CLOSING:
                if depth == 0 and self.groups:
                    break
                depth -= 1
            self.at += 1
        text = self.text[started : self.at]
        self.skip()
        return text

    # -- reading
    @property
    def ended(self) -> bool:
        return self.at >= len(self.text)

    @property
    def here(self) -> str:
        return self.text[self.at]

    @property
    def closing(self) -> bool:
        return not self.ended and self.here in _CLOSING

    def skip(self) -> None:
        while not self.ended and (self.here.isspace() or (not self.as_written and _UNSEEN.match(self.here))):
            self.at += 1

    def next_is(self, operator: re.Pattern[str]) -> re.Match[str] | None:
        """The operator, where it stands free: before white space or the bracket that closes its group."""
        found = operator.match(self.text, self.at)
        if found is None or found.end() == len(self.text) or self.text[found.end()].isspace():
            return found
        return found if self.groups and self.text[found.end()] in _CLOSING else None

    def match(self, operator: re.Pattern[str]) -> re.Match[str] | None:
        found = self.next_is(operator)
        if found:
            self.at = found.end()
            self.skip()
        return found

    def fail(self, message: str, hint: str, position: int | None = None) -> NoReturn:
        raise QueryError(message, query=self.text, position=self.at if position is None else position, hint=hint)


def _joined(how: type[And | Or], children: Iterable[Node]) -> Node:
    """The different children together; one alone stands for itself."""
    different = tuple(dict.fromkeys(children))
    return different[0] if len(different) == 1 else how(different)


def _gap(wild: str) -> tuple[int, int]:
    single, star = wild.count("?"), wild.count("*")
    return single, single + STAR * star


def describe(tree: Node) -> str:
    """What was understood, in words for the person who asked."""
    match tree:
        case And(()):
            return "全部文章"
        case And(children):
            return "，并且".join(_inner(child) for child in children)
        case Or(children):
            return "，或者".join(_inner(child) for child in children)
        case Not(child):
            return f"不含{_inner(child)}" if not isinstance(child, Field) else f"不是{_inner(child)}"
        case Near(left, right, reach):
            where = f"同一{reach.value}" if isinstance(reach, Reach) else f"同一段，相隔不超过 {reach} 字"
            return f"{describe(left)}与{describe(right)}在{where}"
        case Field(name, text):
            return f"{name}含“{text}”"
        case Except(leaf, wholes):
            return f"{describe(leaf)}，属于{'或'.join(describe(whole) for whole in wholes)}的不算"
        case Phrase(text):
            return f"逐字“{text}”"
        case Wildcard(parts, gaps):
            return f"“{_wild_text(parts, gaps)}”"
        case Term(text):
            return f"“{text}”"
        case Words(words, least):
            how = "都有" if least == len(words) else f"至少有其中 {least} 个"
            return f"{how}：{'、'.join(words)}" if len(words) > 1 else f"有{words[0]}"


def _inner(child: Node) -> str:
    words = describe(child)
    return f"〔{words}〕" if isinstance(child, And | Or | Except) else words


def _wild_text(parts: Sequence[str], gaps: Sequence[tuple[int, int]]) -> str:
    shown = [
        f"{part}［{least} 字］" if least == most else f"{part}［{least}–{most} 字］"
        for part, (least, most) in zip(parts, gaps, strict=False)
    ]
    return "".join(shown) + parts[-1]
