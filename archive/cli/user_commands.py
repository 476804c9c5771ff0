"""`wenshi user`: who may sign in to the pages, and as what."""

from __future__ import annotations

import json
from datetime import datetime

import click

from archive.cli.local import local_session
from archive.model.accounts import Account, AccountRole, Holding
from archive.model.errors import UsageError
from archive.support.config import Config

_help = click.help_option(help="显示帮助。")
_login = click.argument("login", metavar="登录名")
_roles = f"{'、'.join(AccountRole)}；只在一个文集里的写成 编辑@文集编号"


@click.group(short_help="谁可以登录，有哪些角色。")
@_help
def user() -> None:
    """管理账号。有了第一个账号，网页就要登录；第一个账号应当是管理员。"""


@user.command(short_help="建一个账号。")
@_login
@click.option("--name", default="", metavar="姓名", help="页面和记录里写的姓名；不写就用登录名。")
@click.option("--role", "roles", multiple=True, required=True, metavar="角色", help=f"可以写几次：{_roles}。")
@_help
@click.pass_obj
def add(config: Config, login: str, name: str, roles: tuple[str, ...]) -> None:
    """建一个账号，打印首次密码。首次密码只显示这一次，14 天内有效，登录以后要改成自己的。"""
    with local_session(config.library_path) as session:
        held = [_holding(one) for one in roles]
        if not session.accounts.listed() and Holding(AccountRole.ADMINISTRATOR) not in held:
            raise UsageError("第一个账号要是管理员。", hint=f"运行 wenshi user add {login} --role 管理员")
        account, password = session.accounts.add(login, name, held)
    click.echo(password)
    click.echo(f"已建账号 {account.login}（{account.name}）：{_said(account)}。以上是首次密码，请交给本人。", err=True)


@user.command("list", short_help="列出账号。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@_help
@click.pass_obj
def list_accounts(config: Config, as_json: bool) -> None:
    """列出账号：登录名、姓名、角色、是否停用。"""
    with local_session(config.library_path) as session:
        accounts = session.accounts.listed()
    if as_json:
        click.echo(json.dumps([_plain(one) for one in accounts], ensure_ascii=False, indent=2))
        return
    if not accounts:
        click.echo("还没有账号：网页只在本机打开，不用登录。", err=True)
    for one in accounts:
        last = f"{datetime.fromisoformat(one.last).astimezone():%Y-%m-%d %H:%M}" if one.last else "没有登录"
        closed = "  停用" if one.disabled else ""
        click.echo(f"{one.login}  {one.name}  {_said(one)}  {last}{closed}")


@user.command(short_help="改一个人的角色。")
@_login
@click.argument("roles", nargs=-1, required=True, metavar="角色…")
@_help
@click.pass_obj
def role(config: Config, login: str, roles: tuple[str, ...]) -> None:
    """把一个人的角色改成这里写的这些，别的角色不再有；他下一次点开页面就生效。"""
    with local_session(config.library_path) as session:
        account = session.accounts.set_roles(login, [_holding(one) for one in roles])
    click.echo(f"{account.login}：{_said(account)}", err=True)


@user.command(short_help="给一个人重设密码。")
@_login
@_help
@click.pass_obj
def password(config: Config, login: str) -> None:
    """重设密码，打印新的首次密码；他在各处的登录都退出，因输错太多次而锁住的也解开。"""
    with local_session(config.library_path) as session:
        fresh = session.accounts.reset_password(login)
    click.echo(fresh)
    click.echo(f"以上是 {login} 的首次密码，请交给本人；14 天内有效，登录以后要改成自己的。", err=True)


@user.command(short_help="停用一个账号。")
@_login
@_help
@click.pass_obj
def disable(config: Config, login: str) -> None:
    """停用一个账号：马上退出，不能再登录；他做过的事和记录都在，可以再启用。"""
    with local_session(config.library_path) as session:
        session.accounts.disable(login)
    click.echo(f"已停用 {login}。", err=True)


@user.command(short_help="启用停用的账号。")
@_login
@_help
@click.pass_obj
def enable(config: Config, login: str) -> None:
    """启用停用的账号，密码和角色与原来一样。"""
    with local_session(config.library_path) as session:
        session.accounts.enable(login)
    click.echo(f"已启用 {login}。", err=True)


def _holding(written: str) -> Holding:
    name, _, collection = written.replace("＠", "@").partition("@")
    if name.strip() not in tuple(AccountRole):
        raise UsageError(f"没有“{name}”这个角色", hint=f"可以写：{_roles}")
    return Holding(AccountRole(name.strip()), collection.strip())


def _said(account: Account) -> str:
    return (
        "、".join(f"{one.role}@{one.collection}" if one.collection else one.role for one in account.roles) or "无角色"
    )


def _plain(account: Account) -> dict[str, object]:
    return {
        "login": account.login,
        "name": account.name,
        "roles": [{"role": one.role, "collection": one.collection} for one in account.roles],
        "disabled": account.disabled,
        "last": account.last,
    }
