"""Files locked with a password: AES-256-GCM in pieces, the key made from the password by scrypt.

A file is the mark, 16 bytes of salt, then the pieces, each sealed with its number and whether it is the last: none can
be changed, left out, moved or added without being noticed. Who has lost the password has lost the file.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from archive.model.errors import ReadError, StorageError

MARK = b"WENSHI-SEALED-1\n"
_SALT = 16
_PIECE = 1 << 20  # bytes before sealing
_TAG = 16
_COST = {"n": 1 << 15, "r": 8, "p": 1, "maxmem": 1 << 26}  # a tenth of a second on an old PC
_GIVE = "用 --password 给出备份时的密码"


def _cipher(password: str, salt: bytes) -> Any:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError as error:
        hint = "在联网的机器上运行 pip install cryptography 后再试，或者不加密码"
        raise StorageError("给备份加密需要 cryptography，没有安装", hint=hint) from error
    return AESGCM(hashlib.scrypt(password.encode(), salt=salt, dklen=32, **_COST))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class SealingStream:
    """What is written to it goes sealed into a stream. To be closed, or the file is worth nothing; it cannot seek."""

    def __init__(self, stream: IO[bytes], password: str) -> None:
        salt = os.urandom(_SALT)
        self._stream, self._cipher = stream, _cipher(password, salt)
        self._held, self._number = bytearray(), 0
        stream.write(MARK + salt)

    def write(self, data: Any) -> int:
        """Takes bytes; the number taken."""
        self._held += data
        while len(self._held) > _PIECE:
            self._seal(bytes(self._held[:_PIECE]), False)
            del self._held[:_PIECE]
        return len(data)

    def flush(self) -> None:
        """Does nothing: a piece is written when it is full."""

    def close(self) -> None:
        """Writes the last piece."""
        self._seal(bytes(self._held), True)
        self._held.clear()

    def _seal(self, piece: bytes, last: bool) -> None:
        self._stream.write(self._cipher.encrypt(_nonce(self._number, last), piece, MARK))
        self._number += 1


def is_sealed(file: Path) -> bool:
    """Whether a file is locked so. Raises OSError."""
    with file.open("rb") as stream:
        return stream.read(len(MARK)) == MARK


@contextmanager
def opened(file: Path, password: str) -> Iterator[IO[bytes]]:
    """The content of a locked file as a stream, kept in a temporary file meanwhile.

    Raises ReadError where the password is missing or wrong, or the file was changed or cut; OSError.
    """
    if not password:
        raise ReadError("这个备份加了密码", hint=_GIVE, place=str(file))
    with file.open("rb") as source, tempfile.TemporaryFile(prefix="wenshi-") as content:
        source.seek(len(MARK))
        cipher = _cipher(password, source.read(_SALT))
        left = file.stat().st_size - len(MARK) - _SALT
        number = 0
        while left > 0:
            piece = source.read(min(_PIECE + _TAG, left))
            left -= len(piece)
            content.write(_unsealed(cipher, number, left <= 0, piece, file))
            number += 1
        if not number:
            raise _broken(file)
        content.seek(0)
        yield content


def _unsealed(cipher: Any, number: int, last: bool, piece: bytes, file: Path) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        plain: bytes = cipher.decrypt(_nonce(number, last), piece, MARK)
    except (InvalidTag, ValueError) as error:
        if number:
            raise _broken(file) from error
        raise ReadError("密码不对，或备份文件已损坏", hint=_GIVE, place=str(file)) from error
    return plain


def _broken(file: Path) -> ReadError:
    return ReadError("备份文件已损坏或不完整", hint="换用另一个备份；没有恢复任何内容", place=str(file))
