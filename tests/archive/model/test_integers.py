"""Numbers from forms, addresses and tables."""

import pytest

from archive.model.integers import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), (" 12 ", 12), ("０１２", 12), ("0", 0), ("999999999", 999_999_999)],
)
def test_a_whole_number(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "-1", "--5", "1.0", "²", "一", "9" * 5000])
def test_no_whole_number(text: str) -> None:
    assert whole_number(text) is None
