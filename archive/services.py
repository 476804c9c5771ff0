"""What a session has for each subject: corrections, books, collections in order, the office's own tables, long work."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from archive.arrangement import Arrangement
from archive.catalogue.authority import Authority
from archive.dates.office_periods import OfficePeriods
from archive.jobs.job_table import JobTable
from archive.model.access import Actor
from archive.model.search import Search
from archive.search.counts import Counts
from archive.search.index.engine import Engine
from archive.search.query import Query
from archive.search.saved_searches import SavedSearches
from archive.search.scopes import Scopes
from archive.store import Store
from archive.text.segmentation import Segmenter
from archive.upkeep import Upkeep
from archive.workflow.accounts import Accounts
from archive.workflow.notices import Notices
from archive.workflow.tokens import Tokens

if TYPE_CHECKING:
    from archive.books.service import Books
    from archive.corrections.correcting import Corrections
    from archive.corrections.page_proofs import PageProofs
    from archive.workbench.cards import Cards
    from archive.workbench.compilations import Compilations
    from archive.workbench.concordance import Concordances
    from archive.workbench.name_mentions import NameMentions
    from archive.workbench.names import Names
    from archive.workbench.other_accounts import EventFinder
    from archive.workbench.reuses import Reuses
    from archive.workbench.term_lists import TermLists
    from archive.workflow.procedure_editing import ProcedureEditing
    from archive.workflow.workflow import Workflow


class Services:
    """The subjects of one session, each made when it is first asked for: a search should not wait for the others."""

    def __init__(
        self, store: Store, engine: Engine, segmenter: Segmenter, periods: OfficePeriods, actor: Actor
    ) -> None:
        """For `Library` only."""
        self.actor = actor
        self.root = store.root
        self._store = store
        self._engine = engine
        self._segmenter = segmenter
        self._periods = periods

    def _query(self, search: Search) -> Query:
        """A search as a query, with the office's own periods, names and fields: a session knows them."""
        raise NotImplementedError

    @property
    def counts(self) -> Counts:
        """What stands beside a list of hits: names, frequencies, and what changed since."""
        return Counts(self._store, self._engine, Authority.of(self._store), self.actor.rights, self._query)

    @property
    def scopes(self) -> Scopes:
        """Parts of the library under a name, within which can be searched."""
        return Scopes(self._store, self._engine, self.actor, self._query)

    @property
    def searches(self) -> SavedSearches:
        """The actor's own saved searches, and what the actor asked."""
        return SavedSearches(self._store, self._engine, self.actor, self._query)

    @property
    def concordances(self) -> Concordances:
        """All places of a search as rows, and the actor's labels on them."""
        from archive.workbench.concordance import Concordances  # here: a search should not wait for it

        return Concordances(self._store, self._engine, self.actor, self._query, self._segmenter)

    @property
    def term_lists(self) -> TermLists:
        """Lists of names, counted in one go."""
        from archive.workbench.term_lists import TermLists

        return TermLists(self._store, self._engine, self.actor.rights.in_use, self._query)

    @property
    def reuses(self) -> Reuses:
        """What stands in several articles, looked for over the whole library."""
        from archive.workbench.reuses import Reuses

        return Reuses(self._store, self._engine, self.actor, self._query)

    @cached_property
    def corrections(self) -> Corrections:
        """Correcting articles, one or many at once; versions compared and restored; errors that readers report."""
        from archive.corrections.correcting import Corrections

        return Corrections(self._store, self._engine, self._periods, self.actor)

    @cached_property
    def cards(self) -> Cards:
        """Words copied out of texts, which follow corrections."""
        from archive.workbench.cards import Cards

        return Cards(self._store, self.actor, lambda words: self._periods.reader().understand(words))

    @cached_property
    def names(self) -> Names:
        """Records of people, places and bodies."""
        from archive.workbench.names import Names

        return Names(self._store, self.actor)

    def authority(self) -> Authority:
        """The people, places and bodies the office has names for, by the forms they go by."""
        return Authority.of(self._store)

    @cached_property
    def name_mentions(self) -> NameMentions:
        """Where people, places and bodies stand in texts, and who is meant there."""
        from archive.workbench.name_mentions import NameMentions

        return NameMentions(self._store, self._engine, self.actor, self._query, self._periods)

    @property
    def events(self) -> EventFinder:
        """Where else the event of a paragraph is told, in other words too."""
        from archive.workbench.other_accounts import EventFinder

        return EventFinder(self._store, self._engine, self.actor, self._query, self.name_mentions)

    @cached_property
    def compilations(self) -> Compilations:
        """Cards put together by event under headings (长编)."""
        from archive.workbench.compilations import Compilations

        return Compilations(self._store, self.actor, self.cards, self._periods.reader)

    @cached_property
    def books(self) -> Books:
        """What compilers have chosen, and the books that become of it."""
        from archive.books.service import Books

        return Books(self._store, self._engine, self.actor)

    @cached_property
    def workflow(self) -> Workflow:
        """Registers, and the steps by which articles and books go from state to state."""
        from archive.workflow.workflow import Workflow

        return Workflow(self._store, self._engine, self._periods, self.actor, lambda: self.books)

    @property
    def procedures(self) -> ProcedureEditing:
        """The procedures themselves, for who changes them."""
        from archive.workflow.procedure_editing import ProcedureEditing

        return ProcedureEditing(self._store, self.actor)

    @cached_property
    def arrangement(self) -> Arrangement:
        """Collections in order, and changes to many articles that can be taken back."""
        return Arrangement(self._store, self._engine, self.actor)

    @cached_property
    def upkeep(self) -> Upkeep:
        """The office's own periods, and the condition of the library."""
        return Upkeep(self._store, self._engine, self._periods, self.actor)

    @property
    def page_proofs(self) -> PageProofs:
        """Which scanned pages have been read against their pictures, and by whom."""
        from archive.corrections.page_proofs import PageProofs

        return PageProofs(self._store, self.actor)

    @cached_property
    def jobs(self) -> JobTable:
        """Long work, as rows that survive a restart."""
        return JobTable(self._store.jobs, self.actor)

    @property
    def accounts(self) -> Accounts:
        """Who may sign in, and the actor's own password and browsers."""
        return Accounts(self._store, self.actor)

    @property
    def tokens(self) -> Tokens:
        """What lets programs in as the actor."""
        return Tokens(self._store, self.actor, self.accounts.get)

    @property
    def notices(self) -> Notices:
        """Messages to the actor."""
        return Notices(self._store, self.actor)
