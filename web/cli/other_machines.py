"""While pages are served from several machines: what the office changes on one of them is soon the same on all."""

from __future__ import annotations

import logging
import threading

from archive.library import Library

_LOOKS = 2.0  # seconds between two looks
_log = logging.getLogger(__name__)


class OtherMachines:
    """Has the office's own files of a library agree with those of other machines, by a thread."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wenshi-machines", daemon=True)

    def start(self) -> None:
        """Look now and then until `end`; where there can be no other machine, once."""
        self._thread.start()

    def end(self) -> None:
        """Look no more; returns when it does not."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while self._library.agree() and not self._ended.wait(_LOOKS):
                pass
        except Exception:
            _log.exception("the office's own files are no longer compared with other machines")
