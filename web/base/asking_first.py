"""A question before what cannot be taken back, where there are no scripts; with them, wenshi.js asks on the page."""

from __future__ import annotations

from flask import render_template, request

from web.base.security import page_of_ours

FIELD = "ask"
"""A field that only browsers without scripts send: the form has it in <noscript>."""


def question(words: str) -> str | None:
    """The page that asks, its answer the same form once more; None when the form is to be done as it is."""
    if FIELD not in request.form:
        return None
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in (FIELD, "token")]
    back = page_of_ours(request.form[FIELD])
    return render_template("asking_first.html", words=words, fields=kept, back=back)
