"""How long a harvest of everything takes: python tests/bench/harvest.py LIBRARY (a copy; it is opened as usual).

Asked by sickle over HTTP, once in Dublin Core and once in MODS; printed are records, seconds by the clock, processor
seconds of both sides together, and how many texts that anybody may read were not met, or met twice.
"""

from __future__ import annotations

import platform
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from sickle import Sickle

from archive.library import Library
from archive.model.accounts import public_reader
from tests.web.browser import served
from web.base import rates
from web.edition.reading_room import create_room


def main(root: Path) -> None:
    """Harvest twice."""
    print(f"{platform.platform()}, Python {platform.python_version()}")
    with Library.open(root) as library, tempfile.TemporaryDirectory() as folder:
        session = library.session(public_reader())
        wanted = {each.id for known in session.collections() for each in session.listing(known.id)}
        app = create_room(Path(folder), library)
        rates.attach(app, 10**9)  # which is not what is measured
        with served(app) as address:
            for prefix in ("oai_dc", "mods"):
                clock, processor = time.perf_counter(), time.process_time()
                records = Sickle(f"{address}/oai").ListRecords(metadataPrefix=prefix, ignore_deleted=True)
                met = Counter(each.header.identifier.rpartition(":")[2] for each in records)
                print(
                    f"{prefix}: {met.total():,} records, {time.perf_counter() - clock:.1f} s, "
                    f"{time.process_time() - processor:.1f} s of processor time; "
                    f"{len(wanted - met.keys())} missed, {len(met.keys() - wanted)} too many, "
                    f"{sum(count > 1 for count in met.values())} twice"
                )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
