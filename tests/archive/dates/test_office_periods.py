"""Each library reads dates by its own periods, whatever other libraries do in the same process."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from archive.dates import DateReader, day, iso, shipped_reader
from archive.dates.office_entries import OfficePeriod, OfficeTerms
from archive.dates.office_periods import FILE, OfficePeriods
from archive.model.errors import ConfigError

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


# -- entering periods without an editor of texts

BY_HAND = """\
# 本县的时期

# 依县志
[[period]]
names = ["解放", "县城解放"]
start = "1949-09-19"
source = "县志"

# 会战两年
[[period]]
names = ["沙坡头会战"]
start = "1958-03"
end = "1959-10"
alone = true
"""


def by_hand(root: Path) -> OfficePeriods:
    (root / FILE).write_text(BY_HAND, encoding="utf-8")
    return OfficePeriods(root)


def test_entries_are_read_as_values(tmp_path: Path) -> None:
    assert by_hand(tmp_path).entries() == (
        OfficePeriod(("解放", "县城解放"), "1949-09-19", source="县志"),
        OfficePeriod(("沙坡头会战",), "1958-03", "1959-10", alone=True),
    )
    assert OfficePeriods(tmp_path / "none").entries() == ()


def test_an_entry_replaces_the_one_of_its_name_and_leaves_the_rest_alone(tmp_path: Path) -> None:
    periods = by_hand(tmp_path)
    assert periods.reader().parse("解放后").start == day(1949, 9, 19)
    periods.put(OfficePeriod(("解放",), "1949-09-23", before="1949-09-22", source="县志“大事记”"))
    periods.put(OfficeTerms(("县政协", "政协…某县委员会"), ("1956-03-05", "1959-01-20")))
    text = (tmp_path / FILE).read_text(encoding="utf-8")
    assert text.startswith("# 本县的时期\n\n# 依县志\n[[period]]\n")
    assert '# 会战两年\n[[period]]\nnames = ["沙坡头会战"]' in text
    assert text.count("[[period]]") == 2
    assert [entry.source for entry in periods.entries()] == ["县志“大事记”", "", ""]
    assert periods.reader().parse("解放后").start == day(1949, 9, 23)
    assert periods.reader().parse("政协第二届某县委员会").start == day(1959, 1, 20)


def test_an_entry_can_be_taken_out(tmp_path: Path) -> None:
    periods = by_hand(tmp_path)
    periods.remove(OfficePeriod, "解放")
    periods.remove(OfficeTerms, "解放")
    assert [entry.names for entry in periods.entries() if isinstance(entry, OfficePeriod)] == [("沙坡头会战",)]
    assert "# 会战两年" in (tmp_path / FILE).read_text(encoding="utf-8")
    assert periods.reader().parse("解放后").start == day(1949, 10, 1)


@pytest.mark.parametrize(
    "entry",
    [
        OfficePeriod(("解放",), "1949-13-19"),
        OfficePeriod(("解放",), "1949-09-19", "1948"),
        OfficePeriod((), "1949"),
        OfficeTerms(("县政协",), ("1959-01-20", "1956-03-05")),
        OfficeTerms(("县政协",), ()),
    ],
)
def test_what_cannot_be_changes_nothing(tmp_path: Path, entry: OfficePeriod | OfficeTerms) -> None:
    periods = by_hand(tmp_path)
    with pytest.raises(ConfigError):
        periods.put(entry)
    assert (tmp_path / FILE).read_text(encoding="utf-8") == BY_HAND


def test_a_broken_file_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("[[period]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="第 1 行"):
        OfficePeriods(tmp_path).put(OfficePeriod(("解放",), "1949-09-19"))
    assert (tmp_path / FILE).read_text(encoding="utf-8") == "[[period]\n"


def test_names_may_hold_what_toml_would_take_for_its_own(tmp_path: Path) -> None:
    periods = OfficePeriods(tmp_path)
    entry = OfficePeriod(('“三五”"会战"\\', "a#b"), "1958", source="见[[period]]\n第二行")
    periods.put(entry)
    periods.put(entry)
    assert periods.entries() == (entry,)
