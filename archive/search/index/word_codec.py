"""How the words of articles lie in a Whoosh index: a codec of ours, which writes and reads a word's postings at once.

Whoosh asks its codec for every posting on its own, packs each 128 of them as a pickle, and files every word by itself
in a hash table: nearly all of the time of a build, and most of what a frequent word took to rank. Here a word's
postings are two arrays, the documents and how often the word stands in each, written as they are. The words of a field
lie in order, one a line, with columns of numbers before them, and are looked up by halves. Beside them lie the keys and
lengths of the documents, so that they are not read one by one either.
"""

from __future__ import annotations

import struct
import sys
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import Any, NamedTuple

from whoosh.codec import base
from whoosh.codec.whoosh3 import W3Codec
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo
from whoosh.util.numeric import byte_to_length, length_to_byte
from whoosh.writing import SegmentWriter

FIELDS = ("body", "title")  # in the order in which they are written

_DOCUMENTS, _WORDS = ".doc", ".wrd"
_LARGEST_BYTE = 255
_NUMBER = 4  # bytes of a document's number
_HEAD = struct.Struct("<II")  # of a field: how many words, and the bytes of all their lines
_COLUMNS = ("I", "Q", "I", "I")
"""Of each word: where its line ends, where its postings begin, how many they are, and the highest count of them."""


class Postings(NamedTuple):
    """A word's documents, ascending, and how often it stands in each."""

    documents: array[int]
    counts: array[int]


class Documents(NamedTuple):
    """By document number: the key, and by field the number of words, rounded as Whoosh does."""

    keys: array[int]
    lengths: Mapping[str, Sequence[int]]


class WordCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's own codec but for words and postings."""

    def field_writer(self, storage: Any, segment: Any) -> _FieldWriter:
        """For Whoosh."""
        return _FieldWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> _TermsReader:
        """For Whoosh."""
        return _TermsReader(*(segment.open_file(storage, name) for name in (_WORDS, W3Codec.POSTS_EXT)))


# -- writing a segment


class _Collected:
    """What a segment is to hold, in the place where Whoosh keeps its pool of postings.

    By field and word an array with a number for each posting, the document above how often the word stands in it: one
    object for each word, filled without a step of Python's for each posting.
    """

    def __init__(self) -> None:
        self.places: dict[str, dict[str, array[int]]] = {field: defaultdict(partial(array, "Q")) for field in FIELDS}
        self.keys = array("q")
        self.lengths: dict[str, array[int]] = {field: array("B") for field in FIELDS}
        self.size = 0  # postings

    def iter_postings(self) -> _Collected:
        """For Whoosh, which hands the answer to the field writer."""
        return self

    def cleanup(self) -> None:
        """For Whoosh: nothing to remove."""

    def add(self, field: str, document: int, counts: Mapping[str, int]) -> None:
        """The words of a document with how often each stands there."""
        held = map(self.places[field].__getitem__, counts)
        deque(map(array.append, held, map((document << 32).__or__, counts.values())), maxlen=0)
        self.size += len(counts)

    def add_segment(self, terms: _TermsReader, renumbered: Mapping[int, int]) -> None:
        """The postings of another segment's documents under their new numbers, those left out that have none."""
        for field in FIELDS:
            places = self.places[field]
            for word, (documents, counts) in terms.each(field):
                moved = [
                    renumbered[document] << 32 | count
                    for document, count in zip(documents, counts, strict=True)
                    if document in renumbered
                ]
                if moved:
                    places[word].extend(moved)
                    self.size += len(moved)


class _FieldWriter(base.FieldWriter):  # type: ignore[misc]
    """Writes a segment's words, given as the `_Collected` that stands in place of Whoosh's pool."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self.is_closed = False  # for Whoosh
        self._words, self._postings, self._documents = (
            segment.create_file(storage, name) for name in (_WORDS, W3Codec.POSTS_EXT, _DOCUMENTS)
        )

    def add_postings(self, schema: Any, lengths: Any, collected: _Collected) -> None:
        """For Whoosh."""
        for field in FIELDS:
            self._add_field(collected.places[field])
        self._documents.write(_in_order(collected.keys).tobytes())
        for field in FIELDS:
            self._documents.write(collected.lengths[field].tobytes())

    def _add_field(self, places: Mapping[str, array[int]]) -> None:
        words = sorted(places)  # as their bytes in UTF-8 would be
        lines = [f"{word}\n".encode() for word in words]
        starts, frequencies, highest = array("Q"), array("I"), array("I")
        start, write = self._postings.tell(), self._postings.write
        for word in words:
            documents, counts = _parted(places[word])
            most = max(counts)
            data = _packed(documents, counts, most)
            write(data)
            starts.append(start)
            frequencies.append(len(counts))
            highest.append(most)
            start += len(data)
        self._words.write(_HEAD.pack(len(words), sum(map(len, lines))))
        for column in (array("I", accumulate(map(len, lines))), starts, frequencies, highest):
            self._words.write(_in_order(column).tobytes())
        self._words.write(b"".join(lines))

    def close(self) -> None:
        """For Whoosh."""
        for file in (self._words, self._postings, self._documents):
            file.close()
        self.is_closed = True


class WordWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer, given each document's words already cut."""

    def __init__(self, index: Any, timeout: float) -> None:
        super().__init__(index, timeout=timeout, codec=WordCodec())
        self.pool = self._collected = _Collected()

    @property
    def size(self) -> int:
        """How many postings wait to be written: some 10 bytes each."""
        return self._collected.size

    def add_words(self, key: int, words: Mapping[str, Sequence[str]]) -> None:
        """Add a document by the words of its fields, in any order."""
        self._begin(key)
        for field in FIELDS:
            self._collected.add(field, self.docnum, Counter(words[field]))
            self._add_length(field, len(words[field]))
        self._end()

    def add_documents(self, reader: Any) -> None:
        """Add those documents of a segment that were not replaced since."""
        keys, lengths = documents_of(reader)
        renumbered = {}
        for document, key in enumerate(keys):
            if not reader.is_deleted(document):
                renumbered[document] = self.docnum
                self._begin(key)
                for field in FIELDS:
                    self._add_length(field, lengths[field][document])
                self._end()
        self._collected.add_segment(_terms_of(reader), renumbered)

    def _begin(self, key: int) -> None:
        self.perdocwriter.start_doc(self.docnum)
        self._collected.keys.append(key)

    def _add_length(self, field: str, length: int) -> None:
        self.perdocwriter.add_field(field, self.schema[field], None, length)
        self._collected.lengths[field].append(length_to_byte(length))

    def _end(self) -> None:
        self.perdocwriter.finish_doc()
        self.docnum += 1
        self._added = True  # there is a segment to write


# -- reading a segment


class PostingsMatcher(ListMatcher):  # type: ignore[misc]
    """What Whoosh walks through; `postings` has them all at once."""

    def __init__(self, postings: Postings, format_: Any, scorer: Any, term: Any, terminfo: Any) -> None:
        self.postings = postings
        super().__init__(postings.documents, postings.counts, None, format_, scorer, term=term, terminfo=terminfo)


class _Field:
    """The words of one field with all that is noted of each, some thirty bytes a word: a word is looked up several
    times by what weighs it.
    """

    def __init__(self, file: Any, start: int) -> None:
        self.count, size = _HEAD.unpack(file.get(start, _HEAD.size))
        start += _HEAD.size
        self.columns: list[array[int]] = []  # those of `_COLUMNS`
        for code in _COLUMNS:
            length = self.count * array(code).itemsize
            self.columns.append(_in_order(array(code, file.get(start, length))))
            start += length
        self._ends = self.columns[0]
        self._lines: bytes = file.get(start, size)
        self.end = start + size

    def words(self) -> list[str]:
        """All, in order."""
        return self._lines.decode().split("\n")[:-1]

    def find(self, text: bytes) -> tuple[int, int, int] | None:
        """Where a word's postings begin, how many they are, and the highest count; None where it stands nowhere."""
        at = bisect_left(range(self.count), text, key=self._word)
        if at == self.count or self._word(at) != text:
            return None
        _, starts, frequencies, highest = self.columns
        return starts[at], frequencies[at], highest[at]

    def _word(self, at: int) -> bytes:
        return self._lines[self._ends[at - 1] if at else 0 : self._ends[at] - 1]


class _TermsReader(base.TermsReader):  # type: ignore[misc]
    """What Whoosh asks for words and postings of a segment."""

    def __init__(self, words: Any, postings: Any) -> None:
        self._words, self._postings = words, postings
        self._fields: dict[str, _Field] = {}
        start = 0
        for name in FIELDS:
            field = self._fields[name] = _Field(words, start)
            start = field.end

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field, text = term
        return self._fields[field].find(text) is not None

    def indexed_field_names(self) -> Sequence[str]:
        return FIELDS

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """Every word, for who reads everything."""
        for name, field in self._fields.items():
            yield from ((name, word.encode()) for word in field.words())

    def doc_frequency(self, field: str, text: bytes) -> int:
        found = self._fields[field].find(text)
        return found[1] if found else 0

    def term_info(self, field: str, text: bytes) -> TermInfo:
        """Raises KeyError."""
        found = self._fields[field].find(text)
        if found is None:
            raise KeyError(text)
        return TermInfo(df=found[1], maxweight=found[2], minlength=0)

    def matcher(self, field: str, text: bytes, format_: Any, scorer: Any = None) -> PostingsMatcher:
        """Raises KeyError."""
        found = self.term_info(field, text)
        return PostingsMatcher(self.postings(field, text), format_, scorer, (field, text), found)

    def postings(self, field: str, text: bytes) -> Postings:
        """All of a word, empty where it stands nowhere."""
        found = self._fields[field].find(text)
        return self._read(*found) if found else Postings(array("I"), array("I"))

    def each(self, field: str) -> Iterator[tuple[str, Postings]]:
        """Every word of a field with its postings."""
        held = self._fields[field]
        for word, *found in zip(held.words(), *held.columns[1:], strict=True):
            yield word, self._read(*found)

    def frequencies(self, field: str) -> dict[str, int]:
        """Every word of a field with how many documents have it."""
        held = self._fields[field]
        return dict(zip(held.words(), held.columns[2], strict=True))

    def _read(self, start: int, frequency: int, highest: int) -> Postings:
        return _unpacked(self._postings.get(start, (_NUMBER + _width(highest)) * frequency), frequency, highest)

    def close(self) -> None:
        self._words.close()
        self._postings.close()


def postings_of(reader: Any, field: str, text: bytes) -> Postings:
    """All postings of a word in a segment, those of documents replaced since included; empty where it has none."""
    if (field, text) not in reader:
        return Postings(array("I"), array("I"))
    matcher = reader.postings(field, text)
    while not isinstance(matcher, PostingsMatcher):
        matcher = matcher.child  # what leaves replaced documents out
    return matcher.postings


def documents_of(reader: Any) -> Documents:
    """The documents of a segment, those replaced since included."""
    count = reader.doc_count_all()
    with reader.segment().open_file(reader.storage(), _DOCUMENTS) as file:
        keys = _in_order(array("q", file.read(8 * count)))
        lengths = {field: [_LENGTHS[byte] for byte in file.read(count)] for field in FIELDS}
    return Documents(keys, lengths)


def words_of(reader: Any) -> dict[str, int]:
    """The words in texts of a segment, with how many documents have each, those replaced since included."""
    return _terms_of(reader).frequencies("body")


def _terms_of(reader: Any) -> _TermsReader:
    """A reader of its own of a segment's words, which needs no closing."""
    terms: _TermsReader = reader.codec().terms_reader(reader.storage(), reader.segment())
    return terms


_LENGTHS = tuple(byte_to_length(byte) for byte in range(_LARGEST_BYTE + 1))


def _parted(places: array[int]) -> Postings:
    """The documents and the counts of what was collected."""
    numbers = array("I", places.tobytes())
    high = sys.byteorder == "little"  # where the upper half of a number lies
    return Postings(numbers[high::2], numbers[1 - high :: 2])


def _width(highest: int) -> int:
    """The bytes of each count of a word, by the highest of them."""
    return 1 if highest <= _LARGEST_BYTE else _NUMBER


def _packed(documents: array[int], counts: array[int], highest: int) -> bytes:
    """All document numbers, then all counts."""
    last = array("B", counts) if _width(highest) == 1 else _in_order(counts)
    return _in_order(documents).tobytes() + last.tobytes()


def _unpacked(data: bytes, count: int, highest: int) -> Postings:
    documents, rest = _in_order(array("I", data[: _NUMBER * count])), data[_NUMBER * count :]
    return Postings(documents, array("B", rest) if _width(highest) == 1 else _in_order(array("I", rest)))


def _in_order(numbers: array[int]) -> array[int]:
    """The numbers with their bytes as they lie in files: the least significant one first."""
    if sys.byteorder == "little":
        return numbers
    turned = numbers[:]
    turned.byteswap()
    return turned
