"""Damage files of every format at random and take them in: nothing may come of it but an import or an error with words.

    python tests/bench/fuzz.py [--inputs 5000] [--seed 1] [--keep FOLDER]

Prints, for each format, how many damaged files were read, refused, held because their characters do not add up, caught
by the last net (an error nobody had foreseen, with words all the same), and how many crashed, hung or took their
process with them. `--keep` keeps those of the last kinds. .doc, RTF and .odt are damaged too, but not converted:
LibreOffice has its own tests. Exit code 1 where anything crashed, hung or died.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import docx
import openpyxl
from openpyxl.comments import Comment

from archive.model.records import Collection
from archive.support.isolation.isolated_process import ProcessLost
from archive.support.libreoffice import LibreOffice
from ingest.pipeline import completeness, independent_count
from ingest.pipeline.file_reading import read
from ingest.pipeline.process_pool import ProcessPool, Task
from ingest.pipeline.report import FileReport
from ingest.pipeline.sources import Source
from ingest.pipeline.staging import prepared
from ingest.readers import registry
from ingest.splitting.division import Division
from ingest.splitting.split import Mode
from ingest.text.account import UnaccountedError

PROSE = "民国二十三年大旱，县长率民夫开渠，自城西至渡口凡十五里，灌田三千亩。ABC 1956"
SLOW = 20.0  # seconds a damaged file may take
READ, REFUSED, HELD, NET = "read", "refused", "held", "net"
BAD = ("crashed", "hung", "died")
_OFFICE = frozenset({"doc", "rtf", "odt"})


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged file of a format, and what became of it."""

    file: Path
    kind: str
    outcome: str = ""
    detail: str = ""


# -- whole files


def whole_files() -> Mapping[str, bytes]:
    """A small file of every format that can be made without LibreOffice."""
    rows = [["姓名", "职务", "任期"], ["周大河", "书记", "1956.10—1958.03"], ["吴山", "县长", "1958"]]
    table = io.StringIO()
    csv.writer(table).writerows(rows)
    cells = "<table><tr><td>甲</td><td>乙</td></tr></table>"
    page = f"<html><head><title>页</title></head><body><h1>旧事</h1><p>{PROSE}</p>{cells}"
    mail = (
        f"From: a@example.org\nSubject: 来稿\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{PROSE}\n"
    )
    records = "\n".join(json.dumps({"id": str(n), "title": "题", "text": PROSE}, ensure_ascii=False) for n in range(3))
    rtf = "".join(f"\\u{ord(char)}?" for char in PROSE)
    return {
        "docx": _docx(),
        "xlsx": _xlsx(rows),
        "pdf": _pdf(),
        "epub": _epub(page),
        "ofd": _ofd(),
        "odt": _odt(),
        "html": page.encode(),
        "mht": b'MIME-Version: 1.0\nContent-Type: text/html; charset="gbk"\n\n' + page.encode("gbk"),
        "eml": mail.encode(),
        "txt": f"{PROSE}\n".encode("gb18030") * 12,
        "md": f"# 旧事\n\n{PROSE}[^1]\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n\n[^1]: 注\n".encode(),
        "csv": table.getvalue().encode("utf-8-sig"),
        "jsonl": records.encode(),
        "rtf": f"{{\\rtf1\\ansi\\ansicpg936{{\\fonttbl{{\\f0\\fcharset134 S;}}}}\\f0 {rtf}\\par}}".encode(),
        "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "WordDocument".encode("utf-16-le") + bytes(2000),
        "zip": _zipped({"甲.txt": PROSE.encode(), "乙.html": page.encode()}),
    }


def _zipped(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return stream.getvalue()


def _docx() -> bytes:
    made = docx.Document()
    made.add_heading("水利旧事", 1)
    made.add_paragraph(PROSE)
    made.add_paragraph("第一项", style="List Number")
    cells = made.add_table(2, 2).rows
    for row in cells:
        for cell in row.cells:
            cell.text = "格"
    made.sections[0].header.paragraphs[0].text = "页眉"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _xlsx(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A4:B4")
    sheet["A2"].comment = Comment("一作周大和", "编者")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _pdf() -> bytes:
    content = b"BT /F1 12 Tf 50 700 Td (the text of a page) Tj 0 -20 Td (and one more line) Tj ET"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> /Annots [6 0 R] >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (value) /Rect [50 600 200 620] >>",
    ]
    data, offsets = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(data)
    data += b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return data + b"trailer << /Size 7 /Root 1 0 R /Info << /Title (t) >> >>\nstartxref\n%d\n%%%%EOF\n" % start


def _epub(page: str) -> bytes:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata/><manifest><item id="a" href="a.xhtml" '
        'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>'
    )
    container = '<container><rootfiles><rootfile full-path="p.opf"/></rootfiles></container>'
    return _zipped(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": container.encode(),
            "p.opf": package.encode(),
            "a.xhtml": f"{page}</body></html>".encode(),
        }
    )


def _ofd() -> bytes:
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    text = (
        f'<ofd:TextObject Boundary="20 30 170 5" Size="5"><ofd:TextCode X="0" Y="4" DeltaX="g {len(PROSE) - 1} 5">'
        f"{PROSE}</ofd:TextCode></ofd:TextObject>"
    )
    parts = {
        "OFD.xml": "<ofd:OFD {}><ofd:DocBody><ofd:DocRoot>D.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "D.xml": '<ofd:Document {}><ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages></ofd:Document>',
        "P.xml": f"<ofd:Page {{}}><ofd:Content><ofd:Layer>{text}</ofd:Layer></ofd:Content></ofd:Page>",
    }
    return _zipped({name: part.format(space).encode() for name, part in parts.items()})


def _odt() -> bytes:
    content = (
        '<office:document-content xmlns:office="urn:o" xmlns:text="urn:t"><office:body><office:text>'
        f"<text:p>{PROSE}</text:p></office:text></office:body></office:document-content>"
    )
    return _zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})


# -- damage


def damaged(data: bytes, kind: str, chance: random.Random) -> bytes:
    """The file with some damage: of its bytes, or, for a container, of the bytes of one part."""
    if zipfile.is_zipfile(io.BytesIO(data)) and chance.random() < 0.6:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            members = {info.filename: opened.read(info) for info in opened.infolist()}
        name = chance.choice(list(members))
        if chance.random() < 0.1:
            del members[name]
        else:
            members[name] = _hurt(members[name], chance)
        return _zipped(members)
    return _hurt(data, chance)


_JUNK = (
    b"\0",
    b"\xff\xfe",
    b"<",
    b">",
    b"&",
    b"&#xD800;",
    b'"',
    b"{",
    b"}",
    b"\\",
    b"9" * 20,
    b"-1",
    b"\xed\xa0\x80",
    b"]]>",
)


def _hurt(data: bytes, chance: random.Random) -> bytes:
    raw = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        if not raw:
            break
        at, length = chance.randrange(len(raw)), chance.choice((1, 2, 8, 64, 512))
        what = chance.randrange(7)
        if what == 0:
            raw[at] ^= 1 << chance.randrange(8)
        elif what == 1:
            raw[at : at + length] = bytes(chance.randrange(256) for _ in range(length))
        elif what == 2:
            del raw[at : at + length]
        elif what == 3:
            raw[at:at] = raw[at : at + length] * chance.choice((1, 2, 50))
        elif what == 4:
            raw[at:at] = chance.choice(_JUNK)
        elif what == 5:
            del raw[at:]
        else:
            other = chance.randrange(len(raw))
            raw[at : at + length] = raw[other : other + length]
    return bytes(raw)


def inputs(count: int, seed: int, folder: Path, more: Mapping[str, bytes] | None = None) -> Iterator[Damaged]:
    """So many damaged files, the formats in turn; the same for the same seed. `more` takes the place of whole files."""
    files = {**whole_files(), **(more or {})}
    kinds = list(files)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        chance = random.Random(f"{seed}-{number}")
        file = folder / f"{number:06}.{kind}"
        file.write_bytes(damaged(files[kind], kind, chance))
        yield Damaged(file, kind)


# -- taking them in


def taken_in(one: Damaged) -> Damaged:
    """What becomes of a damaged file."""
    started = time.perf_counter()
    try:
        outcome, detail = _office(one) if one.kind in _OFFICE else _outcome(one)
    except Exception as error:
        return Damaged(one.file, one.kind, "crashed", f"{type(error).__name__}: {error}")
    if time.perf_counter() - started > SLOW:
        return Damaged(one.file, one.kind, "hung", f"{time.perf_counter() - started:.0f} s")
    return Damaged(one.file, one.kind, outcome, detail)


def _outcome(one: Damaged) -> tuple[str, str]:
    with prepared([Source(one.file, one.file.name, Collection("c", "c"), Mode.AUTO)]) as ready:
        worst = READ, ""
        for each in ready:
            reading = read(each, Division())
            error = reading.report.error
            for article in reading.articles:
                for block in article.blocks:
                    block.text.encode("utf-8")
            if error is not None:
                words = str(error)
                net = "Error）" in words or "Exception）" in words
                worst = (HELD if isinstance(error, UnaccountedError) else NET if net else REFUSED), words
    return worst


def _office(one: Damaged) -> tuple[str, str]:
    """As far as an old format goes without LibreOffice: recognised, mended, counted."""
    from archive.model.errors import WenshiError
    from ingest.readers import converted, rtf
    from ingest.readers.faults import faults

    try:
        form = registry.recognise(one.file, one.file.name)
        with faults(one.file.name):
            if form.office == "rtf":
                rtf.mend(one.file)
            if form.office:
                converted.left_behind(form.office, one.file)
                independent_count.texts(form.name, one.file)
                completeness.check(form.name, one.file, [], FileReport(one.file.name))
    except WenshiError as error:
        return (NET if "Error）" in str(error) else REFUSED), str(error)
    return READ, ""


def main() -> int:
    """Prints a line for each format."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    counts: Counter[tuple[str, str]] = Counter()
    nets: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        files = list(inputs(given.inputs, given.seed, Path(folder), _by_libreoffice(Path(folder))))
        pool = ProcessPool(Task(taken_in, Damaged, lambda one: 1, _died), given.processes)
        pool.grow(given.processes)
        for done in pool.in_order(files):
            counts[done.kind, done.outcome] += 1
            if done.outcome in (*BAD, NET):
                nets[f"{done.kind} {done.outcome}: {done.detail.partition('：')[2].splitlines()[0][:100]}"] += 1
                if given.keep is not None:
                    given.keep.mkdir(parents=True, exist_ok=True)
                    (given.keep / done.file.name).write_bytes(done.file.read_bytes())
    outcomes = (READ, REFUSED, HELD, NET, *BAD)
    print(f"{'format':8}" + "".join(f"{outcome:>9}" for outcome in outcomes))
    for kind in whole_files():
        print(f"{kind:8}" + "".join(f"{counts[kind, outcome]:>9}" for outcome in outcomes))
    bad = sum(count for (_, outcome), count in counts.items() if outcome in BAD)
    print(f"{sum(counts.values())} inputs, {bad} crashed, hung or died")
    for words, count in nets.most_common(20):
        print(f"{count:5} {words}")
    return 1 if bad else 0


def _by_libreoffice(folder: Path) -> dict[str, bytes]:
    """A real .doc and .rtf, where LibreOffice can make them."""
    office = LibreOffice.find()
    whole = folder / "whole.docx"
    whole.write_bytes(whole_files()["docx"])
    made = {kind: office.convert([whole], kind, folder)[whole] for kind in ("doc", "rtf")} if office else {}
    return {kind: file.read_bytes() for kind, file in made.items() if isinstance(file, Path)}


def _died(one: Damaged, lost: ProcessLost) -> Damaged:
    return Damaged(one.file, one.kind, "hung" if lost.late else "died", f"：{lost}")


if __name__ == "__main__":
    import fuzz  # isolated processes find a function by the name of its module, which __main__ is not

    sys.exit(fuzz.main())
