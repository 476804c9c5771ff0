"""Where a text and its pictures are reached at the address asked: in the office's pages, or in a reading room."""

from __future__ import annotations

from flask import current_app, request

from archive.model.accounts import public_reader
from archive.session import Session
from web.base import current
from web.base.file_pages import picture_url
from web.edition.lists import picture_file, text_page


def in_room() -> bool:
    """Whether this is a reading room, where everybody is the same reader."""
    return "reading" not in current_app.blueprints


def session() -> Session:
    """The library as whoever asks may read it."""
    return current.library().session(public_reader()) if in_room() else current.session()


def text_url(id: str) -> str:
    """The whole address of the page of a text."""
    return request.url_root + (text_page(id) if in_room() else f"article/{id}")


def picture_at(sha256: str, media_type: str) -> str:
    """The whole address of a picture."""
    path = picture_file(sha256, media_type) if in_room() else picture_url(sha256).removeprefix(request.root_path)[1:]
    return request.url_root + path
