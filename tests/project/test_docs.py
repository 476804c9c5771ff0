"""Documents that say what the program does are held to it."""

from __future__ import annotations

import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from archive.model.errors import WenshiError

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("collections/*.md")])
LINK = re.compile(r"\[[^\]\[]*\]\((?P<target>[^()\s]+)\)")
CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.M | re.S)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchors(path: Path) -> set[str]:
    """The anchors of a Markdown file's headings, as the usual hosts make them."""
    fenceless = re.sub(r"^(```|~~~).*?^\1", "", text_of(path), flags=re.M | re.S)
    headings = re.findall(r"^#+ +(.*?) *#*$", fenceless, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    broken = []
    for match in LINK.finditer(CODE.sub("", text_of(document))):
        target, _, anchor = match["target"].partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        file = (document.parent / target).resolve() if target else document
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            broken.append(match["target"])
    assert not broken


def test_the_first_page_leads_to_every_document() -> None:
    linked = {match["target"] for match in LINK.finditer(text_of(ROOT / "README.md"))}
    assert not [path.name for path in (ROOT / "docs").glob("*.md") if f"docs/{path.name}" not in linked]


def test_documents_named_by_messages_exist() -> None:
    """A hint that sends people to a page must not send them nowhere."""
    named = {
        name
        for package in ("archive", "ingest", "web")
        for suffix in ("*.py", "*.html")
        for path in (ROOT / package).rglob(suffix)
        for name in re.findall(r"docs/[\w-]+\.md", text_of(path))
    }
    assert not [name for name in sorted(named) if not (ROOT / name).exists()]


@pytest.mark.parametrize("page", ["security.md", "deployment.md"])
def test_tests_named_by_a_page_exist(page: str) -> None:
    page = text_of(ROOT / "docs" / page)
    files = {path.name: text_of(path) for path in (ROOT / "tests").rglob("test_*.py")}
    named = set(re.findall(r"test_\w+\.py", page))
    functions = set(re.findall(r"\b(test_\w+)(?!\w|\.py|…)", page)) - {name.removesuffix(".py") for name in named}
    everything = "\n".join(files.values())
    assert named <= files.keys()
    assert not [name for name in functions if f"def {name.rstrip('_')}" not in everything]


def test_one_word_for_one_thing() -> None:
    """The glossary names words that are not used; nobody meets them in the program."""
    avoided = re.findall(r"^- ~~(.+?)~~", text_of(ROOT / "docs" / "glossary.md"), re.M)
    assert avoided
    files = [
        path
        for package in ("archive", "ingest", "web")
        for suffix in ("*.py", "*.html", "*.js")
        for path in (ROOT / package).rglob(suffix)
    ]
    used = {(path.relative_to(ROOT).as_posix(), word) for path in files for word in avoided if word in text_of(path)}
    assert not used


def error_classes() -> Iterator[type[WenshiError]]:
    """Every kind of expected failure that the product defines, wherever it is defined."""
    for top in ("archive", "ingest", "web"):
        package = importlib.import_module(top)
        for found in pkgutil.walk_packages(package.__path__, f"{top}."):
            if "migrations" not in found.name:
                # Of an extra that is not installed: its errors stand in archive.model.
                with suppress(ModuleNotFoundError):
                    importlib.import_module(found.name)
    waiting = [WenshiError]
    while waiting:
        subclasses = waiting.pop().__subclasses__()
        waiting += subclasses
        yield from subclasses


def test_errors_are_documented() -> None:
    text = text_of(ROOT / "docs" / "errors.md")
    rows = set(re.findall(r"^\| (\d+) \| `([\w-]+)` \| `(\w+)` \| .+ \|$", text, re.M))
    assert rows == {(str(error.exit_code), error.code, error.__name__) for error in error_classes()}


def test_errors_have_an_example_each() -> None:
    text = text_of(ROOT / "docs" / "errors.md")
    examples = dict(re.findall(r"^## ([\w-]+)\n(?:.*\n)*?```\n(\$ .*\n(?:.*\n)+?)```", text, re.M))
    assert set(examples) == {error.code for error in error_classes()}
    assert not [code for code, example in examples.items() if "wenshi " not in example.splitlines()[0]]


def test_exit_codes_tell_errors_apart() -> None:
    """One a class; only wrong usage (2) is shared, and a special case of a class keeps the class's own."""
    codes = [error.exit_code for error in error_classes() if error.exit_code != 2 and "exit_code" in vars(error)]
    assert len(codes) == len(set(codes))
    assert not set(codes) & {0, 1, 3}


def test_dependencies_are_explained() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    explained = {
        canonicalize_name(name.strip())
        for row in re.findall(r"^\| ([\w, -]+) \|", text_of(ROOT / "docs" / "dependencies.md"), re.M)
        for name in row.split(",")
    }
    assert {canonicalize_name(Requirement(line).name) for line in wanted} <= explained


def test_glossary_names_exist() -> None:
    """A code name in the glossary is a module's attribute, or a field or member of a class."""
    names = re.findall(r"\| `(archive[\w.]+)` \|", text_of(ROOT / "docs" / "glossary.md"))
    assert names
    assert not [name for name in names if not resolves(name)]


def resolves(name: str) -> bool:
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for part in parts[end:]:
            if not hasattr(found, part):
                return part in getattr(found, "__annotations__", {})
            found = getattr(found, part)
        return True
    return False


def test_changelog_knows_this_version() -> None:
    version = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]["version"]
    headings = re.findall(r"^## \[(.+?)\](.*)$", text_of(ROOT / "CHANGELOG.md"), re.M)
    assert headings[0][0] == "Unreleased"
    assert version in {name for name, _ in headings}
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.+)$", text_of(ROOT / "CHANGELOG.md"), re.M)) <= kinds
