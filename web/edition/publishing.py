"""Making a reading edition: one walk through the texts a reader may see, then the lists, the books and the index."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from archive.catalogue.citation import cite
from archive.export import EXPORTERS, make_book
from archive.export.book import byline
from archive.model.errors import NotFound, UsageError, WenshiError
from archive.model.holdings import Listed
from archive.model.name_records import NameRecord
from archive.model.records import Article, Collection, Genre, Mention
from archive.session import Session
from archive.support.cancellation import raise_if_cancelled
from web.base.rendering import NO_MARKS, Marks
from web.edition import lists
from web.edition.literal_index import LiteralIndex
from web.edition.page_maker import PageMaker
from web.edition.site_folder import LISTING, SiteFolder
from web.reading import iiif
from web.reading.citation_data import citation_tags, described
from web.reading.collection_pages import by_section
from web.reading.page_layout import arrange

_ASSETS = ("edition.css", "edition.js", "search.js", "results.js")
_SHARED = ("wenshi.css", "seal.svg")
_SUMMARY = 120
"""Characters of a text that a shared link shows."""


FORMS = {form: EXPORTERS[form].label for form in ("epub", "pdf", "docx")}
"""The books that may lie beside the pages, by name in EXPORTERS, with what they are called."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made: `title` of the edition, `base` its address on the web with a final slash ("" where it has
    none yet), `forms` of the books beside it, by name in EXPORTERS. `served`: manifests of scanned texts are made by
    whatever serves the pages; otherwise they lie beside them where there is an address.
    """

    title: str = ""
    base: str = ""
    forms: tuple[str, ...] = ("epub", "pdf")
    served: bool = False


@dataclass(frozen=True, slots=True)
class Download:
    """A book beside the pages: its address from the folder of the edition, what it is, its size in bytes."""

    url: str
    label: str
    size: int


@dataclass(frozen=True, slots=True)
class Published:
    """What was made: texts (front and back matter is never counted), characters of all, all files and those written and
    removed now, texts taken back, bytes of all files; `told` are sentences about books that could not be made as they
    are.
    """

    texts: int
    characters: int
    files: int
    written: int
    removed: int
    gone: int
    bytes: int
    told: tuple[str, ...]


def address_of(base: str) -> str:
    """The address of an edition on the web with its final slash, "" for none. Raises UsageError for what is none."""
    if not base:
        return ""
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(f"网址“{base}”不对。", hint="写成 https://www.example.gov.cn/wenshi/ 这样")
    return base.rstrip("/") + "/"


def publish(session: Session, chosen: Sequence[Collection], wanted: Wanted, folder: SiteFolder) -> Published:
    """Publish what the session's actor may read of some collections. Raises NotFound where that is nothing."""
    return _Edition(session, tuple(chosen), wanted, folder).make()


@dataclass
class _Edition:
    session: Session
    collections: tuple[Collection, ...]
    wanted: Wanted
    folder: SiteFolder
    names: lists.NameList = field(default_factory=lists.NameList)
    years: lists.YearList = field(default_factory=lists.YearList)
    index: LiteralIndex = field(default_factory=LiteralIndex)
    shown: list[lists.Shown] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    characters: int = 0

    def make(self) -> Published:
        listed = {each.id: self.session.listing(each.id) for each in self.collections}
        everything = [entry for entries in listed.values() for entry in entries]
        empty = [f"《{each.title}》里没有已经发布并且公开的文章" for each in self.collections if not listed[each.id]]
        if not everything:
            raise NotFound("；".join(empty), hint="先发布文章，或换一个文集")
        self.told += empty
        self.collections = tuple(each for each in self.collections if listed[each.id])
        for each in self.collections:
            self._collect(each)
        gone = sorted(self.folder.texts_before - {entry.id for entry in everything})
        self._texts(listed)
        self._lists(listed)
        self._take_back(gone)
        self._assets()
        for name, script in self.index.files():
            self.folder.write(f"search/{name}", script)
        self._offline()
        removed = self.folder.finish(self.title, (entry.id for entry in everything), gone)
        return Published(
            texts=sum(entry.genre is not Genre.MATTER for entry in everything),
            characters=self.characters,
            files=len(self.folder.files),
            written=self.folder.written,
            removed=removed,
            gone=len(gone),
            bytes=self.folder.bytes,
            told=tuple(self.told),
        )

    def _collect(self, collection: Collection) -> None:
        """What the lists and the index say of a collection's texts: pages of texts name the lists there are."""
        for article, mentions in self.session.dated(collection.id):
            raise_if_cancelled()
            self.characters += article.characters
            self.index.add(article, collection.title)
            self.years.add(article, mentions)
            self.names.add(article, self.session.name_mentions.in_article(article, mentions))
            self.shown.extend(lists.pictures(article))

    @cached_property
    def records(self) -> Mapping[int, NameRecord]:
        """Who and what is named, once everything was collected."""
        return self.session.name_mentions.records(self.names.numbers)

    @cached_property
    def pages(self) -> PageMaker:
        """What fills the templates, once everything was collected."""
        return PageMaker(
            edition=self.title,
            base=self.wanted.base,
            named=bool(self.records),
            dated=not self.years.empty,
            pictured=bool(self.shown),
            year_named=lists.year_named,
            decade_named=lists.decade_named,
            picture_url=lambda sha256: "../" + self._picture(sha256),
        )

    @property
    def title(self) -> str:
        return self.wanted.title or self.collections[0].title

    # -- texts

    def _texts(self, listed: Mapping[str, Sequence[Listed]]) -> None:
        for collection in self.collections:
            entries = listed[collection.id]
            order = {entry.id: number for number, entry in enumerate(entries)}
            for article, mentions in self.session.dated(collection.id):
                raise_if_cancelled()
                number = order[article.id]
                last = number + 1 == len(entries)
                around = (entries[number - 1] if number else None, None if last else entries[number + 1])
                self._text(article, mentions, collection, around)

    def _text(
        self,
        article: Article,
        mentions: Sequence[Mention],
        collection: Collection,
        around: tuple[Listed | None, Listed | None],
    ) -> None:
        sheet = arrange(article.blocks)
        address = lists.text_page(article.id)
        self._page(
            "text.html",
            address,
            article=article,
            collection=collection,
            sheet=sheet,
            byline=byline(article),
            citation=cite(article, collection),
            around=around,
            tags=citation_tags(article, collection, self.wanted.base + address if self.wanted.base else ""),
            described=described(article, collection),
            summary=_summary(article),
            picture=self._first_picture(article),
            manifest=self._manifest(article, collection),
            text={
                "marks": Marks.number({}, (), links=lists.date_links(mentions, "../")) if mentions else NO_MARKS,
                "notes": {note.label: note.number for note in sheet.notes},
                "depths": sheet.depths,
                "url": "",
                "amend": None,
                "vertical": False,
                "parted": False,
            },
        )

    def _manifest(self, article: Article, collection: Collection) -> str:
        """The address of a scanned text's manifest from the folder of the edition; "" where there is none."""
        folder = f"iiif/{article.id}/"
        if self.wanted.served:
            return folder + iiif.MANIFEST if iiif.has_pages(self.session, article) else ""
        base = self.wanted.base
        pages = iiif.facsimiles(self.session, article) if base else {}
        if not pages:
            return ""
        at = iiif.Addresses(
            base + folder, base + lists.text_page(article.id), lambda sha256, _: base + self._picture(sha256)
        )
        self.folder.write(folder + iiif.MANIFEST, iiif.written(iiif.manifest(article, collection, pages, at)))
        for number in pages:
            path = folder + iiif.words_file(number)
            self.folder.write(path, iiif.written(iiif.words(article, pages, number, at)))
        return folder + iiif.MANIFEST

    def _first_picture(self, article: Article) -> str:
        first = next(lists.pictures(article), None)
        return self._picture(first.sha256) if first else ""

    def _picture(self, sha256: str) -> str:
        """The address of a picture from the folder of the edition; it is copied there the first time."""
        if sha256 not in self.pictures:
            file, media_type = self.session.picture(sha256)
            path = lists.picture_file(sha256, media_type)
            self.folder.write(path, file.read_bytes())
            self.pictures[sha256] = path
        return self.pictures[sha256]

    # -- everything else

    def _lists(self, listed: Mapping[str, Sequence[Listed]]) -> None:
        volumes = [self._volume(each, number, listed[each.id]) for number, each in enumerate(self.collections, 1)]
        self._page("index.html", "index.html", volumes=volumes, characters=self.characters)
        self._page("find.html", "find.html")
        self._page("absent.html", "404.html")
        if self.records:
            self._page("names.html", "names.html", groups=list(self.names.groups(self.records)))
        if self.shown:
            shown = [(self._picture(each.sha256), each) for each in self.shown]
            self._page("pictures.html", "pictures.html", pictures=shown)
        if not self.years.empty:
            self._years()
        if self.wanted.base:
            addresses = [self.wanted.base + path for path in self.folder.files if path.endswith(".html")]
            self._page("sitemap.xml", "sitemap.xml", addresses=addresses)

    def _years(self) -> None:
        decades = list(self.years.decades())
        most = max(sum(len(places) for _, places in years) for _, years in decades)
        self._page("years.html", "years.html", decades=decades, most=most)
        firsts = [None, *(decade for decade, _ in decades), None]
        for number, (decade, years) in enumerate(decades):
            around = firsts[number], firsts[number + 2]
            self._page("decade.html", f"years/{decade}.html", decade=decade, years=years, around=around)

    def _page(self, template: str, path: str, **values: object) -> None:
        root = "../" * path.count("/")
        self.folder.write(path, self.pages.page(template, root, here=path, **values))

    def _volume(self, collection: Collection, number: int, entries: Sequence[Listed]) -> dict[str, object]:
        texts = [entry for entry in entries if entry.genre is not Genre.MATTER]
        return {
            "collection": collection,
            "total": len(texts),
            "sections": by_section(texts),
            "matter": [entry for entry in entries if entry.genre is Genre.MATTER],
            "downloads": list(self._books(collection, number)),
        }

    def _books(self, collection: Collection, number: int) -> Iterator[Download]:
        """The collection as books; what a form cannot be made as is noted, and the edition goes without it."""
        if not self.wanted.forms:
            return
        articles = list(self.session.articles(collection.id))
        if not articles:
            return
        known = {collection.id: collection}
        book = make_book(articles, pictures=self.session.picture, collections=known, made=self._moment(articles))
        with tempfile.TemporaryDirectory() as folder:
            for form in self.wanted.forms:
                exporter = EXPORTERS[form]
                file = Path(folder) / f"book{exporter.suffix}"
                try:
                    issues = exporter.write(book, file)
                except WenshiError as error:
                    self.told.append(f"《{collection.title}》没有做 {exporter.label}：{error.message}")
                    continue
                self.told.extend(f"{exporter.label}，{each.place}：{each.message}" for each in issues)
                data = file.read_bytes()
                path = f"books/{number}{exporter.suffix}"
                self.folder.write(path, data)
                yield Download(path, exporter.label, len(data))

    def _moment(self, articles: Sequence[Article]) -> datetime:
        """When the newest version of these was made: what a book says of itself changes only with its texts."""
        newest = max(self.session.versions(each.id)[-1].when for each in articles)
        return datetime.fromisoformat(newest).replace(microsecond=0)

    def _take_back(self, gone: Sequence[str]) -> None:
        """A page in the place of each text that was published once and is not any more; it does not name it."""
        for article_id in gone:
            self._page("gone.html", lists.text_page(article_id))

    def _assets(self) -> None:
        for name in _ASSETS:
            self.folder.write(f"look/{name}", files("web.edition").joinpath("static", name).read_bytes())
        for name in _SHARED:
            self.folder.write(f"look/{name}", files("web").joinpath("static", name).read_bytes())

    def _offline(self) -> None:
        """What keeps visited pages for reading without a connection; its bytes change with any of them."""
        shell = ["index.html", "find.html", "search/directory.js"]
        shell += [path for path in self.folder.files if path.startswith("look/")]
        worker = files("web.edition").joinpath("static", "worker.js").read_text(encoding="utf-8")
        told = {"version": self.folder.digest[:16], "shell": shell, "listing": LISTING}
        self.folder.write("worker.js", f"const edition = {json.dumps(told)};\n{worker}")


def _summary(article: Article) -> str:
    """What a text is about in one line: its 提要, else its beginning."""
    written = dict(article.fields).get("提要", "")
    told = "".join(block.text for block in article.blocks[1:] if block.kind.searched and not block.cell)
    text = " ".join((written or told)[: 2 * _SUMMARY].split())
    return text[:_SUMMARY] + ("…" if len(text) > _SUMMARY else "")
