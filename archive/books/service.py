"""Book projects and editions of a library, as one actor works on them: `session.books`."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import get_args

from archive.books import edition
from archive.books.compile import BookSources, Bound, bind, moved
from archive.books.edition import FrozenFile, FrozenText, Manifest
from archive.books.own_wording import own_wording
from archive.catalogue.authority import Authority, NameKind
from archive.export import EXPORTERS
from archive.export.book import Book, without_divider
from archive.export.fonts import Census, PrintedPassage, choose, cover, font_files, font_folders, read_catalogue
from archive.export.house import HouseStyle, house_style, house_styles, with_layout
from archive.export.name_index import Order
from archive.export.proof import Report, proof
from archive.model.access import Action, Actor
from archive.model.errors import ExportError, NotFound, UsageError
from archive.model.project import Edit, Edition, Item, Part, Project, checked_name
from archive.model.records import Article, Issue, Picture
from archive.search.index.engine import Engine
from archive.search.query import Phrase, Query
from archive.store import Store
from archive.store.projects import no_project
from archive.support import library_folder
from archive.support.files import sha256_of, write_whole
from archive.support.pictures import media_type
from archive.support.storage_errors import storage_errors

_LARGEST_COVER = 50_000_000  # bytes


class Books:
    """Book projects of a library: kept, bound into books, frozen and made again."""

    def __init__(self, store: Store, engine: Engine, actor: Actor) -> None:
        """For `Session` only."""
        self._store = store
        self._engine = engine
        self._actor = actor

    def _require_compiler(self) -> None:
        self._actor.require(Action.COMPILE)

    @property
    def _may_compile(self) -> bool:
        return self._actor.rights.allow(Action.COMPILE)

    @property
    def _may_sign(self) -> bool:
        """Whether the actor is among those who sign a book before it is printed; they see its proofs."""
        return any(self._actor.rights.allow(one) for one in (Action.COMPILE, Action.SECOND_REVIEW, Action.FINAL_REVIEW))

    def _article(self, article_id: str, version: int | None = None) -> Article:
        """An article the actor may see. Raises NotFound."""
        return self._store.seen(article_id, self._actor.rights, version)

    # -- projects

    def names(self) -> tuple[str, ...]:
        """The names of the projects whose articles the actor may all see, those saved last first.

        None for who may not compile: what is edited for a book shows its texts.
        """
        if not self._may_compile:
            return ()
        names = self._store.projects.names()
        if self._actor.rights.unlimited:
            return names
        return tuple(one for one in names if not self._hidden(self._store.projects.get(one)))

    def project(self, name: str) -> Project:
        """One of `names`. Raises NotFound, NotAllowed."""
        self._require_compiler()
        found = self._store.projects.find(name)
        if found is None or self._hidden(found):
            raise no_project(name, self.names())
        return found

    def _hidden(self, project: Project) -> bool:
        return self._store.hides([item.article for item in project.items], self._actor.rights)

    def present(self, project: Project) -> dict[str, Article]:
        """The articles of a project as they are now, by id; those the actor may not see are left out."""
        ids = list(dict.fromkeys(item.article for item in project.items))
        return self._store.those_seen(ids, self._actor.rights)

    def create(self, name: str, articles: Sequence[Article], **given: str) -> Project:
        """A new project of whole articles; neighbours of one 栏目 make a part. `given` are further fields.

        Raises UsageError for a name that cannot be, Conflict for one that is taken.
        """
        project = Project(name=checked_name(name), parts=parts_of(articles), **given)  # type: ignore[arg-type]
        return self.save(replace(project, title=project.title or project.name))

    def save(self, project: Project) -> Project:
        """Keep a project; returns it with its new revision.

        Raises Conflict when it was changed elsewhere meanwhile, ConfigError for a house style that is not there,
        UsageError for an index that cannot be.
        """
        self._require_compiler()
        checked_name(project.name)
        self._house_of(project)
        _require_indexes(project)
        return self._store.projects.save(project, self._actor.name)

    def remove(self, name: str) -> None:
        """Delete a project; articles and frozen editions stay. Raises NotFound."""
        self._require_compiler()
        self.project(name)
        self._store.projects.remove(name, self._actor.name)

    def renewed(self, project: Project, article_id: str) -> tuple[Project, tuple[Edit, ...]]:
        """The project with the present version of an article, not saved; and the edits that no longer fit it.

        Raises NotFound.
        """
        present = self._article(article_id)
        lost: list[Edit] = []

        def fresh(item: Item) -> Item:
            if item.article != article_id:
                return item
            item, dropped = moved(item, self._article(article_id, item.version), present)
            lost.extend(dropped)
            return item

        parts = tuple(replace(part, items=tuple(map(fresh, part.items))) for part in project.parts)
        return replace(project, parts=parts), tuple(lost)

    def corrected_since(self, manifest: Manifest) -> tuple[tuple[FrozenText, int], ...]:
        """The texts of an edition that the library reads otherwise by now, each with its present version."""
        present = self._store.digests(self._actor.rights)
        changed = (text for text in manifest.texts if present.get(text.article, text.digest) != text.digest)
        return tuple((text, self._article(text.article).version) for text in changed)

    def keep_cover(self, data: bytes) -> str:
        """Keep a picture for a cover; its SHA-256. Raises UsageError for anything but JPEG and PNG."""
        self._require_compiler()
        kind = media_type(data)
        if kind not in ("image/jpeg", "image/png") or len(data) > _LARGEST_COVER:
            limit = _LARGEST_COVER // 1_000_000
            raise UsageError("这个文件不能用作封面图片。", hint=f"请用 JPEG 或 PNG 图片，不超过 {limit} MB。")
        picture = Picture(hashlib.sha256(data).hexdigest(), data, kind)
        self._store.keep_picture(picture, self._actor.name)
        return picture.sha256

    # -- house styles

    def houses(self) -> tuple[str, ...]:
        """The names of all house styles, the built-in ones first. Raises ConfigError."""
        return tuple(house_styles(self._store.root / library_folder.STYLES))

    def house(self, name: str) -> HouseStyle:
        """A house style. Raises ConfigError."""
        return house_style(name, self._store.root / library_folder.STYLES)

    def _house_of(self, project: Project) -> HouseStyle:
        """The house style of a book, with the inks and the paper it is to be printed with. Raises ConfigError."""
        own = {"colour": project.colour, "leaf": project.leaf}
        return with_layout(self.house(project.house), {key: value for key, value in own.items() if value})

    # -- books

    def bind(self, project: Project, *, draft: bool = False, made: datetime.datetime | None = None) -> Bound:
        """The book of a project, with what must be mended and what should be looked at.

        `made` (default: now) is the time stamp of the files. Raises ExportError when there is nothing to set.
        """
        return bind(project, self._sources(project, self._house_of(project)), made=made or _now(), draft=draft)

    def proof(self, project: Project, *, everything: bool = False) -> Report:
        """The proof report of the book; `everything` counts what the editor has set aside too."""
        book = self.bind(project, draft=True).book
        ignored = () if everything else project.ignored
        wording = own_wording(self._store.root)
        return proof(book, Authority.of(self._store), ignored, library=self._how_often, wording=wording)

    def _how_often(self, texts: Sequence[str]) -> Sequence[int]:
        """In how many articles the actor may see each text stands."""
        rights = self._actor.rights.in_use
        return [self._engine.count(Query(tree=Phrase(text)), rights) for text in texts]

    def write(self, book: Book, form: str, file: Path) -> tuple[Issue, ...]:
        """Write a book in one of the formats of EXPORTERS. Raises ExportError, StorageError, UsageError."""
        if form not in EXPORTERS:
            raise UsageError(f"没有“{form}”这种格式。", hint=f"可选：{'、'.join(EXPORTERS)}。")
        return EXPORTERS[form].write(book, file)

    # -- editions

    def editions(self, name: str) -> Sequence[Edition]:
        """The frozen editions of a project, the newest first, those whose texts the actor may all see.

        None for who neither compiles nor signs.
        """
        if not self._may_sign:
            return ()
        found = self._store.projects.editions(name)
        if self._actor.rights.unlimited:
            return found
        read = ((one, edition.from_json(one.manifest).texts) for one in found)
        rights = self._actor.rights
        return tuple(one for one, texts in read if not self._store.hides([each.article for each in texts], rights))

    def freeze(self, project: Project, forms: Sequence[str], folder: Path) -> tuple[Edition, Path, tuple[Issue, ...]]:
        """Write the book in these formats into `folder`, keep its manifest, and write that beside them.

        Returns the edition, the file of its manifest, and what could not be kept in the files.

        Raises ExportError naming what must be mended first; then nothing is kept.
        """
        self._require_compiler()
        bound = self.bind(project)
        require_sound(bound)
        with storage_errors(folder, "定稿的文件夹建不了"):
            folder.mkdir(parents=True, exist_ok=True)
        files, issues = [], list(bound.issues)
        for form in forms:
            file = folder / f"{project.name}{EXPORTERS[form].suffix}"
            issues += self.write(bound.book, form, file)
            files.append(FrozenFile(form, sha256_of(file)))
        manifest = edition.manifest_of(project, bound.book, self.fonts(bound.book))
        kept = self._store.projects.freeze(
            project.name, edition.as_json(replace(manifest, files=tuple(files))), self._actor.name
        )
        beside = folder / f"{project.name}-定稿{kept.number}.json"
        write_whole(beside, kept.manifest)
        return kept, beside, tuple(issues)

    def keep_proof(self, project: Project, *, sound: bool = False) -> tuple[Edition, int]:
        """Keep the book as it is now as a proof (校样), without files; the edition and its characters.

        The last who signs keeps it, whether they compile or not. Raises ExportError for a book without texts, and with
        `sound` for one that has faults.
        """
        if not self._may_sign:
            self._require_compiler()
        bound = self.bind(project, draft=not sound)
        if sound:
            require_sound(bound)
        manifest = edition.as_json(edition.manifest_of(project, bound.book, ()))
        kept = self._store.projects.freeze(project.name, manifest, self._actor.name)
        return kept, sum(chapter.article.characters for chapter in bound.book.chapters)

    def edition(self, name: str, number: int) -> Edition:
        """One frozen edition or proof of a project. Raises NotFound."""
        found = next((one for one in self.editions(name) if one.number == number), None)
        if found is None:
            raise NotFound(f"“{name}”没有第 {number} 次校样或定稿", hint="到“校次”里看有哪几次")
        return found

    def bound_as(self, manifest: Manifest) -> Bound:
        """The book of a proof, whatever faults it has."""
        house = manifest.house_style()
        return bind(manifest.project, self._sources(manifest.project, house), made=manifest.moment, draft=True)

    def thaw(self, manifest: Manifest) -> tuple[Bound, tuple[Issue, ...]]:
        """The book of a frozen edition, and what has changed since so that its files may differ."""
        house = manifest.house_style()
        if manifest.reference:
            house = replace(house, reference=self.house(house.name).reference)
        bound = bind(manifest.project, self._sources(manifest.project, house), made=manifest.moment)
        require_sound(bound)
        return bound, tuple(edition.differences(manifest, bound.book, self.fonts(bound.book)))

    def fonts(self, book: Book) -> tuple[FrozenFile, ...]:
        """The font files that serve the roles of a book, and those that stand in for characters they lack, each once.

        A rare character counts for every role, so there may be one more than is used. Empty on a computer without
        Chinese fonts.
        """
        try:
            chosen = choose(read_catalogue(font_folders(book.font_folders)), book.house.fonts)
        except ExportError:
            return ()
        texts = [text for chapter in book.everything for _, text in chapter.article.units()]
        census = Census(PrintedPassage(role, "", text) for role in chosen.regular for text in texts)
        faces = (*chosen.faces, *cover(census.units, chosen).faces)
        return tuple(FrozenFile(font.name, font.sha256) for font in font_files(faces))

    def _sources(self, project: Project, house: HouseStyle) -> BookSources:
        root, present = self._store.root, self.present(project)

        def find(article_id: str, version: int | None = None) -> Article:
            held = present.get(article_id)
            return held if held and version in (None, held.version) else self._article(article_id, version)

        return BookSources(
            find=find,
            collections={each.id: each for each in self._store.collections(None)},
            house=house,
            authority=Authority.of(self._store),
            meant=self._store.names.meant,
            dates=self._store.mentions,
            pictures=lambda sha256: self._store.picture(sha256, self._actor.rights, books=self._may_compile),
            originals=lambda sha256: self._store.original(sha256, self._actor.rights),
            font_folders=(root / library_folder.FONTS,),
        )


def parts_of(articles: Sequence[Article]) -> tuple[Part, ...]:
    """Whole articles as parts of a project: neighbours of one 栏目 together, pages that only name it left out."""
    return tuple(
        Part(title=section, items=tuple(map(item_of, without_divider(section, tuple(group)))))
        for section, group in groupby(articles, key=lambda article: article.section)
    )


def item_of(article: Article) -> Item:
    """A whole article as it is now."""
    return Item(article=article.id, version=article.version, digest=article.digest)


def require_sound(bound: Bound) -> None:
    """Raise ExportError when something must be mended before the book can be printed; all of it is named."""
    if bound.faults:
        listed = "\n".join(f"  {fault.place}：{fault.message}" for fault in bound.faults)
        raise ExportError(f"书稿还不能付印，有 {len(bound.faults)} 处要先处理：\n{listed}")


def _require_indexes(project: Project) -> None:
    for given, known in ((project.indexes, tuple(NameKind)), ((project.index_order,), get_args(Order))):
        if strangers := [each for each in given if each not in known]:
            raise UsageError(f"索引不能是“{strangers[0]}”。", hint=f"可选：{'、'.join(known)}。")


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)
