"""Fixtures every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real material, which is never part of the project; tests that need it skip without it."""
    given = os.environ.get("WENSHI_SHARED_DATA")
    folder = Path(given) if given else Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real material is not on this machine: {folder} (set WENSHI_SHARED_DATA)")
    return folder
