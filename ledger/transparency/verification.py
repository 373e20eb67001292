"""Verification: whether the entries are those that were sealed and signed - and what could not be proved.

It reads every byte, shares no code with what writes the log, and never raises for what it reads: whatever is wrong is a
finding. Only a checkpoint that was kept somewhere else can show that history was not rewritten as a whole; without one,
no verification says so.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from ledger.store.errors import StoreError
from ledger.transparency import note, raw_book
from ledger.transparency.details import Details
from ledger.transparency.envelope import NoEntry, leaf, leaf_and_moment
from ledger.transparency.finding import Finding
from ledger.transparency.keys import is_rotation
from ledger.transparency.log_files import LogFiles
from ledger.transparency.tiles import WIDTH, TileLost, read_tile
from ledger.transparency.tree import WholeTree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.transparency.note import Checkpoint, VerifierKey

HASH: Final = 32
"""Bytes."""

_MASK: Final = 2**64 - 1
ABSENT: Final = bytes(HASH)
"""Stands for the leaf of an entry that is not there or cannot be read; no hash is known to be this."""

_SPECIAL: Final = (b"key-", b"ledger-restored/", b"detail-redacted/")
"""How the types of entries begin that say how others are to be judged."""

OUTSIDE: Final = "outside"
"""Where a checkpoint comes from that was handed to the verifier."""


LOG: Final = "log"
"""Where a checkpoint comes from that lies in the folder."""

_TRUST: Final = {LOG: 0, "machine": 1, OUTSIDE: 2}
"""By place: the less it is in the hands of whoever has the folder, the more."""

NEWEST: Final = "log/checkpoint"


@dataclass(frozen=True, slots=True)
class Witness:
    """A checkpoint against which the entries are held."""

    name: str
    """What it is called in a sentence."""
    place: str
    """log, machine or outside: who could have changed it together with the entries."""
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Subject:
    """What is verified."""

    folder: Path
    origin: str
    settings: str
    """The SHA-256 (hex) of ledger.toml as it is."""
    entries: Path
    personal: Path


@dataclass(slots=True)
class Report:
    """What a verification came to."""

    size: int = 0
    """How many entries were read."""
    root: bytes = b""
    against: list[str] = field(default_factory=list)
    """What the entries were held against and agree with, in sentences."""
    unproved: list[str] = field(default_factory=list)
    """What was not proved, in sentences."""
    proved: bool = False
    """Whether a checkpoint from outside vouches for what was read."""
    altered: bool = False
    """Whether anything is not what it was."""


@dataclass(slots=True)
class _Entries:
    """What the pass over the entries gathers."""

    leaves: bytearray = field(default_factory=bytearray)
    absent: set[int] = field(default_factory=set)
    """The indices of those that are gone or cannot be read."""
    keys: list[VerifierKey] = field(default_factory=list)
    details: Details = field(default_factory=Details)
    restored: list[tuple[int, str, int, str]] = field(default_factory=list)
    """Where the ledger was restored: the position that says so, the former origin, the size and root (base64) then."""
    rows: int = 0
    sum: int = 0
    """What `raw_book.RawBook.tag_sum` must come to: rows, and the hashes of them."""


class Verification:
    """One reading of a ledger folder, held against the checkpoints that are known of it."""

    def __init__(
        self,
        subject: Subject,
        witnesses: Sequence[Witness] = (),
        vkeys: Sequence[VerifierKey] = (),
        *,
        since: int = 0,
        watch: Callable[[int, int], None] = lambda done, whole: None,  # noqa: ARG005 - nobody watches
    ) -> None:
        self.subject = subject
        self.witnesses = witnesses
        self.vkeys = vkeys
        self.since = since
        """How many of the first entries are taken from the log, unread."""
        self.watch = watch
        self.report = Report()
        self._entries = _Entries()

    def findings(self) -> Iterator[Finding]:
        """All that is found, as it is found; afterwards `report` is complete."""
        for finding in self._found():
            self.report.altered = self.report.altered or finding.gravity == "altered"
            yield finding

    def _found(self) -> Iterator[Finding]:
        try:
            with raw_book.opened(self.subject.entries) as book:
                yield from self._safely(book.schema(), self.subject.entries)
                yield from self._safely(self._read(book), self.subject.entries)
                yield from self._safely(self._tags(book), self.subject.entries)
        except (StoreError, sqlite3.Error, OSError) as error:
            kind = raw_book.explained_kind(error)
            yield Finding(kind, None, str(error))
            self.report.unproved.append("the entries could not be read")
            return
        tree = WholeTree(self._entries.leaves)
        self.report.size, self.report.root = tree.size, tree.root(tree.size)
        log = LogFiles(self.subject.folder / "log", self.subject.origin, self.subject.settings)
        try:
            yield from log.findings(tree, self._entries.absent)
        except OSError as error:
            yield Finding("UNAVAILABLE", None, f"log: {error}")
        yield from self._entries.details.findings(self.subject.personal)
        yield from self._restored(tree)
        yield from self._checkpoints(tree, log)

    def _safely(self, found: Iterator[Finding], path: Path) -> Iterator[Finding]:
        """What a damaged database says in the middle of a reading is a finding too."""
        try:
            yield from found
        except (*raw_book.UNREADABLE, StoreError) as error:
            yield Finding("PAGES-DAMAGED", None, f"{path.name}: {error}")

    def _read(self, book: raw_book.RawBook) -> Iterator[Finding]:
        told: list[Finding] = []
        gathered = self._entries
        yield from self._taken_from_log(book)
        clock, expected = b"", self.since + 1
        leaves, rows, total = gathered.leaves, 0, 0
        for position, type_, tags, data in book.rows(self.since, told.append):
            if told:
                yield from _drained(told)
            if position > expected:
                yield from self._gap(expected, position - 1)
            expected = position + 1
            names = sorted(tags.split(b"\n"))
            count, summed = raw_book.row_sum(position, type_, names)
            rows, total = rows + count, total + summed
            try:
                made, recorded, apart = leaf_and_moment(position, type_, b"\n".join(names), data)
            except NoEntry as error:
                yield Finding("UNREADABLE", position, str(error))
                gathered.absent.add(position - 1)
                leaves += ABSENT
                continue
            leaves += sha256(b"\x00" + made).digest()
            if recorded < clock:
                yield Finding("CLOCK-BACK", position, f"it was {recorded.decode()} after {clock.decode()}")
            clock = recorded
            if apart or type_.startswith(_SPECIAL):
                yield from self._noted(position, type_.decode(), data)
            if position % raw_book.PAGE == 0:
                self.watch(position, book.head)
        yield from _drained(told)
        gathered.rows, gathered.sum = rows, total & _MASK
        if expected <= book.head:
            yield from self._gap(expected, book.head)
        self.watch(book.head, book.head)

    def _taken_from_log(self, book: raw_book.RawBook) -> Iterator[Finding]:
        """The hashes of the entries that are not to be read again; those that tell of keys are read all the same."""
        self.since = min(self.since, book.head)
        if not self.since:
            return
        log = self.subject.folder / "log"
        try:
            for number in range((self.since + WIDTH - 1) // WIDTH):
                self._entries.leaves += read_tile(log, 0, number, min(WIDTH, self.since - number * WIDTH))
        except TileLost:  # told with all that are lost; or the log does not reach so far, and that is no fault
            self._entries.leaves.clear()
            self.since = 0
            return
        self.report.unproved.append(
            f"the bytes of entries 1 to {self.since}: only their hashes were taken from the log"
        )
        for position, type_, tags, data in book.special(self.since):
            sealed = bytes(self._entries.leaves[(position - 1) * HASH : position * HASH])
            if _hash_of(position, type_, tags, data) != sealed:
                yield Finding("ALTERED", position, "it is not what was sealed")
            else:
                yield from self._noted(position, type_.decode(), data)

    def _gap(self, first: int, last: int) -> Iterator[Finding]:
        """Positions that no readable entry has."""
        self._entries.absent.update(range(first - 1, last))
        self._entries.leaves += ABSENT * (last - first + 1)
        which = f"entry {first} is" if first == last else f"entries {first} to {last} are"
        yield Finding("GAP", first, f"{which} not there, or cannot be read")

    def _noted(self, position: int, type_: str, data: bytes) -> Iterator[Finding]:
        """Keys, personal details and their redactions, as the entries tell them."""
        gathered = self._entries
        try:
            stored = json.loads(data)
            event, name = stored["event"], type_.partition("/")[0]
            gathered.details.note(position, stored, name)
            if name == "key-introduced":
                if gathered.keys:
                    yield Finding(
                        "KEY-REPLACED", position, f"a key of {event['vkey'].split('+')[0]} was introduced anew"
                    )
                gathered.keys.append(note.parse_key(event["vkey"]))
            elif name == "ledger-restored":
                gathered.restored.append((position, event["former"], int(event["size"]), event["root"]))
            elif name == "key-rotated":
                if not is_rotation(event):
                    yield Finding("KEY-FORGED", position, "the change of keys is not signed by both")
                    return
                if gathered.keys and note.parse_key(event["former"]) not in gathered.keys:
                    yield Finding("KEY-REPLACED", position, "the key that it replaces was never introduced")
                gathered.keys.append(note.parse_key(event["vkey"]))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            yield Finding("UNREADABLE", position, f"it cannot be read as {type_}: {error}"[:300])

    def _tags(self, book: raw_book.RawBook) -> Iterator[Finding]:
        count, total = book.tag_sum(self.since)
        if (count, total) != (self._entries.rows, self._entries.sum):
            found = list(book.mistagged(self.since))
            yield from found or [Finding("TAGS-ALTERED", None, "the index of tags does not agree with the entries")]

    def _restored(self, tree: WholeTree) -> Iterator[Finding]:
        """Hold what was restored against the root that the entry names which says so."""
        for position, former, size, root in self._entries.restored:
            if size < position and note.to_base64(tree.root(size)) == root:
                yield Finding("RESTORED", position, f"it went on from {_entries(size)} of {former}")
            else:
                yield Finding(
                    "REWRITTEN", 1, f"the first {size} entries are not those of {former} that entry {position} names"
                )

    def _checkpoints(self, tree: WholeTree, log: LogFiles) -> Iterator[Finding]:
        """Hold the entries against every checkpoint that is known."""
        keys = [*self.vkeys, *self._entries.keys]
        believed: list[tuple[Witness, set[VerifierKey]]] = []
        for witness in (*(Witness(name, LOG, one) for name, one in log.checkpoints), *self.witnesses):
            yield from self._believed(witness, keys, believed)
        kept = {one.checkpoint.note.text for one, _ in believed if one.place == LOG and one.name != NEWEST}
        if any(one.name == NEWEST and one.checkpoint.note.text not in kept for one, _ in believed):
            yield Finding("CHECKPOINT-MISSING", None, f"{NEWEST} is not kept in log/checkpoints")
        if not believed and not log.checkpoints:
            self.report.unproved.append("nothing was signed yet: civic checkpoint")
        agreeing = [
            (witness, signers)
            for witness, signers in believed
            if witness.checkpoint.size <= tree.size and tree.root(witness.checkpoint.size) == witness.checkpoint.root
        ]
        disagreeing: dict[str, list[Witness]] = {}
        for witness, _ in believed:
            if all(witness is not one for one, _ in agreeing):
                disagreeing.setdefault(witness.checkpoint.note.text, []).append(witness)
        for witnesses in disagreeing.values():
            yield from self._contradicted(witnesses, tree, log, [one for one, _ in agreeing])
        yield from _split_views(believed, agreeing)
        self._conclude(tree, agreeing)

    def _believed(
        self, witness: Witness, keys: Sequence[VerifierKey], believed: list[tuple[Witness, set[VerifierKey]]]
    ) -> Iterator[Finding]:
        """Take a checkpoint as a witness if it is of this ledger, and nobody's signature in it is forged."""
        own = witness.checkpoint
        formers = {former: (size, position) for position, former, size, _ in self._entries.restored}
        size, position = formers.get(own.origin, (0, 0))
        if position and own.size > size:
            lost = f"entries {size + 1} to {own.size} of {own.origin}, which {witness.name} vouches for, were lost"
            yield Finding("TRUNCATED", position, f"{lost} when it was restored")
            return
        if own.origin != self.subject.origin and not position:
            yield Finding(
                "CHECKPOINT-FOREIGN", None, f"{witness.name} is of {own.origin}, this ledger is {self.subject.origin}"
            )
            return
        try:
            signers = set(own.note.verified(keys))
        except note.Forged as error:
            yield Finding("CHECKPOINT-FORGED", None, f"{witness.name}: {error}")
            return
        if not signers and (own.note.signatures or witness.place != OUTSIDE):
            named = ", ".join(dict.fromkeys(f"{one.name}+{one.key_id.hex()}" for one in own.note.signatures))
            kind = "SIGNER-UNKNOWN" if witness.place == OUTSIDE else "KEY-UNKNOWN"
            yield Finding(kind, None, f"{witness.name} is signed by {named or 'nobody'}, which nothing here names")
            return
        believed.append((witness, signers))

    def _contradicted(
        self, witnesses: Sequence[Witness], tree: WholeTree, log: LogFiles, agreeing: Sequence[Witness]
    ) -> Iterator[Finding]:
        """What a checkpoint says against the entries, wherever it is kept."""
        own, names = witnesses[0].checkpoint, " and ".join(one.name for one in witnesses)
        sealed = log.root(own.size) == own.root  # then each entry that differs from the log was named
        # Whoever has the key could sign anew what lies in the folder; it bounds nothing that is known from elsewhere.
        trust = max(_TRUST[one.place] for one in witnesses)
        bounds = (one.checkpoint.size for one in agreeing if _TRUST[one.place] >= trust)
        first = max((size for size in bounds if size < own.size), default=0) + 1
        if own.size > tree.size:
            gone = "entry" if own.size == tree.size + 1 else f"entries {tree.size + 1} to"
            are = "is" if own.size == tree.size + 1 else "are"
            yield Finding("TRUNCATED", tree.size + 1, f"{gone} {own.size} {are} gone: vouched for by {names}")
            if first <= tree.size and not sealed:
                self.report.unproved.append(
                    f"entries {first} to {tree.size}: {names} vouches for them only together with those that are gone"
                )
        elif first <= own.size and not sealed:
            among = (
                f"among entries {first} to {own.size} are others than those"
                if first < own.size
                else "it is not the one"
            )
            yield Finding("REWRITTEN", first if first == own.size else None, f"{among} vouched for by {names}")

    def _conclude(self, tree: WholeTree, agreeing: Sequence[tuple[Witness, set[VerifierKey]]]) -> None:
        report = self.report
        outside, told = 0, dict[str, list[str]]()
        for witness, signers in agreeing:
            own = witness.checkpoint
            by = ", ".join(sorted(f"{key.name}+{key.id.hex()}" for key in signers)) or "nobody: you vouch for it"
            told.setdefault(f"{_entries(own.size)}, signed by {by}", []).append(witness.name)
            if witness.place == OUTSIDE and own.size:
                report.proved = True
                outside = max(outside, own.size)
        report.against += [f"{' and '.join(names)}: {sentence}" for sentence, names in told.items()]
        if not report.proved:
            report.unproved.append(
                "that history was not rewritten as a whole: no checkpoint from outside was given that vouches for it"
            )
        elif outside < tree.size:
            one = tree.size == outside + 1
            tail = f"entry {tree.size}: it" if one else f"entries {outside + 1} to {tree.size}: they"
            report.unproved.append(f"{tail} came after the checkpoint given")
        if report.proved and not any(key in self.vkeys for _, signers in agreeing for key in signers):
            report.unproved.append(
                "who signed: the key is the one that the ledger itself names; give --vkey to be sure"
            )


def _split_views(
    believed: Sequence[tuple[Witness, set[VerifierKey]]], agreeing: Sequence[tuple[Witness, set[VerifierKey]]]
) -> Iterator[Finding]:
    """Two checkpoints by one key, of which one agrees with the entries and the other, within them, does not."""
    for witness, signers in believed:
        if any(witness is one for one, _ in agreeing):
            continue
        for other, others in agreeing:
            both = signers & others
            if both and other.checkpoint.size >= witness.checkpoint.size:
                key = min(both, key=str)
                yield Finding(
                    "SPLIT-VIEW", None, f"{key.name}+{key.id.hex()} signed {witness.name} and, against it, {other.name}"
                )
                break


def _hash_of(position: int, type_: bytes, tags: bytes, data: bytes) -> bytes | None:
    """The hash of an entry's leaf; None for what is no entry."""
    try:
        return sha256(b"\x00" + leaf(position, type_, b"\n".join(sorted(tags.split(b"\n"))), data)).digest()
    except NoEntry:
        return None


def _drained(told: list[Finding]) -> Iterator[Finding]:
    yield from told
    told.clear()


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
