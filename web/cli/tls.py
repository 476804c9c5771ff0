"""TLS within the server of waitress, which has none: connections wrapped by the standard library, never blocking.

Who begins in plain HTTP is led to the same address with https.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.model.errors import ConfigError
from web.cli.connections import Channel
from web.cli.refusals import Elsewhere

_HANDSHAKE = b"\x16"  # the first byte of every TLS connection
_RECORD = 1 << 15  # more than one record holds: nothing read is left inside, where select does not see it
_HOST = re.compile(r"[0-9A-Za-z.\-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")
_SOON = 30  # days
_RENEW = "用 wenshi certificate 做一张新的，再启动。"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that the server shows, ready for use, with the names it is for."""

    context: ssl.SSLContext
    names: tuple[str, ...]
    until: datetime

    @property
    def warning(self) -> str:
        """What to say of its end; "" where that is far off."""
        days = (self.until - datetime.now(UTC)).days
        return f"证书还有 {days} 天到期（{self.until:%Y-%m-%d}）。到期以前{_RENEW}" if days < _SOON else ""


def certificate(file: Path, key: Path) -> Certificate:
    """Read a certificate (PEM, with what signed it after it) and its key. ConfigError says what is wrong with them."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    for one, what in ((file, "证书"), (key, "证书的私钥")):
        if not one.is_file():
            hint = "看看路径是否写对；还没有证书，先运行 wenshi certificate。"
            raise ConfigError(f"没有{what}文件。", place=str(one), hint=hint)
    try:
        context.load_cert_chain(file, key, password=_no_password)
        names, begins, until = _told(file.read_bytes())
    except (ssl.SSLError, OSError, ValueError) as failure:
        hint = "两个都要是 PEM 格式（BEGIN 开头的文字），私钥不加密码，而且是一对。也可以用 wenshi certificate 另做。"
        raise ConfigError("证书和私钥用不了。", place=f"{file}、{key}", hint=hint) from failure
    now = datetime.now(UTC)
    if not begins <= now < until:
        raise ConfigError(
            f"证书的有效期是 {begins:%Y-%m-%d} 到 {until:%Y-%m-%d}，今天（{now:%Y-%m-%d}）不在里面，浏览器会拒绝。",
            place=str(file),
            hint=f"先看这台电脑的日期对不对；证书真的过期了，{_RENEW}",
        )
    if not names:
        raise ConfigError("证书里没有写是哪个名称或地址的，浏览器不认。", place=str(file), hint=_RENEW)
    return Certificate(context, names, until)


def _told(pem: bytes) -> tuple[tuple[str, ...], datetime, datetime]:
    """The names that a certificate is for, and from when until when it holds."""
    try:
        from cryptography import x509
    except ImportError:  # no wheels for this machine: see docs/dependencies.md
        hint = "请让 nginx 一类的代理来做，见 docs/office.md。"
        raise ConfigError("这台电脑上没有 cryptography，不能看证书。", hint=hint) from None
    found = x509.load_pem_x509_certificates(pem)[0]
    try:
        alternatives = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return (), found.not_valid_before_utc, found.not_valid_after_utc
    names = alternatives.get_values_for_type(x509.DNSName)
    addresses = map(str, alternatives.get_values_for_type(x509.IPAddress))
    return tuple(one.lower() for one in (*names, *addresses)), found.not_valid_before_utc, found.not_valid_after_utc


def _no_password() -> bytes:
    raise ValueError("a key with a password")


class SecureChannel(Channel):
    """A connection that begins with the handshake of TLS."""

    socket: Any
    _begun = False
    _to_write = False  # whether TLS waits until it can write before it can read

    def writable(self) -> bool:
        """Also when the handshake has something to say."""
        return self._to_write or bool(super().writable())

    def handle_write(self) -> None:
        """Goes on with the handshake first."""
        if self._to_write:
            self._to_write = False
            self.handle_read()
        else:
            super().handle_write()

    def handle_read(self) -> None:
        """Reads what one record holds; nothing, as long as there is none."""
        try:
            if not self._begun and not self._begin():
                return
            data = self.recv(_RECORD)
        except (ssl.SSLWantReadError, BlockingIOError):
            return
        except ssl.SSLWantWriteError:
            self._to_write = True
            return
        except OSError:  # no TLS, or none that both sides know
            self.handle_close()
            return
        if data:
            self.last_activity = time.time()
            self.received(data)
        else:
            self.connected = False

    def _begin(self) -> bool:
        first = self.socket.recv(1, socket.MSG_PEEK)
        if not first:
            self.handle_close()
            return False
        if first == _HANDSHAKE:
            # The number of the connection stays, by which waitress knows it.
            wrapped = self.server.tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
            wrapped.setblocking(False)
            self.socket = wrapped
        self._begun = True
        return True

    def send(self, data: bytes, do_close: bool = True) -> int:
        """How many bytes were taken; 0 where TLS has to wait."""
        try:
            return int(super().send(data, do_close))
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0

    def service(self) -> None:
        """Leads plain HTTP to the same address with https."""
        request = self.requests[0]
        if not isinstance(self.socket, ssl.SSLSocket) and not request.error:
            host = str(request.headers.get("HOST", ""))
            query = f"?{request.query}" if request.query else ""
            if _HOST.fullmatch(host):
                request.error = Elsewhere(f"https://{host}{request.path if request.path.isascii() else '/'}{query}")
        super().service()
