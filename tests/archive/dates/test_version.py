"""The version of the rules goes up with the rules: libraries learn from it that their dates are older."""

import hashlib
from importlib.resources import files
from pathlib import Path

from archive.dates.version import RULES

# Modules that read no dates: they write days down, keep an office's file, or say which reader or version is in use.
_READ_NONE = (
    "__init__.py",
    "describe.py",
    "edtf.py",
    "office_entries.py",
    "office_periods.py",
    "reader_in_use.py",
    "version.py",
)
PINNED = Path(__file__).with_name("rules_version.txt")


def test_changed_rules_have_another_version() -> None:
    root = Path(str(files("archive.dates")))
    held = hashlib.sha256()
    for file in sorted([*root.glob("*.py"), *root.glob("*.toml"), *root.glob("data/*")]):
        if file.name not in _READ_NONE:
            held.update(file.relative_to(root).as_posix().encode())
            held.update(file.read_bytes().replace(b"\r\n", b"\n"))
    now = f"{RULES} {held.hexdigest()}"
    assert PINNED.read_text(encoding="utf-8").strip() == now, (
        "Rules or tables of dates changed. If any text may be read otherwise than by the version last released, raise "
        f"RULES in archive/dates/version.py; then write the line asserted here into {PINNED.name}."
    )
