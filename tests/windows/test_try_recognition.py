"""Reading scans, by the edition that brings what that takes; `make test-windows FULL=1 OCR=1` makes it."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from tests.windows.conftest import MADE
from tests.windows.office import Office

SETUP = MADE / "wenshi-setup-ocr.exe"
PAGE = """
#set page(width: 160mm, height: 100mm, margin: 15mm)
#set text(font: "Noto Serif CJK SC", size: 16pt)
碾坊在东门外，光绪三十年由乡民集资修建，至今还在。
"""


def test_a_page_that_is_a_picture_is_read(office: Office, tmp_path: Path) -> None:
    """Installed over the edition without; after the other tests, since Wine is lent a part that it lacks."""
    if not SETUP.is_file():
        pytest.skip("the edition that reads scans is made by make test-windows FULL=1 OCR=1")
    source = tmp_path / "碾坊.typ"
    source.write_text(PAGE, encoding="utf-8")
    (tmp_path / "碾坊.png").write_bytes(typst.compile(source, format="png", ppi=200))
    source.unlink()
    code, said = office.wine.run(str(SETUP), "/S")
    assert code == 0, said
    office.wine.lend_complex_numbers()
    said = office.run("ingest", "--yes", f"Z:{tmp_path}")
    assert "文字由机器识别" in said
    assert office.found("集资修建")["total"] == 1
