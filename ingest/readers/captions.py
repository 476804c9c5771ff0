"""Captions told by their words: 图1 …, ▲…, （上）…, 左图：…, 王某　摄."""

from __future__ import annotations

import re

LONGEST = 80
"""Characters; a longer line is text."""
_CAPTION = re.compile(
    r"[▲△▼▽◀▶↑↓←→]"
    r"|[（(【\[]?(?:图|圖|照片)[\s　]*(?:[\d０-９一二三四五六七八九十①-⑳]|[：:为為（(])|图[\s　]+\S"
    r"|[（(][上下左右中前后][^（）()]{0,3}[）)]|[上下左右中][图圖]?[\s　]*[：:为為]"
)
_TABLE = re.compile(r"[（(【\[]?[附续續]?[表錶][\s　]*[\d０-９一二三四五六七八九十①-⑳]")
_PHOTOGRAPHER = re.compile(
    r"[^。！？]*(?:[\s　（(（][\u4e00-\u9fff·]{2,5}[\s　]*(?:摄影?|供图|提供|翻拍)|摄影[：:／/][^。]*)[）)]?"
)


def is_caption(text: str) -> bool:
    """Whether a line has the words of a caption; it is one where a picture stands above it."""
    words = text.strip()
    return 0 < len(words) <= LONGEST and bool(_CAPTION.match(words) or _PHOTOGRAPHER.fullmatch(words))


def is_table_caption(text: str) -> bool:
    """Whether a line has the words of a table's caption (表1 …); it is one where a table stands below it."""
    words = text.strip()
    return len(words) <= LONGEST and bool(_TABLE.match(words)) and not words.endswith(("。", "：", ":", "；"))
