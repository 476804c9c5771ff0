"""How this program starts its own interpreter anew: always with the modules it has itself, whatever lies around."""

from __future__ import annotations

import sys

PYTHON = (sys.executable, "-I" if sys.flags.isolated else "-P", "-X", "utf8")
"""The interpreter that runs this, with its options. The folder somebody stands in is no place to look for modules; the
editions that bring an interpreter of their own (-I) heed no other Python's settings and modules either.
"""
PROGRAM = (*PYTHON, "-c", "from archive.cli.main import main; main()")
"""What `wenshi` is where no command is installed."""
