"""Compare jieba and rjieba: start-up, speed, memory, agreement, user words, rare characters.

    python tests/bench/segmenters.py [TEXTS]      # TEXTS: JSON Lines (.jsonl or .jsonl.xz) with a field "text"

Each segmenter is timed in a process of its own, so that neither profits from what the other has loaded.
Speeds are code points a second (median of three passes), start-up is the wall time from before the import to the
first word, memory is the growth of the resident set by that start in MB (Linux only; 0 elsewhere).
"""

from __future__ import annotations

import importlib.metadata
import json
import logging
import lzma
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from importlib import resources
from pathlib import Path
from types import ModuleType

NEWS = Path(__file__).resolve().parents[3] / "shared" / "data" / "bench" / "news_dated.jsonl.xz"
NAMES = ("jieba", "rjieba")
TEXTS = 2000
PASSES = 3
USER_WORDS = ("沙坡头治沙站", "羊皮筏子客", "张义堡", "鸣沙洲", "莫家楼", "卫宁北山")
STRANGE = (
    "一九五〇年",
    "𠮷野家",
    "中共十一届三中全会",
    "GB/T 7714",
    "C++程序",
    "AT&T公司",
    "3.14159",
    "光緒三十年",
    "2024年3月",
)


def texts(file: Path, limit: int) -> Iterator[str]:
    """The first `limit` texts of a JSON Lines file."""
    with lzma.open(file, "rt", encoding="utf-8") if file.suffix == ".xz" else file.open(encoding="utf-8") as lines:
        for _, line in zip(range(limit), lines, strict=False):
            yield json.loads(line)["text"]


def load(name: str, cache: str) -> ModuleType:
    """Import a segmenter; jieba is given a cache folder of its own, because the shared one can be poisoned."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba imports pkg_resources
        module = __import__(name)
    if name == "jieba":
        module.setLogLevel(logging.CRITICAL)
        module.dt.tmp_dir = cache
    return module


def resident() -> float:
    """The resident set in MB, or 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def speed(cut: Callable[[str], Sequence[str]], sample: Sequence[str]) -> int:
    """Code points a second over the sample."""
    seconds = []
    for _ in range(PASSES):
        begun = time.process_time()
        for text in sample:
            list(cut(text))
        seconds.append(time.process_time() - begun)
    return int(sum(map(len, sample)) / statistics.median(seconds))


def measure(name: str, file: Path, cache: str, out: Path) -> None:
    """In a process of its own: print the figures of one segmenter and leave its words for comparison."""
    sample = list(texts(file, TEXTS))
    before, begun = resident(), time.perf_counter()
    module = load(name, cache)
    list(module.cut("第一次切分"))
    figures = {"start s": round(time.perf_counter() - begun, 2), "memory MB": round(resident() - before)}
    some = sample[:400]
    figures["cut/s"] = speed(module.cut, some)
    figures["search mode/s"] = speed(module.cut_for_search, some)
    figures["no HMM/s"] = speed(
        lambda text: module.cut(text, HMM=False) if name == "jieba" else module.cut(text, False), some
    )
    words = {mode: [list(getattr(module, mode)(text)) for text in sample] for mode in ("cut", "cut_for_search")}
    words["strange"] = [list(module.cut(text)) for text in STRANGE]
    for word in USER_WORDS:
        if name == "jieba":
            module.add_word(word)
        else:
            module.add_word(word, None, None)
    words["user"] = [list(module.cut(f"我在{word}住过三年")) for word in USER_WORDS]
    out.write_bytes(pickle.dumps(words))
    print(f"{name} {importlib.metadata.version(name)}: {json.dumps(figures)}")


def report(found: dict[str, dict[str, list[list[str]]]]) -> None:
    """How far the two agree, and where they do not."""
    ours, theirs = found["jieba"], found["rjieba"]
    for mode in ("cut", "cut_for_search"):
        pairs = list(zip(ours[mode], theirs[mode], strict=True))
        same = sum(a == b for a, b in pairs)
        print(f"{mode}: {same} of {len(pairs)} texts identical")
        shown = 0
        for a, b in pairs:
            if a != b and shown < 5:
                odd = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
                print(f"   {a[max(0, odd - 2) : odd + 4]}  |  {b[max(0, odd - 2) : odd + 4]}")
                shown += 1
    for part in ("strange", "user"):
        for a, b in zip(ours[part], theirs[part], strict=True):
            print(f"{part}: {' '.join(a)}" + ("" if a == b else f"   |   rjieba: {' '.join(b)}"))


def main() -> None:
    """Run both, compare."""
    if len(sys.argv) == 5:
        measure(sys.argv[1], Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
        return
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else NEWS
    dictionary = resources.files("jieba").joinpath("dict.txt").read_bytes()
    print(f"jieba's dictionary: {len(dictionary.splitlines())} words, SHA-256 {sha256(dictionary).hexdigest()[:16]}…")
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in NAMES:
            out = Path(folder) / name
            for run in ("cold", "warm"):  # the second start finds jieba's cache
                print(f"{run}: ", end="", flush=True)
                subprocess.run([sys.executable, __file__, name, str(file), folder, str(out)], check=True)
            found[name] = pickle.loads(out.read_bytes())
    report(found)


if __name__ == "__main__":
    main()
