"""Work that nobody waits for any more is ended, with the program that does it."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest

from archive.export import child
from archive.model.errors import ExportError
from archive.support.cancellation import Cancelled, cancelled_unless, raise_if_cancelled


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A script that never answers."""
    script = tmp_path / "endless.py"
    script.write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    return script


def test_a_program_is_ended_when_nobody_waits(endless: Path) -> None:
    began = time.monotonic()
    with cancelled_unless(lambda: time.monotonic() < began + 0.3), pytest.raises(Cancelled):
        child.ask(endless, {}, endless.parent, 60)
    assert time.monotonic() - began < 10


def test_a_program_is_ended_when_it_takes_too_long(endless: Path) -> None:
    with pytest.raises(ExportError, match="还没有完成"):
        child.ask(endless, {}, endless.parent, 0.3)


def test_a_program_is_not_late_because_the_computer_slept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of Windows goes on meanwhile: here an hour at each look."""
    script = tmp_path / "slow.py"
    script.write_text("import time\ntime.sleep(0.6)\nprint(1)\n", encoding="utf-8")
    hours = itertools.count(0.0, 3600.0)
    monkeypatch.setattr(time, "monotonic", lambda: next(hours))
    assert child.ask(script, {}, tmp_path, 60) == 1


def test_work_is_wanted_unless_somebody_says_otherwise() -> None:
    raise_if_cancelled()
    with cancelled_unless(lambda: False), pytest.raises(Cancelled):
        raise_if_cancelled()
    raise_if_cancelled()
