"""The order of a book: parts and items moved, put together, taken out, sorted. Pure functions on a project.

A place is (part, item), both counted from 0. Every function raises UsageError for a place that is not there, so that a
form filled on an old page can do nothing wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from archive.model.errors import UsageError
from archive.model.project import Item, Part, Project

Place = tuple[int, int]


def item_at(project: Project, place: Place) -> Item:
    """The item at a place."""
    part, item = place
    if not (0 <= part < len(project.parts) and 0 <= item < len(project.parts[part].items)):
        raise UsageError("书稿里没有这一篇，次序没有改动。", hint="请刷新页面后再试。")
    return project.parts[part].items[item]


def part_at(project: Project, part: int) -> Part:
    """The part of this number."""
    if not 0 <= part < len(project.parts):
        raise UsageError("书稿里没有这个栏目，没有改动。", hint="请刷新页面后再试。")
    return project.parts[part]


def move(project: Project, place: Place, to: Place) -> tuple[Project, Place]:
    """An item put at another place, counted without it; beyond the end of a part means its end. Where it now stands."""
    moved = item_at(project, place)
    part_at(project, to[0])
    lists = [list(part.items) for part in project.parts]
    del lists[place[0]][place[1]]
    there = lists[to[0]]
    at = min(max(0, to[1]), len(there))
    there.insert(at, moved)
    return _with_items(project, lists), (to[0], at)


def step(project: Project, place: Place, onward: int) -> tuple[Project, Place]:
    """An item one place up (`onward` -1) or down (1); beyond the ends of its part it goes into the neighbouring one."""
    part, item = place
    count = len(part_at(project, part).items)
    if 0 <= item + onward < count:
        return move(project, place, (part, item + onward))
    if not 0 <= part + onward < len(project.parts):
        item_at(project, place)
        return project, place
    neighbour = project.parts[part + onward].items
    return move(project, place, (part + onward, 0 if onward > 0 else len(neighbour)))


def gather(project: Project, places: Sequence[Place], part: int) -> Project:
    """Items put at the end of a part, in the order they stood in."""
    part_at(project, part)
    moved = [item_at(project, place) for place in sorted(places)]
    project = without(project, places)
    lists = [list(each.items) for each in project.parts]
    lists[part] += moved
    return _with_items(project, lists)


def without(project: Project, places: Iterable[Place]) -> Project:
    """The project without these items; parts stay, even empty ones."""
    gone = set(places)
    for place in gone:
        item_at(project, place)
    lists = [[item for j, item in enumerate(part.items) if (i, j) not in gone] for i, part in enumerate(project.parts)]
    return _with_items(project, lists)


def move_part(project: Project, part: int, to: int) -> tuple[Project, int]:
    """A part put at another place, counted without it; beyond an end means that end. Its number now."""
    moved = part_at(project, part)
    parts = [*project.parts[:part], *project.parts[part + 1 :]]
    at = min(max(0, to), len(parts))
    parts.insert(at, moved)
    return replace(project, parts=tuple(parts)), at


def add_part(project: Project, title: str) -> Project:
    """An empty part at the end."""
    return replace(project, parts=(*project.parts, Part(title=title)))


def set_part(project: Project, part: int, *, title: str, note: str) -> Project:
    """A part with another heading and 编者按."""
    fresh = replace(part_at(project, part), title=title, note=note)
    return replace(project, parts=(*project.parts[:part], fresh, *project.parts[part + 1 :]))


def dissolve(project: Project, part: int) -> Project:
    """The project without a part; its items go to the end of the one before, of the first part to the one after.

    The only part keeps its items and loses its heading and its 编者按.
    """
    gone = part_at(project, part)
    if len(project.parts) == 1:
        return replace(project, parts=(Part(items=gone.items),) if gone.items else ())
    parts = list(project.parts)
    del parts[part]
    heir = max(part - 1, 0)
    items = (*parts[heir].items, *gone.items) if part else (*gone.items, *parts[heir].items)
    parts[heir] = replace(parts[heir], items=items)
    return replace(project, parts=tuple(parts))


def add(project: Project, items: Sequence[Item], part: int) -> Project:
    """Items put at the end of a part; in a project without parts they make the first one."""
    if not project.parts and part == 0:
        return replace(project, parts=(Part(items=tuple(items)),))
    lists = [list(each.items) for each in project.parts]
    part_at(project, part)
    lists[part] += items
    return _with_items(project, lists)


def sort(project: Project, key: Callable[[Item], Any], part: int | None = None) -> Project:
    """The items of a part (None: of every part, each within itself) in ascending order of `key`."""
    if part is not None:
        part_at(project, part)
    lists = [
        sorted(each.items, key=key) if part in (None, number) else list(each.items)
        for number, each in enumerate(project.parts)
    ]
    return _with_items(project, lists)


def by_section(project: Project, section: Callable[[Item], str]) -> Project:
    """The items of parts without a heading put at the end of parts headed by their own 栏目, made where there is none.

    Items without a 栏目 stay where they are; a part without heading and 编者按 that nothing is left in goes.
    """
    parts = list(project.parts)
    lists = [list(part.items) for part in parts]
    numbers = {part.title: number for number, part in reversed(list(enumerate(parts))) if part.title}
    for number, part in enumerate(project.parts):
        if part.title:
            continue
        lists[number] = [item for item in part.items if not section(item)]
        for item in part.items:
            if (title := section(item)) and title not in numbers:
                numbers[title] = len(parts)
                parts.append(Part(title=title))
                lists.append([])
            if title:
                lists[numbers[title]].append(item)
    divided = _with_items(replace(project, parts=tuple(parts)), lists)
    return replace(divided, parts=tuple(part for part in divided.parts if part.title or part.note or part.items))


def _with_items(project: Project, lists: Sequence[Sequence[Item]]) -> Project:
    parts = zip(project.parts, lists, strict=True)
    return replace(project, parts=tuple(replace(part, items=tuple(items)) for part, items in parts))
