"""安装文史。由 install.bat 或 install.sh 启动；只需要 Python 本身，不联网。

install.py [目标文件夹]      默认装到本文件夹旁边的 wenshi 文件夹
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any, NoReturn

HERE = Path(__file__).resolve().parent
WINDOWS = sys.platform == "win32"

START = {
    "wenshi-demo.bat": '@echo off\r\nchcp 65001 >nul\r\n"%~dp0venv\\Scripts\\wenshi.exe" demo %*\r\npause\r\n',
    "wenshi.bat": '@echo off\r\nchcp 65001 >nul\r\n"%~dp0venv\\Scripts\\wenshi.exe" %*\r\n',
    "wenshi-demo.sh": '#!/bin/sh\nexec "$(dirname "$0")/venv/bin/wenshi" demo "$@"\n',
    "wenshi.sh": '#!/bin/sh\nexec "$(dirname "$0")/venv/bin/wenshi" "$@"\n',
}


def stop(message: str) -> NoReturn:
    """Say why nothing was installed, and end."""
    print(f"\n没有安装：{message}", file=sys.stderr)
    sys.exit(1)


def made_for() -> dict[str, Any]:
    """What the folder was made for: platform, versions of Python, and the extra that is to be installed."""
    noted: dict[str, Any] = json.loads((HERE / "wheelhouse.json").read_text(encoding="utf-8"))
    return noted


def check_python() -> None:
    """The wheels fit the versions of Python they were fetched for, and no others."""
    versions = made_for()["versions"]
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if running not in versions:
        wanted = "、".join(versions)
        stop(
            f"这个安装包是为 Python {wanted} 准备的，本机运行的是 {running}（{sys.executable}）。"
            f"请安装 Python {wanted}；或者在联网的电脑上为另一版本重做安装包（make wheelhouse PYVER=312）。"
        )


def carried(pattern: str) -> Path:
    """The one file of this folder with such a name."""
    found = sorted(HERE.glob(pattern))
    if not found:
        stop(f"安装包不完整，缺少 {pattern}。请重新复制整个文件夹。")
    return found[0]


def make_environment(target: Path) -> Path:
    """A fresh virtual environment without pip (which needs no ensurepip); returns its interpreter."""
    print(f"建立运行环境：{target / 'venv'}")
    venv.EnvBuilder(clear=True, with_pip=False, symlinks=not WINDOWS).create(target / "venv")
    return target / "venv" / ("Scripts/python.exe" if WINDOWS else "bin/python")


def install(python: Path) -> None:
    """Install from the wheels of this folder alone, with the pip that lies among them."""
    pip, wheel = carried("pip-*.whl"), carried("wenshi-*.whl")
    print("安装……")
    offline = ("--no-index", "--find-links", str(HERE), "--disable-pip-version-check", "--no-cache-dir", "--quiet")
    extra = made_for()["extra"]
    wanted = f"{wheel}[{extra}]" if extra else str(wheel)
    ran = subprocess.run([str(python), str(pip / "pip"), "install", *offline, wanted])
    if ran.returncode:
        stop("pip 报告了上面的错误。若提到 “No matching distribution”，说明安装包不是为这种系统准备的。")


def write_start_files(target: Path) -> list[Path]:
    """Files to start wenshi with, for this kind of system."""
    made = []
    for name, text in START.items():
        if name.endswith(".bat") == WINDOWS:
            file = target / name
            file.write_bytes(text.encode("ascii"))
            file.chmod(0o755)
            made.append(file)
    return made


def main() -> None:
    """Install into the folder named, or beside this one."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    check_python()
    target = Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent / "wenshi").resolve()
    try:
        target.mkdir(parents=True, exist_ok=True)
        install(make_environment(target))
        demo, command = write_start_files(target)
    except OSError as error:
        hint = "若文史正在运行，请先关闭；否则换一个可以写入、空间足够的文件夹：install 文件夹名"
        stop(f"{error.strerror}：{error.filename}。{hint}")
    print(f"\n装好了。\n  看样例：{demo}\n  自己用：{command} --help")


if __name__ == "__main__":
    main()
