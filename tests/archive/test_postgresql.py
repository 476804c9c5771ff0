"""A library whose tables are in PostgreSQL: moved there and home again, several processes, a server that goes away.

`make test-cluster` starts a server and names it; without one these tests are skipped.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from archive import agreement
from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import ConfigError, LibraryBusy, LibraryExists, StorageError, WenshiError
from archive.model.records import Article, Block, Collection, Kind
from archive.model.search import Search
from archive.store import Store, imports
from archive.store.folder import Settings

pg8000 = pytest.importorskip("pg8000", reason="wenshi[cluster] is not installed: make test-cluster")
SERVER = os.environ.get("WENSHI_TEST_POSTGRESQL", "")
pytestmark = pytest.mark.skipif(not SERVER, reason="no PostgreSQL is named: make test-cluster")

LOCAL = Actor.local()


def _sql(statement: str, server: str = SERVER) -> None:
    host, port = server.split("@")[1].strip("/").split(":")
    with closing(pg8000.dbapi.connect("wenshi", host=host, port=int(port), database="postgres")) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)


@pytest.fixture
def address() -> Iterator[str]:
    """An empty database, gone afterwards."""
    name = f"t{secrets.token_hex(8)}"
    _sql(f"CREATE DATABASE {name}")
    yield f"{SERVER}{name}"
    _sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, str]]:
    """Made once, for tests to copy: a library in a folder, the same moved to PostgreSQL, and its database there."""
    folder, name = tmp_path_factory.mktemp("prepared"), f"t{secrets.token_hex(8)}"
    _sql(f"CREATE DATABASE {name}")
    with pytest.MonkeyPatch.context() as patched, Library.create(folder / "清水") as made:
        patched.setattr(agreement, "STRINGS", 20)
        _take_in(made, folder, "水车在河边转。", "枸杞“甘草”𠮷野 100% \\N :x 'y'。", "一九五八年治沙\u2028了。")
        assert made.move(folder / "远", "", "", _quiet, f"{SERVER}{name}").whole
    yield folder / "清水", folder / "远", name
    _sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def library(prepared: tuple[Path, Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """Three texts with all sorts of characters in a folder."""
    monkeypatch.setattr(agreement, "STRINGS", 20)
    with Library.open(shutil.copytree(prepared[0], tmp_path / "清水")) as made:
        yield made


def _take_in(library: Library, folder: Path, *texts: str) -> None:
    session = library.session(LOCAL)
    session.save_collection(Collection("c", "集"))
    for words in texts:
        original = folder / f"{secrets.token_hex(4)}.txt"
        original.write_text(words, encoding="utf-8")
        blocks = (Block.plain(Kind.TITLE, words[:4]), Block.plain(Kind.PARAGRAPH, words))
        session.add(original, original.name, [Article(collection="c", blocks=blocks)], [])


@pytest.fixture
def moved(prepared: tuple[Path, Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """The same in PostgreSQL."""
    monkeypatch.setattr(agreement, "STRINGS", 20)
    name = f"t{secrets.token_hex(8)}"
    _sql(f"CREATE DATABASE {name} TEMPLATE {prepared[2]}")
    settings = shutil.copytree(prepared[1], tmp_path / "远") / "library.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace(prepared[2], name), encoding="utf-8")
    with Library.open(settings.parent) as there:
        yield there
    _sql(f"DROP DATABASE {name} WITH (FORCE)")


def _quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody looks."""


def _texts(library: Library) -> list[object]:
    session = library.session(LOCAL)
    return [session.article(str(number)) for number in range(1, 4)] + [session.audit()[-9:]]


def test_there_and_home_again(library: Library, moved: Library, tmp_path: Path) -> None:
    assert not (moved.root / "archive.sqlite").exists()
    assert _texts(moved)[:3] == _texts(library)[:3] and moved.session(LOCAL).check() == ()
    assert moved.session(LOCAL).search(Search(text="甘草")).total == 1
    _take_in(moved, tmp_path, "后来的一篇，讲羊皮筏子。")
    assert moved.session(LOCAL).search(Search(text="羊皮筏")).total == 1
    assert moved.move(tmp_path / "家", "", "", _quiet).whole
    with Library.open(tmp_path / "家") as home:
        assert home.session(LOCAL).article("4") == moved.session(LOCAL).article("4")
        assert home.session(LOCAL).check() == () and (home.root / "archive.sqlite").exists()
        assert "postgresql" not in (home.root / "library.toml").read_text(encoding="utf-8")


def test_its_backup_is_restored_into_a_folder(moved: Library, tmp_path: Path) -> None:
    assert moved.session(LOCAL).upkeep.backups.make(tmp_path / "b.zip") == ()
    with Library.restore(tmp_path / "b.zip", tmp_path / "家") as home:
        assert _texts(home)[:3] == _texts(moved)[:3] and home.session(LOCAL).check() == ()
        assert (home.root / "archive.sqlite").exists()
        assert "postgresql" not in (home.root / "library.toml").read_text(encoding="utf-8")


def test_what_was_interrupted_goes_on(
    library: Library, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where in ("archive.store.moving.fill", "archive.store.moving.arrived", "archive.store.store.Store.settle"):
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(where, _stop)
            library.move(tmp_path / "远", "", "", _quiet, address)
    assert library.move(tmp_path / "远", "", "", _quiet, address).whole


def _stop(*_arguments: object) -> None:
    raise KeyboardInterrupt


def test_what_another_process_changed_is_seen(moved: Library) -> None:
    session = moved.session(LOCAL)
    assert len(session.collections()) == 1
    with Library.open(moved.root) as other:
        other.session(LOCAL).save_collection(Collection("d", "另一集"))
        assert {one.id for one in moved._store.collections(None)} == {"c", "d"}


_WRITER = """
import sys
from pathlib import Path
from archive.store import Store, imports
store = Store.open(Path(sys.argv[1]))
with store.writing("别的机器", "试写"):
    print("holds", flush=True)
    sys.stdin.read()
"""


def test_one_writes_at_a_time_and_a_killed_one_frees_the_lock(moved: Library) -> None:
    command = [sys.executable, "-c", _WRITER, str(moved.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "holds\n"
        with pytest.raises(LibraryBusy, match="别的机器（试写）"), moved._store.writing("甲", "也写", 0.2):
            pass
        assert moved.session(LOCAL).article("1").id == "1"
        other.kill()
        other.wait(30)
    with moved._store.writing("甲", "也写", 30):
        pass


def test_a_connection_that_is_lost_is_told_and_nothing_half_is_kept(moved: Library) -> None:
    ended = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_name(moved)}'"
    before = moved.session(LOCAL).audit()
    with pytest.raises(StorageError, match="PostgreSQL") as told, moved._store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE collections SET title = 'x'")
        _sql(ended)
        connection.exec_driver_sql("UPDATE collections SET title = 'y'")
    assert "没有改动" in told.value.hint
    assert moved.session(LOCAL).audit() == before and moved.session(LOCAL).collections()[0].title == "集"
    moved.session(LOCAL).save_collection(Collection("c", "改了"))
    assert moved.session(LOCAL).collections()[0].title == "改了"


def test_a_server_restarted_in_the_middle_of_an_import(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it is kept, neither rows nor files; once the server is back the same import goes through."""
    with _own_server() as server:
        with closing(_connected(server)) as connection:
            connection.cursor().execute("CREATE DATABASE own")
        assert library.move(tmp_path / "远", "", "", _quiet, f"{server.address}own").whole
        record = imports.record_pictures

        def restarted(*arguments: Any) -> None:
            server.stop()
            server.start()
            record(*arguments)

        with Library.open(tmp_path / "远") as there:
            before = [one.sha256 for one in there._store.originals.listed()]
            with monkeypatch.context() as patched, pytest.raises(StorageError, match="PostgreSQL") as told:
                patched.setattr(imports, "record_pictures", restarted)
                _take_in(there, tmp_path, "后来的一篇，讲羊皮筏子。")
            assert "没有改动" in told.value.hint
            assert there.session(LOCAL).search(Search(text="羊皮筏")).total == 0
            assert [one.sha256 for one in there._store.originals.listed()] == before
            _take_in(there, tmp_path, "后来的一篇，讲羊皮筏子。")
            assert there.session(LOCAL).search(Search(text="羊皮筏")).total == 1
            assert there.session(LOCAL).check() == ()


def test_a_password_that_was_changed(library: Library, tmp_path: Path) -> None:
    """Which part says no is told, and all is there again with the new one."""
    login = tmp_path / "login.toml"
    login.write_text('user = "office"\npassword = "before"\n', encoding="utf-8")
    with _own_server() as server, closing(_connected(server)) as connection:
        rules = server.data / "pg_hba.conf"
        rules.write_text("host all office 127.0.0.1/32 scram-sha-256\n" + rules.read_text(encoding="utf-8"))
        for statement in (
            "CREATE ROLE office LOGIN SUPERUSER PASSWORD 'before'", "CREATE DATABASE own", "SELECT pg_reload_conf()",
        ):  # fmt: skip
            connection.cursor().execute(statement)
        options = {"address": f"postgresql://127.0.0.1:{server.port}/own", "credentials": str(login)}
        Store.create(tmp_path / "远", Settings("postgresql", options={"postgresql": options})).close()
        with Library.open(tmp_path / "远") as there:
            _take_in(there, tmp_path, "水车在河边转。")
        connection.cursor().execute("ALTER ROLE office PASSWORD 'after'")
        with pytest.raises(StorageError, match="不认这个用户或密码") as told:
            Library.open(tmp_path / "远")
        assert "before" not in str(told.value) and told.value.hint
        login.write_text('user = "office"\npassword = "after"\n', encoding="utf-8")
        with Library.open(tmp_path / "远") as there:
            assert there.session(LOCAL).search(Search(text="水车")).total == 1 and there.session(LOCAL).check() == ()


@contextmanager
def _own_server() -> Iterator[Any]:
    """A server that a test may stop and change."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True, prefix="wenshi-postgresql-") as folder:
        Path(folder).chmod(0o755)
        with _servers().Server(Path(folder) / "own") as server:
            yield server


def _connected(server: Any) -> Any:
    connection = pg8000.dbapi.connect("wenshi", host="127.0.0.1", port=server.port, database="postgres")
    connection.autocommit = True
    return connection


def _servers() -> Any:
    """The module that starts servers."""
    file = Path(__file__).parents[2] / "scripts" / "postgres_server.py"
    spec = importlib.util.spec_from_file_location("postgres_server", file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_older_one_waits_for_its_upgrade(moved: Library, capsys: pytest.CaptureFixture[str]) -> None:
    """Other machines may be at work on it with the version that made it."""
    with moved._store._database.writing() as connection:
        for table in ("tokens", "page_proofs"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("ALTER TABLE jobs DROP COLUMN runner")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0020'")
    moved.close()
    with pytest.raises(ConfigError, match="还没有升级") as told:
        Library.open(moved.root)
    assert "wenshi upgrade" in told.value.hint
    assert run(["--library", str(moved.root), "upgrade"]) == 0
    with Library.open(moved.root) as again:
        assert again.session(LOCAL).check() == () and again.session(LOCAL).article("1").id == "1"
    assert list((moved.root / "backups").glob("archive-0020-*"))


def _name(library: Library) -> str:
    return library._store._database.place.rsplit("/", 1)[1]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "地址不对"),
        ("mysql://a/b", "地址不对"),
        ("postgresql://a:secret@b/c", "密码"),
        ("postgresql://wenshi@127.0.0.1:9/x", "连不上数据库"),
        ("SERVERnothing", "没有这个数据库"),
    ],
)
def test_what_is_wrong_with_an_address_is_told(address: str, said: str, tmp_path: Path) -> None:
    options = {"postgresql": {"address": address.replace("SERVER", SERVER)}}
    with pytest.raises(WenshiError, match=said) as told:
        Store.create(tmp_path / "a", Settings("postgresql", options=options))
    assert told.value.hint and "secret" not in str(told.value)


def test_a_database_of_another_order_is_refused(tmp_path: Path) -> None:
    name = f"t{secrets.token_hex(8)}"
    _sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
    try:
        with pytest.raises(ConfigError, match="编码"):
            Store.create(tmp_path / "a", Settings("postgresql", options={"postgresql": {"address": f"{SERVER}{name}"}}))
    finally:
        _sql(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_database_that_holds_something_is_left_alone(library: Library, moved: Library, tmp_path: Path) -> None:
    address = f"{SERVER}{_name(moved)}"
    with pytest.raises(LibraryExists, match="不是空的"):
        library.move(tmp_path / "又", "", "", _quiet, address)
    assert moved.session(LOCAL).check() == ()


def test_a_character_that_cannot_be_kept_is_told(moved: Library) -> None:
    with pytest.raises(StorageError, match="编码为零"):
        moved.session(LOCAL).save_collection(Collection("z", "零\0号"))


def test_what_is_purged_is_in_no_table(moved: Library) -> None:
    assert "versions" in _tables_with(moved, "甘草")
    moved.session(LOCAL).upkeep.purging.purge(["2"], "按规定")
    assert moved.session(LOCAL).search(Search(text="甘草")).total == 0
    assert _tables_with(moved, "甘草") == [] and moved.session(LOCAL).check() == ()


def _tables_with(library: Library, words: str) -> list[str]:
    """The tables that have a row in which these words stand."""
    found = []
    with library._store._database.reading() as connection:
        for (table,) in connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").all():
            rows = connection.exec_driver_sql(f'SELECT 1 FROM "{table}" t WHERE position(%s in t::text) > 0', (words,))
            found += [str(table)] if rows.first() else []
    return found
