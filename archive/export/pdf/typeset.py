"""The child process: runs Typst once and says on standard output, as JSON, how it went.

Started by path with the job's file as its only argument, and importing nothing of the program, so that it is up in a
few hundredths of a second and gives all its memory back when it is done.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main(job_file: str) -> None:
    """Do the job: keys as written by `press.press`."""
    import typst

    job: dict[str, Any] = json.loads(Path(job_file).read_text(encoding="utf-8"))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[job["fonts"]])
    answer: dict[str, Any] = {"error": "", "warnings": []}
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
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])
