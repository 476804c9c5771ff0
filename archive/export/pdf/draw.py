"""The child process that draws pages of a PDF as PNG files; started by path like `typeset.py`.

PDFium may be used by one thread of a process only, and a damaged file may bring it down: both are no matter here.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]


def main(job_file: str) -> None:
    """Do the job: keys as written by `preview.draw`; the answer is the number of pages in the file."""
    job: dict[str, Any] = json.loads(Path(job_file).read_text(encoding="utf-8"))
    document = pypdfium2.PdfDocument(job["file"])
    for number in range(job["first"], min(job["last"], len(document)) + 1):
        bitmap = document[number - 1].render(scale=job["ppi"] / 72, rev_byteorder=True)
        Path(job["folder"], f"{number:06}.png").write_bytes(_png(bitmap))
    sys.stdout.write(json.dumps(len(document)))


def _png(bitmap: Any) -> bytes:
    """A bitmap of three bytes a pixel as a PNG file."""
    rows, width = bytes(bitmap.buffer), bitmap.width * 3
    starts = range(0, bitmap.height * bitmap.stride, bitmap.stride)
    lines = b"".join(b"\0" + rows[start : start + width] for start in starts)
    head = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, 2, 0, 0, 0)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(lines, 1)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


if __name__ == "__main__":
    main(sys.argv[1])
