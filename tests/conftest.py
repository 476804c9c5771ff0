"""What every test may use, and the one way in which random examples are made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow, which says nothing about the code: no time limit for one example, and no complaint about the
# time that making examples takes. A failure is printed in a form that can be pasted into the test (`print_blob`). Where
# CI is set, everybody gets the same examples; elsewhere they differ from run to run, so that more is found over time.
settings.register_profile(
    "wenshi",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
)
settings.load_profile("wenshi")


@pytest.fixture(scope="session", autouse=True)
def _tables_made_once() -> Iterator[None]:
    """The migrations make the tables of an empty library once in a process; from then on they are copied.

    The many steps take a tenth of a second, and thousands of tests begin with an empty library.
    """
    from archive.store import store, upgrade
    from archive.store.database import Database

    made: list[str] = []

    def copied(database: Database, backups: Path) -> str:
        if not database.one_file or (before := database.revision()):
            return upgrade.bring_up_to_date(database, backups)
        if not made:
            upgrade.bring_up_to_date(database, backups)
            with database.reading() as connection:
                made.extend(connection.connection.driver_connection.iterdump())
            return before
        with database.migrating() as connection:
            for statement in made[1:-1]:  # without its own beginning and end of a transaction
                connection.exec_driver_sql(statement)
        return before

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "bring_up_to_date", copied)
        yield


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls of isolated processes are made here, so that what a test puts in place of our own code is what is called.

    Arguments and answers go through the same codes as otherwise.
    """
    from archive.support.isolation import isolated_process, plain_values, served_calls

    def call(self: object, function: Any, *arguments: object, returns: Any, **limits: object) -> Any:
        return plain_values.decoded(returns, plain_values.encoded(served_calls.named(function)(*arguments)))

    monkeypatch.setattr(isolated_process.IsolatedProcess, "call", call)


# What `make quick` leaves out: tests that are handed a browser or LibreOffice, by fixtures of these names or parameters
# of these types, and the files below. A test that starts such a program by itself is marked where it stands.
FIXTURES = dict.fromkeys(("browser", "plain_browser", "scripted", "plain"), "browser") | {"set_book": "office"}
TYPES = {"Chrome": "browser", "LibreOffice": "office", "OfficeLayout": "office"}
SLOW = (
    "archive/catalogue/test_date_service.py",
    "archive/cli/test_book_commands.py",
    "archive/cli/test_main.py",
    "archive/cli/test_names_command.py",
    "archive/cli/test_stored_dates.py",
    "archive/export/proof/test_proof.py",
    "archive/export/test_any_book.py",
    "archive/export/test_epub.py",
    "archive/export/test_export_command.py",
    "archive/export/test_nothing_lost.py",
    "archive/export/test_pdf.py",
    "archive/export/test_tei.py",
    "archive/export/test_word_schema.py",
    "archive/export/test_writing_files.py",
    "archive/store/test_backup.py",
    "archive/store/test_crash.py",
    "archive/test_moving.py",
    "archive/test_power_cuts.py",
    "archive/text/test_segmentation.py",
    "collections/test_build.py",
    "ingest/pipeline/test_completeness.py",
    "ingest/pipeline/test_kill.py",
    "ingest/pipeline/test_processes.py",
    "ingest/pipeline/test_watch.py",
    "ingest/readers/test_converted.py",
    "ingest/splitting/test_division.py",
    "ingest/splitting/test_title_evidence.py",
    "ingest/test_real.py",
    "project/test_error_examples.py",
    "project/test_packaging.py",
    "web/books/test_book_pages.py",
    "web/cli/test_demo.py",
    "web/test_fuzz_requests.py",
)
TESTS = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that take long by what they use and where they stand."""
    for item in items:
        if not isinstance(item, pytest.Function):
            continue
        marks = {mark for name, mark in FIXTURES.items() if name in item.fixturenames}
        marks |= {TYPES[type_] for type_ in item.function.__annotations__.values() if type_ in TYPES}
        if item.path.relative_to(TESTS).as_posix() in SLOW:
            marks.add("slow")
        for mark in marks:
            item.add_marker(mark)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real material, which is never part of the project; tests that need it skip without it."""
    given = os.environ.get("WENSHI_SHARED_DATA")
    folder = Path(given) if given else Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real material is not on this machine: {folder} (set WENSHI_SHARED_DATA)")
    return folder


@pytest.fixture(scope="session")
def hears_ctrl_c() -> str:
    """The first lines of a program that a test sends Ctrl+C (SIGINT) to.

    A shell starts background jobs with SIGINT ignored, and every process below inherits that. Python then does not
    raise KeyboardInterrupt, and the test would wait for an end that never comes.
    """
    return "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
