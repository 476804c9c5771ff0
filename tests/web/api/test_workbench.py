"""The workbench by API: each answer is that of the session, in JSON."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from archive.model.search import Search
from archive.session import Session
from archive.workbench.steps import Arranged, read_step


def asked(client: FlaskClient, address: str, **parameters: object) -> Any:
    answer = client.get(f"/api/v1{address}", query_string=parameters)
    assert answer.status_code == 200 and answer.mimetype == "application/json", answer.text
    return answer.get_json()


def all_pages(client: FlaskClient, address: str, rows: str) -> list[Any]:
    found, following = [], f"/api/v1{address}"
    while following:
        told = client.get(following).get_json()
        found += told[rows]
        following = told["next"]
    return found


def test_all_places_page_by_page_are_those_of_the_session(client: FlaskClient, session: Session) -> None:
    rows = list(session.concordances.rows(Search(text="水车"), [], Arranged(("right2",))))
    told = all_pages(client, "/kwic?q=水车&key=right2&limit=2", "rows")
    assert len(rows) > 4
    assert [(one["article"], one["block"], one["start"], one["end"]) for one in told] == [
        (one.article, one.block, one.start, one.end) for one in rows
    ]
    assert all(row.text[row.start : row.end] == one["hit"] for one, row in zip(told, rows, strict=True))


def test_steps_narrow_and_say_what_they_leave(client: FlaskClient, session: Session) -> None:
    told = asked(client, "/kwic", q="水车", step=["right5:村", "first"], around=3)
    found = session.concordances.page(Search(text="水车"), [read_step("right5:村"), read_step("first")], Arranged())
    assert [one["places"] for one in told["steps"]] == [one.places for one in found.steps]
    assert told["places"] == found.places < told["found"]
    assert all(len(one["left"]) <= 3 and len(one["right"]) <= 3 for one in told["rows"])


def test_groups_add_up(client: FlaskClient) -> None:
    whole = asked(client, "/kwic", q="水车", limit=1)
    groups = all_pages(client, "/kwic/groups?q=水车&by=volume&by=right1&limit=2", "groups")
    assert sum(one["places"] for one in groups) == whole["places"]
    assert {one["values"][0] for one in groups} == {"第1辑", "第2辑", "第3辑"}


def test_collocates(client: FlaskClient, session: Session) -> None:
    told = asked(client, "/kwic/collocates", q="水车", unit="right1", least=1, articles=1)
    found = session.concordances.collocates(Search(text="水车"), [], "right1", least=1, articles=1)
    assert [one["text"] for one in told["collocates"]] == [one.text for one in found.found]
    assert told["collocates"][0]["text"]


def test_a_list_keeps_who_stands_nowhere(client: FlaskClient) -> None:
    told = asked(client, "/terms", term=["水车；筒车", "没有的人"], by="volume")
    assert told["parts"] == ["文史资料 第1辑", "文史资料 第2辑", "文史资料 第3辑"]
    assert [one["name"] for one in told["rows"]] == ["水车", "没有的人"]
    assert told["rows"][1]["cells"] == [0, 0, 0] and sum(told["rows"][0]["cells"]) == told["rows"][0]["places"] > 0
    known = asked(client, "/terms", names="人物")
    assert [one["name"] for one in known["rows"]] == ["李明山"]


@pytest.mark.parametrize("given", [{}, {"term": "水车", "names": "人物"}])
def test_a_list_is_given_in_one_way(client: FlaskClient, given: dict[str, str]) -> None:
    answer = client.get("/api/v1/terms", query_string=given)
    assert answer.status_code == 422 and "只能写一样" in answer.get_json()["detail"]


def test_the_same_words_elsewhere(client: FlaskClient) -> None:
    told = asked(client, "/articles/a1/blocks/1/same-words")
    (node, *_) = told["nodes"]
    assert node[0]["article"]["id"] == "a2"
    start, end = node[0]["there"]
    assert node[0]["text"][start:end] == told["text"][slice(*node[0]["own"])]
    assert asked(client, "/articles/a1/blocks/1/same-words", scope="堤")["nodes"]
    chains = asked(client, "/same-words")
    assert chains["moment"] and {one["article"]["id"] for one in chains["chains"][0]["nodes"][0]} == {"a1", "a2"}
    assert asked(client, "/same-words", article="a3")["chains"] == []


def test_accounts_of_one_event(client: FlaskClient) -> None:
    told = asked(client, "/articles/a1/blocks/1/accounts")
    assert "李明山" in told["names"]
    other = next(one for one in told["accounts"] if one["article"]["id"] == "a3")
    assert not other["same_words"] and "李明山" in other["names"] and other["dates"]


def test_names_and_their_places(client: FlaskClient) -> None:
    (person,) = asked(client, "/names", kind="人物")["names"]
    assert person["forms"] == [{"text": "李老", "type": "别名"}]
    told = asked(client, f"/names/{person['key']}")
    assert told["articles"] == 3 and {one["name"]["preferred"] for one in told["beside"]} == {"水车村"}
    places = all_pages(client, f"/names/{person['key']}/places?limit=1", "places")
    assert {one["article"]["id"] for one in places} == {"a1", "a2", "a3"}
    assert all(one["text"][slice(*one["span"])] == one["written"] for one in places)
    assert asked(client, "/names", form="李老")["total"] == 1 and asked(client, "/names", form="李")["total"] == 0


def test_cards_and_a_compilation(client: FlaskClient) -> None:
    (card,) = asked(client, "/cards", **{"class": "水利"})["cards"]
    assert card["condition"] == "原位" and card["said"]["note"] == "待查" and card["date"]["text"] == "1931年秋"
    meant = asked(client, "/period", text="1931年秋")
    assert {name: card["date"][name] for name in ("start", "end")} == {name: meant[name] for name in ("start", "end")}
    assert asked(client, "/cards/classes") == {"classes": {"水利": 1}}
    assert asked(client, f"/cards/{card['key']}") == card
    assert [one["field"] for one in asked(client, f"/cards/{card['key']}/history")["changes"]]
    (line,) = asked(client, "/compilations")["compilations"]
    (event,) = asked(client, f"/compilations/{line['name']}")["events"]
    told = asked(client, f"/compilations/{line['name']}/events/{event['key']}")
    assert [one["written"] for one in told["accounts"]] == [card["written"]]
