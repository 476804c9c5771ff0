"""What the fields of a web form show to who looks at the page."""

from __future__ import annotations

from ingest.readers.markup_tree import Element, count, local

_BOXES = {"checkbox": "☐☒", "radio": "○●"}
_UNSEEN = frozenset({"hidden", "password", "file", "image", "color", "range"})


def shown(field: Element) -> tuple[str, str]:
    """The mark of a box, and the text of a field; each empty where there is none."""
    kind = (field.get("type") or "text").lower()
    if kind in _BOXES:
        return _BOXES[kind][field.get("checked") is not None], ""
    return "", "" if kind in _UNSEEN else field.get("value") or ""


def choices(field: Element) -> tuple[list[Element], int]:
    """The options that a list shows: those that are chosen, else the first; and the characters of the others."""
    options = [inner for inner in field.iter() if local(inner) == "option"]
    chosen = [one for one in options if one.get("selected") is not None] or options[:1]
    if field.get("multiple") is not None:
        chosen = options
    return chosen, sum(count(one) for one in options if one not in chosen)
