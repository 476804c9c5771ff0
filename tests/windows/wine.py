"""Programs of Windows, run by Wine in a Windows of their own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

LIMIT = 600.0
"""Seconds that any one step may take: many times what it takes on a busy computer."""
LENT = Path(__file__).resolve().parents[2] / "scripts" / "windows"
PRNG, COMPLEX = LENT / "wine_prng.c", LENT / "wine_complex.c"
COMPILER = "x86_64-w64-mingw32-gcc"
OBJDUMP = "x86_64-w64-mingw32-objdump"
OFF = "winedbg.exe,winebrowser.exe,winemenubuilder.exe=d"
WINES = "ucrtwine"
"""What Wine's own C library is called where another stands before it."""
OWN = {"creal": "creal", "creall": "creal", "crealf": "crealf", "cimag": "cimag", "cimagl": "cimag", "cimagf": "cimagf"}
"""Which function of ours stands for each that Wine lacks."""


@dataclass(frozen=True)
class Wine:
    """One Windows: a folder of Wine's, with the drive C: in it."""

    prefix: Path
    display: str

    @classmethod
    def made(cls, prefix: Path, display: str) -> Wine | None:
        """A new one; None where Wine runs no program on this computer.

        With the library of random bytes that Wine 8 lacks, and with folders of the user's own, where Wine makes links.
        """
        wine = cls(prefix, display)
        if wine.run("cmd", "/c", "exit 7")[0] != 7:
            wine.kill()
            return None
        for folder in wine.user.iterdir():
            if folder.is_symlink():
                folder.unlink()
                folder.mkdir()
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

    def lend_complex_numbers(self) -> None:
        """Puts a C library before Wine's that hands everything on to it but what it lacks; see wine_complex.c."""
        library, definition = self.system / "ucrtbase.dll", self.prefix / "ucrtbase.def"
        said = subprocess.run([OBJDUMP, "-p", library], check=True, capture_output=True, text=True).stdout
        names = re.findall(r"^\t\[ *\d+\].* (\S+)$", said[said.index("[Ordinal/Name Pointer]") :], re.MULTILINE)
        exports = [f'"{name}" = {f"own_{OWN[name]}" if name in OWN else f"{WINES}.{name}"}' for name in names]
        definition.write_text("\n".join(["LIBRARY ucrtbase.dll", "EXPORTS", *exports, ""]), encoding="ascii")
        library.rename(self.system / f"{WINES}.dll")
        subprocess.run(
            [COMPILER, "-shared", "-nostdlib", "-O1", COMPLEX, definition, "-Wl,--entry=0", "-o", library], check=True
        )

    def share(self, server: str, name: str) -> Path:
        """The folder that this Windows sees as \\\\server\\name."""
        folder = self.prefix / "dosdevices" / "unc" / server / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def user(self) -> Path:
        """The folder of the user who it was made for."""
        return next(each for each in (self.drive / "users").iterdir() if (each / "AppData/Roaming/Microsoft").is_dir())

    def start(
        self, *command: str, at: Path | None = None, settings: Mapping[str, str] = MappingProxyType({})
    ) -> subprocess.Popen[bytes]:
        """A program that runs on, with pipes: Wine's Python cannot do with a file or a terminal.

        `at` is the folder it is started in, `settings` are variables of its environment.
        """
        self._have_server()
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
        at: Path | None = None,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[int, str]:
        """Runs a program to its end: its exit code and what it said."""
        process = self.start(*command, at=at, settings=settings)
        with limit(f"the end of {' '.join(command)}", self.kill):
            said, _ = process.communicate()
        return process.returncode, said.decode("utf-8", "replace")

    def line(self, process: subprocess.Popen[bytes], what: str) -> str:
        """The next line that a program says; AssertionError with `what` was awaited where it says none."""
        assert process.stdout is not None
        with limit(what, self.kill):
            said = process.stdout.readline().decode("utf-8", "replace")
        assert said, f"{what}: it ended"
        return said

    def running(self, program: str = ".exe", settings: Mapping[str, str] = MappingProxyType({})) -> list[int]:
        """The numbers of the programs of this Windows that have this in their command, started with these variables."""
        wanted = {f"{name}={value}" for name, value in {**settings, "WINEPREFIX": str(self.prefix)}.items()}
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has just ended, or is another user's
                variables, command = (
                    (folder / name).read_bytes().decode("utf-8", "replace") for name in ("environ", "cmdline")
                )
                if program in command and wanted <= set(variables.split("\0")):
                    found.append(int(folder.name))
        return found

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """While no program of it goes on, and its clocks do."""
        stopped = self.running()
        for number in stopped:
            os.kill(number, signal.SIGSTOP)
        try:
            yield
        finally:
            for number in stopped:
                os.kill(number, signal.SIGCONT)

    def _have_server(self) -> None:
        """Wine's server and services, which stay without programs; one that is there is left as it is.

        By itself it goes soon after the last program: who comes just then ends with 1 and says nothing. What everybody
        has left goes after a time.
        """
        for command in ("wineserver", f"-p{1.5 * LIMIT:.0f}"), ("wineboot", "-i"):
            # Without pipes, since they keep what they are given.
            nothing = subprocess.DEVNULL
            process = subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing, env=self._environment())
            with limit(" ".join(command), self.kill):
                process.wait()
            if process.returncode:
                return

    def kill(self) -> None:
        """Ends every program of this Windows at once, as when the power goes."""
        subprocess.run(["wineserver", "-k"], env=self._environment(), check=False, timeout=LIMIT)

    def end_session(self) -> None:
        """As when somebody shuts it down: every window is asked, then every program is ended, then all stands still."""
        self.run("wineboot", "--end-session", "--kill", "--shutdown")
        self.kill()

    def _environment(self) -> dict[str, str]:
        # Programs that fall are not looked at by a debugger, no browser of this computer is opened, and neither another
        # one nor .NET is offered for download.
        lent = ";ucrtbase=n,b" if (self.system / f"{WINES}.dll").is_file() else ""
        own = {"WINEDEBUG": "-all", "WINEDLLOVERRIDES": f"{OFF};mscoree,mshtml={lent}"}
        # The home of whoever runs this is left alone: neither Wine nor what it starts writes there.
        home, others = self.prefix / "home", ("PYTHON", "WENSHI", "WINE", "XDG_")
        home.mkdir(parents=True, exist_ok=True)
        own |= {"WINEPREFIX": str(self.prefix), "HOME": str(home), "DISPLAY": self.display, "LC_ALL": "C.UTF-8"}
        return {name: value for name, value in os.environ.items() if not name.startswith(others)} | own


@contextmanager
def limit(what: str, end: Callable[[], None], seconds: float = LIMIT) -> Iterator[None]:
    """Calls `end` where the body takes too long; AssertionError then, with `what` it waited for."""
    late = threading.Event()

    def stop() -> None:
        late.set()
        end()

    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        assert not late.is_set(), f"waited {seconds:.0f} s for {what}"


@contextmanager
def screen() -> Iterator[str]:
    """A screen that nobody sees; its number."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    try:
        with limit("the screen", process.kill):
            number = int(process.stdout.readline())
        yield f":{number}"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def missing(tools: Sequence[str] = ("wine", "wineserver", "Xvfb", COMPILER)) -> list[str]:
    """Which tools are not there."""
    return [tool for tool in tools if shutil.which(tool) is None]
