"""Hold what runs on a cluster to the contracts of all, on a real OpenSearch and a real PostgreSQL on this computer.

`make test-cluster`. What cannot be had here is said by name, and its tests are left out; that is no failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from opensearch_node import Cluster, fetched, java
from postgres_server import Server, programs

_ENGINE = [
    f"tests/archive/search/index/{name}.py"
    for name in ("test_contract", "test_conditions", "test_opensearch", "test_opensearch_nodes")
]
_ROWS = ("store", "audit", "seals", "check", "decision_rows", "asked_rows", "neutral_tables")
_STORE = ["tests/archive/test_postgresql.py", *(f"tests/archive/store/test_{name}.py" for name in _ROWS)]


def main() -> int:
    """The argument is a folder to keep programs in; more of them go to pytest."""
    kept, *more = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="wenshi-cluster-") as folder:
        Path(folder).chmod(0o755)
        return max(_postgresql(Path(folder), more), _opensearch(Path(folder), Path(kept).resolve(), more))


def _postgresql(folder: Path, more: Sequence[str]) -> int:
    try:
        programs()
    except OSError as missing:
        return _left_out("PostgreSQL", _STORE, missing)
    with Server(folder / "postgresql") as server:
        return _tested({"WENSHI_TEST_POSTGRESQL": server.address}, [*_STORE, *more])


def _opensearch(folder: Path, kept: Path, more: Sequence[str]) -> int:
    try:
        java()
        home = fetched(kept)
    except (OSError, subprocess.SubprocessError) as missing:
        return _left_out("OpenSearch", _ENGINE, missing)
    with Cluster(home, folder / "contract") as cluster:
        named = {"WENSHI_TEST_OPENSEARCH": cluster.nodes[0].address, "WENSHI_TEST_OPENSEARCH_HOME": str(home)}
        return _tested(named, ["-k", "opensearch", *_ENGINE, *more])


def _left_out(what: str, tests: Sequence[str], missing: Exception) -> int:
    print(f"{what} cannot be had here, so its tests are skipped by name: {', '.join(tests)}: {missing}")
    return 0


def _tested(named: Mapping[str, str], arguments: Sequence[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-ra", "--no-fold-skipped", *arguments]
    return subprocess.run(command, env={**os.environ, **named}, cwd=Path(__file__).resolve().parents[1]).returncode


if __name__ == "__main__":
    sys.exit(main())
