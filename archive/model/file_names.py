"""What people name here may become the name of a file, on every system."""

from __future__ import annotations

import re

SIGNS = r'\ / : * ? " < > |'
"""What no name of a file may hold on Windows, as it is told to people."""

_SIGNS = frozenset(SIGNS.replace(" ", ""))
# Windows takes these for devices, in any case and with anything behind a point: what is written to NUL.docx is gone.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$) *(?:\..*)?", re.IGNORECASE)


def fits_a_file(name: str) -> bool:
    """Whether a file may be called so on every system; how long it may be is not asked."""
    edges = name[:1] in " ." or name[-1:] in " ."
    return bool(name) and name.isprintable() and not _SIGNS & set(name) and not edges and not _DEVICE.fullmatch(name)
