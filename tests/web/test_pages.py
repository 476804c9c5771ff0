"""Every page, asked the way a browser without JavaScript asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import LibraryBusy
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search
from archive.search.index import place_count
from archive.session import Session
from web.app import create_app

LOCAL = Actor.local()


@pytest.fixture(scope="module")
def app(library: Library) -> Flask:
    return create_app(library)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def wells(library: Library) -> Article:
    """The long sample article as stored."""
    return next(each for each in library.session(LOCAL).articles("volume3") if each.number == 1)


def page(client: FlaskClient, path: str, status: int = 200, /, **args: str) -> str:
    answer = client.get(f"{path}?{urlencode(args)}" if args else path)
    assert answer.status_code == status, answer.text
    return answer.text


def send(client: FlaskClient, path: str, **form: str) -> TestResponse:
    """Post a form as it stands on a page: with the visitor's token."""
    found = re.search(r'name="token" value="([^"]+)"', client.get("/?q=水车").text)
    assert found
    return client.post(path, data={"token": found[1], **form})


class TestSearch:
    def test_browsing_lists_everything(self, client: FlaskClient) -> None:
        text = page(client, "/?page=1")
        assert "共 <b>34</b> 篇" in text
        assert text.count('class="result"') == 20
        assert 'rel="next" href="/?page=2"' in text

    def test_the_second_page_goes_on(self, client: FlaskClient) -> None:
        text = page(client, "/", page="2")
        assert text.count('class="result"') == 14
        assert 'start="21"' in text

    def test_a_page_beyond_the_end_says_so(self, client: FlaskClient) -> None:
        assert "回到第一页" in page(client, "/", page="9")

    def test_places_that_take_long_are_counted_on_request(
        self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(place_count, "_AT_ONCE", 0)
        text = page(client, "/", q="水车的")  # asked nowhere else: what was counted once is remembered
        assert "数一数多少处" in text
        assert "处</h2>" not in text
        assert re.search(r"、\d+ 处</h2>", page(client, "/", q="水车的", count="1"))

    @pytest.mark.parametrize("query", ["水车 NEAR/9 飞船", "飞船 EXCEPT 大飞船", " ".join(["飞船"] * 200)])
    def test_what_finds_nothing_is_still_an_answer(self, client: FlaskClient, query: str) -> None:
        assert "没有" in page(client, "/", q=query)

    def test_more_words_than_anybody_asks_for_are_refused_in_words(self, client: FlaskClient) -> None:
        assert "200" in page(client, "/", 400, q=" ".join(["飞船"] * 201))

    def test_a_book_pasted_in_does_not_come_back_whole(self, client: FlaskClient) -> None:
        answer = client.get("/?" + urlencode({"q": "水" * 20_000}))
        assert answer.status_code == 400
        assert len(answer.data) < 500_000
        assert "检索式太长" in answer.get_data(as_text=True)

    def test_hits_lead_to_their_paragraph_with_the_query(self, client: FlaskClient, wells: Article) -> None:
        text = page(client, "/", q="草方格", written="1")
        assert "<mark>草方格</mark>" in text
        assert f'href="/article/{wells.id}?block=12&amp;q=%E8%8D%89%E6%96%B9%E6%A0%BC&amp;written=1#b12"' in text

    def test_the_number_is_literal_and_the_rest_stands_apart(self, client: FlaskClient) -> None:
        text = page(client, "/", q="水车草方格")
        assert "共 <b>0</b> 篇" in text
        assert "没有一篇逐字有这些字" in text
        assert "拆开来（词都有，不相连）" in text
        assert "<mark>水车</mark>" in text
        asked = page(client, "/", q="草方格是怎么扎的？")
        assert "按词语排出" in asked

    def test_all_hits_can_be_taken_away_as_a_list(self, client: FlaskClient) -> None:
        assert 'href="/results.xlsx?q=%E6%B0%B4%E8%BD%A6"' in page(client, "/", q="水车")
        found = client.get("/results.csv", query_string={"q": "水车"}, base_url="http://127.0.0.1:8000")
        total = client.get("/api/v1/search", query_string={"q": "水车"}, base_url="http://127.0.0.1:8000").get_json()[
            "total"
        ]
        assert f"结果,{total} 篇" in found.get_data(as_text=True)
        wrong = client.get("/results.exe", query_string={"q": "水车"}, base_url="http://127.0.0.1:8000")
        assert wrong.status_code == 404

    def test_suggestions_are_words_of_the_library(self, client: FlaskClient) -> None:
        found = client.get("/api/v1/suggest", query_string={"q": "shuic"}, base_url="http://127.0.0.1:8000").get_json()
        assert any(one["text"].startswith("水车") and one["total"] for one in found)
        nothing = client.get("/api/v1/suggest", query_string={"q": "zzzz"}, base_url="http://127.0.0.1:8000")
        assert nothing.get_json() == []

    def test_a_period_shows_the_dates_that_fall_into_it(self, client: FlaskClient, wells: Article) -> None:
        text = page(client, "/", period="1904年")
        assert '<mark class="met">光绪三十年</mark>就有了第一架水车' in text
        assert f'href="/article/{wells.id}?block=4&amp;period=1904%E5%B9%B4#b4"' in text
        assert '<mark class="met">光绪三十年</mark>' not in page(
            client, "/", **{"q": "水车", "period": "1985年", "in": "date"}
        )

    def test_a_date_may_have_to_lie_within_the_period(self, client: FlaskClient) -> None:
        assert '<mark class="met">光绪三十年</mark>' in page(client, "/", period="1905年1月")
        assert '<mark class="met">光绪三十年</mark>' not in page(client, "/", period="1905年1月", within="1")

    def test_words_and_dates_of_one_paragraph_are_shown_together(self, client: FlaskClient) -> None:
        text = page(client, "/", q="木匠", period="光绪三十年")
        assert re.search('<mark class="met">光绪三十年</mark>就有了.*<mark>木匠</mark>', text)

    def test_dates_do_not_crowd_out_the_words(self, client: FlaskClient) -> None:
        text = page(client, "/", q="木匠", period="1950年代")  # many dates, but none in the carpenter's paragraph
        assert "<mark>木匠</mark>" in text and '<mark class="met">1956年</mark>' in text

    def test_what_was_understood_is_said(self, client: FlaskClient) -> None:
        assert 'class="understood"' in page(client, "/", q="水车 OR 甘草")

    def test_facets_narrow_and_widen(self, client: FlaskClient) -> None:
        text = page(client, "/", q="水车", section="人物春秋", author="张三")
        assert "栏目：人物春秋" in text and "作者：张三" in text
        assert 'href="/?q=%E6%B0%B4%E8%BD%A6&amp;author=%E5%BC%A0%E4%B8%89"' in text
        assert text.count('class="result"') == int(re.search(r"共 <b>(\d+)</b>", text)[1]) == 3  # type: ignore[index]

    def test_a_decade_and_a_period(self, client: FlaskClient) -> None:
        assert "共 <b>8</b> 篇" in page(client, "/", decade="1950")
        assert "共 <b>1</b> 篇" in page(client, "/", **{"period": "1960年", "in": "date"})

    def test_a_query_that_cannot_be_read_is_shown_with_its_place(self, client: FlaskClient) -> None:
        text = page(client, "/", 400, q="水车 (治沙")
        assert '<mark class="wrong">' in text and 'aria-describedby="q-error"' in text
        assert 'value="水车 (治沙"' in text

    def test_a_period_that_cannot_be_read_is_shown_at_its_field(self, client: FlaskClient) -> None:
        text = page(client, "/", 400, q="水车", period="胡言乱语")
        assert 'id="period-error"' in text and 'value="胡言乱语"' in text

    def test_an_order_that_does_not_exist(self, client: FlaskClient) -> None:
        assert "不是可选的值" in page(client, "/", 400, sort="price")

    def test_nothing_found_suggests_what_does_find(self, client: FlaskClient) -> None:
        text = page(client, "/", q="水车 骆驼", section="人物春秋")
        assert "没有一篇逐字有这些字" in text
        assert "任何一个词都可以" in text
        assert re.search(r'任何一个词都可以</a><span class="count">\d+ 篇', text)
        assert "不限栏目" not in text  # that would not help

    def test_articles_not_indexed_yet_are_owned_up_to(
        self, client: FlaskClient, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found = replace(library.session(LOCAL).search(Search(text="水车")), unindexed=3)
        monkeypatch.setattr(Session, "search", lambda *_, **__: found)
        assert "另有 3 篇还没有编入索引" in page(client, "/", q="水车")

    def test_markup_in_a_query_stays_text(self, client: FlaskClient) -> None:
        assert "<b>坏" not in page(client, "/", q='"<b>坏"')

    def test_the_same_as_json(self, client: FlaskClient, wells: Article) -> None:
        found = client.get("/api/v1/search?" + urlencode({"q": "治沙"})).json
        assert found is not None and found["total"] == 1
        hit = found["hits"][0]
        assert hit["id"] == wells.id
        for passage in hit["passages"]:
            assert [passage["text"][start:end] for start, end in passage["spans"]] == ["治沙"] * len(passage["spans"])
        assert sum(len(passage["spans"]) for passage in hit["passages"]) == hit["occurrences"]
        assert {"collection", "volume", "section", "author", "decade", "genre"} <= set(found["facets"])

    def test_errors_as_json(self, client: FlaskClient) -> None:
        answer = client.get("/api/v1/search?" + urlencode({"q": "("}))
        assert answer.status_code == 422 and answer.mimetype == "application/problem+json"
        assert answer.json is not None and answer.json["code"] == "query"


class TestReading:
    def test_places_are_marked_and_numbered(self, client: FlaskClient, wells: Article) -> None:
        text = page(client, f"/article/{wells.id}", q="治沙")
        numbers = [int(each) for each in re.findall(r'id="hit-(\d+)"', text)]
        # In the order of the page, across runs, and no place twice.
        assert numbers == list(range(1, len(numbers) + 1))
        assert f"有 <b>{len(numbers)}</b> 处" in text
        assert sum(block.text.count("治沙") for block in wells.blocks if block.kind.searched) == len(numbers)

    def test_dates_of_the_period_are_places_too(self, client: FlaskClient, wells: Article) -> None:
        text = page(client, f"/article/{wells.id}", q="木匠", period="光绪三十年")
        assert re.search('<mark class="hit met" id="hit-1" data-hit="1"><a [^>]*>光绪三十年</a></mark>', text)
        assert '<mark class="hit" id="hit-2" data-hit="2">木匠</mark>' in text
        assert "有 <b>2</b> 处" in text

    def test_a_period_that_cannot_be_read_leaves_the_text_readable(self, client: FlaskClient, wells: Article) -> None:
        text = page(client, f"/article/{wells.id}", period="胡言乱语")
        assert "没有标出" in text and "柳树湾" in text

    def test_hostile_text_stays_text(self, client: FlaskClient, wells: Article) -> None:
        text = page(client, f"/article/{wells.id}")
        assert "&lt;script&gt;document.title" in text
        assert text.count("<script") == text.count('<script src="/static/') == 2  # our own files

    def test_every_searched_block_has_its_permalink_target_once(self, client: FlaskClient, wells: Article) -> None:
        text = page(client, f"/article/{wells.id}")
        ids = re.findall(r'id="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        assert {f"b{index}" for index, _ in wells.units()} <= set(ids)

    def test_table_picture_notes_and_attachments(self, client: FlaskClient, wells: Article) -> None:
        text = page(client, f"/article/{wells.id}")
        assert '<th rowspan="2">' in text and '<th colspan="2">' in text
        assert re.search(r'<img src="/picture/[0-9a-f]{64}" alt="水车旧影"', text)
        assert text.count('role="doc-noteref"') == text.count('role="doc-backlink"') == 2
        assert "原件附注" in text and "此处人数请再核" in text

    def test_contents_list_the_headings(self, client: FlaskClient, wells: Article) -> None:
        text = page(client, f"/article/{wells.id}")
        assert '<a href="#b3">一、水车的来历</a>' in text

    def test_a_query_that_cannot_be_read_leaves_the_text_readable(self, client: FlaskClient, wells: Article) -> None:
        text = page(client, f"/article/{wells.id}", q="(")
        assert "没有标出" in text and "柳树湾" in text

    def test_neighbours_follow_the_collection(self, client: FlaskClient, library: Library) -> None:
        one, two, three = [each.id for each in library.session(LOCAL).articles("volume3")][:3]
        text = page(client, f"/article/{two}")
        assert f'rel="prev" href="/article/{one}"' in text and f'rel="next" href="/article/{three}"' in text
        assert 'rel="prev"' not in page(client, f"/article/{one}")

    @pytest.mark.parametrize(
        "path", ["/article/none", "/collection/none", "/picture/" + "0" * 64, "/original/" + "0" * 64, "/x"]
    )
    def test_what_is_not_there(self, client: FlaskClient, path: str) -> None:
        text = page(client, path, 404)
        assert "没有这一页" in text and "Traceback" not in text

    def test_a_version_that_is_not_there(self, client: FlaskClient, wells: Article) -> None:
        page(client, f"/article/{wells.id}", 404, v="9")
        page(client, f"/article/{wells.id}", 400, v="x")

    def test_the_original_comes_back_unchanged(self, client: FlaskClient, wells: Article) -> None:
        answer = client.get(f"/original/{wells.original}")
        assert answer.data == b"the original file"
        assert "attachment" in answer.headers["Content-Disposition"]
        answer.close()

    def test_collections_and_contents(self, client: FlaskClient, wells: Article) -> None:
        assert "清水县大事记" in page(client, "/collections")
        text = page(client, "/collection/volume3")
        assert f'href="/article/{wells.id}">清水县水车与治沙旧事' in text and "均为虚构" in text

    def test_a_chronicle_is_shown_with_its_text(self, client: FlaskClient) -> None:
        assert "<p>大旱2月，河水断流，水车停转。</p>" in page(client, "/collection/annals")

    def test_the_dates_of_a_text_are_listed_from_early_to_late(self, client: FlaskClient, wells: Article) -> None:
        listed = re.findall(r'<li><a href="#b(\d+)">([^<]+)</a><span>([^<]+)', page(client, f"/article/{wells.id}"))
        words = [written for _, written, _ in listed]
        assert words.index("光绪三十年") < words.index("民国二十三年春") < words.index("1958年秋")
        assert ("4", "光绪三十年", "1904年2月16日—1905年2月3日") in listed


class TestVersions:
    """Corrected and withdrawn articles, in a library of their own."""

    @pytest.fixture
    def own(self, tmp_path: Path) -> Iterator[tuple[Library, FlaskClient, str]]:
        with Library.create(tmp_path / "library") as library:
            library.session(LOCAL).save_collection(Collection("c", "集"))
            file = tmp_path / "a.txt"
            file.write_bytes(b"a")
            blocks = (Block.plain(Kind.TITLE, "题"), Block.plain(Kind.PARAGRAPH, "旧文"))
            stored = (
                library.session(LOCAL).add(file, file.name, [Article(collection="c", blocks=blocks)], []).articles[0]
            )
            yield library, create_app(library).test_client(), stored.id

    def test_an_older_version_says_so(self, own: tuple[Library, FlaskClient, str]) -> None:
        library, client, article_id = own
        now = library.session(LOCAL).article(article_id)
        library.session(LOCAL).corrections.revise(
            replace(now, blocks=(now.blocks[0], Block.plain(Kind.PARAGRAPH, "新文"))), "更正错字"
        )
        assert "新文" in page(client, f"/article/{article_id}")
        old = page(client, f"/article/{article_id}", v="1")
        assert "旧文" in old and "后来作过更正" in old and "更正错字" in old

    def test_a_withdrawn_article_is_gone(self, own: tuple[Library, FlaskClient, str]) -> None:
        library, client, article_id = own
        library.session(LOCAL).withdraw(article_id, "作者要求")
        assert "此篇已经撤下" in page(client, f"/article/{article_id}", 410)

    def test_a_paper_sent_back_is_not_called_withdrawn(self, own: tuple[Library, FlaskClient, str]) -> None:
        library, client, article_id = own
        library.session(LOCAL).describe(article_id, {"稿件状态": "退稿"}, "作者要求")
        gone = page(client, f"/article/{article_id}", 410)
        assert "此篇已经退稿" in gone and "撤下" not in gone


class TestSafety:
    @pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "192.168.1.9", ""])
    def test_a_foreign_host_name_is_refused(self, client: FlaskClient, host: str) -> None:
        answer = client.get("/", headers={"Host": host})
        assert answer.status_code == 403
        assert "不是这里的" in answer.text

    @pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
    def test_this_machine_is_served(self, client: FlaskClient, host: str) -> None:
        assert client.get("/", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize("path", ["/", "/none", "/static/wenshi.css", "/books", "/api/v1/search"])
    def test_headers(self, client: FlaskClient, path: str) -> None:
        answer = client.get(path)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        answer.close()

    def test_nothing_comes_from_elsewhere_and_nothing_is_inline(self, client: FlaskClient, wells: Article) -> None:
        for path in (
            "/",
            f"/article/{wells.id}?q=治沙",
            "/collections",
            "/collection/annals",
            "/proof/dates",
            "/books",
            "/none",
        ):
            text = client.get(path).text
            assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text), path
            assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script>", text), path

    def test_a_defect_shows_no_traceback(self, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object, **__: object) -> None:
            raise RuntimeError("secret detail")

        monkeypatch.setattr(Session, "search", broken)
        answer = create_app(library).test_client().get("/")
        assert answer.status_code == 500
        assert "程序的缺陷" in answer.text and "secret detail" not in answer.text

    def test_a_busy_library_says_to_wait(self, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
        def busy(*_: object, **__: object) -> None:
            raise LibraryBusy("正在导入第三辑。", hint="请等它完成后再试。")

        monkeypatch.setattr(Session, "search", busy)
        answer = create_app(library).test_client().get("/")
        assert answer.status_code == 503 and "正在导入第三辑" in answer.text
