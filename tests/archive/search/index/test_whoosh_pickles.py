"""An index is data: wherever Whoosh unpickles, a pickle that calls something is refused and nothing is called."""

from __future__ import annotations

import importlib
import io
import marshal
import pickle
import pkgutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import whoosh
from whoosh.filedb.structfile import StructFile

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search
from archive.search.index import whoosh_pickles

LOCAL = Actor.local()


class Hostile:
    """Makes a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.mark,)


def hostile(mark: Path) -> bytes:
    return pickle.dumps(Hostile(mark), 2)


def library(root: Path) -> Library:
    """A library with a word in several texts, whose postings fill a block, and with words that stand once."""
    made = Library.create(root)
    made.session(LOCAL).save_collection(Collection("c", "河湾文史"))
    original = root.parent / "a.txt"
    original.write_text("水车", encoding="utf-8")
    blocks = [(Block.plain(Kind.TITLE, "水车"), Block.plain(Kind.PARAGRAPH, f"水车第{n}架")) for n in range(300)]
    made.session(LOCAL).add(original, original.name, [Article(collection="c", blocks=one) for one in blocks], ())
    return made


def in_place_of(kind: type) -> Callable[[pytest.MonkeyPatch, bytes], None]:
    """Lets Whoosh write the hostile pickle where it would pickle such a value into a file."""

    def place(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
        real = StructFile.write_pickle

        def write(self: StructFile, value: object, *rest: Any) -> None:
            if value and isinstance(value, kind):  # that of a new index is empty, and read back at once
                self.write(data)
            else:
                real(self, value, *rest)

        monkeypatch.setattr(StructFile, "write_pickle", write)

    return place


def in_place_of_a_schema(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("whoosh.index.pickle.dumps", lambda *_: data)


def in_place_of_postings(size: int) -> Callable[[pytest.MonkeyPatch, bytes], None]:
    """Of tuples of so many values: 6 tell of a block, 3 are its postings or those that stand with their term."""

    def place(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
        real = pickle.dumps
        monkeypatch.setattr(
            "whoosh.codec.whoosh3.dumps", lambda value, *rest: data if len(value) == size else real(value, *rest)
        )

    return place


PLACES = {
    "schema": in_place_of_a_schema,
    "list of segments": in_place_of(list),
    "directory of a segment": in_place_of(dict),
    "postings": in_place_of_postings(3),
    "what is told of postings": in_place_of_postings(6),
}


def test_a_hostile_pickle_is_hostile(tmp_path: Path) -> None:
    pickle.loads(hostile(tmp_path / "called"))
    assert (tmp_path / "called").exists()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("place", sorted(PLACES))
def test_3_nothing_in_an_index_is_called(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "called"
    with monkeypatch.context() as patched:
        PLACES[place](patched, hostile(mark))
        library(tmp_path / "library").close()
    with Library.open(tmp_path / "library") as opened:
        assert opened.session(LOCAL).search(Search(text="水车")).total == 300
        assert opened.session(LOCAL).search(Search(text="第7架")).total == 1
        assert opened.session(LOCAL).suggest("水", Search())
        opened.session(LOCAL).check()
        opened.session(LOCAL).describe("1", {"关键词": "水利"}, "补")
        assert opened.session(LOCAL).search(Search(text="关键词:水利")).total == 1
    assert not mark.exists()


@pytest.mark.parametrize(
    "data",
    [
        b"cos\nsystem\n(S'true'\ntR.",
        b"cbuiltins\neval\n(S'1'\ntR.",
        b"\x80\x04\x8c\x14whoosh.codec.whoosh3\x8c\x1eW3Segment.__init__.__globals__\x93.",
        b"c_codecs\nencode\n(V1\nVrot13\ntR.",
        pickle.dumps(Path("a")),
    ],
)
def test_3_only_plain_values_and_what_an_index_is_made_of_are_admitted(data: bytes) -> None:
    with pytest.raises(pickle.UnpicklingError):
        whoosh_pickles.IndexUnpickler(io.BytesIO(data)).load()


@pytest.mark.parametrize("value", [1, "水", b"\xff\x00", (1, [2.5], {"a": None}), {1, 2}, frozenset({3})])
@pytest.mark.parametrize("protocol", [2, 4])
def test_3_plain_values_come_through(value: object, protocol: int) -> None:
    assert whoosh_pickles.IndexUnpickler(io.BytesIO(pickle.dumps(value, protocol))).load() == value


def test_3_no_part_of_whoosh_keeps_an_unpickler_of_its_own() -> None:
    for found in pkgutil.walk_packages(whoosh.__path__, "whoosh."):
        with suppress(ImportError):  # some parts of it are older than the rest
            importlib.import_module(found.name)
    whoosh_pickles.restrict()
    unsafe = (pickle, pickle.load, pickle.loads, pickle.Unpickler, marshal.load, marshal.loads)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "whoosh":
            assert [key for key, value in vars(module).items() if any(value is one for one in unsafe)] == [], name
