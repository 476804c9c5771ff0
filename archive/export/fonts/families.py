"""Which families serve which role, where a house style names none: Windows, macOS, then free fonts.

Also which names mean the same font, for fonts that carry only one of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from archive.export.fonts.catalogue import same_name

LATIN = "西文"

DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "宋体": (
        *("宋体", "新宋体", "Songti SC", "STSong", "Source Han Serif SC", "Source Han Serif CN", "Noto Serif CJK SC"),
        *("Noto Serif SC", "Noto Serif CJK CN", "FandolSong", "AR PL UMing CN", "AR PL SungtiL GB", "cwTeXMing"),
    ),
    "仿宋": (
        *("仿宋", "仿宋_GB2312", "STFangsong", "方正仿宋简体", "FandolFang", "朱雀仿宋", "cwTeXFangSong"),
        *("Source Han Serif SC", "Noto Serif CJK SC"),
    ),
    "楷体": (
        *("楷体", "楷体_GB2312", "Kaiti SC", "STKaiti", "方正楷体简体", "LXGW WenKai", "LXGW WenKai GB", "FandolKai"),
        *("AR PL UKai CN", "AR PL KaitiM GB", "cwTeXKai", "TW-Kai"),
    ),
    "黑体": (
        *("黑体", "Heiti SC", "STHeiti", "PingFang SC", "Source Han Sans SC", "Source Han Sans CN"),
        *("Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", "FandolHei", "WenQuanYi Zen Hei"),
        *("WenQuanYi Micro Hei", "Droid Sans Fallback"),
    ),
    "小标宋": (
        *("方正小标宋简体", "方正小标宋_GBK", "华文中宋", "Noto Serif CJK SC Black", "Source Han Serif SC Heavy"),
        *("Songti SC Bold", "Noto Serif CJK SC Bold", "Source Han Serif SC Bold", "Songti SC", "Noto Serif CJK SC"),
    ),
    LATIN: ("Times New Roman", "Liberation Serif", "Tinos", "Libertinus Serif", "Noto Serif", "DejaVu Serif"),
}
"""Families of each role in order of preference; the house style's own list comes before these."""

LAST_RESORTS = ("宋体", "黑体", "楷体")
"""Roles whose families serve a role that has none of its own left."""

RARE: tuple[str, ...] = (
    *("SimSun-ExtB", "SimSun-ExtG", "Simsun (Founder Extended)", "Source Han Serif SC", "Noto Serif CJK SC"),
    *("Plangothic P1", "Plangothic P2", "Jigmo", "Jigmo2", "Jigmo3", "HanaMinA", "HanaMinB", "BabelStone Han"),
    *("TW-Sung", "TW-Sung-Ext-B", "TH-Tshyn-P0", "TH-Tshyn-P1", "TH-Tshyn-P2", "MingLiU-ExtB", "MingLiU_HKSCS-ExtB"),
    *("Source Han Sans SC", "Noto Sans CJK SC", "LXGW WenKai", "Segoe UI Symbol", "Noto Sans Symbols2"),
    *("Noto Sans Symbols", "Apple Symbols", "DejaVu Sans"),
)
"""Where to look first for a character that the role's own font does not have."""

_SYNONYMS = (
    ("宋体", "SimSun"),
    ("新宋体", "NSimSun"),
    ("仿宋", "FangSong"),
    ("仿宋_GB2312", "FangSong_GB2312"),
    ("楷体", "KaiTi"),
    ("楷体_GB2312", "KaiTi_GB2312"),
    ("黑体", "SimHei"),
    ("微软雅黑", "Microsoft YaHei"),
    ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
    ("方正小标宋_GBK", "FZXiaoBiaoSong-B05"),
    ("方正仿宋简体", "FZFangSong-Z02S"),
    ("方正楷体简体", "FZKai-Z03S"),
    ("华文中宋", "STZhongsong"),
    ("华文宋体", "STSong"),
    ("华文仿宋", "STFangsong"),
    ("华文楷体", "STKaiti"),
    ("华文细黑", "STXihei"),
    ("宋体-简", "Songti SC"),
    ("楷体-简", "Kaiti SC"),
    ("黑体-简", "Heiti SC"),
    ("思源宋体", "Source Han Serif SC", "Source Han Serif CN"),
    ("思源黑体", "Source Han Sans SC", "Source Han Sans CN"),
    ("霞鹜文楷", "LXGW WenKai"),
)


_KNOWN_AS = {same_name(name): group for group in _SYNONYMS for name in group}


def synonyms(name: str) -> tuple[str, ...]:
    """The name itself first, then the others under which the same font is known."""
    return tuple(dict.fromkeys((name, *_KNOWN_AS.get(same_name(name), ()))))
