"""Reading in several processes gives what one gives, whatever becomes of them."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.cli.main import cli, run
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Issue
from archive.model.search import Search
from ingest.cli.ingest_command import ingest as command
from ingest.pipeline import file_import, process_pool
from ingest.pipeline.file_import import AUTOMATIC, readings
from ingest.pipeline.importer import Silent, ingest
from ingest.pipeline.report import Outcome, Report
from ingest.pipeline.sources import plan
from ingest.pipeline.staging import prepared
from ingest.splitting.division import Division, Volume

LOCAL = Actor.local()

TEXT = "水车在黄河边转了几百年，浇着两岸的菜园和麦田，老人们都还记得那吱呀的声音，也记得修车的木匠。"
PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"


@pytest.fixture
def material(tmp_path: Path, word: Any) -> Path:
    """A folder of everything: Word with a deletion, texts, records, a broken file, a volume nobody is sure of."""
    folder = tmp_path / "稿"
    folder.mkdir()
    deleted = "<w:p><w:del><w:r><w:delText>删去的</w:delText></w:r></w:del></w:p>"
    for number in range(4):
        body = PARAGRAPH.format(f"题名{number}") + PARAGRAPH.format(TEXT) + deleted
        word(body, name=f"稿/{number}.docx")
    (folder / "坏.docx").write_bytes(b"PK\x03\x04 nothing")
    (folder / "空.txt").write_bytes(b"")
    (folder / "图.png").write_bytes(b"\x89PNG")
    (folder / "记录.jsonl").write_text(json.dumps({"id": "b", "text": "文"}), encoding="utf-8")
    contents = "目录\n水车记……1\n渡船……2\n丢了的……3\n羊毛的路……4\n"
    articles = "".join(f"{title}\n张三\n{TEXT * 3}\n{TEXT}\n" for title in ("水车记", "渡船", "羊毛的路"))
    (folder / "第八辑.txt").write_text(contents + articles, encoding="utf-8")
    for number in range(3):
        (folder / f"z{number}.txt").write_text(f"短文{number}\n{TEXT}", encoding="utf-8")
    return folder


def told(report: Report) -> tuple[str, str]:
    """The report as JSON and as text, without seconds."""
    values: dict[str, Any] = dict(report.as_json())
    values["seconds"] = {}
    for file in values["files"]:
        file["seconds"] = list(file["seconds"])
    return json.dumps(values, ensure_ascii=False), re.sub(r"[\d.]+ 秒", "… 秒", report.as_text())


class Told(Silent):
    """Remembers what is done."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def done(self, report: Any) -> None:
        """Remembers the file."""
        self.lines.append(report.file)


def test_the_same_as_one(material: Path, fake_library: Any) -> None:
    other = type(fake_library)()
    one, two = Told(), Told()
    alone = ingest(fake_library, [material], progress=one, processes=1)
    shared = ingest(other, [material], progress=two, processes=2)
    assert told(shared) == told(alone)
    assert one.lines == two.lines
    assert {file.outcome for file in shared.files} == {Outcome.ADDED, Outcome.FAILED, Outcome.SKIPPED}
    assert any(file.error is not None and file.error.code == "split-undecided" for file in shared.files)
    assert other.taken == fake_library.taken
    assert other.issues == fake_library.issues
    assert other.held == fake_library.held
    assert len(other.articles) >= 8


def test_pictures_come_along(word: Any, fake_library: Any, tmp_path: Path) -> None:
    image = '<w:p><w:r><w:drawing><wp:inline><a:blip r:embed="rId9"/></wp:inline></w:drawing></w:r></w:p>'
    data = b"\x89PNG\r\n\x1a\n" + b"picture" * 40_000
    for name in ("甲.docx", "乙.docx"):
        word(PARAGRAPH.format("题名") + PARAGRAPH.format(TEXT) + image, name=name, media={"rId9": data + name.encode()})
    ingest(fake_library, [tmp_path], processes=2)
    assert [picture.data[-11:] for picture in fake_library.pictures] == [
        (data + name.encode())[-11:] for name in ("乙.docx", "甲.docx")
    ]


class Deadly(Issue):
    """Kills the process that receives it."""

    def __reduce__(self) -> Any:
        return os._exit, (9,)


def test_a_file_whose_reading_dies_is_reported_and_the_rest_goes_on(material: Path) -> None:
    with prepared(plan([material])) as files:
        deadly = files[1] = replace(files[1], issues=(Deadly(IssueCode.CONTROL, "", ""),))
        found = list(readings(files, Division(), 2))
        assert [one.report.file for one in found] == [one.source.name for one in files]
        assert all(bool(one.articles) or one.report.error or one.report.outcome is Outcome.SKIPPED for one in found)
    error = found[1].report.error
    assert isinstance(error, ReadError)
    assert "读不下来" in error.message
    assert error.place == deadly.source.name
    assert [bool(one.articles) for one in found[:3]] == [True, False, True]


@pytest.mark.parametrize(("starting", "shared"), [(0.0, True), (1e9, False)])
def test_automatic_is_one_until_it_pays(
    material: Path, fake_library: Any, monkeypatch: pytest.MonkeyPatch, starting: float, shared: bool
) -> None:
    grown: list[int] = []
    real = process_pool.ProcessPool.grow
    monkeypatch.setattr(
        process_pool.ProcessPool, "grow", lambda self, processes: grown.append(processes) or real(self, processes)
    )
    monkeypatch.setattr(file_import, "_KNOWN_AFTER", 0.0)
    monkeypatch.setattr(file_import, "_STARTING", starting)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    report = ingest(fake_library, [material], processes=AUTOMATIC)
    assert (2 in grown) is shared
    assert [file.file for file in report.files] == [source.name for source in plan([material])]


def test_what_is_announced_comes_with_its_file(material: Path) -> None:
    words: list[str] = []
    with prepared(plan([material / "z0.txt", material / "第八辑.txt", material / "z1.txt"])) as files:
        said = [list(words) for _ in readings(files, Division(announce=words.append), 2)]
    assert [len(each) for each in said] == [0, 1, 1]
    assert "置信度" in words[0]


def test_a_manuscript_that_waits_comes_with_its_proposal(material: Path) -> None:
    held: list[Volume] = []
    with prepared(plan([material / "第八辑.txt", material / "z1.txt"])) as files:
        found = list(readings(files, Division(hold=held.append), 1))
    assert [bool(one.articles) for one in found] == [False, True]
    (volume,) = held
    assert volume.manuscript.name == volume.proposal.name == "第八辑.txt"
    assert volume.proposal.pieces > 1
    assert len(volume.manuscript.blocks) == volume.proposal.blocks


def test_one_bad_file_among_five_hundred(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "来稿"
    folder.mkdir()
    for number in range(500):
        (folder / f"{number:03}.txt").write_text(f"短文之{number}\n第{number}篇说的是水车。", encoding="utf-8")
    (folder / "250.txt").rename(folder / "250.docx")
    if "ingest" not in cli.commands:
        cli.add_command(command)
    library = tmp_path / "库"
    assert run(["--library", str(library), "ingest", str(folder), "--processes", "2", "--json"]) == 3
    report = json.loads(capsys.readouterr().out)
    assert [file["file"] for file in report["files"] if file["outcome"] != "added"] == ["250.docx"]
    with Library.open(library) as opened:
        assert opened.session(LOCAL).count() == 499
        assert opened.session(LOCAL).search(Search(text="第499篇")).total == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups to send Ctrl+C to from here")
def test_ctrl_c_ends_all_processes(tmp_path: Path, hears_ctrl_c: str) -> None:
    folder = tmp_path / "来稿"
    folder.mkdir()
    (folder / "0.txt").write_text(f"短文\n{TEXT}", encoding="utf-8")
    for number in range(1, 5):
        (folder / f"{number}.txt").write_text(f"长文{number}\n" + f"{TEXT}\n" * 40_000, encoding="utf-8")
    script = tmp_path / "wenshi.py"  # as an installer makes it
    script.write_text(
        f"{hears_ctrl_c}import sys\nfrom archive.cli.main import cli, main\nif __name__ == '__main__':\n"
        "    from ingest.cli.ingest_command import ingest\n    cli.add_command(ingest)\n    sys.exit(main())\n",
        encoding="utf-8",
    )
    arguments = [
        sys.executable,
        str(script),
        "--library",
        str(tmp_path / "库"),
        "ingest",
        str(folder),
        "--processes",
        "2",
    ]
    started = subprocess.Popen(
        [*arguments], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    assert started.stderr is not None
    try:
        lines = [started.stderr.readline().decode()]
        while "[1/5]" not in lines[-1]:
            assert lines[-1], "".join(lines)
            lines.append(started.stderr.readline().decode())
        os.killpg(started.pid, signal.SIGINT)
        _, rest = started.communicate(timeout=120)  # ends when the last process that could write there has ended
        lines.append(rest.decode())
        assert started.returncode == 130, "".join(lines)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.stderr.close()
        started.wait()
    assert "已中断" in lines[-1]
    assert "Traceback" not in "".join(lines)
