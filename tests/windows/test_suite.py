"""The suite's own tests on the installed program, as many as a few minutes hold: files, names, encodings, the store.

The whole suite takes hours under Wine. Each skipped test says why. Not chosen: what measures time, and the tests of
jieba, which that edition does not bring.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.windows.office import Office

ROOT = Path(__file__).resolve().parents[2]
CHOSEN = (
    "tests/archive/model",
    "tests/archive/support/test_console.py",
    "tests/archive/support/test_files.py",
    "tests/archive/support/test_long_paths.py",
    "tests/archive/text/test_anchors.py",
    "tests/archive/text/test_collation.py",
    "tests/archive/text/test_differences.py",
    "tests/archive/text/test_folding.py",
    "tests/archive/text/test_spans.py",
)
# The search path: the installed program, then the tests, what they need in a form for Windows, what is Python alone. Of
# what adds itself to pytest, only Hypothesis: others are compiled for this computer.
RUN = """
import os, sys
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
sys.path += sys.argv[1:4]
import pytest
sys.exit(pytest.main(sys.argv[4:]))
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the tests need in a form for Windows, held to its digest as everything else is."""
    folder = tmp_path_factory.mktemp("packages")
    lock = (ROOT / "requirements" / "test.txt").read_text(encoding="utf-8")
    entry = re.search(r"^hypothesis==(?:.*\\\n)+.*\n", lock, re.MULTILINE)
    assert entry
    (folder / "wanted.txt").write_text(entry[0], encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-deps")
    kind = ("--platform", "win_amd64", "--python-version", "3.13", "--only-binary=:all:", "--require-hashes")
    given = ("--requirement", str(folder / "wanted.txt"), "--target", str(folder / "packages"))
    ran = subprocess.run([*pip, *kind, *given], capture_output=True, text=True)
    if ran.returncode:
        pytest.skip(f"not to be had here: hypothesis for Windows ({ran.stderr.strip().splitlines()[-1]})")
    return folder / "packages"


def test_the_chosen_tests_pass_on_the_installed_program(
    office: Office, compiled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    python_alone = next(path for path in sys.path if path.endswith("site-packages"))
    path = [f"Z:{each}" for each in (ROOT, compiled, python_alone)]
    plugins = ("-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin")
    options = ("-q", "-ra", "--no-fold-skipped", *plugins, "-m", "not browser and not office")
    code, said = office.wine.run(office.python, "-I", "-X", "utf8", "-c", RUN, *path, *options, *CHOSEN, at=ROOT)
    with capsys.disabled():
        print("\n".join(["", *(line for line in said.splitlines() if line.startswith(("SKIPPED", "FAILED"))), ""]))
        print(f"under Wine: {said.strip().splitlines()[-1]}")
    assert code == 0, said
    passed = re.search(r"(\d+) passed", said)
    assert passed
    assert int(passed[1]) > 250
