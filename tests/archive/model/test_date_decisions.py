"""Where editors' decisions hold, and what they make of the readings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.model.date_decisions import RULE, Decision, apply, carried, contradictions, decide, place_of
from archive.model.records import Article, Block, Kind, Mention, Period, Precision
from archive.text.anchors import CONTEXT

YEAR = Period(2417942, 2418306, Precision.YEAR, "1908年")


def blocks(*texts: str) -> tuple[Block, ...]:
    return (Block.plain(Kind.TITLE, "渠"), *(Block.plain(Kind.PARAGRAPH, text) for text in texts))


def on(text: str, written: str, period: Period | None = None, *, after: int = 0) -> Decision:
    """A decision on `written` in block 1, whose text is `text`."""
    start = text.index(written, after)
    return decide(blocks(text), (1, start, start + len(written)), period, "误")


def read(text: str, *written: str, block: int = 1) -> list[Mention]:
    """Readings of `written` as the rules would give them."""
    return [
        Mention(block, text.index(one), text.index(one) + len(one), Period(1, 2, Precision.DAY, one), "era")
        for one in written
    ]


TEXT = "渠成于光绪三十年，民国二年重修。"


def test_rejected_is_gone_with_all_its_readings() -> None:
    readings = read(TEXT, "光绪三十年", "光绪三十年", "民国二年")
    assert apply([on(TEXT, "光绪三十年")], readings, blocks(TEXT)) == tuple(readings[2:])


def test_set_takes_the_place_of_all_readings() -> None:
    readings = read(TEXT, "光绪三十年", "光绪三十年", "民国二年")
    first, second = apply([on(TEXT, "光绪三十年", YEAR)], readings, blocks(TEXT))
    assert first == Mention(1, 3, 8, Period(YEAR.start, YEAR.end, Precision.YEAR, "光绪三十年"), RULE, 1.0, False)
    assert second == readings[2]


def test_set_where_nothing_was_read() -> None:
    readings = read(TEXT, "民国二年")
    assert [mention.rule for mention in apply([on(TEXT, "光绪三十年", YEAR)], readings, blocks(TEXT))] == [RULE, "era"]


def test_wider_and_narrower_readings_give_way() -> None:
    """Better rules may read 光绪三十年 together with what follows; the editor still has the last word on it."""
    for written in ("于光绪三十年", "光绪三十年，民国二年", "三十年"):
        assert apply([on(TEXT, "光绪三十年")], read(TEXT, written), blocks(TEXT)) == ()


def test_the_later_of_two_decisions_holds() -> None:
    both = [on(TEXT, "光绪三十年", YEAR), on(TEXT, "光绪三十年")]
    assert apply(both, (), blocks(TEXT)) == ()
    assert len(apply(both[::-1], (), blocks(TEXT))) == 1


def test_a_decision_follows_its_place() -> None:
    decision = on(TEXT, "光绪三十年")
    assert place_of(decision, blocks("新的一段。", TEXT)) == (2, 3, 8)
    longer = "据县志所载，" + TEXT
    assert place_of(decision, blocks(longer)) is None, "the paragraph began with 渠成于 and no longer does"


def test_far_from_the_edges_a_change_elsewhere_in_the_block_does_no_harm() -> None:
    text = f"{'甲' * 30}光绪三十年{'乙' * 30}"
    decision = on(text, "光绪三十年")
    assert place_of(decision, blocks(f"先{text}后")) == (1, 31, 36)
    assert place_of(decision, blocks(text.replace("甲光", "光"))) == (1, 29, 34)
    assert place_of(decision, blocks(text.replace("甲光", "丙光"))) is None
    assert place_of(decision, blocks(text.replace("三十年", "三十一年"))) is None


def test_of_several_fitting_places_the_nearest_in_the_same_block() -> None:
    sentence = f"{'甲' * CONTEXT}光绪三十年{'乙' * CONTEXT}"
    text = sentence * 3
    second = on(text, "光绪三十年", after=20)
    assert place_of(second, blocks(text)) == (1, len(sentence) + CONTEXT, len(sentence) + CONTEXT + 5)
    assert place_of(second, blocks(sentence, sentence * 3)) == (1, CONTEXT, CONTEXT + 5), "the old block comes first"
    assert place_of(second, blocks("无", "无", sentence, sentence)) == (3, CONTEXT, CONTEXT + 5), "then the nearest"


def test_a_short_cell_is_not_found_again_inside_a_sentence() -> None:
    cell = on("1958年", "1958年")
    assert place_of(cell, blocks("到1958年为止")) is None
    assert place_of(cell, blocks("到1958年为止", "1958年")) == (2, 0, 5)


def test_comments_are_no_place() -> None:
    commented = (Block.plain(Kind.TITLE, "渠"), Block.plain(Kind.COMMENT, TEXT))
    assert place_of(on(TEXT, "光绪三十年"), commented) is None


@given(st.text("年月甲", max_size=40), st.data())
def test_a_decision_holds_where_it_was_made(text: str, data: st.DataObject) -> None:
    """Whatever repeats around it: in an unchanged article a decision is about the very place it was made on."""
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    end = data.draw(st.integers(min(start + 1, len(text)), len(text)))
    assert place_of(decide(blocks(text), (1, start, end), None, ""), blocks(text)) == (1, start, end)


def test_contradictions_bring_their_readings_together() -> None:
    text = "1947年（明弘治十年）修，1948年（明弘治十年）毁，1949年。"
    article = Article(collection="c", blocks=blocks(text))
    places = [(0, 12), (0, 12), (14, 26), (14, 26)]
    mentions = [
        Mention(1, *place, Period(day, day, Precision.YEAR), "gregorian+era!conflict")
        for day, place in enumerate(places)
    ]
    mentions.append(Mention(1, 28, 33, YEAR, "gregorian"))
    first, second = contradictions(article, mentions)
    assert (first.text, first.block, first.readings) == (text[0:12], 1, (mentions[0].period, mentions[1].period))
    assert second.readings == (mentions[2].period, mentions[3].period)


def test_cells_that_read_the_same_keep_their_decisions_apart() -> None:
    table = blocks("1958年", "1958年", "1958年", "1958年")
    third = decide(table, (3, 0, 5), None, "误")
    longer = blocks("表头", "1958年", "1958年", "1958年", "1958年")
    (moved,) = carried([third], table, longer)
    assert place_of(moved, longer) == (4, 0, 5)
    assert place_of(third, longer) == (3, 0, 5), "which is another cell now"
    (back,) = carried([moved], longer, table)
    assert back == third
    (stays,) = carried([third], table, (*table, Block.plain(Kind.PARAGRAPH, "表注")))
    assert stays == third


def test_sentences_that_read_the_same_keep_their_decisions_apart() -> None:
    sentence = f"{'甲' * CONTEXT}光绪三十年{'乙' * CONTEXT}"
    second = on(sentence * 2, "光绪三十年", after=20)
    longer = blocks("据县志，" * 10 + sentence * 2)
    (moved,) = carried([second], blocks(sentence * 2), longer)
    assert place_of(moved, longer) == (1, 40 + len(sentence) + CONTEXT, 40 + len(sentence) + CONTEXT + 5)


def test_what_holds_nowhere_is_carried_as_it_is() -> None:
    lost = on(TEXT, "光绪三十年")
    assert carried([lost], blocks("无"), blocks("无", "有")) == (lost,)


@given(st.lists(st.sampled_from(["1958年", "1959年", "无"]), max_size=8), st.data())
def test_one_change_moves_no_decision_to_a_twin(texts: list[str], data: st.DataObject) -> None:
    """Whatever stretch of an article is replaced, a decision outside it stays on its own block."""
    before = ["1958年", *texts]
    at = data.draw(st.integers(0, len(before) - 1))
    decision = decide(blocks(*before), (at + 1, 0, len(before[at])), None, "误")
    start = data.draw(st.integers(0, len(before)))
    end = data.draw(st.integers(start, len(before)))
    fresh = data.draw(
        st.lists(st.just("新"), min_size=1, max_size=3)
    )  # what was not there, so that nothing is doubtful
    after = [*before[:start], *fresh, *before[end:]]
    (moved,) = carried([decision], blocks(*before), blocks(*after))
    if at < start:
        assert place_of(moved, blocks(*after)) == (at + 1, 0, len(before[at]))
    elif at >= end:
        assert place_of(moved, blocks(*after)) == (at + 1 + len(after) - len(before), 0, len(before[at]))
