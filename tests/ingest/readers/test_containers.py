"""Archives: names, bounds, passwords; every member an original of its own."""

from __future__ import annotations

import time
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from archive.support.files import sha256_of
from ingest.pipeline.importer import ingest
from ingest.pipeline.report import FileReport, Outcome
from ingest.readers import containers, zipped

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"a small picture"


def archive(file: Path, members: dict[str, bytes]) -> Path:
    """Writes an archive."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return file


def faults(files: list[FileReport]) -> list[str]:
    return [file.error.message for file in files if file.error is not None]


TEXT = "题\n正文。".encode()


@pytest.mark.parametrize(
    "members",
    [
        {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"},
        {"mimetype": b"application/epub+zip", "META-INF/container.xml": b"<x/>"},
        {"OFD.xml": b"<x/>"},
    ],
)
def test_a_document_that_is_a_container_is_no_archive_in_an_archive(tmp_path: Path, members: dict[str, bytes]) -> None:
    inner = archive(tmp_path / "内.x", members).read_bytes()
    whole = archive(
        tmp_path / "来稿.zip", {"稿.x": inner, "包.zip": archive(tmp_path / "b", {"a.txt": TEXT}).read_bytes()}
    )
    found = list(containers.unpack(whole, whole.name, tmp_path))
    assert [bool(member.fault) for member in found] == [False, True]


def test_members_become_originals(tmp_path: Path, fake_library: Any, word: Any) -> None:
    inner = word("<w:p><w:r><w:t>正文</w:t></w:r></w:p>", name="乙.docx").read_bytes()
    members = {
        "稿/甲.txt": TEXT,
        "稿/乙.docx": inner,
        "稿/图.png": PNG,
        "__MACOSX/._甲.txt": b"x",
        "稿/~$乙.docx": b"x",
        ".DS_Store": b"x",
    }
    report = ingest(fake_library, [archive(tmp_path / "来稿.zip", members)])
    assert [(file.file, file.outcome) for file in report.files] == [
        ("来稿.zip/稿/甲.txt", Outcome.ADDED),
        ("来稿.zip/稿/乙.docx", Outcome.ADDED),
        ("来稿.zip/稿/图.png", Outcome.SKIPPED),
    ]
    (tmp_path / "甲").write_bytes(TEXT)
    originals = {article.original for article in fake_library.articles}
    assert originals == {sha256_of(tmp_path / "甲"), sha256_of(tmp_path / "乙.docx")}
    assert fake_library.held.keys() == {"来稿"}


def test_names_in_gbk(shared_data: Path, fake_library: Any) -> None:
    """The member of the real archive is empty, so it fails; but under its own name."""
    report = ingest(fake_library, [shared_data / "office" / "t3_gbk.zip"])
    (file,) = report.files
    assert file.file.startswith("t3_gbk.zip/审计压缩包文件检索测试/集团邮件审计系统2021")
    assert file.file.endswith(".doc")
    assert faults(report.files) == ["文件是空的"]


def test_names_of_chinese_windows(tmp_path: Path) -> None:
    file = tmp_path / "旧.zip"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("xxxx.txt", TEXT)
    file.write_bytes(file.read_bytes().replace(b"xxxx.txt", "水车".encode("gbk") + b".txt"))
    (member,) = containers.unpack(file, "旧.zip", tmp_path)
    assert member.name == "旧.zip/水车.txt"


def test_names_cannot_lead_out(tmp_path: Path, fake_library: Any) -> None:
    folder = tmp_path / "里"
    folder.mkdir()
    file = archive(folder / "滑.zip", {"../../外.txt": TEXT, "/绝对.txt": TEXT + b"1", "..\\..\\反.txt": TEXT + b"2"})
    before = set(tmp_path.rglob("*"))
    report = ingest(fake_library, [file])
    assert [one.outcome for one in report.files] == [Outcome.ADDED] * 3
    assert set(tmp_path.rglob("*")) == before


class TestBounds:
    def test_ratio(self, tmp_path: Path, fake_library: Any) -> None:
        file = archive(tmp_path / "炸.zip", {"大.txt": bytes(60 * 2**20)})
        tracemalloc.start()
        started = time.perf_counter()
        report = ingest(fake_library, [file])
        seconds, (_, peak) = time.perf_counter() - started, tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert "压缩炸弹" in faults(report.files)[0]
        assert seconds < 1
        assert peak < 10 * 2**20

    @pytest.mark.parametrize(("limit", "value"), [("MAX_TOTAL", 5), ("MAX_MEMBERS", 1)])
    @pytest.mark.usefixtures("in_this_process")
    def test_count_and_total(self, tmp_path: Path, fake_library: Any, monkeypatch: pytest.MonkeyPatch, limit: str,
                             value: int) -> None:  # fmt: skip
        monkeypatch.setattr(zipped, limit, value)
        report = ingest(fake_library, [archive(tmp_path / "炸.zip", {"甲.txt": TEXT, "乙.txt": TEXT})])
        assert "压缩炸弹" in faults(report.files)[0]

    @pytest.mark.usefixtures("in_this_process")
    def test_one_member(self, tmp_path: Path, fake_library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(containers, "MAX_MEMBER", 10)
        report = ingest(fake_library, [archive(tmp_path / "大.zip", {"甲.txt": TEXT, "乙.txt": b"abc"})])
        assert [file.outcome for file in report.files] == [Outcome.FAILED, Outcome.ADDED]
        assert report.exit_code == 3

    def test_nested(self, tmp_path: Path, fake_library: Any) -> None:
        inner = archive(tmp_path / "内.zip", {"甲.txt": TEXT}).read_bytes()
        report = ingest(fake_library, [archive(tmp_path / "外.zip", {"内.zip": inner, "乙.txt": TEXT})])
        assert faults(report.files) == ["压缩包里还有压缩包"]
        assert report.exit_code == 3


def test_truncated(tmp_path: Path, fake_library: Any) -> None:
    file = archive(tmp_path / "断.zip", {"甲.txt": TEXT * 1000})
    file.write_bytes(file.read_bytes()[:60])
    report = ingest(fake_library, [file])
    assert "损坏" in faults(report.files)[0]


def test_damaged_member(tmp_path: Path, fake_library: Any) -> None:
    file = archive(tmp_path / "坏.zip", {"甲.txt": b"".join(b"%d" % n for n in range(9000)), "乙.txt": TEXT})
    data = bytearray(file.read_bytes())
    data[100:160] = bytes(60)
    file.write_bytes(data)
    report = ingest(fake_library, [file])
    assert [one.outcome for one in report.files] == [Outcome.FAILED, Outcome.ADDED]


def test_empty(tmp_path: Path, fake_library: Any) -> None:
    report = ingest(fake_library, [archive(tmp_path / "空.zip", {})])
    assert faults(report.files) == ["压缩包里没有文件"]


def test_one_bad_file_in_a_folder_of_many(tmp_path: Path, fake_library: Any) -> None:
    for number in range(40):
        (tmp_path / f"{number:02}.txt").write_text(f"题{number}\n正文。", encoding="utf-8")
    (tmp_path / "20.zip").write_bytes(b"PK\x03\x04 no archive at all")
    report = ingest(fake_library, [tmp_path])
    assert sum(file.outcome is Outcome.ADDED for file in report.files) == 40
    assert report.exit_code == 3
