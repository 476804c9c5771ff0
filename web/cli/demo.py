"""The sample library: the collections that travel with the program, taken in the ordinary way."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from archive.books.service import item_of
from archive.catalogue.name_table import parse
from archive.library import Library
from archive.model.access import Actor
from archive.model.compilation import RemarkKind
from archive.model.errors import LibraryNotFound, StorageError, UsageError
from archive.model.procedures import RowChange
from archive.model.project import Part, from_json
from archive.model.records import Article
from archive.session import Session, file_digest
from archive.support import library_folder
from archive.support.storage_errors import storage_errors
from archive.support.table_files import own_rows
from archive.workflow.passage_comments import commented
from archive.workflow.stepping import AskedStep
from ingest.pipeline.importer import Progress, Silent, ingest
from ingest.pipeline.sources import DESCRIPTION, plan

_log = logging.getLogger(__name__)


def sample_collections() -> Path:
    """The folder of the sample collections: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "collections", package.parent / "collections"):
        if any(folder.glob(f"*/{DESCRIPTION}")):
            return folder
    raise StorageError("找不到随附的样例文集。", place=str(package), hint="安装可能不完整，请重新安装 wenshi。")


def build(root: Path, progress: Progress | None = None, *, renew: bool = False) -> Library:
    """The library at `root` with every sample in it; only what is missing is taken in. The caller closes it.

    With `renew`, a library of older samples is put aside under another name first, never deleted. Raises UsageError
    when other material is there, and what stopped the first file that could not be read.
    """
    sources = plan(sorted(file.parent for file in sample_collections().glob(f"*/{DESCRIPTION}")))
    samples = {file_digest(source.file): source.file for source in sources}
    library = _open(root)
    try:
        session = library.session(Actor.local())
        strangers = {each.id for each in session.collections()} - {source.collection.id for source in sources}
        here = {article.original for article in session.articles()}
        if here - samples.keys() and not strangers and renew:
            library.close()
            _put_aside(root)
            library, here = _open(root), set()
            session = library.session(Actor.local())
        if strangers or here - samples.keys():
            raise _refusal(root)
        missing = [file for sha256, file in samples.items() if sha256 not in here]
        if missing:
            _take_in(session, missing, progress or Silent())
        _make_book(session)
        _make_registers(session)
        _make_compilation(session)
    except BaseException:
        library.close()
        raise
    return library


def _open(root: Path) -> Library:
    try:
        return Library.open(root)
    except LibraryNotFound:
        return Library.create(root)


def _put_aside(root: Path) -> None:
    aside = next(name for number in count(1) if not (name := root.with_name(f"{root.name}-旧{number}")).exists())
    hint = "请关闭正在使用它的程序（也许另一个 wenshi demo 还开着），再试一次。"
    with storage_errors(root, "旧的样例资料库不能改名", hint):
        root.rename(aside)
    _log.warning("样例已经更新：旧的样例资料库改名为 %s，没有删除", aside)


def _refusal(root: Path) -> UsageError:
    return UsageError(
        f"{root} 里还有别的材料（您自己的，或旧版的样例），这一版的样例不会混进去。",
        hint=f"要打开它，请运行 wenshi --library {root} serve；"
        "要看样例，请换一个文件夹，例如 wenshi --library wenshi-demo-2 demo。",
    )


def _take_in(session: Session, files: list[Path], progress: Progress) -> None:
    for failed in ingest(session, files, progress=progress).failed:
        if failed.error is not None:
            raise failed.error


def _make_book(session: Session) -> None:
    """The sample book project, and the names its indexes are made of, where they are missing."""
    samples = sample_collections()
    if not session.names.all():
        session.names.take_in(parse(own_rows(samples / library_folder.NAMES), library_folder.NAMES), "样例")
    described = json.loads((samples / "book.json").read_text("utf-8"))
    project = from_json(json.dumps(described["project"]))
    if project.name in session.books.names():
        return
    articles = {article.title: article for article in session.articles(described["collection"])}
    parts = tuple(
        Part(title=part["title"], note=part["note"], items=tuple(item_of(articles[each]) for each in part["titles"]))
        for part in described["parts"]
    )
    session.books.save(replace(project, parts=parts))


def _make_compilation(session: Session) -> None:
    """The sample 长编 with its cards, where it is missing."""
    sample = json.loads((sample_collections() / "compilation.json").read_text("utf-8"))
    if sample["name"] in session.compilations.names():
        return
    ids = {article.title: article.id for article in session.articles()}
    made, headings = session.compilations.create(sample["name"]), dict[str, int]()
    for title, level in sample["headings"]:
        above = [one.key for one in made.headings if one.level < level]
        made = made.with_heading(title, above[-1] if above else 0)
        headings[title] = made.headings[-1].key
    for told in sample["events"]:
        keys = []
        for title, words, date in told["accounts"]:
            (place,) = session.cards.standing(ids[title], words)
            said = session.cards.suggested(ids[title], place)
            said = replace(said, classes=(told["class"],), uses=sample["name"], meant=date or said.meant)
            keys.append(session.cards.make(ids[title], place, said=said))
        made = made.with_cards(keys, headings[told["heading"]], together=True)
        key = made.events[-1].key
        made = made.changed(replace(made.event(key), title=told["title"]))
        for kind, words in told["remarks"]:
            made = session.compilations.remark(made, key, RemarkKind(kind), words)
    session.compilations.save(made)


def _make_registers(session: Session) -> None:
    """The sample records of each register, with the steps they took, where there are none yet."""
    workflow = session.workflow
    filled = {one.name for one in workflow.procedures() if workflow.records(one.name)}
    articles = {article.title: article for article in session.articles()}
    for sample in json.loads((sample_collections() / "registers.json").read_text("utf-8")):
        name = sample["register"]
        if name in filled:
            continue
        article = articles[sample["article"]] if "article" in sample else None
        made = workflow.add(name, sample["values"], subject=article.id if article else sample.get("subject", ""))
        for step in sample["steps"]:
            workflow.take(name, made.number, _asked(step, article))


def _asked(step: Mapping[str, Any], article: Article | None) -> AskedStep:
    """A step of the samples; its comments stand on words of the article that the record is about."""
    added = [RowChange(group, -1, values) for group, values in step.get("rows", ())]
    changed = [RowChange(group, at, values) for group, at, values in step.get("changes", ())]
    for told in step.get("comments", ()):
        assert article is not None
        block = next(at for at, each in enumerate(article.blocks) if told["words"] in each.text)
        added.append(commented(article, block, told["words"], told["opinion"], told["who"]))
    return AskedStep(
        to=step["to"],
        opinion=step.get("opinion", ""),
        values=step.get("values", {}),
        rows=(*changed, *added),
        signer=step.get("signer", ""),
    )
