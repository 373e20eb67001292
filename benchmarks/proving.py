"""What proving costs, each figure beside what it is measured against, in one run: make bench.

A ledger of a million short entries is made once, in build/bench; then: sealing against recording, verifying in full against
reading and hashing the same bytes in a bare loop, a proof from cold.
"""

from __future__ import annotations

import json
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from ledger import folder
from ledger.store import file
from ledger.store.dcb import DCBEvent
from ledger.store.sqlite import SQLiteRecorder
from ledger.transparency.envelope import Stored
from ledger.transparency.sealing import seal
from ledger.transparency.verification import Subject, Verification

ENTRIES = 1_000_000
PART = 100_000
BENCH = Path(__file__).parents[1] / "build/bench"


class Rows:
    """Entries as the store gives them back, for sealing."""

    def __init__(self, recorder: SQLiteRecorder) -> None:
        self._recorder = recorder

    def stored(self, after: int = 0, limit: int | None = None) -> Iterator[Stored]:
        """The entries behind a position."""
        for one in self._recorder.read(after=after, limit=limit):
            yield Stored(one.position, one.event.type, one.event.tags, one.event.data)


def event(number: int) -> DCBEvent:
    """An entry as a clerk would record it, some 600 bytes long."""
    id_ = f"0190f7c2-a5b8-7c0d-9e0a-{number:012x}"
    stored = {
        "id": id_,
        "salt": f"{number:032x}",
        "recorded_at": "2026-01-01T00:00:00.000000Z",
        "recorded_by": "clerk-7",
        "evidence": [{"title": "Minutes of the Council", "grade": "official", "source": f"minutes-{number % 1000}a"}],
        "overrides": [],
        "event": {
            "by": f"town-{number % 5000}a",
            "on": "2022-03-22",
            "office": "Leader of the Council",
            "summary": "The Council heard what was said on the matter. " * 5,
            "about": [f"town-{number % 5000}a--ville-{number % 7000}b"],
        },
    }
    town, ville = f"town-{number % 5000}a", f"ville-{number % 7000}b"
    tags = [
        f"entry:{id_}",
        f"body:{town}",
        f"body:{ville}",
        f"link:{town}--{ville}",
        f"source:minutes-{number % 1000}a",
    ]
    return DCBEvent("statement-made/2", json.dumps(stored, separators=(",", ":")).encode(), tags)


def timed(action: Callable[[], object]) -> float:
    """Seconds of the process's own work."""
    begun = time.process_time()
    action()
    return time.process_time() - begun


def made() -> folder.Folder:
    """The ledger of a million entries, and what recording and sealing them in parts took."""
    target = BENCH / "million.ledger"
    if (target / "log/head").exists():
        return folder.open_folder(target)
    shutil.rmtree(target, ignore_errors=True)
    town = folder.create(target, origin="ledger.example.org/million")
    recorder, recording, sealing = SQLiteRecorder(town.entries), 0.0, 0.0
    for start in range(0, ENTRIES, PART):
        recording += timed(lambda start=start: recorder.append(map(event, range(start + 1, start + PART + 1))))
        sealing += timed(lambda: seal(town.log, town.origin, town.settings_digest, Rows(recorder)))
    print(
        f"bare appends in parts of {PART:,}: {recording / ENTRIES * 1e6:.1f} us an entry; sealing adds {sealing / ENTRIES * 1e6:.1f} us"
    )
    recorder.close()
    return town


def bare(path: Path) -> None:
    """Read and hash the bytes of every entry and tag, and do nothing else."""
    with closing(file.connect_raw(path)) as connection:
        for _, type_, tags, data in connection.execute("SELECT position, type, tags, data FROM entries"):
            sha256(type_.encode() + tags.encode() + data).digest()
        for tag, type_, position in connection.execute("SELECT tag, type, position FROM tags"):
            hash((tag, type_, position))
        connection.execute("PRAGMA integrity_check").fetchall()


def verify(town: folder.Folder) -> None:
    """Verify the ledger in full."""
    subject = Subject(town.path, town.origin, town.settings_digest, town.entries, town.personal)
    verification = Verification(subject)
    found = [one for one in verification.findings() if one.gravity != "told"]
    if found or verification.report.size != ENTRIES:
        sys.exit(f"it should verify: {found[:3]}")


def main() -> None:
    """Measure, and print."""
    BENCH.mkdir(parents=True, exist_ok=True)
    town = made()
    reading = timed(lambda: bare(town.entries))
    verifying = timed(lambda: verify(town))
    print(f"verify {verifying:.1f} s, bare loop {reading:.1f} s: {verifying / reading:.2f} times")
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at most")


if __name__ == "__main__":
    main()
