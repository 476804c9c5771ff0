"""What programs that were installed on a Windows say of themselves."""

from __future__ import annotations

import sys
from contextlib import suppress


def values(key: str) -> list[str]:
    """The texts that stand as the value of a key without a name: of the user, then of the computer, 64 and 32 bits.

    Empty on other systems, and where there is nothing of the kind.
    """
    found: list[str] = []
    if sys.platform == "win32":
        import winreg

        for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
            for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):
                with suppress(OSError), winreg.OpenKey(root, key, 0, winreg.KEY_READ | view) as opened:
                    value, kind = winreg.QueryValueEx(opened, "")
                    if kind in (winreg.REG_SZ, winreg.REG_EXPAND_SZ) and value and value not in found:
                        found.append(value)
    return found
