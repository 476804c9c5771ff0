"""LibreOffice in the background: where it is, how a batch of files goes through it, and how it is stopped.

Shared by reading (old Word formats become .docx) and by setting books (page numbers). Every run has a profile of its
own and a group of its own, so that it never meets a LibreOffice the user has open, and can be ended whole.
"""

from __future__ import annotations

import configparser
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from archive.support import windows_registry
from archive.support.office_program import TIMEOUT, OfficeFailure, OfficeProgram

__all__ = ["HOW_TO_GET_IT", "LibreOffice", "OfficeFailure"]

HOW_TO_GET_IT = (
    "安装 LibreOffice（免费，https://zh-cn.libreoffice.org）后再试，Debian 一类的系统用 apt install libreoffice-writer"
)
_REGISTERED = r"SOFTWARE\LibreOffice\UNO\InstallPath"  # its value is the folder of the program
# No macro runs and nothing a document links to is fetched: an import never reaches out of the house.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


@dataclass(frozen=True, slots=True)
class LibreOffice(OfficeProgram):
    """An installed LibreOffice, by its program file."""

    program: Path
    timeout: float = TIMEOUT

    @classmethod
    def find(cls) -> Self | None:
        """The one on the search path, in the registry of Windows or in its usual place; None without one."""
        for name in ("soffice", "libreoffice"):
            if found := shutil.which(name):
                return cls(Path(found))
        return next((cls(place) for place in _usual_places() if place.is_file()), None)

    @property
    def title(self) -> str:
        """What people call it."""
        return "LibreOffice"

    def version(self) -> str:
        """Its name, version and build, from the files it keeps them in; what is missing there is left out."""
        folder = self.program.resolve().parent
        product = _setting((folder / "bootstraprc", folder / "bootstrap.ini"), "Bootstrap", "ProductKey")
        build = _setting((folder / "versionrc", folder / "version.ini"), "Version", "buildid")
        return f"{product} {build}".strip()

    def _command(self, files: Sequence[Path], to: str, folder: Path, profile: Path) -> list[str]:
        user = profile / "user"
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        command = [str(self.program), f"-env:UserInstallation={profile.absolute().as_uri()}"]
        command += ["--headless", "--norestore", "--convert-to", to, "--outdir", str(folder)]
        return [*command, *map(str, files)]


def _setting(files: Sequence[Path], section: str, key: str) -> str:
    """A value of the first of these files that has it, else ""."""
    for file in files:
        settings = configparser.ConfigParser(interpolation=None)
        with suppress(OSError, configparser.Error):
            settings.read_string(file.read_text("utf-8"))
            return settings.get(section, key, fallback="")
    return ""


def _usual_places() -> list[Path]:
    if sys.platform == "win32":
        # Wherever it was installed to, it says so in the registry; carried along from elsewhere it may not.
        told = [Path(folder, "soffice.exe") for folder in windows_registry.values(_REGISTERED)]
        roots = (os.environ.get(name) for name in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"))
        return [*told, *(Path(root, "LibreOffice", "program", "soffice.exe") for root in roots if root)]
    return [
        Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
        Path("/usr/lib/libreoffice/program/soffice"),
        Path("/opt/libreoffice/program/soffice"),
    ]
