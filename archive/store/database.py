"""What the store asks of a database, whichever it is: transactions, answers kept between commits, how it is copied."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from archive.model.holdings import Problem

Answer = TypeVar("Answer")


class Database(ABC):
    """The connections to one database; may be used from several threads at once."""

    place: str
    """Where it is, for messages."""

    runner: int
    """The number of this program among those that do long work for the library."""

    @abstractmethod
    def close(self) -> None:
        """Close every connection."""

    @abstractmethod
    def remembered(self, name: Hashable, question: Callable[[Connection], Answer]) -> Answer:
        """The answer to a question, asked anew only when something was committed since; equal names, equal questions.

        For what every page wants to know and few changes touch; answers are shared and must not be changed. Of what is
        written `aside` nothing may be asked here.
        """

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """A read transaction: one consistent state of the library throughout."""

    @abstractmethod
    def writing(self, *, aside: bool = False) -> AbstractContextManager[Connection]:
        """A transaction that is kept whole or not at all; nobody else writes meanwhile. Raises StorageError.

        What is written `aside` is never `remembered`, so that this commit makes nobody ask anew.
        """

    @abstractmethod
    def migrating(self) -> AbstractContextManager[Connection]:
        """A transaction for migrations, which may rebuild tables. Raises LibraryDamaged."""

    @abstractmethod
    def revision(self) -> str:
        """The revision of the schema; empty for an empty database."""

    @abstractmethod
    def enter(self) -> None:
        """Be one of the programs at work, by `runner`, until it ends or is closed. Raises StorageError."""

    @abstractmethod
    def at_work(self) -> frozenset[int]:
        """The numbers of the programs at work, as far as they are known; this one's where no other can be."""

    @abstractmethod
    def state(self, connection: Connection) -> str:
        """Another text after every commit, the same when the program is started anew."""

    @abstractmethod
    def last_keys(self, connection: Connection) -> dict[str, int]:
        """Where tables count on from that give no key twice, by name."""

    @abstractmethod
    def set_last_keys(self, connection: Connection, keys: Mapping[str, int]) -> None:
        """Let tables count on from there, and never from a key that is taken."""

    @abstractmethod
    def faults(self, connection: Connection) -> Iterator[Problem]:
        """What is wrong with the database itself."""

    @abstractmethod
    def empty(self) -> bool:
        """Whether there is no table in it, nor a file that could have one."""

    @abstractmethod
    def clear(self) -> None:
        """Remove everything, for a library that is not whole yet. Raises StorageError."""

    @abstractmethod
    def compact(self) -> None:
        """Write it anew, without what was deleted. Raises LibraryBusy while others read, StorageError."""

    @property
    @abstractmethod
    def one_file(self) -> bool:
        """Whether `copy` makes one."""

    @abstractmethod
    def copy(self, target: Path) -> None:
        """Write a consistent copy to `target`, also while others read and write. It is there whole or not at all."""
