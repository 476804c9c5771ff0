"""Break the code in small ways, one at a time, and count how many of these mutants the tests notice.

    python scripts/mutate.py archive/dates --tests tests/archive/dates --sample 100
    python scripts/mutate.py archive/dates --tests tests/archive/dates --sample 100 --log dates.jsonl --seconds 150

A sample of the possible mutants is tried on a copy of the tree, each in a process of its own; the same seed gives the
same sample. With --log, what has been tried is written down and skipped the next time, so that a long run can be done
in slices; --seconds ends a slice. A test that fails, an import that fails and a run beyond --patience seconds kill a
mutant. Survivors are printed with their place: each is a gap in the tests, or code that makes no difference.

For development on POSIX systems only (it forks). mutmut 3.8 was tried first: it cannot run tests whose parameters are
Chinese sentences, and leaves out every decorated function.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Imported once, before the processes are forked, since every test run needs them. Nothing of our own is among them, and
# no plugin of pytest, which wants to see those first.
PRELOADED = ("pytest", "sqlalchemy", "alembic.command", "flask", "lxml.etree", "rjieba", "whoosh.index")

COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
OPERATORS: dict[type[ast.operator], ast.operator] = {
    ast.Add: ast.Sub(), ast.Sub: ast.Add(), ast.Mult: ast.FloorDiv(), ast.FloorDiv: ast.Mult(), ast.Mod: ast.Mult(),
    ast.BitAnd: ast.BitOr(), ast.BitOr: ast.BitAnd(), ast.LShift: ast.RShift(),
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: the bytes [start, end) of a file (relative to the root) become `after`."""

    file: str
    line: int
    start: int
    end: int
    before: str
    after: str


def expressions(node: ast.AST) -> Iterator[str]:
    """The source of what could stand in the place of an expression or a statement."""
    match node:
        case ast.Compare(left, [operator], [right]) if type(operator) in COMPARISONS:
            yield f"({ast.unparse(left)} {COMPARISONS[type(operator)]} {ast.unparse(right)})"
        case ast.BoolOp(operator, values):
            other = " or " if isinstance(operator, ast.And) else " and "
            yield f"({other.join(f'({ast.unparse(value)})' for value in values)})"
            for left_out in range(len(values)):
                rest = [f"({ast.unparse(value)})" for place, value in enumerate(values) if place != left_out]
                yield f"({(' and ' if isinstance(operator, ast.And) else ' or ').join(rest)})"
        case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
            yield f"({ast.unparse(ast.BinOp(left, OPERATORS[type(operator)], right))})"
            if isinstance(operator, ast.BitAnd | ast.Sub):
                yield f"({ast.unparse(left)})"
            if isinstance(operator, ast.BitAnd):
                yield f"({ast.unparse(right)})"
        case ast.UnaryOp(ast.Not(), operand):
            yield f"bool({ast.unparse(operand)})"
        case ast.Constant(bool(value)):
            yield str(not value)
        case ast.Constant(int(value)):
            yield f"({value + 1})"
        case ast.Constant(str(value)) if value:
            yield '""'
        case ast.IfExp(_, body, other_body):
            yield f"({ast.unparse(body)})"
            yield f"({ast.unparse(other_body)})"
        case ast.Expr(ast.Call()) | ast.AugAssign() | ast.Delete() | ast.Break() | ast.Continue() | ast.Raise():
            yield "pass"


def mutants_of(file: Path) -> Iterator[Mutant]:
    """Every mutant of one module."""
    source = file.read_bytes()
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    for node in _changeable(ast.parse(source)):
        assert isinstance(node, ast.expr | ast.stmt) and node.end_lineno and node.end_col_offset is not None
        start = lines[node.lineno - 1] + node.col_offset
        end = lines[node.end_lineno - 1] + node.end_col_offset
        before = source[start:end].decode()
        for after in expressions(node):
            yield Mutant(file.relative_to(ROOT).as_posix(), node.lineno, start, end, before, after)


def _changeable(tree: ast.AST) -> Iterator[ast.AST]:
    """The expressions and statements that decide something: no docstrings, annotations, messages or log entries."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.expr | ast.stmt):
            yield node
        match node:
            case (
                ast.Assign([ast.Name("__all__")])
                | ast.Expr(ast.Constant())
                | ast.Assert()
                | ast.Import()
                | ast.ImportFrom()
                | ast.JoinedStr()
            ):
                continue
            case ast.Expr(ast.Call(ast.Attribute(ast.Name("log")))) | ast.Raise():
                continue
            case ast.AnnAssign(value=value):
                waiting += [value] if value else []
            case ast.FunctionDef(body=body, args=arguments):
                waiting += [*body, *arguments.defaults, *filter(None, arguments.kw_defaults)]
            case ast.ClassDef(body=body):
                waiting += body
            case ast.MatchMapping() | ast.MatchValue() | ast.MatchClass():
                continue
            case _:
                waiting += ast.iter_child_nodes(node)


def copy_of_the_tree(target: Path) -> None:
    """Copy what version control knows of, as it stands now."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)


def run_tests(tree: Path, tests: Sequence[str]) -> None:
    """Run the tests within `tree`, quietly, and end this process with pytest's exit code."""
    os.setsid()  # so that the programs that tests start can be ended with it
    os.chdir(tree)
    sys.path.insert(0, str(tree))
    os.environ |= {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "CI": "1"}
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    pytest = import_module("pytest")
    os._exit(int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", f"--rootdir={tree}", *tests])))


def outcome(tree: Path, tests: Sequence[str], patience: float) -> str:
    """What the tests say of the tree as it is: passed, failed, or late."""
    process = multiprocessing.get_context("fork").Process(target=run_tests, args=(tree, tests))
    process.start()
    assert process.pid
    process.join(patience)
    late = process.is_alive()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.join()
    return "late" if late else "passed" if process.exitcode == 0 else "failed"


def nearest_first(module: str, tests: Sequence[str]) -> list[str]:
    """The same tests, those named like the module first: they are the likeliest to notice."""
    files = [file for name in tests for file in (sorted((ROOT / name).rglob("test_*.py")) or [ROOT / name])]
    named = f"test_{Path(module).stem}.py"
    return [str(file.relative_to(ROOT)) for file in sorted(files, key=lambda file: file.name != named)]


def main() -> None:
    """Read the command line, try the sample, print what survived and the share killed."""
    parser = argparse.ArgumentParser(description="Count how many small defects the tests notice.")
    parser.add_argument("code", nargs="+", help="modules or folders of modules to break")
    parser.add_argument("--tests", nargs="+", required=True, help="test files or folders to run")
    parser.add_argument("--sample", type=int, default=100, help="how many mutants to try (100)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another sample (1)")
    parser.add_argument("--patience", type=float, default=90, help="seconds a run of the tests may take (90)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="end after so many seconds")
    parser.add_argument("--log", type=Path, help="JSON Lines of what has been tried, to go on from")
    given = parser.parse_args()
    modules = sorted(
        file for name in given.code for file in ([ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("*.py"))
    )
    everything = [mutant for file in modules for mutant in mutants_of(file)]
    sample = random.Random(given.seed).sample(everything, min(given.sample, len(everything)))
    tried = _read(given.log)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        copy_of_the_tree(tree)
        for name in PRELOADED:
            import_module(name)
        end = time.monotonic() + given.seconds
        if not tried and outcome(tree, given.tests, given.patience) != "passed":  # later slices trust the first
            sys.exit("The tests fail, or are late, without any change; nothing can be said.")
        for mutant in sample:
            if mutant in tried:
                continue
            if time.monotonic() > end:
                break
            tried[mutant] = _try(mutant, tree, given.tests, given.patience)
            _note(given.log, mutant, tried[mutant])
    _report([(mutant, tried[mutant]) for mutant in sample if mutant in tried], len(sample), len(everything))


def _try(mutant: Mutant, tree: Path, tests: Sequence[str], patience: float) -> str:
    file = tree / mutant.file
    source = file.read_bytes()
    file.write_bytes(source[: mutant.start] + mutant.after.encode() + source[mutant.end :])
    try:
        return outcome(tree, nearest_first(mutant.file, tests), patience)
    finally:
        file.write_bytes(source)


def _read(log: Path | None) -> dict[Mutant, str]:
    if log is None or not log.exists():
        return {}
    rows = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    return {Mutant(**row["mutant"]): row["outcome"] for row in rows}


def _note(log: Path | None, mutant: Mutant, said: str) -> None:
    if log is not None:
        with log.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"mutant": asdict(mutant), "outcome": said}, ensure_ascii=False) + "\n")


def _report(results: Iterable[tuple[Mutant, str]], sampled: int, possible: int) -> None:
    results = list(results)
    survivors = [mutant for mutant, said in results if said == "passed"]
    for mutant in sorted(survivors, key=lambda one: (one.file, one.line)):
        before = " ".join(mutant.before.split())
        print(f"{mutant.file}:{mutant.line}: {before[:100]}  →  {mutant.after[:100]}")
    killed = len(results) - len(survivors)
    share = killed / len(results) if results else 0
    print(f"{killed} of {len(results)} killed ({share:.1%}); {sampled} sampled of {possible} possible")


if __name__ == "__main__":
    main()
