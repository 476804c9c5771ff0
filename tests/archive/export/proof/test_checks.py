"""What each check tells and what it lets pass, beyond the examples of docs/proof.md."""

from __future__ import annotations

import pytest

from archive.catalogue.authority import Authority, Name, NameKind
from archive.export import make_book
from archive.export.proof import Severity, proof
from archive.export.proof.data_rows import rows
from archive.model.records import Article, Block, Kind

P = NameKind.PERSON


def found(code: str, *texts: str | Block, names: tuple[Name, ...] = ()) -> list[tuple[str, str | None]]:
    """Text and suggestion of the findings of one check on a text with these paragraphs."""
    blocks = (text if isinstance(text, Block) else Block.plain(Kind.PARAGRAPH, text) for text in texts)
    book = make_book([Article(collection="c", id="1", blocks=(Block.plain(Kind.TITLE, "文"), *blocks), source="甲")])
    findings = sorted(proof(book, Authority(names)).findings, key=lambda one: (one.block, one.start))
    return [(one.text, one.suggestion) for one in findings if one.code == code]


def severities(code: str, *texts: str) -> set[Severity]:
    book = make_book(
        [
            Article(
                collection="c",
                blocks=tuple(
                    Block.plain(Kind.TITLE if not n else Kind.PARAGRAPH, text) for n, text in enumerate(texts)
                ),
            )
        ]
    )
    return {one.severity for one in proof(book).findings if one.code == code}


# -- pairs


@pytest.mark.parametrize(
    "texts",
    [
        ("他说：“水来了。”", "我说：‘好’。"),
        ("他写道：“第一段。", "“第二段。", "“第三段。”"),
        ("他写道：“第一段。", "第二段没有前引号。”"),
        ("他说：“老人讲‘大旱’。”",),
        ("1）水车；2）筏子；（3）渡口",),
        ("a）水车",),
        ("一）水车", "二）筏子"),
        ("（作者附记：水车已毁。", "筏子犹存。）"),
        ("He said it’s Tom’s（水车）",),
        ("（二）符合第（一）项的",),
        ("「他說『好』。」",),
        ("他说：“……”",),
        ("“……", "“水来了。”"),
    ],
)
def test_pairs_that_are_right(texts: tuple[str, ...]) -> None:
    assert found("unmatched-pair", *texts) == found("nested-pair", *texts) == []


@pytest.mark.parametrize(
    ("texts", "wrong"),
    [
        (("他说：“水来了。", "他走了。"), ["“"]),
        (("他说：水来了。”",), ["”"]),
        (("《县志（卷三）载其事。",), ["《"]),
        (("他说：“老人讲：‘大旱。”",), ["‘"]),
        (("看那《水车、《筏子》。",), ["《"]),
        (("他说：“水来了。“他走了。",), ["“"]),  # closed by an opening mark
        (("他说：”水来了。”",), ["”"]),  # opened by a closing mark
        (("他写道：“第一段。", "第二段。“", "水车。"), ["“"]),
        (("《县志》第一段。《县志", "第二段》。"), ["《", "》"]),
        (("（一）水车；", "二）筏子；", "（三）渡口。"), ["）"]),
        (("（一）水车；", "（二筏子；", "（三）渡口。"), ["（"]),
    ],
)
def test_halves_of_pairs(texts: tuple[str, ...], wrong: list[str]) -> None:
    assert [text for text, _ in found("unmatched-pair", *texts)] == wrong


def test_crossed_pairs_are_told_once() -> None:
    assert [text for text, _ in found("nested-pair", "他读“《县志”》。")] == ["”"]
    assert found("unmatched-pair", "他读“《县志”》。") == []


def test_a_quotation_ends_with_its_section() -> None:
    heading = Block.plain(Kind.HEADING, "二", level=1)
    assert [text for text, _ in found("unmatched-pair", "他说：“水来了。", heading, "“筏子。”")] == ["“"]


# -- punctuation


def test_half_width_marks_get_their_full_width_ones() -> None:
    assert found("half-width", "一.水车,筏子;渡口") == [(".", "、"), (",", "，"), (";", "；")]
    assert found("half-width", "渡口:“船!”停着") == [(":", "："), ("!", "！")]
    assert found("half-width", "船(三条)等.") == [("(", "（"), (")", "）"), (".", "。")]


@pytest.mark.parametrize(
    "text", ["12:30开船，比例1:3。", "3.5公里，v2.0版。", "http://a.cn/b?c=1", "Tom, Dick (and Harry)."]
)
def test_ascii_marks_among_figures_and_letters_are_right(text: str) -> None:
    assert found("half-width", text) == []


@pytest.mark.parametrize("text", ["前言……3", "水车................12", "水车……筏子", "…………"])
def test_dots_that_are_right(text: str) -> None:
    assert found("ellipsis", text) == []


@pytest.mark.parametrize("text", ["水车...", "水车。。。。", "水车…………………", "等等…筏子"])
def test_dots_that_are_wrong(text: str) -> None:
    assert [suggestion for _, suggestion in found("ellipsis", text)] == ["……"]


@pytest.mark.parametrize(
    "text",
    [
        "刘　勇　同志到任。",
        "出席的有张三 李四 王五等人。",
        "第三条　本条例自公布之日起施行。",
        "一、 水车是什么，怎么用。",
        "《高举旗帜 团结奋进》。",
        "水车记 一个老渠工的回忆",
    ],
)
def test_blanks_that_are_meant(text: str) -> None:
    assert found("space", text) == []


def test_blanks_beside_marks() -> None:
    assert found("space", "他说 ，水来了。 “好。”") == [(" ", ""), (" ", "")]


def test_straight_quotes_become_pairs_only_where_they_are_even() -> None:
    assert [suggestion for _, suggestion in found("straight-quote", '人称"筏子客"。')] == ["“", "”"]
    assert [suggestion for _, suggestion in found("straight-quote", '人称"筏子客。')] == [None]
    assert found("straight-quote", 'He said "no".') == []


# -- characters


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("副使王亻先。", "亻先"), ("〔木+㒸〕树", "〔木+㒸〕"), ("⿰木㒸树", "⿰木㒸树"), ("耶律大{石}", "{石}")],
)
def test_split_characters(text: str, wrong: str) -> None:
    assert [place for place, _ in found("split-character", text)] == [wrong]


@pytest.mark.parametrize("text", ["“氵”旁", "左边右边上下内外", "上攀下蹑", "加氵旁"])
def test_talk_about_characters(text: str) -> None:
    assert found("split-character", text) == []


def test_doubles_of_characters_are_taken_back() -> None:
    assert found("compatibility", "陕⻄的⼈，和\uf9d4") == [("⻄", "西"), ("⼈", "人"), ("\uf9d4", "倫")]
    assert found("compatibility", "﨑﨤") == []  # in that block, yet characters of their own


def test_a_lone_kana_is_a_lost_character_but_japanese_is_not() -> None:
    assert found("lost-character", "副使ト门使来了。") == [("ト", None)]
    assert found("lost-character", "得《英国ニ於ケル自然主義》及《詩ト詩論》。") == []


SIMPLIFIED = "这条渠是县里让农民们来修的，说是为了种地浇水。"
TRADITIONAL = "這條渠是縣裏讓農民們來修的，說是為了種地澆水。"


def test_strange_characters_in_either_script() -> None:
    assert found("mixed-script", SIMPLIFIED, "光緒年间。") == [("緒", "绪")]
    assert found("mixed-script", TRADITIONAL, "光绪年間。") == [("绪", "緒")]
    assert found("mixed-script", TRADITIONAL, "皇后在雲裏。皇后、公里、云云。") == []


def test_strange_characters_that_may_be_meant_are_hints() -> None:
    assert severities("mixed-script", "文", SIMPLIFIED * 2, "《光緒實錄》载，“光緒三十年”。") == {Severity.HINT}
    assert severities("mixed-script", "文", SIMPLIFIED * 2, "渠邨在此。", "一羣人踰河，峯高。") == {Severity.SHOULD}


def test_a_passage_in_the_other_script_is_one_finding() -> None:
    ((_, suggestion),) = found("mixed-script", *[SIMPLIFIED] * 8, TRADITIONAL)
    assert suggestion is None


# -- numbers and dates


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("一九八○年", "〇"),
        ("二OO八年", "〇〇"),
        ("一九五0年", "〇"),
        ("195O年", "1950"),
        ("l958年", "1958"),
        ("2O08年", "2008"),
    ],
)
def test_zeros_and_ones(text: str, right: str) -> None:
    assert [suggestion for _, suggestion in found("zero", text)] == [right]


@pytest.mark.parametrize("text", ["H2O很多", "GB2312", "T10次列车", "○一水车", "一○水车", "A4纸"])
def test_letters_and_circles_that_are_none(text: str) -> None:
    assert found("zero", text) == []


@pytest.mark.parametrize("text", ["19八九年", "一九8三年"])
def test_numbers_half_and_half(text: str) -> None:
    assert found("mixed-number", text) == [(text[:-1], None)]


def test_year_with_a_plain_zero_is_a_hint() -> None:
    assert severities("mixed-number", "文", "二零零八年") == {Severity.HINT}
    assert found("mixed-number", "二零零八年，三百零二人") == [("二零零八", "二〇〇八")]


@pytest.mark.parametrize(
    "text", ["2月30日", "13月5日", "4月31日", "1958年2月29日", "一九五八年二月三十日", "光绪三十五年", "宣统四年"]
)
def test_days_that_never_were(text: str) -> None:
    assert [place for place, _ in found("impossible-date", f"到了{text}，水来了。")] == [text]


@pytest.mark.parametrize(
    "text", ["农历2月30日", "二月三十日", "1月31日", "光绪三十四年", "3个月40日", "第15月刊", "康熙六十一年"]
)
def test_days_that_may_have_been(text: str) -> None:
    assert found("impossible-date", f"到了{text}，水来了。") == []


@pytest.mark.parametrize("text", ["1901—1890年", "1949至1938，"])
def test_ends_before_beginnings(text: str) -> None:
    assert len(found("backwards", text)) == 1


@pytest.mark.parametrize("text", ["前206—220年", "电话6621—3456。", "1890—1901年"])
def test_stretches_that_are_right(text: str) -> None:
    assert found("backwards", text) == []


# -- words


def test_the_table_of_wrong_words_is_sound() -> None:
    table = [(*row, "", "")[:4] for row in rows("wrong_words.tsv")]
    assert len({row[0] for row in table}) == len(table) > 350
    for wrong, right, not_after, not_before in table:
        assert wrong not in right and wrong != right, wrong
        assert found("wrong-word", f"，{wrong}，") == [(wrong, right)], wrong
        assert all(not found("wrong-word", f"{sign}{wrong}") for sign in not_after[:1])
        assert all(not found("wrong-word", f"{wrong}{sign}") for sign in not_before[:1])


@pytest.mark.parametrize("text", ["自己经过公园满是人，究竟标明，研究竞赛", "毁于大火，一座落成的", "一支解放军"])
def test_words_across_words_are_none(text: str) -> None:
    assert found("wrong-word", text) == []
    assert found("two-spellings", f"{text}坐落，肢解") == []


def test_the_rarer_spelling_is_told_only_where_it_is_not_the_recommended_one() -> None:
    assert found("two-spellings", "想象，想象，想像。") == [("想像", "想象")]
    assert found("two-spellings", "唯一一回，惟一两回，惟一三回。") == []


# -- names

ZHANG = Name(P, "张学良", ("张汉卿", "少帅"))


def test_aliases_that_are_introduced_or_shared_are_let_pass() -> None:
    assert found("alias", "张学良字汉卿，又名张汉卿。", names=(ZHANG,)) == []
    assert found("alias", "少帅来了。", names=(ZHANG, Name(P, "李四", ("少帅",)))) == []
    assert found("alias", "少帅来了。", names=(ZHANG,)) == [("少帅", "张学良")]


def test_a_short_form_beside_the_full_one_is_let_pass() -> None:
    body = Name(NameKind.BODY, "政协中卫县委员会", ("中卫县委员会",))
    assert found("alias", "政协中卫县委员会成立，中卫县委员会开会。", names=(body,)) == []
    assert len(found("alias", "中卫县委员会开会。", names=(body,))) == 1


@pytest.mark.parametrize("odd", ["张学艮", "张学亮", "张雪良"])
def test_slips_of_the_pen_are_told(odd: str) -> None:
    text = f"张学良到了，张学良说，{odd}同志走了。"
    assert found("near-name", text, names=(ZHANG,)) == [(odd, "张学良")]


@pytest.mark.parametrize("other", ["张学铭", "张学习", "李学良"])
def test_other_people_and_words_are_let_pass(other: str) -> None:
    assert found("near-name", f"张学良到了，张学良说，{other}同志走了。", names=(ZHANG,)) == []


def test_a_slip_that_is_frequent_is_another_person() -> None:
    text = "张学良到了，张学良说，" + "张学亮同志走了，" * 3
    assert found("near-name", text, names=(ZHANG,)) == []
    assert found("near-name", "张学良到了，张学亮同志走了。", names=(ZHANG,)) == []


# -- structure


def test_numbering_goes_on_in_the_outer_list() -> None:
    assert found("numbering", "一、甲", "1.甲", "2.乙", "二、乙", "1.甲", "三、丙") == []
    assert found("numbering", "一、甲", "二、乙", "二、丙", "三、丁") == [("二、", None)]
    assert (
        found(
            "numbering", "第一章 甲", "第二章乙", "第三章 丙", "第五条规定不适用", "（一）甲", "（四）、（五）项所列的"
        )
        == []
    )
    assert found("numbering", "第一条 甲", "第二条 乙", "第四条 丁") == [("四条", None)]


def test_points_within_a_paragraph() -> None:
    assert found("numbering", "一是水车，二是筏子，四是渡口。") == [("四是", None)]
    assert found("numbering", "①水车②筏子④渡口") == [("④", None)]
    assert found("numbering", "依照（一）、（三）项，②水车④筏子⑥渡口") == []


def test_headings_with_subheadings_have_text() -> None:
    headings = [Block.plain(Kind.HEADING, text, level=level) for text, level in (("一", 1), ("（一）", 2))]
    assert found("empty-heading", *headings, "水车。") == []
    assert [text for text, _ in found("empty-heading", headings[1], headings[0], "水车。")] == ["（一）"]


def test_pictures_may_share_a_caption() -> None:
    picture, caption = Block(Kind.FIGURE, picture="a"), Block.plain(Kind.CAPTION, "水车")
    assert found("no-caption", picture, picture, caption) == found("no-caption", caption, picture, "水车。") == []
    assert len(found("no-caption", picture, "水车。")) == 1


def test_repeated_paragraphs_within_and_across_texts() -> None:
    long = "黄河自青铜峡出山一泻而入银川平原渠道纵横沟浍交错旱涝保收稻麦两熟" * 2
    assert len(found("repeated-paragraph", f"一、{long}。", f"二、{long}！")) == 1
    assert found("repeated-paragraph", "水来了。", "水来了。") == []


def test_picture_references() -> None:
    picture = Block(Kind.FIGURE, picture="a")
    captions = [Block.plain(Kind.CAPTION, text) for text in ("图一　水车", "图2 筏子")]
    assert found("picture-reference", "见图1、图2。（图二）", picture, captions[0], picture, captions[1]) == []
    assert [text for text, _ in found("picture-reference", "见图3。", picture, *captions)] == ["图3", "图一", "图2"]
    assert found("picture-reference", "见图1。", picture, Block.plain(Kind.CAPTION, "水车")) == []


def test_tens_of_thousands_of_marks_are_looked_at_once() -> None:
    """Each is told once, and none is looked for again from every other."""
    assert found("unmatched-pair", "（" * 24_000) == [("（", None)]
    assert found("unmatched-pair", "）" * 24_000) == [("）", None)]
    assert found("unmatched-pair", "（）" * 12_000) == []


# -- 的, 地, 得


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("老人轻轻的推开门，走了。", "的", "地"),
        ("大家兴高采烈的喊着。", "的", "地"),
        ("他认真得听了报告。", "得", "地"),
        ("会上他沉痛得说：“我错了。”", "得", "地"),
        ("戏唱的热闹。", "的", "得"),
        ("话讲地非常明白。", "地", "得"),
        ("北风吹来，冷地直打哆嗦。", "地", "得"),
        ("那是一段艰苦地岁月。", "地", "的"),
        ("灾民的到了安置，生活的到改善。", "的", "得"),
    ],
)
def test_particles_taken_for_one_another(text: str, wrong: str, right: str) -> None:
    assert found("particle", text) == [(wrong, right)]


@pytest.mark.parametrize(
    "text",
    [
        "热情的接待让人难忘，妈妈的说法也对，家家的灯亮着。",
        "他激动得说不出话，高兴得跳了起来。",
        "种地很苦，耕地非常少，土地很多。",
        "这是一个重要地区，一处艰险地带。",
        "他写的文章很多，说的是实话。",
    ],
)
def test_particles_that_are_right(text: str) -> None:
    assert found("particle", text) == []


def test_a_text_that_writes_so_throughout_is_told_so_once() -> None:
    assert len(found("particle", *["他慢慢的走了过来。"] * 9)) == 1


# -- numbers and accounts that do not agree


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("到会的有代表56人，来宾20人，共计86人。", "86人"),
        ("全校有教师50名，其中男教师30名，女教师28名。", "50名"),
        ("亩产由150斤提高到300斤，提高了两倍。", "两倍"),
        ("产值从200万元增加到300万元，增长了80%。", "80"),
        ("1957年有社员320户，比上年的250户增加80户。", "80"),
    ],
)
def test_numbers_that_do_not_add_up(text: str, wrong: str) -> None:
    assert [each for each, _ in found("sum", text)] == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        "到会的有代表56人，来宾20人，共计76人。",
        "全校有教师50名，其中党员10名，女教师28名。",
        "购书300册，又借书120册，共计用去80元。",
        "亩产由150斤提高到300斤，提高了一倍；产值从200万元增加到300万元，增长了50%。",
        "约有代表50多人，来宾约20人，共100人。",
    ],
)
def test_numbers_that_add_up_or_cannot_be_added(text: str) -> None:
    assert found("sum", text) == []


def test_one_thing_said_in_two_ways() -> None:
    assert found("disagreement", "新生渠长35公里。", "据说新生渠长38公里。") == [("据说新生渠长38公里", None)]
    assert found("disagreement", "县立中学创办于1936年。", "1938年，县立中学创办，学生很少。") == [
        ("1938年，县立中学创办", None)
    ]
    right = (
        "新生渠长35公里。",
        "新生渠长35公里，惠农渠长38公里。",
        "1949年9月，县城解放。",
        "1949年9月23日县城解放时。",
    )
    assert found("disagreement", *right, "该渠长3公里。", "该渠长5公里。") == []


def test_names_that_nobody_listed() -> None:
    often = ["李文彬来了，李文彬说。", "会上，李文彬发言。"]
    assert found("near-name", *often, "后来，李文斌同志走了。") == [("李文斌", None)]
    assert found("near-name", *often, "后来，李文成同志走了。") == []


# -- years and ages


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("光绪三十年（1905年），设学堂。", "1905"),
        ("光绪三十年（1905年）六月，设学堂。", "1905"),
        ("他生于1921年，1918年入私塾。", "1918"),
        ("她1911年出生，1961年病逝，享年六十五岁。", "六十五"),
        ("从1950年到1980年，从医四十年。", "四十"),
    ],
)
def test_years_that_do_not_agree(text: str, wrong: str) -> None:
    codes = ("lives", "era-year")
    assert [each for code in codes for each, _ in found(code, text)] == [wrong]


def test_years_that_agree() -> None:
    for text in ("光绪三十年（1904年），设学堂。", "他生于1921年，父亲1918年病故。", "从1950年到1980年，从医三十年。"):
        assert found("lives", text) == found("era-year", text) == []


def test_points_are_as_many_as_announced() -> None:
    assert found("numbering", "经验有三条：一是人，二是钱。") == [("三条：", None)]
    assert found("numbering", "经验有三条：一是人，二是钱，三是地。") == []


def test_what_only_looks_left_out_or_doubled() -> None:
    for text in ("他毕业于北京大学。", "2009年年底，各省市委员会。", "他从大学毕业后回乡。"):
        assert found("omission", text) == []
    assert found("omission", "他毕业北京大学。") == [("毕业", "毕业于")]
    assert found("rough", "全县46,000人，路长8.5千米。") == []
    for text in ("哈密市、和田地区和伊犁州。", "破坏风貌、与遗址保护不相协调的设施。"):
        assert found("mark", text) == []
    assert found("mark", "他带来了米、面、与遗物。") == [("、", None)]


@pytest.mark.parametrize(
    ("code", "text", "told"),
    [
        ("unit", "库容量为120万立方。", [("立方", "立方米")]),
        ("unit", "他身高一米八二公分。", [("公分", "")]),
        ("unit", "库容量为120万立方米，桌高八十厘米。", []),
        ("rough", "到会的有二十几余人。", [("几余", "几")]),
        ("rough", "走了近三十多里。", [("近三十多", None)]),
        ("rough", "走了近三十里，到会的有五十多人。", []),
        ("rough", "1953至57年，他在县里工作。", [("57", None)]),
        ("rough", "1953至1957年，他在县里工作。", []),
        ("mark", "城有东、西、南、三门。", [("、", "")]),
        ("mark", "城有东、西、三原、四会各门。", []),
        ("mark", "有《渠志》，《水志》等书。", [("，", "、")]),
        ("norm", "他在那里渡过了一生。", [("渡过", "度过")]),
        ("norm", "红军渡过黄河。", []),
        ("lives", "1935年西安事变爆发。", [("1935", None)]),
        ("lives", "1936年12月西安事变爆发，1935年他入学。", []),
        ("numbering", "原因如下：第一，天旱；第四，无渠。", [("四，", None)]),
        ("numbering", "原因有三：一是天旱，二是无渠。", [("三：", None)]),
        ("omission", "他被评为“劳动模”。", [("劳动模", "劳动模范")]),
        ("omission", "走了走了五天才到。", [("走了", "")]),
        ("omission", "我们参加加了劳动。", [("加", "")]),
        ("omission", "他走了走，看了看。", []),
    ],
)
def test_kinds_met_in_local_history(code: str, text: str, told: list[tuple[str, str | None]]) -> None:
    assert found(code, text) == told
