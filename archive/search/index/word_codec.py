"""How the words of articles lie in a Whoosh index: a codec of ours, which writes and reads a word's postings at once.

Whoosh asks its codec for every posting on its own, and packs each 128 of them as a pickle: two thirds of the time of a
build, and most of what a frequent word took to rank. Here a word's postings are two arrays, the documents and how often
the word stands in each, written as they are. Beside them lie the keys and lengths of the documents, and the words with
the number of documents that have them, so that neither is read one by one. Terms are looked up by Whoosh's own table.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo
from whoosh.matching import ListMatcher
from whoosh.util.numeric import byte_to_length, length_to_byte
from whoosh.writing import SegmentWriter

FIELDS = ("body", "title")  # in the order in which Whoosh writes them

_DOCUMENTS, _WORDS = ".doc", ".wrd"
_LARGEST_BYTE = 255


class Postings(NamedTuple):
    """A word's documents, ascending, and how often it stands in each."""

    documents: array[int]
    counts: array[int]


class Documents(NamedTuple):
    """By document number: the key, and by field the number of words, rounded as Whoosh does."""

    keys: array[int]
    lengths: Mapping[str, Sequence[int]]


class WordCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's own codec but for the postings."""

    def field_writer(self, storage: Any, segment: Any) -> _FieldWriter:
        """For Whoosh."""
        return _FieldWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> _PostingsWriter:
        """For Whoosh."""
        return _PostingsWriter(dbfile)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> PostingsMatcher:
        """For Whoosh."""
        offset, _ = terminfo.extent()
        count, width = terminfo.doc_frequency(), _width(terminfo.max_weight())
        postings = _unpacked(dbfile.get(offset, (_NUMBER + width) * count), count, width)
        return PostingsMatcher(postings, format_, scorer, term, terminfo)


class PostingsMatcher(ListMatcher):  # type: ignore[misc]
    """What Whoosh walks through; `postings` has them all at once."""

    def __init__(self, postings: Postings, format_: Any, scorer: Any, term: Any, terminfo: Any) -> None:
        self.postings = postings
        super().__init__(postings.documents, postings.counts, None, format_, scorer, term=term, terminfo=terminfo)


class _PostingsWriter:
    """Writes the postings of one word after the other."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._postings = Postings(array("I"), array("I"))

    def start_postings(self, format_: Any, terminfo: Any) -> None:
        self._postings = Postings(array("I"), array("I"))

    def put(self, postings: Postings) -> None:
        self._postings = postings

    def finish_postings(self) -> Any:
        documents, counts = self._postings
        data = _packed(self._postings)
        info = W3TermInfo(
            weight=sum(counts), df=len(documents), maxweight=max(counts), minid=documents[0], maxid=documents[-1]
        )
        info.set_extent(self._file.tell(), len(data))
        self._file.write(data)
        return info


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    """Writes a segment's words, given as the `_Collected` that stands in place of Whoosh's pool."""

    def add_postings(self, schema: Any, lengths: Any, collected: _Collected) -> None:
        for field in FIELDS:
            self.start_field(field, schema[field])
            for word, pairs in sorted(collected.pairs[field].items(), key=_by_bytes):
                self.start_term(word.encode())
                self._postwriter.put(Postings(pairs[::2], pairs[1::2]))
                self.finish_term()
            self.finish_field()
        with self._create_file(_DOCUMENTS) as file:
            file.write(_in_order(collected.keys).tobytes())
            for field in FIELDS:
                file.write(collected.lengths[field].tobytes())
        with self._create_file(_WORDS) as file:
            counts = {word: len(pairs) // 2 for word, pairs in collected.pairs["body"].items()}
            file.write(json.dumps(counts, ensure_ascii=False).encode())


def _by_bytes(item: tuple[str, array[int]]) -> bytes:
    return item[0].encode()


class _Collected:
    """What a segment is to hold, in the place where Whoosh keeps its pool of postings.

    By field and word an array of document, count, document, count …: one object for each word and not two.
    """

    def __init__(self) -> None:
        self.pairs: dict[str, dict[str, array[int]]] = {field: {} for field in FIELDS}
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
        pairs = self.pairs[field]
        for word, count in counts.items():
            held = pairs.get(word)
            if held is None:
                held = pairs[word] = array("I")
            held.append(document)
            held.append(count)
        self.size += len(counts)

    def add_segment(self, reader: Any, renumbered: Mapping[int, int]) -> None:
        """The postings of another segment's documents under their new numbers, those left out that have none."""
        for field in FIELDS:
            pairs = self.pairs[field]
            for name, text in reader.terms_from(field, b""):
                if name != field:
                    break
                documents, counts = postings_of(reader, field, text)
                moved = array("I")
                for document, count in zip(documents, counts, strict=True):
                    if document in renumbered:
                        moved.append(renumbered[document])
                        moved.append(count)
                if moved:
                    pairs.setdefault(text.decode(), array("I")).extend(moved)
                    self.size += len(moved) // 2


class WordWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer, given each document's words already counted."""

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
        self._collected.add_segment(reader, renumbered)

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
    segment, storage = reader.segment(), reader.storage()
    size = storage.file_length(segment.make_filename(_WORDS))
    with segment.open_file(storage, _WORDS) as file:
        found: dict[str, int] = json.loads(file.read(size))
    return found


_LENGTHS = tuple(byte_to_length(byte) for byte in range(_LARGEST_BYTE + 1))


_NUMBER = 4  # bytes of a document's number


def _width(highest: float) -> int:
    """The bytes of each count of a word, by the highest of them."""
    return 1 if highest <= _LARGEST_BYTE else _NUMBER


def _packed(postings: Postings) -> bytes:
    """All document numbers, then all counts."""
    documents, counts = postings
    if _width(max(counts)) == 1:
        return _in_order(documents).tobytes() + array("B", counts).tobytes()
    return _in_order(documents).tobytes() + _in_order(counts).tobytes()


def _unpacked(data: bytes, count: int, width: int) -> Postings:
    documents, rest = _in_order(array("I", data[: _NUMBER * count])), data[_NUMBER * count :]
    return Postings(documents, array("B", rest) if width == 1 else _in_order(array("I", rest)))


def _in_order(numbers: array[int]) -> array[int]:
    """The numbers with their bytes as they lie in files: the least significant one first."""
    if sys.byteorder == "little":
        return numbers
    turned = numbers[:]
    turned.byteswap()
    return turned
