"""Accounts: who may sign in, from when to when, and what nobody can do with them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.library import Library
from archive.model.access import Action, Actor
from archive.model.accounts import GRANTED, Account, AccountRole, Holding, rights_of
from archive.model.errors import Conflict, NotAllowed, NotFound, UsageError
from archive.model.records import Access, Article, Block, Collection, Kind, Status
from archive.workflow import logins, passwords
from archive.workflow.accounts import Accounts

LOCAL = Actor.local()
ADMINISTRATOR = Holding(AccountRole.ADMINISTRATOR)
EDITOR = Holding(AccountRole.EDITOR)


def known(library: Library, token: str) -> Account:
    """Whose browser holds this."""
    found = library.logins.who(token)
    assert found is not None
    return found[0]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library") as created:
        created.session(LOCAL).save_collection(Collection("c", "文集"))
        yield created


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing that takes no time."""
    monkeypatch.setattr(passwords, "_MEMORY", 64)


@pytest.fixture
def accounts(library: Library) -> Accounts:
    return library.session(LOCAL).accounts


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(logins, "_now", clock)
    return clock


class Clock:
    """The time of day, to be set."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        return self.moment

    def pass_(self, **time: float) -> None:
        self.moment += timedelta(**time)


def test_nobody_signs_in_before_there_is_an_account(library: Library, accounts: Accounts) -> None:
    assert not library.logins.needed
    accounts.found("Zhang", "张三", "黄河边上水车转不停")
    assert library.logins.needed
    with pytest.raises(Conflict):
        accounts.found("li", "李四", "黄河边上水车转不停")


def test_a_first_password_is_used_once(library: Library, accounts: Accounts) -> None:
    account, password = accounts.add("Zhang", "张三", [ADMINISTRATOR])
    assert (account.login, account.name, account.must_change) == ("zhang", "张三", True)
    token, _ = library.logins.sign_in("ＺＨＡＮＧ ", password)
    who = known(library, token)
    own = library.session(who.actor).accounts
    with pytest.raises(NotAllowed):
        own.change_password("不是它", "黄河边上水车转不停")
    for poor in ("short", "12345678900", "zhang", "aaaaaaaaaaa", "x" * 300, password):
        with pytest.raises(UsageError):
            own.change_password(password, poor)
    own.change_password(password, "黄河边上水车转不停")
    assert library.logins.who(token) is None  # every browser signs in again
    with pytest.raises(NotAllowed):
        library.logins.sign_in("zhang", password)
    token, account = library.logins.sign_in("zhang", "黄河边上水车转不停")
    assert not account.must_change and library.logins.who(token)


def test_first_passwords_do_not_lie_about_for_ever(library: Library, accounts: Accounts, at: Clock) -> None:
    _, password = accounts.add("zhang", "", [ADMINISTRATOR])
    at.pass_(days=15)
    with pytest.raises(NotAllowed, match="失效"):
        library.logins.sign_in("zhang", password)


def test_the_same_is_said_whatever_was_wrong(library: Library, accounts: Accounts) -> None:
    accounts.add("zhang", "", [ADMINISTRATOR])
    _, password = accounts.add("li", "", [EDITOR])
    accounts.disable("li")
    said = set()
    for login, tried in (("zhang", "错的密码"), ("nobody", "错的密码"), ("li", password)):
        with pytest.raises(NotAllowed) as refused:
            library.logins.sign_in(login, tried)
        said.add(str(refused.value))
    assert len(said) == 1


@pytest.mark.parametrize("login", ["zhang", "nobody"])
def test_too_many_wrong_passwords_lock_a_name(library: Library, accounts: Accounts, at: Clock, login: str) -> None:
    _, password = accounts.add("zhang", "", [ADMINISTRATOR])
    for _ in range(logins.TRIES):
        with pytest.raises(NotAllowed, match="不对"):
            library.logins.sign_in(login, "错的密码")
    with pytest.raises(NotAllowed, match="不能再试"):
        library.logins.sign_in(login, password)
    at.pass_(minutes=16)
    if login == "zhang":
        assert library.logins.sign_in(login, password)


def test_a_reset_unlocks(library: Library, accounts: Accounts) -> None:
    accounts.add("zhang", "", [ADMINISTRATOR])
    for _ in range(logins.TRIES + 1):
        with pytest.raises(NotAllowed):
            library.logins.sign_in("zhang", "错的密码")
    assert library.logins.sign_in("zhang", accounts.reset_password("zhang"))


def test_one_address_cannot_try_many_names(library: Library, accounts: Accounts) -> None:
    accounts.add("zhang", "", [ADMINISTRATOR])
    for number in range(logins.TRIES_FROM):
        with pytest.raises(NotAllowed, match="不对"):
            library.logins.sign_in(f"name{number}", "错的密码", "10.0.0.9")
    with pytest.raises(NotAllowed, match="不能再试"):
        library.logins.sign_in("zhang", "错的密码", "10.0.0.9")
    with pytest.raises(NotAllowed, match="不对"):
        library.logins.sign_in("zhang", "错的密码", "10.0.0.10")


def test_tries_are_counted_over_several_programs(library: Library, accounts: Accounts) -> None:
    accounts.add("zhang", "", [ADMINISTRATOR])

    def attempt(_: int) -> str:
        with Library.open(library.root) as another:
            try:
                another.logins.sign_in("zhang", "错的密码")
            except NotAllowed as refused:
                return refused.message
        return ""

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(attempt, range(8)))
    assert sum("不对" in one for one in said) == logins.TRIES


def test_logins_end(library: Library, accounts: Accounts, at: Clock) -> None:
    accounts.found("zhang", "张三", "黄河边上水车转不停")

    def fresh() -> str:
        return library.logins.sign_in("zhang", "黄河边上水车转不停")[0]

    token = fresh()
    at.pass_(hours=5)
    assert library.logins.who(token) is None  # idle
    token = fresh()
    for _ in range(3):
        at.pass_(hours=3.5)
        assert library.logins.who(token)
    at.pass_(hours=2)
    assert library.logins.who(token) is None  # too old, however busy
    token = fresh()
    at.pass_(hours=-2)  # the clock was wrong
    assert library.logins.who(token) is None
    token = fresh()
    library.logins.sign_out(token)
    assert library.logins.who(token) is None
    for forged in ("", "x", token[:-1], "\udc80", "0" * 10_000):
        assert library.logins.who(forged) is None


def test_one_sees_and_ends_ones_own_browsers(library: Library, accounts: Accounts) -> None:
    first = accounts.found("zhang", "张三", "黄河边上水车转不停")
    other, password = accounts.add("li", "李四", [EDITOR])
    mine, _ = library.logins.sign_in("zhang", "黄河边上水车转不停", "10.0.0.1", "浏览器")
    theirs, _ = library.logins.sign_in("li", password)
    own = library.session(other.actor).accounts
    assert len(own.logins()) == 1
    his = library.session(first.actor).accounts.logins()
    assert [(one.address, one.agent) for one in his] == [("10.0.0.1", "浏览器")]
    with pytest.raises(NotFound):
        own.end_login(his[0].id)
    with pytest.raises(NotFound):
        own.end_login(his[0].id, "zhang")
    library.session(first.actor).accounts.end_login(own.logins()[0].id, "li")
    assert library.logins.who(theirs) is None and library.logins.who(mine)


def test_roles_and_closing_take_effect_at_once(library: Library, accounts: Accounts) -> None:
    accounts.found("zhang", "张三", "黄河边上水车转不停")
    _, password = accounts.add("li", "李四", [EDITOR])
    token, _ = library.logins.sign_in("li", password)
    assert known(library, token).actor.rights.allow(Action.CORRECT)
    accounts.set_roles("li", [Holding(AccountRole.READER)])
    assert not known(library, token).actor.rights.allow(Action.CORRECT)
    accounts.disable("li")
    assert library.logins.who(token) is None
    accounts.enable("li")
    assert library.logins.who(token) is None
    assert library.logins.sign_in("li", password)


def test_the_last_administrator_stays(library: Library, accounts: Accounts) -> None:
    accounts.found("zhang", "张三", "黄河边上水车转不停")
    accounts.add("li", "李四", [EDITOR])
    for attempt in (lambda: accounts.disable("zhang"), lambda: accounts.set_roles("zhang", [EDITOR])):
        with pytest.raises(Conflict, match="最后一位管理员"):
            attempt()
    accounts.set_roles("li", [ADMINISTRATOR, EDITOR])
    accounts.disable("zhang")
    with pytest.raises(Conflict):
        accounts.disable("li")


@pytest.mark.parametrize("login", ["", " ", "张 三", "a/b", "x" * 41, "<b>", "张\n三"])
def test_names_to_sign_in_with_are_plain(accounts: Accounts, login: str) -> None:
    with pytest.raises(UsageError):
        accounts.add(login, "", [EDITOR])


def test_a_name_to_sign_in_with_that_was_left_empty_is_asked_for(accounts: Accounts) -> None:
    with pytest.raises(UsageError, match="没有写登录名"):
        accounts.add(" ", "王芳", [EDITOR])


def test_what_cannot_be_given(accounts: Accounts) -> None:
    accounts.add("zhang", "", [ADMINISTRATOR])
    with pytest.raises(Conflict):
        accounts.add("ZHANG", "", [EDITOR])
    with pytest.raises(NotFound):
        accounts.add("li", "", [Holding(AccountRole.EDITOR, "nowhere")])
    with pytest.raises(UsageError):
        accounts.add("li", "", [Holding(AccountRole.ADMINISTRATOR, "c")])
    with pytest.raises(NotFound):
        accounts.reset_password("nobody")


def test_only_who_may_manages_accounts(library: Library, accounts: Accounts) -> None:
    accounts.found("zhang", "张三", "黄河边上水车转不停")
    account, _ = accounts.add("li", "李四", [EDITOR])
    other = library.session(account.actor).accounts
    for attempt in (
        lambda: other.add("wang", "", [EDITOR]),
        lambda: other.set_roles("li", [ADMINISTRATOR]),
        lambda: other.reset_password("zhang"),
        lambda: other.disable("zhang"),
        lambda: other.enable("zhang"),
        lambda: other.found("wang", "", "黄河边上水车转不停"),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert other.listed() == () and other.get("li").login == "li"
    with pytest.raises(NotFound):
        other.get("zhang")


def test_every_change_is_recorded_without_passwords(library: Library, accounts: Accounts) -> None:
    _, password = accounts.add("zhang", "张三", [ADMINISTRATOR])
    accounts.add("li", "李四", [EDITOR])
    accounts.set_roles("li", [Holding(AccountRole.EDITOR, "c")])
    again = accounts.reset_password("li")
    accounts.disable("li")
    library.logins.sign_in("zhang", password)
    told = [(one.who, one.detail) for one in library.session(LOCAL).audit() if one.action in ("account", "login")]
    assert told[::-1] == [
        ("本机", "建账号 zhang：管理员"),
        ("本机", "建账号 li：编辑"),
        ("本机", "li 的角色：编辑 → 编辑（c）"),
        ("本机", "li：重设密码"),
        ("本机", "li：停用"),
        ("张三", "登录："),
    ]
    content = b"".join(file.read_bytes() for file in library.root.glob("archive.sqlite*"))
    assert password.encode() not in content and again.encode() not in content


def test_passwords_are_salted_and_old_hashes_are_renewed(
    library: Library, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert passwords.hashed("黄河边上水车转不停") != passwords.hashed("黄河边上水车转不停")
    with monkeypatch.context() as without:
        without.setattr(passwords, "_argon2", lambda: None)
        accounts.found("zhang", "张三", "黄河边上水车转不停")
        library.logins.sign_in("zhang", "黄河边上水车转不停")
        assert not passwords.fits("别的", passwords.hashed("黄河边上水车转不停"))
    kept = str((library._store.accounts.named("zhang") or ("", ""))[1])
    assert kept.startswith("$scrypt$")
    library.logins.sign_in("zhang", "黄河边上水车转不停")
    kept = str((library._store.accounts.named("zhang") or ("", ""))[1])
    assert kept.startswith("$argon2id$")
    library.logins.sign_in("zhang", "黄河边上水车转不停")


def draft(collection: str, access: Access = Access.OPEN, status: Status = Status.RELEASED) -> Article:
    return Article(collection=collection, blocks=(Block.plain(Kind.TITLE, "题"),), access=access, status=status)


def test_what_roles_allow() -> None:
    assert set(GRANTED) == set(AccountRole)
    reader, researcher = (rights_of([Holding(one)]) for one in (AccountRole.READER, AccountRole.RESEARCHER))
    inner = draft("c", Access.INTERNAL)
    assert reader.cover(draft("c")) and not reader.cover(inner) and researcher.cover(inner)
    assert not researcher.cover(draft("c", status=Status.RECEIVED))
    assert not any(reader.allow(one) or researcher.allow(one) for one in Action)
    whole = rights_of([ADMINISTRATOR])
    assert whole.unlimited and all(whole.allow(one) for one in Action)


def test_a_role_in_one_collection_ends_there() -> None:
    both = rights_of([Holding(AccountRole.READER), Holding(AccountRole.EDITOR, "c")])
    here, there = draft("c", Access.RESTRICTED, Status.RECEIVED), draft("d")
    assert both.cover(here) and both.allow(Action.CORRECT, here)
    assert both.cover(there) and not both.allow(Action.CORRECT, there)
    assert not both.cover(draft("d", Access.RESTRICTED))
    assert both.allow_in(Action.IMPORT, "c") and not both.allow_in(Action.IMPORT, "d")
    assert not both.allow(Action.MAINTAIN) and not both.unlimited


def test_a_closed_account_may_nothing() -> None:
    assert Account("1", "zhang", "张三", (ADMINISTRATOR,), disabled="2026-01-01T00:00:00Z").actor.rights.blind
