"""Rows of the concordance by keyboard, in a real browser: context opened, a quotation copied, a label put, and back
where one was.
"""

from __future__ import annotations

from pathlib import Path

from selenium.webdriver import ActionChains

from archive.library import Library
from archive.model.access import Actor
from archive.model.records import Article, Block, Collection, Kind
from tests.web.browser import chromium, needs_browser, served, wait
from web.app import create_app


@needs_browser
def test_rows_by_keyboard(tmp_path: Path) -> None:
    with Library.create(tmp_path / "library") as library:
        session = library.session(Actor.local())
        session.save_collection(Collection("c", "河湾文史"))
        file = tmp_path / "a.txt"
        file.write_text("稿", encoding="utf-8")
        blocks = (Block.plain(Kind.TITLE, "记"), Block.plain(Kind.PARAGRAPH, "老水车转。新水车也转。水车停。"))
        session.add(file, file.name, [Article(collection="c", number=1, blocks=blocks)], ())
        with served(create_app(library)) as address, chromium(tmp_path / "profile") as driver:
            driver.get(f"{address}/concordance?q=水车&key=-left1")
            keys = ActionChains(driver)
            keys.send_keys("nno").perform()
            here = driver.execute_script("return document.querySelector('.kwic tr.here').rowIndex")
            opened = driver.execute_script("return document.querySelectorAll('.kwic details[open]').length")
            assert (here, opened) == (2, 1)
            keys.send_keys("c").perform()
            toast = "return document.querySelector('.toast')?.textContent ?? ''"
            wait(driver, lambda: driver.execute_script(toast))
            assert driver.execute_script(toast) in ("引文已复制", "浏览器不允许复制，请选中后按 Ctrl+C")
            keys.send_keys("3").perform()
            labelled = "return document.querySelector('.kwic tr.is-open')?.rowIndex"
            wait(driver, lambda: driver.execute_script(labelled) == 2)
            assert "key=-left1#p-1-1-" in driver.current_url
