"""Characters doubted, characters left out, years that disagree: what is told and what is let pass."""

from __future__ import annotations

import pytest

from archive.export import make_book
from archive.export.proof import proof
from archive.export.proof.bigrams import bigrams
from archive.export.proof.lexicon import lattice, lexicon
from archive.export.proof.misprints import lookalikes
from archive.model.records import Article, Block, Kind
from tests.archive.export.proof.test_checks import found
from tests.archive.export.proof.test_documented import ROOT


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("他在狱中写下遣书。", "遣", "遗"),
        ("他画饼充讥，自欺欺人。", "讥", "饥"),
        ("学徙要先做三年杂活。", "徙", "徒"),
        ("他被任命为县立中学教务主仕。", "仕", "任"),
    ],
)
def test_a_doubtful_character_is_told_with_the_likely_one(text: str, wrong: str, right: str) -> None:
    assert (wrong, right) in found("misprint", text)


def test_a_slip_counts_only_where_its_characters_belong_to_no_other_word() -> None:
    assert found("misprint", "他们利用农闲时问修渠。") == [("问", "间")]
    assert found("misprint", "逾期未改正的，由县人民代表大会常务委员会处理。") == []


def test_what_the_book_writes_so_again_and_again_is_meant() -> None:
    once = "他拜见了通伯先生。"
    assert found("misprint", *["这里天烛峰很高。"] * 4, once) == []


def test_what_another_check_tells_is_not_told_twice() -> None:
    assert found("wrong-word", "再接再励。") and found("misprint", "再接再励。") == []


def test_a_run_is_parted_into_its_likeliest_words() -> None:
    run = "中华人民共和国成立"
    parted = lattice(run)
    assert [run[start:end] for start, end in parted.words] == ["中华人民共和国", "成立"]
    assert parted.alone == frozenset() and parted.likely == pytest.approx(parted.behind[0])


def test_look_alikes_are_mutual_and_measured() -> None:
    table = lookalikes()
    assert table["末"]["未"] > 0.9 and all(0 < alike <= 1 for others in table.values() for alike in others.values())
    assert all(one in table.get(other, {}) for one in "己戊未土折" for other in table[one])


def test_the_lexicon_knows_idioms_and_nouns() -> None:
    known = lexicon()
    assert "再接再厉" in known.idioms["再接再*"] and "县委" in known.nouns and "研究" not in known.nouns


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("县委县委决定修渠。", "县委"),
        ("文史资料委员委员会。", "委员"),
        ("我们们一起去。", "们"),
        ("中国人民政协商会议", "中国人民政协商会议"),
        ("中华人共和国成立。", "中华人共和国"),
    ],
)
def test_repeats_and_gaps(text: str, told: str) -> None:
    assert [one for one, _ in found("omission", text)] == [told]


@pytest.mark.parametrize(
    "text",
    [
        *("大家研究研究再说。", "一程一程地走。", "他们的们字写错了。", "中华人民共和国成立。", "乌鸦乌鸦你打场"),
        *("县轻工业联合会成立。", "在解放军军歌声中散会。", "胡吹都都", "教导教导也就行了"),
    ],
)
def test_what_is_said_twice_on_purpose(text: str) -> None:
    assert found("omission", text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("他生于1901年，1890年去世。", True),
        ("他生于1901年，1970年去世。", False),
        ("1911年（壬子）大水。", True),
        ("1911年（辛亥）大水。", False),
        ("1912年（辛亥）正月大水。", False),  # the lunar year reaches over
        ("张三（1901—1970），享年七十岁。", False),
        ("张三（1901—1970），享年五十岁。", True),
        ("1949年建校，2009年举行五十周年校庆。", True),
        ("1949年建校，2009年举行六十周年校庆。", False),
        ("19世纪1850年代。", False),
        ("19世纪1950年代。", True),
    ],
)
def test_years_that_disagree(text: str, told: bool) -> None:
    assert bool(found("lives", text)) is told


def test_a_row_of_words_is_likelier_than_another() -> None:
    row = bigrams().passage
    assert row("老人回忆起当年的情景。") > row("老人回亿起当年的情景。")


@pytest.mark.parametrize("text", ["老人回亿起当年的情景。", "他被任命为县立中学教务主仕。"])
def test_told_by_the_words_around(text: str) -> None:
    assert found("misprint", text)


def test_what_the_library_often_has_is_meant() -> None:
    blocks = (Block.plain(Kind.TITLE, "题"), Block.plain(Kind.PARAGRAPH, "老人回亿起当年的情景。"))
    written = make_book([Article(collection="", id="1", blocks=blocks)], title="书")
    usual = proof(written, library=lambda texts: [50 if "亿" in text else 0 for text in texts])
    assert "misprint" not in usual.counts
    assert "misprint" in proof(written, library=lambda texts: [0 for _ in texts]).counts


@pytest.mark.parametrize("text", ["张学铭同志走了。", "黄河一泻而入平原。"])
def test_names_and_what_stands_behind_numerals_are_doubted_less(text: str) -> None:
    assert found("misprint", text) == []


def test_a_badly_typed_text_is_not_taken_for_an_old_one() -> None:
    rows = (ROOT / "tests" / "bench" / "proof_fresh.tsv").read_text(encoding="utf-8").splitlines()
    told = found("misprint", *(row.split("\t")[1] for row in rows if row.startswith("错别字")))
    assert ("授", "援") in told and ("校", "效") in told
