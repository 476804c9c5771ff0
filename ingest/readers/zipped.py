"""Zip containers opened with suspicion: what would unpack to too much is refused before anything is unpacked."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from archive.model.errors import ReadError

MAX_MEMBERS = 20_000
MAX_TOTAL = 2 * 2**30  # declared size of all members together
MAX_RATIO = 250  # of unpacked to packed size; real Word XML stays below 60
_RATIO_FROM = 2**20  # small members may compress as well as they like
_UTF8_NAME = 0x800  # flag bit 11: the name is in UTF-8
_ENCRYPTED = 1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, UnicodeError)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a container claims to be, for messages: `what` it is, `repair` what to do when it is broken."""

    what: str
    repair: str


def open_zip(stream: BinaryIO, name: str, claim: Claim) -> zipfile.ZipFile:
    """Opens a container. Raises ReadError where it is damaged or declares too many or too large members."""
    try:
        opened = zipfile.ZipFile(stream)
    except _BROKEN as error:
        message = f"{claim.what}不完整或已损坏（压缩包打不开）"
        raise ReadError(message, place=name, hint=claim.repair) from error
    members = opened.infolist()
    total = sum(info.file_size for info in members)
    inflated = any(
        info.file_size > _RATIO_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size) for info in members
    )
    if len(members) > MAX_MEMBERS or total > MAX_TOTAL or inflated:
        raise ReadError(
            "文件解压后大得不正常，可能是压缩炸弹，未予读取",
            place=name,
            hint=f"若确是自己的稿件，请解压后直接导入里面的文件；{claim.repair}",
        )
    return opened


def is_locked(opened: zipfile.ZipFile) -> bool:
    """Whether any member needs a password."""
    return any(info.flag_bits & _ENCRYPTED for info in opened.infolist())


def read_member(
    opened: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int, place: str, claim: Claim, password: str = ""
) -> bytes:
    """The bytes of a member, never more than `limit`: declared sizes are not believed. Raises ReadError."""
    key = password.encode("utf-8") if info.flag_bits & _ENCRYPTED else None
    try:
        with opened.open(info, pwd=key) as member:
            data = member.read(limit + 1)
    except RuntimeError as error:  # how zipfile says that a password is missing or wrong
        raise ReadError("密码不对，或缺少密码", place=place, hint="用 --password 给出正确的密码") from error
    except _BROKEN as error:
        message = f"{claim.what}不完整或已损坏（内容解不开）"
        raise ReadError(message, place=place, hint=claim.repair) from error
    if len(data) > limit:
        raise ReadError(
            f"文件内部的一个部分超过 {limit // 2**20} MB，未予读取", place=place, hint="把稿件拆成几个文件再导入"
        )
    return data


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of a member as its maker meant it, with slashes: Chinese Windows writes GBK without saying so."""
    if info.flag_bits & _UTF8_NAME:
        return info.filename.replace("\\", "/")
    raw = info.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename
