"""Commands of the terminal become the pages that do the same."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import ingest
from web.base.wording import browser_named, for_pages


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("用 wenshi list 或检索页查看现有文章的编号", "在“馆藏”或检索页查看现有文章的编号"),
        ("运行 wenshi reindex --dates，再检索", "在“管理”里的“重建索引”，再检索"),
        ("先另存整个资料库文件夹，再用 wenshi restore 从备份恢复", "先另存整个资料库文件夹，再请维护者从备份恢复"),
        ("等做完再试；如果电脑 pc-1 上的进程 4711 已经没有响应，结束它，锁会自动解开", "等做完再试"),
        ("用 --password 给出正确的密码", "把正确的密码填在“密码”一栏"),
        ("用 --password 给出密码，或解压后再导入", "把密码填在“密码”一栏，或解压后再导入"),
        ("请改用“一辑”（--as volume）的读法", "请改用“一辑”的读法"),
        ("没有命令的一句", "没有命令的一句"),
    ],
)
def test_no_command_stays(said: str, shown: str) -> None:
    assert for_pages(said) == shown


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0",
            "Edge，Windows 电脑",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0", "火狐，Linux 电脑"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 16) Mobile Safari MicroMessenger/8.0", "微信，苹果手机"),
        ("curl/8.0", "不说明自己的浏览器"),
        ("", "不说明自己的浏览器"),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(agent: str, words: str) -> None:
    assert browser_named(agent) == words


def test_no_option_of_the_import_reaches_a_page() -> None:
    """What the readers and the splitting say is written for both: the options of the command become fields."""
    folder = Path(ingest.__file__).parent
    said = [
        one.value
        for part in ("readers", "splitting/split.py")
        for file in ([folder / part] if part.endswith(".py") else sorted((folder / part).rglob("*.py")))
        for one in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and re.search(r"[㐀-鿿]", one.value)
    ]
    options = [text for text in said if " --" in text or "（--" in text]
    assert options
    assert [shown for shown in map(for_pages, options) if "--" in shown] == []
    assert [shown for shown in map(for_pages, said) if "块号" in shown] == []
