"""The web application over one library."""

from __future__ import annotations

from flask import Flask

from archive import dates
from archive.library import Library
from web import (
    basket,
    comparing,
    current,
    dating,
    editing,
    failures,
    files,
    guard,
    holdings,
    intake,
    jobs,
    posts,
    reading,
    render,
    search,
)
from web.books import adding, data, items, matter, output, overview, preview, proof

_BOOKS = (overview, adding, data, items, matter, output, preview, proof)


def create_app(library: Library) -> Flask:
    """An application that serves `library`, which stays open as long as it runs and is called from several threads."""
    app = Flask(__name__)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    current.attach(app, library)
    guard.protect(app, library.root)
    failures.register(app)
    jobs.attach(app)
    for topic in (search, reading, dating, editing, comparing, holdings, posts, basket, intake, files, jobs, *_BOOKS):
        app.register_blueprint(topic.pages)
    app.jinja_env.globals.update(
        inline=render.inline,
        excerpt=render.excerpt,
        pointed=render.pointed,
        note_mark=render.note_mark,
        gregorian=dates.describe,
        edtf=dates.edtf,
        basket_size=basket.size,
        pieces=comparing.pieces,
        token=guard.token,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    return app
