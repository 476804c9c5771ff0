r"""EQ and SYMBOL fields of RTF become the text they show before LibreOffice, which drops it, converts them."""

from __future__ import annotations

import pytest

from ingest.readers.rtf_fields import written_out


def field(instruction: str, result: str = "") -> bytes:
    return rb"{\rtf1\ansi\ansicpg936 A{\field{\*\fldinst {%s}}{\fldrslt {%s}}}B\par }" % (
        instruction.encode("ascii"),
        result.encode("ascii"),
    )


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        (r" EQ \\f(3,4)", "3/4"),
        (r"eq \\o\\ac(\'a1\'f0,\u21360?)", r"\u21360?"),
        (r"EQ \\* jc2 \\o\\ad(\\s\\up 9(shuo),\'cb\'b7)", r"\u26388?\u-248?shuo\u-247?"),
        (r'SYMBOL 254 \\f "Wingdings" \\s 12', r"\u9745?"),
    ],
)
def test_a_field_becomes_what_it_shows(instruction: str, shown: str) -> None:
    assert written_out(field(instruction)) == rb"{\rtf1\ansi\ansicpg936 A{%s}B\par }" % shown.encode("ascii")


@pytest.mark.parametrize(
    "data",
    [
        field('HYPERLINK "http://example.org"', r"\'c1\'b4"),
        field("PAGE", "3"),
        b"{\\rtf1 {\\field{\\*\\fldinst EQ \\\\f(1,2)",
        b"{\\rtf1 {\\field}}",
    ],
)
def test_other_fields_and_broken_ones_stay(data: bytes) -> None:
    assert written_out(data) == data
