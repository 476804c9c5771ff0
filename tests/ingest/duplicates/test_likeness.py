"""Like texts are found, whatever was done to them, and shown to whoever brings them in."""

from __future__ import annotations

import json
import random
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive.cli import main
from archive.library import Library
from archive.model.access import Actor
from archive.model.accounts import AccountRole, Holding, rights_of
from archive.model.edits import Rewrite
from archive.model.errors import EngineError
from archive.model.issues import IssueCode
from archive.model.records import Article, Block, Collection, Issue, Kind, Status
from ingest.cli.duplicates_commands import diff as diff_command
from ingest.cli.duplicates_commands import duplicates as duplicates_command
from ingest.cli.ingest_command import Bar, Lines
from ingest.duplicates.likeness import Duplicates, Likeness, open_duplicates
from ingest.duplicates.signatures import FILE, Signature, Signatures
from ingest.pipeline.importer import Silent, ingest
from ingest.pipeline.report import Outcome

LOCAL = Actor.local()

WORDS = (
    "朔津县城北门外有一架水车是光绪三十年刘勇从兰州学来的手艺用榆木做成轮高五丈每天能浇地四十亩后来黄河改道河岸坍塌水车搬到上河村"
    "又转了二十多年直到一九五八年大修水利渠道通了电灌站建成才停下来老人们说那时候每年清明前后全村出工清理引水的石坝妇女送饭孩子在坝上"
    "捉鱼水声夜里能传到城里钟楼底下卖凉粉的王家也听得见民国二十三年发大水石坝冲掉一半县里派人来看拨了三百块银元重新修过"
)


def text(seed: int, length: int = 600) -> str:
    """A text of its own, in sentences."""
    chance = random.Random(seed)
    return "".join(chance.choice(WORDS) + ("，" if n % 11 == 10 else "") for n in range(length)) + "。"


def article(title: str, *texts: str, **values: object) -> Article:
    blocks = (Block.plain(Kind.TITLE, title), *(Block.plain(Kind.PARAGRAPH, words) for words in texts))
    return Article(**{"collection": "c", "blocks": blocks, **values})  # type: ignore[arg-type]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as made:
        made.session(LOCAL).save_collection(Collection("c", "河湾文史"))
        yield made


def add(library: Library, *articles: Article) -> tuple[Article, ...]:
    original = library.root.parent / f"{len(list(library.session(LOCAL).articles()))}.txt"
    original.write_text(str(articles), encoding="utf-8")
    return library.session(LOCAL).add(original, original.name, articles, ()).articles


def like(library: Library, draft: Article, threshold: float = 0.5) -> list[Likeness]:
    with open_duplicates(library.session(LOCAL)) as duplicates:
        return duplicates.like(draft, threshold)


class TestLikeness:
    def test_the_same_text_in_another_dress(self, library: Library) -> None:
        (stored, *_) = add(library, article("水车", text(1) + "刘勇与黄河"), article("别的", text(2)))
        (found,) = like(
            library, article("另一个题名", text(1)[:300], text(1)[300:].replace("，", ", ") + "劉　勇與黃河")
        )
        assert (found.other.id, found.share, found.same) == (stored.id, 1.0, True)

    def test_a_part_of_a_longer_text(self, library: Library) -> None:
        add(library, article("长文", text(1, 3000)), article("别的", text(2, 3000)))
        (found,) = like(library, article("摘录", text(1, 3000)[1000:1400]))
        assert (found.other.title, found.per_cent, found.same) == ("长文", 100, False)

    def test_the_share_is_exact(self, library: Library) -> None:
        add(library, article("甲", text(1)))
        (found,) = like(library, article("乙", text(1)[:400] + text(2)[:300]))
        assert found.share == pytest.approx(366 / 600, abs=0.01)  # every eleventh is a comma
        assert like(library, article("乙", text(1)[:400] + text(2)[:300]), 0.75) == []

    def test_different_texts_and_short_ones_are_not_alike(self, library: Library) -> None:
        add(library, article("甲", text(1)), article("短", "晴。下午得家书。"))
        assert like(library, article("乙", text(3))) == []
        assert like(library, article("短", "晴。下午得家书。")) == []

    def test_formulas_do_not_make_texts_alike(self, library: Library) -> None:
        formula = text(9, 120)
        add(library, *(article(f"第{n}号", formula + text(n + 10, 400)) for n in range(130)))
        assert like(library, article("又一号", formula + text(999, 400))) == []

    def test_notes_are_compared_and_comments_are_not(self, library: Library) -> None:
        note, comment = Block.plain(Kind.NOTE, text(1)), Block.plain(Kind.COMMENT, text(2))
        add(library, replace(article("甲", "正文"), blocks=(Block.plain(Kind.TITLE, "甲"), note, comment)))
        assert len(like(library, article("乙", text(1)))) == 1
        assert like(library, article("乙", text(2))) == []


class TestFile:
    def test_changes_in_the_library_are_followed(self, library: Library) -> None:
        (stored,) = add(library, article("甲", text(1)))
        assert like(library, article("乙", text(1)))
        library.session(LOCAL).corrections.revise(replace(stored, blocks=article("甲", text(2)).blocks), "改")
        assert like(library, article("乙", text(1))) == []
        assert [one.other.id for one in like(library, article("乙", text(2)))] == [stored.id]

    def test_it_may_be_deleted_or_damaged(self, library: Library) -> None:
        add(library, article("甲", text(1)))
        for harm in (Path.unlink, lambda file: file.write_bytes(b"no database at all" * 100)):
            assert like(library, article("乙", text(1)))
            harm(library.root / "index" / FILE)
        assert like(library, article("乙", text(1)))

    def test_samples_of_another_making_are_taken_anew(self, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
        add(library, article("甲", text(1)))
        assert like(library, article("乙", text(1)))
        with sqlite3.connect(library.root / "index" / FILE) as connection:
            connection.execute("UPDATE made_with SET version = 'old'")
            connection.execute("DELETE FROM samples")
        connection.close()
        assert like(library, article("乙", text(1)[:500]))

    def test_one_that_cannot_be_written_is_told(self, library: Library) -> None:
        (library.root / "index" / FILE).mkdir()
        with pytest.raises(EngineError, match="查重"), open_duplicates(library.session(LOCAL)):
            pass


class TestPairs:
    def test_each_pair_once(self, library: Library) -> None:
        add(
            library,
            article("甲", text(1)),
            article("乙", text(1)),
            article("丙", text(2)),
            article("丁", text(1)[:400]),
        )
        with open_duplicates(library.session(LOCAL)) as duplicates:
            articles = list(library.session(LOCAL).articles())
            found = list(duplicates.pairs(articles))
            assert list(duplicates.pairs_as_added(articles)) == found
        assert [(one.article.title, one.other.title) for one in found] == [("甲", "乙"), ("甲", "丁"), ("乙", "丁")]


class TestImport:
    def taken_in(self, library: Library, file: Path, words: str, **options: object) -> tuple[Issue, ...]:
        file.write_text(words, encoding="utf-8")
        with open_duplicates(library.session(LOCAL)) as duplicates:
            report = ingest(library.session(LOCAL), [file], comparison=duplicates, **options)  # type: ignore[arg-type]
        assert report.files[0].outcome in (Outcome.ADDED, Outcome.ALREADY)
        return tuple(
            issue for issue in report.files[0].issues if issue.code in (IssueCode.SAME_TEXT, IssueCode.NEAR_DUPLICATE)
        )

    def test_findings_are_issues(self, library: Library, tmp_path: Path) -> None:
        first = "水车\n" + text(1)
        assert self.taken_in(library, tmp_path / "甲.txt", first) == ()
        assert self.taken_in(library, tmp_path / "甲.txt", first) == (), "the same file again is no finding"
        (same,) = self.taken_in(library, tmp_path / "乙.txt", "又见水车\n" + text(1))
        assert (same.code, same.place, same.characters) == (IssueCode.SAME_TEXT, "《又见水车》", 0)
        assert "《水车》（编号 1，甲）文字相同" in same.message
        library.session(LOCAL).withdraw("1", "重复")
        found = self.taken_in(library, tmp_path / "丙.txt", "三见水车\n" + text(1)[:500] + text(5)[:100])
        assert {issue.code for issue in found} == {IssueCode.NEAR_DUPLICATE}
        assert any("编号 1，甲，已撤下）相同 8" in issue.message for issue in found)

    def test_the_same_file_in_another_collection_is_told_once(self, library: Library, tmp_path: Path) -> None:
        file = tmp_path / "两篇.jsonl"
        lines = [{"title": title, "text": text(seed)} for seed, title in enumerate("甲乙")]
        file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
        library.session(LOCAL).save_collection(Collection("一", "文史资料第一辑"))
        for collection, told in (("一", []), ("一", []), ("二", ["same-file"])):
            with open_duplicates(library.session(LOCAL)) as duplicates:
                report = ingest(library.session(LOCAL), [file], collection, comparison=duplicates)
            assert [issue.code for issue in report.files[0].issues] == told
        assert report.files[0].issues[0].message == "同一份文件已经收入“文史资料第一辑”"

    @pytest.mark.parametrize("teller", [Bar, Lines])
    def test_the_question_in_a_terminal_names_them(
        self, teller: type[Bar] | type[Lines], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("ingest.cli.ingest_command.click.confirm", lambda *_, **__: False)
        told = teller()
        told.remark("稿.txt", [Issue(IssueCode.NEAR_DUPLICATE, "《水车记》", "与《水车》（编号 1，c）相同 83%")])
        assert not told.confirm("稿.txt", [article("水车记", text(1))])
        assert "《水车记》：与《水车》（编号 1，c）相同 83%" in capsys.readouterr().err

    def test_of_many_the_first_are_told_and_the_rest_counted(self, library: Library, tmp_path: Path) -> None:
        add(library, *(article(f"第{n}号", text(1), f"第{n}号") for n in range(8)))
        found = self.taken_in(library, tmp_path / "稿.txt", "又一号\n" + text(1))
        assert len(found) == 5
        assert found[-1].message.endswith("；这样的还有 3 篇")
        assert "还有" not in found[0].message

    def test_alike_within_one_file(self, library: Library, tmp_path: Path) -> None:
        lines = [{"title": "甲", "text": text(1)}, {"title": "乙", "text": text(2)}, {"title": "丙", "text": text(1)}]
        words = "\n".join(json.dumps(line) for line in lines)
        (found,) = self.taken_in(library, tmp_path / "记录.txt", words)
        assert (found.place, found.message) == ("《甲》", "与同一文件里的《丙》文字相同")

    def test_the_editor_is_told_before_being_asked(self, library: Library, tmp_path: Path) -> None:
        class Wary(Silent):
            heard: Sequence[Issue] = ()

            def remark(self, name: str, issues: Sequence[Issue]) -> None:
                self.heard = issues

            def confirm(self, name: str, articles: Sequence[Article]) -> bool:
                assert [issue.code for issue in self.heard] == [IssueCode.SAME_TEXT]
                return True

        add(library, article("水车", text(1)))
        self.taken_in(library, tmp_path / "乙.txt", "又见水车\n" + text(1), yes=False, progress=Wary())


class TestCommands:
    @pytest.fixture(autouse=True)
    def registered(self) -> None:
        """The commands are registered by entry points; here without installing."""
        for command in (duplicates_command, diff_command):
            if command.name not in main.cli.commands:
                main.cli.add_command(command)

    @pytest.fixture
    def root(self, library: Library) -> list[str]:
        other = replace(article("水车记", text(1)[:500] + "添了一句。"), status=Status.RECEIVED)
        add(library, article("水车", text(1), "末段。"), other, article("无关", text(7)))
        return ["--library", str(library.root)]

    def test_duplicates(self, root: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert main.run([*root, "duplicates", "--json"]) == 0
        (pair,) = json.loads(capsys.readouterr().out)
        assert [each["id"] for each in pair["articles"]] == ["1", "2"]
        assert 0.95 < pair["share"] < 1
        assert not pair["same"]
        assert main.run([*root, "duplicates", "--threshold", "1"]) == 0
        assert capsys.readouterr().out == ""
        assert main.run([*root, "duplicates", "--collection", "无此文集"]) == 14

    def test_diff(self, root: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert main.run([*root, "diff", "1", "2"]) == 0
        shown = capsys.readouterr().out
        assert "右¶0\t水车{+记+}" in shown
        assert "左¶2\t[-末段。-]" in shown
        assert main.run([*root, "diff", "1", "1"]) == 0
        assert "逐字相同" in capsys.readouterr().err
        assert main.run([*root, "diff", "1", "2", "--json"]) == 0
        title = json.loads(capsys.readouterr().out)[0]
        assert title == {
            "left": {"block": 0, "text": "水车", "spans": []},
            "right": {"block": 0, "text": "水车记", "spans": [[2, 3]]},
        }


def test_a_library_is_all_that_is_needed(library: Library) -> None:
    with open_duplicates(library.session(LOCAL)) as duplicates:
        assert isinstance(duplicates, Duplicates)
        assert duplicates.catch_up() == 0


def test_what_others_add_meanwhile_and_what_is_undone_is_seen(tmp_path: Path) -> None:
    def signature(name: str, values: Sequence[int]) -> Signature:
        return Signature(name, name, name, array("I", values))

    with closing(Signatures(tmp_path, "1")) as one, closing(Signatures(tmp_path, "1")) as other:
        one.add([signature("a", range(40))])
        assert one.candidates(array("I", range(40)), 0.5) == ["a"]
        other.add([signature("b", range(35))])
        assert one.candidates(array("I", range(40)), 0.5) == ["a", "b"]
        with pytest.raises(EngineError):
            one.add([signature("c", range(9)), signature("d", [1, 1])])  # the same sample twice: none of them
        other.add([signature("e", range(30, 70))])
        assert one.candidates(array("I", range(30, 70)), 0.5) == ["e"]


def test_13_a_text_changed_between_two_questions_is_compared_as_it_is_now(library: Library) -> None:
    (stored, other) = add(library, article("水车", text(1)), article("羊皮筏", text(2)))
    session = library.session(LOCAL)
    draft = article("稿", text(1)[:400])
    reader = Actor("r", "读者", rights_of([Holding(AccountRole.READER)]))
    before = session.digests()
    assert set(library.session(reader).digests()) == {stored.id, other.id}
    assert (before[stored.id], before[other.id]) == (stored.digest, other.digest)
    with open_duplicates(session) as duplicates, Library.open(library.root) as elsewhere:
        duplicates.catch_up()
        assert [one.share for one in duplicates.like(draft)] == [1.0]
        changed = elsewhere.session(LOCAL).correct(stored.id, [Rewrite(1, text(1), (text(1)[200:],))], "试")
        now = session.digests()
        assert (now[stored.id], now[other.id]) == (changed.digest, other.digest)
        assert changed.digest != before[stored.id]
        assert duplicates.waiting() == [stored.id]
        assert duplicates.catch_up() == 1
        (found,) = duplicates.like(draft, 0.3)
        assert found.share < 0.7
        elsewhere.session(LOCAL).withdraw(stored.id, "试")
        assert set(library.session(reader).digests()) == {other.id}
