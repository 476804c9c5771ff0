"""Backups made by themselves while the program runs: a thread that looks whether the next one is due."""

from __future__ import annotations

import logging
import threading

from flask import Flask, url_for

from archive.library import Library
from archive.model.access import Actor
from web.base import jobs
from web.base.job_queue import Job
from web.housekeeping import safekeeping_jobs

_LOOKS = 60.0  # seconds between two looks
_log = logging.getLogger(__name__)


class BackupSchedule:
    """Has the planned backups of a library made as jobs of its application."""

    def __init__(self, app: Flask, library: Library) -> None:
        self._app, self._library = app, library
        self._last: Job | None = None
        self._ended = threading.Event()

    def start(self) -> None:
        """Look now and then until `end`."""
        threading.Thread(target=self._run, name="wenshi-backups", daemon=True).start()

    def end(self) -> None:
        """Start none any more."""
        self._ended.set()

    def look(self) -> Job | None:
        """Start the next backup if it is due and none is being made; the job."""
        if not jobs.ours(self._app) or (self._last is not None and not self._last.over):
            return None
        if not self._library.session(Actor.local()).upkeep.backups.due():
            return None
        with self._app.test_request_context():
            back = url_for("safekeeping.desk")
            self._last = jobs.start(safekeeping_jobs.PLANNED, "自动备份", {}, back=back, then="safekeeping.backup_done")
        return self._last

    def _run(self) -> None:
        while not self._ended.wait(_LOOKS):
            try:
                self.look()
            except Exception:  # a disk that is away for a moment must not end all backups to come
                _log.exception("no look whether a backup is due")
