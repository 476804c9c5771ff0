"""Headless Chromium before a running server, for every test that drives a browser."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from selenium.common.exceptions import NoSuchElementException, WebDriverException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.command import Command
from selenium.webdriver.support.wait import WebDriverWait

from web.cli.server import bind

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
needs_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="chromium and chromedriver are not installed (apt install chromium chromium-driver)",
)

# Reduced motion, because a click in the middle of a smooth scroll misses.
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-default-apps", "--disable-sync", "--no-first-run", "--force-prefers-reduced-motion",
)  # fmt: skip
WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}


class PatientChrome(Chrome):
    """Looks for one element until it is there: a click that sends a form may return before the page it leads to."""

    def execute(self, driver_command: Any, params: Any = None) -> Any:
        patience = 20.0 if driver_command in (Command.FIND_ELEMENT, Command.FIND_CHILD_ELEMENT) else 0
        end = time.monotonic() + patience
        while True:
            try:
                return super().execute(driver_command, params)
            except NoSuchElementException:
                if time.monotonic() >= end:
                    raise
                time.sleep(0.05)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of a server of the pages, without its final slash, while the block runs."""
    server = bind(app, port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server.address.rstrip("/")
    finally:
        server.close()
        thread.join(10)


@contextmanager
def chromium(
    profile: Path,
    *,
    scripts: bool = True,
    preferences: Mapping[str, object] | None = None,
    logs: Mapping[str, str] | None = None,
) -> Iterator[Chrome]:
    """A browser of desk width with an empty profile in the folder; JavaScript is on or off in all of it."""
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (*ARGUMENTS, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    allowed = {"profile.managed_default_content_settings.javascript": 1 if scripts else 2}
    options.add_experimental_option("prefs", {**allowed, **(preferences or {})})
    if logs:
        options.set_capability("goog:loggingPrefs", dict(logs))
    driver = PatientChrome(options=options, service=Service(DRIVER))
    try:
        sized(driver, *WIDTHS["desk"])
        yield driver
    finally:
        driver.quit()


def sized(driver: Chrome, width: int, height: int = 900) -> Chrome:
    """The browser as a window of so many pixels; one under 500 wide is a phone."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    return driver


def wait(driver: Chrome, ready: Callable[[], object], seconds: float = 60, why: str = "") -> None:
    """Asks until the answer is true; `why` is told when the time is over.

    Chromium says in several ways, one of them an unknown error, that a node belongs to the page before. So any
    complaint of the browser means: not yet.
    """
    WebDriverWait(driver, seconds, 0.05, (WebDriverException,)).until(lambda _: ready(), why)
