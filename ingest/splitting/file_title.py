"""What a text is called whose lines show no title: by the file's properties, by its name, or by its first words."""

from __future__ import annotations

import re
from pathlib import Path

from archive.model.records import Manuscript
from ingest.splitting.line_wording import LINES

_WORDS = 20  # characters; so many of the first line stand for a title
_SENTENCE = re.compile(r"[。！？；：，,:;!?\n]")
_PROGRAM = re.compile(r"^(?:Microsoft (?:Office )?(?:Word|Excel|PowerPoint)|WPS ?(?:文字|Office)?)\s*[-－—]\s*", re.I)
_SUFFIX = re.compile(
    r"\.(?:docx?|docm|dotx?|wps|wpt|rtf|odt|ott|txt|md|pdf|ofd|html?|mht(?:ml)?|eml|epub|xlsx?|et|csv|pptx?|tmp)$", re.I
)
# A copy's number, and the words for a copy: (2), -副本, 的副本, _1.
_COPY = re.compile(r"(?:[\s_]*[（(]\d+[）)]|[-_\s]*(?:的)?副本|[-_\s]*copy|[-_]\d{1,3})+$", re.I)
_GAPS = re.compile(r"[\s_\-—–.]+")
_DOCUMENT = r"(?:文[档本字件稿]|文本文[档件]|文字文[稿档]|工作[表簿]|电子表格|演示文稿|幻灯片|表格)"
_PROGRAMS = r"(?:microsoft|ms|wps|office|word|excel|powerpoint|rtf|docx?|xlsx?|txt|pdf|格式|文字)"
# What programs, scanners and pages call a text that nobody has named yet.
_NAMELESS = re.compile(
    rf"(?:无标题|未标题|未命名|无主题|无题名|未知|标题|文档标题|新建|新的?)?{_PROGRAMS}*{_DOCUMENT}?\d*"
    rf"|{_PROGRAMS}+{_DOCUMENT}?\d*"
    r"|[\[［【（(]?(?:键入|输入|在此处?键入|在此处?输入|单击此处[键输]入|点击此处[键输]入)?(?:文档|文章|您的)?(?:标题|题目|文字)[。.]?[\]］】）)]?"
    r"|(?:new|untitled|unnamed|noname|notitle|nosubject|anonymous|document|doc|text|page|slide|sheet|book|unknown|title"
    r"|presentation|default|microsoftword|word|html|temp|tmp|file|blank)*\d*"
    r"|[(（](?:anonymous|nosubject|unspecified|none|null|无主题|untitled)[)）]|null|none"
    r"|(?:scan|scanned|img|image|dsc|dscn|pic|photo|camscanner|扫描(?:件|全能王)?|图片|照片|截图|微信图片|mmexport|屏幕截图)"
    r"[\d:：年月日]+",
    re.I,
)


def is_placeholder(title: str) -> bool:
    """Whether a title says no more than that there is none: 无标题, 新建 Word 文档 (2), 扫描0001."""
    words = " ".join(title.split())
    words = _COPY.sub("", _SUFFIX.sub("", _PROGRAM.sub("", words)).strip())
    words = _GAPS.sub("", words)
    return not words or (_NAMELESS.fullmatch(words) is not None and not words.isdigit())


def file_title(manuscript: Manuscript) -> tuple[str, str]:
    """The title, and in words where it is from: the file's properties, its name, or what the text begins with."""
    stated = _SUFFIX.sub("", _PROGRAM.sub("", manuscript.properties.get("title", "").strip()))
    stem = Path(manuscript.name).stem
    if stated and not is_placeholder(stated):
        return stated, "文件属性"
    words = first_words(manuscript)
    if not is_placeholder(stem) or not words:
        return stem, "文件名"
    return words, "正文开头"


def first_words(manuscript: Manuscript) -> str:
    """What the first line with words begins with; empty where there is none."""
    for block in manuscript.blocks:
        if block.kind in LINES and not is_placeholder(words := _SENTENCE.split(block.text.strip())[0][:_WORDS].strip()):
            return words
    return ""
