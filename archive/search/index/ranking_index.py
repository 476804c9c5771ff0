"""In which order: a Whoosh index of jieba words, used for BM25 ranking only.

What occurs where is decided by `literal.py`; a word that is missing or cut differently here can only move a hit up or
down. Only interfaces that whoosh 2.7.4 and whoosh3 share are used, and postings carry frequencies alone (positions
would double the index and are never asked for). What Whoosh keeps pickled is read by an unpickler of ours (see
`whoosh_pickles.py`), and the schema it keeps is never read.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import suppress
from pathlib import Path
from typing import Any

from whoosh import fields
from whoosh.analysis import IDAnalyzer
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex, create_in
from whoosh.reading import SegmentReader

from archive.search.index import whoosh_pickles
from archive.search.index.literal import lines
from archive.search.index.parts import Files
from archive.search.index.word_codec import FIELDS, WordWriter, words_of
from archive.search.index.word_scores import WordScores
from archive.support.files import never_ends, sha256_of, sync_file, sync_folder
from archive.text.folding import fold
from archive.text.segmentation import Segmenter

_LARGE = 2000  # articles from which on words of few texts are not frequent
_SEVERAL = 3  # texts that make a word frequent
_MOST = 5_000_000  # postings that wait in memory, 50 MB and the words; what is more becomes another segment
_TIMES = 2  # how many times larger than all smaller ones together a segment must be to be left as it is
_SUFFIXES = frozenset({".toc", ".seg"})  # its lists of segments, and these


def _schema() -> fields.Schema:
    # Words come ready counted; Whoosh then leaves the analyzer alone.
    return fields.Schema(**{name: fields.TEXT(analyzer=IDAnalyzer(), phrase=False) for name in FIELDS})


class RankingIndex:
    """One Whoosh folder."""

    def __init__(self, folder: Path, segmenter: Segmenter, *, create: bool = False) -> None:
        self._segmenter = segmenter
        self._folder = folder
        if create:
            folder.mkdir(parents=True)
            create_in(str(folder), _schema())
        if any(map(never_ends, folder.iterdir())):
            raise ValueError("a device or a pipe is no file of an index")
        whoosh_pickles.restrict()
        # Read, not mapped into memory: a file that shrinks, or a disk that is pulled out, would end the whole program.
        self._index: FileIndex = FileStorage(str(folder), supports_mmap=False).open_index(schema=_schema())
        self._writer: Any = None
        self._open_reader()

    def _open_reader(self) -> None:
        self._reader: Any = self._index.reader()  # no searcher: what Whoosh loads for one takes 19 ms
        self._scores = WordScores(self._reader)
        self._opened = self.generation()
        self._opened_files = {file.name: file.stat().st_size for file in self._folder.glob("*.seg")}

    def refresh(self) -> None:
        """See what has been committed since."""
        self._reader.close()
        self._open_reader()

    def generation(self) -> int:
        """Whoosh's own count of commits, to tell whether the two indexes belong together."""
        return int(self._index.latest_generation())

    def count(self) -> int:
        """How many documents there are, without those replaced."""
        return int(self._index.doc_count())

    def close(self) -> None:
        """Release files."""
        self._reader.close()
        self._index.close()

    # -- its files, which never change once they are written
    def files(self, known: Files) -> Files:
        """The files of the present state; those not `known` yet are forced to disk and read for their checksums."""
        found = {}
        for file in self._folder.iterdir():
            if file.suffix in _SUFFIXES:
                if file.name not in known:
                    sync_file(file)
                found[file.name] = known.get(file.name) or (file.stat().st_size, sha256_of(file))
        sync_folder(self._folder)
        return found

    def incomplete(self, files: Files) -> bool:
        """Whether one of these files is not there or of another size."""
        return any(self._size(name) != size for name, (size, _) in files.items())

    def damaged(self, files: Files) -> list[str]:
        """The names of those of these files that are not there or of other content; reads them whole."""
        return [
            name
            for name, (size, sha256) in files.items()
            if self._size(name) != size or sha256_of(self._folder / name) != sha256
        ]

    def read_all(self) -> None:
        """Read every term and every posting; raises whatever Whoosh does where one cannot be read."""
        reader = self._reader
        for field, term in reader.all_terms():
            deque(reader.postings(field, term).all_ids(), maxlen=0)

    def _size(self, name: str) -> int:
        file = self._folder / name
        return file.stat().st_size if file.is_file() else -1

    # -- writing
    def begin(self) -> None:
        """Begin a batch."""
        if self._opened != self.generation():
            self.refresh()
        self._writer = WordWriter(self._index, timeout=10)
        self._numbers: Mapping[int, int] | None = None
        self._seen: set[int] = set()

    def put(self, key: int, folded: str, *, new: bool) -> None:
        """Add an article by its folded matching text, or replace the one with this key."""
        if key in self._seen:  # Whoosh keeps both when one document is updated twice in one session
            self.commit()
            self.begin()
        self._seen.add(key)
        title, _, body = lines(folded).partition("\n")
        if not new:
            self._delete(key)
        cut = self._segmenter.index_words
        self._writer.add_words(key, {"title": cut(title), "body": cut(body)})
        if self._writer.size >= _MOST:
            self.commit(merge=False)
            self.begin()

    def _delete(self, key: int) -> None:
        if self._numbers is None:
            reader = self._reader
            self._numbers = {
                key: number for number, key in enumerate(self._scores.keys) if not reader.is_deleted(number)
            }
        if key in self._numbers:
            self._writer.delete_document(self._numbers[key])

    def commit(self, *, merge: bool = True) -> int:
        """End the batch; the new generation."""
        self._writer.commit(mergetype=_merged if merge else _as_they_are)
        self._writer = None
        return self.generation()

    def roll_back(self) -> None:
        """Forget the batch."""
        if self._writer is not None:
            with suppress(Exception):  # after a failed commit Whoosh has closed it: what failed first is what counts
                self._writer.cancel()
            self._writer = None

    def frequent_words(self) -> list[tuple[str, int]]:
        """The words of two characters and more, with how many texts have them; in a large library those of several."""
        least = _SEVERAL if len(self._scores.keys) > _LARGE else 1
        counts: Counter[str] = Counter()
        for reader, _ in self._reader.leaf_readers() if self._scores.keys else ():  # an empty index has no file
            counts.update(words_of(reader))
        return [(word, count) for word, count in counts.items() if count >= least and len(word) > 1]

    # -- ranking
    def words(self, texts: Iterable[str]) -> list[str]:
        """The words to weigh for these query texts."""
        return list(dict.fromkeys(word for text in texts for word in self._segmenter.index_words(fold(text).text)))

    def frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """How many articles have each of these words in their text, those replaced since the last merge included."""
        return {word: self._reader.doc_frequency("body", word) for word in words}

    def best(self, words: Sequence[str], keys: Set[int], most: int, rank: Mapping[int, Any]) -> list[tuple[int, float]]:
        """The `most` highest-scoring of these articles as (key, score), best first; those without a word left out.

        `rank` has a place for every key; equal scores come in its order. Raises OSError where a file was cut short
        since it was opened: what lies behind its end would be read as words that stand nowhere.
        """
        # One that is gone is still open: another process has merged it into others.
        if any(-1 < self._size(name) < size for name, size in self._opened_files.items()):
            raise OSError("a segment of the index has been cut short")
        return self._scores.best(words, keys, most, rank)


def _merged(writer: WordWriter, segments: list[Any]) -> list[Any]:
    """For Whoosh: the segments to keep, the others having been added to the writer.

    A segment stays as it is where it is much larger than all smaller ones with what is added now; so there are few,
    and what one edit writes is small.
    """
    kept, small = [], []
    together = writer.doc_count()
    for segment in sorted(segments, key=lambda one: one.doc_count()):
        if segment.doc_count() > _TIMES * together and segment.deleted_count() <= segment.doc_count():
            kept.append(segment)
        else:
            small.append(segment)
        together += segment.doc_count()
    for segment in small:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_documents(reader)
        reader.close()
    return kept


def _as_they_are(_writer: WordWriter, segments: list[Any]) -> list[Any]:
    """For Whoosh: all segments are kept."""
    return segments
