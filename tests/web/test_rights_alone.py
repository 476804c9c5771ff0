"""Whatever rights somebody has, each answer is that of a library which holds nothing but what they may see.

Scores, the order of ranked results, moments and gaps in numbers may differ, nothing else.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from html import unescape
from itertools import cycle
from pathlib import Path

import pytest
from flask import Flask, g
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.catalogue.name_places import NamePlace
from archive.library import Library
from archive.model.access import Action, Actor, Grant, Rights
from archive.model.accounts import AccountRole, Holding, rights_of
from archive.model.cards import CardFields
from archive.model.edits import Rewrite
from archive.model.errors import WenshiError
from archive.model.issues import IssueCode
from archive.model.name_records import Belonging, NameKind, NameRecord, Statement
from archive.model.records import Access, Article, Block, Collection, Issue, Kind, Person, Picture, Status
from archive.model.search import Hit, PeriodIn, Search
from archive.search.counts import Division
from archive.session import Session
from archive.workbench.cards import Wanted
from archive.workbench.collocates import UNITS
from archive.workbench.name_mentions import MentionPage
from archive.workbench.steps import Arranged
from ingest.duplicates.likeness import open_duplicates
from tests.given_names import give
from web.app import create_app

LOCAL = Actor.local()
SHARED = "沿河两岸的老人都说，旧时的木轮日夜不停，一架可以浇三百亩地，修轮的木匠姓段，从兰州请来，工钱是每天两升麦子。"
RARE = "鼂斝齌彧虓翀"
"""One for each article: what nobody may learn of who may not see it."""

ROLES = st.lists(st.builds(Holding, st.sampled_from([*AccountRole][:-1]), st.sampled_from(["", "c", "d"])), max_size=3)
STANDING = st.tuples(st.sampled_from(Access), st.sampled_from(Status), st.sampled_from("cd"))
LEVEL = st.sampled_from(Access)
READS = st.builds(
    Grant, st.frozensets(st.sampled_from(Access)), st.frozensets(st.sampled_from(Status)), st.just(frozenset()),
    st.sampled_from(["", "c"]),
)  # fmt: skip


@dataclass(frozen=True)
class Text:
    """An article of the library, and the picture that stands in it."""

    article: Article
    picture: Picture

    @property
    def rare(self) -> str:
        """The character that stands in no other text."""
        return self.article.title[-1]


def text(number: int, access: Access, status: Status, collection: str) -> Text:
    """One article with something of everything; `number` is that of its character in RARE."""
    rare = RARE[number]
    data = b"\x89PNG\r\n\x1a\n" + rare.encode()
    picture = Picture(hashlib.sha256(data).hexdigest(), data, "image/png")
    blocks = (
        Block.plain(Kind.TITLE, f"水车旧事{rare}"),
        Block.plain(Kind.PARAGRAPH, f"光绪三十年，{rare}家造水车；{1931 + number}年秋，水毁。"),
        Block.plain(Kind.PARAGRAPH, SHARED),
        Block(Kind.FIGURE, picture=picture.sha256),
    )
    article = Article(
        id=f"x{number}", collection=collection, number=number + 1, blocks=blocks, access=access, status=status,
        people=(Person(f"张{rare}"),), section=f"栏{rare}", volume=f"第{number + 1}辑", source=f"报{rare}",
        fields=((f"项{rare}", rare), ("人物", f"李{rare}"), ("保密期限", "1990年")),
    )  # fmt: skip
    return Text(article, picture)


def furnished(root: Path, texts: Iterable[Text], levels: Mapping[str, Access]) -> Library:
    """A library of these texts with what people did to each of them."""
    library = Library.create(root / "library")
    names = [f"人物,李{rare},李老{rare},,{rare}" for rare in RARE]  # the office's own table shows to everybody
    give(library, "\n".join(["类别,规范名,别名,生卒,说明", *names]))
    session = library.session(LOCAL)
    for number, rare in enumerate(RARE):  # what the texts are said to say, whether they are there or not
        person, source = session.names.found(f"李{rare}"), f"x{number}#b1"
        said = (Statement("任职", "1930", f"县长{rare}", source),)
        under = (Belonging(f"县{rare}", 1912, 1949, source),)
        session.names.put(replace(person, statements=said, belongings=under))
    held = list(texts)
    for one in sorted({each.article.collection for each in held}):
        session.save_collection(Collection(one, f"文集{one}", access=levels[one]))
    for each in held:
        article, rare = each.article, each.rare
        file = root / f"{article.id}.txt"
        file.write_text(f"原稿{rare}", encoding="utf-8")
        issue = Issue(IssueCode.NEAR_DUPLICATE, f"《{article.title}》", f"与{rare}相近")
        session.add(file, f"{rare}.txt", [article], [issue], [each.picture])
        edits = [Rewrite(2, SHARED, (SHARED + rare,))]
        session.correct(article.id, edits, f"改{rare}")
        session.reject_date(article.id, (1, 0, 5), f"不是{rare}")
        session.corrections.report(article.id, (1, 0, 2), f"错{rare}", 0)
        session.scopes.save(f"集{article.id}", articles=[article.id])
        key = session.cards.make(article.id, (1, 0, 5))
        session.cards.change(key, CardFields(classes=(f"类{rare}",), note=rare, persons=(f"李{rare}",)))
        session.compilations.save(session.compilations.create(f"长编{article.id}").with_cards([key]))
        session.books.create(f"书{article.id}", [session.article(article.id)])
        session.workflow.fill("文史稿件", article.id, {"备注": rare})
        found = next(iter(session.corrections.occurrences(rare, article.collection)), None)
        if found is not None:
            session.corrections.replace(rare, rare + rare, found[1][-1:], f"叠{rare}")
    return library


_NUMBERS = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+Z|\d{4}-\d{3}|(?:书x\d、?)+|cursor=[\w=-]+")
"""Moments, numbers of registers, books in the order they were saved in, cursors as each library seals its own."""


def plain(value: object) -> object:
    """A value without what may differ: scores, order of hits, moments, numbers of rows, folders."""
    if isinstance(value, Hit):
        value = replace(value, score=0.0)
    if is_dataclass(value) and not isinstance(value, type):
        kept = {one.name: plain(getattr(value, one.name)) for one in fields(value)}
        return (type(value).__name__, {name: each for name, each in kept.items() if name not in ("key", "import_key")})
    if isinstance(value, Path):
        return value.name
    if isinstance(value, str):
        return _NUMBERS.sub("…", value)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(map(repr, map(plain, value)))
    if isinstance(value, (list, tuple, Iterator)):
        found = [plain(each) for each in value]
        hits = found and isinstance(found[0], tuple) and found[0][0] == "Hit"
        return sorted(found, key=repr) if hits else found
    return value


Answer = Callable[[Session, Text], object]


def of(one: Text) -> Wanted:
    """The cards of this text."""
    return Wanted(article=one.article.id)


SEARCHES = (
    Search(text="水车"), Search(), Search(text="水车", period="光绪年间"), Search(period="1932..1936"),
    Search(text="水车 -木轮"), Search(text="哪一年造的水车？"), Search(text="李"), Search(text="水軍"),
    Search(text="水车", undated=PeriodIn.ANY),
)  # fmt: skip


def about(one: Text) -> tuple[Search, ...]:
    """Searches that name what only this text has."""
    rare = one.rare
    return (
        Search(text=rare), Search(text=f"水车{rare}"), Search(text=f"项{rare}:{rare}"), Search(text=f"作者:张{rare}"),
        Search(text="水车", author=(f"张{rare}",)), Search(text="水车", section=(f"栏{rare}",)),
        Search(person=(f"李{rare}",)),
        Search(text="水车", volume=(one.article.volume,)), Search(text="水车", collection=(one.article.collection,)),
        Search(text="水车", scope=f"集{one.article.id}"),
    )  # fmt: skip


def each_of(one: Text, ask: Callable[[Search], object]) -> list[object]:
    """What is answered to each of the searches, refusals too."""
    return [answered(partial(ask, search)) for search in (*SEARCHES, *about(one))]


SESSION: dict[str, Answer] = {
    "search": lambda s, t: each_of(t, s.search),
    "result_list": lambda s, t: [list(s.result_list(search).hits) for search in SEARCHES],
    "suggest": lambda s, t: [s.suggest(typed, Search()) for typed in ("水", "s", "shui", "张", "李", "栏", t.rare)],
    "timeline": lambda s, t: each_of(t, s.timeline),
    "places": lambda s, t: s.places(s.article(t.article.id), Search(text="水车")),
    "in_time": lambda s, t: s.in_time(t.article.collection),
    "on_this_day": lambda s, t: [s.on_this_day(month, 1) for month in range(1, 13)],
    "article": lambda s, t: [answered(partial(s.article, t.article.id, version)) for version in (None, 1, 99)],
    "several": lambda s, t: s.several([t.article.id]),
    "versions": lambda s, t: s.versions(t.article.id),
    "mentions": lambda s, t: s.mentions(t.article.id),
    "articles": lambda s, t: list(s.articles(t.article.collection)),
    "dated": lambda s, t: list(s.dated()),
    "listing": lambda s, t: [s.listing(), s.listing(t.article.collection, limit=1)],
    "count": lambda s, t: [s.count(), s.count(t.article.collection)],
    "neighbours": lambda s, t: s.neighbours(t.article.id),
    "position": lambda s, t: s.position(t.article.id),
    "contradictions": lambda s, t: list(s.contradictions()),
    "stamps": lambda s, t: [(one.id, one.collection, one.gone) for one in s.stamps()],
    "digests": lambda s, t: s.digests(),
    "collections": lambda s, t: [one.id for one in s.collections()],
    "collection": lambda s, t: s.collection(t.article.collection).id,
    "picture": lambda s, t: s.picture(t.picture.sha256),
    "original": lambda s, t: s.original(hashlib.sha256(f"原稿{t.rare}".encode()).hexdigest()),
    "field_definitions": lambda s, t: s.field_definitions(s.article(t.article.id)),
    "imports": lambda s, t: s.imports(),
    "date_decisions": lambda s, t: s.date_decisions(t.article.id),
    "may": lambda s, t: [s.may(action, s.article(t.article.id)) for action in Action],
    "may_in": lambda s, t: [s.may_in(action, t.article.collection) for action in Action],
    "sees": lambda s, t: s.sees(s.article(t.article.id)),
}

SUBJECTS: dict[str, dict[str, Answer]] = {
    "counts": {
        "names": lambda s, t: [s.counts.names(search) for search in SEARCHES],
        "frequencies": lambda s, t: [s.counts.frequencies(Search(text="水车"), one) for one in Division],
        "heading": lambda s, t: [
            [line for line in s.counts.heading(search) if line[0] not in ("时间", "资料库")] for search in SEARCHES
        ],
        "moment": lambda s, t: None,  # when somebody last changed anything
        "since": lambda s, t: s.counts.since(Search(), "2000-01-01T00:00:00Z"),
    },
    "concordances": {
        "page": lambda s, t: each_of(t, lambda search: vars_of(s.concordances.page(search, [], Arranged()))),
        "rows": lambda s, t: list(s.concordances.rows(Search(text="水车"), [], Arranged())),
        "barcodes": lambda s, t: s.concordances.barcodes(Search(text="水车"), []),
        "collocates": lambda s, t: [
            s.concordances.collocates(Search(text="水车"), [], unit, least=1, articles=1) for unit in UNITS
        ],
        "groups": lambda s, t: s.concordances.groups(Search(text="水车"), [], ["right1", "volume"]),
        "heading": lambda s, t: [
            line
            for line in s.concordances.heading(Search(text="水车"), [], Arranged(), 0)
            if line[0] not in ("时间", "资料库")
        ],
        "same_words": lambda s, t: s.concordances.same_words(t.article.id, 1, Search()),
        "label": lambda s, t: s.concordances.label(t.article.id, (1, 0, 2), "保留"),
    },
    "scopes": {
        "names": lambda s, t: [one for one in s.scopes.names() if s.scopes.size(one)],
        "listed": lambda s, t: [one for one in s.scopes.listed() if one.articles],
        "get": lambda s, t: s.scopes.get(f"集{t.article.id}").articles,
        "size": lambda s, t: s.scopes.size(f"集{t.article.id}"),
        "condition": lambda s, t: None,  # ids somebody chose, which tell nothing without an article
    },
    "page_proofs": {
        "of": lambda s, t: s.page_proofs.of(t.article.id),
        "progress": lambda s, t: s.page_proofs.progress(t.article.collection),
    },
    "corrections": {
        "difference": lambda s, t: s.corrections.difference(t.article.id, 1, 2),
        "present_block": lambda s, t: s.corrections.present_block(t.article.id, 1, 1),
        "occurrences": lambda s, t: list(s.corrections.occurrences(t.rare, t.article.collection)),
        "replacements": lambda s, t: s.corrections.replacements(),
        "reports": lambda s, t: s.corrections.reports(),
    },
    "books": {
        "names": lambda s, t: (set(s.books.names()), len(s.books.names())),
        "project": lambda s, t: s.books.project(f"书{t.article.id}"),
        "editions": lambda s, t: s.books.editions(f"书{t.article.id}"),
        "edition": lambda s, t: s.books.edition(f"书{t.article.id}", 1),
    },
    "workflow": {
        "records": lambda s, t: s.workflow.records("文史稿件"),
        "record": lambda s, t: s.workflow.record("文史稿件", t.article.id),
        "of_article": lambda s, t: s.workflow.of_article(t.article.id),
        "state_of": lambda s, t: s.workflow.state_of(s.article(t.article.id)),
        "steps": lambda s, t: s.workflow.steps(s.workflow.record("文史稿件", t.article.id)),
        "ways": lambda s, t: s.workflow.ways(s.workflow.record("文史稿件", t.article.id)),
        "private": lambda s, t: s.workflow.private(s.workflow.record("文史稿件", t.article.id)),
        "to_do": lambda s, t: s.workflow.to_do(),
        "colleagues": lambda s, t: s.workflow.colleagues(),
        "procedures": lambda s, t: [one.name for one in s.workflow.procedures()],
        "procedure": lambda s, t: s.workflow.procedure("文史稿件").name,
    },
    "arrangement": {
        "changes": lambda s, t: s.arrangement.changes(),
        "removed": lambda s, t: s.arrangement.removed(),
        "import_of": lambda s, t: s.arrangement.import_of(t.article.id) is not None,
        "articles_of": lambda s, t: [s.arrangement.articles_of(one.key) for one in s.imports()],
    },
    "names": {
        "all": lambda s, t: [one.content for one in s.names.all()],
        "get": lambda s, t: s.names.get(number_of(t)).content,
        "found": lambda s, t: s.names.found(f"李{t.rare}").content,
        "bearers": lambda s, t: [one.content for one in s.names.bearers(f"李老{t.rare}")],
        "versions": lambda s, t: [one.record.content for one in s.names.versions(number_of(t))],
        "redirect": lambda s, t: s.names.redirect(number_of(t)),
        "merged": lambda s, t: s.names.merged(),
        "below": lambda s, t: [one.content for one, _ in s.names.below(NameRecord(NameKind.PLACE, f"县{t.rare}"))],
        "chain": lambda s, t: s.names.chain(s.names.get(number_of(t)), 1930),
    },
    "name_mentions": {
        "in_article": lambda s, t: places_told(s.name_mentions.in_article(s.article(t.article.id), ())),
        "in_articles": lambda s, t: [
            (one.id, places_told(places))
            for one, _, places in s.name_mentions.in_articles([t.article.id], [number_of(t)])
        ],
        "records": lambda s, t: s.name_mentions.records([number_of(t)]),
        "of": lambda s, t: mentions_told(s.name_mentions.of(s.names.get(number_of(t)))),
        "open_places": lambda s, t: mentions_told(s.name_mentions.open_places(f"李{t.rare}")),
        "linkable": lambda s, t: len(s.name_mentions.linkable(f"李{t.rare}", number_of(t), clued=False)),
        "at": lambda s, t: len(s.name_mentions.at([f"{t.article.id}:1:0:0:1"])),
        "decades": lambda s, t: s.name_mentions.decades(s.names.get(number_of(t))),
        "posts": lambda s, t: s.name_mentions.posts(s.names.get(number_of(t))),
        "beside": lambda s, t: [one.key for one, _ in s.name_mentions.beside(s.names.get(number_of(t)))],
        "queue": lambda s, t: [(one.form, one.articles, len(one.decided)) for one in s.name_mentions.queue()],
    },
    "openings": {"due": lambda s, t: s.openings.due()},
    "cards": {
        "find": lambda s, t: [(one.article, one.written, one.said) for one in s.cards.find()],
        "listed": lambda s, t: [(one.article.id, one.condition, one.source) for one in s.cards.listed()],
        "classes": lambda s, t: s.cards.classes(),
        "suggested": lambda s, t: s.cards.suggested(t.article.id, (1, 0, 5)),
        "standing": lambda s, t: s.cards.standing(t.article.id, "水车"),
        "get": lambda s, t: [one.card.written for one in map(s.cards.get, (one.key for one in s.cards.find(of(t))))],
        "several": lambda s, t: sorted(one.article for one in s.cards.several(range(99)).values()),
        "changes": lambda s, t: [s.cards.changes(one.key) for one in s.cards.find(of(t))],
        "may_change": lambda s, t: [s.cards.may_change(one) for one in s.cards.find(of(t))],
    },
    "events": {
        "of": lambda s, t: (
            told := s.events.of(t.article.id, 1, Search()),
            [(one.article.id, one.block, [each.key for each in one.names]) for one in told.found],
        )[1:],
    },
    "reuses": {
        "look": lambda s, t: [
            (one.length, [copy.article for copy in one.copies])
            for one in s.reuses.look("", lambda words, done, total: None).chains
        ],
        "latest": lambda s, t: kept.found if (kept := s.reuses.latest()) else None,
        "shown": lambda s, t: s.reuses.shown(kept.found.chains) if (kept := s.reuses.latest()) else None,
    },
    "compilations": {
        "names": lambda s, t: (set(s.compilations.names()), len(s.compilations.names())),
        "get": lambda s, t: len(s.compilations.get(f"长编{t.article.id}").events),
        "outline": lambda s, t: [
            len(events) for _, events in s.compilations.outline(s.compilations.get(f"长编{t.article.id}"))
        ],
        "parts": lambda s, t: [
            [(told.title, told.accounts[0].source) for told in part.events]
            for part in s.compilations.parts(s.compilations.get(f"长编{t.article.id}"))
        ],
        "event": lambda s, t: s.compilations.event(s.compilations.get(f"长编{t.article.id}"), 1).title,
    },
    "searches": {"title": lambda s, t: s.searches.title(t.article.id)},
}

WRITES = {
    "counts": set(),
    "concordances": set(),
    "scopes": {"save", "freeze", "add", "drop", "remove"},
    "page_proofs": {"sign", "take_back"},
    "corrections": {"come", "leave", "correct", "revise", "restore", "replace", "take_back", "report", "settle"},
    "books": {
        "create", "save", "remove", "keep_cover", "freeze", "keep_proof",
        # What they are given is shown by others.
        "present", "renewed", "corrected_since", "bind", "bound_as", "proof", "write", "thaw", "fonts", "house",
        "houses",
    },
    "workflow": {"add", "fill", "link", "take", "take_in", "require", "table"},
    "arrangement": {"describe", "order", "remove", "merge", "move", "undo_import", "take_back"},
    "openings": {"open", "keep"},
    "name_mentions": {"decide", "undo", "may_decide"},
    "names": {"put", "merge", "remove", "restore", "compared", "take_in", "united", "unite", "left_over", "may_change"},
    "reuses": set(),
    "events": set(),
    "cards": {"make", "make_all", "check", "change", "change_all", "remove", "placed"},
    "compilations": {
        "create", "save", "remove", "take_rows", "take_places",
        # What they are given is shown by others.
        "remark", "told", "shifted", "article",
    },
    "searches": {  # one's own, of what one saw
        "listed", "get", "save", "remove", "changes", "looked", "history", "note", "clear", "keeps_history",
        "keep_history",
    },
}  # fmt: skip
"""What changes something: tried for who may not in test_session_rights.py."""

SESSION_WRITES = {
    "actor", "root", "writing", "index_waiting", "save_collection",
    "add", "correct", "describe", "describe_many", "withdraw",
    "reject_date", "correct_date", "undo_date_decision", "redate", "reindex", "check", "audit",
    "period", "period_problems", "authority", "own_periods", "date_reader", "term_lists",  # the office's own tables
    "upkeep", "jobs", "accounts", "tokens", "notices", "procedures",  # of the library or one's own
    *SUBJECTS,
}  # fmt: skip


def number_of(text: Text) -> int:
    """That of the record of who is named in a text."""
    return RARE.index(text.rare) + 1


def places_told(found: Iterable[NamePlace]) -> object:
    return [(one.place, one.record, one.standing) for one in found]


def mentions_told(found: MentionPage) -> object:
    """What a page of mentions says, without the texts, which others tell."""
    return found.articles, [one.address for one in found.mentions]


def vars_of(page: object) -> object:
    """What a page of places shows, without the list it was cut from."""
    return {name: getattr(page, name) for name in ("found", "places", "articles", "rows")}


def answered(ask: Callable[[], object]) -> object:
    """What is answered, or how it is refused."""
    try:
        return plain(ask())
    except WenshiError as refused:
        return plain((type(refused).__name__, refused.message, refused.hint))


def answers(session: Session, texts: Iterable[Text]) -> dict[str, object]:
    """All answers that a session gives about these texts."""
    asked = {f"session.{name}": ask for name, ask in SESSION.items()}
    asked |= {f"{subject}.{name}": ask for subject, table in SUBJECTS.items() for name, ask in table.items()}
    found: dict[str, object] = {}
    for one in texts:
        for name, ask in asked.items():
            found[f"{name}({one.article.id})"] = answered(partial(ask, session, one))
    with open_duplicates(session) as duplicates:
        for article in session.articles():
            found[f"like({article.id})"] = sorted(repr(plain(one)) for one in duplicates.like(article))
    return found


ADDRESSES = {
    "search.search": ("/", "/?q=水车", "/?q={rare}", "/?q=水车&sort=date", "/?q=水车&period=1930年代", "/?page=2"),
    **{
        f"api.{name}": tuple(f"/api/v1{each}" for each in several)
        for name, several in {
            "timeline": ("/timeline?q=水车", "/timeline?q={rare}"),
            "frequencies": ("/frequencies?q=水车&by=section",),
            "kwic": ("/kwic?q=水车", "/kwic?q={rare}", "/kwic?q=水车&scope=集{id}&key=right1"),
            "kwic_groups": ("/kwic/groups?q=水车&by=right1&by=volume",),
            "collocates": ("/kwic/collocates?q=水车&least=1&articles=1",),
            "terms": ("/terms?term={rare}", "/terms?names=人物&by=section"),
            "same_words": ("/articles/{id}/blocks/2/same-words", "/articles/{id}/blocks/1/same-words?scope=集{id}"),
            "accounts": ("/articles/{id}/blocks/1/accounts",),
            "reuse": ("/same-words", "/same-words?article={id}"),
            "names": ("/names", "/names?q={rare}", "/names?form=李老{rare}"),
            "name": ("/names/{number}",),
            "name_places": ("/names/{number}/places",),
            "name_queue": ("/names/queue",),
            "cards": ("/cards", "/cards?name=李{rare}", "/cards?class=类{rare}", "/cards?article={id}"),
            "card_classes": ("/cards/classes",),
            "collections": ("/collections",),
            "scopes": ("/scopes",),
            "collection": ("/collections/{collection}",),
            "articles": ("/articles", "/articles?collection={collection}&limit=2"),
            "article": ("/articles/{id}", "/articles/{id}?version=1", "/articles/{id}?version=99"),
            "versions": ("/articles/{id}/versions",),
            "dates_in": ("/articles/{id}/dates",),
            "picture": ("/pictures/{picture}",),
            "original": ("/originals/{original}",),
            "books": ("/books",),
            "book": ("/books/书{id}",),
            "compilations": ("/compilations",),
            "compilation": ("/compilations/长编{id}",),
            "compilation_event": ("/compilations/长编{id}/events/1",),
        }.items()
    },
    "api.search": ("/api/v1/search?q=水车", "/api/v1/search?q={rare}", "/api/v1/search?q=水車&scope=集{id}"),
    "api.suggest": ("/api/v1/suggest?q=水", "/api/v1/suggest?q={rare}", "/api/v1/suggest?q=张"),
    "results.listed": ("/results.csv?q=水车",),
    "search.timeline_csv": ("/timeline.csv?q=水车",),
    "frequencies.show": ("/frequencies?q=水车", "/frequencies?q={rare}&by=decade"),
    "frequencies.sheet": ("/frequencies.csv?q=水车",),
    "concordance.show": ("/concordance?q=水车", "/concordance?q={rare}"),
    "concordance.sheet": ("/concordance.csv?q=水车",),
    "barcodes.show": ("/concordance/volumes?q=水车",),
    "barcodes.sheet": ("/concordance/volumes.csv?q=水车",),
    "collocates.show": ("/concordance/collocates?q=水车&least=1&articles=1",),
    "collocates.sheet": ("/concordance/collocates.csv?q=水车&least=1&articles=1",),
    "same_words.show": ("/article/{id}/same/1", "/article/{id}/same/1?scope=集{id}"),
    "same_words.sheet": ("/article/{id}/same/1/table.csv",),
    "other_accounts.show": ("/article/{id}/accounts/1", "/article/{id}/accounts/1?scope=集{id}"),
    "terms.show": ("/terms?terms=水车", "/terms?terms={rare}"),
    "names.listed": ("/names", "/names?q={rare}"),
    "names.one": ("/names/{number}", "/names/{number}?year=1930"),
    "names.form": ("/names/form?form=李老{rare}",),
    "names.history": ("/names/{number}/history",),
    "names.sheet": ("/names/table.csv",),
    "name_queue.queue": ("/names/queue",),
    "name_queue.places": ("/names/queue/form?form=李{rare}",),
    "name_editing.edit": ("/names/{number}/edit",),
    "name_editing.merge": ("/names/{number}/merge",),
    "cards.listed": ("/cards", "/cards?name=李{rare}", "/cards?class=类{rare}"),
    "compilations.listed": ("/compilations",),
    "reuse.show": ("/reuse", "/reuse?scope=集{id}"),
    "compilations.one": ("/compilations/长编{id}",),
    "compilations.event": ("/compilations/长编{id}/event/1",),
    "gathering_cards.places": ("/into-compilation/places?q=水车",),
    "cards.make": ("/article/{id}/card/1/1/0-2",),
    "words.words": ("/article/{id}/words/2",),
    "concordance.groups": ("/concordance/groups?q=水车&by=right2&by=volume",),
    "concordance.groups_sheet": ("/concordance/groups.csv?q=水车&by=right2",),
    "concordance.step": ("/concordance/step?q=水车",),
    "searches.table": ("/searches",),
    "searches.new": ("/searches/new?name=水车",),
    "searches.scope": ("/searches/scope?name=集{id}",),
    "reading.article": ("/article/{id}", "/article/{id}?q=水车", "/article/{id}?v=1", "/article/{id}?v=99"),
    "records.comment": ("/article/{id}/comment/2",),
    "dating.date": ("/article/{id}/date/1/0-5",),
    "dating.proof": ("/proof/dates",),
    "correcting.edit": ("/article/{id}/edit/2",),
    "scans.scan": ("/article/{id}/scan/1",),
    "iiif.manifest": ("/iiif/{id}/manifest.json",),
    "iiif.words": ("/iiif/{id}/page/1.json",),
    "scans.lines": ("/article/{id}/scan/1/lines",),
    "scans.place": ("/article/{id}/scan/place?version=1&block=2&start=0&end=1",),
    "scans.region": ("/article/{id}/scan/1/region?box=0,0,500,500",),
    "scan_progress.volume": ("/collection/{collection}/scans",),
    "naming.authors": ("/article/{id}/edit/authors",),
    "editing.fields": ("/article/{id}/fields",),
    "editing.table": ("/collection/{collection}/fields",),
    "editing.table_file": ("/collection/{collection}/fields.csv",),
    "history.history": ("/article/{id}/history", "/article/{id}/history?a=1&b=2"),
    "history.now": ("/article/{id}/now?v=1",),
    "comparing.like": ("/article/{id}/like",),
    "comparing.diff": ("/diff/x0/{id}", "/diff/{id}/x0"),
    "quoting.quote": ("/article/{id}/quote/1/1/0-2",),
    "reporting.report": ("/article/{id}/report/2",),
    "reporting.reports": ("/reports",),
    "replacing.replace": ("/replace", "/replace?collection={collection}&words={rare}&instead=某"),
    "holdings.collections": ("/collections",),
    "holdings.collection": ("/collection/{collection}",),
    "posts.posts": ("/collection/{collection}/posts",),
    "posts.people": ("/collection/{collection}/people",),
    "posts.person": ("/collection/{collection}/person?name=张{rare}",),
    "posts.sheet": ("/collection/{collection}/posts.csv",),
    "files.picture": ("/picture/{picture}",),
    "files.original": ("/original/{original}",),
    "books.books": ("/books",),
    "books.book": ("/books/书{id}",),
    "book_data.data": ("/books/书{id}/data",),
    "book_matter.matter": ("/books/书{id}/matter",),
    "book_items.item": ("/books/书{id}/text/{id}",),
    "book_items.newer": ("/books/书{id}/text/{id}/newer",),
    "book_output.output": ("/books/书{id}/output",),
    "book_output.manifest": ("/books/书{id}/output/edition/1.json",),
    "book_adding.choose": ("/add-to-book?id={id}",),
    "registers.registers": ("/registers",),
    "registers.register": ("/registers/文史稿件", "/registers/文史稿件?q={rare}"),
    "registers.to_do": ("/to-do",),
    "records.one": ("/registers/文史稿件/one/{id}", "/registers/书稿校次/one/书{id}"),
    "imports.imports": ("/imports",),
    "arranging.collections": ("/manage/collections",),
    "arranging.collection": ("/manage/collections/{collection}",),
    "arranging.changes": ("/manage/changes",),
    "openings.due": ("/openings",),
    "audit.show": ("/manage/audit",),
    "audit.sheet": ("/manage/audit/记录.csv",),
    "purging.form": ("/manage/purge?ids={id}",),
    "safekeeping.desk": ("/manage",),
    "intake.intake": ("/intake",),
    "publishing.form": ("/publish",),
    "harvest.oai": ("/oai?verb=ListRecords&metadataPrefix=oai_dc", "/oai?verb=ListSets"),
    "harvest.feed": ("/feed",),
}
"""What may be opened about a text."""

TELL_NOTHING = {
    "api.openapi", "api.period", "api_reference.reference",
    "api.card", "api.card_history", "api.job_list", "api.job", "api.job_file",  # by numbers: test_direct_addresses.py
    "static", "health.state", "office.sign_in", "office.open_address", "office.welcome", "office.me",
    "office.password",
    "office.accounts", "office.account", "tokens.own", "help.contents", "help.chapter", "tables.periods",
    "tables.wording",
    "procedures.listed", "procedures.one", "procedures.entry",
    "terms.sheet", "cards.sheet", "cards.one", "cards.table", "name_editing.new",
    "name_editing.take_in",  # as the pages that lead to them
    "compilations.sheet", "gathering_cards.cards", "reuse.sheet", "reuse.done",
    "registers.new", "registers.sheet",  # as the page of the register, in a workbook
    "book_proof.show", "book_proof.sheet", "book_matter.piece", "records.difference",  # as what leads
    "imports.one",  # to them
    # One's own work, and that of others for who maintains the library.
    "jobs.table", "jobs.job", "jobs.state", "intake.volume", "intake.diff", "intake.missing", "intake.report",
    "book_output.done", "book_output.download", "book_preview.preview", "book_preview.state", "book_preview.picture",
    "safekeeping.backup_done", "safekeeping.backup_file", "safekeeping.checked", "safekeeping.mended",
    "safekeeping.rehearsed", "safekeeping.preserved", "safekeeping.reindexed",
    "purging.done", "results.done", "results.file", "publishing.done", "publishing.file",
}  # fmt: skip

_CHANGING = re.compile(
    r'name="token" value="[^"]*"|at=[\d:TZ%A-F-]+|\d{4}-\d\d-\d\d[ T][\d:]+Z?|\d{4}-\d{3}|/imports/\d+|\d\d:\d\d'
    r'|第 \d+ 张|/cards/\d+|id="c\d+"|(?:书x\d、?)+|value="\d+"|"score":[\d.e-]+'
)


_OF_THEIR_OWN = {"key", "number", "cards", "score", "weight", "moment", "when", "changed"}


def told(value: object) -> object:
    """A value of JSON without what changes, lists in an order that depends on nothing else."""
    if isinstance(value, dict):
        return {name: told(each) for name, each in value.items() if name not in _OF_THEIR_OWN}
    if isinstance(value, list):
        return sorted(map(told, value), key=repr)
    return _NUMBERS.sub("…", value) if isinstance(value, str) else value


def page(app: Flask, address: str) -> object:
    """What a browser gets, without what changes from one time to the next."""
    with closing(app.test_client().get(address)) as answer:  # some of them are files
        if answer.mimetype.startswith("image/"):
            return answer.status_code, answer.data
        if answer.is_json:
            return answer.status_code, told(answer.json)
        if answer.status_code == 303:
            return answer.status_code, _CHANGING.sub("…", answer.location)
        lines = _CHANGING.sub("…", unescape(answer.text)).splitlines()
        return answer.status_code, sorted(line.strip() for line in lines)


def asked_by(library: Library, actor: Actor) -> Flask:
    """The pages as this person opens them."""
    app = create_app(library)

    def come() -> None:
        g.wenshi_actor = actor

    app.before_request_funcs.setdefault(None, []).insert(0, come)
    return app


def pages(app: Flask, texts: Iterable[Text]) -> dict[str, object]:
    """What is shown at every address."""
    found: dict[str, object] = {}
    for one in texts:
        given = {
            "id": one.article.id, "rare": one.rare, "collection": one.article.collection, "picture": one.picture.sha256,
            "number": number_of(one), "original": hashlib.sha256(f"原稿{one.rare}".encode()).hexdigest(),
        }  # fmt: skip
        addresses = [each.format(**given) for several in ADDRESSES.values() for each in several]
        found |= {each: page(app, each) for each in addresses if each not in found}
    return found


def test_every_page_is_compared(tmp_path: Path) -> None:
    with Library.create(tmp_path / "library") as library:
        rules = create_app(library).url_map.iter_rules()
        opened = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
    assert opened - ADDRESSES.keys() - TELL_NOTHING == set()


def compare(
    folder: Path, standings: Iterable[tuple[Access, Status, str]], levels: Mapping[str, Access], rights: Rights
) -> None:
    """Ask a whole library and one of what may be seen the same, and let them answer the same."""
    somebody = Actor("r", "某人", rights)
    texts = [text(number, *standing) for number, standing in enumerate(standings)]
    seen = [one for one in texts if rights.within(levels).cover(one.article)]
    for name in ("whole", "part"):
        (folder / name).mkdir()
    with furnished(folder / "whole", texts, levels) as whole, furnished(folder / "part", seen, levels) as part:
        here = answers(whole.session(somebody), texts)
        there = answers(part.session(somebody), texts)
        assert here.keys() == there.keys()
        assert not [(name, here[name], there[name]) for name in here if here[name] != there[name]]
        shown, shown_there = (pages(asked_by(one, somebody), texts) for one in (whole, part))
        assert not [(at, shown[at], shown_there[at]) for at in shown if shown[at] != shown_there[at]]


@pytest.mark.parametrize("subject", ["", *SUBJECTS])
def test_every_answer_is_compared(subject: str, tmp_path: Path) -> None:
    with Library.create(tmp_path / "library") as library:
        session = library.session(LOCAL)
        kind = type(getattr(session, subject)) if subject else Session
        names = {name for name, _ in inspect.getmembers(kind) if not name.startswith("_")}
    known = SUBJECTS[subject].keys() | WRITES[subject] if subject else SESSION.keys() | SESSION_WRITES
    assert names <= known


@settings(max_examples=4)  # each makes two libraries
@given(
    standings=st.lists(STANDING, min_size=2, max_size=5), roles=ROLES, reads=st.lists(READS, max_size=1),
    levels=st.fixed_dictionaries({"c": LEVEL, "d": LEVEL}),
)  # fmt: skip
def test_answers_are_those_of_what_may_be_seen(
    standings: list[tuple[Access, Status, str]],
    roles: list[Holding],
    reads: list[Grant],
    levels: dict[str, Access],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    rights = Rights((*rights_of(roles).grants, *reads))
    compare(tmp_path_factory.mktemp("alone"), standings, levels, rights)


@pytest.mark.parametrize(("role", "collection"), [*zip([*AccountRole][:-1], cycle(["c", ""]))])
def test_answers_by_role(role: AccountRole, collection: str, tmp_path: Path) -> None:
    """Each role, for one collection or for the whole library in turn; the examples above mix them."""
    standings = [
        (Access.OPEN, Status.RELEASED, "c"), (Access.INTERNAL, Status.RELEASED, "c"),
        (Access.OPEN, Status.REJECTED, "c"),
        (Access.OPEN, Status.RELEASED, "d"), (Access.RESTRICTED, Status.FIRST_REVIEW, "d"),
    ]  # fmt: skip
    levels = {"c": Access.OPEN, "d": Access.INTERNAL}
    compare(tmp_path, standings, levels, rights_of([Holding(role, collection)]))
