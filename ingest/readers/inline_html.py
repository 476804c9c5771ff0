"""The text of one block of HTML while it is being collected: runs, with white space as browsers treat it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from archive.model.records import Run, Style
from ingest.text.raised import as_characters

_SPACE = re.compile(r"[ \t\r\n\f]+")
# Browsers show a space where a line breaks between two Han characters; nobody wrote one there.
_SEAM = re.compile(r"(?<=[^\x00-\xff])[ \t]*[\r\n][ \t\r\n]*(?=[^\x00-\xff])")
_EDGE = " \t\n\u3000\u00a0"


@dataclass(slots=True)
class HtmlInline:
    """Collects runs. `style` is what added text is set in."""

    runs: list[Run] = field(default_factory=list)
    style: Style = Style.NONE

    def add(self, text: str) -> None:
        """Appends text; neighbours of equal style become one run."""
        text = _SPACE.sub(" ", _SEAM.sub("", text))
        last = self.runs[-1] if self.runs else None
        if text.startswith(" ") and (last is None or last.text.endswith((" ", "\n"))):
            text = text[1:]
        if not text:
            return
        if last and last.style == self.style and not (last.note or last.ruby):
            self.runs[-1] = Run(last.text + text, self.style)
        else:
            self.runs.append(Run(text, self.style))

    def line_break(self) -> None:
        """A line break inside the block."""
        if self.runs:
            self.runs.append(Run("\n", self.style))

    def label(self, text: str) -> None:
        """The number of a list item, which browsers compute."""
        self.runs.append(Run(text, Style.GENERATED))

    def refer(self, note: str) -> None:
        """A reference to a note."""
        self.runs.append(Run("", note=note))

    def ruby(self, base: str, reading: str) -> None:
        """Text with its reading; a reading without a base stays text."""
        base, reading = _SPACE.sub("", base), " ".join(reading.split())
        if base and reading:
            self.runs.append(Run(base, self.style, ruby=reading))
        else:
            self.add(base or reading)

    def taken(self) -> tuple[tuple[Run, ...], int]:
        """The runs without white space at either end, and how many characters of indentation went; begins anew."""
        runs, self.runs = self.runs, []
        start = 1 if runs and Style.GENERATED in runs[0].style else 0
        indentation = 0
        while len(runs) > start and not runs[start].note:
            kept = runs[start].text.lstrip(_EDGE)
            indentation += len(runs[start].text) - len(kept)
            if kept:
                runs[start] = _with_text(runs[start], kept)
                break
            del runs[start]
        while len(runs) > start and not runs[-1].note:
            kept = runs[-1].text.rstrip(_EDGE)
            if kept:
                runs[-1] = _with_text(runs[-1], kept)
                break
            del runs[-1]
        if len(runs) > start:
            return as_characters(runs), indentation
        self.runs = runs  # a number waits for the text it belongs to
        return (), indentation


def _with_text(run: Run, text: str) -> Run:
    return Run(text, run.style, run.note, run.ruby)
