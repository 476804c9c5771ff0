"""What a library's settings choose: a store and an engine out of two tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ConfigError
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search
from archive.support.library_folder import SETTINGS


def settings(root: Path, line: str) -> None:
    file = root / SETTINGS
    file.write_text(file.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


def test_another_engine_is_chosen_by_its_name(tmp_path: Path) -> None:
    Library.create(tmp_path / "library").close()
    settings(tmp_path / "library", 'engine = "memory"')
    file = tmp_path / "a.txt"
    file.write_text("a", encoding="utf-8")
    with Library.open(tmp_path / "library") as library:
        session = library.session(Actor.local())
        session.save_collection(Collection("c", "文集"))
        blocks = (Block.plain(Kind.TITLE, "水车"),)
        session.add(file, "a.txt", [Article(collection="c", blocks=blocks)], ())
        assert session.search(Search(text="水车")).total == 1


@pytest.mark.parametrize(("line", "said"), [('engine = "solr"', "检索引擎"), ('store = "paper"', "存放方式")])
def test_a_name_nobody_knows_is_told_with_the_ones_there_are(tmp_path: Path, line: str, said: str) -> None:
    Library.create(tmp_path / "library").close()
    settings(tmp_path / "library", line)
    with pytest.raises(ConfigError, match=said) as refused:
        Library.open(tmp_path / "library")
    assert SETTINGS in refused.value.place and "改成其中一种" in refused.value.hint
