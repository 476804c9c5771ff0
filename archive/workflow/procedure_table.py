"""The procedures of a library: those that come with the program, and over them the files in its folder."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from archive.model.errors import ConfigError, NotFound, StorageError, UsageError
from archive.model.file_names import SIGNS, fits_a_file
from archive.model.procedures import Procedure
from archive.support.files import write_whole
from archive.support.library_folder import PROCEDURES
from archive.support.storage_errors import reason
from archive.workflow.procedure_file import read

_SHIPPED = ("manuscripts", "calls", "proposals", "opinions", "gazetteer", "proofs")
_GOOD, _DRAFT = ".good.toml", ".draft.toml"


class ProcedureTable:
    """The procedures of one library, read again whenever a file of them changes."""

    def __init__(self, root: Path) -> None:
        self.folder = root / PROCEDURES

    def all(self) -> tuple[Procedure, ...]:
        """Every procedure: those shipped, in their order, or what the office made of them; then the office's own.

        A broken file is passed over for its last good text, or for what was shipped.
        """
        found = {one.name: one for one in shipped()}
        for file in self._files():
            text, _ = _held(file)
            if text is not None:
                own = read(text, file.name, own=True)
                found[own.name] = own
        return tuple(found.values())

    def errors(self) -> tuple[ConfigError, ...]:
        """What is wrong with the files."""
        return tuple(error for file in self._files() for error in (_held(file)[1],) if error is not None)

    def text(self, name: str) -> str:
        """The text of a procedure as it stands in its file, broken or not. Raises NotFound, ConfigError."""
        file = self.file(name)
        if file.is_file():
            return _text_of(file)
        for stem in _SHIPPED:
            text = _shipped_text(stem)
            if read(text, stem).name == name:
                return text
        raise no_procedure(name, self.all())

    def read_new(self, text: str) -> Procedure:
        """The procedure in a text that is to be the office's own. Raises ConfigError with the line."""
        return read(text, f"{PROCEDURES}/新.toml", own=True)

    def keep(self, made: Procedure, text: str) -> None:
        """Keep the text of a procedure as the office's own. Raises UsageError for a name that another one has."""
        taken = {made.name.casefold(), made.title.casefold()}  # some systems take A.toml and a.toml for one file
        others = (one for one in self.all() if one.name != made.name)
        if any(taken & {one.name.casefold(), one.title.casefold()} for one in others):
            raise UsageError(f"已经有叫“{made.title}”的登记簿", hint="换一个名称")
        file = self.file(made.name)
        self.folder.mkdir(exist_ok=True)
        write_whole(file, text)

    def draft(self, name: str) -> str | None:
        """The text of the changes begun to a procedure, None where there are none. Raises UsageError."""
        file = self._draft(name)
        return file.read_text(encoding="utf-8") if file.is_file() else None

    def drafts(self) -> tuple[str, ...]:
        """The procedures that changes were begun to."""
        if not self.folder.is_dir():
            return ()
        return tuple(file.name.removesuffix(_DRAFT) for file in sorted(self.folder.glob(f"*{_DRAFT}")))

    def keep_draft(self, name: str, text: str | None) -> None:
        """Keep changes begun, or (None) forget them."""
        file = self._draft(name)
        if text is None:
            file.unlink(missing_ok=True)
            return
        self.folder.mkdir(exist_ok=True)
        write_whole(file, text)

    def _draft(self, name: str) -> Path:
        return self.file(name).with_suffix(_DRAFT)

    def file(self, name: str) -> Path:
        """The file in which an office keeps a procedure of its own. Raises UsageError for a name no file may have."""
        if len(name) > 40 or "." in name or not fits_a_file(name):
            hint = f"写 1 至 40 个字，不含 {SIGNS} 和句点，也不叫 CON、NUL 一类"
            raise UsageError(f"“{name[:40]}”不能作流程的名称", hint=hint)
        return self.folder / f"{name}.toml"

    def _files(self) -> Iterator[Path]:
        if self.folder.is_dir():
            yield from (file for file in sorted(self.folder.glob("*.toml")) if not file.name.endswith((_GOOD, _DRAFT)))


def no_procedure(name: str, known: tuple[Procedure, ...]) -> NotFound:
    """The error for a procedure that is not there."""
    return NotFound(f"没有“{name[:40]}”这个流程或登记簿", hint=f"现有：{'、'.join(one.title for one in known)}")


@cache
def shipped() -> tuple[Procedure, ...]:
    """The procedures that come with the program."""
    return tuple(read(_shipped_text(stem), f"{stem}.toml") for stem in _SHIPPED)


@cache
def _shipped_text(stem: str) -> str:
    return files("archive.workflow").joinpath(f"procedures/{stem}.toml").read_text(encoding="utf-8")


def _held(file: Path) -> tuple[str | None, ConfigError | None]:
    """The good text of a file, its own or the last one that was, and what is wrong with the present one."""
    try:
        state = file.stat()
    except OSError as failure:
        return None, _unread(file, failure)
    return _read_once(file, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _read_once(file: Path, _changed: int, _size: int) -> tuple[str | None, ConfigError | None]:
    good = file.with_name(file.stem + _GOOD)
    try:
        text = _text_of(file)
        read(text, _place(file))
    except ConfigError as failure:
        error = failure
    else:
        _keep(good, text)
        return text, None
    try:
        kept = good.read_text(encoding="utf-8")
        read(kept, good.name)
    except (OSError, UnicodeDecodeError, ConfigError):
        return None, error
    return kept, error


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as failure:
        raise _unread(file, failure) from failure
    except UnicodeDecodeError as failure:
        raise ConfigError("不是 UTF-8 编码的文本", place=_place(file), hint="用记事本另存为 UTF-8") from failure


def _unread(file: Path, failure: OSError) -> ConfigError:
    return ConfigError(f"读不出来：{reason(failure)}", place=_place(file), hint="检查这个文件的权限")


def _place(file: Path) -> str:
    return f"{PROCEDURES}/{file.name}"


def _keep(good: Path, text: str) -> None:
    """Remember a good text; a folder that cannot be written only means that the shipped ones stand in later."""
    try:
        if not good.exists() or good.read_text(encoding="utf-8") != text:
            write_whole(good, text)
    except (OSError, UnicodeDecodeError, StorageError):
        return
