"""Files dropped on the icon go the way of the page 收稿: the same form, the same report."""

from __future__ import annotations

import http.client
import mimetypes
import re
import secrets
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import quote, urlsplit

from archive.model.errors import ReadError, UsageError
from archive.support.files import read_patiently
from archive.support.long_paths import reachable

_TOKEN = re.compile(r'name="token" value="([^"]+)"')
_SECONDS = 120.0


def send(address: str, files: list[Path]) -> str:
    """Sends files by the form of the pages that `address` opens; where the browser sees what becomes of them.

    UsageError where people sign in there: the page is to be used. ReadError for a file that cannot be read.
    """
    visit = _Visit(address)
    token = _TOKEN.search(visit.get("/intake"))
    if token is None:
        raise UsageError("这个资料库要登录才能收稿。", hint="在浏览器里登录，在“收稿”一页选这些文件。")
    return f"{address}?next={quote(visit.post('/intake', token[1], files), safe='')}"


class _Visit:
    """Requests of one visitor, who opened the printed address first."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host = parts.netloc
        self._cookies: SimpleCookie = SimpleCookie()
        self._ask("GET", parts.path)

    def get(self, path: str) -> str:
        """The text of a page; "" where there is another answer."""
        answer, text = self._ask("GET", path)
        return text if answer.status == 200 else ""

    def post(self, path: str, token: str, files: list[Path]) -> str:
        """Sends the files; where the answer leads to, else the page itself."""
        boundary = secrets.token_hex(16)
        parts = [_part(boundary, 'name="token"', token.encode())]
        parts += [_file(boundary, file) for file in files]
        body = b"".join([*parts, f"--{boundary}--\r\n".encode()])
        answer, _ = self._ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
        if answer.status not in (302, 303):
            raise UsageError("这些文件没有收进去。", hint="在“收稿”一页再选一次，那里会说明原因。")
        return answer.getheader("Location") or path

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, str]:
        connection = http.client.HTTPConnection(self._host, timeout=_SECONDS)
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in self._cookies.items())
        try:
            connection.request(method, path, body, {"Cookie": cookie} | (headers or {}))
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for given in answer.msg.get_all("Set-Cookie", []):
            self._cookies.load(given)
        return answer, text


def _file(boundary: str, file: Path) -> bytes:
    try:
        content = read_patiently(reachable(file))
    except OSError as error:
        reason = "是文件夹" if file.is_dir() else "读不到，可能正被别的程序（如 Word）占用"
        raise ReadError(f"{file.name}：{reason}", hint="文件夹里的请全部选中再拖；占用的先关闭那个程序") from error
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    name = file.name.replace('"', "%22")
    return _part(boundary, f'name="file"; filename="{name}"\r\nContent-Type: {kind}', content)


def _part(boundary: str, head: str, content: bytes) -> bytes:
    return f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
