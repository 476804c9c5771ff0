"""Marks beside Han characters stand as Chinese print has them."""

from __future__ import annotations

import pytest

from ingest.text.printed_marks import as_printed


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("他说:“好”", "他说：“好”"),
        ("水车(十二架),灌田", "水车（十二架），灌田"),
        ("一千八百吊了….…", "一千八百吊了……"),
        ("走了...又来", "走了……又来"),
        ("那院--不大", "那院——不大"),
        ("上午10:30到", "上午10:30到"),
        ("共3,000亩", "共3,000亩"),
        ("see (a) and b.", "see (a) and b."),
        ("1950-1953年", "1950-1953年"),
        ("", ""),
    ],
)
def test_marks(read: str, printed: str) -> None:
    assert as_printed(read) == printed
