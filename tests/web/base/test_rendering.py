"""Stored text becomes safe HTML, and highlights stand exactly where they should."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from archive.model.records import Block, Kind, Run, Style
from archive.model.search import Passage
from archive.text.spans import joined
from web.base.rendering import Marks, TextLink, excerpt, inline, note_mark, pointed


def block(*runs: Run) -> Block:
    return Block(Kind.PARAGRAPH, runs)


def marked(of: Block, *spans: tuple[int, int]) -> str:
    return str(inline(of, 3, Marks.number({3: spans}, [3])))


def visible(markup: str) -> str:
    """The text a reader sees: tags, bars and note signs removed."""
    bars = r'<span class="hop[^"]*">(?:<a[^>]*>[^<]*</a>|<span[^>]*>[^<]*</span>)*</span>'
    return html.unescape(re.sub(r"<[^>]*>", "", re.sub(bars, "", markup)))


def test_markup_in_the_text_is_text() -> None:
    assert inline(Block.plain(Kind.PARAGRAPH, '<script>alert("坏")</script>&amp;'), 0) == (
        "&lt;script&gt;alert(&#34;坏&#34;)&lt;/script&gt;&amp;amp;"
    )


def test_ruby_and_note_labels_are_escaped_too() -> None:
    assert "<img" not in inline(block(Run("亓", ruby="<img>"), Run("", note="<img>")), 0)


def test_formatting() -> None:
    markup = inline(block(Run("甲", Style.BOLD | Style.EMPHASIS), Run("2", Style.SUPERSCRIPT)), 0)
    assert markup == '<em class="dots"><b>甲</b></em><sup>2</sup>'


def test_ruby_keeps_its_base_and_reading() -> None:
    assert "<ruby>亓<rp>（</rp><rt>qí</rt><rp>）</rp></ruby>" in inline(block(Run("亓", ruby="qí")), 0)


def test_a_note_reference_leads_to_its_note() -> None:
    markup = inline(block(Run("水车"), Run("", note="n7")), 0, notes={"n7": 2})
    assert markup == '水车<sup class="ref"><a href="#note-2" role="doc-noteref">②</a></sup>'


def test_a_reference_without_its_note_keeps_the_label() -> None:
    assert inline(block(Run("", note="九")), 0, notes={}) == '<sup class="ref">[九]</sup>'


def test_a_place_within_one_run() -> None:
    markup = marked(block(Run("黄河水车")), (2, 4))
    assert markup.startswith('黄河<mark class="hit" id="hit-1" data-hit="1">水车</mark>')


def test_a_place_across_runs_is_one_hit_with_one_id() -> None:
    markup = marked(block(Run("组织治"), Run("沙队", Style.UNDERLINE)), (2, 4))
    assert '组织<mark class="hit" id="hit-1" data-hit="1">治</mark>' in markup
    assert '<u><mark class="hit" data-hit="1">沙</mark>队</u>' in markup
    assert markup.count('id="hit-1"') == 1
    assert visible(markup) == "组织治沙队"


def test_a_note_inside_a_place_keeps_its_position() -> None:
    markup = marked(block(Run("治"), Run("", note="1"), Run("沙")), (0, 2))
    assert markup.index("治</mark>") < markup.index('class="ref"') < markup.index("沙</mark>")


def test_neighbouring_links_end_at_both_ends() -> None:
    numbered = Marks.number({0: [(0, 1)], 1: [(0, 1), (1, 2)]}, [1, 0])
    first = inline(Block.plain(Kind.PARAGRAPH, "甲乙"), 1, numbered)
    last = inline(Block.plain(Kind.PARAGRAPH, "丙"), 0, numbered)
    assert "第 1 / 3 处" in first and "#hit-0" not in first and 'href="#hit-3"' in first
    assert "第 3 / 3 处" in last and 'href="#hit-2"' in last and "#hit-4" not in last


def test_places_are_numbered_in_the_order_of_the_page() -> None:
    numbered = Marks.number({9: [(0, 1)], 2: [(3, 4), (0, 1)], 5: []}, [2, 9, 5])
    assert numbered.first == {2: 1, 9: 3}
    assert numbered.total == 3


def test_overlapping_places_become_one_and_touching_ones_stay_two() -> None:
    assert joined([(4, 6), (0, 2), (1, 3), (3, 4), (5, 5)]) == ((0, 3), (3, 4), (4, 6))


texts = st.text(alphabet="治沙<>&\"'𠮷 \n〇a", max_size=12)
runs = st.lists(st.builds(Run, text=texts, style=st.sampled_from([Style.NONE, Style.BOLD])), max_size=5)
spans = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6)


@given(runs, spans)
def test_marking_never_changes_the_text(some: list[Run], places: list[tuple[int, int]]) -> None:
    given_block = block(*some)
    within = [(start, min(end, len(given_block.text))) for start, end in places]
    markup = marked(given_block, *within)
    assert visible(markup) == given_block.text
    pieces = re.findall(r'<mark class="hit"[^>]*data-hit="(\d+)">([^<]*)</mark>', markup)
    whole: dict[int, str] = {}
    for number, piece in pieces:
        whole[int(number)] = whole.get(int(number), "") + html.unescape(piece)
    assert list(whole.values()) == [given_block.text[start:end] for start, end in joined(within)]


def test_an_excerpt_shows_where_it_was_cut() -> None:
    passage = Passage(4, "门前就是黄河，水车<日夜>不停", ((7, 9),), (4, 13))
    assert excerpt(passage) == "…黄河，<mark>水车</mark>&lt;日夜&gt;…"


def test_an_excerpt_marks_words_and_dates() -> None:
    passage = Passage(4, "1958年修水车", ((6, 8),), (0, 8), ((0, 5),))
    assert excerpt(passage) == '<mark class="met">1958年</mark>修<mark>水车</mark>'
    both = Passage(4, "光绪三十年修", ((0, 2),), (0, 6), ((0, 5),))
    assert excerpt(both) == '<mark class="met"><mark>光绪</mark>三十年</mark>修'


def test_a_date_stands_inside_a_place_never_round_it() -> None:
    date = TextLink((2, 6), "公历 1904年", "/d", "date doubtful")
    markup = inline(
        block(Run("清光绪"), Run("三十年", Style.BOLD)), 3, Marks.number({3: [(0, 3)]}, [3], links={3: [date]})
    )
    link = '<a class="date doubtful" href="/d" title="公历 1904年">'
    assert markup.startswith(f'<mark class="hit" id="hit-1" data-hit="1">清光{link}绪</a></mark>')
    assert f"<b>{link}三十年</a></b>" in markup
    assert "hit met" in inline(block(Run("光绪三十年")), 3, Marks.number({}, [3], {3: [(0, 5)]}))


def test_a_whole_paragraph_has_no_ellipsis() -> None:
    assert excerpt(Passage(4, "水车", ((0, 2),), (0, 2))) == "<mark>水车</mark>"


def test_the_place_of_an_error_is_marked() -> None:
    assert pointed("a(<b", 1) == 'a<mark class="wrong">(</mark>&lt;b'
    assert pointed("水车", 2) == '水车<mark class="wrong">␣</mark>'


def test_note_signs() -> None:
    assert [note_mark(number) for number in (1, 20, 21, 35, 36, 50, 51)] == [*"①⑳㉑㉟㊱㊿", "[51]"]
