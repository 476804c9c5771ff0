"""Equations of RTF stand in the text in linear form before LibreOffice, which may leave them out, converts it."""

from __future__ import annotations

import pytest

from ingest.readers.rtf_math import written_out


def run(text: str) -> str:
    return r"{\mr\mscr0\msty2{\rtlch\fcs1 \af0 \ltrch\fcs0 \f34 " + text + "}}"


def equation(inside: str) -> bytes:
    return (r"{\rtf1\ansi\ansicpg936 A{\mmath{\*\moMath" + inside + r"}{\mmathPict{\pict 0123}}}B\par }").encode(
        "ascii"
    )


@pytest.mark.parametrize(
    ("inside", "linear"),
    [
        (r"{\mf{\mfPr{\mctrlPr\f34 x}}{\mnum" + run("1") + r"}{\mden" + run("2") + "}}", "1/2"),
        (r"{\msSup{\me" + run("10") + r"}{\msup" + run("4") + "}}", "10^4"),
        (r"{\mnary{\mnaryPr{\mchr \u8721 ?}{\mlimLoc undOvr}}{\msub" + run("i=1") + r"}{\msup" + run("n")
         + r"}{\me" + run(r"\'c4\'b6") + "}}", r"\u8721?_(i=1)^n\u20137?"),
        (r"{\mrad{\mradPr{\mdegHide on}}{\mdeg}{\me" + run("2+x") + "}}", r"\u8730?(2+x)"),
        (r"{\md{\mdPr{\mbegChr [}{\mendChr ]}}{\me" + run(r"\u20137 ?") + "}}", r"[\u20137?]"),
    ],
)  # fmt: skip
def test_an_equation_becomes_a_line(inside: str, linear: str) -> None:
    assert written_out(equation(inside)) == rb"{\rtf1\ansi\ansicpg936 A{%s}B\par }" % linear.encode("ascii")


@pytest.mark.parametrize(
    "data", [b"{\\rtf1 {\\mmath{", b"{\\rtf1 {\\mmath}}", b"{" * 500 + b"\\mmath", b"{\\rtf1 \\mmathPr x}"]
)
def test_what_is_no_equation_stays(data: bytes) -> None:
    assert written_out(data) == data
