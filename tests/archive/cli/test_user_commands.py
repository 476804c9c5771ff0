"""`wenshi user`, and commands run --as somebody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.cli.main import run
from archive.library import Library
from archive.model.access import Actor


@pytest.fixture
def library(tmp_path: Path) -> Path:
    Library.create(tmp_path / "library").close()
    return tmp_path / "library"


def call(library: Path, *arguments: str) -> int:
    return run(["--library", str(library), *arguments])


def test_accounts_from_the_command_line(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(library, "user", "list") == 0
    assert "还没有账号" in capsys.readouterr().err
    assert call(library, "user", "add", "li", "--role", "编辑") == 2  # somebody must be able to manage the others
    assert call(library, "user", "add", "zhang", "--name", "张三", "--role", "管理员") == 0
    first = capsys.readouterr().out.strip()
    assert call(library, "user", "add", "li", "--role", "编辑", "--role", "初审") == 0
    capsys.readouterr()
    with Library.open(library) as opened:
        assert opened.logins.sign_in("zhang", first)
    assert call(library, "user", "role", "li", "读者") == 0
    assert call(library, "user", "password", "li") == 0
    assert call(library, "user", "disable", "li") == 0
    capsys.readouterr()
    assert call(library, "user", "list") == 0
    assert "li  li  读者  没有登录  停用" in capsys.readouterr().out
    assert call(library, "user", "enable", "li") == 0
    assert call(library, "user", "disable", "zhang") == 20
    assert call(library, "user", "role", "li", "皇帝") == 2
    assert call(library, "user", "password", "wang") == 14
    capsys.readouterr()
    assert call(library, "user", "list", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told[0]["login"], told[0]["roles"]) == ("li", [{"role": "读者", "collection": ""}])


def test_commands_run_as_somebody(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (("zhang", "--name", "张三", "--role", "管理员"), ("li", "--role", "读者")):
        assert call(library, "user", "add", *arguments) == 0
    assert call(library, "--as", "li", "reindex") == 24
    assert call(library, "--as", "wang", "list") == 14
    assert call(library, "--as", "zhang", "user", "password", "li") == 0
    with Library.open(library) as opened:
        latest = opened.session(Actor.local()).audit(1)[0]
    assert (latest.who, latest.detail) == ("张三", "li：重设密码")
