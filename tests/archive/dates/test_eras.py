"""The table of eras."""

import csv
from pathlib import Path

import pytest

from archive.dates import eras, iso

QING = {
    "顺治": ("1644-02-08", 18),
    "康熙": ("1662-02-18", 61),
    "雍正": ("1723-02-05", 13),
    "乾隆": ("1736-02-12", 60),
    "嘉庆": ("1796-02-09", 25),
    "道光": ("1821-02-03", 30),
    "咸丰": ("1851-02-01", 11),
    "同治": ("1862-01-30", 13),
    "光绪": ("1875-02-06", 34),
    "宣统": ("1909-01-22", 3),
}


@pytest.mark.parametrize("name", QING)
def test_qing_reigns(name: str) -> None:
    (era,) = eras.candidates(name, "清")
    assert (iso(era.start), era.last) == QING[name]
    assert era.exact


def test_the_last_days() -> None:
    assert iso(eras.candidates("宣统", "清")[0].end) == "1912-02-12"
    assert iso(eras.candidates("崇祯", "明")[0].end) == "1644-04-25"
    assert iso(eras.candidates("万历", "大明")[0].end) == "1620-08-27"


def test_the_days_of_ming_and_qing_agree_with_the_reference(shared_data: Path) -> None:
    with (shared_data / "periods" / "eras_zh.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["dynasty"] in ("明", "清", "后金")]
    assert len(rows) == 31
    for row in rows:
        era = next(e for e in eras.candidates(row["era"], row["dynasty"]) if e.first == 1 or row["Y0"] == "1402")
        if row["Y0"] == "1402":  # 洪武三十五年
            continue
        assert era.year_one == int(row["Y0"]), row
        if era.exact:
            assert (era.start, era.end) == (int(row["start_jdn"]), int(row["end_jdn"])), row
        else:  # sources disagree: whole lunar years that cover what the reference says
            assert era.start <= int(row["start_jdn"]), row
            assert era.end >= int(row["end_jdn"]), row


def test_a_name_borne_twice_keeps_all_candidates() -> None:
    assert [era.year_one for era in eras.candidates("至元", "元")] == [1264, 1335]
    assert {era.dynasty for era in eras.candidates("贞观")} == {"唐", "西夏"}
    assert [era.dynasty for era in eras.candidates("贞观", "西夏")] == ["西夏"]


def test_an_era_taken_up_again_counts_on() -> None:
    late = next(era for era in eras.candidates("洪武") if era.first == 35)
    assert late.year(35) == 1402
    assert late.year(34) is None


def test_sexagenary_years_of_an_era() -> None:
    (era,) = eras.candidates("乾隆", "清")
    assert era.named_years("丁丑") == [1757]


def test_every_row_is_sound() -> None:
    for name, found in eras.table().items():
        for era in found:
            assert era.start <= era.end, name
            assert 1 <= era.first <= era.last <= 62, (name, era)
