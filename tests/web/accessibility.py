"""What keeps somebody out of a page: found by axe, in light and dark; and a page that is wider than its window."""

from __future__ import annotations

from pathlib import Path

from selenium.webdriver import Chrome

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
# Panels that overlay the page stay closed: what they cover cannot be looked at.
UNFOLD = "document.querySelectorAll('details:not([name])').forEach((each) => (each.open = true))"
RUN = (
    "const done = arguments[1]; axe.run(arguments[0] ?? document, {resultTypes: ['violations']}).then((told) => done("
    "told.violations.map((each) => each.id + ': ' + each.nodes.slice(0, 4).map((node) => node.html + ' '"
    " + node.failureSummary).join(' '))))"
)


def faults(driver: Chrome, width: int, within: str | None = None) -> list[str]:
    """What is wrong with the page shown in a window of so many pixels, everything unfolded; `within` a selector."""
    driver.execute_script(UNFOLD)
    # Not the width that the window has now: a phone makes it larger for a page that does not fit.
    found = ["wider than the window"] if driver.execute_script("return document.body.scrollWidth") > width else []
    driver.execute_script(AXE)
    for scheme in ("light", "dark"):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        found += [f"{scheme}: {each}" for each in driver.execute_async_script(RUN, within)]
    return found
