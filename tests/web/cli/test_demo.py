"""The sample library, and the commands that serve a library."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import LibraryNotFound, ReadError, UsageError
from archive.model.records import Collection
from archive.model.search import Search
from archive.session import Session
from archive.support.config import Config
from ingest.pipeline.importer import ingest
from web.app import create_app
from web.cli import demo, serve_commands
from web.cli.reach import Reach
from web.cli.server import Server
from web.cli.warm_up import WarmUp

LOCAL = Actor.local()


@pytest.fixture
def samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two small collections in place of the real ones."""
    folder = tmp_path / "samples"
    for name, text in (("one", "甲文\n\n清水县的水车。"), ("two", "乙文\n\n清水县的治沙。")):
        (folder / name).mkdir(parents=True)
        (folder / name / "collection.toml").write_text(
            f'id = "{name}"\ntitle = "文集{name}"\ninvented = true\n[[source]]\nfile = "{name}.txt"\nas = "article"\n',
            encoding="utf-8",
        )
        (folder / name / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / "names.csv").write_text("类别,规范名,别名,生卒,说明\n地名,清水县,,,\n", encoding="utf-8-sig")
    parts = [{"title": "水利", "note": "按", "titles": ["甲文"]}]
    book = {"project": {"name": "样书", "indexes": ["地名"]}, "collection": "one", "parts": parts}
    (folder / "book.json").write_text(json.dumps(book), encoding="utf-8")
    record = {
        "register": "提案",
        "values": {"案由": "修渠", "提案人": "张三"},
        "steps": [{"to": "立案", "opinion": "可"}],
    }
    comment = {"words": "治沙", "opinion": "几轮？", "who": "甲"}
    under_review = {
        "register": "文史稿件",
        "article": "乙文",
        "values": {"题名": "乙文"},
        "steps": [{"to": "初审", "opinion": "补走", "comments": [comment]}],
    }
    (folder / "registers.json").write_text(json.dumps([record, under_review]), encoding="utf-8")
    accounts = [["乙文", "清水县", "1934年"], ["乙文", "治沙。", ""]]
    event = {"heading": "水利", "title": "水车", "class": "水利", "accounts": accounts, "remarks": [["按语", "按"]]}
    compilation = {"name": "样编", "headings": [["清水", 1], ["水利", 2]], "events": [event]}
    (folder / "compilation.json").write_text(json.dumps(compilation), encoding="utf-8")
    monkeypatch.setattr(demo, "sample_collections", lambda: folder)
    return folder


def texts(root: Path) -> list[str]:
    with Library.open(root) as library:
        return sorted(block.text for article in library.session(LOCAL).articles() for block in article.blocks[1:])


def test_the_sample_review_stands_on_its_article(samples: Path, tmp_path: Path) -> None:
    with demo.build(tmp_path / "library") as library:
        session = library.session(LOCAL)
        (record,) = session.workflow.records("文史稿件")
        (article,) = [each for each in session.articles() if each.title == "乙文"]
        ((_, comment),) = record.of_group("批注")
        block, start, end = (int(comment[name]) for name in ("段", "起", "止"))
        assert (record.subject, record.state) == (article.id, "初审")
        assert article.blocks[block].text[start:end] == comment["原文"] == "治沙"


def test_the_sample_compilation_is_made_once(samples: Path, tmp_path: Path) -> None:
    for _ in range(2):
        with demo.build(tmp_path / "library") as library:
            session = library.session(LOCAL)
            assert session.compilations.names() == ("样编",)
            held = session.compilations.get("样编")
            told = session.compilations.event(held, 1)
            assert [one.card.written for one in told.accounts] == ["清水县", "治沙。"]
            assert held.headings[1].level == 2 and told.event.heading == 2 and len(told.event.remarks) == 1
            assert len(session.cards.find()) == 2


def test_the_real_samples_are_found() -> None:
    assert len(list(demo.sample_collections().glob("*/collection.toml"))) >= 3


def test_everything_is_taken_in_and_found(samples: Path, tmp_path: Path) -> None:
    with demo.build(tmp_path / "library") as library:
        assert library.session(LOCAL).search(Search(text="水车")).total == 1
        assert [each.id for each in library.session(LOCAL).collections()] == ["one", "two"]


def test_the_sample_book_is_made_once_and_stays_the_visitors(samples: Path, tmp_path: Path) -> None:
    with demo.build(tmp_path / "library") as library:
        project = library.session(LOCAL).books.project("样书")
        (item,) = project.items
        assert library.session(LOCAL).article(item.article).title == "甲文"
        (index,) = library.session(LOCAL).books.bind(project).book.indexes
        assert [heading.name for heading in index.headings] == ["清水县"]
        library.session(LOCAL).books.save(replace(project, title="改过的"))
    with demo.build(tmp_path / "library") as library:
        assert library.session(LOCAL).books.project("样书").title == "改过的"


def test_the_real_sample_book_can_be_printed(tmp_path: Path) -> None:
    with demo.build(tmp_path / "library") as library:
        (name,) = library.session(LOCAL).books.names()
        bound = library.session(LOCAL).books.bind(library.session(LOCAL).books.project(name))
    assert bound.faults == bound.issues == ()
    assert len(bound.book.indexes) == 2 and sum(1 for _ in bound.book.chapters) > 10


def test_the_second_time_takes_in_nothing(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    demo.build(tmp_path / "library").close()

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("nothing is missing")

    monkeypatch.setattr(demo, "ingest", refuse)
    demo.build(tmp_path / "library").close()
    assert len(texts(tmp_path / "library")) == 2


def test_an_interrupted_build_is_finished(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(session: Session, paths: list[Path], **more: object) -> object:
        ingest(session, paths[:1])
        raise KeyboardInterrupt

    monkeypatch.setattr(demo, "ingest", half)
    with pytest.raises(KeyboardInterrupt):
        demo.build(tmp_path / "library")
    assert len(texts(tmp_path / "library")) == 1
    monkeypatch.setattr(demo, "ingest", ingest)
    demo.build(tmp_path / "library").close()
    assert texts(tmp_path / "library") == ["清水县的水车。", "清水县的治沙。"]


def test_somebodys_own_library_is_left_alone(samples: Path, tmp_path: Path) -> None:
    with Library.create(tmp_path / "library") as library:
        library.session(LOCAL).save_collection(Collection("own", "自己的"))
    with pytest.raises(UsageError, match="别的材料"):
        demo.build(tmp_path / "library")
    assert texts(tmp_path / "library") == []


def test_other_samples_are_not_mixed_in(samples: Path, tmp_path: Path) -> None:
    demo.build(tmp_path / "library").close()
    (samples / "one" / "one.txt").write_text("甲文\n\n新的文字。", encoding="utf-8")
    with pytest.raises(UsageError, match="旧版的样例"):
        demo.build(tmp_path / "library")
    assert "新的文字。" not in texts(tmp_path / "library")


def test_older_samples_are_put_aside_when_that_is_allowed(
    samples: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = tmp_path / "library"
    for text in ("新的文字。", "更新的文字。"):
        demo.build(root, renew=True).close()
        (samples / "one" / "one.txt").write_text(f"甲文\n\n{text}", encoding="utf-8")
    demo.build(root, renew=True).close()
    assert texts(root) == ["更新的文字。", "清水县的治沙。"]
    assert "清水县的水车。" in texts(tmp_path / "library-旧1")
    assert "新的文字。" in texts(tmp_path / "library-旧2")
    assert "没有删除" in caplog.text


def test_own_material_is_never_put_aside(samples: Path, tmp_path: Path) -> None:
    with Library.create(tmp_path / "library") as library:
        library.session(LOCAL).save_collection(Collection("own", "自己的"))
    with pytest.raises(UsageError, match="别的材料"):
        demo.build(tmp_path / "library", renew=True)


def test_a_broken_sample_is_an_error(samples: Path, tmp_path: Path) -> None:
    (samples / "one" / "one.txt").write_bytes(b"")
    with pytest.raises(ReadError):
        demo.build(tmp_path / "library")


def call(command: click.Command, *arguments: str, library: Path | None = None) -> str:
    """Run a command as `wenshi` does; what it prints on standard output."""
    result = CliRunner().invoke(command, arguments, obj=Config.of(library), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, bool]]:
    """What the commands asked to be served, instead of serving it."""
    asked: list[tuple[str, int, bool]] = []

    def bind(app: Flask, to: Reach, port: int, *, roam: bool) -> Server:
        asked.append((to.host, port, roam))
        return Server(to.address(port), run=lambda: None, close=lambda: None)

    monkeypatch.setattr(serve_commands, "bind", bind)
    # It is still reading when the library is closed at once, and leaves a file for the collector of garbage to close.
    monkeypatch.setattr(WarmUp, "start", lambda self: None)
    return asked


def opened(printed: str, address: str, root: Path) -> None:
    """Check that a printed address lets a browser in, and that the bare one does not."""
    assert printed.startswith(f"{address}open/") and printed.endswith("\n")
    with Library.open(root) as library:
        client = create_app(library, locked=True).test_client()
        assert client.get("/").status_code == 401
        assert client.get("/" + printed.strip().removeprefix(address)).location == "/"
        assert client.get("/").status_code == 200


def test_demo_builds_beside_the_caller_and_prints_the_address(
    samples: Path, tmp_path: Path, served: list[tuple[str, int, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WENSHI_LIBRARY", raising=False)
    opened(call(serve_commands.demo), "http://127.0.0.1:8000/", tmp_path / "wenshi-demo")
    assert served == [("127.0.0.1", 8000, True)]
    assert len(texts(tmp_path / "wenshi-demo")) == 2


def test_demo_with_its_own_library_and_port(samples: Path, tmp_path: Path, served: list[tuple[str, int, bool]]) -> None:
    printed = call(serve_commands.demo, "--port", "8765", library=tmp_path / "there")
    opened(printed, "http://127.0.0.1:8765/", tmp_path / "there")
    assert served == [("127.0.0.1", 8765, False)]


def test_demo_may_build_only(samples: Path, tmp_path: Path, served: list[tuple[str, int, bool]]) -> None:
    assert call(serve_commands.demo, "--build-only", library=tmp_path / "there").strip() == str(tmp_path / "there")
    assert served == []


@pytest.mark.parametrize("command", [serve_commands.serve, serve_commands.demo])
def test_the_network_is_refused_before_anything_is_built(command: click.Command, samples: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有证书"):
        call(command, "--host", "0.0.0.0", library=tmp_path / "there")
    assert not (tmp_path / "there").exists()


def test_serve_never_makes_a_library(tmp_path: Path) -> None:
    with pytest.raises(LibraryNotFound):
        call(serve_commands.serve, library=tmp_path / "there")
    assert not (tmp_path / "there").exists()


def test_the_network_is_served_with_accounts_and_a_certificate(
    tmp_path: Path, served: list[tuple[str, int, bool]]
) -> None:
    Library.create(tmp_path / "there").close()
    printed = call(serve_commands.certificate, "--name", "wenshi-pc.lan", "--output", str(tmp_path / "made"))
    asked = [*printed.split()[2:], "--port", "8443"]  # what it says to run
    with pytest.raises(UsageError, match="还没有账号"):
        call(serve_commands.serve, *asked, library=tmp_path / "there")
    address = call(serve_commands.serve, *asked, "--accounts", library=tmp_path / "there")
    assert address.startswith("https://wenshi-pc.lan:8443/welcome/")
    assert served == [("0.0.0.0", 8443, False)]
