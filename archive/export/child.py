"""A child process of ours: a script, a job in a file, an answer; nothing of it stays when it is done."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from archive.model.errors import ExportError
from archive.support.cancellation import raise_if_cancelled
from archive.support.interpreter import PYTHON

_GLANCE = 0.2  # seconds between two looks whether the answer is still wanted
_NO_WINDOW = 0
if sys.platform == "win32":
    _NO_WINDOW = subprocess.CREATE_NO_WINDOW


def ask(script: Path, job: dict[str, object], folder: Path, limit: float) -> object:
    """What that script answers; the job is handed over in `folder`, `limit` is in seconds.

    Raises ExportError when it crashes or takes too long, Unwanted when nobody waits for it any more; then it is ended.
    """
    file = folder / "job.json"
    file.write_text(json.dumps(job), encoding="utf-8")
    # By path and without the folder of the script: it must be up at once, importing nothing of the program.
    command = [*PYTHON, str(script), str(file)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, creationflags=_NO_WINDOW
    ) as process:
        try:
            output, complained = _answer(process, limit)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        last = "".join(complained.decode("utf-8", "replace").strip().splitlines()[-1:])
        raise ExportError(
            f"排版程序中途退出（代码 {process.returncode}）：{last or '没有说明原因'}",
            hint="多半是内存不足：请关闭其他程序后再试，或把书分成几部分导出。",
        )
    return json.loads(output)


def _answer(process: subprocess.Popen[bytes], limit: float) -> tuple[bytes, bytes]:
    left = limit  # counted by looks: the clock of Windows goes on while the computer sleeps
    while True:
        try:
            return process.communicate(timeout=_GLANCE)
        except subprocess.TimeoutExpired as error:
            raise_if_cancelled()
            left -= _GLANCE
            if left < 0:
                hint = "请把书分成几部分导出，或关闭其他程序后再试。"
                raise ExportError(f"排版超过 {limit:.0f} 秒还没有完成，已停止。", hint=hint) from error
