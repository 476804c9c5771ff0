"""How long every kind of page takes at ten million characters, and what it weighs on its way.

    python tests/bench/pages.py                          # ten million characters, a library that goes afterwards
    python tests/bench/pages.py --millions 1 --keep DIR  # a library that is kept, and used again

The library holds news in volumes of hundreds of articles, a text of 300,000 characters, a chronicle, a roster and a
book of 300 texts. Each page is asked for seven times through the application, gzip accepted: the first time (nothing of
it is at hand yet) and the median of the others, in milliseconds of wall time and of this process's own time; bytes as
compressed. What is over the limits is marked.
"""

from __future__ import annotations

import argparse
import gzip
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import corpus

from archive import dates
from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Cell, Collection, Genre, Kind, Period, Person, Precision
from web.app import create_app

FIRST_BYTE, WEIGHT = 100.0, 100_000  # milliseconds, bytes
VOLUME = 400  # articles of one volume
LONG = 300_000  # characters
BOOK = "新闻选"
TIMES = 7


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--millions", type=float, default=10)
    options.add_argument("--keep", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = given.keep or Path(folder) / "library"
        if not root.exists():
            started = time.perf_counter()
            with Library.create(root) as library:
                fill(library, int(given.millions * 1_000_000), Path(folder))
            print(f"library made in {time.perf_counter() - started:.0f} s")
        with Library.open(root) as library:
            measure(library)


# -- the library


def fill(library: Library, characters: int, folder: Path) -> None:
    """The texts, through the session as an import brings them."""
    session = library.session(Actor.local())
    held: list[Article] = []
    for number, record in enumerate(corpus.records(characters)):
        held.append(_news(record, number))
        if len(held) == VOLUME:
            _add(session, held, folder)
            held = []
    _add(session, held, folder)
    _add(session, [_long(session)], folder)
    _add(session, list(_entries()), folder)
    _add(session, list(_terms()), folder)
    session.books.create(BOOK, [one for one, _ in zip(session.articles(), range(300), strict=False)])


def _add(session, articles: Sequence[Article], folder: Path) -> None:  # type: ignore[no-untyped-def]
    if not articles:
        return
    collection = articles[0].collection
    kinds = {Genre.ENTRY: "chronicle", Genre.TERM: "roster"}
    kind = kinds.get(articles[0].genre, "volume")
    session.save_collection(Collection(collection, collection, kind=kind))
    original = folder / "original.txt"
    original.write_text(collection, encoding="utf-8")
    session.add(original, f"{collection}.txt", articles, ())


def _news(record: dict[str, str], number: int) -> Article:
    year, month, day = map(int, record["date"][:10].split("-"))
    written = dates.day(year, month, day)
    paragraphs = (Block.plain(Kind.PARAGRAPH, text) for text in record["text"].splitlines() if text.strip())
    return Article(
        collection=f"第{number // VOLUME + 1}辑",
        number=number % VOLUME + 1,
        blocks=(Block.plain(Kind.TITLE, record["title"]), *paragraphs),
        people=(Person(record["author"]),),
        section=record["section"],
        date=Period(written, written, Precision.DAY),
    )


def _long(session) -> Article:  # type: ignore[no-untyped-def]
    blocks: list[Block] = [Block.plain(Kind.TITLE, "一篇长文")]
    length = 0
    for article in session.articles():
        blocks.append(Block.plain(Kind.HEADING, article.title[:30], level=1))
        blocks += article.blocks[1:]
        length += article.characters
        if length > LONG:
            break
    return Article(collection="长文", blocks=tuple(blocks), number=1)


def _entries() -> Iterator[Article]:
    for number in range(3000):
        year = 1900 + number // 30
        day = dates.day(year, number % 12 + 1, number % 28 + 1)
        text = f"{year}年{number % 12 + 1}月{number % 28 + 1}日，修渠{number}丈，架水车{number % 7}座，用工{number}人。"
        yield Article(
            collection="大事记",
            genre=Genre.ENTRY,
            number=number + 1,
            blocks=(Block.plain(Kind.TITLE, f"{year}年　修渠"), Block.plain(Kind.PARAGRAPH, text)),
            section=f"{year}年",
            date=Period(day, day, Precision.DAY),
        )


def _terms() -> Iterator[Article]:
    for number in range(40):
        cells = [Block.plain(Kind.CELL, text, cell=Cell(0, 0, at)) for at, text in enumerate(("职务", "姓名", "任期"))]
        for row in range(1, 15):
            values = ("主席" if row == 1 else "委员", f"张{chr(0x4E00 + number * 20 + row)}", f"{1950 + number}年—")
            cells += [Block.plain(Kind.CELL, text, cell=Cell(0, row, at)) for at, text in enumerate(values)]
        yield Article(
            collection="组织史",
            genre=Genre.TERM,
            number=number + 1,
            blocks=(Block.plain(Kind.TITLE, f"某县委员会第{number + 1}届"), *cells),
            section=f"第{number + 1}届",
        )


# -- the pages


def addresses(library: Library) -> dict[str, str]:
    """Every kind of page that shows texts or lists of them."""
    session = library.session(Actor.local())
    long = next(iter(session.articles("长文"))).id
    news = next(iter(session.articles("第1辑"))).id
    term = next(iter(session.articles("组织史")))
    person = term.blocks[5].text
    book = f"/books/{quote(BOOK)}"
    chosen = next(session.books.project(BOOK).items).article
    return {
        "front page": "/",
        "all texts": "/?page=2",
        "search, frequent word": "/?q=记者",
        "search, rare word": "/?q=水车",
        "search, two words": "/?q=经济 发展",
        "search, period": "/?q=经济&period=1950年代",
        "search, nothing": "/?q=没有这样的话",
        "question": "/?q=哪一年开始修渠的？",
        "reading": f"/article/{news}",
        "reading, with places": f"/article/{news}?q=记者",
        "reading, 300,000 characters": f"/article/{long}",
        "reading, long, with places": f"/article/{long}?q=记者",
        "history": f"/article/{news}/history",
        "correction": f"/article/{news}/edit/1",
        "description": f"/article/{news}/fields",
        "near texts": f"/article/{news}/like",
        "collections": "/collections",
        "contents of 400": "/collection/第1辑",
        "description of 400": "/collection/第1辑/fields",
        "chronicle": "/collection/大事记",
        "roster": "/collection/组织史",
        "posts": "/collection/组织史/posts",
        "people": "/collection/组织史/people",
        "person": f"/collection/组织史/person?name={quote(person)}",
        "dates in doubt": "/proof/dates?collection=第1辑",
        "book, 300 texts": book,
        "book, a text": f"{book}/text/{chosen}",
        "book, output": f"{book}/output",
        "add to a book": f"/add-to-book?id={news}",
        "replacing": "/replace?collection=第1辑&words=记者",
        "imports": "/imports",
        "an import": "/imports/1",
        "management": "/manage",
        "a collection managed": "/manage/collections/第1辑",
        "names": "/names",
        "jobs": "/jobs",
        "help": "/help",
        "suggestions": "/api/v1/suggest?q=经济",
        "an error": "/nowhere",
    }


def measure(library: Library) -> None:
    """Print a row for each page; what is over a limit is marked."""
    client = create_app(library).test_client()
    total = library.session(Actor.local()).count()
    print(f"{total} texts; {platform.machine()}, Python {platform.python_version()}\n")
    client.get("/?q=水")  # the dictionary of the segmenter is read once
    print("| page | first ms | median ms | own ms | kB compressed | kB |\n|---|---|---|---|---|---|")
    for name, address in addresses(library).items():
        walls, owns = [], []
        for _ in range(TIMES):
            wall, own = time.perf_counter(), time.process_time()
            answer = client.get(address, headers={"Accept-Encoding": "gzip"})
            body = answer.data
            walls.append((time.perf_counter() - wall) * 1000)
            owns.append((time.process_time() - own) * 1000)
        plain = gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body
        status = "" if answer.status_code == 200 else f" ({answer.status_code})"
        first, later, own = walls[0], statistics.median(walls[1:]), statistics.median(owns[1:])
        marks = "".join(mark for mark, over in ((" SLOW", later > FIRST_BYTE), (" HEAVY", len(body) > WEIGHT)) if over)
        print(
            f"| {name}{status}{marks} | {first:.0f} | {later:.0f} | {own:.0f} | {len(body) / 1000:.0f} "
            f"| {len(plain) / 1000:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
