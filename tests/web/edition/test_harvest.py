"""Harvesting by OAI-PMH, with a harvester that others wrote, and the feed of new arrivals."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from sickle import Sickle
from sickle.oaiexceptions import IdDoesNotExist, NoRecordsMatch

from archive.library import Library
from archive.model.accounts import public_reader
from archive.model.holdings import Stamp
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from tests.web.browser import served
from tests.web.conftest import LOCAL, fill
from web.app import create_app
from web.edition import oai
from web.edition.reading_room import create_room


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as created:
        fill(created, tmp_path)
        yield created


@pytest.fixture
def room(own: Library, tmp_path: Path) -> Flask:
    return create_room(tmp_path / "site", own)


@pytest.fixture
def harvester(room: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sickle]:
    monkeypatch.setattr(oai, "PAGE", 10)
    with served(room) as address:
        yield Sickle(f"{address}/oai")


def answer(room: Flask, **asked: str) -> ElementTree.Element:
    with room.test_client() as client:
        return ElementTree.fromstring(client.get("/oai", query_string=asked).text)


def code(root: ElementTree.Element) -> str:
    """The code of what was refused, "" where nothing was."""
    error = root.find(f"{{{oai.OAI}}}error")
    return "" if error is None else error.attrib["code"]


def token(room: Flask) -> str:
    found = answer(room, verb="ListIdentifiers", metadataPrefix="oai_dc").find(f".//{{{oai.OAI}}}resumptionToken")
    assert found is not None and found.text
    return found.text


def test_a_harvester_gets_every_text_once(own: Library, harvester: Sickle):
    session = own.session(LOCAL)
    listed = {each.id: each for each in (*session.listing("volume3"), *session.listing("annals"))}
    for prefix in ("oai_dc", "mods"):
        records = list(harvester.ListRecords(metadataPrefix=prefix))
        assert sorted(each.header.identifier for each in records) == sorted(f"urn:wenshi:{id}" for id in listed)
    first = next(iter(listed.values()))
    told = harvester.GetRecord(identifier=f"urn:wenshi:{first.id}", metadataPrefix="oai_dc").metadata
    assert told["title"] == [first.title] and told["relation"] == ["清水县文史资料 第三辑"]
    assert told["identifier"][0].endswith(f"/texts/{first.id}.html")
    assert {each.setName for each in harvester.ListSets()} == {"清水县文史资料 第三辑", "清水县大事记"}
    assert len(list(harvester.ListIdentifiers(metadataPrefix="oai_dc", set="annals"))) == 3
    with pytest.raises(IdDoesNotExist):
        harvester.GetRecord(identifier="urn:wenshi:999999", metadataPrefix="oai_dc")


def test_what_changed_since_is_met_and_what_was_taken_back(own: Library, harvester: Sickle):
    session = own.session(LOCAL)
    gone, hidden, changed = (each.id for each in session.listing("volume3")[:3])
    everything = list(harvester.ListRecords(metadataPrefix="oai_dc"))
    latest = max(each.header.datestamp for each in everything)
    with pytest.raises(NoRecordsMatch):
        list(harvester.ListRecords(metadataPrefix="oai_dc", **{"from": "2999-01-01"}))
    session.withdraw(gone, "有误")
    session.describe(hidden, {"开放标识": Access.INTERNAL.value}, "")
    session.describe(changed, {"来源": "<>&“补记”"}, "")
    again = {
        each.header.identifier: each.header
        for each in harvester.ListRecords(metadataPrefix="oai_dc", **{"from": latest})
    }
    assert again[f"urn:wenshi:{gone}"].deleted
    assert not again[f"urn:wenshi:{changed}"].deleted
    assert again[f"urn:wenshi:{hidden}"].deleted
    records = list(harvester.ListRecords(metadataPrefix="oai_dc", ignore_deleted=True))
    assert len(records) == len(everything) - 2


def test_what_was_narrowed_is_told_once_and_nothing_of_it_afterwards(own: Library, room: Flask):
    """As deleted, with the moment of that; what was never there for anybody to read is not told of at all."""
    session = own.session(LOCAL)
    one, draft, back, *_ = (each.id for each in session.listing("volume3"))

    def told() -> dict[str, Stamp]:
        return {each.id: each for each in own.session(public_reader()).stamps()}

    session.describe(draft, {"稿件状态": Status.RECEIVED.value}, "")
    session.withdraw(draft, "")  # it was released before
    assert told()[draft].gone
    for access in (Access.INTERNAL, Access.OPEN):
        session.describe(back, {"开放标识": access.value}, "")
    assert not told()[back].gone
    session.describe(one, {"开放标识": Access.INTERNAL.value}, "")
    stamp = told()[one]
    assert stamp.gone
    session.describe(one, {"来源": "内部补记"}, "")
    session.describe(one, {"开放标识": Access.RESTRICTED.value}, "")
    session.withdraw(one, "")
    assert told()[one] == stamp
    with room.test_client() as client:
        feed = ElementTree.fromstring(client.get("/feed").text)
    stones = {each.attrib["ref"]: each.attrib["when"] for each in feed.findall(f"{{{oai._TOMBSTONES}}}deleted-entry")}
    assert stones[f"urn:wenshi:{one}"] == stamp.moment and f"urn:wenshi:{draft}" in stones


def test_a_narrowed_collection_takes_its_texts_back_and_nothing_that_came_later(own: Library, tmp_path: Path):
    session = own.session(LOCAL)
    listed = [each.id for each in session.listing("annals")]
    session.describe(listed[0], {"开放标识": Access.INTERNAL.value}, "")
    before = {each.id: each for each in own.session(public_reader()).stamps()}
    annals = session.collection("annals")
    session.arrangement.describe(replace(annals, access=Access.INTERNAL))
    file = tmp_path / "later.txt"
    file.write_text("后来", encoding="utf-8")
    session.add(file, file.name, [Article(collection="annals", blocks=(Block.plain(Kind.TITLE, "后来"),))], ())
    told = {each.id: each for each in own.session(public_reader()).stamps()}
    assert set(told) == set(before) and told[listed[0]] == before[listed[0]]  # that one was told of already
    assert all(told[id].gone and told[id].collection == "annals" for id in listed)
    session.arrangement.describe(replace(annals, access=Access.RESTRICTED))
    session.describe(listed[1], {"开放标识": Access.RESTRICTED.value}, "")
    session.withdraw(listed[1], "")
    assert {each.id: each for each in own.session(public_reader()).stamps()} == told
    session.arrangement.describe(annals, "主席会议同意")
    again = {each.id for each in own.session(public_reader()).stamps() if not each.gone}
    assert set(listed[2:]) < again and not again & set(listed[:2])


def test_a_text_moved_into_a_narrower_collection_is_taken_back_from_where_it_was(own: Library):
    """What takes it there, and what takes back that it came out, alike; the narrower collection is not named."""
    session = own.session(LOCAL)
    session.save_collection(Collection("inside", "内部文集", access=Access.INTERNAL))
    moved, back, *_ = (each.id for each in session.listing("volume3"))

    def told() -> dict[str, Stamp]:
        return {each.id: each for each in own.session(public_reader()).stamps()}

    for id in (moved, back):
        session.arrangement.move([id], "inside")
        assert told()[id].gone and told()[id].collection == "volume3"
    session.arrangement.take_back(session.arrangement.changes()[0].key)
    assert not told()[back].gone
    out = session.arrangement.move([moved], "annals")
    assert not told()[moved].gone
    session.arrangement.take_back(out.key)
    assert told()[moved].gone and told()[moved].collection == "annals"
    assert [each.action for each in session.arrangement.changes()] == ["move"] * 3  # what is noted is nothing to undo


def test_what_nobody_could_read_leaves_no_tombstone(own: Library, tmp_path: Path):
    session = own.session(LOCAL)
    file = tmp_path / "来稿.txt"
    file.write_text("来稿", encoding="utf-8")
    blocks = (Block.plain(Kind.TITLE, "来稿"), Block.plain(Kind.PARAGRAPH, "还没有审。"))
    draft = Article(collection="annals", blocks=blocks, status=Status.RECEIVED)
    session.add(file, file.name, [draft], ())
    id = session.listing("annals")[-1].id
    session.describe(id, {"开放标识": Access.INTERNAL.value}, "")
    session.describe(id, {"稿件状态": Status.RELEASED.value}, "")  # for the office alone
    session.describe(id, {"开放标识": Access.RESTRICTED.value}, "")
    assert id not in {each.id for each in own.session(public_reader()).stamps()}


def test_the_office_answers_harvesters_that_post(own: Library):
    client = create_app(own).test_client()
    answer = client.post("/oai", data={"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"})
    assert answer.status_code == 200
    assert ElementTree.fromstring(answer.text).find(f".//{{{oai.OAI}}}header") is not None
    assert client.post("/publish", data={"collection": "volume3"}).status_code == 403  # a form needs its token


def test_a_list_goes_on_where_it_was_whatever_changes(own: Library, room: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(oai, "PAGE", 10)
    whole = {each.id for name in ("volume3", "annals") for each in own.session(LOCAL).listing(name)}
    met, goes_on = set(), {"metadataPrefix": "oai_dc"}
    for turn in range(10):
        root = answer(room, verb="ListIdentifiers", **goes_on)
        met |= {(each.text or "").rpartition(":")[2] for each in root.iter(f"{{{oai.OAI}}}identifier")}
        if turn == 1:  # somebody corrects a text that was met, and one that was not
            for article_id in (min(met), max(whole - met)):
                own.session(LOCAL).describe(article_id, {"来源": "档案"}, "")
        found = root.find(f".//{{{oai.OAI}}}resumptionToken")
        if found is None or not found.text:
            break
        goes_on = {"resumptionToken": found.text}
    assert met == whole


def test_tokens_of_others_and_those_that_ended_are_refused(room: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(oai, "PAGE", 10)
    good = token(room)
    assert not code(answer(room, verb="ListIdentifiers", resumptionToken=good))
    told = base64.urlsafe_b64decode(good)
    forged = base64.urlsafe_b64encode(told.replace(b"oai_dc", b"mods")).decode()
    for verb, bad in (
        ("ListIdentifiers", forged),
        ("ListIdentifiers", "x"),
        ("ListIdentifiers", "\u6c34"),
        ("ListIdentifiers", good[:-4]),
        ("ListRecords", good),
        ("ListSets", good),
    ):
        assert code(answer(room, verb=verb, resumptionToken=bad)) == "badResumptionToken", (verb, bad)
    monkeypatch.setattr(oai, "LASTS", -1)
    ended = token(room)
    assert code(answer(room, verb="ListIdentifiers", resumptionToken=ended)) == "badResumptionToken"


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ({}, "badVerb"),
        ({"verb": "Nothing"}, "badVerb"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "Identify", "x": "1"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2020-13-01"}, "badArgument"),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2021-01-01", "until": "2020-01-01"},
            "badArgument",
        ),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "none"}, "noRecordsMatch"),
        ({"verb": "ListMetadataFormats", "identifier": "urn:wenshi:999999"}, "idDoesNotExist"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
    ],
)
def test_what_is_wrong_is_said_by_the_protocols_own_codes(room: Flask, asked: dict[str, str], refused: str):
    assert code(answer(room, **asked)) == refused


def test_the_feed_tells_the_newest_first(own: Library, room: Flask):
    session = own.session(LOCAL)
    listed = session.listing("volume3")
    session.describe(listed[4].id, {"来源": "补记"}, "")
    session.withdraw(listed[0].id, "有误")
    with room.test_client() as client:
        feed = ElementTree.fromstring(client.get("/feed").text)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = feed.findall(f"{atom}entry")
    assert len(entries) == 33  # and a tombstone
    moments = [each.findtext(f"{atom}updated") or "" for each in entries]
    assert moments == sorted(moments, reverse=True) and all(moments)
    told = {each.findtext(f"{atom}title"): each.findtext(f"{atom}updated") for each in entries}
    assert told[listed[4].title] == moments[0]
    assert all(each.findtext(f"{atom}author/{atom}name") for each in entries)
    assert listed[0].title not in {each.findtext(f"{atom}title") for each in entries}
