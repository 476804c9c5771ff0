"""Whether a library of every earlier make opens today: the same texts and versions, exact answers, and no way back.

    python tests/bench/upgrades.py [--questions 100] [--schema 0001 …]

Needs the history of the project (git). For each schema the last program that wrote it is laid out from the history
and makes a library of its own sample collections with today's packages, and one text is corrected where it could do
that. Today's program then opens the library, which upgrades it. Printed for each schema: the commit; texts; versions;
versions whose digest is no longer what it was; faults that `check` finds; random questions answered otherwise than by
reading every text (see `exactness.py`); whether the copy made before the upgrade equals the library as it was; and
what the old program says when it is asked to open the upgraded one. Ends with 1 when any of these is not as it must be.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from exactness import compare  # noqa: E402

from archive.library import Library  # noqa: E402
from archive.model.access import Actor  # noqa: E402
from archive.store.upgrade import REVISION  # noqa: E402

# Runs the program that lies in a folder: its commands are found by what its own pyproject.toml says of them.
RUN = """
import importlib, sys, tomllib
from pathlib import Path

root = Path(sys.argv[1])
sys.path.insert(0, str(root))
project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
info = root / "wenshi-0.dist-info"
info.mkdir(exist_ok=True)
(info / "METADATA").write_text("Metadata-Version: 2.1\\nName: wenshi\\nVersion: 0\\n")
commands = project["entry-points"]["wenshi.commands"]
(info / "entry_points.txt").write_text("[wenshi.commands]\\n" + "".join(f"{k} = {v}\\n" for k, v in commands.items()))
module, name = project["scripts"]["wenshi"].split(":")
sys.argv = ["wenshi", *sys.argv[2:]]
sys.exit(getattr(importlib.import_module(module), name)())
"""
# Stands in for an editor: changes the first full stop that it finds.
EDITOR = "import pathlib, sys; file = pathlib.Path(sys.argv[1]); "
EDITOR += "file.write_text(file.read_text(encoding='utf-8').replace('。', '。〔改〕', 1), encoding='utf-8')"

Versions = dict[tuple[str, int], str]
"""Id of a text and number of a version: its digest."""


@dataclass
class OldProgram:
    """The program as it was, laid out in `folder`."""

    folder: Path
    library: Path

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        given = [sys.executable, "-c", RUN, str(self.folder), "--library", str(self.library), *arguments]
        return subprocess.run(
            given, capture_output=True, text=True, encoding="utf-8", env={**os.environ, **environment}, check=False
        )

    def fill(self) -> None:
        """Take in the sample collections of that time, and correct a text."""
        for folder in sorted((self.folder / "collections").glob("*/collection.toml")):
            files = [str(file) for file in sorted(folder.parent.iterdir()) if file.is_file() and file != folder]
            given = self.run("ingest", *files, "--collection", folder.parent.name)
            if given.returncode:
                raise SystemExit(f"{self.folder}: {given.stderr}{given.stdout}")
        script = self.folder / "editor.py"
        script.write_text(EDITOR, encoding="utf-8")
        first = min(id for id, _ in versions(self.library / "archive.sqlite"))
        self.run("edit", first, EDITOR=f"{sys.executable} {script}")  # a command that the oldest ones have not


def git(*arguments: str) -> str:
    return subprocess.run(("git", "-C", str(ROOT), *arguments), capture_output=True, text=True, check=True).stdout


def commits() -> list[tuple[str, list[str]]]:
    """Each schema with the commits at which it was the newest, the latest first."""
    files = sorted((ROOT / "archive/store/migrations/versions").glob("r*.py"))
    added = [git("log", "--diff-filter=A", "--format=%H", "--", str(file)).split()[-1] for file in files]
    ends = [*(f"{commit}~1" for commit in added[1:]), "HEAD"]
    found = [
        (file.name[1:5], git("rev-list", end, f"^{first}~1").split())
        for file, first, end in zip(files, added, ends, strict=True)
    ]
    return [(schema, listed) for schema, listed in found if listed]  # none where two schemas came with one commit


def versions(database: Path) -> Versions:
    asked = "select id, versions.version, digest from versions join articles on articles.key = versions.article"
    with closing(sqlite3.connect(database)) as connection:
        return {(id, version): digest for id, version, digest in connection.execute(asked)}


def laid_out(listed: list[str], folder: Path) -> tuple[str, OldProgram]:
    """The first of the commits whose program runs: some were made in pieces."""
    for commit in listed:
        program = OldProgram(folder / commit, folder / "library")
        program.folder.mkdir()
        packed = subprocess.run(("git", "-C", str(ROOT), "archive", commit), capture_output=True, check=True).stdout
        subprocess.run(("tar", "-x", "-C", str(program.folder)), input=packed, check=True)
        if not program.run("ingest", "--help").returncode:
            return commit, program
    raise SystemExit(f"none of {listed} runs")


def tried(schema: str, listed: list[str], folder: Path, questions: int) -> bool:
    """Make the library, upgrade it, compare; prints one line, and says whether all is as it must be."""
    commit, program = laid_out(listed, folder)
    program.fill()
    before = versions(program.library / "archive.sqlite")
    with Library.open(program.library) as library:
        found = [problem.code for problem in library.session(Actor.local()).check()]
        differing = compare(library, random.Random(schema), questions)
    after = versions(program.library / "archive.sqlite")
    faults = [code for code in found if code != "dates-outdated"]  # told to whoever opens it, and for them to decide
    changed = sum(after.get(key) != digest for key, digest in before.items())
    copies = list((program.library / "backups").glob(f"archive-{schema}-*.sqlite"))
    copied = len(copies) == 1 and versions(copies[0]) == before
    refused = program.run("list")
    same = schema == REVISION  # nothing to upgrade, nothing to refuse
    kept = "none, as it is today's" if same else "equal" if copied else "NOT equal"
    print(
        f"{schema} {commit[:7]}: texts {len({id for id, _ in before})}, versions {len(before)}, changed {changed}, "
        f"faults {faults or 0}, differing {differing} of {questions}, copy {kept}; "
        f"the old program ends with {refused.returncode}: {refused.stderr.strip().splitlines()[:1]}",
        flush=True,
    )
    return not changed and not faults and not differing and (same or (copied and refused.returncode != 0))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--questions", type=int, default=100)
    options.add_argument("--schema", nargs="*")
    given = options.parse_args()
    good = True
    for schema, listed in commits():
        if given.schema and schema not in given.schema:
            continue
        with tempfile.TemporaryDirectory() as folder:
            good = tried(schema, listed, Path(folder), given.questions) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
