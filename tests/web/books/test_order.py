"""The order of a book: nothing is lost or doubled, whatever is moved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model.errors import UsageError
from archive.model.project import Item, Part, Project
from web.books import order


def item(name: str) -> Item:
    return Item(article=name, version=1, digest="")


def book(*parts: str) -> Project:
    """A project whose parts are given as strings, a character an article."""
    return Project(
        name="书", parts=tuple(Part(title=str(n), items=tuple(map(item, each))) for n, each in enumerate(parts))
    )


def shown(project: Project) -> list[str]:
    return ["".join(each.article for each in part.items) for part in project.parts]


def test_moving_within_and_between_parts() -> None:
    project = book("abc", "de")
    moved, now = order.move(project, (0, 0), (0, 2))
    assert (shown(moved), now) == (["bca", "de"], (0, 2))
    moved, now = order.move(project, (0, 1), (1, 0))
    assert (shown(moved), now) == (["ac", "bde"], (1, 0))
    moved, now = order.move(project, (0, 1), (1, 99))
    assert (shown(moved), now) == (["ac", "deb"], (1, 2))


def test_steps_cross_into_the_neighbouring_part_and_stop_at_the_ends() -> None:
    project = book("ab", "", "c")
    stepped, now = order.step(project, (0, 1), 1)
    assert (shown(stepped), now) == (["a", "b", "c"], (1, 0))
    stepped, now = order.step(project, (2, 0), -1)
    assert (shown(stepped), now) == (["ab", "c", ""], (1, 0))
    assert order.step(project, (0, 0), -1) == (project, (0, 0))
    assert order.step(project, (2, 0), 1) == (project, (2, 0))


@given(
    st.lists(st.text("abcdefgh", max_size=4), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from((-1, 1))), max_size=20),
)
def test_no_step_loses_or_doubles_an_article(parts: list[str], steps: list[tuple[int, int]]) -> None:
    project = book(*parts)
    for number, onward in steps:
        places = [(p, i) for p, part in enumerate(project.parts) for i in range(len(part.items))]
        if not places:
            return
        project, now = order.step(project, places[number % len(places)], onward)
        order.item_at(project, now)
    assert sorted("".join(shown(project))) == sorted("".join(parts))


def test_a_step_down_and_up_again_changes_nothing() -> None:
    project = book("ab", "cd")
    there, now = order.step(project, (0, 1), 1)
    assert order.step(there, now, -1) == (project, (0, 1))


def test_several_at_once() -> None:
    project = book("abc", "de")
    assert shown(order.gather(project, [(1, 0), (0, 0)], 1)) == ["bc", "ead"]
    assert shown(order.without(project, [(0, 0), (0, 2), (1, 1)])) == ["b", "d"]


def test_parts_move_and_are_dissolved_into_their_neighbours() -> None:
    project = book("ab", "c", "d")
    moved, now = order.move_part(project, 0, 1)
    assert (shown(moved), now) == (["c", "ab", "d"], 1)
    assert shown(order.dissolve(project, 1)) == ["abc", "d"]
    assert shown(order.dissolve(project, 0)) == ["abc", "d"]
    assert order.dissolve(project, 0).parts[0].title == "1"
    only = order.dissolve(book("ab"), 0)
    assert (shown(only), only.parts[0].title) == (["ab"], "")
    assert order.dissolve(book(""), 0).parts == ()


def test_sorting_stays_within_parts() -> None:
    project = book("cab", "ba")
    assert shown(order.sort(project, lambda each: each.article)) == ["abc", "ab"]
    assert shown(order.sort(project, lambda each: each.article, 1)) == ["cab", "ab"]


@pytest.mark.parametrize("place", [(0, 3), (2, 0), (-1, 0), (0, -1)])
def test_a_place_that_is_not_there(place: tuple[int, int]) -> None:
    with pytest.raises(UsageError):
        order.move(book("abc", "d"), place, (0, 0))
    with pytest.raises(UsageError):
        order.without(book("abc", "d"), [place])


def test_adding_to_a_book_without_parts() -> None:
    assert shown(order.add(book(), [item("a")], 0)) == ["a"]
    assert shown(order.add(book("a", "b"), [item("c")], 0)) == ["ac", "b"]
    with pytest.raises(UsageError):
        order.add(book("a"), [item("c")], 1)


def test_parted_by_sections_nothing_is_lost() -> None:
    """Also where two parts have one heading, and one without a heading has an 编者按."""
    parts = (
        Part(title="河", items=(item("a"),)),
        Part(items=tuple(map(item, "bcd"))),
        Part(title="河"),
        Part(note="按"),
    )
    section = {"b": "人", "c": "", "d": "河"}
    divided = order.by_section(Project(name="书", parts=parts), lambda each: section.get(each.article, ""))
    assert shown(divided) == ["ad", "c", "", "", "b"]
    assert [part.title for part in divided.parts] == ["河", "", "河", "", "人"]
    everything = order.by_section(divided, lambda each: "人")
    assert shown(everything) == ["ad", "", "", "bc"]
