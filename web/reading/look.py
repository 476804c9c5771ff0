"""How a reader likes pages set: type size, line width, vertical setting, colours. Remembered in the login's cookie."""

from __future__ import annotations

import re

from flask import Blueprint, redirect, request
from flask import session as login
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from web.base.security import page_of_ours

pages = Blueprint("look", __name__)

CHOICES = {
    "size": {"small": "小", "": "中", "large": "大", "huge": "特大"},
    "measure": {"narrow": "窄", "": "中", "broad": "宽"},
    "setting": {"": "横排", "vertical": "竖排"},
    "scheme": {"": "随系统", "paper": "纸色", "white": "白底", "night": "夜间"},
}
"""What can be chosen, with its name on screen; the empty value is what everybody begins with."""

_MARKUP_OR_NUMBER = re.compile(r"<rt>.*?</rt>|<[^>]*>|&[^;\s]+;|(?<![0-9A-Za-z.,%])([0-9]{1,3})(?![0-9A-Za-z.,%])")


@pages.post("/look")
def choose() -> ResponseReturnValue:
    """Set what the form names; back to the page it was asked for on."""
    kept = chosen()
    for name, values in CHOICES.items():
        value = request.form.get(name)
        if value in values:
            kept[name] = value
    login["look"] = {name: value for name, value in kept.items() if value}
    return redirect(page_of_ours(request.form.get("next", "")), code=303)


def chosen() -> dict[str, str]:
    """What was chosen last, by name; "" where nothing was."""
    kept = login.get("look")
    kept = kept if isinstance(kept, dict) else {}
    return {name: kept[name] if kept.get(name) in values else "" for name, values in CHOICES.items()}


def attributes() -> Markup:
    """The choices as attributes of the page's root element, which the style sheet goes by."""
    made = (Markup(' data-{}="{}"').format(name, value) for name, value in chosen().items() if value)
    return Markup("").join(made)


def upright(markup: Markup) -> Markup:
    """A text set vertically, numbers of up to three digits standing upright within one character (纵中横)."""
    return Markup(_MARKUP_OR_NUMBER.sub(_combined, markup))


def _combined(found: re.Match[str]) -> str:
    return f'<span class="tcy">{found[1]}</span>' if found[1] else found[0]
