"""Files to library: planning, reconciling, one bad file among many, the report; against a stand-in library."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from archive.model.errors import ConfigError, LibraryBusy, ReadError, StorageError
from archive.model.records import Article, Manuscript
from ingest.pipeline.importer import Silent, ingest
from ingest.pipeline.report import FileReport, Outcome, Report, reconcile
from ingest.pipeline.sources import plan
from ingest.readers import plain_text, registry
from ingest.splitting.split import Mode
from ingest.text.account import UnaccountedError

Fake = Any  # the stand-in of conftest.py


def saved(folder: Path, name: str, words: str = "题名\n正文。") -> Path:
    file = folder / name
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_text(words, encoding="utf-8")
    return file


class TestPlan:
    def test_a_file_is_its_own_collection(self, tmp_path: Path) -> None:
        (source,) = plan([saved(tmp_path, "忆 水车.txt")])
        assert (source.collection.id, source.collection.title, source.mode) == ("忆-水车", "忆 水车", Mode.AUTO)

    def test_a_folder_is_a_collection_in_the_order_of_names(self, tmp_path: Path) -> None:
        for name in ("稿/乙.txt", "稿/甲.txt", "稿/.隐藏", "稿/~$甲.docx", "稿/图.png", "稿/内/丙.txt"):
            saved(tmp_path, name)
        sources = plan([tmp_path / "稿"])
        assert [(source.name, source.skipped) for source in sources] == [
            ("乙.txt", False),
            ("内/丙.txt", False),
            ("图.png", True),
            ("甲.txt", False),
        ]
        assert {source.collection.id for source in sources} == {"稿"}

    def test_a_described_collection(self, tmp_path: Path) -> None:
        saved(tmp_path, "大事记.md")
        saved(tmp_path, "编写源.md")
        saved(
            tmp_path,
            "collection.toml",
            'id = "dsj"\ntitle = "大事记"\nkind = "chronicle"\ninvented = true\n[[source]]\nfile = "大事记.md"\n',
        )
        (source,) = plan([tmp_path])
        assert (source.collection.id, source.collection.invented, source.mode) == ("dsj", True, Mode.CHRONICLE)
        (alone,) = plan([tmp_path / "大事记.md"])
        assert alone.collection == source.collection
        (asked,) = plan([tmp_path], "别", Mode.ARTICLE)
        assert (asked.collection.id, asked.collection.title, asked.mode) == ("别", "大事记", Mode.ARTICLE)

    def test_folder_of_described_collections(self, tmp_path: Path) -> None:
        for name in ("甲", "乙"):
            saved(tmp_path, f"{name}/稿.txt")
            saved(tmp_path, f"{name}/collection.toml", f'id = "{name}-id"\n')
        assert [source.collection.id for source in plan([tmp_path])] == ["乙-id", "甲-id"]

    @pytest.mark.parametrize(
        "words", ["id = 3", "[[source]]\nas = 'auto'", "x = [", "[[source]]\nfile='稿.txt'\nas='怪'"]
    )
    def test_bad_descriptions(self, tmp_path: Path, words: str) -> None:
        saved(tmp_path, "稿.txt")
        saved(tmp_path, "collection.toml", words)
        with pytest.raises(ConfigError) as caught:
            plan([tmp_path])
        assert caught.value.hint

    def test_missing_paths(self, tmp_path: Path) -> None:
        with pytest.raises(StorageError, match="找不到"):
            plan([tmp_path / "无"])
        saved(tmp_path, "collection.toml", '[[source]]\nfile = "无.docx"')
        with pytest.raises(StorageError, match=r"无\.docx"):
            plan([tmp_path])


class TestIngest:
    def test_again_is_nothing_new(self, tmp_path: Path, fake_library: Fake) -> None:
        file = saved(tmp_path, "稿.txt")
        first, second = (ingest(fake_library, [file]) for _ in range(2))
        assert [first.files[0].outcome, second.files[0].outcome] == [Outcome.ADDED, Outcome.ALREADY]
        assert (first.exit_code, second.exit_code, len(fake_library.articles)) == (0, 0, 1)
        assert fake_library.held.keys() == {"稿"}

    def test_one_bad_file_among_many(self, tmp_path: Path, fake_library: Fake) -> None:
        saved(tmp_path, "a.txt")
        saved(tmp_path, "b.docx", "")
        saved(tmp_path, "c.txt", "另一篇\n正文。")
        report = ingest(fake_library, [tmp_path])
        assert [file.outcome for file in report.files] == [Outcome.ADDED, Outcome.FAILED, Outcome.ADDED]
        assert report.exit_code == 3
        assert len(fake_library.articles) == 2

    def test_everything_failed(self, tmp_path: Path, fake_library: Fake) -> None:
        report = ingest(fake_library, [saved(tmp_path, "b.docx", "")])
        assert report.exit_code == ReadError.exit_code
        assert not fake_library.held  # nothing half done: no empty collection

    def test_records_go_to_their_collections(self, tmp_path: Path, fake_library: Fake) -> None:
        lines = [{"id": "a", "text": "文"}, {"id": "b", "text": "文", "collection": "别集"}]
        file = saved(tmp_path, "记录.txt", "\n".join(json.dumps(line) for line in lines))
        ingest(fake_library, [file])
        assert [(a.id, a.collection) for a in fake_library.articles] == [("a", "记录"), ("b", "别集")]
        assert fake_library.held.keys() == {"记录", "别集"}

    def test_named_collection_overrules_records(self, tmp_path: Path, fake_library: Fake) -> None:
        file = saved(tmp_path, "记录.txt", json.dumps({"id": "b", "text": "文", "collection": "别集"}))
        ingest(fake_library, [file], "本集")
        assert fake_library.held.keys() == {"本集"}

    def test_a_manuscript_without_text(self, tmp_path: Path, fake_library: Fake, word: Any) -> None:
        report = ingest(fake_library, [word("<w:p/>")])
        assert report.files[0].error is not None
        assert "没有可以收入的文字" in report.files[0].error.message

    @pytest.mark.usefixtures("in_this_process")
    def test_a_loss_that_nothing_explains_stops_the_file(
        self, tmp_path: Path, fake_library: Fake, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def careless(file: Path, name: str) -> Manuscript:
            return Manuscript(name, "00", plain_text.read(file, name).blocks[:1], 5)

        form = registry.FORMATS[-1]
        monkeypatch.setattr(registry, "FORMATS", (type(form)(form.name, form.title, form.recognises, careless),))
        report = ingest(fake_library, [saved(tmp_path, "稿.txt")])
        assert isinstance(report.files[0].error, UnaccountedError)
        assert not fake_library.articles

    def test_library_faults_end_the_import(
        self, tmp_path: Path, fake_library: Fake, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def busy(*_: object, **__: object) -> None:
            raise LibraryBusy("有人正在写入")

        monkeypatch.setattr(fake_library, "add", busy)
        with pytest.raises(LibraryBusy):
            ingest(fake_library, [saved(tmp_path, "稿.txt")])

    def test_full_disk_is_told_as_such(
        self, tmp_path: Path, fake_library: Fake, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(fake_library, "add", full)
        report = ingest(fake_library, [saved(tmp_path, "稿.txt")])
        assert report.exit_code == StorageError.exit_code

    @pytest.mark.parametrize(("yes", "times"), [(True, 1), (False, 2)])
    def test_what_is_stored_is_indexed_together_unless_somebody_is_asked(
        self, tmp_path: Path, fake_library: Fake, yes: bool, times: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        indexed: list[int] = []
        monkeypatch.setattr(fake_library, "index_waiting", lambda: indexed.append(len(fake_library.articles)))
        saved(tmp_path, "甲.txt", "题名\n　　正文。")
        saved(tmp_path, "乙.txt", "题名\n　　另一篇正文。")
        ingest(fake_library, [tmp_path], yes=yes)
        assert len(indexed) == times and indexed[-1] == 2

    def test_declining_stores_nothing(self, tmp_path: Path, fake_library: Fake) -> None:
        class Wary(Silent):
            asked: Sequence[Article] = ()

            def confirm(self, name: str, articles: Sequence[Article]) -> bool:
                self.asked = articles
                return False

        wary = Wary()
        report = ingest(fake_library, [saved(tmp_path, "稿.txt")], yes=False, progress=wary)
        assert report.files[0].outcome is Outcome.DECLINED
        assert [article.title for article in wary.asked] == ["题名"]
        assert (report.exit_code, fake_library.articles) == (0, [])


class TestReport:
    def test_forms(self, tmp_path: Path, fake_library: Fake) -> None:
        saved(tmp_path, "a.txt", "题名\n　　正文\0。")
        saved(tmp_path, "b.docx", "")
        report = ingest(fake_library, [tmp_path])
        added, failed = json.loads(json.dumps(report.as_json()))["files"]
        assert added["characters"] == {"in": 6, "stored": 5, "accounted": 1}
        assert {issue["code"] for issue in added["issues"]} == {"control", "indentation", "title-guess"}
        assert failed["error"]["code"] == "read"
        words = report.as_text()
        assert "读到 6 = 收入 5 + 说明 1" in words
        assert "1 个文件没有收入" in words

    def test_exit_codes(self) -> None:
        def file(outcome: Outcome) -> FileReport:
            error = ReadError("坏") if outcome is Outcome.FAILED else None
            return FileReport("f", outcome=outcome, error=error)

        ok, bad, skipped = file(Outcome.ADDED), file(Outcome.FAILED), file(Outcome.SKIPPED)
        assert Report([ok, skipped]).exit_code == 0
        assert Report([ok, bad]).exit_code == 3
        assert Report([bad, skipped]).exit_code == ReadError.exit_code

    def test_account(self) -> None:
        difference = reconcile(FileReport("f", characters_in=2), [])
        assert difference is not None
        assert (difference.found, difference.stored, difference.missing) == (2, 0, 2)
