"""Who may see nothing finds nothing, by whatever method; who may see some sees what a smaller library would show."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.arrangement import Arrangement
from archive.books.edition import FrozenText, Manifest
from archive.books.service import Books, item_of
from archive.catalogue.office_wording import Wording
from archive.corrections.correcting import Corrections
from archive.corrections.page_proofs import PageProofs
from archive.dates.office_entries import OfficePeriod
from archive.jobs.job_table import JobTable
from archive.library import Library
from archive.model.access import Action, Actor, Rights
from archive.model.accounts import AccountRole, Holding, rights_of
from archive.model.cards import Card, CardFields, Condition
from archive.model.compilation import Compilation, RemarkKind
from archive.model.edits import Rewrite
from archive.model.errors import ExportError, NotAllowed, NotFound
from archive.model.holdings import JobRow
from archive.model.name_records import NameKind, NameRecord, Standing
from archive.model.procedures import WorkRecord
from archive.model.project import Part, Project
from archive.model.records import Access, Article, Block, Collection, Kind, Person, Picture, Status
from archive.model.search import Search
from archive.search.counts import Counts, Division
from archive.search.saved_searches import SavedSearches
from archive.search.scopes import Scopes
from archive.session import Session
from archive.upkeep import Upkeep
from archive.workbench.cards import Cards, PlacedCard
from archive.workbench.collocates import UNITS
from archive.workbench.compilations import Compilations
from archive.workbench.concordance import Concordances
from archive.workbench.name_mentions import MentionPage, NameMentions
from archive.workbench.names import Names
from archive.workbench.reuse import Reuse
from archive.workbench.reuses import KeptReuse, Reuses
from archive.workbench.steps import Arranged
from archive.workbench.term_lists import TermLists, read_terms
from archive.workflow.procedure_editing import ProcedureEditing
from archive.workflow.procedure_table import shipped
from archive.workflow.stepping import AskedStep
from archive.workflow.workflow import Workflow
from tests.given_names import give

LOCAL = Actor.local()
NOBODY = Actor("0", "无权者", Rights.nothing())
PNG = b"\x89PNG\r\n\x1a\n"
PICTURE = Picture(hashlib.sha256(PNG).hexdigest(), PNG, "image/png")
PLACE = (1, 0, 6)
NOTHING: tuple[object, ...] = (None, 0, (), [], {}, "", False)


def draft(number: int, access: Access = Access.OPEN, status: Status = Status.RELEASED, in_: str = "c") -> Article:
    blocks = (
        Block.plain(Kind.TITLE, f"水车{number}"),
        Block.plain(Kind.PARAGRAPH, "光绪三十年造水车。"),
        Block(Kind.FIGURE, picture=PICTURE.sha256),
    )
    people = (Person(f"张{number}"),)
    return Article(
        collection=in_, number=number, blocks=blocks, people=people, access=access, status=status, section="水利",
        fields=(("案号", str(number)),),
    )  # fmt: skip


def filled(folder: Path, articles: list[Article]) -> Library:
    library = Library.create(folder / "library")
    session = library.session(LOCAL)
    for collection in sorted({one.collection for one in articles}):
        session.save_collection(Collection(collection, f"文集{collection}"))
    for number, article in enumerate(articles):
        file = folder / f"{number}.txt"
        file.write_text(f"原稿{number}", encoding="utf-8")
        session.add(file, file.name, [article], (), [PICTURE])
    return library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = filled(tmp_path_factory.mktemp("rights"), [draft(1), draft(2)])
    session = library.session(LOCAL)
    session.reject_date("1", PLACE, "试")
    session.books.create("书", [session.article("1")])
    session.corrections.report("1", PLACE, "错字", 1)
    yield library
    library.close()


@pytest.fixture
def seen(library: Library) -> Article:
    return library.session(LOCAL).article("1")


Call = Callable[[Any, Article, Path], object]

FINDS_NOTHING: dict[type, dict[str, Call]] = {
    Session: {
        "search": lambda s, a, p: s.search(Search(text="水车")).hits or s.search(Search()).total,
        "result_list": lambda s, a, p: list(s.result_list(Search(text="水车")).hits),
        "on_this_day": lambda s, a, p: [found for day in range(1, 32) for found in s.on_this_day(1, day)],
        "suggest": lambda s, a, p: s.suggest("水", Search()),
        "timeline": lambda s, a, p: s.timeline(Search(text="水车")).total,
        "article": lambda s, a, p: s.article("1"),
        "several": lambda s, a, p: s.several(["1"]),
        "versions": lambda s, a, p: s.versions("1"),
        "mentions": lambda s, a, p: s.mentions("1"),
        "articles": lambda s, a, p: list(s.articles()),
        "dated": lambda s, a, p: list(s.dated()),
        "listing": lambda s, a, p: s.listing(),
        "in_time": lambda s, a, p: s.in_time("c"),
        "count": lambda s, a, p: s.count(),
        "neighbours": lambda s, a, p: s.neighbours("1"),
        "position": lambda s, a, p: s.position("1"),
        "contradictions": lambda s, a, p: list(s.contradictions()),
        "stamps": lambda s, a, p: s.stamps(),
        "digests": lambda s, a, p: s.digests(),
        "collections": lambda s, a, p: s.collections(),
        "collection": lambda s, a, p: s.collection("c"),
        "picture": lambda s, a, p: s.picture(PICTURE.sha256),
        "original": lambda s, a, p: s.original(a.original),
        "field_definitions": lambda s, a, p: s.field_definitions(a),
        "save_collection": lambda s, a, p: s.save_collection(Collection("d", "另一集")),
        "add": lambda s, a, p: s.add(p, "a.txt", [draft(9)], ()),
        "index_waiting": lambda s, a, p: s.index_waiting(),
        "imports": lambda s, a, p: s.imports(),
        "correct": lambda s, a, p: s.correct("1", [Rewrite(1, "光绪三十年造水车。", ("改",))], "试"),
        "describe": lambda s, a, p: s.describe("1", {"栏目": "工商"}, "试"),
        "describe_many": lambda s, a, p: s.describe_many([], "试"),
        "withdraw": lambda s, a, p: s.withdraw("1", "试"),
        "date_decisions": lambda s, a, p: s.date_decisions("1"),
        "reject_date": lambda s, a, p: s.reject_date("1", PLACE, "试"),
        "correct_date": lambda s, a, p: s.correct_date("1", PLACE, "1904年", "试"),
        "undo_date_decision": lambda s, a, p: s.undo_date_decision("1", 1),
        "redate": lambda s, a, p: s.redate(),
        "period_problems": lambda s, a, p: s.period_problems(),
        "reindex": lambda s, a, p: s.reindex(),
        "check": lambda s, a, p: s.check(),
        "audit": lambda s, a, p: s.audit(),
        "may": lambda s, a, p: any(s.may(one) for one in ("收稿", "更正", "维护")),
        "may_in": lambda s, a, p: any(s.may_in(one, a.collection) for one in ("收稿", "更正", "维护")),
        "sees": lambda s, a, p: s.sees(a),
    },
    Books: {
        "names": lambda b, a, p: b.names(),
        "project": lambda b, a, p: b.project("书"),
        "present": lambda b, a, p: b.present(Project(name="书", parts=(Part(items=(item_of(a),)),))),
        "create": lambda b, a, p: b.create("另一本", [a]),
        "save": lambda b, a, p: b.save(Project(name="另一本")),
        "remove": lambda b, a, p: b.remove("书"),
        "renewed": lambda b, a, p: b.renewed(Project(name="书", parts=(Part(items=(item_of(a),)),)), "1"),
        "keep_cover": lambda b, a, p: b.keep_cover(PICTURE.data),
        "bind": lambda b, a, p: b.bind(Project(name="书", parts=(Part(items=(item_of(a),)),))).book.chapters,
        "proof": lambda b, a, p: b.proof(Project(name="书", parts=(Part(items=(item_of(a),)),))).findings,
        "editions": lambda b, a, p: b.editions("书"),
        "corrected_since": lambda b, a, p: b.corrected_since(
            Manifest(made="", project=Project(name="书"), house="{}", texts=(FrozenText("1", 1, "x", "水车"),))
        ),
        "edition": lambda b, a, p: b.edition("书", 1),
        "keep_proof": lambda b, a, p: b.keep_proof(Project(name="书", parts=(Part(items=(item_of(a),)),))),
        "freeze": lambda b, a, p: b.freeze(Project(name="书"), ["txt"], p),
    },
}
"""What somebody may call who has no rights: each finds nothing, or is refused as if nothing were there."""

SAYS_NOTHING_OF_TEXTS: dict[type, frozenset[str]] = {
    # Read what is given to them, the office's own tables and house styles, or wrap other calls.
    Session: frozenset(
        {
            "actor",
            "root",
            "period",
            "date_reader",
            "own_periods",
            "places",
            "writing",
            "authority",
            "books",
            "corrections",
            "counts",
            "scopes",
            "searches",
            "concordances",
            "term_lists",
            "cards",
            "names",
            "name_mentions",
            "compilations",
            "reuses",
            "events",
            "openings",
            "arrangement",
            "jobs",
            "upkeep",
            "accounts",
            "tokens",
            "page_proofs",
            "notices",
            "procedures",
            "workflow",
        }
    ),
    Books: frozenset({"houses", "house", "write", "thaw", "bound_as", "fonts"}),
}


GIVEN_TO: dict[type, dict[str, tuple[object, ...]]] = {
    PageProofs: {"of": ("1",), "progress": ("c",), "sign": ("1", 1, 1), "take_back": ("1", 1)},
    Cards: {
        "make": ("1", (1, 0, 2)),
        "make_all": ([("1", 1, (1, 0, 2))],),
        "suggested": ("1", (1, 0, 2)),
        "standing": ("1", "水"),
        "several": ([1],),
        "check": (CardFields(),),
        "change_all": ({1: CardFields()},),
        "changes": (1,),
        "find": (),
        "listed": (),
        "placed": ([Card(1, "1", 1, 1, 0, 2, "")],),
        "get": (1,),
        "classes": (),
        "may_change": (Card(1, "1", 1, 1, 0, 2, "", owner="local"),),
        "change": (1, CardFields()),
        "remove": (1,),
    },
    Compilations: {
        "names": (),
        "get": ("长编",),
        "create": ("新",),
        "save": (Compilation(name="新"),),
        "remove": ("长编",),
        "remark": (Compilation(name="新"), 1, RemarkKind.COMMENT, "按"),
        "outline": (Compilation(name="新"),),
        "parts": (Compilation(name="新"),),
        "told": ([],),
        "event": (Compilation(name="新"), 1),
        "shifted": (Compilation(name="新"), 1, "up"),
        "take_rows": ([],),
        "take_places": ([],),
        "article": (PlacedCard(Card(1, "1", 1, 1, 0, 2, ""), draft(1), Collection("c", "c"), Condition.THERE, None),),
    },
    Reuses: {"look": ("", lambda words, done, total: None), "latest": (), "shown": ([],)},
    Scopes: {
        "names": (),
        "listed": (),
        "get": ("集",),
        "size": ("集",),
        "condition": ("集",),
        "save": ("新集", Search(text="水车")),
        "freeze": ("新集", Search(text="水车")),
        "add": ("集", ["1"]),
        "drop": ("集", ["1"]),
        "remove": ("集",),
    },
    SavedSearches: {
        "listed": (),
        "get": ("存",),
        "title": ("1",),
        "changes": ("存",),
        "looked": ("存",),
        "save": ("新存", Search(text="水车")),
        "remove": ("存",),
        "history": (),
        "note": (Search(text="水车"), 1),
        "clear": (),
        "keep_history": (False,),
    },
    NameMentions: {
        "in_article": (draft(1), ()),
        "in_articles": (["1"], [1]),
        "records": ([1],),
        "of": (NameRecord(NameKind.PERSON, "水车"),),
        "open_places": ("水车",),
        "linkable": ("水车", 1),
        "at": (["1:1:0:0:2"],),
        "decades": (NameRecord(NameKind.PERSON, "水车"),),
        "posts": (NameRecord(NameKind.PERSON, "水车"),),
        "beside": (NameRecord(NameKind.PERSON, "水车"),),
        "queue": (),
        "decide": ([], Standing.UNKNOWABLE, ()),
        "undo": (1,),
    },
    Names: {
        "united": ([],),
        "unite": ([], "试"),
        "all": (),
        "get": (1,),
        "redirect": (1,),
        "found": ("1",),
        "bearers": ("水车",),
        "below": (NameRecord(NameKind.PLACE, "县"),),
        "chain": (NameRecord(NameKind.PLACE, "县"), 1950),
        "merged": (),
        "versions": (1,),
        "left_over": (),
        "put": (NameRecord(NameKind.PERSON, "甲"),),
        "merge": (1, 2, "试"),
        "remove": (1,),
        "restore": (1, 1),
        "compared": (None,),
        "take_in": (None, ""),
    },
    ProcedureEditing: {
        "save": ("",),
        "draft": ("提案",),
        "begin": ("口述采访", "提案"),
        "change": ("提案", "state", 0, {"name": "收到"}),
        "remove": ("提案", "state", 0),
        "move": ("提案", "state", 0, 1),
        "drop": ("提案",),
        "use": ("提案",),
    },
    Workflow: {
        "add": ("来稿登记簿", {"题名": "水车"}),
        "fill": ("来稿登记簿", "1", {"题名": "水车"}),
        "link": ("来稿登记簿", "1", "1"),
        "of_article": ("1",),
        "private": (WorkRecord(key=1, procedure="文史稿件", state="来稿"),),
        "procedure": ("提案",),
        "procedures": (),
        "record": ("文史稿件", "1"),
        "records": ("文史稿件",),
        "require": (Action.REGISTER,),
        "state_of": (draft(1),),
        "steps": (WorkRecord(key=1, procedure="文史稿件", state="来稿"),),
        "take": ("文史稿件", "1", AskedStep(to="初审")),
        "take_in": (shipped()[0], [], {}, ""),
        "to_do": (),
        "ways": (WorkRecord(key=1, procedure="文史稿件", state="来稿"),),
        "colleagues": (),
    },
}
"""What services are given whose methods are called as those of others are."""


def public(kind: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(kind) if not name.startswith("_")}


@pytest.mark.parametrize("kind", [Session, Books])
def test_every_public_method_is_tried(kind: type) -> None:
    assert public(kind) <= FINDS_NOTHING[kind].keys() | SAYS_NOTHING_OF_TEXTS[kind]


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, calls in FINDS_NOTHING.items() for name in calls])
def test_without_rights_nothing_is_found(
    library: Library, seen: Article, tmp_path: Path, kind: type, name: str
) -> None:
    session = library.session(NOBODY)
    subject = session if kind is Session else session.books
    try:
        found = FINDS_NOTHING[kind][name](subject, seen, tmp_path / "x")
    except (NotFound, NotAllowed, ExportError) as refused:
        assert "水车" not in str(refused) and "文集c" not in str(refused)
        return
    assert found in NOTHING


@pytest.mark.parametrize(
    "kind",
    [
        Corrections,
        PageProofs,
        Arrangement,
        JobTable,
        Upkeep,
        Scopes,
        SavedSearches,
        Workflow,
        ProcedureEditing,
        Cards,
        Names,
        NameMentions,
        Compilations,
        Reuses,
    ],
)
def test_the_other_services_ask_too(library: Library, seen: Article, kind: type) -> None:
    session = library.session(NOBODY)
    subject = {
        Corrections: session.corrections,
        PageProofs: session.page_proofs,
        Arrangement: session.arrangement,
        JobTable: session.jobs,
        Upkeep: session.upkeep,
        Scopes: session.scopes,
        SavedSearches: session.searches,
        Workflow: session.workflow,
        ProcedureEditing: session.procedures,
        Cards: session.cards,
        Names: session.names,
        NameMentions: session.name_mentions,
        Compilations: session.compilations,
        Reuses: session.reuses,
    }[kind]
    made = library.session(LOCAL)
    key = made.cards.make("1", (1, 0, 2))
    if not made.names.all():
        give(library, "类别,规范名\n人物,水车\n")
    if not made.compilations.names():
        made.compilations.save(made.compilations.create("长编").with_cards([key]))
    made.scopes.save("集", articles=["1"])
    made.searches.save("存", Search(text="水车"))
    given: dict[str, tuple[object, ...]] = {
        "come": ("1",),
        "leave": ("1",),
        "correct": ("1", [Rewrite(1, "光绪三十年造水车。", ("改",))], "试"),
        "revise": (seen, "试"),
        "restore": ("1", 1, "试"),
        "difference": ("1", 1, 1),
        "present_block": ("1", 1, 1),
        "occurrences": ("水车", ""),
        "replace": ("水车", "风车", (), "试"),
        "replacements": (),
        "take_back": (1,),
        "report": ("1", PLACE, "错字", 1),
        "reports": (),
        "settle": (1, "试"),
        "removed": (),
        "describe": (Collection("c", "改名"),),
        "order": (["c"],),
        "remove": ("c",),
        "merge": ("c", "d"),
        "move": (["1"], "d"),
        "articles_of": (1,),
        "import_of": ("1",),
        "undo_import": (1,),
        "changes": (),
        "listed": (),
        "get": ("1",),
        "save": (JobRow("j", "", "试", "null", "local", "本机", "done", ""),),
        "interrupt": (),
        "periods": (),
        "put_period": (None,),
        "remove_period": (OfficePeriod, "解放"),
        "wording": (),
        "put_wording": (Wording("旧城区"),),
        "remove_wording": ("旧城区",),
        "condition": (),
        "diagnosis": (),
        "attached": ("1",),
        "attach_cards": ("1", []),
        "own_files": (library.root,),
        "bring_own_files": (library.root,),
    }
    given |= GIVEN_TO.get(kind, {})
    for name in sorted(public(kind)):
        try:
            found = getattr(subject, name)
            found = found(*given[name]) if callable(found) else None
            found = list(found) if isinstance(found, Iterator) else found
        except (NotFound, NotAllowed) as refused:
            assert "水车" not in str(refused)
            continue
        if found == "编号 1":
            continue
        if isinstance(found, KeptReuse | Reuse):
            assert (found.found if isinstance(found, KeptReuse) else found) == Reuse()
            continue
        assert found in NOTHING or found in (([], []), MentionPage(0, ())), name


def test_nothing_is_counted_without_rights(library: Library) -> None:
    assert public(Counts) == {"names", "frequencies", "heading", "moment", "since"}  # a moment tells of no text
    give(library, "类别,规范名\n人物,水车\n")
    counts, all_counts = (library.session(who).counts for who in (NOBODY, LOCAL))
    assert [len(found) for found in counts.names(Search()).values()] == [0, 0]
    assert dict(counts.heading(Search(text="水车")))["范围"] == "全库，0 篇、0 字"
    assert counts.frequencies(Search(text="水车"), Division.COLLECTION).parts == ()
    since = counts.since(Search(), "2000-01-01T00:00:00Z")
    assert not since.library and not since.here
    assert all_counts.names(Search())["person"] and all_counts.since(Search(), "2000-01-01T00:00:00Z").here.new
    session = library.session(LOCAL)
    session.names.remove(session.names.found("水车").key)


def test_no_name_of_a_list_is_counted_without_rights(library: Library) -> None:
    assert public(TermLists) == {"table", "heading"}
    nobodys = library.session(NOBODY).term_lists
    table = nobodys.table(read_terms("水车"), Search(), Division.VOLUME)
    assert table.parts == () and [(row.every, row.places, row.articles) for row in table.rows] == [(0, 0, 0)]
    assert dict(nobodys.heading(Search()))["范围"] == "全库，0 篇、0 字"


def test_no_place_is_shown_without_rights(library: Library) -> None:
    assert public(Concordances) == {
        "page",
        "rows",
        "groups",
        "barcodes",
        "collocates",
        "same_words",
        "heading",
        "label",
    }
    search, how = Search(text="水车"), Arranged()
    nobodys, all_of_them = (library.session(who).concordances for who in (NOBODY, LOCAL))
    page = nobodys.page(search, [], how)
    assert (page.found, page.places, page.articles, page.rows) == (0, 0, 0, ())
    assert list(nobodys.rows(search, [], how)) == []
    assert nobodys.groups(search, [], ["right1"]) == ()
    assert nobodys.barcodes(search, []) == ()
    with pytest.raises(NotFound):
        nobodys.same_words("1", 1, Search())
    with pytest.raises(NotFound):
        library.session(NOBODY).events.of("1", 1, Search())
    for unit in UNITS:
        beside = nobodys.collocates(search, [], unit, least=1, articles=1)
        assert (beside.searched, beside.found) == (0, ())
    assert dict(nobodys.heading(search, [], how, 0))["结果"] == "0 篇"
    with pytest.raises(NotAllowed):
        nobodys.label("1", (1, 0, 2), "保留")
    assert all_of_them.page(search, [], how).found and all_of_them.groups(search, [], ["right1"])


def test_what_may_not_be_seen_reads_like_what_is_not_there(library: Library) -> None:
    session = library.session(NOBODY)
    said = []
    for id in ("1", "77"):
        with pytest.raises(NotFound) as refused:
            session.article(id)
        said.append(str(refused.value).replace(id, "#"))
    assert said[0] == said[1]


LEVELS = st.tuples(st.sampled_from(Access), st.sampled_from(Status), st.sampled_from("cd"))


@settings(max_examples=12)  # each makes two libraries
@given(levels=st.lists(LEVELS, min_size=1, max_size=5), data=st.data())
def test_some_rights_show_what_a_smaller_library_shows(
    levels: list[tuple[Access, Status, str]], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    access = data.draw(st.frozensets(st.sampled_from(Access)))
    statuses = data.draw(st.frozensets(st.sampled_from(Status), min_size=3))
    reader = Actor("r", "读者", Rights.of(access, statuses, frozenset()))
    articles = [replace(draft(n, a, s, c), id=f"x{n}") for n, (a, s, c) in enumerate(levels)]
    smaller = [one for one in articles if reader.rights.cover(one)]
    folder = tmp_path_factory.mktemp("some")
    for name in ("whole", "part"):
        (folder / name).mkdir()
    whole, part = filled(folder / "whole", articles), filled(folder / "part", smaller)
    with whole, part:
        mine, theirs = whole.session(reader), part.session(reader)
        for search in (Search(text="水车"), Search(), Search(text="水车", period="光绪年间"), Search(text="案号:1")):
            here, there = mine.search(search), theirs.search(search)
            assert (here.total, here.facets) == (there.total, there.facets)
            assert {hit.article for hit in here.hits} == {hit.article for hit in there.hits}
            assert mine.timeline(search) == theirs.timeline(search)
        assert [one.id for one in mine.collections()] == [one.id for one in theirs.collections()]
        assert {one.id for one in mine.listing()} == {one.id for one in theirs.listing()}
        assert mine.digests().keys() == theirs.digests().keys()
        assert mine.suggest("水", Search()) == theirs.suggest("水", Search())


def test_a_role_in_one_collection_does_nothing_in_another(tmp_path: Path) -> None:
    holdings = (Holding(AccountRole.READER), Holding(AccountRole.EDITOR, "c"))
    editor = Actor("e", "编辑", rights_of(holdings))
    edits = [Rewrite(1, "光绪三十年造水车。", ("光绪三十一年造水车。",))]
    file = tmp_path / "new.txt"
    file.write_text("新稿", encoding="utf-8")
    with filled(tmp_path, [draft(1), draft(2, in_="d"), draft(3, Access.INTERNAL, in_="e")]) as library:
        session = library.session(editor)
        assert [one.id for one in session.collections()] == ["c", "d"]
        session.correct("1", edits, "试")
        session.describe("1", {"栏目": "工商"}, "试")
        session.reject_date("1", PLACE, "试")
        refused: tuple[Callable[[], object], ...] = (
            lambda: session.correct("2", edits, "试"),
            lambda: session.corrections.revise(replace(session.article("1"), collection="d"), "试"),
            lambda: session.corrections.restore("2", 1, "试"),
            lambda: session.describe("2", {"栏目": "工商"}, "试"),
            lambda: session.reject_date("2", PLACE, "试"),
            lambda: session.undo_date_decision("2", 1),
            lambda: session.withdraw("2", "试"),
            lambda: session.add(file, "new.txt", [draft(9, in_="d")], ()),
            lambda: session.save_collection(Collection("d", "改名")),
            lambda: session.save_collection(Collection("f", "新集")),
            lambda: session.arrangement.describe(Collection("d", "改名")),
            lambda: session.arrangement.order(["d", "c"]),
            lambda: session.arrangement.remove("d"),
            lambda: session.arrangement.merge("c", "d"),
            lambda: session.arrangement.move(["1"], "d"),
            lambda: session.arrangement.move(["2"], "c"),
            lambda: session.arrangement.undo_import(2),
        )
        for attempt in refused:
            with pytest.raises(NotAllowed):
                attempt()
