"""The child process: runs Typst once and writes the result to standard output as JSON.

Started by path with the job's file as its only argument, and importing nothing of the program, so that it is up in a
few hundredths of a second and gives all its memory back when it is done.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import typst


def main(job_file: str) -> None:
    """Do the job: keys as written by `run_typst.run_typst`."""
    job: dict[str, Any] = json.loads(Path(job_file).read_text(encoding="utf-8"))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[job["fonts"]])
    pictures = PicturesOnDisk(Path(job["root"]), fonts, job["standards"])
    answer: dict[str, Any] = {"error": "", "refused": [], "warnings": []}
    try:
        compiler = typst.Compiler(input=job["input"], root=job["root"], font_paths=fonts)
        _, warnings = compiler.compile_with_warnings(
            output=job["output"],
            format="pdf",
            pdf_standards=job["standards"],
            timestamp=job["timestamp"],
            pdf_tags=job["tags"],
        )
        answer["warnings"] = [str(warning) for warning in warnings]
    except typst.TypstError as error:
        answer["error"] = error.diagnostic or str(error)
        answer["refused"] = [name for name in job["pictures"] if pictures.refused(name)]
    sys.stdout.write(json.dumps(answer))


class PicturesOnDisk:
    """Pictures below `root`, each in a document of its own. Their names are ours: a number and a suffix."""

    def __init__(self, root: Path, fonts: typst.Fonts, standards: Any) -> None:
        self._root = root
        self._fonts = fonts
        self._standards = standards

    def refused(self, name: str) -> bool:
        """Whether Typst cannot put the picture into a document even alone."""
        try:
            self._document(f'#set document(title: "?")\n#image("{name}")')
        except typst.TypstError:
            return True
        return False

    def _document(self, source: str) -> bytes:
        file = self._root / "picture.typ"
        file.write_text(source, encoding="utf-8")
        return typst.compile(
            file,
            root=self._root,
            font_paths=self._fonts,
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=self._standards,
            timestamp=0,
        )


if __name__ == "__main__":
    main(sys.argv[1])
