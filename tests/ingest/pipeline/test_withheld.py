"""One record that is a state secret: only that one stays out, of the articles and of the original."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.issues import IssueCode
from archive.session import Session
from ingest.pipeline.importer import ingest
from ingest.pipeline.report import Outcome
from ingest.splitting.split import Mode

RECORDS = (
    {"id": "1", "title": "水车", "text": "河边有水车。"},
    {"id": "2", "title": "密件", "text": "不该在这里。", "密级": "机密"},
    {"id": "3", "title": "渡口", "text": "渡口在上游。", "密级": "内部"},
)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Library.create(tmp_path / "library") as library:
        yield library.session(Actor.local())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_the_secret_record_stays_out(session: Session, tmp_path: Path, encoding: str, end: str) -> None:
    file = tmp_path / "r.jsonl"
    text = end.join(json.dumps(one, ensure_ascii=False) for one in RECORDS) + end
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    file.write_bytes((mark + text).encode(encoding))
    (report,) = ingest(session, [file], as_=Mode.RECORDS).files
    assert report.error is None and report.outcome is Outcome.ADDED
    articles = list(session.articles())
    assert [one.title for one in articles] == ["水车", "渡口"]
    (issue,) = (one for one in report.issues if one.code is IssueCode.STATE_SECRET)
    assert issue.place == "第 2 行" and "只有这一条没有收" in issue.message and "密件" not in issue.message
    kept = session.original(articles[0].original)[0].read_bytes().decode(encoding)
    assert "密件" not in kept and [json.loads(one)["id"] for one in kept.removeprefix("\ufeff").splitlines()] == [
        "1",
        "3",
    ]
    assert "密件" in file.read_bytes().decode(encoding), "what was brought is not touched"
    (again,) = ingest(session, [file], as_=Mode.RECORDS).files
    assert again.outcome is Outcome.ALREADY


def test_a_file_of_nothing_else_is_refused(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    file.write_text(json.dumps(RECORDS[1], ensure_ascii=False), encoding="utf-8")
    (report,) = ingest(session, [file], as_=Mode.RECORDS).files
    assert report.error is not None and "国家秘密" in report.error.message and "保密员" in (report.error.hint or "")
    assert session.count() == 0 and not list((session.root / "originals").rglob("*.*"))
