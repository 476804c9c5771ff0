"""`wenshi ingest`: files and folders into the library."""

from __future__ import annotations

import getpass
import json
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import click

from archive.cli.local import asking, local_session
from archive.library import Library
from archive.model.access import Actor
from archive.model.errors import UsageError
from archive.model.records import Article, Genre, Issue
from archive.support import library_folder
from archive.support.config import Config
from archive.support.isolation.isolated_process import start_early
from ingest.duplicates.likeness import Closest, open_duplicates
from ingest.pipeline import importer
from ingest.pipeline.file_import import AUTOMATIC
from ingest.pipeline.override import Release
from ingest.pipeline.report import FileReport, Outcome, Report
from ingest.pipeline.sources import plan
from ingest.pipeline.watch import Watch
from ingest.splitting.division import Division
from ingest.splitting.split import Mode

"""The folder of the library that holds split tables."""

_BAR = 24
_LONGEST_NAME = 24
_CONFIRM_ROWS = 200
_PAGES_A_LINE = 20


class Bar:
    """A progress bar on a terminal."""

    def __init__(self) -> None:
        self.total = self.finished = 0
        self.remarks: Sequence[Issue] = ()

    def begin(self, total: int) -> None:
        """Sets the length of the bar."""
        self.total = total

    def step(self, name: str, what: str) -> None:
        """Redraws the bar with what is being done."""
        filled = _BAR * self.finished // max(self.total, 1)
        shown = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
        bar = "█" * filled + "░" * (_BAR - filled)
        click.echo(f"\r\x1b[K{bar} {self.finished}/{self.total} {what} {shown}", err=True, nl=False)

    def pages(self, name: str, done: int, count: int) -> None:
        """Redraws the bar with the pages of a scan."""
        self.step(name, f"认字：第 {done} 页，共 {count} 页")

    def done(self, report: FileReport) -> None:
        """Moves the bar on."""
        self.finished += 1

    def end(self) -> None:
        """Clears the line."""
        click.echo("\r\x1b[K", err=True, nl=False)

    def remark(self, name: str, issues: Sequence[Issue]) -> None:
        """Remembers them for the question."""
        self.remarks = issues

    def confirm(self, name: str, articles: Sequence[Article]) -> bool:
        """Shows the table of articles and asks."""
        return _ask(name, articles, self.remarks)


class Lines:
    """Plain lines for pipes and logs, one a file."""

    def __init__(self) -> None:
        self.total = self.finished = 0
        self.remarks: Sequence[Issue] = ()

    def begin(self, total: int) -> None:
        """Remembers how many files there are."""
        self.total = total

    def step(self, name: str, what: str) -> None:
        """Steps are not worth a line."""

    def pages(self, name: str, done: int, count: int) -> None:
        """A line for every twenty pages: a volume takes its time."""
        if done % _PAGES_A_LINE == 0:
            click.echo(f"{name}：已认 {done} 页，共 {count} 页", err=True)

    def done(self, report: FileReport) -> None:
        """Names the file and what became of it."""
        self.finished += 1
        words = {
            Outcome.ADDED: f"收入 {report.articles} 篇",
            Outcome.ALREADY: "以前已收入",
            Outcome.DECLINED: "没有收入",
            Outcome.SKIPPED: "跳过",
            Outcome.FAILED: "失败",
        }
        click.echo(f"[{self.finished}/{self.total}] {report.file}：{words[report.outcome]}", err=True)

    def end(self) -> None:
        """Nothing is left open."""

    def remark(self, name: str, issues: Sequence[Issue]) -> None:
        """Remembers them for the question."""
        self.remarks = issues

    def confirm(self, name: str, articles: Sequence[Article]) -> bool:
        """Shows the table of articles and asks."""
        return _ask(name, articles, self.remarks)


def _ask(name: str, articles: Sequence[Article], remarks: Sequence[Issue]) -> bool:
    """The articles as a table, what the library holds of them already, and the question whether to store them."""
    click.echo(f"\n{name} 分成 {len(articles)} 篇：", err=True)
    for article in articles[:_CONFIRM_ROWS]:
        people = "、".join(person.name for person in article.people)
        mark = ""
        if article.genre is Genre.MATTER:
            mark = "（栏目）" if article.title == article.section else "（书前书后）"
        row = [f"{article.number:>4}", article.section, article.title + mark, people, f"{article.characters} 字"]
        click.echo("  ".join(part for part in row if part), err=True)
    if len(articles) > _CONFIRM_ROWS:
        click.echo(f"  …… 另有 {len(articles) - _CONFIRM_ROWS} 篇", err=True)
    if remarks:
        click.echo(f"有 {len(remarks)} 处与已有的文章重复（存入之后可用 wenshi diff 逐段对照）：", err=True)
    for issue in remarks[:_CONFIRM_ROWS]:
        click.echo(f"  · {issue.place}：{issue.message}", err=True)
    if len(remarks) > _CONFIRM_ROWS:
        click.echo(f"  …… 另有 {len(remarks) - _CONFIRM_ROWS} 处", err=True)
    return click.confirm("存入资料库吗？", default=True, err=True)


@click.command(short_help="把稿件收入资料库。")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="文件或文件夹…")
@click.option("--collection", "collection_id", default="", metavar="集合", help="收入哪个集合；没有就新建。")
@click.option(
    "--as",
    "mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.AUTO.value,
    show_default=True,
    help="怎样读：整篇 article、文史资料一辑 volume、大事记 chronicle、组织史 roster、JSON Lines 记录 records。",
)
@click.option("--yes", is_flag=True, help="不询问，直接存入；分篇没有把握的不存，写出分篇表。")
@click.option(
    "--split",
    "table",
    type=click.Path(path_type=Path),
    default=None,
    metavar="分篇表",
    help="按改好的分篇表（TSV）收入一个文件。",
)
@click.option("--password", default="", metavar="密码", help="打开有密码的 Word、PDF 和压缩包。")
@click.option(
    "--release-held",
    "counts",
    default="",
    metavar="读到/可收",
    help="收入一个因字数对不上而没有收的文件；照报错里的两个数字写，另写 --reason。",
)
@click.option("--reason", default="", metavar="理由", help="为什么缺的字可以不要；记入导入的说明和审计日志。")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=None,
    metavar="个数",
    help="几个进程同时读稿；不写则自动：稿件多、读得久时用几个，否则一个。",
)
@click.option("--recognise-again", is_flag=True, help="扫描的 PDF 不用里面带的文字，重新认字。")
@click.option("--watch", "watched", is_flag=True, help="看守一个文件夹：放进来的都收入，移到 done 或 problem。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出报告。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def ingest(
    config: Config,
    paths: tuple[Path, ...],
    collection_id: str,
    mode: str,
    yes: bool,
    table: Path | None,
    password: str,
    counts: str,
    reason: str,
    processes: int | None,
    recognise_again: bool,
    watched: bool,
    as_json: bool,
) -> int:
    """收入 Word、WPS、PDF、网页、电子书、文本、扫描件，它们的压缩包，以及 JSON Lines 记录。

    原件原样保存；同一个文件再收一次不会重复。文件夹里的稿件逐个收入，一个读不出不影响其余。
    """
    start_early("ingest.pipeline.file_opening", "ingest.pipeline.file_reading")
    asked = Mode(mode)
    release = _release(counts, reason)
    if watched:
        if release is not None:
            raise UsageError("看守文件夹时不能放行", hint="另外运行 wenshi ingest 文件 --release-held …")
        number = processes or AUTOMATIC
        return _watch(config.library_path, paths, collection_id, asked, password, number, recognise_again)
    plan(paths, collection_id, asked)  # a wrong path is told before a library is made for it
    if table is not None and (len(paths) != 1 or paths[0].is_dir()):
        raise UsageError("--split 一次只用于一个文件", hint="只写这张分篇表所属的那个文件")
    terminal = sys.stderr.isatty()
    asks = sys.stdin.isatty() and terminal and not yes and table is None
    with (
        _library(config.library_path) as library,
        open_duplicates(session := library.session(asking(library))) as duplicates,
    ):
        closest = Closest(config.library_path, session.actor)
        division = Division(config.library_path / library_folder.SPLITS, table, _tell if asks else None, closest)
        progress = Bar() if terminal else Lines()
        report = importer.ingest(
            session,
            paths,
            collection_id,
            asked,
            yes=not asks,
            progress=progress,
            password=password,
            comparison=duplicates,
            division=division,
            processes=processes or AUTOMATIC,
            release=release,
            recognise_again=recognise_again,
        )
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(report.as_text())
    for file in report.failed:
        click.echo(f"错误：{file.error}", err=True)
    return report.exit_code


def _release(counts: str, reason: str) -> Release | None:
    """What the two options say together."""
    if not counts and not reason:
        return None
    if not (counts and reason.strip()):
        hint = "先不加这两个选项收一次，看清缺的是什么，再照报错里的两个数字写"
        raise UsageError("放行要同时写 --release-held 读到/可收 和 --reason 理由", hint=hint)
    try:
        who = getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name
        who = Actor.local().name
    return Release(counts.replace("，", ","), reason, who)


def _watch(
    library_path: Path,
    paths: Sequence[Path],
    collection_id: str,
    mode: Mode,
    password: str,
    processes: int,
    recognise_again: bool,
) -> int:
    """Looks after one folder until Ctrl+C; the library is opened only while there is something to take in."""
    if len(paths) != 1 or not paths[0].is_dir():
        raise UsageError("--watch 看守的是一个文件夹", hint="先建好文件夹，再运行 wenshi ingest --watch 文件夹")

    def take(path: Path) -> Report:
        with local_session(library_path) as session, open_duplicates(session) as duplicates:
            return importer.ingest(
                session,
                [path],
                collection_id,
                mode,
                password=password,
                comparison=duplicates,
                division=Division(library_path / library_folder.SPLITS, alike=Closest(library_path, session.actor)),
                processes=processes,
                recognise_again=recognise_again,
            )

    _library(library_path).close()
    click.echo(f"正在看守 {paths[0]}，按 Ctrl+C 停止", err=True)
    try:
        Watch(paths[0], take, lambda line: click.echo(line, err=True)).run(threading.Event())
    except KeyboardInterrupt:
        click.echo("已停止看守", err=True)
    return 0


def _tell(words: str) -> None:
    click.echo(f"\r\x1b[K{words}", err=True)


def _library(path: Path) -> Library:
    """The library at `path`; a new one, announced, where there is none."""
    if (path / library_folder.SETTINGS).exists():
        return Library.open(path)
    library = Library.create(path)
    click.echo(f"新建资料库：{path}", err=True)
    return library
