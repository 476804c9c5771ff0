"""wenshi dates."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from archive.cli.dates_command import dates
from archive.model.errors import ReadError
from archive.support.config import Config


def run(arguments: list[str], input: str | None = None) -> Result:
    """The command on a text, with no library about."""
    return CliRunner().invoke(dates, arguments, input=input, obj=Config(Path("no-such-library"), False))


def test_json_of_standard_input() -> None:
    result = run(["--json", "--year", "1958"], input="光緒三十年，3月，解放后")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == [
        {
            "text": "光緒三十年",
            "offset": 0,
            "start": "1904-02-16",
            "end": "1905-02-03",
            "precision": "year",
            "rule": "era",
            "confidence": 1.0,
        },
        {
            "text": "3月",
            "offset": 6,
            "start": "1904-04-16",
            "end": "1904-05-14",
            "precision": "month",
            "rule": "month",
            "confidence": 0.9,
        },
        {
            "text": "解放后",
            "offset": 9,
            "start": "1949-10-01",
            "end": None,
            "precision": "period",
            "rule": "period",
            "confidence": 1.0,
            "vague": True,
        },
    ]


def test_plain_lines_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("1947年（明弘治十年）\n立碑", encoding="utf-8")
    result = run([str(path)])
    assert result.stdout == "0\t1947年（明弘治十年）\t1947年；又作 1497年2月11日—1498年1月30日；前后矛盾\n"


def test_offsets_count_the_line_ends_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes("\ufeff甲。\r\n乙。\r\n1958年".encode())
    found = json.loads(run(["--json", str(path)]).stdout)
    assert [one["offset"] for one in found] == [8]


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes("光绪三十年".encode("gb18030"))
    result = run([str(path)])
    assert isinstance(result.exception, ReadError)
    assert "UTF-8" in str(result.exception)


def test_a_text_without_dates_gives_nothing() -> None:
    result = run(["--json"], input="没有日期。")
    assert json.loads(result.stdout) == []


LINES = """\
1958\t3月修渠，1950年2月29日。
民国三年设局\t
5月开工\t1961
光绪三十年，修渠
"""


def test_each_line_is_a_text_of_its_own() -> None:
    done = run(["--lines"], input=LINES)
    values = [json.loads(line) for line in done.output.splitlines()]
    assert [(one["line"], one["year"], one["text"]) for one in values] == [
        (1, 1958, "3月修渠，1950年2月29日。"),
        (2, None, "民国三年设局\t"),
        (3, 1961, "5月开工"),
        (4, None, "光绪三十年，修渠"),
    ]
    assert [date["start"] for date in values[0]["dates"]] == ["1958-03-01", "1950-01-01"]
    assert values[0]["dates"][1]["impossible"] is True
    assert [date["start"] for one in values[1:] for date in one["dates"]] == ["1914-01-01", "1961-05-01", "1904-02-16"]


def test_the_year_of_a_line_may_stand_in_any_column() -> None:
    done = run(["--lines", "--year-column", "3"], input="5月开工\t来源\t1961\n6月竣工\t来源\t\n")
    first, second = (json.loads(line) for line in done.output.splitlines())
    assert (first["text"], first["dates"][0]["start"]) == ("5月开工", "1961-05-01")
    assert (second["year"], second["dates"]) == (None, [])


def test_lines_with_the_day_they_were_written() -> None:
    done = run(["--lines"], input="2024-09-03\t昨日，总理30日下午返京。\n2024-13-03\t昨日开会。\n2024-02-30\t昨日。\n")
    first, second, third = (json.loads(line) for line in done.output.splitlines())
    assert first["year"] == 2024
    assert [one["start"] for one in first["dates"]] == ["2024-09-02", "2024-09-30"]
    assert (second["year"], third["dates"]) == (None, []), "such days never were"
