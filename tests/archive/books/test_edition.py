"""A manifest brings back what a book was made from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.books import edition
from archive.export import make_book
from archive.export.house import house_style, house_styles
from archive.model.project import Project
from archive.model.records import Article, Block, Kind


@pytest.mark.parametrize("name", list(house_styles()))
def test_a_house_style_comes_back_in_its_order(name: str) -> None:
    house = house_style(name)
    article = Article(collection="c", blocks=(Block.plain(Kind.TITLE, "水车"),))
    book = replace(make_book([article]), house=house)
    kept = edition.from_json(edition.as_json(edition.manifest_of(Project(name="书"), book, ()))).house_style()
    assert kept == house
    # Files list fonts and styles in this order: another one would be another file.
    assert list(kept.fonts) == list(house.fonts)
    assert list(kept.styles) == list(house.styles)
