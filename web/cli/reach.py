"""From where the pages may be opened: this computer alone, its network over TLS, or by way of a proxy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from archive.model.errors import UsageError
from web.base.site import HERE, Site, is_loopback
from web.cli.tls import Certificate, certificate

_STEPS = "先建账号：加 --accounts 启动一次，或运行 wenshi user add。再做证书：wenshi certificate。见 docs/office.md。"


@dataclass(frozen=True, slots=True)
class Reach:
    """`proxy` is the one address that requests may come from, "" for any; `site` is what the pages are told."""

    host: str = "127.0.0.1"
    certificate: Certificate | None = None
    proxy: str = ""
    site: Site = field(default=HERE)

    @property
    def local(self) -> bool:
        """Whether only this computer gets to the pages."""
        return is_loopback(self.host) and not self.proxy

    def require_accounts(self, there_are: bool) -> None:
        """Raise UsageError where others than this computer get to the pages, and nobody has to sign in."""
        if not self.local and not there_are:
            raise UsageError(
                "这个资料库还没有账号：向网络开放，就等于让能连上这台电脑的人都能读改全部材料。",
                hint="加 --accounts 启动，用打印的链接建管理员的账号；或先运行 wenshi user add。",
            )

    def address(self, port: int) -> str:
        """What people open."""
        if self.proxy:
            return f"https://{self.site.names[0]}/"
        unspecified = self.host.strip("[]") in ("0.0.0.0", "::", "")
        host = self.site.names[0].replace("*", "www") if unspecified and self.site.names else self.host.strip("[]")
        return f"{'https' if self.certificate else 'http'}://{f'[{host}]' if ':' in host else host}:{port}/"


def reach(
    host: str, file: Path | None, key: Path | None, proxy: str, names: Sequence[str], *, public: bool = False
) -> Reach:
    """From the options of the command line. What is `public` may be read on its way by anybody, and needs no
    certificate. Raises UsageError for what does not go together, ConfigError.
    """
    if bool(file) != bool(key):
        hint = "证书和它的私钥各是一个文件；还没有，先运行 wenshi certificate。"
        raise UsageError("--certificate 和 --key 要一起给。", hint=hint)
    if proxy:
        return _behind(host, file, proxy, names)
    if names:
        hint = "不用代理的，名称写在证书里：wenshi certificate --name 名称。"
        raise UsageError("--name 只和 --behind-proxy 一起用。", hint=hint)
    shown = certificate(file, key) if file and key else None
    if shown is None and not public and not is_loopback(host):
        raise UsageError(
            f"不能在 {host} 上提供服务：没有证书，密码和材料在网络上谁都能看到。",
            hint=f"{_STEPS}只在本机用，请用 --host 127.0.0.1（默认）。",
        )
    return Reach(host, shown, "", Site(shown.names, secure=True) if shown else HERE)


def _behind(host: str, file: Path | None, proxy: str, names: Sequence[str]) -> Reach:
    if file:
        raise UsageError("--behind-proxy 和 --certificate 不能一起用。", hint="用代理的，证书放在代理上。")
    try:
        trusted = str(ip_address(proxy.strip("[]")))
    except ValueError:
        hint = "例如代理就在这台电脑上：--behind-proxy 127.0.0.1。"
        raise UsageError(f"--behind-proxy 要写代理的地址，“{proxy[:60]}”不是。", hint=hint) from None
    if not names:
        hint = "写浏览器里打开的主机名，例如 --name wenshi.example.cn；有几个就给几次。"
        raise UsageError("用代理时要说明对外的主机名。", hint=hint)
    return Reach(host, None, trusted, Site(tuple(one.lower().strip("[]") for one in names), secure=True))
