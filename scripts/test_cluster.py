"""Hold what runs on a cluster to the contracts of all, on a real PostgreSQL, S3 and OpenSearch on this computer.

`make test-cluster`. What cannot be had here is said by name, and its tests are left out; that is no failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from opensearch_node import SHORT_LIVED, Cluster, fetched, java
from postgres_server import Server, programs
from s3_server import S3Server, program

_ENGINE = [
    f"tests/archive/search/index/{name}.py"
    for name in ("test_contract", "test_conditions", "test_opensearch", "test_opensearch_nodes", "test_opensearch_tls")
]
_ROWS = ("store", "audit", "seals", "check", "decision_rows", "asked_rows", "neutral_tables")
_STORE = ["tests/archive/test_postgresql.py", *(f"tests/archive/store/test_{name}.py" for name in _ROWS)]

_FILES = ["tests/archive/test_s3.py"]
_TOGETHER = [
    "tests/web/cli/test_several_machines.py",
    "tests/web/cli/test_watching.py",
    "tests/web/test_cluster_pages.py",
]


def main() -> int:
    """The argument is a folder to keep programs in; more of them go to pytest."""
    kept, *more = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="wenshi-cluster-") as folder:
        Path(folder).chmod(0o755)
        with ExitStack() as running:
            return _all(Path(folder), Path(kept).resolve(), running, more)


def _all(folder: Path, kept: Path, running: ExitStack, more: Sequence[str]) -> int:
    """The parts side by side, each as soon as its server answers; then all together. The servers run on until the end.

    What takes long to fetch or to make (a server made by Go, a zip of Maven's) so costs no time of its own.
    """
    parts = (
        ("PostgreSQL", _postgresql, _STORE),
        ("an S3 server", _s3, _FILES),
        ("OpenSearch", _opensearch, ["-k", "opensearch", *_ENGINE]),
    )
    named: dict[str, str] = {}

    def one(part: tuple[str, Callable[[Path, Path, ExitStack], dict[str, str]], list[str]]) -> int:
        what, start, tests = part
        try:
            found = start(folder, kept, running)
        except (OSError, subprocess.SubprocessError) as missing:
            print(f"{what} cannot be had here, so its tests are skipped by name: {', '.join(tests)}: {missing}")
            return 0
        named.update(found)
        return _tested(what, found, [*tests, *more])

    with ThreadPoolExecutor(len(parts)) as threads:
        codes = list(threads.map(one, parts))
    return max(*codes, _tested("all together", named, [*_TOGETHER, *more]))


def _postgresql(folder: Path, _kept: Path, running: ExitStack) -> dict[str, str]:
    programs()
    return {"WENSHI_TEST_POSTGRESQL": running.enter_context(Server(folder / "postgresql")).address}


def _s3(folder: Path, kept: Path, running: ExitStack) -> dict[str, str]:
    server = running.enter_context(S3Server(program(kept), folder / "s3"))
    return {"WENSHI_TEST_S3": server.address, "WENSHI_TEST_S3_OBJECTS": str(server.objects)}


def _opensearch(folder: Path, kept: Path, running: ExitStack) -> dict[str, str]:
    java()
    home = fetched(kept)
    cluster = running.enter_context(Cluster(home, folder / "contract", options=SHORT_LIVED))
    return {"WENSHI_TEST_OPENSEARCH": cluster.nodes[0].address, "WENSHI_TEST_OPENSEARCH_HOME": str(home)}


def _tested(what: str, named: Mapping[str, str], arguments: Sequence[str]) -> int:
    """The code of a run, whose words are shown at its end, so that those of several do not mix."""
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-ra", "--no-fold-skipped", *arguments]
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        command, env={**os.environ, **named}, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said = done.stdout.decode("utf-8", "replace")
    print(f"{said}\n{what}: {time.monotonic() - began:.0f} s\n", end="", flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
