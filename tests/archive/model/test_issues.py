"""The table of issue codes: complete, documented, and kind to codes of other versions."""

import pickle
from pathlib import Path

import pytest

from archive.model.issues import ISSUE_TYPES, IssueCode, IssueKind
from archive.store import codec

DOCS = Path(__file__).parents[3] / "docs"


def test_every_code_has_a_row() -> None:
    assert set(ISSUE_TYPES) == set(IssueCode)
    assert all(row.title and not row.title.endswith("。") for row in ISSUE_TYPES.values())


def test_no_title_names_two_things_an_editor_meets_together() -> None:
    titles = [ISSUE_TYPES[code].title for code in IssueCode if not code.startswith("export-")]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("code", [code for code in IssueCode if not code.startswith(("book-", "edition-"))])
def test_every_code_of_an_import_or_an_export_is_documented(code: IssueCode) -> None:
    documents = [(DOCS / name).read_text(encoding="utf-8") for name in ("import.md", "export.md", "fonts.md")]
    assert any(f"`{code}`" in text for text in documents)


def test_a_code_of_another_version_is_kept() -> None:
    (issue,) = codec.decode_issues('[["of-tomorrow","第 1 段","丢了",3]]')
    assert issue.code == "of-tomorrow" and issue.code.type.kind is IssueKind.NOTE
    assert codec.encode_issues([issue]) == '[["of-tomorrow","第 1 段","丢了",3]]'
    assert pickle.loads(pickle.dumps(issue)) == issue
    assert "of-tomorrow" not in list(IssueCode)
