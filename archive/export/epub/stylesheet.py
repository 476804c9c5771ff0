"""The style sheet: the house style in relative measures, so that readers may still choose size and fonts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.export.house import HouseStyle, TextStyle

_RARE = "wenshi-rare-"  # families that stand before all others: they have nothing but rare characters
_BODY = "文章正文"
_LARGEST_GAP = 5.0  # em: what is a fine distance on paper would leave the page of a telephone empty

# Selectors by paragraph style; styles that only exist on paper (running heads) have none.
_SELECTORS = {
    _BODY: "p",
    "书名": ".book-title",
    "副题": ".book-subtitle",
    "编者": ".book-editor",
    "版权": ".imprint p",
    "栏目": ".section-title",
    "题名": ".text-title",
    "小标题一": ".heading-1",
    "小标题二": ".heading-2",
    "小标题三": ".heading-3",
    "文章副题": ".text-subtitle",
    "作者": ".byline",
    "编者按": ".editor-note p",
    "引文": "blockquote p",
    "诗文": ".verse p",
    "列表": "li",
    "署名": ".signed",
    "出处": ".source",
    "缺图": ".missing",
    "图注": "figcaption, caption, .caption",
    "表文": "td p",
    "表文居中": "td.short p",
    "表头": "th p",
    "脚注": ".note p",
    "目录标题": ".list-title",
    "索引": ".index p",
    "索引字母": ".index h2",
}
_UNQUOTABLE = re.compile(r'["\\\n]')
_SERIFED = ("宋", "仿", "楷", "明")
_FIXED = """\
.spaces { white-space: pre-wrap; }
.dots { font-style: normal; -webkit-text-emphasis: filled dot; -epub-text-emphasis-style: filled dot;
  text-emphasis: filled dot; text-emphasis-position: under right; }
.noteref { font-size: 0.75em; vertical-align: super; line-height: 0; text-decoration: none; }
.notes { margin-top: 2em; border-top: 1px solid; }
.note a { text-decoration: none; }
sup, sub { line-height: 0; }
figure { margin: 1em 0; text-align: center; break-inside: avoid; page-break-inside: avoid; }
img { max-width: 100%; max-height: 95vh; object-fit: contain; }
.wide { overflow-x: auto; margin: 1em 0; }
table { border-collapse: collapse; margin: 0 auto; }
td, th { border: 1px solid; padding: 0.2em 0.5em; vertical-align: middle; }
blockquote { margin: 0; }
ul { margin: 0; padding: 0; list-style: none; }
.bullet::before { content: "·\\3000"; }
.level-2 { margin-left: 2em; }
.level-3 { margin-left: 4em; }
nav ol { list-style: none; padding-left: 1.5em; }
nav > ol { padding-left: 0; }
nav li { margin: 0.4em 0; }
nav a, .index a { text-decoration: none; }
.entry { margin-top: 1.5em; }
.cover { margin: 0; text-align: center; }
.cover img { max-height: 98vh; }
.title-page, .imprint, .section-page { text-align: center; }
"""


def stylesheet(house: HouseStyle, fonts: Sequence[str] = ()) -> str:
    """The CSS of a book; `fonts` are the files that carry its rare characters, in order of preference."""
    vertical = house.layout.vertical
    rare = tuple(f"{_RARE}{number}" for number, _ in enumerate(fonts, 1))
    lines = ['@charset "UTF-8";']
    for family, file in zip(rare, fonts, strict=True):
        lines.append(f'@font-face {{ font-family: "{family}"; src: url("{file}"); }}')
    if vertical:
        way = "vertical-rl"
        lines.append(f"html {{ -epub-writing-mode: {way}; -webkit-writing-mode: {way}; writing-mode: {way}; }}")
    lines.append(f"body {{ font-family: {_families(house, house.style(_BODY).font, rare)}; line-break: strict; }}")
    for name, selector in _SELECTORS.items():
        rules = "; ".join(_rules(house, house.style(name), rare))
        lines.append(f"{selector} {{ {rules}; }}")
    return "\n".join([*lines, _turned(_FIXED) if vertical else _FIXED])


def _rules(house: HouseStyle, style: TextStyle, rare: Sequence[str]) -> Iterator[str]:
    body = house.style(_BODY)
    vertical = house.layout.vertical
    before, after, start, end = ("right", "left", "top", "bottom") if vertical else ("top", "bottom", "left", "right")
    if style.font != body.font:
        yield f"font-family: {_families(house, style.font, rare)}"
    yield f"font-size: {_number(style.size / body.size)}em"
    yield f"line-height: {_number(style.pitch / style.size)}"
    yield f"font-weight: {'bold' if style.bold else 'normal'}"
    yield f"text-align: {'justify' if style.align == 'both' else style.align}"
    yield f"text-indent: {_number(style.first - style.hanging)}em"
    yield f"margin-{before}: {_gap(style.before, style)}em"
    yield f"margin-{after}: {_gap(style.after, style)}em"
    yield f"margin-{start}: {_number(style.left + style.hanging)}em"
    yield f"margin-{end}: {_number(style.right)}em"
    if style.keep_next:
        yield "break-after: avoid; page-break-after: avoid"
    if style.border:
        side = f"-{after}" if style.border == "bottom" else ""
        yield f"border{side}: 1px solid"


def _families(house: HouseStyle, role: str, rare: Sequence[str]) -> str:
    """The families of a role as CSS, ending in a generic one that every reading system has."""
    named = [f'"{family}"' for family in (*rare, *house.fonts[role]) if not _UNQUOTABLE.search(family)]
    generic = "serif" if any(mark in role for mark in _SERIFED) else "sans-serif"
    return ", ".join([*named, generic])


def _gap(points: float, style: TextStyle) -> str:
    return _number(min(points / style.size, _LARGEST_GAP))


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _turned(rules: str) -> str:
    """The fixed rules for columns: what was above is now to the right, what was left is now above."""
    # A share of the width means nothing where columns run on sideways; the screen's width does.
    turned = {
        "max-width: 100%": "max-width: 90vw",
        "-top": "-right",
        "-left": "-top",
        "overflow-x": "overflow-y",
        "margin: 1em 0": "margin: 0 1em",
    }
    for old, new in turned.items():
        rules = rules.replace(old, new)
    return rules
