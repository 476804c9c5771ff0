"""Scanned texts as IIIF Presentation 3 (https://iiif.io/api/presentation/3.0/).

Each page is a canvas with its picture, the text of the page its annotations, line by line where its lines were read.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image

from archive.catalogue.citation import cite
from archive.export.book import byline
from archive.model.records import Article, Collection
from archive.model.scanned_pages import ScannedPage, scanned_pages
from archive.session import Session
from ingest.readers import kept_readings
from ingest.readers.page_reading import NOTHING, PageReading, ReadLine
from ingest.readers.text_on_page import OnPage, shared_out

MEDIA_TYPE = 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'
MANIFEST = "manifest.json"
_CONTEXT = "http://iiif.io/api/presentation/3/context.json"
_UNMEASURABLE = (
    InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError, struct.error, KeyError, ValueError,
    ZeroDivisionError,
)  # fmt: skip

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Facsimile:
    """A scanned page, numbered from 1: its picture's media type and size in pixels, and what was read on it."""

    number: int
    page: ScannedPage
    media_type: str
    width: int
    height: int
    reading: PageReading | None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things stand, as whole addresses: `here` the folder of the manifest with its final slash, `text` the page
    of the text; `picture` tells that of a picture by its SHA-256 and media type.
    """

    here: str
    text: str
    picture: Callable[[str, str], str]

    def canvas(self, number: int) -> str:
        """What names a page."""
        return f"{self.here}canvas/{number}"

    def words(self, number: int) -> str:
        """Where the text of a page is."""
        return f"{self.here}{words_file(number)}"


def words_file(number: int) -> str:
    """The file with the text of a page, from the folder of the manifest."""
    return f"page/{number}.json"


def has_pages(session: Session, article: Article) -> bool:
    """Whether `facsimiles` of a text may hold something."""
    with kept_readings.keeping(session.root):
        return any(page.printed or kept_readings.kept(page.picture) for page in scanned_pages(article))


def facsimiles(session: Session, article: Article, numbers: Container[int] | None = None) -> dict[int, Facsimile]:
    """The scanned pages of a text, or of these numbers (from 1), by number in order.

    A picture that was never read and has no printed page number may be any picture, and is none; nor is one of which
    nobody knows how large it is.
    """
    found = {}
    with kept_readings.keeping(session.root):
        for number, page in enumerate(scanned_pages(article), 1):
            if numbers is not None and number not in numbers:
                continue
            reading = kept_readings.kept(page.picture)
            if reading is None and not page.printed:
                continue
            file, media_type = session.picture(page.picture)
            width, height = _size(file, reading)
            if width and height:
                found[number] = Facsimile(number, page, media_type, width, height, reading)
    return found


def _size(file: Path, reading: PageReading | None) -> tuple[int, int]:
    """Pixels of a picture as it is shown, (0, 0) where its head does not tell."""
    try:
        image = Image.from_blob(file.read_bytes())
    except _UNMEASURABLE:
        return (reading.width, reading.height) if reading and reading != NOTHING else (0, 0)
    size = (image.px_width, image.px_height)
    lying = reading is not None and reading.width > reading.height
    turned = reading is not None and reading.width != reading.height and lying != (size[0] > size[1])
    return (size[1], size[0]) if turned else size


def manifest(article: Article, collection: Collection, pages: Mapping[int, Facsimile], at: Addresses) -> Json:
    """A text of which `pages` is not empty."""
    title = " ".join(article.title.split()) or "（无题）"
    told = (
        ("文集", collection.title),
        ("栏目", article.section),
        ("责任者", byline(article)),
        ("来源", article.source),
    )
    return {
        "@context": _CONTEXT,
        "id": at.here + MANIFEST,
        "type": "Manifest",
        "label": _words(title),
        "metadata": [_pair(name, value) for name, value in told if value],
        "requiredStatement": _pair("引用", cite(article, collection)),
        "homepage": [{"id": at.text, "type": "Text", "label": _words(title), "format": "text/html"}],
        "items": [_canvas(each, at) for each in pages.values()],
    }


def _canvas(one: Facsimile, at: Addresses) -> Json:
    canvas = at.canvas(one.number)
    size: Json = {"width": one.width, "height": one.height}
    body = {"id": at.picture(one.page.picture, one.media_type), "type": "Image", "format": one.media_type, **size}
    painted = {
        "id": f"{canvas}/picture/1", "type": "Annotation", "motivation": "painting", "body": body, "target": canvas,
    }  # fmt: skip
    return {
        "id": canvas,
        "type": "Canvas",
        "label": _words(f"第 {one.page.printed} 页" if one.page.printed else f"图像 {one.number}"),
        **size,
        "items": [{"id": f"{canvas}/picture", "type": "AnnotationPage", "items": [painted]}],
        "annotations": [{"id": at.words(one.number), "type": "AnnotationPage", "label": _words("文字")}],
    }


def words(article: Article, pages: Mapping[int, Facsimile], number: int, at: Addresses) -> Json:
    """The text of one of the pages as it is now, in its order: each line at its place, what has none on the whole page.

    `pages` must have those before and after it, since texts go on from one to the other.
    """
    one = pages[number]
    texts = [article.blocks[block].text for block in one.page.blocks]
    around = (pages.get(number - 1), pages.get(number + 1))
    beside = [each.reading for each in around if each and each.reading]
    pieces = sorted(shared_out(one.reading or NOTHING, texts, beside), key=lambda piece: piece.at)
    return {
        "@context": _CONTEXT,
        "id": at.words(number),
        "type": "AnnotationPage",
        "label": _words("文字"),
        "items": [_annotation(piece, place, one, at) for place, piece in enumerate(pieces, 1)],
    }


def _annotation(piece: OnPage, place: int, one: Facsimile, at: Addresses) -> Json:
    canvas = at.canvas(one.number)
    return {
        "id": f"{canvas}/words/{place}",
        "type": "Annotation",
        "motivation": "supplementing",
        "body": {"type": "TextualBody", "value": piece.text, "language": "zh", "format": "text/plain"},
        "target": canvas if piece.line is None else f"{canvas}#xywh={_box(piece.line, one)}",
    }


def _box(line: ReadLine, one: Facsimile) -> str:
    """The level box about a line, in pixels of the canvas: left, top, width, height."""
    assert one.reading is not None
    across, down = one.width / one.reading.width, one.height / one.reading.height
    left, right = (bound(x for x, _ in line.corners) * across for bound in (min, max))
    top, bottom = (bound(y for _, y in line.corners) * down for bound in (min, max))
    x, y = max(0, round(left)), max(0, round(top))
    return f"{x},{y},{max(1, min(one.width, round(right)) - x)},{max(1, min(one.height, round(bottom)) - y)}"


def written(value: Json) -> str:
    """As it is sent or kept in a file."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _words(text: str) -> Mapping[str, list[str]]:
    return {"zh": [text]}


def _pair(name: str, value: str) -> Json:
    return {"label": _words(name), "value": _words(value)}
