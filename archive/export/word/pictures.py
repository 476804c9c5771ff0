"""Pictures in the text: checked, scaled to the type area, with their words for those who cannot see them."""

from __future__ import annotations

import io
import struct
from pathlib import Path

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image
from docx.parts.document import DocumentPart

from archive.errors import ReadError
from archive.export.word import markup

# A picture cut off half-way still has a sound head; these end marks must stand somewhere in its second half.
_ENDS = {"image/png": b"IEND", "image/jpeg": b"\xff\xd9"}
_BROKEN = (InvalidImageStreamError, UnexpectedEndOfFileError, struct.error, ValueError, ZeroDivisionError, KeyError)


class Pictures:
    """The pictures of one document; each file is embedded once however often it is shown."""

    def __init__(self, document: DocumentPart, box: tuple[int, int]) -> None:
        self._document = document
        self._box = box
        self._shown = 0

    def inline(self, file: Path, words: str, share: float = 1) -> str:
        """A run with the picture, no wider than this share of the box and no higher than the box.

        Raises ReadError if it is damaged or of an unknown kind.
        """
        image = self._checked(file)
        # As a stream: python-docx names the part by the file's suffix, and files kept by SHA-256 have none.
        relation, _ = self._document.get_or_add_image(io.BytesIO(image.blob))
        width, height = self._fitted(image, share)
        self._shown += 1
        names = f'id="{self._shown}" name="图片 {self._shown}" descr={markup.attribute(words)}'
        size = f'cx="{width}" cy="{height}"'
        return (
            '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f"<wp:extent {size}/><wp:docPr {names}/>"
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f"<pic:nvPicPr><pic:cNvPr {names}/><pic:cNvPicPr/></pic:nvPicPr>"
            f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )

    @staticmethod
    def _checked(file: Path) -> Image:
        try:
            image: Image = Image.from_blob(file.read_bytes())
        except UnrecognizedImageError as error:
            raise ReadError("不是 Word 能显示的图片格式（JPEG、PNG、GIF、BMP、TIFF）", place=file.name) from error
        except _BROKEN as error:
            raise ReadError("图片已损坏", place=file.name) from error
        except OSError as error:
            raise ReadError(f"图片文件读不出来（{error.strerror}）", place=file.name) from error
        end = _ENDS.get(image.content_type, b"")
        if image.blob.rfind(end) < len(image.blob) // 2 or not image.px_width or not image.px_height:
            raise ReadError("图片不完整", place=file.name)
        return image

    def _fitted(self, image: Image, share: float) -> tuple[int, int]:
        width, height = int(image.width), int(image.height)
        scale = min(1.0, share * self._box[0] / width, self._box[1] / height)
        return max(1, round(width * scale)), max(1, round(height * scale))
