"""的, 地 and 得 taken for one another, where the words on both sides leave no choice.

A text that writes 的 for 地 throughout, as was done before 1950, is told so once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

from archive.export.proof.data_rows import rows
from archive.export.proof.lexicon import lexicon
from archive.export.proof.passages import HAN, PROSE, ProofMark, Proofs, summed

_PARTICLE = re.compile("[的地得]")
_BEHIND, _AHEAD = 6, 12  # characters looked at either side
_VERB = (
    "走跑跳站坐说看听问喊叫握拉推抱打写唱哭笑流飞爬拍点摇抬拿吃喝想望盯指"
    "送迎围聚挤涌冲扑追躺睡靠挂贴穿戴讲谈答读念做干搬挖修砍砸踢扔抓捧端举扶背扛"
)
_DONE = "起来|下来|下去|出来|进来|上去|回来|过来|过去|起身|了|着|[进出向住到回下上开]"
_SAID = re.compile("(?:说|问|喊|叫|答|回答|讲)道?[：，]")
_ACTS = re.compile(rf"[{_VERB}][{HAN}]?(?:{_DONE})|[{_VERB}](?:了看|一[{_VERB}])")
_SOME = re.compile(rf"([{HAN}]{{2}})[了着]")
_MADE = re.compile("(?<![种耕翻租土])[写说做办搞跑唱吃干讲听睡哭笑跳穿画]$")
_FELT = re.compile("(?:[冷热累疼痛饿渴急气冻吓乐])$")
_FELT_SO = re.compile("[让叫使令]人|直(?:发|打|哆)|说不出|睡不着|喘不|要命")
_GOT = re.compile(rf"到了?[{HAN}]{{0,4}}(?:改善|提高|发展|解决|支持|恢复|加强|实现|落实|重视|满足|保障|表扬|好评|证实)")
_DOUBLED = re.compile(rf"([{HAN}])\1$|([{HAN}])\2([{HAN}])\3$")
_COUNTED = re.compile(rf"[一几两这那]{{1,2}}[次个种位段条片座项件番场][{HAN}]{{0,2}}$|[是有]$")
_FINISHED = re.compile(r"[，。；！？、]|$")
_CHANGED = {"地": "说明怎么做，用“地”", "得": "说明做得怎么样（或是“得到”），用“得”", "的": "名词前面用“的”"}


@cache
def _words(sort: str) -> tuple[str, ...]:
    return tuple(word for kind, words in rows("particles.tsv") if kind == sort for word in words.split())


@cache
def _idioms() -> frozenset[str]:
    return frozenset(chain.from_iterable(lexicon().idioms.values()))


def particles(proofs: Proofs) -> Iterator[ProofMark]:
    """他高兴的跳了起来, 仔细得看了看, 跑的飞快, 难忘地经历."""
    return summed(proofs, _particles(proofs))


def _particles(proofs: Proofs) -> Iterator[ProofMark]:
    for passage in proofs.passages:
        if passage.kind in PROSE:
            for match in _PARTICLE.finditer(passage.text):
                at = match.start()
                before, after = passage.text[max(0, at - _BEHIND) : at], passage.text[at + 1 : at + 1 + _AHEAD]
                right = _RIGHT[match[0]](before, after)
                if right:
                    yield passage.mark(at, at + 1, _CHANGED[right], right)


def _for_de(before: str, after: str) -> str:
    """What 的 should be; empty where it may stay."""
    if _GOT.match(after):
        return "得"
    if (_manner(before) or before.endswith(_words("情"))) and _acts(after):
        return "地"
    return "得" if _MADE.search(before) and _result(after) else ""


def _for_di(before: str, after: str) -> str:
    if (_MADE.search(before) and after.startswith(_words("补"))) or (_FELT.search(before) and _FELT_SO.match(after)):
        return "得"
    adjective = next((word for word in _words("定") if before.endswith(word)), "")
    if adjective and _COUNTED.search(before[: -len(adjective)]):
        thing = after[:2]
        if len(thing) == 2 and _FINISHED.match(after, 2) and thing not in _NO_THINGS:
            return "的"
    return ""


def _for_dei(before: str, after: str) -> str:
    if _manner(before) and (_acts(after) or _SOME.match(after)):
        return "地"
    return "地" if before.endswith(_words("情")) and _SAID.match(after) else ""


_RIGHT = {"的": _for_de, "地": _for_di, "得": _for_dei}
_NO_THINGS = frozenset({"微笑", "说道"})


def _manner(before: str) -> bool:
    """Whether what stands there says how something is done: 仔细, 慢慢, 高高兴兴, 兴高采烈."""
    doubled = _DOUBLED.search(before)
    if doubled:
        return not set(doubled[0]) & set(_words("亲"))
    return before.endswith(_words("状")) or before[-4:] in _idioms()


def _acts(after: str) -> bool:
    """Whether a verb follows that moves on, so that it is no noun: 走进院子, 跳了起来, 说："""
    return bool(_ACTS.match(after) or _SAID.match(after))


def _result(after: str) -> bool:
    """Whether nothing but what comes of it follows: 飞快, 清清楚楚, 头头是道."""
    said = after.removeprefix("很")
    whole = any(said.startswith(word) and _FINISHED.match(said, len(word)) for word in _words("补"))
    four = after[:4]
    return whole or (bool(_FINISHED.match(after, 4)) and (four in _idioms() or _is_doubled(four)))


def _is_doubled(four: str) -> bool:
    return len(four) == 4 and four[0] == four[1] and four[2] == four[3]
