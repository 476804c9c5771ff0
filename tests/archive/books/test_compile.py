"""From a project to a book: ranges, edits, notes, and everything that must be said before printing."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.books.compile import BookSources, Bound, bind, edited, edits_between, excerpt, moved
from archive.catalogue.authority import Authority, Name, NameKind
from archive.export.house import house_style
from archive.model.errors import ExportError, NotFound
from archive.model.project import Edit, Item, Matter, Part, Project
from archive.model.records import Access, Article, Block, Collection, Genre, Kind, Person, Run, Status, Style

NO_NAMES = Authority()
MADE = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)


def article(*blocks: Block, **values: object) -> Article:
    given = {"collection": "c", "id": "1", "version": 1, "digest": "a" * 64} | values
    return Article(blocks=(Block.plain(Kind.TITLE, "水车"), *blocks), **given)  # type: ignore[arg-type]


def text(words: str) -> Block:
    return Block.plain(Kind.PARAGRAPH, words)


NOTED = article(
    text("第一段。"),
    Block(Kind.PARAGRAPH, (Run("第二段"), Run("", note="①"), Run("讲水车", Style.BOLD), Run("。"))),
    text("第三段。"),
    Block.plain(Kind.NOTE, "注一", label="①"),
    Block.plain(Kind.NOTE, "注二", label="②"),
    people=(Person("张三"),),
    source="原载《宁夏日报》",
)


def item(of: Article = NOTED, **values: object) -> Item:
    return Item(article=of.id, version=of.version, digest=of.digest, **values)  # type: ignore[arg-type]


def bound(
    project: Project, *articles: Article, present: Article | None = None, authority: Authority = NO_NAMES
) -> Bound:
    def find(id: str, version: int | None) -> Article:
        for each in articles:
            if each.id == id:
                return each if version is not None or present is None else present
        raise NotFound(f"没有文章 {id}。")

    sources = BookSources(find, {"c": Collection("c", "河湾文史")}, house_style(), authority)
    return bind(project, sources, made=MADE)


def project(*items: Item, **values: object) -> Project:
    return Project(name="书", parts=(Part(title="水利", note="按语", items=items),), **values)  # type: ignore[arg-type]


def texts(of: Article) -> list[str]:
    return [block.text for block in of.blocks]


def test_a_whole_article_is_taken_as_it_is() -> None:
    found = bound(project(item()), NOTED)
    (chapter,) = found.book.chapters
    assert chapter.article == NOTED
    assert (chapter.byline, chapter.source) == ("张三", "原载《宁夏日报》")
    assert found.book.sections[0].note == ("按语",) and found.book.made == MADE
    assert found.faults == found.issues == ()


def test_a_range_keeps_the_title_and_the_notes_it_refers_to() -> None:
    assert texts(excerpt(NOTED, item(first=2, last=2))) == ["水车", "第二段讲水车。", "注一"]
    assert texts(excerpt(NOTED, item(first=3, last=3))) == ["水车", "第三段。"]
    assert texts(excerpt(NOTED, item(first=2))) == ["水车", "第二段讲水车。", "第三段。", "注一"]


def test_an_edit_keeps_styles_and_references_around_it() -> None:
    edited = excerpt(NOTED, item(edits=(Edit(2, 1, 5, "二段讲水", "2节说水"),)))
    runs = edited.blocks[2].runs
    assert [(run.text, run.note, run.style) for run in runs] == [
        ("第2节说水", "", Style.NONE),
        ("", "①", Style.NONE),
        ("车", "", Style.BOLD),
        ("。", "", Style.NONE),
    ]
    assert NOTED.blocks[2].text == "第二段讲水车。"


def test_two_edits_of_one_block_are_both_made() -> None:
    edits = (Edit(1, 0, 1, "第", ""), Edit(1, 3, 4, "。", "！"))
    assert excerpt(NOTED, item(edits=edits)).blocks[1].text == "一段！"


@pytest.mark.parametrize(
    ("start", "expected"), [(0, "新第二段讲水车。"), (3, "第二段新讲水车。"), (7, "第二段讲水车。新")]
)
def test_words_put_in_between(start: int, expected: str) -> None:
    assert excerpt(NOTED, item(edits=(Edit(2, start, start, "", "新"),))).blocks[2].text == expected


def test_words_put_into_an_empty_block() -> None:
    bare = article(Block(Kind.PARAGRAPH, ()), text("后"))
    assert texts(excerpt(bare, item(bare, edits=(Edit(1, 0, 0, "", "新"),)))) == ["水车", "新", "后"]


def test_a_block_nothing_is_left_of_is_not_printed() -> None:
    assert texts(excerpt(NOTED, item(edits=(Edit(1, 0, 4, "第一段。", ""),)))) == [
        "水车", "第二段讲水车。", "第三段。", "注一", "注二",
    ]  # fmt: skip


def test_a_title_edited_for_this_book() -> None:
    found = bound(project(item(edits=(Edit(0, 0, 2, "水车", "兰州水车"),))), NOTED)
    assert [chapter.title for chapter in found.book.chapters] == ["兰州水车"]


def test_own_lines_take_the_place_of_those_made() -> None:
    signed = article(Block.plain(Kind.BYLINE, "张三"), text("文"), source="某报")
    (chapter,) = bound(project(item(signed, byline="李四 整理", source="", note="甲\n\n　乙")), signed).book.chapters
    assert (chapter.byline, chapter.source, chapter.note) == ("李四 整理", "", ("甲", "乙"))
    assert Kind.BYLINE not in [block.kind for block in chapter.article.blocks]


def test_an_empty_byline_of_ones_own_prints_none() -> None:
    signed = article(Block.plain(Kind.BYLINE, "张三"), text("文"))
    (chapter,) = bound(project(item(signed, byline="")), signed).book.chapters
    assert chapter.byline == "" and texts(chapter.article) == ["水车", "文"]


def test_matter_before_and_after() -> None:
    matter = Matter(title="前　言", text="　　第一段\n\n第二段", signature="编委会\n二〇二六年")
    book = bound(project(item(), front=(matter,), back=(Matter(title=""),)), NOTED).book
    (preface,) = book.front
    kinds = [(block.kind, block.text) for block in preface.article.blocks]
    assert preface.article.genre is Genre.MATTER and book.back == ()
    assert kinds == [
        (Kind.TITLE, "前　言"),
        (Kind.PARAGRAPH, "第一段"),
        (Kind.PARAGRAPH, "第二段"),
        (Kind.BYLINE, "编委会"),
        (Kind.BYLINE, "二〇二六年"),
    ]


def test_indexes_of_the_offices_names_and_of_those_the_articles_name() -> None:
    of = article(
        Block.plain(Kind.BYLINE, "李四"),
        text("刘勇与老刘在沙坡头，张三也来。"),
        fields=(("人物", "张三"), ("人物", "李四"), ("地域", "沙坡头")),
    )
    authority = Authority((Name(NameKind.PERSON, "刘勇", ("老刘",)),))
    book = bound(project(item(of), indexes=("地名", "人物")), of, authority=authority).book
    assert [(index.title, [heading.name for heading in index.headings]) for index in book.indexes] == [
        ("地名索引", ["沙坡头"]),
        ("人名索引", ["老刘", "刘勇", "张三"]),
    ]
    assert bound(project(item(of)), of, authority=authority).book.indexes == ()


def codes(found: Bound) -> tuple[list[str], list[str]]:
    return [each.code for each in found.faults], [each.code for each in found.issues]


def test_a_newer_version_is_pointed_out_and_the_chosen_one_printed() -> None:
    newer = replace(NOTED, version=2, digest="b" * 64, blocks=(NOTED.blocks[0], text("改过")))
    found = bound(project(item()), NOTED, present=newer)
    assert codes(found) == ([], ["book-changed"])
    assert next(found.book.chapters).article == NOTED


def test_an_article_taken_out_is_a_fault() -> None:
    for status in (Status.WITHDRAWN, Status.REJECTED):
        assert codes(bound(project(item()), NOTED, present=replace(NOTED, status=status)))[0] == ["book-withdrawn"]


def test_what_is_not_open_is_pointed_out() -> None:
    assert codes(bound(project(item()), NOTED, present=replace(NOTED, access=Access.INTERNAL)))[1] == ["book-access"]


def test_an_unknown_article_is_named_and_the_others_are_set() -> None:
    found = bound(project(Item(article="99", version=1, digest=""), item()), NOTED)
    assert codes(found)[0] == ["book-unknown"] and found.faults[0].place == "99"
    assert len(list(found.book.chapters)) == 1


def test_nothing_to_set_is_an_error() -> None:
    with pytest.raises(ExportError):
        bound(project())
    with pytest.raises(ExportError, match="99"):
        bound(project(Item(article="99", version=1, digest="")))


def test_other_text_than_was_chosen_is_a_fault() -> None:
    assert codes(bound(project(replace(item(), digest="f" * 64)), NOTED))[0] == ["book-digest"]


@pytest.mark.parametrize("wrong", [{"first": 9}, {"last": 9}, {"first": 3, "last": 2}, {"first": 0}])
def test_a_range_beyond_the_text_is_a_fault(wrong: dict[str, int]) -> None:
    assert codes(bound(project(item(NOTED, **wrong)), NOTED))[0] == ["book-edit"]


@pytest.mark.parametrize(
    "edit", [Edit(1, 0, 2, "别的", "x"), Edit(9, 0, 1, "第", "x"), Edit(-1, 0, 1, "注", "x"), Edit(1, 9, 9, "", "x")]
)
def test_an_edit_that_does_not_fit_is_a_fault_and_not_made(edit: Edit) -> None:
    found = bound(project(item(edits=(edit,))), NOTED)
    assert codes(found)[0] == ["book-edit"]
    assert next(found.book.chapters).article == NOTED


@pytest.mark.parametrize(
    ("before", "after", "edits"),
    [
        ("一样", "一样", ()),
        ("光绪三十年", "光绪三十一年", (Edit(5, 4, 4, "", "一"),)),
        ("甲乙丙", "甲丙", (Edit(5, 1, 2, "乙", ""),)),
        ("哈哈", "哈哈哈", (Edit(5, 2, 2, "", "哈"),)),
        ("旧", "", (Edit(5, 0, 1, "旧", ""),)),
        ("", "新", (Edit(5, 0, 0, "", "新"),)),
    ],
)
def test_the_smallest_edits(before: str, after: str, edits: tuple[Edit, ...]) -> None:
    assert edits_between(5, before, after) == edits


def test_edits_move_with_their_words_to_a_newer_version() -> None:
    newer = replace(NOTED, version=2, digest="b" * 64, blocks=(NOTED.blocks[0], text("加一段。"), *NOTED.blocks[1:]))
    stays, moves, goes = Edit(0, 0, 2, "水车", "筒车"), Edit(3, 0, 3, "第三段", "末段"), Edit(1, 1, 3, "一样", "二")
    fresh, lost = moved(item(edits=(stays, moves, goes), first=2, last=9), NOTED, newer)
    assert (fresh.version, fresh.digest, fresh.first, fresh.last) == (2, "b" * 64, 3, 0)
    assert fresh.edits == (stays, replace(moves, block=4)) and lost == (goes,)


@given(st.text("水车转", max_size=12), st.text("水车转", max_size=12))
def test_edits_between_two_texts_make_the_one_of_the_other(before: str, after: str) -> None:
    article = Article(collection="c", blocks=(Block.plain(Kind.TITLE, "题"), Block.plain(Kind.PARAGRAPH, before)))
    item = Item(article="a", version=1, digest="", edits=edits_between(1, before, after))
    assert edited(article, item)[1].text == after


def test_two_changes_in_one_paragraph_leave_what_lies_between() -> None:
    edits = edits_between(3, "光绪卅年村里公议重修水车", "光绪三十年村里公议重造水车")
    assert [(edit.start, edit.before, edit.after) for edit in edits] == [(2, "卅", "三十"), (9, "修", "造")]


def test_words_put_beside_a_reference_are_not_put_into_it() -> None:
    runs = (Run("", note="1"), Run("水车"))
    article = Article(collection="c", blocks=(Block.plain(Kind.TITLE, "题"), Block(Kind.PARAGRAPH, runs)))
    changed = edited(article, Item(article="a", version=1, digest="", edits=(Edit(1, 0, 0, "", "大"),)))[1]
    assert changed.text == "大水车"
    assert changed.runs[0] == Run("", note="1")


def test_a_note_struck_out_takes_its_references_with_it() -> None:
    runs = (Run("水车"), Run("", note="1"), Run("与羊皮筏", note=""), Run("", note="2"))
    notes = [Block.plain(Kind.NOTE, words, label=label) for words, label in (("一说天车。", "1"), ("见县志。", "2"))]
    noted = article(Block(Kind.PARAGRAPH, runs), *notes)
    item = Item(article="1", version=1, digest="", edits=edits_between(2, "一说天车。", ""))
    chosen = excerpt(noted, item)
    assert [run.note for run in chosen.blocks[1].runs if run.note] == ["2"]
    assert [block.text for block in chosen.blocks] == ["水车", "水车与羊皮筏", "见县志。"]


def test_a_note_without_a_label_struck_out_takes_nothing_else() -> None:
    noted = article(text("水车与羊皮筏。"), Block.plain(Kind.NOTE, "没有注码。"))
    item = Item(article="1", version=1, digest="", edits=edits_between(2, "没有注码。", ""))
    assert [block.text for block in excerpt(noted, item).blocks] == ["水车", "水车与羊皮筏。"]


def renewed(chosen: Item, *texts_: str) -> tuple[Item, tuple[Edit, ...]]:
    """The item, chosen from 甲乙丙丁, on a version with these paragraphs."""
    before = article(*(text(f"{each}一二三四五") for each in "甲乙丙丁"))
    after = article(*map(text, texts_), version=2, digest="b" * 64)
    return moved(chosen, before, after)


@pytest.mark.parametrize(
    ("texts_", "expected"),
    [
        (("甲一二三四五", "新来的一段", "乙一二三四五", "丙一二三四五", "丁一二三四五"), (3, 4)),
        (("乙一二三四五", "丙一二三四五", "丁一二三四五"), (1, 2)),
        (("甲一二三四五", "乙一二三四改", "丙一二三四五", "丁一二三四五"), (2, 3)),
        (("甲一二三四五", "丙一二三四五", "丁一二三四五"), (2, 2)),
        (("全不一样的话",), (1, 0)),
    ],
)
def test_a_range_goes_with_its_paragraphs(texts_: tuple[str, ...], expected: tuple[int, int]) -> None:
    fresh, _ = renewed(item(first=2, last=3), *texts_)
    assert (fresh.first, fresh.last) == expected


def test_an_insertion_goes_with_its_paragraph_or_is_named() -> None:
    put_in = Edit(2, 1, 1, "", "又")
    whole = ("新来的一段", "甲一二三四五", "乙一二三四五", "丙一二三四五", "丁一二三四五")
    assert renewed(item(edits=(put_in,)), *whole) == (
        replace(item(edits=(replace(put_in, block=3),)), version=2, digest="b" * 64),
        (),
    )
    fresh, lost = renewed(item(edits=(put_in,)), "甲一二三四五", "乙一二改四五", "丙一二三四五", "丁一二三四五")
    assert (fresh.edits, lost) == ((), (put_in,))


def test_matter_that_is_only_signed_is_printed() -> None:
    (chapter,) = bound(project(item(), back=(Matter(title="", signature="编者"),)), NOTED).book.back
    assert texts(chapter.article) == ["", "编者"]
