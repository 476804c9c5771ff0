"""A held import goes in on an editor's word only, for what the editor has seen, and that is written down."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.cli.main import cli, run
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import UsageError
from archive.model.records import Manuscript
from archive.store import Store
from ingest.cli.ingest_command import ingest as command
from ingest.pipeline.importer import ingest
from ingest.pipeline.override import Release, counts_of
from ingest.pipeline.report import Outcome
from ingest.readers import registry
from ingest.readers.ooxml import word_file
from ingest.text.account import Difference, UnaccountedError
from ingest.text.characters import stored_characters

pytestmark = pytest.mark.usefixtures("in_this_process")

LOCAL = Actor.local()

PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"
BODY = "".join(map(PARAGRAPH.format, ("题名", "正文说水车", "丢了的话")))


@pytest.fixture
def careless(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Makes the reader of Word leave out the last paragraph, from its own account too unless it is `honest`."""

    def make(honest: bool = False) -> None:
        def read(file: Path, name: str) -> Manuscript:
            manuscript = word_file.read(file, name)
            blocks = manuscript.blocks[:-1]
            met = manuscript.characters_in if honest else stored_characters(blocks)
            return replace(manuscript, blocks=blocks, layouts=(), characters_in=met)

        monkeypatch.setattr(registry, "FORMATS", (replace(registry.DOCX, read=read),))

    return make


def held_by(library: Any, file: Path, release: Release | None = None) -> UnaccountedError:
    (report,) = ingest(library, [file], release=release).files
    assert report.outcome is Outcome.FAILED
    assert isinstance(report.error, UnaccountedError)
    assert not library.articles
    return report.error


@pytest.mark.parametrize("honest", [False, True])
def test_released_with_its_reason(word: Any, fake_library: Any, careless: Any, honest: bool) -> None:
    careless(honest)
    file = word(BODY)
    error = held_by(fake_library, file)
    assert counts_of(error.differences) == "11/7"
    assert "少 4 个" in error.message
    assert "--release-held 11/7" in error.hint
    release = Release("11/7", "版权页的广告", "张三")
    (report,) = ingest(fake_library, [file], release=release).files
    assert report.outcome is Outcome.ADDED
    released = [issue for issue in report.issues if issue.code == "released"]
    assert [issue.characters for issue in released] == [4]
    for words in ("11 个", "7 个", "少 4 个", "张三", "版权页的广告"):
        assert words in released[0].message
    assert fake_library.issues == list(report.issues)
    assert (report.characters_in, report.stored, report.accounted) == (11, 7, 4)
    unfound = [issue.message for issue in report.issues if issue.code == "unfound"]
    assert unfound == ([] if honest else ["“丢了的话”没有原样收入，请与原件核对"])


def test_a_release_covers_what_its_editor_saw_and_no_more(word: Any, fake_library: Any, careless: Any) -> None:
    careless()
    error = held_by(fake_library, word(BODY), Release("11/8", "可以不要", "张三"))
    assert "放行写的是 11/8，现在是 11/7" in error.message


@pytest.mark.parametrize(("reason", "who"), [(" ", "张三"), ("可以不要", "")])
def test_a_release_wants_its_reason(word: Any, fake_library: Any, careless: Any, reason: str, who: str) -> None:
    careless()
    with pytest.raises(UsageError, match="理由"):
        ingest(fake_library, [word(BODY)], release=Release("11/7", reason, who))
    assert not fake_library.articles


def test_a_file_that_comes_out_is_not_released(word: Any, fake_library: Any) -> None:
    with pytest.raises(UsageError, match="不用放行"):
        ingest(fake_library, [word(BODY)], release=Release("11/11", "可以不要", "张三"))


def test_one_file_at_a_time(word: Any, fake_library: Any, careless: Any) -> None:
    careless()
    files = [word(BODY, name="甲.docx"), word(BODY, name="乙.docx")]
    with pytest.raises(UsageError, match="一个文件"):
        ingest(fake_library, files, release=Release("11/7", "可以不要", "张三"))
    assert not fake_library.articles


def test_several_counts_are_told_together() -> None:
    differences = [Difference("对账", "字", 9, 8, 0), Difference("第二次清点", "汉字", 7, 5, 1)]
    assert counts_of(differences) == "9/8,7/5"
    assert [one.missing for one in differences] == [1, 1]


class TestCommand:
    """On the command line."""

    @pytest.fixture(autouse=True)
    def registered(self) -> None:
        if "ingest" not in cli.commands:
            cli.add_command(command)

    @staticmethod
    def call(library: Path, *arguments: object) -> int:
        return run(["--library", str(library), "ingest", *map(str, arguments)])

    def test_neither_yes_nor_half_a_release_lets_it_in(
        self, tmp_path: Path, word: Any, careless: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        careless()
        file, library = word(BODY), tmp_path / "库"
        assert self.call(library, file, "--yes") == UnaccountedError.exit_code
        assert "没有找到：正文（word/document.xml） “丢了的话”" in capsys.readouterr().err
        assert self.call(library, file, "--release-held", "11/7") == 2
        assert self.call(library, file, "--reason", "可以不要") == 2
        assert self.call(tmp_path, tmp_path, "--watch", "--release-held", "11/7", "--reason", "可以不要") == 2
        with Library.open(library) as opened:
            assert opened.session(LOCAL).count() == 0

    def test_the_audit_log_tells(
        self, tmp_path: Path, word: Any, careless: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        careless()
        file, library = word(BODY), tmp_path / "库"
        assert self.call(library, file, "--json") == UnaccountedError.exit_code
        (told,) = json.loads(capsys.readouterr().out)["files"][0]["differences"]
        assert (told["found"], told["stored"], told["accounted"]) == (11, 7, 0)
        assert told["passages"] == [{"part": "正文（word/document.xml）", "text": "丢了的话"}]
        assert self.call(library, file, "--release-held", "11/7", "--reason", "版权页的广告") == 0
        assert "版权页的广告" in capsys.readouterr().out
        store = Store.open(library)
        try:
            (entry,) = [entry for entry in store.audit() if entry.action == "release"]
            (taken,) = store.imports()
            (version,) = store.versions("1")
        finally:
            store.close()
        assert entry.subject == taken.original
        assert "少 4 个" in entry.detail
        assert "版权页的广告" in entry.detail
        assert "丢了的话" not in entry.detail
        assert "released" in {issue.code for issue in taken.issues}
        assert "由编者放行" in version.reason
