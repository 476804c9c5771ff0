"""Writes the 宋体 of the pages for computers that have none: web/static/song.css and the slices beside it.

    npm pack @fontsource/noto-serif-sc@5.3.0
    python scripts/build_web_font.py fontsource-noto-serif-sc-5.3.0.tgz

The package has the regular weight in slices of some hundred characters each, the frequent ones together. A browser
asks for a slice only when a page has one of its characters and no font named before it in the style sheet has it.
"""

from __future__ import annotations

import re
import shutil
import sys
import tarfile
from pathlib import Path

STATIC = Path(__file__).resolve().parents[1] / "web" / "static"
FAMILY = "Wenshi Song"
_FACE = re.compile(r"@font-face \{.*?\}", re.DOTALL)
_SLICE = re.compile(r"url\(\./(files/noto-serif-sc-(\d+)-400-normal\.woff2)\)")
_RANGE = re.compile(r"unicode-range: ([^;]+);")
_CJK = (
    range(0x2E80, 0xA000),
    range(0xFE30, 0xFE50),
    range(0xFF00, 0xFFF0),
)  # ideographs, radicals, punctuation, full width


def main(package: Path) -> None:
    folder = STATIC / "song"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    rules = []
    with tarfile.open(package) as archive:
        for face in _FACE.findall(_read(archive, "400.css").decode()):
            found, covered = _SLICE.search(face), _RANGE.search(face)
            if found is None or covered is None or not _has_cjk(covered[1]):
                continue
            (folder / f"{found[2]}.woff2").write_bytes(_read(archive, found[1]))
            rules.append(
                f'@font-face{{font-family:"{FAMILY}";font-display:swap;'
                f"src:url(song/{found[2]}.woff2) format('woff2');unicode-range:{covered[1]}}}\n"
            )
        (folder / "LICENSE").write_bytes(_read(archive, "LICENSE"))
    (STATIC / "song.css").write_text("".join(rules), encoding="utf-8", newline="\n")


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(f"package/{name}")
    if member is None:
        raise SystemExit(f"the package has no {name}")
    return member.read()


def _has_cjk(covered: str) -> bool:
    for part in covered.split(","):
        first, _, last = part.strip().removeprefix("U+").partition("-")
        if any(int(first, 16) < each.stop and each.start <= int(last or first, 16) for each in _CJK):
            return True
    return False


if __name__ == "__main__":
    main(Path(sys.argv[1]))
