"""The sample collections and the script that builds them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
COLLECTIONS = ROOT / "collections"


@pytest.fixture(scope="session")
def collections() -> Path:
    """The folder of the sample collections."""
    return COLLECTIONS


@pytest.fixture(scope="session")
def builder() -> Iterator[ModuleType]:
    """`scripts/build_collections.py` as a module; its neighbours are importable while the tests run."""
    sys.path.insert(0, str(ROOT / "scripts"))
    yield importlib.import_module("build_collections")
    sys.path.remove(str(ROOT / "scripts"))
