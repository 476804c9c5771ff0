"""Commands of the terminal become the pages that do the same."""

from __future__ import annotations

import pytest

from web.base.wording import browser_named, for_pages


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("用 wenshi list 或检索页查看现有文章的编号", "在“馆藏”或检索页查看现有文章的编号"),
        ("运行 wenshi reindex --dates，再检索", "在“管理”里的“重建索引”，再检索"),
        ("先另存整个资料库文件夹，再用 wenshi restore 从备份恢复", "先另存整个资料库文件夹，再请维护者从备份恢复"),
        ("等做完再试；如果电脑 pc-1 上的进程 4711 已经没有响应，结束它，锁会自动解开", "等做完再试"),
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
