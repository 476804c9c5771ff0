"""The language of a book, as formats for screens and scholars want it named."""

from __future__ import annotations

from collections import Counter

from archive.export.book import Book
from archive.text.folding import fold_character

_TRADITIONAL = 0.1  # of the characters; texts in simplified ones quote fewer


def language_of(book: Book) -> str:
    """`zh-Hant` if the book is in traditional characters, else `zh-CN`: the same character is drawn differently."""
    counted: Counter[str] = Counter()
    for chapter in book.everything:
        for block in chapter.article.blocks:
            counted.update(block.text)
    han = {char: count for char, count in counted.items() if "\u3400" <= char <= "\u9fff"}
    traditional = sum(count for char, count in han.items() if fold_character(char))
    return "zh-Hant" if traditional > _TRADITIONAL * sum(han.values()) else "zh-CN"
