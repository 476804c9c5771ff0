"""Commands that look after a library: init, list, show, reindex, check, backup, restore, doctor."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import click

from archive import dates
from archive.cli.local import local_session
from archive.cli.telling import tell_problems, tell_progress
from archive.dates.office_periods import OfficePeriods
from archive.library import Library
from archive.model.errors import WenshiError
from archive.model.holdings import Listed
from archive.model.records import Kind
from archive.search.facet_labels import GENRES
from archive.support import library_folder
from archive.support.config import Config
from archive.support.libreoffice import LibreOffice
from archive.support.word_processor import WordProcessor
from archive.text.segmentation import make_segmenter

EXIT_PROBLEMS = 3

_WITHOUT = "导出 Word 时目录不填页码，其余不受影响"
_OURS = ("archive", "ingest", "web")


@click.command(short_help="新建一个资料库。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def init(config: Config) -> None:
    """新建一个空的资料库；已有的资料库不会被覆盖。"""
    Library.create(config.library_path).close()
    click.echo(f"已建立资料库：{config.library_path.resolve()}", err=True)


@click.command("list", short_help="列出文集和文章。")
@click.option("--collection", default="", help="只列这一个文集（编号）。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def list_articles(config: Config, collection: str, as_json: bool) -> None:
    """列出资料库里的文集和文章，按文集和原来的次序。"""
    with local_session(config.library_path) as session:
        if collection:
            session.collection(collection)  # raises NotFound when there is none
        if as_json:
            click.echo(json.dumps([_row(article) for article in session.listing(collection)], ensure_ascii=False))
            return
        for article in session.listing(collection):
            row = _row(article)
            shown = [str(row[name]) for name in ("id", "collection", "section", "title", "authors")]
            click.echo("\t".join([*shown, GENRES[article.genre]]))


def _row(article: Listed) -> dict[str, object]:
    return {
        "id": article.id,
        "collection": article.collection,
        "section": article.section,
        "title": article.title,
        "authors": "、".join(person.name for person in article.people),
        "genre": article.genre.value,
        "date": dates.describe(article.date) if article.date else "",
        "characters": article.characters,
        "version": article.version,
    }


@click.command(short_help="显示一篇文章。")
@click.argument("article_id", metavar="ID")
@click.option("--version", type=click.IntRange(1), default=None, help="看以前的第几版。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def show(config: Config, article_id: str, version: int | None) -> None:
    """显示一篇文章的全文，每段前面是段号，与网页上的段落链接一致。"""
    with local_session(config.library_path) as session:
        article = session.article(article_id, version)
        collection = session.collection(article.collection)
    origin = "　".join(filter(None, (collection.title, article.volume, article.section)))
    click.echo(f"〔{origin}〕　编号 {article.id}　第 {article.version} 版")
    for index, block in enumerate(article.blocks):
        label = f"〔注{block.label}〕" if block.kind is Kind.NOTE else ""
        click.echo(f"¶{index}\t{label}{block.text}")


@click.command(short_help="重建索引。")
@click.option("--dates", "redate", is_flag=True, help="先把全部文章里的日期重新读一遍（改了时期表、换了版本之后）。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def reindex(config: Config, redate: bool) -> None:
    """由资料库重建索引。索引随时可以重建，不影响原件和文章，也不影响编辑对日期的订正。"""
    with local_session(config.library_path) as session:
        count = session.reindex(redate=redate, progress=_reread if redate else None)
    click.echo(f"已重建索引：{count} 篇{'，日期已重新读过' if redate else ''}", err=True)


def _reread(done: int, total: int) -> None:
    tell_progress(f"重新读日期 {done}/{total}", done, total)


@click.command(short_help="核对原件、文章与索引。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def check(config: Config) -> int:
    """逐一核对原件与图片的校验值、文章的校验值、索引与文章是否一致。什么也不改动。"""
    with local_session(config.library_path) as session:
        problems = session.check()
    tell_problems(problems)
    click.echo("核对完毕，没有发现问题。" if not problems else f"核对完毕，发现 {len(problems)} 个问题。", err=True)
    return EXIT_PROBLEMS if problems else 0


@click.command(short_help="检查运行环境和资料库。")
@click.option(
    "--mend",
    is_flag=True,
    help="同时做稳妥的修复：重建坏了的索引，补上没编入的，重读按旧规则读的日期，清理中断时留下的文件。",
)
@click.help_option(help="显示帮助。")
@click.pass_obj
def doctor(config: Config, mend: bool) -> int:
    """检查这台电脑上的安装是否完整（版本、包名冲突、SQLite 功能、分词、LibreOffice、编码），资料库有什么不对。"""
    sound = True
    for name, finding, fine in (*_findings(config), *_troubles(config.library_path, mend)):
        click.echo(f"{'好  ' if fine else '有误'}\t{name}\t{finding}")
        sound = sound and fine
    return 0 if sound else EXIT_PROBLEMS


def _troubles(root: Path, mend: bool) -> Iterator[tuple[str, str, bool]]:
    """The same for the library."""
    whole, database = root / library_folder.SETTINGS, root / library_folder.DATABASE
    if not whole.exists() and not database.exists():
        yield "资料库", f"{root.resolve()}（还没有建立）", True
        return
    try:
        if mend and not whole.exists() and not (root / library_folder.RESTORING).exists():
            Library.create(root).close()  # completes what is there, and changes nothing else
            yield "资料库", "library.toml 不见了，已补上", True
        with local_session(root) as session:
            found = session.upkeep.diagnosis(mend=mend)
    except WenshiError as failure:
        yield "资料库", str(failure), False
        return
    yield "资料库", str(root.resolve()), True
    for one in found:
        then = "已修好" if one.mended else f"怎么办：{one.problem.hint}"
        yield "资料库", f"{one.problem.place}：{one.problem.message}。{then}", one.mended


def _findings(config: Config) -> Iterator[tuple[str, str, bool]]:
    """(what was looked at, what was found, whether it is fine)."""
    yield "Python", sys.version.split()[0], sys.version_info >= (3, 11)
    yield "标准输出编码", sys.stdout.encoding or "", (sys.stdout.encoding or "").lower().startswith("utf")
    yield "SQLite", f"{sqlite3.sqlite_version}，{'有' if _has_fts5() else '没有'}全文功能 FTS5", _has_fts5()
    yield "分词", make_segmenter().signature, True
    for package in _OURS:
        yield f"包 {package}", *_provider(package)
    office, processor = LibreOffice.find(), WordProcessor.find()
    instead = f"旧的文稿由 {processor.title} 转换；" if processor else ""
    yield "LibreOffice", str(office.program) if office else f"没有安装；{instead}{_WITHOUT}", True
    error = OfficePeriods(config.library_path).error()
    yield "本单位的时期", f"{error.place}：{error.message}" if error else "没有写错的地方", error is None


def _has_fts5() -> bool:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5 (x)")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def _provider(package: str) -> tuple[str, bool]:
    """Which installed distributions claim a package name: others ship an `archive` or `web` and overwrite ours."""
    claimants = sorted(set(metadata.packages_distributions().get(package, ())))
    strangers = [name for name in claimants if name != "wenshi"]
    if strangers:
        return f"与 {'、'.join(strangers)} 冲突：请把 wenshi 装进单独的虚拟环境", False
    return "没有冲突", True
