"""Lines of a list that go on in the next: a bracket closed there, a second term of office, a remark by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.catalogue.roster.posts import is_post
from archive.catalogue.roster.roster_lines import SPANS

_MOST = 3  # further lines that a bracket may run over
_LONGEST = 200  # characters
_ONLY_SPANS = re.compile(rf"(?:(?:又|再|后|并)[\s　]*)?(?P<spans>{SPANS})[\s　]*[。；]?")
_ONLY_BRACKET = re.compile(r"[（(](?!按|以|共|排|名|注|略|续|代表)[^（）()]*[）)][。；]?")
_OPEN_DASH = re.compile(r"[\d年月日][\s　]*[—－–~～─至-]{1,2}$")
_MOMENT_FIRST = re.compile(
    r"(?:\d{4}[.．年]\d{0,2}月?|\d{1,2}[.．月]\d{0,2}月?|至?今)[^\u4e00-\u9fff]*(?:[^\u4e00-\u9fff].*)?"
)


def continued(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[tuple[int, ...], str]]:
    """The lines, given as (index of the block, text), with what goes on with each: its indexes and the text joined."""
    at = 0
    while at < len(lines):
        stop, text = _bracket_closed(lines, at)
        while stop < len(lines) and (more := _more(text, lines[stop][1].strip())):
            text += more
            stop += 1
        yield tuple(dict.fromkeys(index for index, _ in lines[at:stop])), text
        at = stop


def _bracket_closed(lines: Sequence[tuple[int, str]], at: int) -> tuple[int, str]:
    """The line, with those that close the bracket it leaves open; alone where none does."""
    text = lines[at][1].strip()
    whole = text
    for stop in range(at + 1, min(at + 1 + _MOST, len(lines))):
        if not _is_open(whole):
            break
        whole += lines[stop][1].strip()
        if len(whole) > _LONGEST:
            break
        if not _is_open(whole):
            return stop + 1, whole
    return at + 1, text


def _is_open(text: str) -> bool:
    """Whether the last bracket is not closed."""
    return max(text.rfind("（"), text.rfind("(")) > max(text.rfind("）"), text.rfind(")"))


def _more(text: str, following: str) -> str:
    """What the following line adds to the one before, as it is to be joined; empty where it stands for itself."""
    if not text.strip() or not re.search(r"[\u4e00-\u9fff]", text) or re.search(r"[：:。]$", text) or is_post(text):
        return ""
    if spans := _ONLY_SPANS.fullmatch(following):
        return following if _OPEN_DASH.search(text) else f"（{spans['spans']}）"
    if _OPEN_DASH.search(text) and len(following) < 12 and _MOMENT_FIRST.fullmatch(following):
        return following
    return following if _ONLY_BRACKET.fullmatch(following) and len(text) > 1 else ""
