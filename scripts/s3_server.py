"""Start an S3 server on this computer for tests: versitygw over a folder, made by Go from its module.

`python scripts/s3_server.py PROGRAMS FOLDER` prints its address and runs until it is told to stop.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

MODULE = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"
ACCESS, SECRET = "wenshi", "for-tests-alone"
_PATIENCE = 60  # seconds until it must answer


def program(folder: Path) -> Path:
    """The server in `folder`, made by Go if it is not there yet. Raises OSError, CalledProcessError."""
    made = folder.resolve() / ("versitygw.exe" if os.name == "nt" else "versitygw")
    if not made.exists():
        if shutil.which("go") is None:
            raise FileNotFoundError("no Go here to make versitygw (Debian: apt install golang)")
        environment = {**os.environ, "GOBIN": str(made.parent), "CGO_ENABLED": "0"}
        subprocess.run(["go", "install", MODULE], check=True, timeout=900, env=environment, stdin=subprocess.DEVNULL)
    return made


class S3Server:
    """A server with one user over an empty folder, for as long as the `with` lasts."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.objects = folder / "objects"
        self._program, self._log = program, folder / "log"
        self.objects.mkdir(parents=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def bucket(self) -> str:
        """A new bucket, which to this server is a folder."""
        name = f"b{secrets.token_hex(6)}"
        (self.objects / name).mkdir()
        return name

    def __enter__(self) -> S3Server:
        self.start()
        return self

    def start(self, secret: str = SECRET) -> None:
        """Start it, also after `stop` and with another password. Raises TimeoutError."""
        command = [str(self._program), "--port", f"127.0.0.1:{self.port}", "--access", ACCESS, "--secret", secret]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--quiet", "posix", str(self.objects)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if time.monotonic() > until or self._process.poll() is not None:
                    self.stop()
                    said = self._log.read_text(encoding="utf-8", errors="replace")
                    raise TimeoutError(f"the S3 server does not answer: {said[-2000:]}") from None
                time.sleep(0.1)

    def stop(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            self._process = None

    def __exit__(self, *_failure: object) -> None:
        self.stop()


def main() -> None:
    """The arguments are a folder to keep the program in, and one that is not there yet."""
    with S3Server(program(Path(sys.argv[1])), Path(sys.argv[2])) as server:
        print(server.address, flush=True)
        signal.sigwait([signal.SIGINT, signal.SIGTERM])


if __name__ == "__main__":
    main()
