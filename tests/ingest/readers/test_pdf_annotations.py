"""What was written onto the pages of a PDF: fields of forms, typed notes, comments."""

from __future__ import annotations

from pathlib import Path

from archive.model.records import Collection, Kind
from ingest.pipeline import completeness
from ingest.pipeline.report import FileReport
from ingest.readers.pdf.pdf_file import read
from ingest.splitting.split import split


def text(words: str) -> str:
    """A string of PDF in UTF-16."""
    return f"<feff{words.encode('utf-16-be').hex()}>"


def pdf(target: Path, content: str, annotations: list[str]) -> Path:
    """One page of Helvetica with annotations; those that are fields form the form."""
    fields = [number for number, one in enumerate(annotations, 6) if "/Widget" in one]
    numbers = " ".join(f"{number} 0 R" for number in range(6, 6 + len(annotations)))
    parts = [
        f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{' '.join(f'{number} 0 R' for number in fields)}] >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        f"/Resources << /Font << /F1 5 0 R >> >> /Annots [{numbers}] >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(f"<< /Type /Annot {one} >>" for one in annotations),
    ]
    data = b"%PDF-1.7\n"
    offsets = []
    for number, part in enumerate(parts, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{part}\nendobj\n".encode("latin-1")
    start = len(data)
    data += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    data += f"trailer << /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    target.write_bytes(data)
    return target


def test_fields_typed_notes_and_comments(tmp_path: Path) -> None:
    content = "BT /F1 12 Tf 50 700 Td (Name:) Tj 0 -100 Td (Member) Tj 0 -100 Td (the text of the form ends here) Tj ET"
    annotations = [
        f"/Subtype /Widget /FT /Tx /T (a) /V {text('周大河')} /Rect [100 696 300 714]",
        "/Subtype /Widget /FT /Btn /T (b) /V /Yes /AS /Yes /Rect [110 598 122 610] "
        "/AP << /N << /Yes << /Type /XObject /Subtype /Form /BBox [0 0 1 1] >> "
        "/Off << /Type /XObject /Subtype /Form /BBox [0 0 1 1] >> >> >>",
        f"/Subtype /Widget /FT /Ch /Ff 131072 /T (c) /V {text('回族')} /Opt [{text('汉族')} {text('回族')}] "
        "/Rect [50 396 200 414]",
        f"/Subtype /FreeText /Contents {text('此处年份有误' + chr(13) + '应为一九五七年')} /Rect [50 200 300 240]",
        f"/Subtype /Text /Contents {text('再核一遍')} /Rect [10 10 20 20]",
        f"/Subtype /Widget /F 2 /FT /Tx /T (d) /V {text('隐藏')} /Rect [100 96 300 114]",
    ]
    file = pdf(tmp_path / "表.pdf", content, annotations)
    manuscript = read(file, file.name)
    lines = [(block.kind, block.text) for block in manuscript.blocks]
    whole = "\n".join(words for _, words in lines)
    assert "Name: 周大河" in whole
    assert "Member ☒" in whole
    assert "回族" in whole
    assert "此处年份有误" in whole
    assert "应为一九五七年" in whole
    assert (Kind.COMMENT, "再核一遍") in lines
    assert "隐藏" not in whole
    report = FileReport(file.name, issues=manuscript.issues)
    assert completeness.check("pdf", file, split(manuscript, Collection("c", "c")).articles, report) is None


def test_a_page_that_is_only_typed_onto(tmp_path: Path) -> None:
    note = f"/Subtype /FreeText /Contents {text('打在扫描件上的字')} /Rect [50 200 300 240]"
    file = pdf(tmp_path / "扫.pdf", "", [note])
    assert [(block.kind, block.text) for block in read(file, file.name).blocks] == [
        (Kind.PARAGRAPH, "打在扫描件上的字")
    ]
