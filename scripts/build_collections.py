"""Build the Word and text files of `collections/` from their readable sources, byte for byte the same every time.

    python scripts/build_collections.py [--pages] [ID…]

Each `collections/<id>/source/book.toml` names the files to make; the conventions of the `.md` sources are described in
`collections/README.md`. `--pages` sets the Word files with LibreOffice, writes the page of each heading to
`source/pages.toml` and builds again, so that the table of contents carries page numbers.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from collection_docx import Book, attach_notes, field_runs, new_document, package, runs
from collection_source import Source, outline, read_source

COLLECTIONS = Path(__file__).resolve().parents[1] / "collections"


def build(collection: Path) -> dict[Path, bytes]:
    """Every file a collection's `source/book.toml` asks for, by path."""
    folder = collection / "source"
    plan = read_toml(folder / "book.toml")
    made = {collection / item["output"]: build_document(folder, item) for item in plan.get("document", ())}
    return made | {collection / item["output"]: build_wrapped(folder, item) for item in plan.get("wrapped", ())}


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file, empty where there is none."""
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def read_parts(folder: Path, plan: Mapping[str, Any]) -> list[Source]:
    """The sources of one Word file, in the order of their file names."""
    return [read_source(path) for path in sorted((folder / plan["parts"]).glob("*.md"))]


def build_document(folder: Path, plan: Mapping[str, Any]) -> bytes:
    """The Word file that one `[[document]]` of a `book.toml` describes."""
    look = (plan["title"], plan["author"], plan["remark"], plan["running"], plan.get("dense", False))
    book = Book(new_document(*look), folder)
    book.paragraph("Title", plan["title"])
    for line in plan["cover"]:
        book.paragraph("Subtitle", line)
    sources = read_parts(folder, plan)
    section = ""
    for source in sources:
        if source.fields.get("kind") == "contents":
            add_contents(book, source, sources)
        else:
            section = add_article(book, source, section)
    if book.last == "table":
        book.paragraph("Normal")  # Word wants a paragraph between the last table and the end
    attach_notes(book)
    return package(book.document)


def add_article(book: Book, source: Source, section: str) -> str:
    """Append one source: section heading when it changes, title, subtitle, author line, blocks. Returns the section."""
    wanted = source.fields.get("section", "")
    if wanted and wanted != section:
        book.paragraph("Heading 1", wanted)
    if title := source.fields.get("title"):
        heading = book.paragraph("Heading 2" if wanted else "Heading 1", title, source.notes)
        if wanted and wanted == section:
            heading.paragraph_format.page_break_before = True
    for name, style in (("subtitle", "副题"), ("author", "作者")):
        if name in source.fields:
            book.paragraph(style, source.fields[name], source.notes)
    for item in source.elements:
        book.add(item, source.notes)
    return wanted


def add_contents(book: Book, source: Source, sources: Iterable[Source]) -> None:
    """Append the table of contents: a field, with the last result a reader shows until Word computes it again."""
    heading = book.paragraph("目录标题", source.fields["title"])
    heading.paragraph_format.page_break_before = True
    pages = read_toml(book.folder / "pages.toml")
    entries = list(outline(sources))
    *begin, end = field_runs('TOC \\o "1-2" \\h \\z \\u', "")
    for number, (level, text) in enumerate(entries):
        made = book.paragraph(f"toc {level}")
        if number == 0:
            made._p.extend(begin)
        made._p.extend(runs(text))
        if text in pages:
            made.add_run().add_tab()
            made._p.extend(runs(str(pages[text])))
        if number == len(entries) - 1:
            made._p.append(end)


def build_wrapped(folder: Path, plan: Mapping[str, Any]) -> bytes:
    """A plain text as old word processors left it: GB18030, two blanks of indentation, lines broken at `width`."""
    source = read_source(folder / plan["part"])
    width = plan["width"]
    lines = [
        source.fields["title"].center(width, "　").rstrip("　"),
        "",
        source.fields["author"].rjust(width, "　"),
        "",
    ]
    for item in source.elements:
        text = f"　　{item.text}"
        while len(text) > width:
            # No line begins with closing punctuation: the mark hangs on the line before, as typists did it.
            cut = width + 1 if text[width] in "，。、；：？！”’）》" else width
            lines.append(text[:cut])
            text = text[cut:]
        lines += [text] if text else []
    return ("\r\n".join(lines) + "\r\n").encode("gb18030")


def measure_pages(collection: Path) -> None:
    """Write `source/pages.toml`: the page on which LibreOffice sets each heading of the collection's Word files."""
    folder = collection / "source"
    for plan in read_toml(folder / "book.toml").get("document", ()):
        pages = printed_pages(collection / plan["output"])
        sources = read_parts(folder, plan)
        if not any(source.fields.get("kind") == "contents" for source in sources):
            continue
        entries = [text for _, text in outline(sources)]
        at = next(number for number, text in enumerate(pages) if "目录" in text)
        lines = []
        for entry in entries:
            wanted = "".join(entry.split())
            # Front matter stands before the contents; everything else is looked for behind its last page.
            behind = [number for number, text in enumerate(pages) if wanted in text[:60] and "……" not in text[:60]]
            at = next((number for number in behind if number >= at or number < 5), at)
            lines.append(f'"{entry}" = {at + 1}\n')
        (folder / "pages.toml").write_text("".join(lines), encoding="utf-8", newline="\n")


def printed_pages(path: Path) -> list[str]:
    """The text of each page as LibreOffice prints the file, without white space."""
    import pypdfium2  # type: ignore[import-untyped]

    with tempfile.TemporaryDirectory() as temporary:
        command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", temporary, str(path)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        document = pypdfium2.PdfDocument(Path(temporary) / f"{path.stem}.pdf")
        pages = ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
        document.close()
    return pages


def main(arguments: list[str]) -> None:
    """Build the collections named, or all that have sources."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("collections", nargs="*", metavar="ID")
    parser.add_argument("--pages", action="store_true", help="measure the pages of headings with LibreOffice first")
    given = parser.parse_args(arguments)
    chosen = given.collections or sorted(path.parents[1].name for path in COLLECTIONS.glob("*/source/book.toml"))
    for name in chosen:
        if given.pages:
            measure_pages(COLLECTIONS / name)
        for path, data in build(COLLECTIONS / name).items():
            path.write_bytes(data)
            print(f"{path.relative_to(COLLECTIONS)}  {len(data):,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
