"""What several commands tell in the same way: what is wrong and what to do, and how far long work is."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from archive.model.holdings import Problem


def tell_problems(problems: Iterable[Problem]) -> None:
    """What is wrong where, and what to do, on standard output."""
    for problem in problems:
        click.echo(f"{problem.place}：{problem.message}\n  怎么办：{problem.hint}")


def tell_progress(words: str, done: int, total: int) -> None:
    """How far it is, on one line of a terminal, which ends when all is done; nothing in a file."""
    if sys.stderr.isatty():
        click.echo(f"\r{words}\033[K", nl=done == total, err=True)
