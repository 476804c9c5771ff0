"""`wenshi compilation`: headings and events of a 长编 changed as on its page; `wenshi compile` fills and writes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import click

from archive.cli.local import local_session
from archive.model.compilation import Compilation, Event, RemarkKind
from archive.model.errors import NotFound, UsageError
from archive.session import Session
from archive.support.config import Config
from archive.workbench.compilation_files import heading_of
from archive.workbench.compiled_articles import chronicle, rosters, take_in

_WAYS = {"上移": "up", "下移": "down", "升级": "out", "降级": "in"}
_ARTICLES = {"大事记": chronicle, "组织史": rosters}


@click.group(short_help="长编的篇目和各事：列出编号，增删、改名、移动、归并、写考异和按语。")
@click.help_option(help="显示帮助。")
def compilation() -> None:
    """改一部长编。篇目写标题，几个同名的写编号 `#3`；事写编号。编号用 wenshi compilation show 查看。"""


def _save(config: Config, name: str, change: Callable[[Session, Compilation], Compilation]) -> None:
    with local_session(config.library_path) as session:
        session.compilations.save(change(session, session.compilations.get(name)))
    click.echo("已保存。", err=True)


def _heading(held: Compilation, written: str) -> int:
    """The key of a heading given by its title or as #key; 0 for "" (none). Raises NotFound, UsageError."""
    if not written:
        return 0
    if written.startswith("#") and written[1:].isdecimal():
        held.below(int(written[1:]))
        return int(written[1:])
    found = [one.key for one in held.headings if one.title == written]
    if not found:
        raise NotFound(f"长编里没有篇目“{written[:40]}”", hint=f"运行 wenshi compilation show {held.name} 查看")
    if len(found) > 1:
        numbers = "、".join(f"#{key}" for key in found)
        raise UsageError(f"有 {len(found)} 个篇目叫“{written[:40]}”", hint=f"写编号：{numbers}")
    return found[0]


@compilation.command(short_help="列出篇目和各事的编号。")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，每个篇目一行。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def show(config: Config, name: str, as_json: bool) -> None:
    """列出长编 NAME 的篇目，和每个篇目下各事的编号、日期、名称、几种记载、考异和按语。"""
    with local_session(config.library_path) as session:
        for part in session.compilations.parts(session.compilations.get(name)):
            heading = part.heading
            if as_json:
                events = [
                    {"key": one.event.key, "when": heading_of(one), "cards": list(one.event.cards)}
                    for one in part.events
                ]
                about = {"key": heading.key, "title": heading.title, "level": heading.level} if heading else None
                click.echo(json.dumps({"heading": about, "events": events}, ensure_ascii=False))
                continue
            click.echo(f"{'　' * (heading.level - 1)}#{heading.key}\t{heading.title}" if heading else "（未归篇目）")
            for one in part.events:
                doubtful = "\t存疑" if one.event.doubtful else ""
                click.echo(f"　　{one.event.key}\t{heading_of(one)}\t{len(one.accounts)} 种记载{doubtful}")
                for number, remark in enumerate(one.event.remarks, 1):
                    click.echo(f"　　　　{number}\t{remark.kind.value}\t{remark.text}（{remark.who}）")


# -- headings


@compilation.command("heading", short_help="加一个篇目。")
@click.argument("name")
@click.argument("title")
@click.option("--under", default="", help="放在这个篇目下面；不写就是最外一层。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def add_heading(config: Config, name: str, title: str, under: str) -> None:
    """在长编 NAME 里加篇目 TITLE，排在最后。"""
    _save(config, name, lambda _, held: held.with_heading(title, _heading(held, under)))


@compilation.command(short_help="改篇目的标题。")
@click.argument("name")
@click.argument("heading")
@click.argument("title")
@click.help_option(help="显示帮助。")
@click.pass_obj
def rename(config: Config, name: str, heading: str, title: str) -> None:
    """把长编 NAME 的篇目 HEADING 改叫 TITLE。"""
    _save(config, name, lambda _, held: held.renamed(_heading(held, heading), title))


@compilation.command(short_help="移动篇目，连同它下面的。")
@click.argument("name")
@click.argument("heading")
@click.argument("way", type=click.Choice(list(_WAYS)))
@click.option("--times", type=click.IntRange(1, 1000), default=1, show_default=True, help="移几次。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def move(config: Config, name: str, heading: str, way: str, times: int) -> None:
    """把长编 NAME 的篇目 HEADING 在同级里上移、下移，或升一级、降一级；下面的篇目和事跟着走。"""

    def change(_: Session, held: Compilation) -> Compilation:
        key = _heading(held, heading)
        for _number in range(times):
            held = held.moved_heading(key, _WAYS[way])
        return held

    _save(config, name, change)


@compilation.command(short_help="删去篇目；它的事归到上一级。")
@click.argument("name")
@click.argument("heading")
@click.help_option(help="显示帮助。")
@click.pass_obj
def drop(config: Config, name: str, heading: str) -> None:
    """删去长编 NAME 的篇目 HEADING：它的事归到上一级，下面的篇目升一级。"""
    _save(config, name, lambda _, held: held.without_heading(_heading(held, heading)))


@compilation.command(short_help="按日期排，或全由人排。")
@click.argument("name")
@click.argument("by", type=click.Choice(["date", "hand"]))
@click.help_option(help="显示帮助。")
@click.pass_obj
def order(config: Config, name: str, by: str) -> None:
    """长编 NAME 的各事按日期（date）排，同日的由人排；或全由人排（hand）。"""
    _save(config, name, lambda _, held: replace(held, by_date=by == "date"))


# -- events


@compilation.command(short_help="改一件事的名称、日期、篇目，加进或分出记载。")
@click.argument("name")
@click.argument("key", type=int)
@click.option("--title", help="叫作什么；写空的就去掉。")
@click.option("--date", help="日期，写法同检索的时期；写空的就用最早的一种记载的日期。")
@click.option("--under", help="移到这个篇目下；写空的就不归篇目。")
@click.option("--doubtful/--certain", default=None, help="存疑，不放在正文里；或不再存疑。")
@click.option("--add", "added", type=int, multiple=True, help="加进这张卡片，作为又一种记载，可以写多次。")
@click.option("--part", "parted", type=int, multiple=True, help="把这张卡片的记载分出来，另立一事，可以写多次。")
@click.option("--up", is_flag=True, help="上移一位。")
@click.option("--down", is_flag=True, help="下移一位。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def event(
    config: Config,
    name: str,
    key: int,
    title: str | None,
    date: str | None,
    under: str | None,
    doubtful: bool | None,
    added: tuple[int, ...],
    parted: tuple[int, ...],
    up: bool,
    down: bool,
) -> None:
    """改长编 NAME 里编号 KEY 的事。"""

    def change(session: Session, held: Compilation) -> Compilation:
        told: Event = held.event(key)
        told = replace(
            told,
            title=told.title if title is None else title,
            date=told.date if date is None else " ".join(date.split()),
            doubtful=told.doubtful if doubtful is None else doubtful,
            heading=told.heading if under is None else _heading(held, under),
        )
        held = held.changed(told)
        if unknown := set(added) - session.cards.several(added).keys():
            raise NotFound(f"没有第 {min(unknown)} 张卡片", hint="运行 wenshi cards 查看编号")
        held = held.with_accounts(key, added)
        for card in parted:
            held = held.parted(key, card)
        for wanted, way in ((up, "up"), (down, "down")):
            if wanted:
                held = session.compilations.shifted(held, key, way)
        return held

    _save(config, name, change)


@compilation.command(short_help="几件事并为一事，记载并列。")
@click.argument("name")
@click.argument("keys", type=int, nargs=-1, required=True)
@click.help_option(help="显示帮助。")
@click.pass_obj
def join(config: Config, name: str, keys: tuple[int, ...]) -> None:
    """把长编 NAME 里这几件事（编号）并为一事。"""
    _save(config, name, lambda _, held: held.joined([held.event(key).key for key in keys]))


@compilation.command("take-out", short_help="把几件事拿出长编；卡片不受影响。")
@click.argument("name")
@click.argument("keys", type=int, nargs=-1, required=True)
@click.help_option(help="显示帮助。")
@click.pass_obj
def take_out(config: Config, name: str, keys: tuple[int, ...]) -> None:
    """把这几件事（编号）拿出长编 NAME。"""
    _save(config, name, lambda _, held: held.without_events([held.event(key).key for key in keys]))


@compilation.command(short_help="给一件事写考异或按语，署名。")
@click.argument("name")
@click.argument("key", type=int)
@click.argument("text", default="")
@click.option(
    "--kind", type=click.Choice([one.value for one in RemarkKind]), default="按语", help="考异或按语（默认）。"
)
@click.option("--remove", "removed", type=click.IntRange(1), help="去掉第几条，不写新的。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def remark(config: Config, name: str, key: int, text: str, kind: str, removed: int | None) -> None:
    """给长编 NAME 里编号 KEY 的事写 TEXT，署上姓名和日期。"""

    def change(session: Session, held: Compilation) -> Compilation:
        if removed is None:
            return session.compilations.remark(held, key, RemarkKind(kind), text)
        told = held.event(key)
        if text or removed > len(told.remarks):
            raise UsageError(f"没有第 {removed} 条考异、按语，或又写了新的", hint="去掉和写新的分两次")
        return held.changed(replace(told, remarks=(*told.remarks[: removed - 1], *told.remarks[removed:])))

    _save(config, name, change)


# -- the whole


@compilation.command(short_help="做成大事记条目，或读出任职做成组织史。")
@click.argument("name")
@click.argument("what", type=click.Choice(list(_ARTICLES)))
@click.argument("collection")
@click.help_option(help="显示帮助。")
@click.pass_obj
def make(config: Config, name: str, what: str, collection: str) -> None:
    """把长编 NAME 做成大事记或组织史（WHAT），作为来稿收进文集 COLLECTION（编号），照常审核。"""
    with local_session(config.library_path) as session:
        held = session.compilations.get(name)
        parts = session.compilations.parts(held)
        drafts, left_out = _ARTICLES[what](parts, session.collection(collection).id)
        take_in(session.add, held, drafts, what)
    for one in left_out:
        click.echo(f"没有用上：{one}", err=True)
    click.echo(f"做成{what} {len(drafts)} 条。", err=True)


@compilation.command(short_help="删去一部长编；卡片不受影响。")
@click.argument("name")
@click.help_option(help="显示帮助。")
@click.pass_obj
def remove(config: Config, name: str) -> None:
    """删去长编 NAME：篇目、按语和考异都删去，卡片都在。"""
    with local_session(config.library_path) as session:
        session.compilations.remove(name)
    click.echo(f"长编“{name}”已删去，卡片都在。", err=True)
