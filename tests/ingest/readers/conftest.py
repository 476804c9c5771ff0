"""What the tests of single formats share."""

from __future__ import annotations

import pytest

from archive.support.libreoffice import LibreOffice


@pytest.fixture(scope="session")
def office() -> LibreOffice:
    """The LibreOffice of this machine."""
    found = LibreOffice.find()
    if found is None:
        pytest.skip("LibreOffice (soffice) is not installed: old Word formats cannot be converted")
    return found
