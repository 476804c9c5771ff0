"""Thousands of requests that schemathesis makes of the API's own description, fitting and not, on a served library.

    python tests/bench/api_cases.py [--cases 5000] [--seed 1]

Exits as schemathesis does: 0 where nothing was found. Each answer is held against the description (status, kind, form),
must not be a fault of the server, must refuse what does not fit and who brings no token. The library is that of the
tests (tests/web/api/held.py), in a folder that is gone afterwards; each operation gets its share of the cases.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from archive.model.access import Actor
from archive.model.accounts import Scope
from tests.web.api.held import furnished
from tests.web.browser import served
from web.api.operation import OPERATIONS
from web.app import create_app
from web.base import rates

HERE = Path(__file__).parent
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")


def main() -> int:
    """Ask, and say how many were asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("rest", nargs="*", help="what else schemathesis is told, after --")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wenshi-api-") as folder, furnished(Path(folder)) as library:
        app = create_app(library, locked=True)
        rates.attach(app, 10**9)
        _, secret = library.session(Actor.local()).tokens.make("schemathesis", list(Scope))
        each = -(-asked.cases // len(OPERATIONS))
        with served(app) as address:
            command = (
                str(SCHEMATHESIS), "--config-file", str(HERE / "schemathesis.toml"), "run",
                f"{address}/api/v1/openapi.json", "--header", f"Authorization: Bearer {secret}", "--checks", "all",
                "--phases", "coverage,fuzzing", "--max-examples", str(each), "--seed", str(asked.seed),
                "--continue-on-failure", "--request-timeout", "120", "--workers", "1", "--suppress-health-check", "all",
                "--generation-database", "none", *asked.rest,
            )  # fmt: skip
            return subprocess.run(command, cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
