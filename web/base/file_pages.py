"""Pictures out of manuscripts, and the original files themselves."""

from __future__ import annotations

from flask import Blueprint, send_file, url_for
from flask.typing import ResponseReturnValue

from web.base import current

pages = Blueprint("files", __name__)

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})
"""The media types a browser may show in the page; everything else is handed out as a download."""


def picture_url(sha256: str) -> str:
    """Where pages show a picture from."""
    return url_for("files.picture", sha256=sha256)


@pages.get("/picture/<string(length=64):sha256>")
def picture(sha256: str) -> ResponseReturnValue:
    """An image by SHA-256. It never changes, so browsers may keep it."""
    file, media_type = current.session().picture(sha256)
    shown = media_type in SHOWN
    name = None if shown else f"{sha256[:12]}.{media_type.rpartition('/')[2].removeprefix('x-')}"
    kind = media_type if shown else "application/octet-stream"
    response = send_file(file, mimetype=kind, as_attachment=not shown, download_name=name, max_age=31_536_000)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@pages.get("/original/<string(length=64):sha256>")
def original(sha256: str) -> ResponseReturnValue:
    """A file as it was taken in, as a download under the name it came with."""
    file, name = current.session().original(sha256)
    response = send_file(file, mimetype="application/octet-stream", as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
