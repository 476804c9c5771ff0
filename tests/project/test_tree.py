"""Rules about the tree itself: what may stand where, and what product code may not do."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("archive", "ingest", "web")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__))

# Names of the standard library that exist on POSIX only (the library reference marks them "Availability: Unix").
POSIX_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
POSIX_NAMES = {
    "os": {
        *("chown", "chroot", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getloadavg"),
        *(
            "getpgid",
            "getpriority",
            "getuid",
            "killpg",
            "lchown",
            "mkfifo",
            "mknod",
            "nice",
            "pathconf",
            "posix_fadvise",
        ),
        *("pread", "pwrite", "sched_getaffinity", "setgid", "setsid", "setuid", "statvfs", "sync", "sysconf", "uname"),
        *("wait", "waitid"),
    },
    "signal": {
        "SIGALRM",
        "SIGHUP",
        "SIGKILL",
        "SIGPIPE",
        "SIGQUIT",
        "SIGUSR1",
        "SIGUSR2",
        "alarm",
        "pause",
        "setitimer",
    },
    "time": {"tzset", "clock_settime", "pthread_getcpuclockid"},
}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def unguarded(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes outside `if sys.platform …` (whose branches mypy reads for the system it names)."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if not (isinstance(node, ast.If) and "sys.platform" in ast.unparse(node.test)):
            waiting += ast.iter_child_nodes(node)


def posix_only(tree: ast.AST) -> list[str]:
    """What the module uses that Windows lacks, as "line: name"."""
    found = []
    for node in unguarded(tree):
        if isinstance(node, ast.Import):
            found += [f"{node.lineno}: {name.name}" for name in node.names if name.name in POSIX_MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = POSIX_NAMES.get(node.module, set())
            found += [f"{node.lineno}: {node.module}"] * (node.module in POSIX_MODULES)
            found += [f"{node.lineno}: {node.module}.{name.name}" for name in node.names if name.name in names]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names = POSIX_NAMES.get(node.value.id, set())
            found += [f"{node.lineno}: {node.value.id}.{node.attr}"] * (node.attr in names)
    return found


def without_encoding(tree: ast.AST) -> list[str]:
    """Calls that read or write text in the machine's own code page, as "line: call"."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = {keyword.arg for keyword in node.keywords}
        modes = [str(value.value) for value in node.args if isinstance(value, ast.Constant)]
        binary = any(re.fullmatch(r"[rwaxt+]*b[rwaxt+]*", mode) for mode in modes)
        if name in {"read_text", "write_text"} and "encoding" not in given and not (name == "read_text" and node.args):
            found.append(f"{node.lineno}: {name}")
        if name == "open" and isinstance(node.func, ast.Name) and not binary and "encoding" not in given:
            found.append(f"{node.lineno}: open")
        if (
            name in {"run", "Popen", "check_output"}
            and given & {"text", "universal_newlines"}
            and "encoding" not in given
        ):
            found.append(f"{node.lineno}: {name}")
    return found


@pytest.mark.parametrize("rule", [posix_only, without_encoding])
def test_product_code_runs_on_windows(rule) -> None:
    broken = {relative(path): found for path in MODULES if (found := rule(ast.parse(path.read_text(encoding="utf-8"))))}
    assert not broken


def test_rules_notice_what_they_forbid() -> None:
    bad = ast.parse("import fcntl\nimport os, signal\nos.fork()\nsignal.SIGKILL\nopen('a')\nfrom os import getuid\n")
    assert len(posix_only(bad)) == 4
    assert not posix_only(ast.parse("if sys.platform != 'win32':\n    os.fork()"))
    assert without_encoding(bad) == ["5: open"]
    assert not without_encoding(
        ast.parse("open('a', 'rb')\nopen('a', encoding='utf-8')\np.read_text(encoding='utf-8')")
    )


def test_collections_are_data() -> None:
    """A Python file there would make a package that shadows the standard library's `collections`."""
    assert not list((ROOT / "collections").rglob("*.py"))


def test_tests_are_no_packages() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_random_examples_are_made_in_one_way() -> None:
    """One Hypothesis profile, in tests/conftest.py; a test chooses nothing but how many examples it makes."""
    own = re.compile(r"deadline=|too_slow|list\(HealthCheck|derandomize|register_profile|load_profile")
    assert [relative(path) for path in TESTS if own.search(path.read_text(encoding="utf-8"))] == ["tests/conftest.py"]


def test_who_is_sent_ctrl_c_hears_it() -> None:
    deaf = [
        relative(path)
        for path in TESTS
        if "signal.SIGINT" in (text := path.read_text(encoding="utf-8")) and "hears_ctrl_c" not in text
    ]
    assert not deaf


def programs(path: Path) -> Iterator[str]:
    """The strings of a module that import something of ours."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "import " in node.value:
            yield node.value


def test_programs_in_tests_import_what_exists() -> None:
    """Tests start programs that stand in strings, where no other check notices that something has moved."""
    imported = re.compile(r"from ((?:archive|ingest|web)[\w.]*) import (\w+(?:, \w+)*)")
    for path in TESTS:
        for module, names in [found for text in programs(path) for found in imported.findall(text)]:
            for name in names.split(", "):
                assert hasattr(import_module(module), name) or find_spec(f"{module}.{name}"), (
                    f"{relative(path)}: {name}"
                )


def test_modules_stay_readable() -> None:
    long = {relative(path): lines for path in MODULES if (lines := len(path.read_bytes().splitlines())) >= 450}
    assert not long


def test_pages_ask_nobody_else() -> None:
    """Nothing leaves the house: no address of another host in anything that a browser loads."""
    folders = [path for path in (ROOT / "web").rglob("*") if path.name in {"static", "templates"}]
    files = [path for folder in folders for path in folder.rglob("*")]
    texts = [path for path in files if path.suffix in {".html", ".css", ".js", ".svg", ".xml", ".txt", ".json"}]
    address = re.compile(r"(?:https?:|wss?:)?//(?!www\.w3\.org/|www\.sitemaps\.org/)[\w-]+(?:\.[\w-]+)+", re.ASCII)
    loads = re.compile(r"""(?:src|href|action|url|import|fetch)\s*[=(:]?\s*["'(]\s*$""")
    broken = {}
    for path in texts:
        text = path.read_text(encoding="utf-8")
        found = [
            match[0] for match in address.finditer(text) if ":" in match[0] or loads.search(text[: match.start()][-30:])
        ]
        if found:
            broken[relative(path)] = found
    assert not broken


LARGEST = {"archive/export/proof/data/bigrams.bin": 7_000_000}
"""Bytes of what may be larger than 3 MB: all pairs of words of open-gram (docs/dependencies.md says why all)."""


def test_nothing_large_or_generated_is_committed(tracked: Callable[..., list[str]]) -> None:
    files = [ROOT / name for name in tracked()]
    large = {
        relative(path): path.stat().st_size
        for path in files
        if path.is_file() and path.stat().st_size > LARGEST.get(relative(path), 3_000_000)
    }
    assert not large
    assert not [path for path in files if path.suffix in {".pyc", ".whl", ".sqlite"}]
