"""The documentation in the browser: every chapter, its links, and the search."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

from archive.library import Library
from web.app import create_app
from web.help import chapters


def test_every_chapter_is_shown_and_its_links_lead_somewhere(library: Library) -> None:
    client = create_app(library).test_client()
    contents = client.get("/help").text
    for chapter, title in chapters.ORDER.items():
        assert title in contents
        page = client.get(f"/help/{chapter}")
        assert page.status_code == 200, chapter
        assert "<h1 id=" in page.text
        assert "<script>" not in page.text
        for link in re.findall(r'href="([^"]+)"', page.text):
            target, part = urldefrag(urljoin(f"/help/{chapter}", link))
            if target.startswith("/help/"):
                there = client.get(target)
                assert there.status_code == 200, link
                assert not part or f'id="{unquote(part)}"' in there.text, link
    assert client.get("/help/none").status_code == 404


def test_words_are_found_with_their_section(library: Library) -> None:
    client = create_app(library).test_client()
    page = client.get("/help?q=撤回").text
    (first, *_) = re.findall(r'href="/help/(\w+)#([^"]+)"', page)
    target = client.get(f"/help/{first[0]}").text
    assert f'id="{unquote(first[1])}"' in target
    assert "有“无此一语”的 0 处" in client.get("/help?q=无此一语").text


def test_the_documents_are_where_an_installation_has_them(tmp_path: Path) -> None:
    assert (chapters.folder() / "import.md").is_file()
