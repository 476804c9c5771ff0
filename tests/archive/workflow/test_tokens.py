"""Tokens: what lets programs in as somebody, what they may do with one, and when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Action, Actor
from archive.model.accounts import SCOPE_WORDS, SCOPED, AccountRole, Holding, Scope
from archive.model.errors import NotAllowed, NotFound, UsageError
from archive.workflow import passwords, tokens
from archive.workflow.tokens import MOST, Tokens

LOCAL = Actor.local()


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.setattr(passwords, "_MEMORY", 64)
    with Library.create(tmp_path / "library") as created:
        yield created


def account(library: Library, login: str, role: AccountRole) -> Tokens:
    accounts = library.session(LOCAL).accounts
    _, first = accounts.add(login, login, [Holding(role)])
    library.session(accounts.get(login).actor).accounts.change_password(first, f"{login} 想的一句话也够长")
    return library.session(accounts.get(login).actor).tokens


def test_a_token_is_somebody_with_no_more_than_its_scopes(library: Library) -> None:
    account(library, "admin", AccountRole.ADMINISTRATOR)
    made, secret = account(library, "wang", AccountRole.EDITOR).make("统计", [Scope.CORRECT])
    held = library.holder(secret)
    assert held is not None and held[1] is not None
    actor, (whose, token) = held[0], held[1:]
    assert whose.login == "wang" and actor.id == whose.id and actor.name == "wang"
    assert token.id == made.id and token.scopes == (Scope.READ, Scope.CORRECT)
    may = {one for one in Action if actor.rights.allow(one)}
    assert may == {Action.CORRECT, Action.DESCRIBE}
    assert [one.statuses for one in actor.rights.grants] == [one.statuses for one in whose.actor.rights.grants]


def test_scopes_add_nothing(library: Library) -> None:
    account(library, "admin", AccountRole.ADMINISTRATOR)
    _, secret = account(library, "du", AccountRole.READER).make("读", list(Scope))
    held = library.holder(secret)
    assert held is not None and not any(held[0].rights.allow(one) for one in Action)
    assert SCOPED.keys() == SCOPE_WORDS.keys() == set(Scope)
    never = {Action.MAINTAIN, Action.PURGE, Action.ACCOUNTS, Action.PERSONAL, Action.FINAL_REVIEW, Action.WITHDRAW}
    assert not never & frozenset().union(*SCOPED.values())


def test_the_secret_is_kept_nowhere(library: Library) -> None:
    _, secret = library.session(LOCAL).tokens.make("统计", [])
    assert secret.startswith("wenshi_") and len(secret) > 40
    files = [one for one in library.root.rglob("*") if one.is_file()]
    assert files and not [one for one in files if secret.encode() in one.read_bytes()]
    assert not [one for one in library.session(LOCAL).audit() if secret in repr(one)]


def test_it_is_over_on_its_day(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    made, secret = library.session(LOCAL).tokens.make("统计", [], days=2)
    ends = datetime.fromisoformat(made.ends)
    monkeypatch.setattr(tokens, "_now", lambda: ends - timedelta(seconds=1))
    assert library.holder(secret) is not None
    monkeypatch.setattr(tokens, "_now", lambda: ends)
    assert library.holder(secret) is None


@pytest.mark.parametrize("secret", ["", "wenshi_", "wenshi_nobody", "中文", "\udc80", "x" * 10_000])
def test_what_is_no_secret_lets_nobody_in(library: Library, secret: str) -> None:
    library.session(LOCAL).tokens.make("统计", [])
    assert library.holder(secret) is None


def test_when_it_was_used_is_noted(library: Library) -> None:
    own = library.session(LOCAL).tokens
    _, secret = own.make("统计", [])
    assert own.listed()[0].seen == ""
    library.holder(secret)
    assert own.listed()[0].seen


def test_one_that_was_ended_lets_nobody_in_and_the_log_tells(library: Library) -> None:
    session = library.session(LOCAL)
    made, secret = session.tokens.make("统计", [Scope.COMPILE])
    session.tokens.end(made.id)
    assert library.holder(secret) is None and session.tokens.listed() == ()
    assert [one.detail for one in session.audit() if one.action == "token"] == [
        "访问令牌“统计”：停用",
        f"访问令牌“统计”：read compile，用到 {made.ends[:10]}",
    ]
    with pytest.raises(NotFound):
        session.tokens.end(made.id)


@pytest.mark.parametrize("do", ["disable", "reset_password"])
def test_it_ends_with_the_account(library: Library, do: str) -> None:
    account(library, "admin", AccountRole.ADMINISTRATOR)
    own = account(library, "wang", AccountRole.EDITOR)
    _, secret = own.make("统计", [])
    getattr(library.session(LOCAL).accounts, do)("wang")
    assert library.holder(secret) is None and own.listed() == ()


def test_roles_taken_away_are_gone_from_tokens(library: Library) -> None:
    account(library, "admin", AccountRole.ADMINISTRATOR)
    _, secret = account(library, "wang", AccountRole.EDITOR).make("改", [Scope.CORRECT])
    library.session(LOCAL).accounts.set_roles("wang", [Holding(AccountRole.READER)])
    held = library.holder(secret)
    assert held is not None and not held[0].rights.allow(Action.CORRECT)


def test_without_accounts_they_are_the_owners_until_there_are_some(library: Library) -> None:
    _, secret = library.session(LOCAL).tokens.make("统计", [Scope.IMPORT])
    held = library.holder(secret)
    assert held is not None and held[0].id == "local" and held[0].rights.allow(Action.IMPORT)
    assert not held[0].rights.allow(Action.MAINTAIN)
    account(library, "admin", AccountRole.ADMINISTRATOR)
    assert library.holder(secret) is None
    with pytest.raises(UsageError, match="哪个人"):
        library.session(LOCAL).tokens.make("统计", [])
    _, theirs = library.session(LOCAL).tokens.make("统计", [], login="admin")
    assert library.holder(theirs) is not None


def test_others_are_nobodys_business_but_the_administrators(library: Library) -> None:
    admin = account(library, "admin", AccountRole.ADMINISTRATOR)
    wang, du = account(library, "wang", AccountRole.EDITOR), account(library, "du", AccountRole.READER)
    made, secret = wang.make("统计", [])
    for ask in (lambda: du.listed("wang"), lambda: du.make("x", [], login="wang"), lambda: du.end(made.id, "wang")):
        with pytest.raises(NotFound, match="没有这个账号"):
            ask()
    with pytest.raises(NotFound):
        du.end(made.id)
    assert [one.id for one in admin.listed("wang")] == [made.id]
    admin.end(made.id, "wang")
    assert library.holder(secret) is None


def test_nobody_has_none(library: Library) -> None:
    from web.base.door import NOBODY

    with pytest.raises(NotAllowed):
        library.session(NOBODY).tokens.make("x", [])


@pytest.mark.parametrize(("name", "days"), [("", 1), ("  ", 1), ("长" * 61, 1), ("a\x00b", 1), ("x", 0), ("x", 367)])
def test_what_cannot_be_made(library: Library, name: str, days: int) -> None:
    with pytest.raises(UsageError):
        library.session(LOCAL).tokens.make(name, [], days)


def test_there_is_an_end_to_them(library: Library) -> None:
    own = library.session(LOCAL).tokens
    for number in range(MOST):
        own.make(str(number), [])
    with pytest.raises(UsageError, match="最多"):
        own.make("还要", [])
