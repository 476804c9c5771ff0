"""Pages of the reading edition as text: the macros of the reading page, with addresses that need no server."""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from archive import dates
from web.base import rendering
from web.reading import look
from web.reading.page_layout import shape


class PageMaker:
    """Fills the templates. What every page of one edition needs to know is given once."""

    def __init__(self, **common: object) -> None:
        loader = ChoiceLoader([PackageLoader("web.edition"), PackageLoader("web")])
        self._environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
        self._environment.trim_blocks = self._environment.lstrip_blocks = True
        self._environment.globals.update(
            inline=rendering.inline,
            note_mark=rendering.note_mark,
            upright=look.upright,
            gregorian=dates.describe,
            shape=shape,
            look_choices={name: look.CHOICES[name] for name in ("size", "measure", "scheme")},
            **common,
        )

    def page(self, template: str, root: str, **values: object) -> str:
        """One page; `root` leads from it to the folder of the edition: "" or "../"."""
        return self._environment.get_template(template).render(root=root, **values)
