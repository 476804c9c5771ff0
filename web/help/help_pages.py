"""Help in the browser: chapters, and a search through them."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from web.help import chapters

pages = Blueprint("help", __name__, url_prefix="/help")


@pages.get("")
def contents() -> ResponseReturnValue:
    """The chapters, or the sections that words stand in."""
    asked = request.args.get("q", "").strip()[:100]
    found = chapters.search(asked) if asked else []
    return render_template("help.html", order=chapters.ORDER, asked=asked, found=found)


@pages.get("/<chapter>")
def chapter(chapter: str) -> ResponseReturnValue:
    """One chapter."""
    text = chapters.page(chapter)
    return render_template("help_chapter.html", order=chapters.ORDER, chapter=chapter, text=text)
