"""A small, fixed budget of queries, tables, files and forms at random; `make fuzz` asks thousands."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from archive.cli.main import run

SCRIPT = Path(__file__).resolve().parents[1] / "bench" / "fuzz_requests.py"
BUDGET = {"query": 60, "table": 24, "file": 16, "form": 40}


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzz_requests", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz_requests"] = module
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(SCRIPT.parent))  # measurements import their neighbours by name
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sample") / "library"
    assert run(["--library", str(root), "demo", "--build-only"]) == 0
    return root


@pytest.mark.parametrize("kind", sorted(BUDGET))
def test_6_nothing_at_random_ends_without_words(kind: str, fuzz: ModuleType, sample: Path) -> None:
    assert list(fuzz.failures(sample, kind, BUDGET[kind], 7)) == []


def test_6_what_is_raised_without_words_is_told(
    fuzz: ModuleType, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("archive.session.Session.search", broken)
    assert len(list(fuzz.failures(sample, "query", 3, 1))) == 3


@pytest.mark.parametrize(
    "command",
    [
        ["search", "--", "--5"],
        ["search", "--", "-" * 1900 + "水"],
        ["search", "(" * 1900],
        ["search", "水 NEAR/" + "9" * 5000 + " 车"],
        ["search", "水", "--period", "9" * 5000 + "年"],
        ["search", "水", "--limit", "9" * 30],
        ["show", "9" * 30],
        ["show", "1", "--version", "9" * 30],
    ],
)
def test_6_ordinary_mistakes_end_in_a_sentence(
    command: list[str], sample: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["--library", str(sample), *command]) in {0, 2, 14}
    assert "Traceback" not in capfd.readouterr().err


def test_6_the_words_of_an_office_may_be_in_any_encoding(sample: Path) -> None:
    words = sample / "words.txt"
    words.write_bytes("河湾水车 10 n\n".encode("gb18030") + b"\xff\n")
    try:
        assert run(["--library", str(sample), "search", "水车"]) == 0
    finally:
        words.unlink()
