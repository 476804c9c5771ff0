"""Hold the engine of a cluster to the contract of all, on a real OpenSearch on this computer: `make test-cluster`.

What cannot be had here is said by name, and its tests are left out; that is no failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from opensearch_node import Cluster, fetched, java

_TESTS = ("test_contract.py", "test_conditions.py", "test_opensearch.py", "test_opensearch_nodes.py")
_ROOM = Path("tests/archive/search/index")


def main() -> int:
    """The argument is a folder to keep the program in; more of them go to pytest."""
    try:
        java()
        home = fetched(Path(sys.argv[1]).resolve())
    except (OSError, subprocess.SubprocessError) as missing:
        print(f"OpenSearch cannot be had here, so its tests are skipped by name: {', '.join(_TESTS)}: {missing}")
        return 0
    with tempfile.TemporaryDirectory(prefix="wenshi-cluster-") as folder:
        Path(folder).chmod(0o755)
        with Cluster(home, Path(folder) / "contract") as cluster:
            environment = {
                **os.environ,
                "WENSHI_TEST_OPENSEARCH": cluster.nodes[0].address,
                "WENSHI_TEST_OPENSEARCH_HOME": str(home),
            }
            tests = [str(_ROOM / name) for name in _TESTS]
            command = [
                sys.executable,
                "-m",
                "pytest",
                "-ra",
                "--no-fold-skipped",
                "-k",
                "opensearch",
                *tests,
                *sys.argv[2:],
            ]
            return subprocess.run(command, env=environment, cwd=Path(__file__).resolve().parents[1]).returncode


if __name__ == "__main__":
    sys.exit(main())
