"""What the words of a line alone say: a title, a numbered heading inside an article, a closing remark, a colophon."""

from __future__ import annotations

import re

from archive.model.records import Block, Kind, Run, Style
from ingest.text.byline import SUBTITLE, parse_byline

LINES = (Kind.TITLE, Kind.SUBTITLE, Kind.HEADING, Kind.PARAGRAPH, Kind.LIST_ITEM)
"""Kinds of blocks that are lines of running text and may hold a title."""

_NUMERAL = r"[〇○零一二三四五六七八九十百廿卅\d０-９]{1,4}"
_PUNCTUATION = re.compile(r"[\s　,，.。、；;：:“”\"'‘’《》〈〉「」『』()（）\-—–…·•・！!？?]+")
NUMBERED = re.compile(
    rf"[\s　]*(?:{_NUMERAL}[\s　]*[、．.，]|[（(]{_NUMERAL}[）)]|\d+[.．]\d+|[①-⑳]|第{_NUMERAL}[节節条條款项]"
    r"|[A-ZＡ-Ｚ][、．.\s　]+(?=[\u4e00-\u9fff“《])|[A-HＡ-Ｈ](?=[\u4e00-\u9fff“《])"
    r"|[壹贰叁肆伍陆柒捌玖拾]{1,2}[、．.\s　])"
)
BARE_NUMBER = re.compile(rf"[\s　]*{_NUMERAL}[\s　]*")
CHAPTER = re.compile(rf"[\s　]*第{_NUMERAL}[章讲講回篇编編卷部]")
UNFINISHED = re.compile(r"[、，：的与和及之—]$|《[^》]*$|“[^”]*$|（[^）]*$")
DAY_ALONE = re.compile(
    rf"[\s　]*[（(]?(?:[\u4e00-\u9fff]{{0,4}}{_NUMERAL}年[\s　]*)?(?:农历)?{_NUMERAL}月(?:{_NUMERAL}日)?"
    r"(?:[晨早晚夜]\S{0,3})?[）)]?[\s　]*"
)
EXCLAMATION = re.compile(r"[！？!?]['”’』」）)]*$")
SENTENCE_END = re.compile(r"[。；，,;]['”’』」）)]*$")
_GAP = r"[\s　]*"
LABEL = re.compile(
    _GAP
    + r"(?:(?:图|表|附图|附表|照片)[\s　]*[\d一二三四五六七八九十０-９]|注[:：释]|参考(?:文献|资料)|摘[\s　]*要|关键词"
    r"|\[?\d+\]|[【\[]|资料来源|图[:：])"
)
CLOSING = re.compile(
    r"[\s　]*(?:[（(][\s　]*(?:作者|供稿|本文|执笔|责任编辑|整理|口述|撰稿|原载|选自|摘自|节选自|资料来源|录自)"
    r"|(?:作者|供稿|执笔|撰稿|整理)[\s　]*(?:单位)?[:：])"
)
_COLOPHON_WORDS = re.findall(
    r"\S+",
    "书名 主编 副主编 编者 编辑 责任编辑 责任校对 责任印制 特约编辑 封面设计 装帧设计 版式设计 校对 出版 发行 印刷 "
    "印张 印次 印数 承印 经销 开本 字数 版次 书号 定价 准印证 内部资料 ISBN ISSN 电话 地址 邮编 网址",
)
COLOPHON = re.compile(_GAP + "(?:" + "|".join(_GAP.join(word) for word in _COLOPHON_WORDS) + ")")
COVER = re.compile(
    r".*(?:编[\s　]*印?|编[\s　]*[辑著纂]|出版社?|印[\s　]*[刷制]|内部(?:资料|发行)[^。]*|准印证.*"
    r"|第[\s　]*\S{1,4}[\s　]*[辑卷期集册]|\S{2,6}年[\s　]*\S{0,3}月?(?:\S{1,3}日)?)[\s　]*"
)


def squeezed(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


def bare(text: str) -> str:
    """The text without white space and punctuation: what two ways of setting one title have in common."""
    return _PUNCTUATION.sub("", text)


def continues(title: str, line: str) -> bool:
    """Whether `line`, directly below, carries on an unfinished title."""
    return bool(UNFINISHED.search(title.strip())) or bool(SUBTITLE.match(line))


def title_lines(block: Block) -> int:
    """How many of the block's lines are its title; a subtitle or byline below a line break is not."""
    lines = block.text.split("\n")
    for number, line in enumerate(lines[1:], 1):
        if SUBTITLE.match(line) or parse_byline(line):
            return number
    return len(lines)


def own_title(block: Block) -> str:
    """The title a block holds, its line breaks as spaces."""
    return " ".join(line.strip() for line in block.text.split("\n")[: title_lines(block)]).strip()


def share_of_bold(runs: tuple[Run, ...]) -> float:
    """How much of the runs is bold, from 0 to 1."""
    total = sum(len(run.text) for run in runs)
    return sum(len(run.text) for run in runs if Style.BOLD in run.style) / total if total else 0.0
