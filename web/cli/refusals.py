"""What the server answers by itself, before a request reaches the pages: in Chinese, as a small page."""

from __future__ import annotations

from contextlib import suppress
from html import escape

from waitress.task import ErrorTask  # type: ignore[import-untyped]  # it ships no types
from waitress.utilities import BadRequest, Error  # type: ignore[import-untyped]

_WORDS = {
    400: ("看不懂这个请求", "浏览器发来的内容不合规矩，没有做任何改动。退回上一页再试；还不行，换一个浏览器。"),
    403: ("不能这样打开", "这里的网页只经过指定的代理提供。请打开管理员告诉您的、以 https 开头的地址。"),
    431: ("地址太长", "检索词太长，或浏览器为本站存的凭据太多。缩短检索词；还不行，清除浏览器为本站存的内容，再打开。"),
    500: ("系统出错了", "这是程序的缺陷，材料没有受到影响。请把发生的时间和做法告诉维护者。"),
    501: ("不能这样提交", "浏览器用了系统不会的提交办法，没有做任何改动。换一个浏览器再试。"),
}
_UNREAD = 64  # times 65,536 bytes at the most
_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
)


class Elsewhere(Error):  # type: ignore[misc]
    """The answer that a page is at another address."""

    code, reason = 308, "Permanent Redirect"


class Stranger(BadRequest):  # type: ignore[misc]
    """The answer to who does not come by way of the proxy."""

    code, reason = 403, "Forbidden"


class Refusal(ErrorTask):  # type: ignore[misc]
    """Answers a request that does not get to the pages."""

    def execute(self) -> None:
        """Sends the small page, and closes the connection."""
        error = self.request.error
        heading, sentence = _WORDS.get(error.code, _WORDS[400])
        if isinstance(error, Elsewhere):
            heading, sentence = "换一个地址", f"请打开 {error.body}"
            self.response_headers.append(("Location", error.body))
        body = (
            '<!doctype html><html lang="zh-Hans"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{heading} · 文史</title><h1>{heading}</h1><p>{escape(sentence)}</p></html>"
        ).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend(_HEADERS)
        self.set_close_on_finish()
        self.content_length = len(body)
        # A connection that is closed on words unread is reset, and the answer with it.
        with suppress(OSError):
            for _ in range(_UNREAD):
                if not self.channel.socket.recv(1 << 16):
                    break
        self.write(body)
