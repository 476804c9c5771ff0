"""The library as a whole: what is added is found, corrected, withdrawn, backed up, and repaired after a crash."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

import pytest

from archive.dates import shipped_reader
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import LibraryBusy, LibraryNotFound, NotFound, PeriodError, QueryError, WenshiError
from archive.model.records import (
    Article,
    Block,
    Collection,
    Declared,
    Genre,
    Kind,
    Period,
    Person,
    Precision,
    Role,
    Run,
    Status,
    Style,
)
from archive.model.search import PeriodIn, Search
from archive.store import Store

LOCAL = Actor.local()


def draft(title: str, *texts: str, **values: object) -> Article:
    blocks = (Block.plain(Kind.TITLE, title), *(Block.plain(Kind.PARAGRAPH, text) for text in texts))
    return Article(**{"collection": "c", "blocks": blocks, **values})  # type: ignore[arg-type]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as made:
        made.session(LOCAL).save_collection(Collection("c", "河湾文史"))
        yield made


def add(library: Library, *articles: Article, name: str = "a.txt") -> tuple[Article, ...]:
    original = library.root.parent / name
    original.write_text(f"{name} {[article.title for article in articles]}", encoding="utf-8")
    return library.session(LOCAL).add(original, name, articles, ()).articles


def test_a_search_does_not_wait_for_what_only_tables_and_books_need() -> None:
    code = (
        "import sys, archive.library, archive.cli.search_command; "
        "print({'openpyxl', 'docx', 'fontTools'} & {*sys.modules})"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_added_is_found(library: Library) -> None:
    (stored,) = add(library, draft("水车", "光绪三十年，刘　勇造水车。", people=(Person("张三"),)))
    results = library.session(LOCAL).search(Search(text="刘勇 水车"))
    assert results.total == 1
    (hit,) = results.hits
    assert (hit.article, hit.title, hit.authors, hit.occurrences) == (stored.id, "水车", ("张三",), 3)
    passage = hit.passages[1]
    assert [passage.text[start:end] for start, end in passage.spans] == ["刘　勇", "水车"]
    assert results.understood == "“刘勇”，并且“水车”"
    assert results.facets["collection"][0].label == "河湾文史"


def test_fields_are_asked_for_by_name_where_the_library_has_them(library: Library) -> None:
    stored, other = add(
        library, draft("水车", "正文", fields=(("旧号", "12"),)), draft("筏子", "案号:12 和 类别:农"), name="a.txt"
    )
    assert [hit.title for hit in library.session(LOCAL).search(Search(text="旧号:12")).hits] == [
        "水车"
    ]  # nobody declared it; it came with a record
    found = library.session(LOCAL).search(Search(text="案号:12"))
    assert (found.understood, [hit.title for hit in found.hits]) == ("“案号:12”", ["筏子"])
    assert library.session(LOCAL).places(other, Search(text="案号:12")) == {1: ((0, 5),)}

    library.session(LOCAL).save_collection(Collection("c", "河湾文史", fields=(Declared("案号"), Declared("类别"))))
    assert library.session(LOCAL).search(Search(text="案号:12")).total == 0
    assert library.session(LOCAL).search(Search(text='"案号:12"')).total == 1
    library.session(LOCAL).describe(stored.id, {"案号": "2012", "来源": "县政协"}, "登记")
    found = library.session(LOCAL).search(Search(text="案号：12 -来源:日报"))
    assert (found.understood, [hit.title for hit in found.hits]) == ("案号含“12”，并且不是来源含“日报”", ["水车"])
    assert library.session(LOCAL).places(library.session(LOCAL).article(stored.id), Search(text="案号:12")) == {}


def test_period_search(library: Library) -> None:
    add(library, draft("甲", "光绪三十年造水车。"), draft("乙", "1958年秋造水车。"))
    assert [hit.title for hit in library.session(LOCAL).search(Search(text="水车", period="光绪年间")).hits] == ["甲"]
    assert [hit.title for hit in library.session(LOCAL).search(Search(text="水车", period="1950年代")).hits] == ["乙"]
    assert library.session(LOCAL).search(Search(text="水车", period="1950年代", period_in=PeriodIn.DATE)).total == 0
    with pytest.raises(PeriodError):
        library.session(LOCAL).search(Search(text="水车", period="天晓得"))
    with pytest.raises(QueryError):
        library.session(LOCAL).search(Search(text="(水车"))


def test_bare_months_of_a_chronicle_entry_belong_to_its_year(library: Library) -> None:
    period = shipped_reader().parse("光绪三十年")
    add(library, draft("三月", "三月，造水车。", genre=Genre.ENTRY, date=period), name="a.txt")
    add(library, draft("忆水车", "三月，造水车。", date=period), name="b.txt")
    found = library.session(LOCAL).search(Search(text="水车", period="光绪三十年三月", period_in=PeriodIn.TEXT))
    assert [hit.title for hit in found.hits] == ["三月"]


def test_the_same_file_again_is_nothing_new(library: Library) -> None:
    first = add(library, draft("水车", "一"))
    original = library.root.parent / "a.txt"
    again = library.session(LOCAL).add(original, "other.txt", [draft("水车", "一")], ())
    assert again.already
    assert again.articles == first
    assert library.session(LOCAL).search(Search(text="")).total == 1


def test_correction_makes_a_version(library: Library) -> None:
    (stored,) = add(library, draft("水车", "造了水车"))
    better = replace(stored, blocks=(*stored.blocks[:1], Block.plain(Kind.PARAGRAPH, "1958年造了筏子")))
    revised = library.session(LOCAL).corrections.revise(better, "误")
    assert revised.version == 2
    assert library.session(LOCAL).search(Search(text="正文:水车")).total == 0
    assert library.session(LOCAL).search(Search(text="筏子", period="1958年")).total == 1
    assert library.session(LOCAL).article(stored.id, 1).blocks == stored.blocks
    assert [version.version for version in library.session(LOCAL).versions(stored.id)] == [1, 2]


def test_withdrawn_is_not_found_but_kept(library: Library) -> None:
    (stored,) = add(library, draft("水车", "一"))
    library.session(LOCAL).withdraw(stored.id, "作者要求")
    assert library.session(LOCAL).search(Search(text="水车")).total == 0
    assert library.session(LOCAL).search(Search(text="水车")).facets["collection"] == ()
    assert list(library.session(LOCAL).articles()) == []
    assert library.session(LOCAL).article(stored.id).status is Status.WITHDRAWN


def test_open_needs_a_library(tmp_path: Path) -> None:
    with pytest.raises(LibraryNotFound):
        Library.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_lost_index_is_made_again(library: Library) -> None:
    add(library, draft("水车", "一"))
    library.close()
    shutil.rmtree(library.root / "index")
    with Library.open(library.root) as again:
        assert again.session(LOCAL).search(Search(text="水车")).total == 1
        assert again.session(LOCAL).check() == ()


def test_pending_is_indexed_at_the_next_opening(library: Library) -> None:
    add(library, draft("水车", "一"))
    with pytest.raises(RuntimeError), library.session(LOCAL).writing("试写"):
        add(library, draft("筏子", "二"), name="b.txt")
        raise RuntimeError
    assert library.session(LOCAL).search(Search(text="筏子")).total == 0
    assert library.session(LOCAL).search(Search(text="筏子")).unindexed == 1
    library.close()
    with Library.open(library.root) as again:
        assert again.session(LOCAL).search(Search(text="筏子")).total == 1
        assert again.session(LOCAL).search(Search(text="筏子")).unindexed == 0


def test_own_words_rebuild_the_index(library: Library) -> None:
    add(library, draft("水车", "一"))
    library.close()
    (library.root / "words.txt").write_text("# 本县词\n河湾水车 10 n\n", encoding="utf-8")
    with Library.open(library.root) as again:
        nearest = again.session(LOCAL).search(Search(text="河湾水车一")).nearest
        assert nearest is None or "河湾水车、一" in nearest.understood
        assert again.session(LOCAL).check() == ()


def test_check_sees_an_index_that_differs(library: Library) -> None:
    add(library, draft("水车", "一"))
    library._store.revise(replace(library.session(LOCAL).article("1"), version=0), (), "背着索引", "某人")
    library._store.indexed(["1"])
    assert library.session(LOCAL).check() == ()  # the same text
    library._store.revise(
        replace(library.session(LOCAL).article("1"), blocks=(Block.plain(Kind.TITLE, "筏"),), version=0),
        (),
        "背着索引",
        "某人",
    )
    library._store.indexed(["1"])
    (problem,) = library.session(LOCAL).check()
    assert problem.code == "index-differs"
    assert "已由资料库重建索引" in problem.hint
    assert library.session(LOCAL).check() == ()


def test_backup_and_restore(library: Library, tmp_path: Path) -> None:
    add(library, draft("水车", "𠮷"))
    assert library.session(LOCAL).upkeep.backups.make(tmp_path / "copy.zip") == ()
    with Library.restore(tmp_path / "copy.zip", tmp_path / "second") as second:
        assert second.session(LOCAL).search(Search(text="𠮷")).total == 1
        assert second.session(LOCAL).check() == ()
        path, name = second.session(LOCAL).original(second.session(LOCAL).article("1").original)
        assert name == "a.txt"
        assert path.read_text(encoding="utf-8").startswith("a.txt")


def test_unknown_things(library: Library) -> None:
    with pytest.raises(NotFound):
        library.session(LOCAL).article("99")
    with pytest.raises(NotFound):
        library.session(LOCAL).books.project("没有")


WRITER = """
import sys, time
from archive.library import Library
from archive.model.access import Actor
with Library.open(sys.argv[1]) as library, library.session(Actor.local()).writing("另一个窗口的导入"):
    print("writing", flush=True)
    time.sleep(60)
"""


def test_second_writer_is_told_who_writes(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.store.lock.PATIENCE", 0.3)
    other = subprocess.Popen([sys.executable, "-c", WRITER, str(library.root)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "writing\n"
        with pytest.raises(LibraryBusy, match="另一个窗口的导入"):
            add(library, draft("水车", "一"))
        assert library.session(LOCAL).search(Search(text="")).total == 0  # reading goes on
        library.session(LOCAL).books.create("书稿", [])
    finally:
        other.kill()
        other.communicate()
    add(library, draft("水车", "一"))
    assert library.session(LOCAL).search(Search(text="水车")).total == 1


def test_many_threads_search_while_one_writes(library: Library) -> None:
    failures: list[BaseException] = []
    totals: list[int] = []
    done = threading.Event()

    def look() -> None:
        try:
            while not done.is_set():
                totals.append(library.session(LOCAL).search(Search(text="水车")).total)
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=look) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(5):
        add(library, draft("水车", str(number)), name=f"{number}.txt")
    done.set()
    for reader in readers:
        reader.join()
    assert not failures
    assert set(totals) <= set(range(6))
    assert library.session(LOCAL).search(Search(text="水车")).total == 5


def test_listing_tells_what_articles_tell(library: Library) -> None:
    date = Period(2_416_527, 2_416_879, Precision.YEAR, "光绪三十年")
    long = Article(
        collection="c",
        blocks=(
            Block(Kind.TITLE, (Run("水车", Style.BOLD), Run("旧事"))),
            Block(Kind.PARAGRAPH, (Run("", note="1"), Run("轮高五丈", Style.EMPHASIS), Run("。"))),
            Block.plain(Kind.PARAGRAPH, ""),
        ),
        section="水利",
        people=(Person("张三"), Person("张三", Role.RECORDER)),
        date=date,
        genre=Genre.ENTRY,
    )
    add(library, long, draft("筏", "羊皮"))
    library.session(LOCAL).save_collection(Collection("d", "又一集"))
    add(library, draft("渠", "水", collection="d"), name="b.txt")
    session = library.session(LOCAL)
    told = attrgetter("id", "title", "characters", "date", "section", "people", "genre")
    assert [told(one) for one in session.listing()] == [told(one) for one in session.articles()]
    assert library.session(LOCAL).listing()[0].names == ("张三",)
    assert [one.title for one in library.session(LOCAL).listing("c", limit=1, offset=1)] == ["筏"]
    assert (
        library.session(LOCAL).count(),
        library.session(LOCAL).count("c"),
        library.session(LOCAL).count("none"),
    ) == (3, 2, 0)


def test_neighbours_stay_in_the_collection_and_skip_what_may_not_be_seen(library: Library) -> None:
    library.session(LOCAL).save_collection(Collection("d", "又一集"))
    one, two, three = add(library, draft("一", "水"), draft("二", "水"), draft("三", "水"))
    (other,) = add(library, draft("旁", "水", collection="d"), name="b.txt")
    (four,) = add(library, draft("四", "水"), name="c.txt")
    library.session(LOCAL).withdraw(two.id, "作者要求")
    ids = [
        [side and side.id for side in library.session(LOCAL).neighbours(each.id)]
        for each in (one, two, three, four, other)
    ]
    assert ids == [[None, three.id], [one.id, three.id], [one.id, four.id], [three.id, None], [None, None]]
    with pytest.raises(NotFound):
        library.session(LOCAL).neighbours("none")


def test_timeline_counts_what_search_finds(library: Library) -> None:
    add(library, draft("甲", "光绪三十年造水车。"), draft("乙", "1958年秋造水车，1959年又造。"), draft("丙", "造筏"))
    counted = library.session(LOCAL).timeline(Search(text="水车"))
    assert dict(counted.years.bars) == {1904: 1, 1958: 1, 1959: 1}
    assert (counted.dated, counted.total) == (2, 2)
    assert dict(library.session(LOCAL).timeline(Search(text="", period="1959年", collection=("c",))).years.bars) == {
        1959: 1
    }
    with pytest.raises(PeriodError):
        library.session(LOCAL).timeline(Search(text="", period="天晓得"))


@pytest.mark.parametrize("spoil", [("words.txt", ""), ("library.toml", '\nengine = "nonsense"\n')])
def test_what_cannot_be_opened_whole_is_closed_again(
    library: Library, spoil: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows would let nobody move or remove its files, as long as this program runs."""
    library.close()
    name, text = spoil
    if text:
        settings = library.root / name
        settings.write_text(settings.read_text(encoding="utf-8") + text, encoding="utf-8")
    else:
        (library.root / name).mkdir()  # a folder in the place of the office's own words
    closed: list[Path] = []
    close = Store.close
    monkeypatch.setattr(Store, "close", lambda store: (closed.append(store.root), close(store)))
    with pytest.raises(WenshiError):
        Library.open(library.root)
    assert closed == [library.root]


@pytest.mark.skipif(sys.platform == "win32", reason="a link needs a right there that not everybody has")
def test_the_condition_is_told_although_files_come_and_go(library: Library) -> None:
    (library.root / "gone").symlink_to(library.root / "nowhere")
    assert library.session(LOCAL).upkeep.condition().sizes["gone"] == 0
