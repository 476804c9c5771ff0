"""Typst with exactly the fonts chosen and no others, so that the same book looks the same on every run.

Typst takes folders of fonts, never single files, and looks into every file of the system's folders when it may. A
folder of its own with copies of the few files needed costs some 15 ms a file and makes it independent of what else is
installed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive.export.fonts import mending
from archive.export.fonts.catalogue import Typeface
from archive.export.fonts.coverage import Coverage, Fallback
from archive.model.errors import ExportError

if TYPE_CHECKING:
    import typst  # not made for every machine


@dataclass(frozen=True, slots=True)
class TypstFonts:
    """`fonts` is what `typst.Compiler(font_paths=…)` takes; `families` names each face as Typst knows it."""

    fonts: typst.Fonts
    families: Mapping[Typeface, str]

    def stack(self, role: str, coverage: Coverage) -> list[dict[str, str]]:
        """The fonts of a role as data for `text(font: …)`: first those that stand in, each with the characters it is
        for (`covers`, a regular expression), last the role's own font, for all the rest."""
        helping = [{"name": self.families[each.face], "covers": _characters(each)} for each in coverage.stand_ins(role)]
        return [*helping, {"name": self.families[coverage.fonts.regular[role]]}]


def _characters(fallback: Fallback) -> str:
    points = sorted({ord(char) for unit in fallback.units for char in unit})
    return "[" + "".join(f"\\x{{{code:x}}}" for code in points) + "]"


@contextmanager
def only(faces: Iterable[Typeface]) -> Iterator[TypstFonts]:
    """Typst's view of these faces; valid within the `with` block, which must last until the book is set.

    Raises ExportError when Typst cannot read one of them, ImportError where Typst is not installed.
    """
    import typst

    wanted = tuple(dict.fromkeys(faces))
    paths = list(dict.fromkeys(face.path for face in wanted))
    # On Windows a font file can still be mapped into memory when we are done; a temporary copy may then stay behind.
    with tempfile.TemporaryDirectory(prefix="wenshi-fonts-", ignore_cleanup_errors=True) as folder:
        copies = {path: Path(folder) / f"{number:03}{path.suffix.lower()}" for number, path in enumerate(paths)}
        for path, copy in copies.items():
            mending.copy(path, copy)
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
        known = {(Path(each.path).name, each.index): each.family for each in fonts.fonts() if each.path}
        families = {}
        for face in wanted:
            family = known.get((copies[face.path].name, face.index))
            if family is None:
                raise ExportError(
                    f"排版程序读不了字体“{face.name}”。",
                    place=str(face.path),
                    hint="请在版式文件的 [fonts] 里换一种字体。",
                )
            families[face] = family
        yield TypstFonts(fonts, families)
