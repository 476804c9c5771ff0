"""Paths longer than Windows takes: the form it takes them in, and where it is used."""

from __future__ import annotations

import sys
from pathlib import Path, PureWindowsPath

import pytest

from archive.support.long_paths import ROOM, extended, plain, reachable
from archive.support.network_drives import network_drive
from archive.support.storage_errors import storage_error

DEEP = "\\".join(["政协文史资料委员会历年征集稿件", "第十二届委员会", "已校未排"] * 14)
FORMS = [
    (f"C:\\{DEEP}\\水车.docx", f"\\\\?\\C:\\{DEEP}\\水车.docx"),
    (f"\\\\server\\共享\\{DEEP}", f"\\\\?\\UNC\\server\\共享\\{DEEP}"),
    ("\\\\?\\C:\\甲", "\\\\?\\C:\\甲"),
    ("\\\\.\\pipe\\甲", "\\\\.\\pipe\\甲"),
]


@pytest.mark.parametrize(("path", "form"), FORMS)
def test_the_form_without_a_limit(path: str, form: str) -> None:
    assert extended(path) == form
    if not path.startswith(("\\\\?\\", "\\\\.\\")):
        assert plain(form) == path


def test_it_is_still_the_same_file_in_the_same_folder() -> None:
    """What pathlib makes of it: names and parents as before, so that nothing else has to know."""
    path = PureWindowsPath(extended(FORMS[0][0]))
    assert path.name == "水车.docx"
    assert str(path.parent / "渡口.txt") == FORMS[0][1].replace("水车.docx", "渡口.txt")


@pytest.mark.skipif(sys.platform == "win32", reason="there it is the form that is given")
def test_other_systems_have_no_such_form() -> None:
    path = Path("/", *DEEP.split("\\"))
    assert reachable(path, ROOM) is path


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows has such a form; tried under Wine")
def test_on_windows_what_is_too_long_gets_that_form_and_nothing_else_does(tmp_path: Path) -> None:
    assert reachable(tmp_path) == tmp_path
    long = tmp_path / DEEP / ".." / "渡口"
    assert str(reachable(long)) == extended(str(tmp_path / DEEP))[: -len("已校未排")] + "渡口"
    room = 247 - len(str(tmp_path)) + 1
    assert str(reachable(tmp_path, room)) == extended(str(tmp_path))


@pytest.mark.skipif(sys.platform != "win32", reason="drives and shares are of Windows; tried under Wine")
def test_a_long_path_is_no_network_drive(tmp_path: Path) -> None:
    assert not network_drive(Path(extended(str(tmp_path))))
    assert network_drive(Path("\\\\server\\共享\\资料库"))
    assert network_drive(Path("\\\\?\\UNC\\server\\共享\\资料库"))


def test_messages_show_the_path_as_people_know_it() -> None:
    path, form = FORMS[0]
    assert storage_error(PermissionError(13, "x"), Path(form)).place == path


def test_what_a_library_writes_below_itself_fits_into_the_room(library_tree: list[str]) -> None:
    assert max(map(len, library_tree)) + len(".0123456789abcdef.tmp") <= ROOM


@pytest.fixture
def library_tree(tmp_path: Path) -> list[str]:
    """The paths below a library that holds a manuscript with a picture."""
    from archive.library import Library
    from archive.model.access import Actor
    from ingest.pipeline.importer import ingest

    manuscript = tmp_path / "水车.txt"
    manuscript.write_text("水车记\n水车在河边。", encoding="utf-8")
    with Library.create(tmp_path / "库") as library:
        ingest(library.session(Actor.local()), [manuscript])
    return [str(path.relative_to(tmp_path / "库")) for path in (tmp_path / "库").rglob("*")]
