"""State secrets stay out; what is kept back until a day is opened by a person or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.catalogue.secrecy import marks
from archive.cli.opening_command import opening
from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding, rights_of
from archive.model.errors import FieldError, NotAllowed, NotFound, ReadError, UsageError
from archive.model.records import Access, Article, Block, Collection, Kind
from archive.support.config import Config

LOCAL = Actor.local()


def article(*texts: str, **more: object) -> Article:
    blocks = (Block.plain(Kind.TITLE, "旧案"), *(Block.plain(Kind.PARAGRAPH, one) for one in texts))
    return Article(collection="c", blocks=blocks, **more)  # type: ignore[arg-type]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library.create(tmp_path / "library")
    session = made.session(LOCAL)
    session.save_collection(Collection("c", "文集"))
    kept = (("1990年", Access.INTERNAL), ("2099年", Access.INTERNAL), ("1990年", Access.OPEN), ("", Access.INTERNAL))
    for number, (until, access) in enumerate(kept):
        file = tmp_path / f"{number}.txt"
        file.write_text(str(number), encoding="utf-8")
        fields = (("保密期限", until),) if until else ()
        session.add(file, file.name, [article(access=access, fields=fields)], ())
    return made


@pytest.mark.parametrize("secrecy", ["秘密", "机密", "绝密"])
def test_state_secrets_are_refused_with_the_reason(library: Library, tmp_path: Path, secrecy: str) -> None:
    session = library.session(LOCAL)
    file = tmp_path / "s.txt"
    file.write_text("s", encoding="utf-8")
    with pytest.raises(ReadError, match=f"{secrecy}：国家秘密") as refused:
        session.add(file, "s.txt", [article(fields=(("密级", secrecy),))], ())
    assert "保密员" in (refused.value.hint or "") and session.count() == 4
    with pytest.raises(FieldError, match="国家秘密"):
        session.describe("1", {"密级": secrecy, "开放标识": "受限"}, "定密")


def test_marks_of_secrecy_are_found() -> None:
    texts = ("秘密★10年", "这是公开的秘密。", "本件机密 ★ 长期保存", "绝密☆", "★秘密")
    assert [(block, written) for block, written in marks(article(*texts))] == [
        (1, "秘密★10年"),
        (3, "机密 ★ 长期"),
        (4, "绝密☆"),
    ]


def test_nothing_opens_by_date_alone(library: Library) -> None:
    session = library.session(LOCAL)
    assert [(one.article.id, one.until) for one in session.openings.due()] == [("1", "1990年")]
    assert [one.article.id for one in session.openings.due(date(1990, 12, 31))] == []
    assert session.article("1").access is Access.INTERNAL
    with pytest.raises(UsageError, match="理由"):
        session.openings.open("1", " ")
    session.openings.keep("1", "2040年", "家属意见")
    assert session.openings.due() == ()
    session.describe("1", {"保密期限": "1991年"}, "改回")
    assert session.openings.open("1", "主席会议同意").access is Access.OPEN
    assert session.versions("1")[-1].reason == "开放审核，同意开放：主席会议同意"
    assert session.openings.due() == ()


def test_only_who_may_release_decides(library: Library) -> None:
    editor = library.session(Actor("e", "编辑", rights_of([Holding(AccountRole.EDITOR)])))
    assert editor.openings.due() == ()
    with pytest.raises(NotAllowed):
        editor.openings.open("1", "可")
    reader = library.session(Actor("r", "读者", rights_of([Holding(AccountRole.READER)])))
    with pytest.raises(NotFound):
        reader.openings.open("1", "可")


def test_the_command_lists_and_decides(library: Library) -> None:
    root = library.root
    library.close()

    def run(*given: str) -> str:
        return CliRunner().invoke(opening, given, obj=Config.of(root), catch_exceptions=False).output

    assert run().startswith("1\t《旧案》\t内部\t到 1990年")
    assert "已公开" in run("1", "--open", "--reason", "同意")
    assert run() == ""
    with pytest.raises(UsageError):
        run("1", "--open", "--keep", "2040年", "--reason", "二者取一")
