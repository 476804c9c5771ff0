"""Whether a folder lies on a disk of another computer, where SQLite's locks and shared memory cannot be trusted."""

from __future__ import annotations

import os
import re
import sys
from functools import lru_cache
from pathlib import Path

from archive.support.long_paths import plain

_REMOTE = frozenset(
    {"nfs", "nfs3", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "afs", "davfs"}
    | {"ceph", "glusterfs", "lustre", "beegfs", "gpfs"}
    | {"fuse.sshfs", "fuse.davfs2", "fuse.rclone", "fuse.s3fs", "fuse.smbnetfs", "fuse.gvfsd-fuse", "fuse.glusterfs"}
)
"""File systems of other computers, as Linux names them."""

_DRIVE_REMOTE = 4  # GetDriveTypeW
_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")


def network_drive(folder: Path) -> bool:
    """Whether `folder` (or, while it is not there, the nearest one above) is on a network drive.

    Told by the type of the file system on Linux and by the type of the drive on Windows; elsewhere nothing tells.
    """
    if sys.platform == "win32":
        path = str(folder.absolute())
        return _is_remote(path) or _is_remote(_real(path))
    path = os.path.realpath(folder)
    if sys.platform.startswith("linux"):
        return _file_system(path, _mounts()) in _REMOTE
    return False


def _real(path: str) -> str:
    """Where a path leads in the end; itself where Windows does not tell, as of very long ones."""
    try:
        return os.path.realpath(path)
    except OSError:
        return path


def _is_remote(path: str) -> bool:
    known = plain(path)
    return known.startswith("\\\\") or _drive_type(known) == _DRIVE_REMOTE


def _file_system(path: str, mounts: str) -> str:
    """The type of the file system that a path is on, of those in a `mountinfo`: the longest mount point wins.

    Of several at one place the last covers the others.
    """
    found, longest = "", -1
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields, kind = before.split(), after.split()
        if len(fields) < 5 or not kind:
            continue
        point = _ESCAPED.sub(lambda match: chr(int(match[1], 8)), fields[4])
        within = path == point or path.startswith(point if point.endswith("/") else f"{point}/")
        if within and len(point) >= longest:
            found, longest = kind[0], len(point)
    return found


def _mounts() -> str:
    try:
        return _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


@lru_cache(64)
def _drive_type(path: str) -> int:
    """What Windows says of the drive of an absolute path."""
    if sys.platform != "win32":
        return 0
    import ctypes

    drive, _ = os.path.splitdrive(path)
    return int(ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\"))
