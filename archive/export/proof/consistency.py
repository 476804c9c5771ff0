"""One thing said in two ways: how long, how large, when begun, when somebody died."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from archive.export.proof.passages import HAN, PROSE, ProofMark, ProofPassage, Proofs, ProofText

_DAY = r"(?<!\d)\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?"
_EVENT = "创办|创建|始建|兴建|建成|修建|建立|成立|竣工|动工|开工|落成|通车|解放|起义|创刊|出生|诞生|去世|逝世|病逝|牺牲"
_SIZE = "全长|总长|干渠长|长|宽|高|深|海拔|总面积|流域面积|建筑面积|占地面积|面积|占地"
_UNIT = "平方公里|平方千米|平方米|公里|千米|米|公顷|万亩|亩"
_SUBJECT = rf"(?P<subject>[{HAN}]{{2,10}}?)"
_SIZES = re.compile(rf"{_SUBJECT}(?P<what>{_SIZE})(?:为|有|达|是)?(?P<value>\d+(?:\.\d+)?)(?P<unit>{_UNIT})(?![多余])")
_BEGUN = re.compile(rf"{_SUBJECT}(?P<what>{_EVENT})于(?P<value>{_DAY})")
_DATED = re.compile(rf"(?P<value>{_DAY})，?(?P<subject>[{HAN}]{{2,8}}?)(?P<what>{_EVENT})(?=[，。、；的时后前]|$)")
_SENTENCE = re.compile(r"[^。；！？\n]+")
_YEAR = re.compile(r"\d{4}年")
_NOBODY = re.compile(
    "^[该此这那其他她它本两各每某一]|[他她它们的]$|^(?:建成|正式|全线|全面|顺利|胜利|开始|宣布|竣工|同时|先后)$"
)
_ANYWHERES = re.compile("^[县乡镇村区省市校全我州地社]")
_SAYING = frozenset(
    [
        "据说",
        "据载",
        "相传",
        "据记载",
        "听说",
        "当时",
        "当年",
        "那时",
        "原来",
        "后来",
        "其中",
        "现在",
        "而",
        "又",
        "但",
        "因",
        "故",
        "即",
        "在",
        "说",
        "记得",
    ]
)
_WELL_NAMED = 4  # characters of a subject that is the same thing in another text too


@dataclass(frozen=True, slots=True)
class _Statement:
    """What is said of a subject, and where."""

    passage: ProofPassage
    span: tuple[int, int]
    subject: str
    value: str

    def of_the_same(self, other: _Statement) -> bool:
        """Whether both speak of one thing: 汉延渠 and 据说汉延渠."""
        shorter, longer = sorted((self.subject, other.subject), key=len)
        if self.passage.owner is not other.passage.owner:
            well_named = len(shorter) >= _WELL_NAMED and not _ANYWHERES.search(shorter)
            return shorter == longer and well_named
        return shorter == longer or (longer.endswith(shorter) and longer.removesuffix(shorter) in _SAYING)

    def agrees(self, other: _Statement) -> bool:
        """Whether the values are the same, or one of the days is only less exact."""
        if "年" in self.value:
            return self.value.startswith(other.value) or other.value.startswith(self.value)
        return float(self.value) == float(other.value)


def disagreements(proofs: Proofs) -> Iterator[ProofMark]:
    """汉延渠全长120公里 … 汉延渠全长130公里; 县中学创办于1936年 … 创办于1938年."""
    known: dict[tuple[str, str], list[_Statement]] = defaultdict(list)
    for text in proofs.texts:
        for sort, statement in _stated(text):
            earlier = [one for one in known[sort] if one.of_the_same(statement)]
            if earlier and not any(one.agrees(statement) for one in earlier):
                where = "本篇" if earlier[0].passage.owner is text else f"《{earlier[0].passage.owner.title}》"
                said = earlier[0].passage.text[slice(*earlier[0].span)]
                message = f"与{where}第 {earlier[0].passage.index} 段不一：那里说“{said}”"
                yield statement.passage.mark(*statement.span, message)
            known[sort].append(statement)


def _stated(text: ProofText) -> Iterator[tuple[tuple[str, str], _Statement]]:
    for passage in text.passages:
        for sentence in _SENTENCE.finditer(passage.text if passage.kind in PROSE else ""):
            at = sentence.start()
            of_a_year = bool(_YEAR.search(sentence[0]))
            for pattern in (_BEGUN, _DATED) if of_a_year else (_SIZES,):
                for match in pattern.finditer(sentence[0]):
                    if not _NOBODY.search(match["subject"]):
                        unit = match["unit"] if pattern is _SIZES else ""
                        span = (at + match.start(), at + match.end())
                        yield (match["what"], unit), _Statement(passage, span, match["subject"], match["value"])
