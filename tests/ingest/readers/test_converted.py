"""Old formats through LibreOffice: what arrives, what does not, and what happens when LibreOffice fails."""

from __future__ import annotations

import itertools
import os
import shutil
import stat
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import docx
import pytest

from archive.model.errors import ReadError
from archive.model.records import Collection
from archive.support import libreoffice as program
from archive.support.files import sha256_of
from archive.support.libreoffice import LibreOffice, OfficeFailure
from ingest.pipeline.importer import ingest
from ingest.pipeline.report import Outcome
from ingest.readers import converted, registry
from ingest.splitting.split import split
from ingest.text.account import UnaccountedError

pytestmark = pytest.mark.usefixtures("in_this_process")

POSIX = pytest.mark.skipif(os.name != "posix", reason="the fake soffice is a shell script")
RTF = (
    r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset134 SimSun;}}\f0 "
    r"\u24518?\u27700?\u36710?\par {\v \u38544?}\u40644?\u27827?\u27700?\u22823?\u12290?\par}"
)


def fake(folder: Path, script: str) -> Path:
    """A soffice of a few lines: `$out` is the output folder, `$@` what follows `--outdir OUT`."""
    file = folder / "soffice"
    head = '#!/bin/sh\nwhile [ "$1" != --outdir ]; do shift; done\nout=$2; shift 2\n'
    file.write_text(head + script, encoding="utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def stored(manuscript: Any) -> str:
    articles = split(manuscript, Collection("here", "试")).articles
    return "\n".join(
        block.text + "".join(run.ruby for run in block.runs) for article in articles for block in article.blocks
    )


# The formula is in none of these files (whatever wrote them left it out); .doc has no place for the description of a
# picture and the RTF file no old text box. Of the rest LibreOffice loses one thing, and an issue says so.
NOT_IN = {
    "doc": {"math", "alt-text"},
    "rtf": {"math", "alt-text", "vmlbox"},
    "odt": {"math"},
}


@pytest.mark.parametrize("kind", ["doc", "rtf", "odt"])
def test_every_marker_of_the_torture_document(shared_data: Path, office: LibreOffice, kind: str) -> None:
    file = shared_data / "office" / f"torture.{kind}"
    form = registry.recognise(file, file.name)
    assert form.name == kind
    manuscript = form.read(file, file.name)
    text = stored(manuscript)
    lines = (shared_data / "office" / "torture_markers.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    wrong = {feature for feature, marker, rule in rows if (marker in text) != (rule == "keep")}
    assert wrong == NOT_IN[kind]
    assert manuscript.sha256 == sha256_of(file)
    described = [issue.message for issue in manuscript.issues if issue.code == "description"]
    assert (kind == "rtf") == any("替代文字癸" in message for message in described)


def test_word_97_in_chinese(shared_data: Path, office: LibreOffice) -> None:
    manuscript = registry.read(shared_data / "office" / "42_poi_chinese.doc", "42_poi_chinese.doc")
    assert sum("一" <= character <= "鿿" for character in stored(manuscript)) == 72


def test_batch_through_the_pipeline(tmp_path: Path, office: LibreOffice, fake_library: Any, word: Any,
                                    monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """One run for all of them; what is kept is what came in, whatever its suffix says."""
    names = ["甲.rtf", "乙.doc", "丙.wps"]
    for number, name in enumerate(names):
        (tmp_path / name).write_text(RTF.replace("deff0", f"deff0 {number} "), encoding="ascii")
    word("<w:p><w:r><w:t>正文</w:t></w:r></w:p>", name="丁.docx")
    calls = []
    convert = LibreOffice.convert
    monkeypatch.setattr(LibreOffice, "convert", lambda *given: calls.append(given) or convert(*given))
    report = ingest(fake_library, [tmp_path])
    assert [file.outcome for file in report.files] == [Outcome.ADDED] * 4
    assert len(calls) == 1
    text = "\n".join(block.text for article in fake_library.articles for block in article.blocks)
    assert text.count("黄河水大。") == 3
    assert "隐" not in text
    assert {article.original for article in fake_library.articles} >= {sha256_of(tmp_path / name) for name in names}


def test_without_libreoffice(tmp_path: Path, fake_library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "旧.rtf").write_text(RTF, encoding="ascii")
    (tmp_path / "新.txt").write_text("题\n正文。", encoding="utf-8")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(program, "_usual_places", list)
    report = ingest(fake_library, [tmp_path])
    assert report.exit_code == 3
    (failed,) = report.failed
    assert failed.error is not None
    assert "没有找到" in failed.error.message
    assert "zh-cn.libreoffice.org" in failed.error.hint


@POSIX
def test_libreoffice_is_not_late_because_the_computer_slept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of Windows goes on meanwhile: here an hour at each look."""
    script = 'sleep 0.5; for file in "$@"; do base=${file##*/}; cp "$file" "$out/${base%.*}.docx"; done\n'
    file = tmp_path / "甲.rtf"
    file.write_text(RTF, encoding="ascii")
    hours = itertools.count(0.0, 3600.0)
    monkeypatch.setattr(time, "monotonic", lambda: next(hours))
    made = LibreOffice(fake(tmp_path, script), timeout=60).convert([file], "docx", tmp_path)
    assert made == {file: tmp_path / "甲.docx"}


@POSIX
def test_hanging_libreoffice_is_killed_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second file hangs: the first and the third are converted, nothing is left running."""
    script = (
        'for file in "$@"; do case $file in *b.rtf) sleep 600 & echo $! > "$out/child"; wait;; esac\n'
        'base=${file##*/}; cp "$file" "$out/${base%.*}.docx"; done\n'
    )
    office = LibreOffice(fake(tmp_path, script), timeout=0.5)
    files = [tmp_path / f"{name}.rtf" for name in "abc"]
    for file in files:
        file.write_text(RTF, encoding="ascii")
    started = time.monotonic()
    made = office.convert(files, "docx", tmp_path)
    assert time.monotonic() - started < 10
    assert [isinstance(made[file], Path) for file in files] == [True, False, True]
    assert "没有完成" in str(made[files[1]])
    child = int((tmp_path / "child").read_text(encoding="ascii"))
    for _ in range(50):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]:
            break
        time.sleep(0.1)
    else:
        pytest.fail("a child of the killed LibreOffice is still running")


@POSIX
def test_hang_is_reported_and_the_rest_goes_in(tmp_path: Path, fake_library: Any,
                                               monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    office = LibreOffice(fake(tmp_path, "sleep 600"), timeout=0.3)
    monkeypatch.setattr(LibreOffice, "find", classmethod(lambda cls: office))
    folder = tmp_path / "来稿"
    folder.mkdir()
    (folder / "挂.rtf").write_text(RTF, encoding="ascii")
    (folder / "好.txt").write_text("题\n正文。", encoding="utf-8")
    report = ingest(fake_library, [folder])
    assert report.exit_code == 3
    assert [file.outcome for file in report.files] == [Outcome.ADDED, Outcome.FAILED]
    assert report.failed[0].error is not None
    assert "没有完成" in report.failed[0].error.message
    assert report.failed[0].error.place == "挂.rtf"


@POSIX
def test_crash_spares_the_files_behind(tmp_path: Path) -> None:
    script = (
        'for file in "$@"; do case $file in *b.rtf) exit 139;; esac\n'
        'base=${file##*/}; cp "$file" "$out/${base%.*}.docx"; done\n'
    )
    files = [tmp_path / f"{name}.rtf" for name in "abcd"]
    for file in files:
        file.write_text(RTF, encoding="ascii")
    made = LibreOffice(fake(tmp_path, script)).convert(files, "docx", tmp_path)
    assert [isinstance(made[file], Path) for file in files] == [True, False, True, True]


def test_not_startable(tmp_path: Path) -> None:
    with pytest.raises(OfficeFailure, match="无法启动"):
        LibreOffice(tmp_path / "soffice").convert([tmp_path / "a.doc"], "docx", tmp_path)


def test_truncated(shared_data: Path, tmp_path: Path, office: LibreOffice) -> None:
    file = tmp_path / "断.doc"
    whole = (shared_data / "office" / "torture.doc").read_bytes()
    file.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(ReadError) as caught:
        registry.read(file, file.name)
    assert caught.value.place == file.name
    assert caught.value.hint


def test_nothing_a_document_links_to_is_fetched(tmp_path: Path, office: LibreOffice) -> None:
    """Opening a document must not tell anybody that it was opened."""
    asked: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *given: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        names = {"office": "office", "text": "text", "draw": "drawing", "svg": "svg-compatible"}
        spaces = " ".join(f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for p, n in names.items())
        file = tmp_path / "链接.fodt"
        file.write_text(
            f'<office:document {spaces} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2" '
            'office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>文'
            '<draw:frame svg:width="2cm" svg:height="2cm" text:anchor-type="as-char"><draw:image xlink:type="simple" '
            f'xlink:href="http://127.0.0.1:{server.server_port}/x.png"/></draw:frame></text:p></office:text>'
            "</office:body></office:document>",
            encoding="utf-8",
        )
        assert isinstance(office.convert([file], "pdf", tmp_path)[file], Path)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert asked == []


def test_bomb_never_reaches_libreoffice(tmp_path: Path, office: LibreOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "炸.odt"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        made.writestr("content.xml", bytes(60 * 2**20))
    monkeypatch.setattr(LibreOffice, "convert", lambda *given: pytest.fail("LibreOffice was asked"))
    started = time.perf_counter()
    with pytest.raises(ReadError, match="压缩炸弹") as caught:
        registry.read(file, file.name)
    assert time.perf_counter() - started < 1
    assert caught.value.place == file.name


def test_size_is_bounded(tmp_path: Path, office: LibreOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "大.rtf"
    file.write_text(RTF, encoding="ascii")
    monkeypatch.setattr(converted, "MAX_SIZE", 10)
    with pytest.raises(ReadError, match="超过上限"):
        registry.read(file, file.name)


def test_cells_beyond_the_defined_ones_are_kept(tmp_path: Path, office: LibreOffice, fake_library: Any) -> None:
    row = r"\trowd\cellx2000\pard\intbl {}\cell\pard\intbl {}\cell\row"
    words = ["".join(f"\\u{ord(char)}?" for char in word) for word in ("姓名", "职务", "周大河", "书记")]
    body = row.format(*words[:2]) + row.format(*words[2:])
    file = tmp_path / "表.rtf"
    file.write_text(r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}}" + body + r"\pard x\par}", "ascii")
    report = ingest(fake_library, [file]).files[0]
    assert report.error is None
    texts = [block.text for article in fake_library.articles for block in article.blocks]
    assert [text for text in texts if text in ("姓名", "职务", "周大河", "书记")] == ["姓名", "职务", "周大河", "书记"]


@pytest.mark.parametrize("kind", ["doc", "rtf"])
def test_the_count_before_conversion_notices_a_loss(
    tmp_path: Path, office: LibreOffice, fake_library: Any, word: Any, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    whole = docx.Document()
    whole.add_paragraph("水车在河边")
    whole.add_paragraph("渡口 ABC 1956")
    whole.save(str(tmp_path / "全.docx"))
    file = office.convert([tmp_path / "全.docx"], kind, tmp_path)[tmp_path / "全.docx"]
    assert isinstance(file, Path)
    assert ingest(fake_library, [file]).exit_code == 0
    part = word("<w:p><w:r><w:t>水车在河边</w:t></w:r></w:p>", name="缺.docx")
    monkeypatch.setattr(converted, "convert", lambda files, folder: {file: part for file, _ in files})
    fake_library.taken.clear()
    error = ingest(fake_library, [file]).files[0].error
    assert isinstance(error, UnaccountedError)
    assert "少 9 个" in error.message
