"""Lines of a page found again in a text that was corrected."""

from __future__ import annotations

from archive.text.line_places import place_of

TEXTS = ["河湾水车旧闻", "一九五六年春，公社在渡口修起水车十二架，灌地三千余亩。"]


def test_where_it_stands() -> None:
    place = place_of("公社在渡口修起水车", TEXTS)
    assert place is not None
    assert (place.text, TEXTS[place.text][place.start : place.end]) == (1, "公社在渡口修起水车")
    assert place.same[0] == (0, 7)


def test_corrected_characters_are_not_the_same() -> None:
    place = place_of("公社在渡囗修起氷车", TEXTS)
    assert place is not None
    assert (place.start, place.end) == (7, 16)
    assert [at for at, _ in place.same] == [0, 1, 2, 3, 5, 6, 8]


def test_what_stands_nowhere() -> None:
    assert place_of("完全不同的一行字", TEXTS) is None
    assert place_of("", TEXTS) is None
    assert place_of("水", []) is None
