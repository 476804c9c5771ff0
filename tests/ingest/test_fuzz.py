"""A small, fixed budget of damaged files of every format; `make fuzz` takes in thousands."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "bench" / "fuzz.py"


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzz", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz"] = module
    spec.loader.exec_module(module)
    return module


def test_whole_files_are_read(fuzz: ModuleType, tmp_path: Path) -> None:
    for kind, data in fuzz.whole_files().items():
        file = tmp_path / f"a.{kind}"
        file.write_bytes(data)
        done = fuzz.taken_in(fuzz.Damaged(file, kind))
        assert (kind, done.outcome) in ((kind, fuzz.READ), ("doc", fuzz.REFUSED), ("doc", fuzz.NET)), done.detail


def test_damaged_files_end_in_words(fuzz: ModuleType, tmp_path: Path) -> None:
    done = [fuzz.taken_in(one) for one in fuzz.inputs(128, 7, tmp_path)]
    assert [one for one in done if one.outcome in fuzz.BAD] == []
    assert {one.outcome for one in done} >= {fuzz.READ, fuzz.REFUSED}
