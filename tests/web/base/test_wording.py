"""Commands of the terminal become the pages that do the same."""

from __future__ import annotations

import pytest

from web.base.wording import for_pages


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
