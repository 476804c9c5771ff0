"""A child process of ours: a script, a job in a file, an answer; nothing of it stays when it is done."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from archive.errors import ExportError

_NO_WINDOW = 0
if sys.platform == "win32":
    _NO_WINDOW = subprocess.CREATE_NO_WINDOW


def ask(script: str, job: dict[str, object], folder: Path, limit: float) -> object:
    """What that script of this package answers; the job is handed over in `folder`, `limit` is in seconds.

    Raises ExportError when it crashes or takes too long.
    """
    file = folder / "job.json"
    file.write_text(json.dumps(job), encoding="utf-8")
    # By path and without the folder of the script: it must be up at once, importing nothing of the program.
    command = [sys.executable, "-P", "-X", "utf8", str(Path(__file__).with_name(script)), str(file)]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit,
            creationflags=_NO_WINDOW,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        hint = "请把书分成几部分导出，或关闭其他程序后再试。"
        raise ExportError(f"排版超过 {limit:.0f} 秒还没有完成，已停止。", hint=hint) from error
    if done.returncode:
        last = "".join(done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:])
        raise ExportError(
            f"排版程序中途退出（代码 {done.returncode}）：{last or '没有说明原因'}",
            hint="多半是内存不足：请关闭其他程序后再试，或把书分成几部分导出。",
        )
    return json.loads(done.stdout)
