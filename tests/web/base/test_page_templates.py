"""Values in pages are escaped just as markupsafe escapes them."""

from __future__ import annotations

from enum import Enum, StrEnum

import markupsafe
import pytest
from flask.templating import Environment
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Undefined
from markupsafe import Markup

from archive.library import Library
from web.app import create_app
from web.base.page_templates import PageEnvironment, escaped


class _Word(StrEnum):
    HOSTILE = "<b>&"


class _Thing(Enum):
    ONE = "<1>"


@given(
    st.one_of(st.text(), st.text("<>&'\"aé水²½ⅷ０"), st.integers(), st.floats(), st.booleans(), st.none(), st.binary())
)
def test_13_a_value_is_escaped_as_markupsafe_does(value: object) -> None:
    assert str(escaped(value)) == str(markupsafe.escape(value))


@pytest.mark.parametrize("value", [Markup("<b>"), _Word.HOSTILE, _Thing.ONE, ("<",), {"<": 1}, Undefined()], ids=repr)
def test_13_what_is_no_plain_text_too(value: object) -> None:
    assert str(escaped(value)) == str(markupsafe.escape(value))


_HOSTILE = "<script>&'\""
_TEMPLATE = (
    "{% macro said(x) %}<i>{{ x }}</i>{% endmacro %}{{ x }}|{{ said(x) }}|{% set y %}<u>{{ x }}</u>{% endset %}{{ y }}|"
    "{{ x | safe }}|{{ nothing }}|{{ x ~ said(x) }}|{{ 1.5 }}{{ true }}{{ none }}|"
    "{% filter upper %}{{ x }}{% endfilter %}|{{ [x] | join(',') }}|{% autoescape false %}{{ x }}{% endautoescape %}"
)


def test_13_templates_say_what_those_of_jinja_say(library: Library) -> None:
    app = create_app(library)
    ours, theirs = (
        kind(app, autoescape=True, loader=DictLoader({"page": _TEMPLATE})) for kind in (PageEnvironment, Environment)
    )
    said = ours.get_template("page").render(x=_HOSTILE)
    assert said == theirs.get_template("page").render(x=_HOSTILE)
    assert "&lt;script&gt;" in said
    assert isinstance(app.jinja_env, PageEnvironment)
