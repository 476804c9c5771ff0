"""What happens before reading: which files are taken, and that nothing of it stays behind."""

from __future__ import annotations

import tempfile
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from archive.model.errors import StorageError
from archive.model.records import Collection
from ingest.pipeline.importer import ingest
from ingest.pipeline.sources import Source, beside, plan
from ingest.pipeline.staging import prepared
from ingest.readers import containers
from ingest.splitting.split import Mode

HERE = Collection("here", "试")
TEXT = "题\n正文。".encode()
# a.txt with TEXT, encrypted with the password shuiche the old way, which the standard library can read but not write
LOCKED = (
    "504b030414000100000000002100a06a20b5190000000d00000005000000612e74787422212773b05bf7302e26274c7c31d7"
    "80ae3fe1d0461c009a67504b0102140014000100000000002100a06a20b5190000000d000000050000000000000000000000"
    "000000000000612e747874504b05060000000001000100330000003c0000000000"
)


def source(file: Path) -> Source:
    return Source(file, file.name, HERE, Mode.AUTO)


def test_pictures_beside_manuscripts_and_pages_by_themselves() -> None:
    assert beside(["甲.docx", "图.png", "Thumbs.db"]) == {"图.png", "Thumbs.db"}
    assert beside(["001.jpg", "002.JPG", "Thumbs.db"]) == {"Thumbs.db"}
    assert beside([]) == frozenset()


def test_a_folder_of_scans_is_taken(tmp_path: Path) -> None:
    for name in ("001.jpg", "002.jpg", "desktop.ini"):
        (tmp_path / name).write_bytes(b"x")
    assert [(one.name, one.skipped) for one in plan([tmp_path])] == [
        ("001.jpg", False),
        ("002.jpg", False),
        ("desktop.ini", True),
    ]


def test_temporary_files_are_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "临时"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    file = tmp_path / "稿.zip"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("甲.txt", TEXT)
    with prepared([source(file)]) as ready:
        assert [one.source.name for one in ready] == ["稿.zip/甲.txt"]
        assert ready[0].reading.is_relative_to(place)
    assert list(place.iterdir()) == []


def test_order_is_kept(tmp_path: Path) -> None:
    for name in ("1.txt", "3.txt"):
        (tmp_path / name).write_bytes(TEXT)
    with zipfile.ZipFile(tmp_path / "2.zip", "w") as made:
        made.writestr("a.txt", TEXT)
        made.writestr("b.txt", TEXT)
    with prepared([source(tmp_path / name) for name in ("1.txt", "2.zip", "3.txt")]) as ready:
        assert [one.source.name for one in ready] == ["1.txt", "2.zip/a.txt", "2.zip/b.txt", "3.txt"]


@pytest.mark.usefixtures("in_this_process")
def test_full_disk_is_the_fault_of_one_file(tmp_path: Path, fake_library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "大.zip", "w") as made:
        made.writestr("甲.txt", TEXT)
    (tmp_path / "好.txt").write_bytes(TEXT)

    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(containers, "unpack", full)
    report = ingest(fake_library, [tmp_path])
    assert [type(file.error) for file in report.failed] == [StorageError]
    assert report.exit_code == 3


@pytest.mark.parametrize("password", ["", "错", "shuiche"])
def test_archive_with_a_password(tmp_path: Path, fake_library: Any, password: str) -> None:
    file = tmp_path / "密.zip"
    file.write_bytes(bytes.fromhex(LOCKED))
    error = ingest(fake_library, [file], password=password).files[0].error
    if password == "shuiche":
        assert error is None
        assert fake_library.articles[0].title == "题"
    else:
        assert error is not None
        assert "密码" in error.message
        assert "--password" in error.hint


def test_manuscripts_attached_to_a_mail_are_files_of_their_own(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "甲 <a@example.org>", "乙 <b@example.org>", "来稿"
    mail.set_content("请审阅。")
    mail.add_attachment("题\n正文。".encode(), maintype="application", subtype="octet-stream", filename="稿/水车记.txt")
    mail.add_attachment(b"zz", maintype="application", subtype="msword", filename="坏稿.doc")
    mail.add_attachment(b"zz", maintype="image", subtype="png", filename="照片.png")
    file = tmp_path / "信.eml"
    file.write_bytes(mail.as_bytes())
    with prepared([source(file)]) as ready:
        assert [(one.source.name, one.form, bool(one.fault)) for one in ready] == [
            ("信.eml", "mime", False), ("信.eml/水车记.txt", "text", False), ("信.eml/坏稿.doc", "", True),
        ]  # fmt: skip
