"""What lies in a library's folder: the only place where its files and folders are named."""

from __future__ import annotations

from pathlib import Path

SETTINGS = "library.toml"
"""Format number and name; a folder that has it is a whole library."""

DATABASE = "archive.sqlite"
ORIGINALS = "originals"
"""Every file taken in, by SHA-256; so are the pictures taken out of them."""

PICTURES = "pictures"
FETCHED = "fetched"
"""Copies of files that lie elsewhere (S3), while they are in use; may be deleted at any time."""

READINGS = "readings"
"""What was recognised on pictures of pages, by the SHA-256 of the picture; may be deleted at any time."""

PAGES_ASIDE = "pages-"
"""How the names of folders in READINGS begin that hold the pictures of a file's pages until it is stored."""

INDEX = "index"
"""Everything derived; may be deleted at any time."""

BACKUPS = "backups"
"""Copies of the database, made before every migration."""

WRITER_LOCK, WRITER_NOTE = "writer.lock", "writer.json"
WORDS = "words.txt"
"""The office's own words for segmentation."""

PERIODS = "periods.toml"
GOOD_PERIODS = "periods.good.toml"
"""The last text of PERIODS without a mistake."""

NAMES = "names.csv"
WORDING = "wording.csv"
"""What the office's books do not say, and what instead."""

STYLES, FONTS = "styles", "fonts"
PROCEDURES = "procedures"
"""The office's own procedures and registers, one TOML file each."""

SPLITS = "splits"
"""Split tables of volumes that wait for their editor on the command line."""

INCOMING = "incoming"
"""Manuscripts that wait in the browser for their editor."""

JOBS_LOCK = "jobs.lock"
"""Held by the program that does the library's long work."""

TABLES = "tables"
"""The tables of a library that is being moved here or restored, see archive/store/neutral_tables.py; a folder that has
them is no library yet.
"""

RESTORING = "restoring"
"""Stands in a folder while a backup is unpacked into it."""

WEB_KEY = "web.key"
"""The key that cookies are signed with."""

SHARED = "shared.json"
"""What the office's own files were when they were last the same on all machines, see archive/store/shared_files.py."""

BACKUP_KEY, BACKUP_NOTES = "backup.key", "backups.json"
"""The password of backups made by themselves, and what became of the last ones."""

OFFICE_FILES = (WORDS, PERIODS, GOOD_PERIODS, NAMES, WORDING)
"""What an office may write itself and need not have."""

_OWN = frozenset(
    {SETTINGS, DATABASE, ORIGINALS, PICTURES, FETCHED, INDEX, BACKUPS, WRITER_LOCK, WRITER_NOTE, *OFFICE_FILES}
    | {STYLES, FONTS, PROCEDURES, SPLITS, INCOMING, WEB_KEY, JOBS_LOCK, BACKUP_KEY, BACKUP_NOTES, RESTORING, TABLES}
    | {SHARED, READINGS, *(f"{DATABASE}-{suffix}" for suffix in ("wal", "shm", "journal"))}
)
SYSTEM = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", "lost+found"})
"""What operating systems put into folders unasked; a folder with nothing else counts as empty."""


def foreign(root: Path) -> str:
    """The name of something in a folder that is no part of a library; empty when there is nothing like that."""
    names = (entry.name for entry in sorted(root.iterdir()))
    return next((name for name in names if name not in _OWN | SYSTEM and not _unfinished(name)), "")


def _unfinished(name: str) -> bool:
    """Whether a file was left by a process killed while writing it (see archive.support.files.replacing)."""
    return name.startswith(".") and name.endswith(".tmp")


def reading_file(root: Path, sha256: str) -> Path:
    """Where what was recognised on a picture is kept."""
    return root / READINGS / sha256[:2] / sha256
