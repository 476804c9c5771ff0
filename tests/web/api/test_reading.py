"""Collections, articles, their versions, dates and files by API: what the session has, in JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from archive.session import Session


def asked(client: FlaskClient, address: str, **parameters: object) -> Any:
    answer = client.get(f"/api/v1{address}", query_string=parameters)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_an_article_with_its_text(client: FlaskClient, session: Session) -> None:
    article, told = session.article("a1"), asked(client, "/articles/a1")
    assert [one["text"] for one in told["blocks"]] == [one.text for one in article.blocks]
    assert "".join(one["text"] for one in told["blocks"][1]["runs"]) == article.blocks[1].text
    assert (told["digest"], told["original"], told["version"]) == (article.digest, article.original, 1)
    assert told["people"] == [{"name": "张三", "role": "作者"}]


def test_lists_of_them_page_by_page(client: FlaskClient) -> None:
    first = asked(client, "/articles", collection="c", limit=2)
    rest = client.get(first["next"]).get_json()
    assert [one["id"] for one in (*first["articles"], *rest["articles"])] == ["a1", "a2", "a3"]
    assert first["total"] == 3 and rest["next"] is None
    assert client.get("/api/v1/articles?collection=none").status_code == 404
    (held,) = asked(client, "/collections")["collections"]
    assert held["articles"] == 3 and held == asked(client, "/collections/c")


def test_dates_stand_where_they_say(client: FlaskClient, session: Session) -> None:
    told = asked(client, "/articles/a1/dates")["dates"]
    text = session.article("a1").blocks[1].text
    assert told and all(text[slice(*one["span"])] == one["text"] for one in told)
    assert told[0]["period"]["start"] == "1931-08-08" or told[0]["period"]["start"].startswith("1931-0")


def test_the_original_as_it_came(client: FlaskClient, session: Session) -> None:
    sha256 = session.article("a1").original
    with client.get(f"/api/v1/originals/{sha256}") as answer:
        assert answer.status_code == 200 and answer.data == Path(session.original(sha256)[0]).read_bytes()
    assert client.get(f"/api/v1/originals/{'0' * 64}").status_code == 404
    assert client.get(f"/api/v1/pictures/{'0' * 64}").status_code == 404


def test_searching(client: FlaskClient) -> None:
    first = asked(client, "/search", q="水车", limit=2)
    rest = client.get(first["next"]).get_json()
    assert first["total"] == 3 and len(first["hits"]) == 2 and len(rest["hits"]) == 1 and rest["next"] is None
    assert {one["value"] for one in first["facets"]["person"]} == {"李明山"}
    assert asked(client, "/search", q="水车", person="李明山", decade=[1930, 1940])["total"] == 0
    assert asked(client, "/suggest", q="shuic")[0]["text"].startswith("水车")
    assert asked(client, "/timeline", q="水车")["total"] == 3
    told = asked(client, "/frequencies", q="水车", by="volume")
    assert sum(one["places"] for one in told["parts"]) == told["whole"]["places"] > 0
    assert asked(client, "/scopes") == {"scopes": ["堤"]}


def test_all_versions(client: FlaskClient) -> None:
    (one,) = asked(client, "/articles/a2/versions")["versions"]
    assert one["version"] == 1 and len(one["digest"]) == 64
    assert client.get("/api/v1/articles/a2?version=7").status_code == 404
    assert asked(client, "/articles/a2", version=1) == asked(client, "/articles/a2")
