"""Cards follow their words through corrections, and say so where they cannot."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document

from archive.library import Library
from archive.model.access import Actor, Rights
from archive.model.cards import CardFields, Checked, Condition
from archive.model.edits import Join, Rewrite
from archive.model.errors import NotAllowed, NotFound, PeriodError, UsageError
from archive.model.name_records import NameForm, NameKind, NameRecord
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from archive.session import Session
from archive.support.table_files import read_rows
from archive.workbench import card_table
from archive.workbench.card_table import HEADER, write
from archive.workbench.cards import Wanted

LOCAL = Actor.local()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    file = tmp_path / "a.txt"
    file.write_text("原稿", encoding="utf-8")
    with Library.create(tmp_path / "library") as library:
        owner = library.session(LOCAL)
        owner.save_collection(Collection("c", "清水文史"))
        title = Block.plain(Kind.TITLE, "水车记")
        texts = ("光绪三十年有了第一架水车。", "轮高五丈，日夜不停，可以浇三百亩地。", "修水车的木匠从兰州请来。")
        blocks = (title, *(Block.plain(Kind.PARAGRAPH, text) for text in texts))
        owner.add(file, file.name, [Article(collection="c", blocks=blocks, number=1)], ())
        yield owner


def condition(session: Session, key: int) -> tuple[Condition, str]:
    """What became of a card, and the words that stand where it says they stand."""
    found = session.cards.get(key)
    if found.place is None:
        return found.condition, ""
    block, start, end = found.place
    return found.condition, session.article(found.card.article).blocks[block].text[start:end]


def rewrite(session: Session, block: int, *texts: str) -> None:
    held = session.article("1").blocks[block].text
    session.correct("1", [Rewrite(block, held, texts)], "错字")


def test_a_card_copies_words_with_what_stands_around_them(session: Session) -> None:
    key = session.cards.make("1", (2, 2, 4), said=CardFields(classes=("水利", "水利", " 器物 "), note=" 高度可疑 "))
    found = session.cards.get(key)
    assert (found.card.written, found.card.before, found.card.after) == ("五丈", "轮高", "，日夜不停，可以浇三百亩地。")
    assert (found.card.said.classes, found.card.said.note) == (("水利", "器物"), "高度可疑")
    assert (found.condition, found.place) == (Condition.THERE, (2, 2, 4))
    assert "水车记" in found.source and session.cards.classes() == {"器物": 1, "水利": 1}


def test_what_corrections_do_to_a_card(session: Session) -> None:
    key = session.cards.make("1", (2, 5, 9))  # 日夜不停
    rewrite(session, 1, "光绪三十年有了水车。")
    assert condition(session, key) == (Condition.THERE, "日夜不停")
    rewrite(session, 2, "先有一句。", "轮子高五丈，日夜不停，可以浇三百亩地。")
    assert condition(session, key) == (Condition.FOLLOWED, "日夜不停")
    session.correct("1", [Join(2, session.article("1").blocks[2].text)], "排版")
    assert condition(session, key) == (Condition.FOLLOWED, "日夜不停")
    rewrite(session, 2, "先有一句。轮子高五丈，昼夜不停，可以浇三百亩地。")
    told, words = condition(session, key)
    assert told is Condition.UNSURE and words.startswith("先有一句")
    rewrite(session, 2)
    assert condition(session, key) == (Condition.LOST, "")
    session.corrections.restore("1", 1, "")
    assert condition(session, key) == (Condition.THERE, "日夜不停")
    session.withdraw("1", "试")
    assert condition(session, key) == (Condition.LOST, "")


def test_no_card_on_a_wrong_place_after_many_corrections(session: Session) -> None:
    """Characters are numbered by being all different; so the right place is where these very ones stand."""
    chance = random.Random(4)
    signs = iter(range(0x4E00, 0x9000))
    texts = ["".join(chr(next(signs)) for _ in range(40)) for _ in range(12)]
    rewrite(session, 3, *texts)
    places = []
    for _ in range(200):
        block, start = chance.randrange(3, 15), chance.randrange(30)
        places.append(("1", 0, (block, start, start + chance.randrange(1, 9))))
    keys = session.cards.make_all(places, said=CardFields())
    for _ in range(50):
        blocks = session.article("1").blocks
        at = chance.randrange(3, len(blocks))
        text = blocks[at].text
        cut, size = chance.randrange(len(text) + 1), chance.randrange(4)
        fresh = "".join(chr(next(signs)) for _ in range(size))
        changed = text[:cut] + fresh + text[cut + chance.randrange(4) :]
        parts = (changed[:cut], changed[cut:]) if chance.random() < 0.2 else (changed,)
        rewrite(session, at, *filter(None, parts))
    now = [block.text for block in session.article("1").blocks]
    listed = {one.card.key: one for one in session.cards.listed()}
    assert set(listed) == set(keys)  # every card moved or lost is in the list
    for one in listed.values():
        told, written = one.condition, one.card.written
        words = now[one.place[0]][one.place[1] : one.place[2]] if one.place else ""
        standing = any(written in text for text in now)
        assert standing == (told in (Condition.THERE, Condition.FOLLOWED)), (written, told)
        assert words == written if standing else written not in words
    assert {Condition.FOLLOWED, Condition.UNSURE} <= {one.condition for one in listed.values()}
    session.corrections.restore("1", 2, "")
    assert {one.condition for one in session.cards.listed()} == {Condition.THERE}


def test_a_card_is_changed_found_and_thrown_away(session: Session, tmp_path: Path) -> None:
    one, two = (
        session.cards.make("1", (2, 0, 4), said=CardFields(classes=("水利",))),
        session.cards.make("1", (3, 0, 3), said=CardFields(note="兰州匠人")),
    )
    session.cards.change(two, CardFields(classes=("工匠",), note="从兰州来"))
    assert [each.card.key for each in session.cards.listed()] == [two, one]
    assert [each.card.key for each in session.cards.listed(Wanted(class_="水利"))] == [one]
    assert [each.card.key for each in session.cards.listed(Wanted(words="修水 兰州"))] == [two]
    assert not list(session.cards.listed(Wanted(article="2")))
    write(list(session.cards.listed()), file := tmp_path / "cards.csv")
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == ",".join(HEADER) and "修水车" in lines[1] and "从兰州来" in lines[1]
    session.cards.remove(one)
    with pytest.raises(NotFound):
        session.cards.get(one)


@pytest.mark.parametrize("place", [(9, 0, 1), (2, 3, 3), (2, 0, 99), (-1, 0, 1)])
def test_nothing_is_copied_where_nothing_stands(session: Session, place: tuple[int, int, int]) -> None:
    with pytest.raises(NotFound):
        session.cards.make("1", place)


def test_too_much_is_refused(session: Session) -> None:
    with pytest.raises(UsageError):
        session.cards.make("1", (2, 0, 4), said=CardFields(classes=("长" * 61,)))
    with pytest.raises(UsageError):
        session.cards.make("1", (2, 0, 4), said=CardFields(note="长" * 5001))


def test_cards_of_others_are_seen_with_their_articles_and_left_alone(session: Session, tmp_path: Path) -> None:
    key = session.cards.make("1", (2, 0, 4))
    with Library.open(tmp_path / "library") as library:
        reader = library.session(
            Actor("r", "读者", Rights.of(frozenset({Access.OPEN}), frozenset({Status.RELEASED}), frozenset()))
        )
        assert [each.card.key for each in reader.cards.listed()] == [key]
        with pytest.raises(NotAllowed):
            reader.cards.change(key, CardFields())
        with pytest.raises(NotAllowed):
            reader.cards.remove(key)
        nobody = library.session(Actor("n", "无权", Rights.nothing()))
        assert not list(nobody.cards.listed()) and not nobody.cards.classes()
        for call in (lambda: nobody.cards.get(key), lambda: nobody.cards.make("1", (2, 0, 4))):
            with pytest.raises(NotFound):
                call()


def test_what_can_be_read_off_the_words_is_filled_in(session: Session) -> None:
    session.names.put(NameRecord(NameKind.PLACE, "兰州", (NameForm("金城"),)))
    session.names.put(NameRecord(NameKind.PERSON, "段续"))
    dated = session.cards.get(session.cards.make("1", (1, 0, 12))).card
    assert (dated.said.dated, dated.said.meant) == ("光绪三十年", "")
    assert dated.date and session.period("1904年").overlaps(dated.date)
    assert session.cards.get(session.cards.make("1", (3, 0, 12))).card.said.places == ("兰州",)
    session.cards.change(dated.key, CardFields(dated="是年春", meant="民国二十三年春"))
    card = session.cards.get(dated.key).card
    assert card.date and session.period("1934年").overlaps(card.date) and card.said.dated == "是年春"
    session.cards.change(dated.key, CardFields(dated="是年春"))
    assert session.cards.get(dated.key).card.date is None  # never guessed
    with pytest.raises(PeriodError):
        session.cards.change(dated.key, CardFields(meant="不知何时"))


def test_changes_have_a_history(session: Session) -> None:
    key = session.cards.make("1", (2, 0, 4), said=CardFields(classes=("水利",)))
    session.cards.change(key, CardFields(classes=("水利", "器物"), checked=Checked.SOUND))
    session.cards.change(key, CardFields(classes=("水利", "器物"), checked=Checked.SOUND))
    changes = [(one.field, one.before, one.after) for one in session.cards.changes(key)]
    assert sorted(changes) == [("checked", "未核实", "已核实"), ("classes", "水利", "水利；器物")]
    session.cards.remove(key)
    with pytest.raises(NotFound):
        session.cards.changes(key)


def test_cards_are_narrowed_and_in_order_of_their_dates(session: Session) -> None:
    place = (2, 0, 4)
    late = session.cards.make("1", place, said=CardFields(dated="1958年", persons=("王明",)))
    none = session.cards.make("1", place, said=CardFields(places=("王明",), checked=Checked.WRONG))
    early = session.cards.make("1", place, said=CardFields(dated="民国二年"))

    def keys(wanted: Wanted) -> list[int]:
        return [card.key for card in session.cards.find(wanted)]

    assert keys(Wanted(by_date=True)) == [early, late, none]
    assert keys(Wanted(name="王明")) == [none, late]
    assert keys(Wanted(period="1950年代")) == [late]
    assert keys(Wanted(checked="有误")) == [none]
    with pytest.raises(PeriodError):
        keys(Wanted(period="不知何时"))


def test_a_table_comes_back_as_it_was_written(session: Session, tmp_path: Path) -> None:
    said = CardFields(classes=("水利", "器物"), note="一行\n又一行", dated="民国二年", persons=("王明",), uses="第三章")
    key = session.cards.make("1", (2, 0, 4), said=said)
    for suffix in (".xlsx", ".csv"):
        write(list(session.cards.listed()), file := tmp_path / f"k{suffix}")
        assert card_table.read_changes(session.cards, read_rows(file)) == card_table.TableChanges({}, (), ())
    rows = read_rows(file)
    rows[1][HEADER.index("类目")] = "水利；年代"
    rows[1][HEADER.index("核实情况")] = "已核实"
    rows.append(["" for _ in HEADER])
    rows[2][HEADER.index("文章编号")], rows[2][HEADER.index("摘录")] = "1", "从兰州请来"
    for bad in (("99", "x", "x"), ("", "1", "没有这句"), ("", "99", "水"), (str(key), "", ""), ("甲", "", "")):
        row = ["" for _ in HEADER]
        row[0], row[HEADER.index("文章编号")], row[HEADER.index("摘录")] = bad
        row[HEADER.index("核实情况")] = "随便" if bad[0] == str(key) else ""
        rows.append(row)
    changes = card_table.read_changes(session.cards, rows)
    assert [one[:5] for one in changes.problems] == [f"第 {number} 行" for number in range(4, 9)]
    assert card_table.apply(session.cards, changes) == (1, 1)
    latest, first = session.cards.find()
    assert (first.said.classes, first.said.checked, first.said.note) == (
        ("水利", "年代"),
        Checked.SOUND,
        "一行\n又一行",
    )
    assert (latest.written, latest.place) == ("从兰州请来", (3, 6, 11))
    with pytest.raises(UsageError):
        card_table.read_changes(session.cards, [["甲", "乙"]])


def test_cards_in_word_say_all_there_is(session: Session, tmp_path: Path) -> None:
    session.cards.make("1", (2, 0, 4), said=CardFields(classes=("水利",), note="高度可疑", dated="民国二年"))
    write(list(session.cards.listed()), file := tmp_path / "k.docx")
    text = "\n".join(paragraph.text for paragraph in Document(str(file)).paragraphs)
    for words in ("轮高五丈", "水车记", "高度可疑", "民国二年，1913年", "未核实", "原位"):
        assert words in text
