"""A library with something of everything that the API answers about."""

from __future__ import annotations

from pathlib import Path

from archive.library import Library
from archive.model.access import Actor
from archive.model.cards import CardFields
from archive.model.records import Article, Block, Collection, Kind, Person
from tests.given_names import give

FLOOD = "1931年秋，李明山在水车村筑堤，淹田三百亩，水车毁了两架，木匠段师傅从兰州赶来修了一个月。"
AGAIN = "民国二十年秋天，李明山到水车村主持筑堤，田地淹了四百亩。"


def furnished(folder: Path) -> Library:
    """Two articles with a passage in common and another account of it, names, a card in a 长编, a book."""
    library = Library.create(folder / "library")
    session = library.session(Actor.local())
    give(library, "类别,规范名,别名\n人物,李明山,李老\n地名,水车村,\n")
    session.save_collection(Collection("c", "文史资料"))
    for number, (title, text) in enumerate([("水车旧事", FLOOD), ("堤上", FLOOD), ("又记", AGAIN)], 1):
        file = folder / f"{number}.txt"
        file.write_text(title + text, encoding="utf-8")
        blocks = (Block.plain(Kind.TITLE, title), Block.plain(Kind.PARAGRAPH, text))
        article = Article(
            id=f"a{number}", collection="c", number=number, blocks=blocks, volume=f"第{number}辑",
            people=(Person("张三"),),
        )  # fmt: skip
        session.add(file, file.name, [article], ())
    card = session.cards.make("a1", (1, 0, 20))
    session.cards.change(card, CardFields(classes=("水利",), note="待查", dated="1931年秋"))
    session.compilations.save(session.compilations.create("水利长编").with_cards([card]))
    session.scopes.save("堤", articles=["a2"])
    session.reuses.look("", lambda words, done, total: None)
    session.books.create("一辑", [session.article("a1")])
    return library
