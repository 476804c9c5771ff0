"""Every kind of page in a real browser: axe finds nothing, in light and dark, at the width of a desk and of a phone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, unquote

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from flask import Flask
from flask.testing import FlaskClient
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from werkzeug.datastructures import MultiDict

from archive.library import Library
from archive.model.access import Actor
from archive.model.cards import CardFields
from archive.model.compilation import RemarkKind
from archive.model.edits import Rewrite
from archive.model.name_records import Belonging, FormType, Identifier, NameForm, NameKind, NameRecord, Statement
from archive.model.procedures import RowChange
from archive.model.project import Matter
from archive.model.records import Manuscript
from archive.model.search import Search
from archive.workflow.stepping import AskedStep
from ingest.readers import registry
from ingest.text.characters import stored_characters
from tests.web.accessibility import faults
from tests.web.browser import WIDTHS, chromium, needs_browser, served, sized
from web.app import create_app
from web.search import result_pages

LOCAL = Actor.local()
BOOK = "渡口旧闻"

PAGES = {
    "search.search": (
        "/", "/?q=水车", "/?q=水车&period=1950-1960", "/?q=水车草方格", "/?q=没有的词语", "/?page=2",
        "/?q=水车&in=text&undated=text", "/?q=水车&scope=选定&at=2020-01-01T00:00:00Z",
        "/?collection=volume3&sort=date",
    ),
    "concordance.show": (
        "/concordance?q=水车", "/concordance?q=水车&step=right5:河&edit=0&key=right10&key=left2",
        "/concordance?q=没有的词语",
    ),
    "barcodes.show": ("/concordance/volumes?q=水车", "/concordance/volumes?q=水车&step=first&page=9"),
    "collocates.show": (
        "/concordance/collocates?q=水车&least=1&articles=1", "/concordance/collocates?q=水车&unit=name",
        "/concordance/collocates?q=水",
    ),
    "terms.show": ("/terms", "/terms?terms=水车；筒车%0A没有的&by=decade"),
    "same_words.show": ("/article/{id}/same/1",),
    "concordance.groups": ("/concordance/groups?q=水车&by=right2&by=volume",),
    "results.done": ("{listed}",),
    "searches.table": ("/searches",),
    "searches.new": ("/searches/new?name=水车",),
    "searches.scope": ("/searches/scope?name=选定",),
    "frequencies.show": ("/frequencies?q=水车", "/frequencies?q=水车&by=decade"),
    "reading.article": ("/article/{id}", "/article/{id}?q=水车", "/article/{id}?v=1", "/article/{id}?amend=1",
        "/article/{entry}",
   ),
    "dating.date": ("/article/{id}/date/{date}",),
    "dating.proof": ("/proof/dates",),
    "editing.fields": ("/article/{id}/fields",),
    "editing.table": ("/collection/volume3/fields",),
    "correcting.edit": ("/article/{id}/edit/2",),
    "naming.authors": ("/article/{id}/edit/authors",),
    "history.history": ("/article/{id}/history", "/article/{id}/history?a=1&b=2"),
    "replacing.replace": ("/replace", "/replace?collection=volume3&words=水车&instead=天车"),
    "scan_progress.volume": ("/collection/volume3/scans",),
    "reporting.report": ("/article/{id}/report/2",),
    "reporting.reports": ("/reports",),
    "cards.listed": ("/cards", "/cards?class=水利&condition=待核"),
    "cards.make": ("/article/{id}/card/1/2/0-5",),
    "cards.one": ("/cards/1",),
    "cards.table": ("/cards/table",),
    "other_accounts.show": ("/article/{id}/accounts/1",),
    "compilations.listed": ("/compilations",),
    "reuse.show": ("/reuse",),
    "compilations.one": ("/compilations/长编",),
    "compilations.event": ("/compilations/长编/event/1",),
    "gathering_cards.cards": ("/into-compilation/cards?card=1",),
    "gathering_cards.places": ("/into-compilation/places?q=水车",),
    "words.words": ("/article/{id}/words/2",),
    "quoting.quote": ("/article/{id}/quote/1/2/0-5",),
    "comparing.diff": ("/diff/{id}/{entry}",),
    "comparing.like": ("/article/{id}/like",),
    "holdings.collections": ("/collections",),
    "holdings.collection": ("/collection/volume3", "/collection/annals"),
    "posts.posts": ("/collection/roster/posts", "/collection/volume3/posts"),
    "posts.people": ("/collection/roster/people",),
    "posts.person": ("/collection/roster/person?name=张三",),
    "intake.intake": ("/intake",),
    "intake.report": ("{took}",),
    "intake.volume": ("{split}",),
    "intake.diff": ("{split}/diff/1/{id}",),
    "imports.imports": ("/imports",),
    "imports.one": ("/imports/1",),
    "safekeeping.desk": ("/manage",),
    "safekeeping.backup_done": ("{backup}",),
    "safekeeping.preserved": ("{preserved}",),
    "safekeeping.rehearsed": ("{rehearsal}",),
    "safekeeping.checked": ("{check}",),
    "safekeeping.mended": ("{mend}",),
    "purging.form": ("/manage/purge?ids={id}",),
    "help.contents": ("/help", "/help?q=备份"),
    "help.chapter": ("/help/{chapter}",),
    "arranging.collections": ("/manage/collections",),
    "arranging.collection": ("/manage/collections/volume3",),
    "arranging.changes": ("/manage/changes",),
    "audit.show": ("/manage/audit", "/manage/audit?since=昨天"),
    "openings.due": ("/openings",),
    "names.listed": ("/names", "/names?q=河&kind=地名"),
    "names.one": ("/names/{person}", "/names/{place}?year=1930"),
    "names.form": ("/names/form?form=李明",),
    "names.history": ("/names/{person}/history",),
    "name_queue.queue": ("/names/queue",),
    "name_queue.places": ("/names/queue/form?form=李明", "/names/queue/form?form=没有的&standing=已定"),
    "name_editing.new": ("/names/new?preferred=李明",),
    "name_editing.edit": ("/names/{person}/edit",),
    "name_editing.merge": ("/names/{person}/merge?into=李明",),
    "name_editing.take_in": ("/names/import",),
    "tables.periods": ("/manage/periods",),
    "tables.wording": ("/manage/wording",),
    "jobs.table": ("/jobs",),
    "jobs.job": ("{failed}",),
    "registers.registers": ("/registers",),
    "registers.to_do": ("/to-do",),
    "registers.register": ("/registers/提案", "/registers/提案?state=立案&q=水"),
    "registers.new": ("/registers/文史稿件/new",),
    "procedures.listed": ("/procedures",),
    "procedures.one": ("/procedures/提案",),
    "procedures.entry": ("/procedures/提案/step/0", "/procedures/书稿校次/state/new", "/procedures/文史稿件/head/0"),
    "records.one": (
        "/registers/提案/one/2020-01", "/registers/文史稿件/one/{id}", "/registers/书稿校次/one/{book}",
    ),
    "records.comment": ("/article/{id}/comment/2",),
    "records.difference": ("/registers/书稿校次/proofs/1/2/{book}",),
    "books.books": ("/books",),
    "books.book": ("/books/{book}",),
    "book_adding.choose": ("/add-to-book?id={id}",),
    "book_data.data": ("/books/{book}/data",),
    "book_items.item": ("/books/{book}/text/{id}",),
    "book_items.newer": ("/books/{book}/text/{id}/newer",),
    "book_matter.matter": ("/books/{book}/matter",),
    "book_output.done": ("{exported}",),
    "book_matter.piece": ("/books/{book}/matter/front/0",),
    "intake.missing": ("{held}",),
    "book_output.output": ("/books/{book}/output",),
    "book_preview.preview": ("/books/{book}/preview",),
    "book_proof.show": ("/books/{book}/proof",),
    "publishing.form": ("/publish",),
    "publishing.done": ("{published}",),
    "office.me": ("/me",),
    "tokens.own": ("/me/tokens",),
    "api_reference.reference": ("/help/api/v1",),
    "office.accounts": ("/accounts",),
    "errors": ("/nothing/here", "/article/NOTHING", "/jobs/none", "/?q=(水车", "/?period=某年"),
}  # fmt: skip
"""What is looked at for each endpoint that shows a page; {…} are addresses that the fixture `places` knows."""

NO_PAGES = {
    "static", "search.timeline_csv", "results.listed", "results.file",
    "frequencies.sheet", "concordance.step", "concordance.sheet", "concordance.groups_sheet", "barcodes.sheet",
    "cards.sheet", "names.sheet", "compilations.sheet", "reuse.sheet", "reuse.done", "collocates.sheet", "terms.sheet",
    "same_words.sheet",
    "editing.table_file", "posts.sheet", "files.picture", "files.original", "safekeeping.backup_file", "jobs.state",
    "purging.done", "audit.sheet",
    "book_output.manifest", "book_output.download", "book_preview.state", "book_preview.picture", "book_proof.sheet",
    "registers.sheet", "publishing.file",
    "office.open_address", "office.welcome", "office.sign_in", "office.password", "office.account",  # need accounts
    "health.state", "harvest.oai", "harvest.feed", "iiif.manifest", "iiif.words",
    "scans.lines", "scans.region", "scans.place",  # for programs
    "scans.scan",  # wants a scanned page: see test_scan_pages.py
    "history.now", "safekeeping.reindexed",  # these two lead on to another page
}  # fmt: skip


@pytest.fixture(scope="module")
def app(library: Library) -> Flask:
    return create_app(library)


def posted(client: FlaskClient, path: str, *files: tuple[str, bytes], **form: str) -> str:
    """Where a form leads, at the end of the job that it starts."""
    found = re.search(r'name="token" value="([^"]+)"', client.get("/intake").text)
    assert found
    data = MultiDict[str, object]({"token": found[1], **form})
    for name, content in files:
        data.add("file", (BytesIO(content), name))
    return ended(client, client.post(path, data=data, content_type="multipart/form-data").headers.get("Location", path))


def ended(client: FlaskClient, address: str) -> str:
    """Where the page of a job leads at its end."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        answer = client.get(address)
        if answer.status_code in {302, 303}:
            address = answer.headers["Location"]
        elif "data-job=" not in answer.text:
            return address
        time.sleep(0.05)
    raise AssertionError(f"{address} does not end")


def volume(text: str) -> bytes:
    """A volume of three articles whose first is near to one that the library holds."""
    word_file = docx.Document()
    for title, body in (("水车记", text), ("渡船", "渡船从柳树湾开出。" * 30), ("羊毛的路", "羊毛由驼队运走。" * 30)):
        for words in (title, "张三"):
            heading = word_file.add_paragraph()
            heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
            heading.add_run(words).bold = True
        for line in body.splitlines():
            word_file.add_paragraph(line)
    stream = BytesIO()
    word_file.save(stream)
    return stream.getvalue()


ROSTER = """清水县委员会

第一届委员会（1956年3月—1959年2月）

主席　张三
副主席　李四　王五（女）

第二届委员会（1959年3月—1962年8月）

主席　李四（1959年3月—1960年5月）
副主席　张三　赵六
"""


@pytest.fixture(scope="module")
def careless() -> Iterator[None]:
    """A reader that leaves out the last line of a file called 缺, which its editor then finds held back."""
    plain = next(form for form in registry.FORMATS if form.name == "text")

    def read(file: Path, name: str) -> Manuscript:
        whole = plain.read(file, name)
        blocks = whole.blocks[:-1]
        short = replace(whole, blocks=blocks, layouts=(), characters_in=stored_characters(blocks))
        return short if name.startswith("缺") else whole

    forms = (replace(form, read=read) if form is plain else form for form in registry.FORMATS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "FORMATS", tuple(forms))
        yield


@pytest.fixture(scope="module")
def places(app: Flask, library: Library, careless: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A library in which every kind of page has something to show, and the addresses of such pages."""
    session, client = library.session(LOCAL), app.test_client()
    article = next(each for each in session.articles("volume3") if each.number == 1)
    entry = next(iter(session.articles("annals")))
    mention = next(each for each in session.mentions(article.id) if each.block == 12)
    text = "\n".join(block.text for block in article.blocks[2:])
    given = (
        NameRecord(
            NameKind.PERSON, "李明", (NameForm("子明", FormType.COURTESY),), "1890—1950", "船工",
            (Statement("生", "1890", "", f"{article.id}#b2"), Statement("生", "1892", "河湾", "县志")),
        ),
        NameRecord(NameKind.PERSON, "李明", note="教师"),
        NameRecord(
            NameKind.PLACE, "河湾县", belongings=(Belonging("宁夏省", 1929, 1949, "县志"),),
            identifiers=(Identifier("CHGIS", "hvd_12", 1736, 1911),),
        ),
    )  # fmt: skip
    person, _, place = (str(session.names.put(one)) for one in given)
    session.scopes.save("选定", articles=[article.id, entry.id])
    session.scopes.save("水车文", rule=Search(text="水车"))
    session.searches.save("水车", Search(text="水车"))
    session.searches.note(Search(text="水车"), 3)
    session.correct(article.id, [Rewrite(4, article.blocks[4].text, ("短了。",))], "错字")
    session.cards.make(article.id, (4, 0, 5), 1, CardFields(classes=("水利", "人物"), note="待查"))
    session.cards.make(article.id, (2, 0, 9), 1)
    session.reuses.look("", lambda words, done, total: None)
    made = session.compilations.create("长编").with_heading("水利").with_heading("水车", 1)
    made = made.with_cards([1, 2], 2, together=True)
    session.compilations.save(session.compilations.remark(made, 1, RemarkKind.COMMENT, "按"))
    session.corrections.report(article.id, (2, 0, 2), "不对", 0)
    took = posted(client, "/intake", ("名录.txt", ROSTER.encode()), title="roster", mode="roster")
    split = posted(client, "/intake", ("第八辑.docx", volume(text)), title="第八辑", mode="volume")
    backup = posted(client, "/manage/backup")
    with client.get(f"{backup}/file") as sent:
        archive = sent.data
    book = session.books.create(BOOK, [session.article(article.id), session.article(entry.id)])
    excerpted = tuple(replace(part, items=tuple(replace(each, last=1) for each in part.items)) for part in book.parts)
    session.books.save(replace(book, parts=excerpted, front=(Matter(title="前言", text="一段话。", signature="编者"),)))
    rows = [RowChange("承办", -1, {"单位": "水务局", "主协办": "主办"})]
    session.workflow.add("提案", {"案由": "修水车", "提案人": "张三", "登记号": "2020-01"}, rows)
    session.workflow.take("提案", "2020-01", AskedStep(to="立案", opinion="属实", signer="李四"))
    session.workflow.take("文史稿件", article.id, AskedStep(to="初审", opinion="重审"))
    for step in (
        AskedStep(to="一校"), AskedStep(to="改样", values={"差错数": "3"}), AskedStep(to="核红", reason="一人"),
    ):  # fmt: skip
        session.workflow.take("书稿校次", BOOK, step)
    session.workflow.take("文史稿件", article.id, AskedStep(to="终审", opinion="可", values={"略过复审的理由": "急"}))
    again = AskedStep(to="发布", opinion="可", reason="一人")
    session.workflow.take("文史稿件", article.id, again)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(result_pages, "_AT_ONCE", 0)
        listed = ended(client, client.get("/results.csv?q=水车").headers["Location"])
    chapter = re.search(r'href="/help/([^"#?]+)"', client.get("/help").text)
    assert chapter
    return {
        "id": article.id,
        "entry": entry.id,
        "person": person,
        "place": place,
        "date": f"{mention.block}/{mention.start}-{mention.end}",
        "took": took,
        "split": split,
        "backup": backup,
        "rehearsal": posted(client, "/manage/rehearsal", ("backup.zip", archive)),
        "preserved": posted(client, "/manage/preserve", folder=str(tmp_path_factory.mktemp("preserved") / "里")),
        "check": posted(client, "/manage/check"),
        "mend": posted(client, "/manage/mend"),
        "held": posted(client, "/intake", ("缺.txt", "渡船\n\n渡船开了。\n\n夜里停。".encode()), title="缺字"),
        "exported": posted(client, f"/books/{quote(BOOK)}/output", form="txt"),
        "published": posted(client, "/publish", collection="volume3"),
        "failed": posted(client, "/manage/rehearsal", ("backup.zip", b"no backup")),
        "chapter": chapter[1],
        "listed": listed,
        "book": BOOK,
    }


@pytest.fixture(scope="module")
def site(app: Flask, places: dict[str, str]) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory, site: str, places: dict[str, str]) -> Iterator[Chrome]:
    with chromium(tmp_path_factory.mktemp("browser")) as driver:
        driver.get(f"{site}/books/{quote(places['book'])}")
        driver.find_element(By.CSS_SELECTOR, "form[action='/add-to-book'] button").click()  # the buttons know a book
        yield driver


def test_every_page_is_looked_at(app: Flask) -> None:
    shown = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    shown = {one for one in shown if not one.startswith("api.")}  # for programs
    assert shown - NO_PAGES == PAGES.keys() - {"errors"}


@pytest.mark.parametrize("kind", sorted(PAGES.keys() - {"errors"}))
def test_each_shows_what_it_is_for(app: Flask, places: dict[str, str], kind: str) -> None:
    for page in PAGES[kind]:
        answer = app.test_client().get(page.format(**places))
        assert answer.status_code == 200 and answer.request.path == unquote(page.format(**places).partition("?")[0])


@needs_browser
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", PAGES)
def test_nothing_keeps_anybody_out(chrome: Chrome, site: str, places: dict[str, str], kind: str, width: str) -> None:
    sized(chrome, *WIDTHS[width])
    found: list[tuple[str, str]] = []
    for page in PAGES[kind]:
        chrome.get(site + page.format(**places))
        found += [(page, each) for each in faults(chrome, WIDTHS[width][0])]
    assert not found, "\n".join(map(str, found))


@needs_browser
@pytest.mark.parametrize("width", WIDTHS)
def test_the_panels_of_the_reading_page_keep_nobody_out(
    chrome: Chrome, site: str, places: dict[str, str], width: str
) -> None:
    sized(chrome, *WIDTHS[width])
    chrome.get(f"{site}/article/{places['id']}")
    for number in range(1, len(chrome.find_elements(By.CSS_SELECTOR, ".desk details")) + 1):
        panel = f".desk details:nth-of-type({number})"
        chrome.execute_script("document.querySelector(arguments[0]).open = true", panel)
        assert not faults(chrome, WIDTHS[width][0], panel), panel


@needs_browser
def test_the_first_result_is_within_eight_tabs(chrome: Chrome, site: str) -> None:
    chrome.get(f"{site}/?q=水车")
    chrome.execute_script("document.body.tabIndex = -1; document.body.focus()")
    for count in range(1, 9):
        ActionChains(chrome).send_keys(Keys.TAB).perform()
        focused = chrome.switch_to.active_element
        if focused.text == "跳到结果":
            focused.send_keys(Keys.ENTER)
        elif chrome.execute_script("return arguments[0].matches('.result h3 a')", focused):
            assert focused == chrome.find_element(By.CSS_SELECTOR, ".result h3 a"), count
            return
    raise AssertionError("no result after eight Tabs")
