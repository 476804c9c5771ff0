"""`wenshi scope` and `wenshi searches`: parts of the library under a name, and searches asked again."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from archive.cli.local import local_session
from archive.cli.search_options import search_options
from archive.model.errors import UsageError
from archive.model.saved import Changes
from archive.model.search import Search
from archive.search.facet_labels import in_words
from archive.session import Session
from archive.support.config import Config


@click.group(short_help="工作集：资料库的一部分，检索、计数都可以限于它。")
@click.help_option(help="显示帮助。")
def scope() -> None:
    """工作集：选定的文章，或合乎条件的文章。`wenshi search --scope 名称` 只在它里面查、数、列。"""


@scope.command("list", short_help="列出全部工作集。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def list_scopes(config: Config, as_json: bool) -> None:
    """列出全部工作集：名称、现有篇数、包括什么。"""
    with local_session(config.library_path) as session:
        titles = _titles(session)
        for each in session.scopes.listed():
            size = session.scopes.size(each.name)
            if as_json:
                rule = None if each.rule is None else each.rule.pairs()
                told = {"name": each.name, "articles": size, "rule": rule, "ids": list(each.articles), "who": each.who}
                click.echo(json.dumps(told, ensure_ascii=False))
                continue
            words = "选定的文章" if each.rule is None else in_words(each.rule, titles)
            click.echo(f"{each.name}\t{size} 篇\t{words}")


@scope.command("add", short_help="建工作集，或往里添文章。")
@click.argument("name")
@click.argument("query", default="")
@click.option("--id", "ids", multiple=True, help="选定这一篇（编号），可以写多次；已有的固定工作集，就添进去。")
@click.option("--fixed", is_flag=True, help="只要现在找到的这些篇，以后不随资料库增减。")
@search_options
@click.help_option(help="显示帮助。")
@click.pass_obj
def add_scope(config: Config, name: str, query: str, ids: tuple[str, ...], fixed: bool, search: Search) -> None:
    """建工作集 NAME：--id 选定的文章；或检索式 QUERY 和各选项合起来的条件，有新的文章合乎条件就自动在内。"""
    rule = search.but(text=query)
    if ids and rule != Search():
        raise UsageError("--id 和检索条件只能给一种", hint="分两次，或用 --fixed 把检索到的固定下来")
    with local_session(config.library_path) as session:
        if not ids:
            made = session.scopes.freeze(name, rule) if fixed else session.scopes.save(name, rule=rule)
        elif name.strip() in session.scopes.names():
            made = session.scopes.add(name.strip(), ids)
        else:
            made = session.scopes.save(name, articles=ids)
        click.echo(f"工作集“{made.name}”现有 {session.scopes.size(made.name)} 篇", err=True)


@scope.command("remove", short_help="移除工作集，或从里面去掉文章。")
@click.argument("name")
@click.option("--id", "ids", multiple=True, help="只去掉这一篇（编号），可以写多次。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def remove_scope(config: Config, name: str, ids: tuple[str, ...]) -> None:
    """移除工作集 NAME；文章本身不受影响。"""
    with local_session(config.library_path) as session:
        if ids:
            left = session.scopes.drop(name, ids)
            click.echo(f"工作集“{name}”现有 {len(left.articles)} 篇", err=True)
        else:
            session.scopes.remove(name)
            click.echo(f"已移除工作集“{name}”", err=True)


@click.group(short_help="保存的检索：其后有什么新的；检索历史。")
@click.help_option(help="显示帮助。")
def searches() -> None:
    """保存检索，以后看其后新增、改动、撤下了什么。"""


@searches.command("list", short_help="列出保存的检索和其后的变化。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def list_searches(config: Config) -> None:
    """列出保存的检索：名称、上次看过时的篇数、其后的变化、检索什么。"""
    with local_session(config.library_path) as session:
        titles = _titles(session)
        for each in session.searches.listed():
            kinds = list(_kinds(session.searches.changes(each.name)))
            since = "，".join(f"{words} {len(ids)} 篇" for words, ids in kinds) or "没有变化"
            click.echo(f"{each.name}\t{each.found} 篇\t{since}\t{in_words(each.search, titles)}")


@searches.command("save", short_help="保存一个检索。")
@click.argument("name")
@click.argument("query")
@search_options
@click.help_option(help="显示帮助。")
@click.pass_obj
def save_search(config: Config, name: str, query: str, search: Search) -> None:
    """把检索式 QUERY 和各选项存为 NAME；同名的换成这一个。现在找到的都算看过。"""
    with local_session(config.library_path) as session:
        kept = session.searches.save(name, search.but(text=query))
        click.echo(f"已保存检索“{kept.name}”，现有 {kept.found} 篇", err=True)


@searches.command("new", short_help="一个保存的检索其后的变化。")
@click.argument("name")
@click.option("--looked", is_flag=True, help="看过了：下次只列以后的。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def new_since(config: Config, name: str, looked: bool, as_json: bool) -> None:
    """列出 NAME 上次看过以后新增、改动、不再符合、撤下的文章：变化、编号、题名。更正后才合乎检索的也算新增。"""
    with local_session(config.library_path) as session:
        changes = session.searches.changes(name)
        if as_json:
            told = {
                "new": changes.new,
                "changed": changes.changed,
                "lost": changes.lost,
                "withdrawn": changes.withdrawn,
            }
            click.echo(json.dumps(told, ensure_ascii=False))
        for words, ids in () if as_json else _kinds(changes):
            for id in ids:
                click.echo(f"{words}\t{id}\t{session.searches.title(id)}")
        if looked:
            session.searches.looked(name)


@searches.command("remove", short_help="移除一个保存的检索。")
@click.argument("name")
@click.help_option(help="显示帮助。")
@click.pass_obj
def remove_search(config: Config, name: str) -> None:
    """移除保存的检索 NAME。"""
    with local_session(config.library_path) as session:
        session.searches.remove(name)
        click.echo(f"已移除保存的检索“{name}”", err=True)


@searches.command("history", short_help="检索历史：列出、清空、不再记。")
@click.option("--clear", is_flag=True, help="清空。")
@click.option("--keep", is_flag=True, help="从现在起记。")
@click.option("--stop", is_flag=True, help="从现在起不记。")
@click.help_option(help="显示帮助。")
@click.pass_obj
def history(config: Config, clear: bool, keep: bool, stop: bool) -> None:
    """列出在网页上检索过的，最近的在前：时间（世界时）、篇数、检索什么。"""
    with local_session(config.library_path) as session:
        if keep or stop:
            session.searches.keep_history(not stop)
        if clear:
            session.searches.clear()
        titles = _titles(session)
        for each in session.searches.history():
            click.echo(f"{each.moment}\t{each.total} 篇\t{in_words(each.search, titles)}")
        if not session.searches.keeps_history:
            click.echo("现在不记检索历史", err=True)


def _titles(session: Session) -> dict[str, str]:
    return {each.id: each.title for each in session.collections()}


def _kinds(changes: Changes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The kinds of change there are, with their articles."""
    kinds = (changes.new, changes.changed, changes.lost, changes.withdrawn)
    yield from ((words, ids) for words, ids in zip(("新增", "改动", "不再符合", "撤下"), kinds, strict=True) if ids)
