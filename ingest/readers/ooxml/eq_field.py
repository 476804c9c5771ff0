r"""EQ fields: fractions, circled characters and phonetic guides whose text stands in the field's instruction.

`EQ \f(3,5)` is 3/5; `\o\ac(○,三)` a character in a circle; `\o\ad(\s\up 9(zhong),中)` a character with its reading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.model.records import Run, Style

SYMBOL_FIELD = re.compile(
    r'SYMBOL\s+(?:0+(?=\d))?(0x[0-9A-F]{1,6}|\d{1,7})(?![0-9A-F])(?:.*?\\f\s*"?([^"\\]+))?', re.IGNORECASE
)
"""A SYMBOL field: the code of the sign, and its font where one is named."""

_FORMAT = re.compile(r'\\\*\s*(?:"[^"]*"|[^\s\\(]+)\s*')  # \* jc2, \* "Font:宋体": how it is set
_SWITCH = re.compile(r"\\([A-Za-z]+)\s*(-?\d+)?\s*")
_BRACKETS = frozenset({"lc", "rc", "bc", "fc"})  # are followed by the bracket to use, behind a backslash
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_CIRCLES = frozenset("○〇◯Ｏ□△◇")
_BETWEEN = ",;，；"
_DEEPEST = 20


@dataclass(slots=True)
class _Construct:
    """A switch with its options and what stands in its brackets. `brackets` maps lc, rc, bc, fc to signs."""

    name: str
    options: list[str] = field(default_factory=list)
    brackets: dict[str, str] = field(default_factory=dict)
    arguments: list[list[str | _Construct]] = field(default_factory=list)


_Part = str | _Construct


def eq_runs(instruction: str) -> list[Run]:
    """The text of an EQ instruction in reading order, readings as ruby."""
    text = re.sub(r"^\s*EQ\b\s*", "", instruction, flags=re.IGNORECASE).strip()
    parts, _ = _parsed(text, 0, 0)
    return [run for run in _written(parts) if run.text.strip() or run.ruby]


def _parsed(text: str, at: int, depth: int) -> tuple[list[_Part], int]:
    """The parts up to a separator or closing bracket of the construct they stand in, and where they end."""
    parts: list[_Part] = []
    while at < len(text):
        if formatting := _FORMAT.match(text, at):
            at = formatting.end()
        elif depth < _DEEPEST and _SWITCH.match(text, at):
            construct, at = _construct(text, at, depth)
            parts.append(construct)
        elif depth and text[at] in f"){_BETWEEN}":
            break
        else:
            at += text[at] == "\\" and at + 1 < len(text)
            parts.append(text[at])
            at += 1
    return parts, at


def _construct(text: str, at: int, depth: int) -> tuple[_Construct, int]:
    found: _Construct | None = None
    while switch := _SWITCH.match(text, at):
        name, at = switch[1].lower(), switch.end()
        if found is None:
            found = _Construct(name)
        elif name in _BRACKETS and at < len(text):
            at += text[at] == "\\"
            found.brackets[name] = text[at : at + 1]
            at += 1
        else:
            found.options.append(name)
    assert found is not None  # called where a switch stands
    if text[at : at + 1] == "(":
        closed = False
        at += 1
        while at < len(text) and not closed:
            argument, at = _parsed(text, at, depth + 1)
            found.arguments.append(argument)
            closed = text[at : at + 1] == ")"
            at += 1
    return found, at


def _written(parts: Sequence[_Part]) -> list[Run]:
    runs: list[Run] = []
    for part in parts:
        for run in [Run(part)] if isinstance(part, str) else _CONSTRUCTS.get(part.name, _in_turn)(part):
            if runs and not run.ruby and not runs[-1].ruby and run.style == runs[-1].style:
                runs[-1] = Run(runs[-1].text + run.text, run.style)
            else:
                runs.append(run)
    return runs


def _in_turn(construct: _Construct, between: str = "") -> list[Run]:
    runs: list[Run] = []
    for number, argument in enumerate(construct.arguments):
        runs += [Run(between)] if number and between else []
        runs += _written(argument)
    return runs


def _plain(argument: Sequence[_Part]) -> str:
    return "".join(run.text for run in _written(argument)).strip()


def _operand(argument: Sequence[_Part]) -> str:
    text = _plain(argument)
    return text if re.fullmatch(r"[\w.%]*", text) else f"({text})"


def _fraction(construct: _Construct) -> list[Run]:
    return [Run("/".join(map(_operand, construct.arguments)))]


def _root(construct: _Construct) -> list[Run]:
    *degree, base = construct.arguments or [[]]
    return [Run("".join(map(_operand, degree)) + "√" + _operand(base))]


def _overlaid(construct: _Construct) -> list[Run]:
    """Characters printed over one another: in a circle, with a reading above, or two lines in one."""
    arguments = construct.arguments
    inside = [argument for argument in arguments if _plain(argument) not in _CIRCLES]
    if len(inside) < len(arguments):
        return [run for argument in inside for run in _written(argument)]
    raised = [argument for argument in arguments if any(_is_raised(part) for part in argument)]
    bases = [argument for argument in arguments if argument not in raised]
    if len(raised) == 1 and bases and not any(isinstance(part, _Construct) for base in bases for part in base):
        return [Run("".join(map(_plain, bases)), ruby=_plain(raised[0]))]
    return [Run("".join(map(_plain, arguments)))]


def _is_raised(part: _Part) -> bool:
    return isinstance(part, _Construct) and part.name == "s" and "up" in part.options


def _script(construct: _Construct) -> list[Run]:
    style = Style.SUPERSCRIPT if "up" in construct.options else Style.SUBSCRIPT if "do" in construct.options else None
    return [Run(run.text, style or run.style, ruby=run.ruby) for run in _in_turn(construct)]


def _bracketed(construct: _Construct) -> list[Run]:
    both = construct.brackets.get("bc", "" if construct.brackets else "(")
    left, right = construct.brackets.get("lc", both), construct.brackets.get("rc", _CLOSING.get(both, both))
    return [Run(left), *_in_turn(construct), Run(right)]


def _integral(construct: _Construct) -> list[Run]:
    sign = construct.brackets.get("fc", "∑" if "su" in construct.options else "∏" if "pr" in construct.options else "∫")
    lower, upper, *rest = [*construct.arguments, [], [], []][:3]
    bounds = "".join(mark + _operand(bound) for mark, bound in (("_", lower), ("^", upper)) if _plain(bound))
    return [Run(sign + bounds), *(run for part in rest for run in _written(part))]


_CONSTRUCTS = {
    "a": lambda construct: _in_turn(construct, " "),
    "b": _bracketed,
    "d": lambda construct: [],  # only moves what follows
    "f": _fraction,
    "i": _integral,
    "l": lambda construct: _in_turn(construct, ","),
    "o": _overlaid,
    "r": _root,
    "s": _script,
}
