"""Of the characters a recogniser wavers between, the one that fits its sentence far better is put first."""

from __future__ import annotations

import pytest

from archive.corrections.suggestions import BY_NAMES, BY_WORDS, likelier, names_by_character

NAMES = names_by_character(["秦渠", "马福样", "河", "沙坡头"], "渠样坡河")


@pytest.mark.parametrize(
    ("text", "at", "others", "found"),
    [
        ("公社社员参加劳勤", 7, "动助", ("动", BY_WORDS)),
        ("解决了群众的困准", 7, "难淮", ("难", BY_WORDS)),
        ("那年修了秦梁", 5, "渠粱", ("渠", BY_NAMES)),
        ("到沙玻头看过", 2, "坡波", ("坡", BY_NAMES)),
        ("马福样当时在家", 2, "祥洋", ("", "")),  # what was read is a name of the office
        ("公社社员参加劳动", 7, "勤助", ("", "")),
        ("李乙和李丁在家", 1, "己巳", ("", "")),
        ("参加劳。", 3, "，、", ("", "")),
        ("劳", 0, "", ("", "")),
    ],
)
def test_what_fits_better(text: str, at: int, others: str, found: tuple[str, str]) -> None:
    assert likelier(text, at, others, NAMES) == found


def test_names_of_one_character_say_nothing() -> None:
    assert "河" not in NAMES
    assert NAMES["渠"] == ("秦渠",)
