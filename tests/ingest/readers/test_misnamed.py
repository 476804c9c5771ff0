"""A file that is not what its name says: refused with what to do, or read as what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.model.errors import ReadError
from ingest.readers import registry


@pytest.mark.parametrize("name", ["稿.docx", "稿.DOC", "稿.pdf", "稿.zip"])
def test_text_under_another_name_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text("这只是一段文字，不是文档。", encoding="utf-8")
    with pytest.raises(ReadError, match="内容却只是纯文本") as caught:
        registry.read(file, name)
    assert ".txt" in caught.value.hint


@pytest.mark.parametrize("name", ["稿.txt", "稿.md", "稿", "稿.bak", "第一辑.1"])
def test_text_under_its_own_name_is_read(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text("这只是一段文字，不是文档。", encoding="utf-8")
    assert registry.read(file, name).blocks[0].text == "这只是一段文字，不是文档。"
