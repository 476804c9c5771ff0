"""The import contracts of pyproject.toml forbid what ARCHITECTURE.md says they forbid."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """The packages with the same modules, all empty."""
    for package in ("archive", "ingest", "web"):
        for module in (ROOT / package).rglob("*.py"):
            copy = tmp_path / module.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.touch()
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    return tmp_path


def kept(tree: Path) -> bool:
    """Whether every contract holds in `tree` (whose modules shadow the installed ones)."""
    code = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    ran = subprocess.run([sys.executable, "-c", code], cwd=tree, capture_output=True, encoding="utf-8")
    assert "Contracts: " in ran.stdout, ran.stdout + ran.stderr
    return ran.returncode == 0


def test_the_skeleton_keeps_them(skeleton: Path) -> None:
    assert kept(skeleton)


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("archive/model/records.py", "web.app"),
        ("archive/library.py", "ingest.splitting.split"),
        ("ingest/splitting/split.py", "web.app"),
        ("archive/model/errors.py", "archive.model.records"),
        ("archive/search/query.py", "archive.library"),
        ("archive/store/store.py", "archive.search.index.engine"),
        ("archive/export/book.py", "archive.store.store"),
        ("archive/text/folding.py", "archive.dates"),
        ("web/search/search_page.py", "archive.store.store"),
        ("web/search/search_page.py", "archive.search.index.engine"),
        ("ingest/pipeline/importer.py", "archive.search.query"),
    ],
)
def test_outward_and_sideways_imports_are_refused(skeleton: Path, importer: str, imported: str) -> None:
    assert (skeleton / importer).exists()
    (skeleton / importer).write_text(f"import {imported}\n", encoding="utf-8")
    assert not kept(skeleton)


def test_a_module_outside_every_layer_is_refused(skeleton: Path) -> None:
    (skeleton / "archive" / "newcomer.py").touch()
    assert not kept(skeleton)
