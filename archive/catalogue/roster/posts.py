"""Posts and bodies as headings, captions and lines name them."""

from __future__ import annotations

import re

from archive.catalogue.surnames import SURNAMES

_HAN_WORD = r"[\u4e00-\u9fff]"
_POST_WORDS = (
    "主任委员|委员长|主任|书记|秘书|省长|市长|州长|县长|区长|镇长|乡长|村长|旗长|专员|局长|部长|处长|科长|厅长|主席|秘书长|参议长|议长|参议员|会长|"
    "校长|院长|检察长|厂长|社长|组长|常务委员|委员|常委|政委|政治委员|司令员?|教导员|指导员|行长|经理|董事长|理事长?|监事长?|所长|站长|馆长|"
    "助理|助理员|巡视员|调研员|督导员|督学|督察|督察长|协理员|参事|政委|总工程师|总经济师|总会计师|工程师|经济师|会计师|审计师|农艺师"
    "|馆员|研究员|编审|编辑|书记员|法医|检察委员|审判委员|组员|成员|负责人|召集人|发起人|理事|监事|董事|干事长|股长|班长|会计|出纳|文书"
    "|保管员|民兵连长|联络员|通讯员|"
    "队长|支书|总编辑|主编|台长|园长|团长|营长|连长|参谋长|顾问|代表|干事|助理员|总干事|召集人|审判长|庭长|审判员|检察员|"
    "知县|知州|知府|县丞|主簿|典史|教谕|训导|巡检|同知|通判|巡抚|总督|布政使|按察使|提督|总兵|副将|参将|游击|都司|守备|千总|把总|"
    "都御史|御史|学政|道台|道员|驿丞|税使|山长|设治员|县佐|知縣|縣丞|主簿|典史|教諭|訓導|巡檢|巡撫|總督|縣長|主席|書記|主任"
)
_PREFIXES = r"(?:代理|代|署理|署|第[一二三四]|常务|名誉|兼任?|专职|副|正|总|執行|执行|前任|历任|現任|现任)*"
POST = rf"(?:[\u4e00-\u9fff]{{0,16}}?{_PREFIXES}(?:{_POST_WORDS}))"
_LIST_WORD = (
    r"(?:[历歷]任|[历歷]届|名[录錄單单册]|一[览覽]表?|任职表|[简簡]表|更迭表?|成员|组成人员|任职情况|表|[续續]表?)"
)
_TRAIL = re.compile(rf"{_LIST_WORD}+$")
_NUMBERING = re.compile(
    r"^[\s　]*(?:第[一二三四五六七八九十百\d]+[章节節编編篇]|[（(][一二三四五六七八九十\d]+[）)]"
    r"|[一二三四五六七八九十]+、|\d+[.．、])?[\s　]*"
)
_BRACKET = re.compile(r"[（(][^（）()]*[）)]")
_TERM = re.compile(r"第[\s　]*[\d一二三四五六七八九十百]+[\s　]*届")
_POST_LINE = re.compile(rf"{POST}(?:[、和及]{POST})*")
_SHOWN = re.compile(r"^(?:表|附表)[\d一二三四五六七八九十\-—.．]+[\s　]*")


def bare(heading: str) -> str:
    """A heading without number, brackets and the words for a list: 一、歷任知縣名錄 → 知縣."""
    text = _SHOWN.sub("", _NUMBERING.sub("", _BRACKET.sub("", heading.strip()))).strip()
    text = re.sub(r"[\s　]+", "", text) if len(text) <= 8 else text
    text = _TRAIL.sub("", text).strip(" 　：:")
    return re.sub(rf"^[历歷][任届]|[历歷][任届](?={POST}$)", "", text)


# What an office nobody has listed here may end in; a personal name of three characters and more rarely does.
_MAY_END = re.compile(rf"{_HAN_WORD}{{2,14}}[员員长長官师師吏卿尹令丞史使督监理助]")
_COUNTED = re.compile(r"(?:共)?[\d一二三四五六七八九十百]+[人名]$")


def bare_count(text: str) -> str:
    """A post without the number of its holders: 委员35人."""
    return _COUNTED.sub("", text)


def may_be_post(text: str) -> bool:
    """Whether a text that is no known post has the shape of one: three characters at least, and no surname first."""
    return _MAY_END.fullmatch(text) is not None and not (len(text) <= 3 and text[0] in SURNAMES)


def is_list_title(text: str) -> bool:
    """Whether a line is the title of a list: 第一节　县人民政府领导人名录, 历任县长."""
    words = text.strip()
    numbered = re.match(r"第[\s　]*[一二三四五六七八九十百\d]+[\s　]*[章節节编編篇]", words) is not None
    named = _TRAIL.search(words) is not None or words.startswith(("历任", "歷任", "历届", "歷屆"))
    return len(words) <= 40 and (numbered or named) and not re.search(r"[。；，：:]|\d{4}.*[—－\-–~～]", words)


def is_post(text: str) -> bool:
    """Whether a text is the name of one or several posts and nothing else."""
    return len(text) <= 30 and _POST_LINE.fullmatch(re.sub(r"[\s　]", "", text)) is not None


def term_of(heading: str) -> str:
    """第三届, as a heading names it; empty where it names none."""
    found = _TERM.search(heading)
    return re.sub(r"[\s　]", "", found[0]) if found else ""


def body_of(title: str, section: str) -> str:
    """The body an article is about: its title without the term, or what stands above it."""
    text = _TERM.split(_BRACKET.sub("", title), maxsplit=1)
    head = _TRAIL.sub("", text[0].strip(" 　")) if len(text) > 1 else bare(title)
    return head.strip(" 　·") or section.rpartition(" · ")[2]
