"""Numbers and dates of a cell as Excel shows them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.support.number_formats import plain, shown


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (1234567.5, "General", "1234567.5"),
        (1959.1, "0.00", "1959.10"),
        (12, "0000", "0012"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (0, "#,##0", "0"),
        (0.125, "0.0%", "12.5%"),
        (2.5, "0", "3"),  # half up, as Excel does, not to the even neighbour
        (0.5, "#.##", ".5"),
        (3, "0.##", "3"),
        (-5, "0", "-5"),
        (-5, "0;(0)", "(5)"),
        (-1234, "#,##0_);[Red]\\(#,##0\\)", "(1,234)"),
        (0, '0;-0;"—"', "—"),
        (12.5, "[$¥-804]#,##0.00", "¥12.50"),
        (12, '"第"0"届"', "第12届"),
        (12345678, '0,,"百万"', "12百万"),
        (13800001111, "000-0000-0000", "138-0000-1111"),
        (370683198001011000.0, "0", "370683198001011000"),
        (1e17, "General", "100000000000000000"),
        (1.5, "# ?/?", "1.5"),  # a form that is not imitated: the number in full
        (1956, "0.00E+00", "1956"),
        (3, ";;;", "3"),  # hidden in Excel, and yet not lost
        (True, "General", "是"),
        (datetime.datetime(1956, 6, 1), 'yyyy"年"m"月"', "1956年6月"),
        (datetime.datetime(1956, 6, 1, 8, 30), "yyyy/m/d h:mm", "1956年6月1日 8:30"),
        (datetime.time(8, 30), "h:mm", "08:30:00"),
        (None, "0.00", ""),
    ],
)
def test_shown(value: object, form: str, text: str) -> None:
    assert shown(value, form) == text


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e38, max_value=1e38))
def test_a_number_in_full_keeps_fifteen_digits_and_has_no_exponent(value: float) -> None:
    written = plain(value)
    assert float(written) == float(f"{value:.15g}")
    assert "e" not in written.lower() or abs(value) < 1e-38


@given(st.floats(allow_nan=False, width=64), st.text(alphabet='0#?.,;%"\\[]_*年E+@ -', max_size=12))
def test_no_format_raises(value: float, form: str) -> None:
    assert isinstance(shown(value, form), str)
