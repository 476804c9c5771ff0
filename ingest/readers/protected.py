"""Files with a password: Word (97 and newer), PDF. With the password a readable copy is made, for reading only."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from archive.model.errors import ReadError
from ingest.readers import signature

_INSTALL = "在联网的机器上运行 pip install msoffcrypto-tool 后再试；或用 Word 打开（需要密码），清除密码后另存"
_GIVE = "用 --password 给出密码；或用 Word、WPS 打开（需要密码），在“文件—信息—保护文档”中清除密码，保存后再导入"
_WRONG = "核对密码：注意大小写、全角半角，一次只能给一个密码"


def is_protected(head: bytes, file: Path) -> bool:
    """Whether the file can only be read with a password."""
    if signature.is_compound(head, file):
        found = signature.streams(file)
        return "EncryptedPackage" in found or ("WordDocument" in found and _is_encrypted_word(file))
    return signature.is_pdf(head, file) and _refuses(file, None)


def unlock(file: Path, name: str, password: str, target: Path) -> None:
    """Writes a readable copy to `target`. Raises ReadError where the password is missing or wrong."""
    if not password:
        raise ReadError("文件加了密码，没有密码读不出", place=name, hint=_GIVE)
    with file.open("rb") as stream:
        compound = signature.is_compound(stream.read(8), file)
    if compound:
        _unlock_word(file, name, password, target)
    else:
        _unlock_pdf(file, name, password, target)


def _is_encrypted_word(file: Path) -> bool:
    """Bit 8 of the flags in the header of the WordDocument stream, as msoffcrypto reads it."""
    try:
        import msoffcrypto
    except ImportError:
        return False  # LibreOffice will refuse it
    with file.open("rb") as stream:
        try:
            return bool(msoffcrypto.OfficeFile(stream).is_encrypted())
        except Exception:  # the library has no common base for what damaged files do to it
            return False


def _unlock_word(file: Path, name: str, password: str, target: Path) -> None:
    try:
        import msoffcrypto
        from msoffcrypto import exceptions
    except ImportError as error:
        raise ReadError("解开有密码的 Word 文件需要 msoffcrypto-tool，没有安装", place=name, hint=_INSTALL) from error
    with file.open("rb") as stream, target.open("wb") as copy:
        try:
            locked: Any = msoffcrypto.OfficeFile(stream)
            locked.load_key(password=password)
            locked.decrypt(copy)
        except exceptions.InvalidKeyError as error:
            raise ReadError("密码不对", place=name, hint=_WRONG) from error
        except Exception as error:
            raise ReadError(f"文件加了密码，解不开（{error}）", place=name, hint=_GIVE) from error


def _refuses(file: Path, password: str | None) -> bool:
    """Whether PDFium wants another password than this."""
    try:
        pypdfium2.PdfDocument(file, password=password).close()
    except pypdfium2.PdfiumError as error:
        return bool(error.err_code == pdfium.FPDF_ERR_PASSWORD)
    return False


def _unlock_pdf(file: Path, name: str, password: str, target: Path) -> None:
    if _refuses(file, password):
        raise ReadError("密码不对", place=name, hint=_WRONG)
    document = pypdfium2.PdfDocument(file, password=password)
    try:
        document.save(target, flags=pdfium.FPDF_REMOVE_SECURITY)
    except (pypdfium2.PdfiumError, ctypes.ArgumentError) as error:
        raise ReadError("PDF 加了密码，解不开", place=name, hint=_GIVE) from error
    finally:
        document.close()
