"""Tables as files to download."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from flask import Response, send_file

_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".ris": "application/x-research-info-systems",
    ".bib": "application/x-bibtex",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(write: Callable[[Path], object], name: str) -> Response:
    """What `write` puts into a file, as a download called `name`, whose suffix is one of those above.

    The file lies in a folder that is gone before the answer begins, so that nothing can be left behind.
    """
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / f"table{Path(name).suffix}"
        write(file)
        return send(file, name)


def send(file: Path, name: str) -> Response:
    """A file that has been written, as a download called `name`."""
    whole = BytesIO(file.read_bytes())  # the file may be gone before the answer is sent
    return send_file(whole, mimetype=_MEDIA_TYPES[Path(name).suffix], as_attachment=True, download_name=name)
