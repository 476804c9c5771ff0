"""The child process: runs Typst once and says on standard output, as JSON, how it went.

Started by path with the job's file as its only argument, and importing nothing of the program, so that it is up in a
few hundredths of a second and gives all its memory back when it is done.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typst


def main(job_file: str) -> None:
    """Do the job: keys as written by `press.press`."""
    job: dict[str, Any] = json.loads(Path(job_file).read_text(encoding="utf-8"))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[job["fonts"]])
    compiler = typst.Compiler(input=job["input"], root=job["root"], font_paths=fonts)
    answer: dict[str, Any] = {"error": "", "refused": [], "warnings": []}
    try:
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
        answer["refused"] = list(_refused(compiler, job["pictures"], job["standards"]))
    sys.stdout.write(json.dumps(answer))


def _refused(compiler: typst.Compiler, pictures: list[str], standards: Any) -> Iterator[str]:
    """The pictures that Typst cannot put into a document even alone."""
    for name in pictures:
        # The name is one of ours: a number and a suffix.
        source = f'#set document(title: "?")\n#image("{name}")'.encode()
        try:
            compiler.compile(source, format="pdf", pdf_standards=standards, timestamp=0)
        except typst.TypstError:
            yield name


if __name__ == "__main__":
    main(sys.argv[1])
