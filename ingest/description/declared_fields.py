"""The further fields a collection.toml declares: [[field]] name, kind, choices, required, repeatable."""

from __future__ import annotations

from pathlib import Path

from archive.catalogue.fields import STANDARD
from archive.model.errors import ConfigError
from archive.model.records import Declared, FieldKind

_KEYS = {"name": str, "kind": str, "choices": list, "required": bool, "repeatable": bool}
_STANDARD = frozenset(one.name for one in STANDARD)
_LONGEST_NAME = 20


def declared_fields(entries: object, file: Path) -> tuple[Declared, ...]:
    """The fields of the [[field]] tables of `file`. Raises ConfigError, which names the field."""
    if not isinstance(entries, list):
        raise _wrong("field 要写成 [[field]]", file)
    found = tuple(_declared(entry, file) for entry in entries)
    names = [one.name for one in found]
    if twice := [name for name in names if names.count(name) > 1]:
        raise _wrong(f"栏目“{twice[0]}”写了两次", file)
    return found


def _declared(entry: object, file: Path) -> Declared:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or not entry["name"].strip():
        raise _wrong("[[field]] 缺少 name", file)
    name = entry["name"].strip()
    for key, value in entry.items():
        if key not in _KEYS:
            raise _wrong(f"“{name}”里的 {key} 不认识，可用的有：{'、'.join(_KEYS)}", file)
        if not isinstance(value, _KEYS[key]):
            raise _wrong(f"“{name}”的 {key} 写得不对", file)
    if name in _STANDARD:
        raise _wrong(f"“{name}”是人人都有的，不用再声明", file)
    if len(name) > _LONGEST_NAME or set(name) & set("；;、:：\n\t"):
        raise _wrong(f"“{name[:_LONGEST_NAME]}”不能作名称：至多 {_LONGEST_NAME} 字，不含标点", file)
    choices = entry.get("choices", [])
    kind = entry.get("kind", FieldKind.CHOICE if choices else FieldKind.TEXT)
    if kind not in set(FieldKind):
        raise _wrong(f"“{name}”的 kind 不能是 {kind}，可用的有：{'、'.join(FieldKind)}", file)
    if not all(isinstance(choice, str) and choice.strip() for choice in choices) or bool(choices) != (kind == "choice"):
        raise _wrong(f"“{name}”的 choices：kind 是 choice 时列出可选的文字，否则不写", file)
    return Declared(name, FieldKind(kind), tuple(choices), entry.get("required", False), entry.get("repeatable", False))


def _wrong(message: str, file: Path) -> ConfigError:
    return ConfigError(f"集合说明写得不对：{message}", place=str(file), hint="参照 docs/metadata.md 的样子改正")
