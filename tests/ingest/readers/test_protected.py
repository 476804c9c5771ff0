"""Files with a password."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archive.model.errors import ReadError
from archive.support.files import sha256_of
from archive.support.libreoffice import LibreOffice
from ingest.pipeline.importer import ingest


@pytest.mark.parametrize("name", ["t1_protected.doc", "t2_protected.docx"])
def test_word_with_its_password(shared_data: Path, fake_library: Any, office: LibreOffice, name: str) -> None:
    file = shared_data / "office" / name
    report = ingest(fake_library, [file], password="tika")
    assert report.exit_code == 0
    (article, *_) = fake_library.articles
    assert article.original == sha256_of(file)
    assert article.characters > 20


@pytest.mark.parametrize("name", ["t1_protected.doc", "t2_protected.docx"])
@pytest.mark.parametrize(("password", "words"), [("", "加了密码"), ("错", "密码不对")])
def test_word_without_it(shared_data: Path, fake_library: Any, name: str, password: str, words: str) -> None:
    report = ingest(fake_library, [shared_data / "office" / name], password=password)
    assert report.exit_code == ReadError.exit_code
    error = report.files[0].error
    assert error is not None
    assert words in error.message
    assert error.place == name
    assert error.hint
