"""Bookmarks: the places contents, lists and indexes lead to, and the fields that give their page numbers."""

from __future__ import annotations

from archive.export.word import wordml


class Anchors:
    """Gives the bookmarks of one document their numbers and names."""

    def __init__(self) -> None:
        self._last = 0

    def around(self, content: str, kind: str) -> tuple[str, str]:
        """The content within a new bookmark, and its name, which begins with `_` and the kind: hidden in Word."""
        self._last += 1
        name = f"_{kind}{self._last:06d}"
        return (
            f'<w:bookmarkStart w:id="{self._last}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{self._last}"/>',
            name,
        )


def page_of(bookmark: str, page: str) -> str:
    """A field that gives the page number of a bookmark; `page` is what is known of it so far."""
    return wordml.field(rf"PAGEREF {bookmark} \h", page)


def page_unless_same(bookmark: str, before: str, comma: str) -> str:
    """A field that gives `comma` and the page number of a bookmark, nothing if `before` stands on the same page.

    Only Word computes it; until then nothing is shown.
    """
    return wordml.nested_field(
        "IF ", page_of(bookmark, ""), " = ", page_of(before, ""), f' "" "{comma}', page_of(bookmark, ""), '"'
    )
