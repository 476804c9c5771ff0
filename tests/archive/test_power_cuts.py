"""Power cuts and kills that go further: dropped writes, imports, upgrades, books, corrections, purging."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from archive.library import Library
from archive.model.access import Actor
from archive.model.project import Item, Part, Project
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search
from archive.store import upgrade

# What Whoosh had open when it stumbled over damage is closed when it is forgotten.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

LOCAL = Actor.local()
SCRIPT = Path(__file__).resolve().parents[1] / "bench" / "dropped_writes.py"
POINTS = 3
KILLS = pytest.mark.skipif(os.name == "nt", reason="there is no kill -9 on Windows")


# -- dropped writes


@pytest.fixture(scope="module")
def dropped_writes() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dropped_writes", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["dropped_writes"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not shutil.which("strace"), reason="recording the writes of an import needs strace")
def test_9_whatever_a_power_cut_drops_nothing_reported_is_lost(dropped_writes: ModuleType, tmp_path: Path) -> None:
    assert [one for one in dropped_writes.cuts(10, 7, tmp_path, files=2) if one[1]] == []


@pytest.mark.skipif(not shutil.which("strace"), reason="recording the writes of an import needs strace")
def test_9_a_program_that_syncs_nothing_would_be_caught(
    dropped_writes: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    careless = f"import os\nos.fsync = lambda handle: None\n{dropped_writes.IMPORT}"
    monkeypatch.setattr(dropped_writes, "IMPORT", careless)
    assert any(losses for _, losses in dropped_writes.cuts(15, 7, tmp_path, files=2))


# -- kills. Each script kills itself at the n-th file operation after it has begun, or says how many there are.

COUNTING = """
import os, signal, sys
from pathlib import Path
from archive.library import Library
from archive.model.access import Actor

root, fatal, session = Path(sys.argv[1]), int(sys.argv[2]), None
seen, own = 0, os.getpid()

def count(event, _):
    global seen
    if os.getpid() == own and event.startswith(("open", "os.", "shutil.", "sqlite3.")):
        seen += 1
        if seen == fatal:
            os.kill(own, signal.SIGKILL)
"""
IMPORT = f"""{COUNTING}
from ingest.pipeline.importer import ingest
if __name__ == "__main__":
    with Library.open(root) as library:
        sys.addaudithook(count)
        ingest(library.session(Actor.local()), [root.parent / "material"], collection_id="c", processes=2)
    print(seen)
"""
UPGRADE = f"""{COUNTING}
import archive.store.store
from archive.store import upgrade
upgrade.MIGRATIONS = root.parent / "migrations"
upgrade.REVISION = archive.store.store.REVISION = "9999"
sys.addaudithook(count)
Library.open(root).close()
print(seen)
"""
FREEZE = f"""{COUNTING}
with Library.open(root) as library:
    books = library.session(Actor.local()).books
    project = books.project("书")
    sys.addaudithook(count)
    books.freeze(project, ["txt", "md"], root.parent / "frozen")
print(seen)
"""
CORRECT = f"""{COUNTING}
from archive.model.edits import Rewrite
with Library.open(root) as library:
    session = library.session(Actor.local())
    sys.addaudithook(count)
    for round in range(3):
        for id in ("1", "2"):
            text = session.article(id).blocks[1].text
            session.correct(id, [Rewrite(1, text, (text + "改",))], "试改")
            print("told", id, len(text) + 1, flush=True)
print(seen)
"""
PURGE = f"""{COUNTING}
with Library.open(root) as library:
    session = library.session(Actor.local())
    sys.addaudithook(count)
    session.upkeep.purging.purge(["2"], "误收")
    print("told", flush=True)
print(seen)
"""
MOVE = f"""{COUNTING}
from archive.workflow.stepping import AskedStep
with Library.open(root) as library:
    workflow = library.session(Actor.local()).workflow
    sys.addaudithook(count)
    for to in ("初审", "退修", "初审"):
        workflow.take("文史稿件", "1", AskedStep(to=to, opinion="可", reason="一人"))
        print("told", to, flush=True)
print(seen)
"""
NEXT = f"""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{upgrade.REVISION}"


def upgrade():
    op.add_column("collections", sa.Column("county", sa.Text(), nullable=False, server_default="某县"))
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A library of two articles and a book project, with material to take in and a migration to come."""
    root = tmp_path / "library"
    original = tmp_path / "a.txt"
    original.write_text("水车", encoding="utf-8")
    with Library.create(root) as library:
        session = library.session(LOCAL)
        session.save_collection(Collection("c", "河湾文史"))
        blocks = (Block.plain(Kind.TITLE, "水车"), Block.plain(Kind.PARAGRAPH, "光绪三十年造水车。"))
        stored = session.add(original, original.name, [Article(collection="c", blocks=blocks)] * 2, ()).articles
        items = tuple(Item(article=one.id, version=one.version, digest=one.digest) for one in stored)
        session.books.save(Project(name="书", title="旧事", parts=(Part(items=items),)))
    (tmp_path / "material").mkdir()
    for number in range(4):
        text = f"# 筏子{number}\n\n羊皮筏子{number}，旁边有水车。\n"
        (tmp_path / "material" / f"{number}.md").write_text(text, encoding="utf-8")
    migrations = shutil.copytree(
        upgrade.MIGRATIONS, tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__")
    )
    (migrations / "versions" / "r9999_next.py").write_text(NEXT, encoding="utf-8")
    return root


def run(script: str, root: Path, fatal: int) -> subprocess.CompletedProcess[str]:
    file = root.parent / "work.py"  # a file, since the import's other processes load it again
    file.write_text(script, encoding="utf-8")
    command = [sys.executable, "-X", "utf8", str(file), str(root), str(fatal)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


OPERATIONS: dict[str, int] = {}
"""How many file operations each script makes."""


def killed(script: str, root: Path, part: int) -> list[list[str]]:
    """Run a script and kill it at one of its operations, early to late by `part`; a copy tells how many there are.

    What it said before, the words of each line that begins with "told".
    """
    if script not in OPERATIONS:
        measured = root.parent / "measured" / "library"
        shutil.copytree(root.parent, measured.parent, ignore=shutil.ignore_patterns("measured"))
        whole = run(script, measured, 0)
        assert whole.returncode == 0, whole.stderr
        OPERATIONS[script] = int(whole.stdout.split()[-1])
    done = run(script, root, 1 + part * (OPERATIONS[script] - 3) // (POINTS - 1))
    assert done.returncode == -signal.SIGKILL, done.stderr
    return [line.split() for line in done.stdout.splitlines() if line.startswith("told")]


@KILLS
@pytest.mark.parametrize("part", range(POINTS))
def test_9_an_import_by_several_processes_may_be_killed(part: int, root: Path) -> None:
    killed(IMPORT, root, part)
    with Library.open(root) as library:
        session = library.session(LOCAL)
        assert {problem.code for problem in session.check()} <= {"original-extra"}
        stored = list(session.articles())
        assert session.search(Search(text="水车")).total == len(stored)
    assert run(IMPORT, root, 0).returncode == 0
    with Library.open(root) as library:
        assert library.session(LOCAL).search(Search(text="羊皮筏子")).total == 4
        assert library.session(LOCAL).check() == ()


@KILLS
@pytest.mark.parametrize("part", range(POINTS))
def test_9_an_upgrade_may_be_killed(part: int, root: Path) -> None:
    killed(UPGRADE, root, part)
    assert run(UPGRADE, root, 0).returncode == 0
    copies = list((root / "backups").glob("*.sqlite"))
    assert copies, "the database of before is kept"
    check = UPGRADE + (
        "with Library.open(root) as library:\n"
        "    session = library.session(Actor.local())\n"
        "    print(len(session.listing()), len(session.check()), session.collections()[0].title)\n"
    )
    assert run(check, root, 0).stdout.split()[1:] == ["2", "0", "河湾文史"]


@KILLS
@pytest.mark.parametrize("part", range(POINTS))
def test_9_a_freeze_may_be_killed(part: int, root: Path) -> None:
    killed(FREEZE, root, part)
    with Library.open(root) as library:
        books = library.session(LOCAL).books
        assert len(books.editions("书")) <= 1
        assert not list((root.parent / "frozen").glob("*.json")) or books.editions("书")
        kept, beside, _ = books.freeze(books.project("书"), ["txt"], root.parent / "again")
        assert beside.read_text(encoding="utf-8") == kept.manifest
        assert library.session(LOCAL).check() == ()


@KILLS
@pytest.mark.parametrize("part", range(POINTS))
def test_9_a_correction_may_be_killed(part: int, root: Path) -> None:
    told = killed(CORRECT, root, part)
    with Library.open(root) as library:
        session = library.session(LOCAL)
        assert session.check() == ()
        for id in ("1", "2"):
            said = max((int(length) for _, one, length in told if one == id), default=0)
            assert len(session.article(id).blocks[1].text) >= said, "what was reported as done is there"
            assert session.article(id).version == 1 + session.article(id).blocks[1].text.count("改")
        changed = session.search(Search(text="改", as_written=True)).total
        assert changed == sum("改" in session.article(id).blocks[1].text for id in ("1", "2"))


@KILLS
@pytest.mark.parametrize("part", range(POINTS))
def test_9_purging_may_be_killed(part: int, root: Path) -> None:
    """Either nothing has gone yet, or all of it goes by the time the library is open again."""
    told = killed(PURGE, root, part)
    with Library.open(root) as library:
        session = library.session(LOCAL)
        assert session.check() == ()
        there = [one.id for one in session.articles()]
        assert there == ["1", "2"][: 1 if told else len(there)]
        assert session.search(Search(text="水车")).total == len(there)
        if len(there) == 2:
            session.upkeep.purging.purge(["2"], "误收")
            assert session.check() == ()


@KILLS
@pytest.mark.parametrize("part", range(POINTS))
def test_9_a_move_in_a_register_may_be_killed(part: int, root: Path) -> None:
    """Record, step and state of the article go together."""
    told = killed(MOVE, root, part)
    with Library.open(root) as library:
        session = library.session(LOCAL)
        assert session.check() == ()
        steps = session.workflow.steps(session.workflow.record("文史稿件", "1"))
        assert len(steps) >= len(told)
        state = session.workflow.record("文史稿件", "1").state
        assert not steps or steps[-1].to == state
        assert session.workflow.state_of(session.article("1"))[1] == state  # type: ignore[index]
