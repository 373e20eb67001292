"""What proving costs, each figure beside what it is measured against, in one run: make bench.

A ledger of a million entries is made once, in build/bench; then: sealing against recording, verifying in full against
reading and hashing the same bytes in a bare loop, signing, a proof from cold. Seconds are those of the process's own
work, unless they are told to be of the clock.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from statistics import median

from domain.entry import Draft
from domain.records import NoteAdded
from domain.samples import EVIDENCE
from ledger import folder
from ledger.application import Ledger
from ledger.creation import create
from ledger.store import file
from ledger.store.dcb import DCBEvent
from ledger.store.sqlite import SQLiteRecorder
from ledger.transparency import note
from ledger.transparency.checkpointing import take
from ledger.transparency.envelope import Stored
from ledger.transparency.keys import Keyring
from ledger.transparency.note import VerifierKey
from ledger.transparency.proving import checkpoint_of, entry_at, inclusion
from ledger.transparency.sealing import read_head, seal
from ledger.transparency.verification import Subject, Verification

ENTRIES = 1_000_000
PART = 100_000
ROUNDS = 100
BATCH = 2_000
FEW = 7
TURNS = 2
BENCH = Path(__file__).parents[1] / "build/bench"
MILLION = BENCH / "million.ledger"


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


def said(number: int) -> NoteAdded:
    """A note, one of many."""
    return NoteAdded.model_validate_json(
        json.dumps({"text": f"The page was looked at, and had not changed: {number}."})
    )


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def timed(action: Callable[[], object]) -> float:
    """Seconds of the process's own work."""
    begun = time.process_time()
    action()
    return time.process_time() - begun


def made() -> None:
    """Make the ledger of a million entries, and tell what recording and sealing them in parts took.

    Each run adds to it; it is made anew when it is a twentieth too large for its name.
    """
    target = MILLION
    if target.exists() and (head := read_head(target / "log")) and head.size <= ENTRIES * 21 // 20:
        return
    shutil.rmtree(target, ignore_errors=True)
    town = create(target, origin="ledger.example.org/million")
    recorder, recording, sealing = SQLiteRecorder(town.entries), 0.0, 0.0
    for start in range(0, ENTRIES, PART):
        recording += timed(lambda start=start: recorder.append(map(event, range(start + 1, start + PART + 1))))
        sealing += timed(lambda: seal(town.log, town.origin, town.settings_digest, Rows(recorder)))
    one, seal_one = recording / ENTRIES * 1e6, sealing / ENTRIES * 1e6
    print(f"bare appends in parts of {PART:,}: {one:.1f} us an entry; sealing them {seal_one:.1f} us")
    recorder.close()


def bare(town: folder.Folder) -> None:
    """Read and hash the bytes of every entry, every tag and every file of the log, and do nothing else."""
    for path in town.log.rglob("*"):
        if path.is_file():
            sha256(path.read_bytes()).digest()
    with closing(file.connect_raw(town.entries)) as connection:
        for _, _, tags, data in connection.execute("SELECT position, type, tags, data FROM entries"):
            sha256(data).digest()
            sha256(tags.encode()).digest()
        for row in connection.execute("SELECT tag, type, position FROM tags"):
            hash(row)


def verify(town: folder.Folder, key: VerifierKey) -> None:
    """Verify the ledger in full."""
    subject = Subject(town.path, town.origin, town.settings_digest, town.entries, town.personal)
    verification = Verification(subject, vkeys=[key])
    found = [one for one in verification.findings() if one.gravity != "told"]
    if found or verification.report.size < ENTRIES:
        sys.exit(f"it should verify: {found[:3]}")


def one_by_one(town: folder.Folder) -> None:
    """Record a hundred entries one at a time, as a clerk does, and seal each: what the clock says of both.

    The ledger grows by them. A copy that is removed afterwards would cost the next run: ext4 makes new files slowly
    where thousands were removed within the last minutes.
    """
    salts = map("{:032x}".format, count())
    ledger = Ledger(lambda: SQLiteRecorder(town.entries), clerk="clerk-7", clock=now, salt=lambda: next(salts))
    recording, sealing = [], []
    head = read_head(town.log)
    start = head.position if head else 0  # nothing is told twice
    for number in range(start, start + ROUNDS):
        for times, action in ((recording, ledger.record), (sealing, None)):
            begun = time.perf_counter()
            if action:
                action([Draft(said(number), (EVIDENCE,))])
            else:
                seal(town.log, town.origin, town.settings_digest, ledger)
            times.append(time.perf_counter() - begun)
    civic = Path(sys.executable).with_name("civic")
    words = [civic, "record", "note-added", "-y", "-q", "-L", town.path, "--text"]
    commands = []
    for number in range(FEW):
        begun = time.perf_counter()
        subprocess.run([*words, f"By hand: {start + number}."], check=True, capture_output=True)
        commands.append(time.perf_counter() - begun)
    drafts = [Draft(said(start + ROUNDS + number), (EVIDENCE,)) for number in range(BATCH)]
    begun = time.perf_counter()
    ledger.record(drafts)
    batch = time.perf_counter() - begun
    begun = time.perf_counter()
    seal(town.log, town.origin, town.settings_digest, ledger)
    sealed = time.perf_counter() - begun
    ledger.close()
    one, its_seal = median(recording), median(sealing)
    print(
        f"recording one: {one * 1e3:.2f} ms of the clock; sealing it {its_seal * 1e3:.2f} ms: {its_seal / one:.0%} more"
    )
    command = median(commands)
    print(f"civic record: {command * 1e3:.0f} ms of the clock; sealing adds {its_seal / (command - its_seal):.1%}")
    print(f"recording {BATCH:,} at once: {batch:.2f} s; sealing them {sealed:.2f} s: {sealed / batch:.0%} more")


def keyring_of(town: folder.Folder) -> Keyring:
    """The key of the ledger, made when it is first asked for."""
    keyring = Keyring(BENCH / "keys", town.origin, lambda _: b"")
    if not keyring.path.exists():
        keyring.make()
    return keyring


def sign(town: folder.Folder) -> None:
    """Take a checkpoint of the whole, tiles and leaves brought to the disk."""
    with closing(SQLiteRecorder(town.entries, read_only=True)) as recorder:
        begun = time.perf_counter()
        keyring = keyring_of(town)
        take(town.log, town.origin, town.settings_digest, Rows(recorder), keyring, lambda _, __: None)
        print(f"civic checkpoint: {time.perf_counter() - begun:.1f} s of the clock")


def verifying(town: folder.Folder) -> None:
    """Verify in full, and beside it read and hash the same bytes in a bare loop: in turns, the best of each."""
    key = note.verifier_of(keyring_of(town).load(), town.origin)
    whole = timed(lambda: verify(town, key))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    reading = timed(lambda: bare(town))
    for _ in range(TURNS):
        whole = min(whole, timed(lambda: verify(town, key)))
        reading = min(reading, timed(lambda: bare(town)))
    print(f"verify {whole:.1f} s, bare loop {reading:.1f} s: {whole / reading:.2f} times; {memory:.0f} MiB at most")


def cold(town: folder.Folder) -> None:
    """Prove that an entry is in the log, as the first thing that a process does."""

    def prove() -> None:
        entry = entry_at(town.entries, f"position:{ENTRIES // 3}")
        inclusion(town.log, entry, checkpoint_of(town.log))

    print(f"a proof from cold: {timed(prove) * 1e3:.1f} ms")


STEPS = {"one-by-one": one_by_one, "sign": sign, "verify": verifying, "prove": cold}
"""By name: what is measured, each in a process of its own."""


def main() -> None:
    """Measure, and print."""
    if len(sys.argv) > 1:
        STEPS[sys.argv[1]](folder.open_folder(MILLION))
        return
    BENCH.mkdir(parents=True, exist_ok=True)
    made()
    for step in STEPS:
        subprocess.run([sys.executable, __file__, step], check=True)


if __name__ == "__main__":
    main()
