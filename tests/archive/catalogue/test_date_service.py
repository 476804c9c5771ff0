"""Editors' decisions, an office's own periods and reading dates again, through the library: store and index agree."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.dates import office_periods
from archive.dates.version import RULES
from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.errors import Conflict, NotFound, PeriodError
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from archive.model.search import Search

LOCAL = Actor.local()
EDITOR = Actor("1", "编辑甲", Rights.everything())

TEXT = "渠成于光绪三十年，民国二年重修。"
AT = (1, 3, 8)  # 光绪三十年

LIBERATED = """
[[period]]
names = ["解放"]
start = "1949-09-19"
before = "1949-09-18"
"""


def draft(title: str, *texts: str, **values: object) -> Article:
    blocks = (Block.plain(Kind.TITLE, title), *(Block.plain(Kind.PARAGRAPH, text) for text in texts))
    return Article(**{"collection": "c", "blocks": blocks, **values})  # type: ignore[arg-type]


def add(library: Library, *articles: Article, name: str = "a.txt") -> tuple[Article, ...]:
    original = library.root.parent / name
    original.write_text(f"{name} {[article.title for article in articles]}", encoding="utf-8")
    return library.session(LOCAL).add(original, name, articles, ()).articles


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as made:
        made.session(LOCAL).save_collection(Collection("c", "河湾文史"))
        add(made, draft("渠", TEXT))
        yield made


def periods(library: Library, text: str) -> None:
    """Write the office's file, with a time of change that no clock is too coarse for."""
    file = library.root / office_periods.FILE
    before = file.stat().st_mtime_ns
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(before + 1_000_000_000,) * 2)


def found(library: Library, period: str, **choices: bool) -> list[str]:
    choices = {"open": True, **choices}
    return [hit.article for hit in library.session(LOCAL).search(Search(text="", period=period, **choices)).hits]  # type: ignore[arg-type]


def written(library: Library, id: str = "1") -> list[str]:
    return [mention.period.written for mention in library.session(LOCAL).mentions(id)]


# -- decisions


def test_a_rejected_date_is_not_found_any_more(library: Library) -> None:
    assert found(library, "光绪三十年") == ["1"]
    left = library.session(EDITOR).reject_date("1", AT, "是碑名")
    assert left == library.session(LOCAL).mentions("1")
    assert written(library) == ["民国二年"]
    assert found(library, "光绪三十年") == []
    assert found(library, "民国二年") == ["1"]
    assert library.session(LOCAL).search(Search(text="")).unindexed == 0
    ((decision, place),) = library.session(LOCAL).date_decisions("1")
    assert (decision.who, decision.reason, decision.period, place) == ("编辑甲", "是碑名", None, AT)


def test_a_corrected_date_is_found_under_its_new_days_alone(library: Library) -> None:
    library.session(LOCAL).correct_date("1", AT, "光绪二十年", "据县志")
    assert (found(library, "1904"), found(library, "1894")) == ([], ["1"])
    mention = library.session(LOCAL).mentions("1")[0]
    assert (mention.rule, mention.confidence, mention.vague, mention.period.written) == (
        "editor",
        1.0,
        False,
        "光绪三十年",
    )
    (hit,) = library.session(LOCAL).search(Search(text="", period="1894")).hits
    assert hit.met == (mention,)
    assert library.session(LOCAL).date_decisions("1")[0][0].period.written == "光绪二十年"


def test_a_date_the_rules_do_not_see_can_be_marked(library: Library) -> None:
    library.session(LOCAL).correct_date("1", (1, 0, 1), "1894-05-01", "渠成之日")
    assert found(library, "1894年5月") == ["1"]
    assert len(library.session(LOCAL).mentions("1")) == 3


def test_a_decision_can_be_taken_back(library: Library) -> None:
    before = library.session(LOCAL).mentions("1")
    library.session(LOCAL).reject_date("1", AT, "误")
    ((decision, _),) = library.session(LOCAL).date_decisions("1")
    assert library.session(LOCAL).undo_date_decision("1", decision.key) == before
    assert found(library, "光绪三十年") == ["1"]
    assert library.session(LOCAL).date_decisions("1") == ()
    with pytest.raises(NotFound):
        library.session(LOCAL).undo_date_decision("1", decision.key)


def test_a_second_decision_takes_the_place_of_the_first(library: Library) -> None:
    library.session(LOCAL).correct_date("1", AT, "1894", "一")
    library.session(LOCAL).correct_date("1", AT, "1895", "二")
    ((decision, _),) = library.session(LOCAL).date_decisions("1")
    assert decision.reason == "二"
    library.session(LOCAL).reject_date("1", (1, 0, 8), "三")  # a wider place
    ((decision, _),) = library.session(LOCAL).date_decisions("1")
    assert decision.reason == "三"
    assert written(library) == ["民国二年"]


@pytest.mark.parametrize("place", [(1, 9, 99), (9, 0, 1), (-1, 0, 1), (1, 5, 5), (1, -3, 2)])
def test_a_place_that_is_not_there(library: Library, place: tuple[int, int, int]) -> None:
    with pytest.raises(NotFound):
        library.session(LOCAL).correct_date("1", place, "1894", "误")
    assert library.session(LOCAL).date_decisions("1") == ()


def test_what_is_no_date_cannot_be_rejected(library: Library) -> None:
    with pytest.raises(NotFound, match="没有读出日期"):
        library.session(LOCAL).reject_date("1", (1, 0, 2), "误")
    with pytest.raises(NotFound):
        library.session(LOCAL).reject_date("77", AT, "误")


def test_an_expression_nobody_understands_changes_nothing(library: Library) -> None:
    for expression in ("某日", "1958年13月", "光绪五十年", ""):
        with pytest.raises(PeriodError):
            library.session(LOCAL).correct_date("1", AT, expression, "误")
    assert library.session(LOCAL).date_decisions("1") == ()
    assert written(library) == ["光绪三十年", "民国二年"]


def test_a_decision_on_an_older_version_is_refused(library: Library) -> None:
    article = library.session(LOCAL).article("1")
    library.session(LOCAL).corrections.revise(
        replace(article, blocks=(*article.blocks[:1], Block.plain(Kind.PARAGRAPH, "今" + TEXT))), "改"
    )
    with pytest.raises(Conflict, match="第 2 版"):
        library.session(LOCAL).reject_date("1", AT, "误", version=1)
    library.session(LOCAL).reject_date("1", (1, 4, 9), "误", version=2)
    assert written(library) == ["民国二年"]


def test_a_new_version_keeps_decisions_where_the_place_reads_the_same(library: Library) -> None:
    library.session(LOCAL).reject_date("1", AT, "误")
    article = library.session(LOCAL).article("1")
    title, paragraph = article.blocks
    library.session(LOCAL).corrections.revise(
        replace(article, blocks=(title, Block.plain(Kind.PARAGRAPH, "新加一段。"), paragraph)), "加一段"
    )
    assert [place for _, place in library.session(LOCAL).date_decisions("1")] == [(2, 3, 8)]
    assert written(library) == ["民国二年"]
    article = library.session(LOCAL).article("1")
    other = Block.plain(Kind.PARAGRAPH, TEXT.replace("光绪", "道光"))
    library.session(LOCAL).corrections.revise(replace(article, blocks=(title, other)), "据县志改")
    assert [place for _, place in library.session(LOCAL).date_decisions("1")] == [None]
    assert written(library) == ["道光三十年", "民国二年"]
    assert found(library, "道光三十年") == ["1"]


def test_a_decision_on_one_of_many_equal_cells_stays_on_it(library: Library) -> None:
    (table,) = add(library, draft("表", "1958年", "1958年", "1958年"), name="b.txt")
    library.session(LOCAL).reject_date(table.id, (2, 0, 5), "误")
    for first in ("一", "二"):
        article = library.session(LOCAL).article(table.id)
        title, *cells = article.blocks
        library.session(LOCAL).corrections.revise(
            replace(article, blocks=(title, Block.plain(Kind.PARAGRAPH, first), *cells)), "加一行"
        )
    assert [mention.block for mention in library.session(LOCAL).mentions(table.id)] == [3, 5]
    library.session(LOCAL).redate()
    assert [mention.block for mention in library.session(LOCAL).mentions(table.id)] == [3, 5]


def test_decisions_survive_reading_again_and_rebuilding(library: Library) -> None:
    library.session(LOCAL).correct_date("1", AT, "1894", "据县志")
    before = library.session(LOCAL).mentions("1")
    assert library.session(LOCAL).redate() == 0
    assert library.session(LOCAL).reindex(redate=True) == 1
    assert library.session(LOCAL).mentions("1") == before
    assert found(library, "1894") == ["1"]
    assert library.session(LOCAL).check() == ()


# -- contradictions


def test_contradictions_are_listed_with_both_readings_and_found_under_both(library: Library) -> None:
    text = "井成于1947年（明弘治十年）。"
    (article,) = add(library, draft("井", "无", text), name="b.txt")
    (found_one,) = library.session(LOCAL).contradictions()
    assert (found_one.article.id, found_one.block, found_one.text) == (article.id, 2, "1947年（明弘治十年）")
    assert text[found_one.start : found_one.end] == found_one.text
    assert len(found_one.readings) == 2
    assert found(library, "1947") == found(library, "1497") == [article.id]
    library.session(LOCAL).correct_date(article.id, (2, found_one.start, found_one.end), "1497", "据碑")
    assert list(library.session(LOCAL).contradictions()) == []
    assert (found(library, "1947"), found(library, "1497")) == ([], [article.id])


def test_contradictions_of_others_texts_stay_hidden(library: Library) -> None:
    add(library, draft("井", "井成于1947年（明弘治十年）。", access=Access.RESTRICTED), name="b.txt")
    reader = Actor("r", "读者", Rights.of(frozenset({Access.OPEN}), frozenset({Status.RELEASED}), frozenset()))
    assert list(library.session(reader).contradictions()) == []
    assert len(list(library.session(LOCAL).contradictions())) == 1


# -- the office's own periods


def test_a_new_library_has_a_file_that_explains_itself(library: Library) -> None:
    text = (library.root / office_periods.FILE).read_text(encoding="utf-8")
    assert all(line.startswith("#") or not line for line in text.splitlines())
    assert library.session(LOCAL).period_problems() == ()


def test_the_examples_of_the_template_can_be_used(library: Library) -> None:
    """What an office gets by taking away the number signs."""
    text = office_periods.TEMPLATE.split("\n\n", 1)[1].replace("# ", "")
    periods(library, text)
    library.session(LOCAL).redate()
    assert library.session(LOCAL).period_problems() == ()
    add(library, draft("会战", "沙坡头治沙会战，县政协二届。"), name="b.txt")
    assert written(library, "2") == ["沙坡头治沙会战", "县政协二届"]


def test_own_periods_hold_for_new_articles_and_questions_at_once(library: Library) -> None:
    assert found(library, "解放") == []
    periods(library, LIBERATED)
    add(library, draft("解放", "解放后修渠。"), name="b.txt")
    assert found(library, "1949-09-25") == ["2"], "the shipped tables say 1949-10-01 and vague"
    assert found(library, "解放") == ["2"]


def test_older_articles_are_read_again_on_request(library: Library) -> None:
    add(library, draft("解放", "解放后修渠。"), name="b.txt")
    periods(library, LIBERATED)
    assert found(library, "1949-09-25") == []
    (problem,) = library.session(LOCAL).check()
    assert problem.code == "periods-changed"
    assert "reindex --dates" in problem.hint
    told: list[tuple[int, int]] = []
    assert library.session(LOCAL).redate(lambda done, total: told.append((done, total))) == 1
    assert told == [(1, 2), (2, 2)]
    assert found(library, "1949-09-25") == ["2"]
    assert library.session(LOCAL).check() == ()
    periods(library, f"# 换了说明\n{LIBERATED}")
    assert library.session(LOCAL).check() == (), "comments change no date"


def test_dates_read_by_older_rules_are_told_and_read_again(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    library._store.note_read_with("")  # as programs did that kept no version of the rules
    (problem,) = library.session(LOCAL).check()
    assert problem.code == "dates-outdated"
    assert "reindex --dates" in problem.hint
    assert library.session(LOCAL).period_problems() == (problem,)
    add(library, draft("水车", "1958年造水车。"), name="b.txt")
    assert library.session(LOCAL).period_problems() == (problem,), "what was in before is still as it was"
    library.close()
    with caplog.at_level(logging.WARNING), Library.open(library.root) as again:
        assert "按原来的规则读的" in caplog.text
        again.session(LOCAL).redate()
        assert again.session(LOCAL).period_problems() == ()
        monkeypatch.setattr("archive.catalogue.date_service.RULES", RULES + 1)
        periods(again, LIBERATED)
        assert [one.code for one in again.session(LOCAL).period_problems()] == ["dates-outdated", "periods-changed"]
        assert [one.mended for one in again.session(LOCAL).upkeep.diagnosis(mend=True)] == [True, True]
        assert again.session(LOCAL).period_problems() == ()


def test_an_empty_library_needs_no_reading_again(tmp_path: Path) -> None:
    with Library.create(tmp_path / "empty") as library:
        periods(library, LIBERATED)
        assert library.session(LOCAL).period_problems() == ()
        library.session(LOCAL).save_collection(Collection("c", "河湾文史"))
        add(library, draft("解放", "解放后修渠。"))
        assert library.session(LOCAL).period_problems() == ()


def test_a_broken_line_is_named_and_the_last_good_text_holds(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    periods(library, LIBERATED)
    library.session(LOCAL).redate()
    periods(library, LIBERATED.replace("1949-09-18", "1949-19-18"))
    add(library, draft("解放", "解放后修渠。"), name="b.txt")
    assert found(library, "1949-09-25") == ["2"]
    (problem,) = library.session(LOCAL).check()
    assert problem.code == "periods-broken"
    assert "第 2 行" in problem.place
    assert "1949-19-18" in problem.message
    library.close()
    with caplog.at_level(logging.WARNING), Library.open(library.root) as again:
        assert "第 2 行" in caplog.text
        assert found(again, "解放") == ["2"]
        periods(again, LIBERATED)
        assert again.session(LOCAL).check() == ()


def test_each_library_has_its_own_periods(library: Library, tmp_path: Path) -> None:
    periods(library, LIBERATED)
    with Library.create(tmp_path / "other") as other:
        other.session(LOCAL).save_collection(Collection("c", "别县文史"))
        add(other, draft("解放", "解放后修渠。"), name="b.txt")
        assert found(other, "1949-09-25", vague=True) == []
        add(library, draft("解放", "解放后修渠。"), name="c.txt")
        assert found(library, "1949-09-25") == ["2"]


def test_a_spoilt_good_text_does_not_stop_the_program(library: Library) -> None:
    periods(library, LIBERATED)
    library.session(LOCAL).redate()
    (library.root / office_periods.GOOD).write_text("[[per", encoding="utf-8")
    periods(library, "[[period]\n")
    (problem,) = library.session(LOCAL).period_problems()
    assert problem.code == "periods-broken"
    assert found(library, "光绪三十年") == ["1"]


def test_a_file_that_cannot_be_read_is_reported(library: Library) -> None:
    (library.root / office_periods.FILE).unlink()
    (library.root / office_periods.FILE).mkdir()
    (problem,) = library.session(LOCAL).period_problems()
    assert problem.code == "periods-broken"
    assert found(library, "光绪三十年") == ["1"]


# -- killed half-way


KILLED = """
import os, sys
from archive.catalogue import date_service
from archive.library import Library
from archive.model.access import Actor, Rights
date_service._AT_ONCE = 2
with Library.open(sys.argv[1]) as library:
    library.session(Actor.local()).redate(lambda done, total: done == 5 and os._exit(9))
"""


def test_killed_while_reading_again(library: Library) -> None:
    add(library, *(draft(f"解放{number}", "解放后修渠。") for number in range(6)), name="b.txt")
    periods(library, LIBERATED)
    library.close()
    done = subprocess.run([sys.executable, "-c", KILLED, str(library.root)], capture_output=True)
    assert done.returncode == 9, done.stderr
    with Library.open(library.root) as again:
        assert again.session(LOCAL).search(Search(text="")).unindexed == 0
        read = [
            id
            for id in "1234567"
            if again.session(LOCAL).mentions(id) and not again.session(LOCAL).mentions(id)[0].vague and id != "1"
        ]
        assert read == ["2", "3", "4", "5"]
        assert sorted(found(again, "1949-09-25")) == read, "store and index agree"
        assert [problem.code for problem in again.session(LOCAL).check()] == ["periods-changed"]
        assert again.session(LOCAL).redate() == 2
        assert sorted(found(again, "1949-09-25")) == ["2", "3", "4", "5", "6", "7"]
        assert again.session(LOCAL).check() == ()
