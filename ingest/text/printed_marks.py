"""Marks as Chinese print has them: a recogniser tells a colon, not how wide it is set."""

from __future__ import annotations

import re

_HAN = "\u2e80-\u303f\u3400-\u9fff\uff00-\uffef“”‘’"
_WIDE = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）"}
_MARK = re.compile(rf"(?<=[{_HAN}])[,:;?!()]|[,:;?!()](?=[{_HAN}])")
_BETWEEN_DIGITS = re.compile(r"(?<=[\dA-Za-z])[,:](?=[\dA-Za-z])")
_DOTS = re.compile(rf"(?<=[{_HAN}])[.·…。]*(?:…|\.\.|··)[.·…]*|^[.·…]*(?:…|\.\.)[.·…]*(?=[{_HAN}])")
_DASH = re.compile(rf"(?<=[{_HAN}])[-–—－]{{2,}}|[-–—－]{{2,}}(?=[{_HAN}])|(?<=[{_HAN}])[–—－]$")


def as_printed(text: str) -> str:
    """The text of a line with marks beside Han characters in full width, six dots and the long dash whole.

    Between Latin letters and digits everything stays as it is.
    """
    text = _DOTS.sub("……", text)
    text = _DASH.sub("——", text)
    kept = [match.start() for match in _BETWEEN_DIGITS.finditer(text)]
    return _MARK.sub(lambda found: found[0] if found.start() in kept else _WIDE[found[0]], text)
