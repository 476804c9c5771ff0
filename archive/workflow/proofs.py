"""The proofs (校样) of a book: what was frozen with each, how many errors were marked, what differs between two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.books.edition import from_json
from archive.books.service import Books
from archive.model.procedures import SignedStep
from archive.text.differences import Pair, differences

ERRORS_FIELD = "差错数"
CHARACTERS_FIELD = "字数"
_TEN_THOUSAND = 10_000


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof by the number of its edition: the state it was frozen for, its characters, the errors marked in it.

    `errors` is None as long as nobody has counted.
    """

    edition: int
    state: str
    moment: str
    characters: int
    errors: int | None = None

    @property
    def rate(self) -> float | None:
        """Errors in ten thousand characters."""
        if self.errors is None or not self.characters:
            return None
        return self.errors * _TEN_THOUSAND / self.characters


@dataclass(frozen=True, slots=True)
class ProofDifference:
    """A text that differs between two proofs: paragraphs of both, and the pairs that differ."""

    title: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    pairs: tuple[Pair, ...]

    @property
    def places(self) -> int:
        """How many stretches differ."""
        return sum(max(len(one.left_spans), len(one.right_spans)) for one in self.pairs)


def proofs(books: Books, steps: Sequence[SignedStep], name: str) -> tuple[Proof, ...]:
    """The proofs frozen with the steps of a book, oldest first; errors are those counted in the step after."""
    held = {one.number: one for one in books.editions(name)}
    found: list[Proof] = []
    for at, step in enumerate(steps):
        if step.edition not in held:
            continue
        later = (one.values.get(ERRORS_FIELD, "") for one in steps[at + 1 :] if one.moves and one.source == step.to)
        errors = next(iter(later), "")
        characters = step.values.get(CHARACTERS_FIELD, "0")
        found.append(
            Proof(step.edition, step.to, step.moment, int(characters), int(errors) if errors.isdecimal() else None)
        )
    return tuple(found)


def compared(books: Books, name: str, before: int, after: int) -> tuple[ProofDifference, ...]:
    """What differs between two proofs of a book, text by text in the order of the later one. Raises NotFound."""
    left, right = _texts(books, name, before), _texts(books, name, after)
    return tuple(_different(left, right))


def _texts(books: Books, name: str, number: int) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Title and paragraphs of each text of a proof, by article and occurrence, and its matter before and after."""
    manifest = from_json(books.edition(name, number).manifest)
    bound = books.bound_as(manifest)
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    project = manifest.project
    for place, matter in enumerate((*project.front, *project.back)):
        found[f"matter {place}"] = (matter.title, (matter.title, *matter.text.split("\n"), matter.signature))
    for chapter in bound.book.chapters:
        key = next(key for n in range(10_000) if (key := f"{chapter.article.id} {n}") not in found)
        lines = (chapter.title, chapter.byline, *chapter.note, *(block.text for block in chapter.article.blocks[1:]))
        found[key] = (chapter.title, lines)
    return found


def _different(
    left: dict[str, tuple[str, tuple[str, ...]]], right: dict[str, tuple[str, tuple[str, ...]]]
) -> Iterator[ProofDifference]:
    for key in (*right, *(one for one in left if one not in right)):
        title = right.get(key, left.get(key, ("", ())))[0]
        one, other = left.get(key, ("", ()))[1], right.get(key, ("", ()))[1]
        if one != other:
            pairs = tuple(pair for pair in differences(one, other) if not pair.equal)
            yield ProofDifference(title, one, other, pairs)
