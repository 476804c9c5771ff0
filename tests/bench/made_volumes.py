"""Volumes made up at random, as offices format them, with the articles that should be found in them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from archive.model.records import Block, Kind, Layout, Manuscript
from ingest.text.characters import stored_characters

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛"
_GIVEN = "国建明志文华德玉春永庆树林生成祥福荣海军平忠义安清云光兴学秀英兰芳珍凤莲桂水恨一"
_TITLES = (
    "忆{}二三事 {}始末 我所知道的{} {}的创办与发展 {}纪略 回忆{} {}沿革考 {}史话 {}见闻录 略述{} 在{}工作的日子 "
    "{}事件亲历记 关于{}的几点补正 {}小传 {}简介 {}往事 从{}说起 {} 一九五八年的{} “{}”轶闻 {}：一段被遗忘的历史 "
    "我和{} {}的变迁——三十年回顾"
)
_SUBJECTS = (
    "县立中学 老君渡 水车 羊皮筏子 县剧团 吴济川 永和商号 盐池 文昌阁 大济渠 驼队 人民医院 花儿会 马家寺 打井队 供销社 "
    "抗战时期的县城 石油勘探 皮影戏 枸杞 滩羊 窑洞小学 民团 地震 李宝山 赵三爷 火柴厂 印刷厂 电影队 合作社 新华书店"
)
_SECTIONS = ("文化春秋", "旅游纪事", "人物春秋", "往事追忆", "名胜古迹", "民俗风情", "工商经济")
_SUBHEADINGS = ("建置沿革", "早年经历", "开办经过", "主要活动", "社会影响", "历史渊源")
_SUBTITLES = ("——纪念建县四十周年", "——兼记几位老同志", "——一段鲜为人知的往事")
_POSTS = ("县政协原副主席", "县文化局退休干部", "县志办编辑")
_ARTICLES = 78
_PLAIN = Layout("", 10.5)


@dataclass(frozen=True)
class Expected:
    """An article as it should be found; `authors` joined by 、."""

    title: str
    authors: str
    section: str = ""


class _Maker:
    def __init__(self, seed: int, paragraphs: Sequence[str], by_hand: bool) -> None:
        self.chance = random.Random(seed)
        self.paragraphs = paragraphs
        self.by_hand = by_hand
        self.lines: list[tuple[str, Layout]] = []

    def line(self, text: str, size: float = 10.5, bold: float = 0, centred: bool = False, fresh: bool = False) -> None:
        self.lines.append((text, Layout("", size, bold, centred, fresh) if self.by_hand else _PLAIN))

    def name(self) -> tuple[str, str]:
        """A name as set, and as it is."""
        given = "".join(self.chance.choice(_GIVEN) for _ in range(self.chance.choice((1, 2, 2))))
        name = self.chance.choice(_SURNAMES) + given
        return self.chance.choice((name, name, "　".join(name), " ".join(name))), name

    def byline(self) -> tuple[str, list[str]]:
        """A byline, empty where there is none under the title, and the names it or the end of the text gives."""
        (first, one), (second, two) = self.name(), self.name()
        shape = self.chance.choices(range(7), (45, 15, 10, 10, 6, 8, 6))[0]
        return (
            (first, [one]),
            (f"{first}口述　{second}整理", [one, two]),
            (f"{one}（口述）　{two}（整理）", [one, two]),
            (f"{one}、{two}", [one, two]),
            ("县政协文史委员会", ["县政协文史委员会"]),
            ("", [one]),
            ("", []),
        )[shape]

    def article(self, title: str, byline: str, names: Sequence[str], number: int) -> None:
        size, bold, centred = self.chance.choices(
            ((18, 1, True), (15, 0, True), (10.5, 1, True), (15, 1, False)), (70, 15, 10, 5)
        )[0]
        inside = bool(byline) and self.chance.random() < 0.1
        words = f"{title}\n{byline}" if inside else title
        self.line(words, size, bold, centred, self.chance.random() < 0.6)
        if not inside:
            if self.chance.random() < 0.1:
                self.line(self.chance.choice(_SUBTITLES), centred=True)
            if byline:
                self.line(byline, centred=self.chance.random() < 0.9)
        for paragraph in self.chance.sample(self.paragraphs, self.chance.randint(5, 14)):
            if self.chance.random() < 0.2:
                number_words = self.chance.choice(("一、", "二、", ""))
                self.line(number_words + self.chance.choice(_SUBHEADINGS), 10.5, 1, self.chance.random() < 0.5)
            self.line(paragraph)
            if self.chance.random() < 0.08:
                self.line(f"图{number}　旧县衙照片", 9, 0, True)
        if names and not byline:
            self.line(f"（作者：{names[0]}）")
        elif self.chance.random() < 0.25:
            self.line(f"（作者系{self.chance.choice(_POSTS)}）")


def made_volume(
    seed: int, paragraphs: Sequence[str], *, by_hand: bool, contents: bool
) -> tuple[Manuscript, list[Expected]]:
    """A volume of 78 articles in seven 栏目, and what should be found.

    `by_hand`: formatted by size, bold and centring, in several ways at once; else plain text. `contents`: with a typed
    table of contents.
    """
    maker = _Maker(seed, paragraphs, by_hand)
    titles: dict[str, None] = {}
    while len(titles) < _ARTICLES:
        titles[maker.chance.choice(_TITLES.split()).format(maker.chance.choice(_SUBJECTS.split()))] = None
    plan = [(title, _SECTIONS[at // 12], *maker.byline()) for at, title in enumerate(titles)]
    for text, size in (
        ("某县文史资料第八辑", 26),
        ("文化旅游专辑", 22),
        ("某县政协文史资料委员会编", 12),
        ("2019年12月", 12),
    ):
        maker.line(text, size, 1, True)
    if contents:
        maker.line("目　录", 16, 1, True)
        for at, (title, section, byline, _) in enumerate(plan):
            if at % 12 == 0:
                maker.line(section, 10.5, 1, True)
            maker.line(f"{title}　　{byline if maker.chance.random() < 0.9 else ''}……………………（{at * 6 + 1}）")
    for at, (title, section, byline, names) in enumerate(plan):
        if at % 12 == 0:
            maker.line(section, 22, 1, True)
        maker.article(title, byline, names, at + 1)
    blocks = tuple(Block.plain(Kind.PARAGRAPH, text) for text, _ in maker.lines)
    layouts = tuple(layout for _, layout in maker.lines) if by_hand else ()
    manuscript = Manuscript("made", f"{seed:064}", blocks, stored_characters(blocks), layouts=layouts)
    return manuscript, [Expected(title, "、".join(names), section) for title, section, _, names in plan]
