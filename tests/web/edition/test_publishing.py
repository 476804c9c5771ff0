"""The folder of an edition: what is in it, for whom, and what happens when it is made again."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner

from archive.cli.main import cli
from archive.library import Library
from archive.model.access import Action
from archive.model.accounts import public_reader
from archive.model.edits import Rewrite
from archive.model.errors import NotFound, UsageError
from archive.model.records import Access, Article, Genre, Kind, Status
from tests.web.conftest import LOCAL, fill, plain
from web.edition.publishing import Published, Wanted, publish
from web.edition.site_folder import LISTING, SiteFolder

NO_BOOKS = Wanted(title="清水文史", forms=())


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Library]:
    """A library of its own for each test."""
    with Library.create(tmp_path / "library") as created:
        fill(created, tmp_path)
        yield created


def made(library: Library, folder: Path, wanted: Wanted = NO_BOOKS, *ids: str) -> Published:
    session = library.session(public_reader())
    return publish(
        session, [session.collection(each) for each in ids or ("volume3", "annals")], wanted, SiteFolder(folder)
    )


def state(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


class Links(HTMLParser):
    """What a page loads and leads to, and the places in it that can be led to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.leads: list[str] = []
        self.ids: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.leads += [given[name] or "" for name in ("href", "src", "action") if name in given]
        if given.get("id"):
            self.ids.add(given["id"] or "")


def test_every_link_leads_to_something_in_the_folder_and_nothing_elsewhere(library: Library, tmp_path: Path):
    made(library, tmp_path / "site")
    root = (tmp_path / "site").resolve()
    pages = {page: Links(page.read_text(encoding="utf-8")) for page in root.rglob("*.html")}
    assert len(pages) > 40
    for page, links in pages.items():
        for lead in links.leads:
            parts = urlsplit(lead)
            assert not parts.scheme and not parts.netloc, (page, lead)
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            assert target.is_file() and target.is_relative_to(root), (page, lead)
            if parts.fragment and target in pages:
                assert parts.fragment in pages[target].ids, (page, lead)


def test_only_what_is_released_and_open_leaves(own: Library, tmp_path: Path):
    session = own.session(LOCAL)
    ids = [each.id for each in session.listing("volume3")]
    hidden = {ids[3]: {"开放标识": Access.INTERNAL.value}, ids[4]: {"稿件状态": Status.FIRST_REVIEW.value}}
    for article_id, changes in hidden.items():
        session.describe(article_id, changes, "")
    done = made(own, tmp_path / "site")
    assert done.texts == len(ids) - 2 + 3
    everything = "".join(
        file.read_text(encoding="utf-8") for file in (tmp_path / "site").rglob("*.*s") if file.is_file()
    )
    everything += "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "site").rglob("*.html"))
    for article_id in hidden:
        assert not (tmp_path / "site" / "texts" / f"{article_id}.html").exists()
        assert session.article(article_id).blocks[1].text not in everything
    assert "此处人数请再核" not in everything  # a comment of the office


def test_front_matter_is_published_and_not_counted(own: Library, tmp_path: Path):
    before = made(own, tmp_path / "before")
    blocks = (plain(Kind.TITLE, "前言"), plain(Kind.PARAGRAPH, "本辑收史料若干。"))
    (file := tmp_path / "前言.txt").write_text("前言", encoding="utf-8")
    draft = Article(collection="volume3", blocks=blocks, genre=Genre.MATTER)
    own.session(LOCAL).add(file, file.name, [draft], [])
    done = made(own, tmp_path / "site")
    assert (done.texts, done.characters) == (before.texts, before.characters + len("前言本辑收史料若干。"))


def test_made_again_it_is_the_same_and_only_what_changed_is_written(own: Library, tmp_path: Path):
    first = made(own, tmp_path / "site")
    before = state(tmp_path / "site")
    again = made(own, tmp_path / "site")
    assert first.written == first.files and (again.written, again.removed) == (0, 0)
    made(own, tmp_path / "elsewhere")
    assert state(tmp_path / "elsewhere") == before == state(tmp_path / "site")
    session = own.session(LOCAL)
    changed = session.listing("volume3")[5].id
    text = session.article(changed).blocks[1].text
    session.correct(changed, [Rewrite(1, text, (text.replace("赶集", "上集"),))], "错字")
    made(own, tmp_path / "site")
    after = state(tmp_path / "site")
    pages = {path for path in after if path.startswith("texts/") and after[path] != before.get(path)}
    assert pages == {f"texts/{changed}.html"}


def test_a_text_that_was_taken_back_leaves_a_page_that_does_not_name_it(own: Library, tmp_path: Path):
    made(own, tmp_path / "site")
    session = own.session(LOCAL)
    gone = session.listing("volume3")[0]
    session.withdraw(gone.id, "有误")
    done = made(own, tmp_path / "site")
    page = (tmp_path / "site" / "texts" / f"{gone.id}.html").read_text(encoding="utf-8")
    assert done.gone == 1 and "已经撤下" in page and gone.title not in page and "noindex" in page
    listing = json.loads((tmp_path / "site" / LISTING).read_text(encoding="utf-8"))
    assert listing["gone"] == [gone.id] and gone.id not in listing["texts"]
    assert not any(path.startswith("pictures/") for path in listing["files"])  # its picture went with it
    assert made(own, tmp_path / "site").gone == 1  # and it stays so


def test_a_folder_with_other_things_is_left_alone(library: Library, tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "账.txt").write_text("1", encoding="utf-8")
    with pytest.raises(UsageError, match="别的文件"):
        made(library, tmp_path / "mine")
    made(library, tmp_path / "site")
    (tmp_path / "site" / "CNAME").write_text("example.org", encoding="utf-8")
    made(library, tmp_path / "site")
    assert (tmp_path / "site" / "CNAME").exists()  # what somebody put there stays
    listing = tmp_path / "site" / LISTING
    told = json.loads(listing.read_text(encoding="utf-8"))
    told["files"]["../library/archive.sqlite"] = "0" * 64
    listing.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(UsageError, match="不在这个文件夹里"):
        made(library, tmp_path / "site")


def test_titles_of_any_characters_make_pages_that_any_disk_takes(own: Library, tmp_path: Path):
    session = own.session(LOCAL)
    odd = ("CON", "a/b\\c", "</script><script>alert(1)</script>", "“引”&<b>", ".", "名" * 300)
    texts = [
        Article(
            collection="volume3",
            blocks=(plain(Kind.TITLE, title), plain(Kind.PARAGRAPH, "正文")),
            number=100 + number,
        )
        for number, title in enumerate(odd)
    ]
    file = tmp_path / "odd.txt"
    file.write_text("odd", encoding="utf-8")
    session.add(file, file.name, texts, [])
    made(own, tmp_path / "site", Wanted(base="https://example.org/x/", forms=()))
    names = [
        path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*") if path.is_file()
    ]
    assert len({name.lower() for name in names}) == len(names)
    assert all(re.fullmatch(r"[0-9A-Za-z./_-]{1,60}", name) for name in names)
    for page in (tmp_path / "site" / "texts").glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script>alert" not in text
        json.loads(text.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    index = (tmp_path / "site" / "sitemap.xml").read_text(encoding="utf-8")
    assert "<loc>https://example.org/x/texts/" in index


def test_a_reference_manager_finds_who_and_what(library: Library, tmp_path: Path):
    made(library, tmp_path / "site", Wanted(base="https://example.org/", forms=()))
    first = library.session(LOCAL).listing("volume3")[0]
    page = (tmp_path / "site" / "texts" / f"{first.id}.html").read_text(encoding="utf-8")
    tags = dict(re.findall(r'<meta name="(citation_\w+)" content="([^"]*)">', page))
    assert tags["citation_title"] == first.title
    assert tags["citation_publication_date"] == "1985"
    assert tags["citation_inbook_title"] == "清水县文史资料 第三辑"
    assert tags["citation_public_url"] == f"https://example.org/texts/{first.id}.html"
    assert '<meta property="og:image" content="https://example.org/pictures/' in page


def test_the_command_needs_someone_who_may_compile(tmp_path: Path):
    with Library.create(tmp_path / "library") as created:
        fill(created, tmp_path)
    call = ["--library", str(tmp_path / "library"), "publish", "--collection", "annals", "-o", str(tmp_path / "site")]
    done = CliRunner().invoke(cli, [*call, "--book", "epub"])
    assert done.exit_code == 0, done.output
    assert "3 篇" in done.output and (tmp_path / "site" / "books" / "1.epub").stat().st_size > 1000
    shutil.rmtree(tmp_path / "site")
    assert not public_reader().rights.allow(Action.COMPILE)


def test_nothing_to_publish_is_said(own: Library, tmp_path: Path):
    session = own.session(LOCAL)
    for each in session.listing("annals"):
        session.withdraw(each.id, "")
    reader, folder = own.session(public_reader()), SiteFolder(tmp_path / "site")
    annals, volume = session.collection("annals"), session.collection("volume3")
    with pytest.raises(NotFound, match="《清水县大事记》里没有已经发布"):
        publish(reader, [annals], NO_BOOKS, folder)
    assert not (tmp_path / "site").exists()
    done = publish(reader, [annals, volume], NO_BOOKS, folder)
    assert done.told == ("《清水县大事记》里没有已经发布并且公开的文章",)
    assert "清水县大事记" not in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
