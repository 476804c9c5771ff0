"""`wenshi token`: what lets programs in by the API, for whom and until when."""

from __future__ import annotations

import json

import click

from archive.cli.local import local_session
from archive.model.accounts import SCOPE_WORDS, Scope, Token
from archive.support.config import Config
from archive.workflow.tokens import LONGEST, USUAL

_help = click.help_option(help="显示帮助。")
_whose = click.option("--user", "login", default="", metavar="登录名", help="哪个人的；没有账号时不写。")
_scopes = "、".join(f"{scope.value} {words}" for scope, words in SCOPE_WORDS.items())


@click.group(short_help="程序凭令牌来查资料。")
@_help
def token() -> None:
    """管理访问令牌：程序拿着它，像某个人一样用接口（见 docs/api.md）。"""


@token.command(short_help="做一个令牌。")
@click.argument("name", metavar="名字")
@_whose
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([one.value for one in Scope]),
    help=f"可以做什么，可写几次：{_scopes}。",
)
@click.option("--days", default=USUAL, show_default=True, metavar="天数", help=f"用多久，最多 {LONGEST} 天。")
@_help
@click.pass_obj
def add(config: Config, name: str, login: str, scopes: tuple[str, ...], days: int) -> None:
    """做一个令牌，打印出来。只显示这一次；名字写是给什么程序用的。"""
    with local_session(config.library_path) as session:
        made, secret = session.tokens.make(name, map(Scope, scopes), days, login)
    click.echo(secret)
    click.echo(f"令牌“{made.name}”（{made.id}）：{' '.join(made.scopes)}，用到 {made.ends[:10]}。", err=True)


@token.command("list", short_help="列出令牌。")
@_whose
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@_help
@click.pass_obj
def list_tokens(config: Config, login: str, as_json: bool) -> None:
    """列出令牌：编号、名字、可以做什么、用到哪天、上次用的时候。"""
    with local_session(config.library_path) as session:
        held = session.tokens.listed(login)
    if as_json:
        click.echo(json.dumps([_plain(one) for one in held], ensure_ascii=False, indent=2))
        return
    for one in held:
        click.echo(f"{one.id}  {one.name}  {' '.join(one.scopes)}  {one.ends[:10]}  {one.seen[:10] or '没有用过'}")


@token.command(short_help="停用一个令牌。")
@click.argument("id", metavar="编号")
@_whose
@_help
@click.pass_obj
def end(config: Config, id: str, login: str) -> None:
    """停用一个令牌：拿着它的程序马上不能再来。编号见 wenshi token list。"""
    with local_session(config.library_path) as session:
        session.tokens.end(id, login)
    click.echo("已停用。", err=True)


def _plain(one: Token) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("id", "name", "scopes", "made", "ends", "seen")}
