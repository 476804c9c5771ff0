"""What people keep of their searching: scopes with a name, searches to ask again, what was asked; what changed."""

from __future__ import annotations

from dataclasses import dataclass

from archive.model.errors import UsageError
from archive.model.search import Search

_LONGEST_NAME = 40  # characters


def checked_label(name: str, what: str) -> str:
    """A name that a scope or a saved search may have, without padding; `what` it is for. Raises UsageError."""
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UsageError(f"“{name[:_LONGEST_NAME]}”不能作{what}的名称", hint=f"写 1 至 {_LONGEST_NAME} 个字")
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A part of a library under a name (工作集): what `rule` finds, whenever that is, or else these `articles`.

    `owner` is the id of the actor who made it, `who` the name.
    """

    name: str
    rule: Search | None = None
    articles: tuple[str, ...] = ()
    owner: str = ""
    who: str = ""
    moment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A search somebody asks again: kept at `made`, last looked at at `looked`, when it found `found` articles."""

    name: str
    search: Search
    made: str
    looked: str
    found: int


@dataclass(frozen=True, slots=True)
class AskedSearch:
    """A search somebody asked, and how many articles it found then."""

    moment: str
    search: Search
    total: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of articles, each kind in the order of coming in. `new`: not there before, or now found though they were not;
    `changed`: there before and found, in another version since; `withdrawn`: taken out of use; `lost`: in use, and no
    longer found.
    """

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.withdrawn or self.lost)
