"""Programs of Windows, run by Wine in a Windows of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

PRNG = Path(__file__).resolve().parents[2] / "scripts" / "windows" / "wine_prng.c"
COMPILER = "x86_64-w64-mingw32-gcc"


@dataclass(frozen=True)
class Wine:
    """One Windows: a folder of Wine's, with the drive C: in it."""

    prefix: Path
    display: str

    @classmethod
    def made(cls, prefix: Path, display: str) -> Wine:
        """A new one, with the library of random bytes that Wine 8 lacks."""
        wine = cls(prefix, display)
        wine.run("wineboot", "-i")
        library = wine.system / "bcryptprimitives.dll"
        if not library.is_file():
            subprocess.run([COMPILER, "-shared", "-O1", PRNG, "-o", library, "-ladvapi32"], check=True)
        return wine

    @property
    def drive(self) -> Path:
        """The drive C:."""
        return self.prefix / "drive_c"

    @property
    def system(self) -> Path:
        """The folder of the system's libraries."""
        return self.drive / "windows" / "system32"

    def share(self, server: str, name: str) -> Path:
        """The folder that this Windows sees as \\\\server\\name."""
        folder = self.prefix / "dosdevices" / "unc" / server / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def user(self) -> Path:
        """The folder of the user."""
        return next(each for each in (self.prefix / "drive_c" / "users").iterdir() if each.name != "Public")

    def start(
        self, *command: str, at: Path | None = None, settings: Mapping[str, str] = MappingProxyType({})
    ) -> subprocess.Popen[bytes]:
        """A program that runs on, with pipes: Wine's Python cannot do with a file or a terminal.

        `at` is the folder it is started in, `settings` are variables of its environment.
        """
        return subprocess.Popen(
            ["wine", *command] if command[0] != "wineboot" else [*command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=self._environment() | dict(settings),
            cwd=at,
        )

    def run(
        self,
        *command: str,
        seconds: float = 900,
        at: Path | None = None,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[int, str]:
        """Runs a program to its end: its exit code and what it said."""
        process = self.start(*command, at=at, settings=settings)
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            said, _ = process.communicate()
            return -1, said.decode("utf-8", "replace")
        return process.returncode, said.decode("utf-8", "replace")

    def kill(self) -> None:
        """Ends every program of this Windows at once, as when the power goes."""
        subprocess.run(["wineserver", "-k"], env=self._environment(), check=False)

    def _environment(self) -> dict[str, str]:
        # Programs that fall are not looked at by a debugger; no browser and no .NET are offered for download.
        own = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": "winedbg.exe=d;winemenubuilder.exe=d;mscoree,mshtml="}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "WENSHI"))}
        return kept | own | {"WINEPREFIX": str(self.prefix), "DISPLAY": self.display, "LC_ALL": "C.UTF-8"}


@contextmanager
def screen() -> Iterator[str]:
    """A screen that nobody sees; its number."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    try:
        yield f":{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def missing(tools: Sequence[str] = ("wine", "wineserver", "Xvfb", COMPILER)) -> list[str]:
    """Which tools are not there."""
    return [tool for tool in tools if shutil.which(tool) is None]
