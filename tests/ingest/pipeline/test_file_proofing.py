"""A file proof-read without a library: report, JSON, a copy with comments; the file itself stays as it is."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from docx.oxml.ns import qn

from archive.export.proof import Severity
from archive.model.errors import UsageError
from ingest.cli.proof_command import proof
from ingest.pipeline.file_proofing import proofed


@pytest.fixture
def word(tmp_path: Path) -> Path:
    """A manuscript whose wrong word is spread over two runs, with a second one in a table."""
    document = docx.Document()
    document.add_heading("旧闻录", 0)
    spread = document.add_paragraph("他再接再")
    spread.add_run("励").bold = True
    spread.add_run("，走了三、四天。")
    document.add_table(1, 1).cell(0, 0).text = "水车己经修好。"
    file = tmp_path / "来稿.docx"
    document.save(str(file))
    return file


def commented(file: Path) -> dict[str, str]:
    """The words of each comment by what it is set at."""
    document = docx.Document(str(file))
    words = {str(comment.comment_id): comment.text for comment in document.comments}
    found = {}
    for begin in document.element.body.iter(qn("w:commentRangeStart")):
        number, at = begin.get(qn("w:id")), ""
        for each in begin.itersiblings():
            if each.tag == qn("w:commentRangeEnd") and each.get(qn("w:id")) == number:
                break
            at += "".join(text.text or "" for text in each.iter(qn("w:t")))
        found[at] = words[str(number)]
    return found


def test_comments_stand_at_the_very_characters(word: Path, tmp_path: Path) -> None:
    before, copy = word.read_bytes(), tmp_path / "校对.docx"
    done = proofed(word, word.name, copy)
    assert word.read_bytes() == before
    assert done.unplaced == 0
    found = commented(copy)
    assert set(found) == {"再接再励", "三、四", "己经"}
    assert "错别字" in found["再接再励"] and "再接再厉" in found["再接再励"]
    texts = [paragraph.text for paragraph in docx.Document(str(copy)).paragraphs]
    assert texts == ["旧闻录", "他再接再励，走了三、四天。"]
    spread = docx.Document(str(copy)).paragraphs[1]
    assert [run.text for run in spread.runs if run.bold] == ["励"]


def test_plain_text_becomes_a_word_file(tmp_path: Path) -> None:
    file, copy = tmp_path / "来稿.txt", tmp_path / "校对.docx"
    file.write_text("旧闻录\n\n水车己经修好。。\n", encoding="utf-8")
    done = proofed(file, file.name, copy)
    assert [each.severity for each in done.report.findings] == [Severity.MUST, Severity.SHOULD]
    assert set(commented(copy)) == {"己经", "。。"}


def test_by_command(word: Path, tmp_path: Path) -> None:
    copy = tmp_path / "校对.docx"
    told = CliRunner().invoke(proof, [str(word), "--json", "--comments", str(copy)])
    assert told.exit_code == 0, told.output
    first = json.loads(told.stdout)[0]
    assert (first["block"], first["text"], first["suggestion"], first["severity"]) == (
        2,
        "再接再励",
        "再接再厉",
        "必改",
    )
    assert "批注写在" in told.stderr
    assert set(commented(copy)) == {"再接再励", "三、四", "己经"}


def test_never_over_the_file_itself(word: Path) -> None:
    told = CliRunner().invoke(proof, [str(word), "--comments", str(word)])
    assert isinstance(told.exception, UsageError)
    assert "不能写在原文件上" in told.exception.message
