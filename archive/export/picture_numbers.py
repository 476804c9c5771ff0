"""Numbers of pictures: 图1, 图2… below those whose author numbers none, the same in every format."""

from __future__ import annotations

import re

from archive.export.book import Chapter
from archive.model.records import Kind

# 图3, 图二, 照片1, 插图… or the pointing marks of newspapers: the author has numbered or marked the picture himself.
_MARKED = re.compile(
    r"\s*(?:[插附]?[图圖]\s*[0-9０-９一二三四五六七八九十①-⑳（(\-－—.．:：、]|照片|[插附][图圖]|[▲△▼▽◆◇●○◎■□★☆])"
)


def marked_by_author(chapter: Chapter) -> bool:
    """Whether the author has numbered or marked at least one picture himself; then none gets a number of ours."""
    return any(block.kind is Kind.CAPTION and _MARKED.match(block.text) for block in chapter.article.blocks)


class PictureNumbers:
    """Counts the captions of pictures, as `Layout.picture_numbers` wants it: in the "article", the "book" or "none"."""

    def __init__(self, way: str) -> None:
        self._way = way
        self._counting = False
        self._last = 0

    def begin(self, chapter: Chapter) -> None:
        """Go on to the pictures of another text."""
        self._counting = self._way != "none" and not marked_by_author(chapter)
        if self._way == "article":
            self._last = 0

    def next(self) -> int | None:
        """The number for the next caption right below a picture; None where it gets none."""
        if not self._counting:
            return None
        self._last += 1
        return self._last
