"""By which names the pages are reached, and whether over TLS only."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """`names` are host names and addresses, lower case, beside those of this machine; `*.` before one stands for one
    part more. `secure`: nothing is answered that did not come over TLS.
    """

    names: tuple[str, ...] = ()
    secure: bool = False

    def covers(self, host: str) -> bool:
        """Whether a host (a name or an address, IPv6 with or without brackets) is one of these, or this machine."""
        bare = host.strip("[]").lower().rstrip(".")
        return is_loopback(bare) or bare in self.names or f"*.{bare.partition('.')[2]}" in self.names


HERE = Site()
"""This machine alone."""


def is_loopback(host: str) -> bool:
    """Whether `host` (a name or an address, IPv6 with or without brackets) can only mean this machine."""
    bare = host.strip("[]").lower().rstrip(".")
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False
