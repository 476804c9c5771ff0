"""docs/commands.md and the command line say the same."""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from archive.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
ROOT_OPTIONS = {"--library", "--as", "--verbose", "--version", "--help"}


def commands() -> dict[str, click.Command]:
    """Every command by its path ("user add"), with those that other packages plug in by pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    context = click.Context(cli)
    loaded = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    found = {name: command for name, command in loaded.items() if command is not None}
    for name, target in project["entry-points"]["wenshi.commands"].items():
        module, _, attribute = target.partition(":")
        found[name] = getattr(importlib.import_module(module), attribute)
    return dict(leaves(found))


def leaves(found: dict[str, click.Command], path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in found.items():
        if isinstance(command, click.Group):
            yield from leaves(dict(command.commands), f"{path}{name} ")
        else:
            yield f"{path}{name}", command


def sections() -> dict[str, str]:
    parts = re.split(r"^## wenshi (.+)\n", TEXT, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert set(sections()) == set(commands())


@pytest.mark.parametrize("name", sorted(sections()))
def test_section_lists_the_options(name: str) -> None:
    command, text = commands()[name], sections()[name]
    options = {
        option for parameter in command.params if isinstance(parameter, click.Option) for option in parameter.opts
    }
    documented = set(re.findall(r"`(--?[a-z][a-z-]*)`", "\n".join(re.findall(r"^\| (`-.*?) \|", text, re.M))))
    assert documented == options - {"--help"}


@pytest.mark.parametrize("name", sorted(sections()))
def test_section_names_arguments_and_choices(name: str) -> None:
    command, text = commands()[name], sections()[name]
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            assert (parameter.metavar or parameter.name or "").strip("[].…").upper() in text
        if isinstance(parameter.type, click.Choice):
            assert not [choice for choice in parameter.type.choices if f"`{choice}`" not in text]


@pytest.mark.parametrize("name", sorted(sections()))
def test_section_has_an_example_of_options_that_exist(name: str) -> None:
    command, text = commands()[name], sections()[name]
    examples = re.findall(rf"^\$ (.*\bwenshi .*\b{name}\b.*)$|^\$ (wenshi {name}.*)$", text, re.M)
    assert examples
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    for line in map("".join, examples):
        used = set(re.findall(r"(?<!\S)(--[a-z-]+|-[a-z])(?!\S)", line))
        assert used <= known | ROOT_OPTIONS


def test_root_options_are_documented() -> None:
    options = {option for parameter in cli.params if isinstance(parameter, click.Option) for option in parameter.opts}
    assert options | {"--help"} == ROOT_OPTIONS
    assert not [option for option in ROOT_OPTIONS if f"`{option}`" not in TEXT]


def test_everything_has_help() -> None:
    """Each command explains itself, and each option of it."""
    for name, command in commands().items():
        assert command.help, name
        unexplained = [option.opts for option in command.params if isinstance(option, click.Option) and not option.help]
        assert not unexplained, name
