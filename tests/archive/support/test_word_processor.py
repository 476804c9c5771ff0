"""Word and WPS as Windows hands them out, played by objects of ours: no real one was ever at hand here."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from archive.support import libreoffice, windows_registry, word_processor
from archive.support.libreoffice import LibreOffice
from archive.support.word_conversion import save_anew
from archive.support.word_processor import WordProcessor
from ingest.readers import converted

WORD = r"SOFTWARE\Classes\Word.Application\CLSID"
WPS = r"SOFTWARE\Classes\KWPS.Application\CLSID"


class Document:
    """What is open in it."""

    def __init__(self, word: Word, file: str) -> None:
        self.word, self.file = word, file
        word.open.append(file)

    def SaveAs(self, target: str, number: int) -> None:
        if "坏" in Path(self.file).read_text(encoding="utf-8"):
            raise OSError("a COMError")
        Path(target).write_text(f"{number} {Path(self.file).name}", encoding="utf-8")

    def Close(self, save: int) -> None:
        assert save == 0
        self.word.open.remove(self.file)


class Word:
    """Word's application, as far as it is asked; WPS lacks one of the settings."""

    def __init__(self, open_already: int = 0) -> None:
        self.open = ["的文件"] * open_already
        self.settings: dict[str, object] = {}
        self.ended = False
        self.Documents = self

    def __setattr__(self, name: str, value: object) -> None:
        if name == "AutomationSecurity":
            raise AttributeError(name)
        super().__setattr__(name, value)

    @property
    def Count(self) -> int:
        return len(self.open)

    def Open(self, file: str, confirm: bool, read_only: bool, recent: bool, password: str) -> Document:
        assert (confirm, read_only, recent) == (False, True, False)
        assert password, "an empty one would have it ask"
        return Document(self, file)

    def Quit(self, save: int) -> None:
        self.ended = True


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"{number}.doc" for number in range(3)]
    for file in made:
        file.write_text("坏" if file.stem == "1" else "好", encoding="utf-8")
    return made


def test_each_file_is_saved_anew_and_what_fails_stops_no_other(files: list[Path], tmp_path: Path) -> None:
    word = Word()
    save_anew(word, files, "docx", tmp_path)
    assert [(tmp_path / f"{number}.docx").is_file() for number in range(3)] == [True, False, True]
    assert (tmp_path / "0.docx").read_text(encoding="utf-8") == "12 0.doc"
    assert (word.open, word.ended) == ([], True)
    assert word.Visible is False  # type: ignore[attr-defined]


def test_what_the_person_has_open_in_it_stays_open(files: list[Path], tmp_path: Path) -> None:
    word = Word(open_already=1)
    save_anew(word, files, "docx", tmp_path)
    assert (word.open, word.ended) == (["的文件"], False)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """A Windows whose registry holds these keys, with what talks to COM."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(shutil, "which", lambda name: None)

    def register(keys: dict[str, str]) -> None:
        monkeypatch.setattr(windows_registry, "values", lambda key: [keys[key]] if key in keys else [])

    return register


def test_word_is_taken_before_wps_and_nothing_where_there_is_none(
    registered: Callable[[dict[str, str]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    registered({WORD: "{0}", WPS: "{1}"})
    assert (found := WordProcessor.find()) is not None
    assert (found.name, found.title) == ("Word.Application", "Word")
    registered({WPS: "{1}"})
    assert (found := WordProcessor.find()) is not None
    assert (found.name, found.title) == ("KWPS.Application", "WPS")
    registered({})
    assert WordProcessor.find() is None
    registered({WORD: "{0}"})
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert WordProcessor.find() is None


def test_libreoffice_is_found_by_what_it_wrote_into_the_registry(
    registered: Callable[[dict[str, str]], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.delenv("ProgramFiles", raising=False)
    (tmp_path / "soffice.exe").touch()
    registered({r"SOFTWARE\LibreOffice\UNO\InstallPath": str(tmp_path)})
    assert libreoffice.LibreOffice.find() == LibreOffice(tmp_path / "soffice.exe")


def test_the_registry_of_another_system_is_empty() -> None:
    if importlib.util.find_spec("winreg") is None:
        assert windows_registry.values(WORD) == []


CLIENT = """
import shutil
class Documents:
    Count = 0
    def Open(self, file, *how):
        self.file = file
        return self
    def SaveAs(self, target, number):
        shutil.copy(MADE, target)
    def Close(self, save): pass
class Application:
    Documents = Documents()
    def Quit(self, save): pass
def CreateObject(name, dynamic):
    assert (name, dynamic) == ("KWPS.Application", True)
    return Application()
"""


@pytest.fixture
def wps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WordProcessor:
    """A WPS that makes of every file the same .docx, in the process that is really started."""
    made = docx.Document()
    made.add_paragraph("水车在河边。")
    made.save(str(tmp_path / "made.docx"))
    package = tmp_path / "packages" / "comtypes"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "client.py").write_text(f"MADE = {str(tmp_path / 'made.docx')!r}\n{CLIENT}", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    return WordProcessor("KWPS.Application", timeout=60)


def test_an_old_manuscript_is_read_through_wps(
    wps: WordProcessor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LibreOffice, "find", lambda: None)
    monkeypatch.setattr(word_processor.WordProcessor, "find", lambda: wps)
    old = tmp_path / "旧 稿.doc"
    old.write_bytes(b"\xd0\xcf\x11\xe0 of another program")
    manuscript = converted.read("doc", old, old.name)
    assert any("水车在河边" in block.text for block in manuscript.blocks)


def test_without_any_of_them_it_says_what_would_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LibreOffice, "find", lambda: None)
    monkeypatch.setattr(word_processor.WordProcessor, "find", lambda: None)
    file = tmp_path / "旧.doc"
    file.touch()
    error: Any = converted.convert([(file, "doc")], tmp_path)[file]
    assert "LibreOffice" in error.message
    assert "Word 或 WPS" in error.message
