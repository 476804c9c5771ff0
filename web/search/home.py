"""What the front page offers when nothing is asked: the holdings to walk into, by every way that leads to a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from archive.model.access import Action
from archive.model.holdings import BackupCondition, Import
from archive.model.procedures import Procedure, WorkRecord
from archive.model.records import Article, Collection
from archive.model.search import FacetCount, Results
from archive.session import Session

_RECENT, _ANNIVERSARIES, _NAMES = 5, 4, 30


@dataclass(frozen=True, slots=True)
class Spine:
    """A collection on the shelf with the number of its articles, front and back matter not counted, as in 馆藏."""

    collection: Collection
    articles: int


@dataclass(frozen=True, slots=True)
class Home:
    """What the front page shows. `decades` from early to late, each with its height on the line, 0 to 100.

    `people` and `places` are words of the office's own name table; `today` pairs years with articles.
    `backup` is for who looks after the library, `to_do` for who takes part in the office's work.
    """

    spines: Sequence[Spine]
    decades: Sequence[tuple[FacetCount, int]]
    authors: Sequence[FacetCount]
    sections: Sequence[FacetCount]
    people: Sequence[str]
    places: Sequence[str]
    recent: Sequence[Import]
    today: Sequence[tuple[int, Article]]
    day: date
    backup: BackupCondition | None
    to_do: Sequence[tuple[Procedure, WorkRecord]]


def home(session: Session, results: Results) -> Home:
    """The front page for whoever asks; `results` are those of the search for everything."""
    decades = sorted(results.facets.get("decade", ()), key=lambda each: int(each.value))
    most = max((each.count for each in decades), default=1)
    names = session.authority().names
    day = date.today()
    imports = [each for each in reversed(session.imports()) if not each.undone] if session.may(Action.IMPORT) else []
    return Home(
        spines=[Spine(each, session.count(each.id, matter=False)) for each in session.collections()],
        decades=[(each, max(4, round(100 * each.count / most))) for each in decades],
        authors=results.facets.get("author", ())[:_NAMES],
        sections=[each for each in results.facets.get("section", ()) if each.label][:_NAMES],
        people=[name.preferred for name in names if name.kind == "人物"][:_NAMES],
        places=[name.preferred for name in names if name.kind == "地名"][:_NAMES],
        recent=imports[:_RECENT],
        today=[(year, session.article(id)) for id, year in session.on_this_day(day.month, day.day)[:_ANNIVERSARIES]],
        day=day,
        to_do=session.workflow.to_do(),
        backup=session.upkeep.backups.condition() if session.may(Action.MAINTAIN) else None,
    )
