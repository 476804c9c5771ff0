"""Passwords: hashed so that a stolen library does not tell them, checked, made up for a first time.

Argon2id as in RFC 9106, with the memory that OWASP names as the least for it: an office PC that signs several people in
at once must not run out. Where the library that offers it has no wheels (LoongArch, RISC-V) it is scrypt, which is in
the standard library; a hash tells which of them made it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import string
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from archive.model.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

LEAST, MOST = 8, 200
"""How long a password must be, and may be."""

_MEMORY = 19_456  # KiB
_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "maxmem": 2**26}
_SCRYPT_MARK = "$scrypt$"
_LETTERS = "".join(set(string.ascii_lowercase + string.digits) - set("01loi"))  # what is read out over a desk
_COMMON = ("12345678", "87654321", "password", "11111111", "88888888", "66666666", "00000000", "qwertyui", "abcd1234")


def hashed(password: str) -> str:
    """A hash to keep, which tells how it was made."""
    secret = _bytes(password)
    kind = _argon2()
    if kind is None:
        return _scrypt(secret, os.urandom(16))
    return kind(salt=os.urandom(16), length=32, iterations=2, lanes=1, memory_cost=_MEMORY).derive_phc_encoded(secret)


def fits(password: str, kept: str) -> bool:
    """Whether a password is the one that was hashed; takes as long where it is not."""
    secret = _bytes(password)
    if kept.startswith(_SCRYPT_MARK):
        salt = base64.b64decode(kept.removeprefix(_SCRYPT_MARK).split("$")[0])
        return hmac.compare_digest(_scrypt(secret, salt), kept)
    kind = _argon2()
    if kind is None:
        raise ConfigError("这台电脑上不能核对密码。", hint="请管理员用命令 wenshi user password 重设这个密码")
    from cryptography.exceptions import InvalidKey

    try:
        kind.verify_phc_encoded(secret, kept)
    except InvalidKey:
        return False
    return True


def dated(kept: str) -> bool:
    """Whether a hash was made in another way than it would be now."""
    return not kept.startswith(f"$argon2id$v=19$m={_MEMORY},t=2,p=1$") and _argon2() is not None


def made_up() -> str:
    """A first password: twelve letters and digits in three groups, none of which look alike."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def check(password: str, login: str) -> None:
    """Raise UsageError where a password is too easily guessed, or too long."""
    hint = f"至少 {LEAST} 个字，可以是一句话；不要用登录名、生日和连续的数字"
    if len(password) < LEAST:
        raise UsageError(f"密码太短，至少要 {LEAST} 个字。", hint=hint)
    if len(password) > MOST:
        raise UsageError(f"密码太长，最多 {MOST} 个字。", hint=hint)
    plain = password.casefold()
    if plain == login.casefold() or any(plain.startswith(each) for each in _COMMON) or len(set(plain)) < 4:
        raise UsageError("这个密码太容易猜。", hint=hint)


@cache
def _argon2() -> type[Argon2id] | None:
    """The class that makes such hashes; None where it is not to be had. Imported here: only signing in needs it."""
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
    except ImportError:
        return None
    try:  # OpenSSL may have been built without it
        Argon2id(salt=b"0" * 16, length=32, iterations=1, lanes=1, memory_cost=8).derive(b"")
    except UnsupportedAlgorithm:
        return None
    return Argon2id


def _bytes(password: str) -> bytes:
    """Typed on two keyboards, it is the same password."""
    return unicodedata.normalize("NFKC", password)[: MOST * 4].encode("utf-8", "surrogatepass")


def _scrypt(secret: bytes, salt: bytes) -> str:
    key = hashlib.scrypt(secret, salt=salt, dklen=32, **_SCRYPT)
    return f"{_SCRYPT_MARK}{base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"
