"""Other ways in which a word may stand in a library: in other characters of the same meaning, misread, or misheard.

Nothing here is applied: each is offered with the number of articles it finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice, product

from archive.text.collation import readings
from archive.text.folding import fold, unfolded

_MOST_FORMS = 48  # written forms of one word that are looked up
_SHORTEST, LONGEST = 2, 8  # characters of a word whose spelling is doubted


def written_forms(word: str, stands: Callable[[str], bool]) -> tuple[str, ...]:
    """The ways to write a word that are found alike: traditional, simplified and variant characters; at most 48.

    `stands` tells which characters there are in the library at all.
    """
    choices = []
    for char in fold(word).text:
        others = unfolded(char)
        choices.append([each for each in others if stands(each)] if len(others) > 1 else others)
    return tuple("".join(chosen) for chosen in islice(product(*choices), _MOST_FORMS))


def misread(word: str) -> tuple[str, ...]:
    """The folded word with one character exchanged for one that looks like it."""
    if not _SHORTEST <= len(word) <= LONGEST:
        return ()
    others = ((at, other) for at, char in enumerate(word) for other in _looks_like().get(char, ()))
    return tuple(dict.fromkeys(word[:at] + other + word[at + 1 :] for at, other in others))


def sounds(word: str) -> frozenset[tuple[str, ...]]:
    """The readings of a word without tones, a syllable for each character; none when some character has no reading."""
    choices = [syllables(char) for char in word]
    usual = {tuple(map(toneless, readings(word, read_as))) for read_as in ("", "人名", "地名")}
    found = set(islice(product(*choices), _MOST_FORMS)) | usual
    return frozenset(sound for sound in found if all(sound))


@lru_cache(1 << 15)
def syllables(char: str) -> tuple[str, ...]:
    """All readings of a character without tones; none for what has no reading."""
    usual = toneless(readings(char)[0])
    return tuple(dict.fromkeys((usual, *_others().get(char, ())))) if usual else ()


@lru_cache(1 << 12)
def toneless(reading: str) -> str:
    """lü4 as people type it: lv."""
    return reading.rstrip("12345").replace("ü", "v")


def _rows(package: str, name: str) -> Iterator[str]:
    text = files(package).joinpath(f"data/{name}").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _looks_like() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for group in _rows("archive.search", "confusables.tsv"):
        for char in group:
            found.setdefault(char, {}).update(dict.fromkeys(other for other in group if other != char))
    return {char: tuple(others) for char, others in found.items()}


@cache
def _others() -> Mapping[str, tuple[str, ...]]:
    pairs = (line.split("\t") for line in _rows("archive.text", "other_readings.tsv"))
    return {char: tuple(others.split()) for char, others in pairs}
