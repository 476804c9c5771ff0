"""Two libraries in one process never answer with each other's words, names or periods, whatever is cached."""

from __future__ import annotations

import functools
import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search
from archive.support.library_folder import NAMES, PERIODS, WORDS

LOCAL = Actor.local()
ROUNDS = 8

# The same words mean another thing in each county.
COUNTIES = {
    "甲县": ("1949-09-11", "大水车", "杨家驹", "杨五爷"),
    "乙县": ("1949-09-23", "车轮渠", "马家骧", "杨五爷"),
}
TEXT = "解放后，杨五爷修大水车轮渠。县政协第二届会议议过此事。"


def county(root: Path, name: str) -> Path:
    """A library of one article, with the county's own words, names and periods."""
    day, word, preferred, alias = COUNTIES[name]
    with Library.create(root / name) as library:
        year = "1959" if name == "甲县" else "1960"
        (library.root / PERIODS).write_text(
            f'[[period]]\nnames = ["解放"]\nstart = "{day}"\n'
            f'[[term]]\nbody = ["县政协"]\nterms = ["1956-03-05", "{year}-01-20"]\n',
            encoding="utf-8",
        )
        (library.root / WORDS).write_text(f"{word}\n", encoding="utf-8")
        (library.root / NAMES).write_text(
            f"类别,规范名,别名,生卒,说明\n人物,{preferred},{alias},,\n", encoding="utf-8-sig"
        )
    with Library.open(root / name) as library:  # its words are read when it is opened
        session = library.session(LOCAL)
        session.save_collection(Collection("c", name))
        original = root / f"{name}.txt"
        original.write_text(name, encoding="utf-8")
        article = Article(
            collection="c", blocks=(Block.plain(Kind.TITLE, f"{name}的渠"), Block.plain(Kind.PARAGRAPH, TEXT))
        )
        session.add(original, original.name, (article,), ())
    return root / name


def answers(library: Library) -> list[object]:
    """What a person learns of a library by every way in which its own words, names or periods have a part."""
    session = library.session(LOCAL)
    article = session.article("1")
    searches = [
        Search(text="大水车轮渠"),
        Search(period="解放后", open=True),
        Search(text="杨五爷", period="1959年2月"),
    ]
    found = [session.search(search) for search in searches]
    return [
        [(one.total, one.understood, [(hit.title, hit.met) for hit in one.hits]) for one in found],
        [session.timeline(search) for search in searches],
        session.places(article, Search(text="大水车轮渠")),
        session.mentions("1"),
        session.period("解放后"),
        session.period("县政协第二届"),
        session.authority().find("杨五爷"),
        [collection.title for collection in session.collections()],
    ]


def forget() -> None:
    """Empty every cache of a function, as in a process that has just begun."""
    for cache in gc.get_objects():
        if isinstance(cache, functools._lru_cache_wrapper) and cache.__module__.split(".")[0] in ("archive", "ingest"):
            cache.cache_clear()


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("counties")
    return {name: county(root, name) for name in COUNTIES}


@pytest.fixture
def libraries(roots: dict[str, Path]) -> Iterator[dict[str, Library]]:
    opened = {name: Library.open(root) for name, root in roots.items()}
    yield opened
    for library in opened.values():
        library.close()


def test_two_libraries_in_two_threads_answer_as_each_does_alone(libraries: dict[str, Library]) -> None:
    alone = {}
    for name, library in libraries.items():
        forget()
        alone[name] = answers(library)
    told = zip(*alone.values(), strict=True)
    assert [one == other for one, other in told] == [False, False, True, False, False, False, False, False], (
        "all but the places of the words differ between the two"
    )
    together = threading.Barrier(len(libraries))
    wrong: list[tuple[str, object, object]] = []

    def ask(name: str) -> None:
        together.wait()
        for _ in range(ROUNDS):
            for got, expected in zip(answers(libraries[name]), alone[name], strict=True):
                if got != expected:
                    wrong.append((name, got, expected))

    threads = [threading.Thread(target=ask, args=(name,)) for name in libraries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
