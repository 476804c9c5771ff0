"""Small Word files made on the spot, and a stand-in for the library."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from archive.dates import shipped_reader
from archive.model.holdings import Accepted
from archive.model.records import Article, Collection, Issue, Period, Picture
from archive.support.files import sha256_of

_SPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    }.items()
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_HEADINGS = "".join(
    f'<w:style w:type="paragraph" w:styleId="{level}"><w:name w:val="heading {level}"/>'
    f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
    for level in (1, 2, 3)
)
_ROOTS = {
    "styles": "styles",
    "numbering": "numbering",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "comments": "comments",
    "header": "hdr",
    "footer": "ftr",
}
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"a small picture"

MakeWord = Callable[..., Path]


def _relationships(rows: Sequence[tuple[str, str, str, bool]]) -> str:
    entries = "".join(
        f'<Relationship Id="{identity}" Type="{_OFFICE}/{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if external else ''}/>"
        for identity, kind, target, external in rows
    )
    return f'<Relationships xmlns="{_PACKAGE}">{entries}</Relationships>'


@pytest.fixture
def word(tmp_path: Path) -> MakeWord:
    """`word(body, styles=…, footnotes=…, media={"rId9": bytes}, links={"rId8": address})` writes a .docx.

    Parts are the inner XML of their root; `header` and `footer` may be lists. Styles 1 to 3 are headings.
    """

    def make(body: str, *, name: str = "稿.docx", media: Mapping[str, bytes] | None = None,
             links: Mapping[str, str] | None = None, extra: Mapping[str, bytes] | None = None,
             related: Sequence[tuple[str, str, str, bool]] = (), **parts: str | Sequence[str]) -> Path:  # fmt: skip
        parts["styles"] = _HEADINGS + str(parts.get("styles", ""))
        rows = list(related)
        files: dict[str, bytes] = {}
        for kind, inner in parts.items():
            for number, content in enumerate([inner] if isinstance(inner, str) else inner):
                root = _ROOTS[kind]
                rows.append((f"rel-{kind}{number}", kind, f"{kind}{number}.xml", False))
                files[f"word/{kind}{number}.xml"] = f"<w:{root} {_SPACES}>{content}</w:{root}>".encode()
        for identity, data in (media or {}).items():
            rows.append((identity, "image", f"media/{identity}.png", False))
            files[f"word/media/{identity}.png"] = data
        rows += [(identity, "image", address, True) for identity, address in (links or {}).items()]
        files["word/document.xml"] = f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>".encode()
        files["word/_rels/document.xml.rels"] = _relationships(rows).encode()
        files["_rels/.rels"] = _relationships([("rId1", "officeDocument", "word/document.xml", False)]).encode()
        files |= extra or {}
        file = tmp_path / name
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
            for part, data in files.items():
                package.writestr(part, data)
        return file

    return make


@dataclass
class FakeLibrary:
    """Keeps what an import hands over, with the library's rules about repeated originals."""

    held: dict[str, Collection] = field(default_factory=dict)
    taken: dict[tuple[str, str], tuple[Article, ...]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    periods: str = ""
    root: Path | None = None

    def index_waiting(self) -> None:
        """There is no index."""

    def period(self, expression: str) -> Period:
        return shipped_reader().parse(expression)

    def own_periods(self) -> str:
        return self.periods

    def collections(self) -> tuple[Collection, ...]:
        return tuple(self.held.values())

    def save_collection(self, collection: Collection) -> None:
        self.held[collection.id] = collection

    def add(self, original: Path, name: str, articles: Sequence[Article], issues: Sequence[Issue],
            pictures: Sequence[Picture] = (), *, later: bool = False) -> Accepted:  # fmt: skip
        key = sha256_of(original), articles[0].collection
        if key in self.taken:
            return Accepted(self.taken[key], already=True)
        start = sum(map(len, self.taken.values()))
        assert {article.collection for article in articles} <= self.held.keys()
        stored = tuple(replace(a, id=a.id or str(start + n), version=1) for n, a in enumerate(articles, 1))
        self.taken[key] = stored
        self.issues += issues
        self.pictures += pictures
        return Accepted(stored)

    @property
    def articles(self) -> list[Article]:
        return [article for articles in self.taken.values() for article in articles]


@pytest.fixture
def fake_library() -> FakeLibrary:
    """An empty stand-in."""
    return FakeLibrary()
