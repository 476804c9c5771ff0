"""Pictures: checked, scaled to the type area or to the whole page, with their words for those who cannot see them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archive.export.prepared_pictures import PreparedBook, natural_width
from archive.export.word import wordml
from archive.export.word.word_package import WordPackage
from archive.model.errors import ReadError
from archive.support.pictures import is_whole, media_type
from archive.support.storage_errors import reason

_MILLIMETRE = 36_000  # English metric units
_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/bmp": "bmp", "image/tiff": "tiff"}
KINDS = tuple(_SUFFIXES)
"""The media types that Word shows."""
LARGE = 20_000_000
"""Bytes above which a picture is worth a word: print needs no more than a few million."""

_LONGEST_SIDE = 10_000_000  # pixels; what says more is damaged, and Word cannot count so far


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture that Word can show; width and height in pixels, size in bytes."""

    file: Path
    media_type: str
    width: int
    height: int
    size: int


class WordPictures:
    """The pictures of one document; each file is embedded once however often it is shown."""

    def __init__(self, package: WordPackage, ready: PreparedBook, box: tuple[int, int]) -> None:
        """`box` is the widest and highest a picture in the text may be, in English metric units."""
        self._package = package
        self._ready = ready
        self.remarks = dict(ready.remarks)
        self._box = box
        self._shown = 0

    def size(self, sha256: str) -> int:
        """The bytes that the picture takes in the document; raises as `inline` does."""
        return self._checked(sha256).size

    def inline(self, sha256: str, words: str, share: float = 1, own_width: int = 0) -> str:
        """A run with the picture, no wider than this share of the box and no higher than the box.

        `own_width` is how wide its source prints it, in millimetres (0: unknown). Raises NotFound, and ReadError if it
        is damaged or of an unknown kind.
        """
        picture = self._checked(sha256)
        width = natural_width(own_width, picture.width) * _MILLIMETRE
        height = width * picture.height / picture.width
        scale = min(1.0, share * self._box[0] / width, self._box[1] / height)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        graphic = self._graphic(picture, words, size)
        return (
            '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f"{_extent(size)}{graphic}</wp:inline></w:drawing></w:r>"
        )

    def page(self, sha256: str, words: str, sheet: tuple[int, int]) -> str:
        """A run with the picture over the whole page (`sheet` in English metric units); what does not fit is cut off.

        Raises as `inline` does.
        """
        picture = self._checked(sha256)
        graphic = self._graphic(picture, words, sheet, _cut(picture.width / picture.height, sheet[0] / sheet[1]))
        place = "".join(
            f'<wp:position{way} relativeFrom="page"><wp:posOffset>0</wp:posOffset></wp:position{way}>' for way in "HV"
        )
        return (
            '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1"'
            ' behindDoc="1" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
            f"{place}{_extent(sheet)}<wp:wrapNone/>{graphic}</wp:anchor></w:drawing></w:r>"
        )

    def _graphic(self, picture: _Picture, words: str, size: tuple[int, int], cut: str = "") -> str:
        relation = self._package.add_picture(picture.file, picture.media_type, _SUFFIXES[picture.media_type])
        self._shown += 1
        names = f'id="{self._shown}" name="图片 {self._shown}" descr={wordml.attribute(words)}'
        return (
            f"<wp:docPr {names}/>"
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f"<pic:nvPicPr><pic:cNvPr {names}/><pic:cNvPicPr/></pic:nvPicPr>"
            f'<pic:blipFill><a:blip r:embed="{relation}"/>{cut}<a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{size[0]}" cy="{size[1]}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            "</pic:pic></a:graphicData></a:graphic>"
        )

    def _checked(self, sha256: str) -> _Picture:
        file, _ = self._ready.book.pictures(sha256)
        try:
            data = file.read_bytes()
        except OSError as error:
            raise ReadError(f"图片文件读不出来（{reason(error)}）", place=file.name) from error
        kind = media_type(data)
        if kind not in _SUFFIXES:
            raise ReadError("不是 Word 能显示的图片格式（JPEG、PNG、GIF、BMP、TIFF）", place=file.name)
        width, height = self._ready.sizes.get(sha256, (0, 0))
        if not is_whole(data) or min(width, height) <= 0:
            raise ReadError("图片已损坏", place=file.name)
        if max(width, height) > _LONGEST_SIDE:
            raise ReadError("图片的尺寸不合理", place=file.name)
        return _Picture(file, kind, width, height, len(data))


def _extent(size: tuple[int, int]) -> str:
    return f'<wp:extent cx="{size[0]}" cy="{size[1]}"/>'


def _cut(shape: float, wanted: float) -> str:
    """a:srcRect that cuts a picture of this shape (width by height) to the one wanted, evenly on both sides."""
    if shape > wanted:
        share = round((1 - wanted / shape) * 50_000)
        return f'<a:srcRect l="{share}" r="{share}"/>'
    share = round((1 - shape / wanted) * 50_000)
    return f'<a:srcRect t="{share}" b="{share}"/>'
