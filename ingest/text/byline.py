"""The line that names who wrote: 张　三; 甲（口述）　乙（整理）; 口述：甲　整理：乙; 某县政协文史委员会供稿."""

from __future__ import annotations

import re
from functools import lru_cache

from archive.catalogue.surnames import SURNAMES
from archive.model.records import Person, Role

SUBTITLE = re.compile(r"[\s　]*(?:——|—|──|--|－－)")
"""How a subtitle begins."""
_ROLES = {
    Role.NARRATOR: "口述|讲述|回忆|口述者|讲述人|口述人",
    Role.RECORDER: "搜集整理|收集整理|采访整理|记录整理|整理|记录|采访|笔录|整理者|整理人|记录人",
    Role.SUPPLIER: "供稿|提供|供稿人|供稿单位|推荐|摄影|供图|图|摄",
    Role.EDITOR: "编写|编著|编辑|选编|编纂|主编|编|辑|编者",
    Role.TRANSLATOR: "翻译|译|译者",
    Role.AUTHOR: "作者|撰文|撰稿|撰写|执笔|执笔人|著|文|撰|遗稿|遗作|遗著|遗信|遗文|原著|口述并执笔",
}
_BY_WORD = {word: role for role, words in _ROLES.items() for word in words.split("|")}
_WORDS = "|".join(sorted(_BY_WORD, key=len, reverse=True))
_LONG_WORDS = "|".join(sorted((word for word in _BY_WORD if len(word) > 1), key=len, reverse=True))
_COMPOUND = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|令狐|慕容|司徒|夏侯|端木|独孤|南宫|呼延|长孙|宇文|歐陽|司馬|諸葛|東方|尉遲"
)
_HAN = r"[\u4e00-\u9fff〇\u3400-\u4dbf\U00020000-\U0003ffff]"
_COMPOUND_NAME = re.compile(rf"(?:{_COMPOUND}){_HAN}{{1,2}}")
_DOTTED_NAME = re.compile(rf"{_HAN}{{1,8}}(?:[·•・．]{_HAN}{{1,8}})+")
_LOOSE_NAME = re.compile(rf"{_HAN}{{2,4}}")
_BODY_WORDS = rf"(?:(?!的){_HAN}|[\d０-９、“”《》()（）·]){{2,40}}"
_BODY = re.compile(
    _BODY_WORDS
    + r"(?:委员会|委員會|办公室|文史委|文史办|研究室|研究会|编写组|编委会|编辑部|课题组|党史办|地方志办|史志办|政协"
    r"|文史组|档案馆|博物馆|图书馆|文化馆|纪念馆|代表大会|常务会议|国务院|人民政府|总工会|联合会|档案局|文化局|文旅局)"
)
# Words that also end ordinary headings: believed only where the layout says byline.
_LOOSE_BODY = re.compile(
    _BODY_WORDS + r"(?:协会|学会|商会|大学|学院|中学|小学|公司|报社|通讯社|政府|[局厅部署委社校厂院所站处科会团队])"
)
_COUNCIL = "国务院"
# Short centred lines that are no one's name.
_NOT_NAMES = frozenset(
    re.findall(
        r"\S+",
        "引言 前言 序言 引子 绪论 概述 摘要 正文 目录 导言 小引 题记 附录 后记 结语 尾声 楔子 开头 总则 附则 说明 简介 "
        "缘起 上篇 中篇 下篇 上部 下部 之一 之二 节选 选登 转载 大事记 注释",
    )
)
_PREFIX = re.compile(rf"(?:^|(?<=[\s　、，,；;]))(?P<word>{_WORDS})(?:者|人)?\s*[:：／/]\s*")
_MARK = re.compile(rf"[（(]\s*(?P<bracket>{_WORDS})\s*[）)]|(?P<bare>{_LONG_WORDS})(?=$|[\s　、，,；;])"
                   rf"|(?<=[\s　])(?P<short>{_WORDS})(?=$|[\s　、，,；;])")  # fmt: skip
_REMARK = re.compile(r"[（(]([^（）()]*)[）)]")
_SEPARATOR = re.compile(r"[、，,；;／/]")
_AND = re.compile(r"[和与](?=.{2})")
_SPACES = re.compile(r"[\s　]+")
_SPREAD_WORD = re.compile(r"(作|口|整|供|记|撰|执)[\s　]+(者|述|理|稿|录|文|笔)(?=[\s　]*[:：])")
_LEADING_ROLES = re.compile(rf"(?:^|[\s　]+)(?:{_WORDS})[\s　]+(?=\S)")  # 撰文　张三　摄影　李四
# 本报记者 张三 通讯员 李四; glued to the name only at the beginning: 本报记者张三.
_REPORTER = re.compile(
    r"(?:^[（(]?|(?<=[\s　、，,；;]))(?:本[刊报社台网]|新华社|人民日报社?|[\u4e00-\u9fff]{2,6}[日晚时]?报社?)?"
    r"(?:特约|特派|实习|见习|全媒体|融媒体|首席|驻站?)?(?:记者|通讯员|撰稿人|评论员|报道员|实习生)"
    r"(?:[\s　：:/／]+|(?=[\u4e00-\u9fff]{2,3}(?:$|[\s　、，,）)/／])))"
)
_REPORT = re.compile(
    r"^[\s　（(]*(?:本[报刊社台网]|新华社)(?:综合)?(?:[\u4e00-\u9fff]{0,6}电|讯|消息|综合)(?:[\s　]+|(?=[（(]))"
)  # 本报讯　张三, 本报讯（记者　张三）
_PICTURES_TOO = re.compile(
    r"(?:^|[\s　（(])(?:文[\s　]*(?:[/／、·]|并)?[\s　]*[图摄]|[图摄][\s　]*[/／、·]?[\s　]*文|摄影报道|采写|报道)"
    r"(?:$|[\s　：:）)/／])"
)
_BAR = re.compile(r"[\s　]*[|｜\\][\s　]*")  # 文 | 张三
# 张三/文 李四/图, and 张三 摄影 李四, where the word goes before the name that ends the line.
_BEHIND_STROKE = re.compile(rf"(?<=[\u4e00-\u9fff])[/／](?P<word>{_WORDS})(?=$|[\s　、，,；;])")
_BEFORE_LAST = re.compile(rf"(?<=[\s　])(?P<word>{_LONG_WORDS})[\s　]+(?=[\u4e00-\u9fff]{{2,4}}$)")
_MAX_BYLINE = 60
_ORNAMENT = re.compile(r"^[\s　]*[◎○●⊙□■◆◇★☆※▪][\s　]*")  # ◎ 张三


def is_person(name: str) -> bool:
    """Whether it has the shape of a Chinese personal name: a known surname with one or two characters, or 甲·乙."""
    if name in _NOT_NAMES:
        return False
    single = 2 <= len(name) <= 3 and name[0] in SURNAMES and re.fullmatch(rf"{_HAN}+", name) is not None
    return single or bool(_COMPOUND_NAME.fullmatch(name) or _DOTTED_NAME.fullmatch(name))


def is_body(name: str, *, loose: bool = False) -> bool:
    """Whether it has the shape of an institution's name; `loose` also takes endings that other words share."""
    if name.startswith(_COUNCIL) and len(name) <= 20:
        return True
    return bool(_BODY.fullmatch(name) or (loose and _LOOSE_BODY.fullmatch(name)))


@lru_cache(1024)  # a line is asked about by itself and as what follows the lines above it
def parse_byline(line: str, *, loose: bool = False) -> tuple[Person, ...]:
    """The people a byline names, in order; empty where the line is not one.

    `loose` also takes names of two to four characters without a known surname: for lines whose position and layout
    already say that they are bylines (pen names, non-Han names).
    """
    text = _SPREAD_WORD.sub(r"\1\2", _ORNAMENT.sub("", line).strip(" \t\n　"))
    if not text or len(text) > _MAX_BYLINE or re.search(r"[。！？!?]", text):
        return ()
    if text[-1] in ":：" or _REPORT.fullmatch(text + " "):
        return ()  # 各乡镇人民政府： addresses somebody
    text = _REPORT.sub("", text)
    if text[0] in "（(" and text[-1] in "）)" and not _REMARK.search(text[1:-1]):
        text = text[1:-1].strip(" 　")
    single = text.split()
    evenly = len(set(_SPACES.findall(text))) == 1 and all(len(word) == 1 for word in single)
    if evenly and len(single) <= 4 and is_person("".join(single)):
        return (Person("".join(single)),)  # 蒋 义 文: spread out, the last character is no role
    text = _PICTURES_TOO.sub(" ", _REPORTER.sub("", _BAR.sub("/", text))).strip(" \t　")
    if not text:
        return ()
    text = _BEHIND_STROKE.sub(r"（\g<word>）", text)
    if not re.search(rf"(?:{_WORDS})[）)]?$", text):
        text = _BEFORE_LAST.sub(r"\g<word>：", text)
    if _LEADING_ROLES.match(text) and not re.search(rf"(?:{_WORDS})$", text):
        text = _LEADING_ROLES.sub(lambda role: f" {role[0].strip()}：", text).lstrip()
    people: list[Person] = []
    for role, part in _by_prefix(text):
        found = _named(part, role, loose or role is not None)
        if not found:
            return ()
        people += found
    return tuple(people)


def _by_prefix(text: str) -> list[tuple[Role | None, str]]:
    """The line cut before each 口述：, 整理：, 作者：…, with the role it gives to what follows."""
    marks = list(_PREFIX.finditer(text))
    if not marks:
        return [(None, text)]
    parts: list[tuple[Role | None, str]] = []
    if text[: marks[0].start()].strip(" 　"):
        parts.append((None, text[: marks[0].start()]))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(text)
        parts.append((_BY_WORD[mark["word"]], text[mark.end() : end]))
    return parts


def _named(part: str, role: Role | None, loose: bool) -> list[Person]:
    """The people of one part, each with the role marked behind it; [] where something in it is no name."""
    people: list[Person] = []
    waiting: list[str] = []
    last = 0
    for mark in (*_MARK.finditer(part), None):
        if mark is not None and mark["short"] and len("".join(part[last : mark.start()].split())) == 1:
            continue  # 薛 文 庆: the second character of a name spread out
        names = _names(part[last : mark.start() if mark else len(part)], loose or mark is not None)
        if names is None:
            return []
        waiting += names
        if mark is not None:
            word = mark["bracket"] or mark["bare"] or mark["short"]
            people += [Person(name, _BY_WORD[word]) for name in waiting]
            waiting, last = [], mark.end()
    return people + [Person(name, role or Role.AUTHOR) for name in waiting]


def _names(text: str, loose: bool) -> list[str] | None:
    """The names in a stretch without roles; None where something in it is no name."""
    found: list[str] = []
    for item in _SEPARATOR.split(text):
        piece = item.strip(" \t　:：")
        if not piece:
            continue
        joined = _AND.split(piece, maxsplit=1)
        if len(joined) > 1 and not is_body(_SPACES.sub("", piece), loose=loose):
            both = [_names(part, loose) for part in joined]
            if None in both:
                return None
            found += [name for names in both for name in names or ()]
            continue
        whole = _SPACES.sub("", piece)
        if is_body(whole, loose=loose):
            found.append(whole)
            continue
        alias = _REMARK.search(whole)
        if alias:
            bare = _REMARK.sub("", whole)
            if not is_person(bare):  # several people, each perhaps with a remark
                several = _names(_REMARK.sub("、", piece), loose)
                if several is None:
                    return None
                found += several
            else:  # 徐弘祖（徐霞客） keeps the other name; （女）, （县政协原副主席） say something about the person
                found.append(whole if is_person(alias[1]) else bare)
            continue
        words = _spaced(piece.removesuffix("等"))
        if not words or not all(_acceptable(word, loose) for word in words):
            return None
        found += words
    return found


def _acceptable(word: str, loose: bool) -> bool:
    if is_person(word) or is_body(word, loose=loose):
        return True
    return loose and word not in _NOT_NAMES and bool(_LOOSE_NAME.fullmatch(word))


def _spaced(text: str) -> list[str]:
    """Names separated, and also spread out, by spaces: 赵 玉 珍, 张　三　李　四, 刘　勇　赵玉珍."""
    names: list[str] = []
    open_name = False  # the last name is made of single characters and may go on
    for word in _SPACES.split(text.strip(" \t　")):
        if len(word) == 1 and open_name and (len(names[-1]) < 2 or (word not in SURNAMES and len(names[-1]) < 3)):
            names[-1] += word
        elif len(word) <= 2 and names and (re.fullmatch(_COMPOUND, names[-1]) or (open_name and len(names[-1]) == 1)):
            names[-1] += word
            open_name = False
        else:
            names.append(word)
            open_name = len(word) == 1
    if len(names) > 1 and len(names[-1]) == 1 and len(names[-2]) == 2:
        names[-2:] = [names[-2] + names[-1]]  # 张 恨 水: the last character is a surname, but begins no name
    return names
