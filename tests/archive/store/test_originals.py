"""Files by content: whole or not there, never altered."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from archive.model.errors import NotFound, StorageError
from archive.store.originals import FolderVault, readable

DATA = "原件".encode()
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def vault(tmp_path: Path) -> FolderVault:
    return FolderVault(tmp_path / "originals")


def test_a_file_is_kept_under_its_digest_and_read_only(vault: FolderVault, tmp_path: Path) -> None:
    source = tmp_path / "稿.docx"
    source.write_bytes(DATA)
    assert vault.keep(source, SHA256)
    kept = vault.path(SHA256)
    assert kept == vault.root / SHA256[:2] / SHA256
    assert kept.read_bytes() == DATA
    assert not kept.stat().st_mode & stat.S_IWUSR
    assert [one.place for one in vault.listed()] == [str(kept)]
    assert vault.size(SHA256) == len(DATA)


def test_keeping_again_changes_nothing(vault: FolderVault) -> None:
    assert vault.keep(DATA, SHA256)
    before = vault.path(SHA256).stat()
    assert not vault.keep(DATA, SHA256)
    assert vault.path(SHA256).stat().st_mtime_ns == before.st_mtime_ns


def test_a_damaged_copy_is_replaced_by_a_good_one(vault: FolderVault) -> None:
    vault.keep(DATA, SHA256)
    vault.path(SHA256).chmod(0o644)
    vault.path(SHA256).write_bytes(b"rot")
    assert vault.keep(DATA, SHA256)
    assert vault.path(SHA256).read_bytes() == DATA


def test_content_that_is_not_what_was_promised_is_refused(vault: FolderVault, tmp_path: Path) -> None:
    source = tmp_path / "changed.txt"
    source.write_bytes(b"changed meanwhile")
    with pytest.raises(StorageError, match="不一致") as caught:
        vault.keep(source, SHA256)
    assert caught.value.place == str(source)
    assert not vault.holds(SHA256)
    assert list((vault.root / "incoming").iterdir()) == []


def test_a_missing_source_is_named(vault: FolderVault, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="不存在") as caught:
        vault.keep(tmp_path / "没有.txt", SHA256)
    assert caught.value.place.endswith("没有.txt")


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "AB" * 32, "ab" * 31, "ab" * 32 + "\n"])
def test_only_a_digest_names_a_file(vault: FolderVault, name: str) -> None:
    with pytest.raises(NotFound):
        vault.path(name)


def test_unfinished_copies_are_swept_and_never_listed(vault: FolderVault) -> None:
    vault.keep(DATA, SHA256)
    left = vault.root / "incoming" / "0123"
    left.write_bytes(b"half")
    assert [one.sha256 for one in vault.listed()] == [SHA256]
    vault.sweep()
    assert not left.exists()
    assert vault.holds(SHA256)


@pytest.mark.parametrize("name", ["第十二辑.docx", "𠮷野.txt", "a b"])
def test_names_that_are_text_stay(name: str) -> None:
    assert readable(name) == name


def test_names_in_gbk_are_read_as_such() -> None:
    """What Linux makes of a name that came from an old Windows zip."""
    as_given = "第十二辑.docx".encode("gbk").decode("utf-8", "surrogateescape")
    assert readable(as_given) == "第十二辑.docx"


@pytest.mark.parametrize("name", [b"\xff\xfe.txt".decode("utf-8", "surrogateescape"), "半个\ud842.txt"])
def test_names_in_nothing_known_become_storable(name: str) -> None:
    assert readable(name).encode("utf-8").endswith(b".txt")
