"""Kill -9 at many points of an import, then start again: no original lost, no half article, index and store agree."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.search import Search
from archive.session import file_digest
from ingest.pipeline.importer import ingest

LOCAL = Actor.local()

FILES = 5
POINTS = 14

# Kills itself at the n-th file operation (opening, renaming, making a folder…) after the import has begun: the same
# point each time, however busy the machine is. Without a number it prints how many operations there are.
IMPORT = """
import os, signal, sys
from pathlib import Path
from archive.library import Library
from archive.model.access import Actor
from ingest.pipeline.importer import ingest

folder, root, fatal = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
seen = 0

def count(event, _):
    global seen
    if event.startswith(("open", "os.", "shutil.", "sqlite3.")):
        seen += 1
        if seen == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

with Library.open(root) as library:
    sys.addaudithook(count)
    ingest(library.session(Actor.local()), [folder], collection_id="c")
print(seen)
"""


def run(folder: Path, root: Path, fatal: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", IMPORT, str(folder), str(root), str(fatal)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("material")
    for number in range(FILES):
        text = f"# 水车{number}\n\n光绪三十年，刘勇造水车{number}。\n\n# 筏子{number}\n\n1958年，筏子{number}停了。\n"
        (made / f"{number}.md").write_text(text, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def operations(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    root = tmp_path_factory.mktemp("whole") / "library"
    Library.create(root).close()
    done = run(folder, root, 0)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9 on Windows")
@pytest.mark.parametrize("part", range(POINTS))
def test_killed_import(part: int, folder: Path, operations: int, tmp_path: Path) -> None:
    root = tmp_path / "library"
    Library.create(root).close()
    killed = run(folder, root, 1 + part * (operations - 1) // (POINTS - 1))
    assert killed.returncode == -signal.SIGKILL
    with Library.open(root) as library:
        # An original may have come in before its articles did; taking the file in again adopts it.
        assert {problem.code for problem in library.session(LOCAL).check()} <= {"original-extra"}
        stored = list(library.session(LOCAL).articles())
        files = {article.original for article in stored}
        assert len(stored) == 2 * len(files), "a file comes in whole or not at all"
        for article in stored:
            assert file_digest(library.session(LOCAL).original(article.original)[0]) == article.original
        found = library.session(LOCAL).search(Search(text=""))
        assert (found.total, found.unindexed) == (len(stored), 0)

        report = ingest(library.session(LOCAL), [folder], collection_id="c")
        assert report.exit_code == 0
        assert library.session(LOCAL).search(Search(text="")).total == 2 * FILES
        assert library.session(LOCAL).search(Search(text="刘勇", period="光绪年间")).total == FILES
        assert library.session(LOCAL).check() == ()
