"""Each library reads dates by its own periods, whatever other libraries do in the same process."""

from __future__ import annotations

import threading
from pathlib import Path

from archive.dates import DateReader, iso, shipped_reader
from archive.dates.office_periods import FILE, OfficePeriods

TEXT = "解放后修渠，县政协第二届会议议过此事，会战期间停工。"


def office(root: Path, day: int) -> OfficePeriods:
    """A library's folder whose county was liberated on that day of September 1949, and all else so many days later."""
    root.mkdir()
    (root / FILE).write_text(
        f'[[period]]\nnames = ["解放"]\nstart = "1949-09-{day}"\n'
        f'[[period]]\nnames = ["会战"]\nstart = "1958-03-{day}"\nend = "1959-10-{day}"\n'
        f'[[term]]\nbody = ["县政协"]\nterms = ["1956-03-{day}", "1959-01-{day}", "1962-04-{day}"]\n',
        encoding="utf-8",
    )
    return OfficePeriods(root)


def days(reader: DateReader) -> list[str]:
    return [iso(found.period.start or 0)[-2:] for found in reader.extract(TEXT)]


def test_two_libraries_in_two_threads_each_read_with_their_own_periods(tmp_path: Path) -> None:
    offices = {day: office(tmp_path / str(day), day) for day in (11, 19)}
    wrong: list[str] = []
    together = threading.Barrier(2)

    def read(day: int) -> None:
        together.wait()
        for _ in range(200):
            wrong.extend(found for found in days(offices[day].reader()) if found != str(day))
            period = offices[day].reader().parse("解放后")
            wrong.extend([iso(period.start or 0)] if not iso(period.start or 0).endswith(str(day)) else [])

    threads = [threading.Thread(target=read, args=(day,)) for day in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert all(days(offices[day].reader()) == [str(day)] * 3 for day in offices)
    assert days(shipped_reader()) == ["01"], "the shipped tables know none of these but 解放"
