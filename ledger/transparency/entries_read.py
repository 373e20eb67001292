"""The entries as a verifier reads them: the hash of every leaf, and what some entries say of how to judge others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from ledger.disk import read
from ledger.transparency import note, raw_book
from ledger.transparency.details import Details
from ledger.transparency.envelope import NoEntry, leaf, leaf_and_moment
from ledger.transparency.finding import Finding
from ledger.transparency.keys import is_rotation
from ledger.transparency.tiles import WIDTH, TileLost, read_tile, tile_path, unbundled

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.transparency.note import VerifierKey

HASH: Final = 32
"""Bytes."""

ABSENT: Final = bytes(HASH)
"""Stands for the leaf of an entry that is not there or cannot be read; no hash is known to be this."""


@dataclass(slots=True)
class EntriesRead:
    """What one pass over the entries gathers."""

    log: Path
    since: int
    """How many of the first entries are taken from the log, unread."""
    watch: Callable[[int, int], None]
    leaves: bytearray = field(default_factory=bytearray)
    """The hashes of the leaves, one after the other."""
    absent: set[int] = field(default_factory=set)
    """The indices of those that are gone or cannot be read."""
    keys: list[VerifierKey] = field(default_factory=list)
    retired: dict[VerifierKey, int] = field(default_factory=dict)
    """The position of the entry that put a key out of use: it signs no longer for that entry or any behind it."""
    bundles: set[str] = field(default_factory=set)
    """The files below `log` that hold the very leaves of the entries they are of."""
    details: Details = field(default_factory=Details)
    earlier: int = 0
    """How many of the first entries were recorded before the moment of the newest, and so by another command."""
    keyed: int = 0
    """The position of the first entry that introduced a key; 0 where none did."""
    restored: list[tuple[int, str, int, str]] = field(default_factory=list)
    """Where the ledger was restored: the position that says so, the former origin, the size and root (base64) then."""
    _expected: int = 0
    """The position that comes next; 0 before anything was read."""
    _clock: bytes = b""
    """When the last entry read was recorded."""
    _indexed: raw_book.IndexSum = field(default_factory=raw_book.IndexSum)
    """Of the rows that the index of tags should have."""

    def findings(self, book: raw_book.RawBook) -> Iterator[Finding]:
        """Read every entry; what is wrong with one, or with its place, is found. Called again, it goes on."""
        told: list[Finding] = []
        if not self._expected:
            yield from self._taken_from_log(book)
            self._expected = self.since + 1
        clock, expected = self._clock, self._expected
        leaves, bundle = self.leaves, list[bytes]()
        rows = hashes = 0
        for position, type_, tags, data in book.rows(expected - 1, told.append):
            if told:
                yield from _drained(told)
            if position > expected:
                bundle.clear()
                yield from self._gap(expected, position - 1)
            expected = position + 1
            names = sorted(tags.split(b"\n"))
            for tag in {*names}:
                rows += 1
                hashes += hash((tag, type_, position))
            try:
                made, recorded, apart = leaf_and_moment(position, type_, b"\n".join(names), data)
            except NoEntry as error:
                yield Finding("UNREADABLE", position, str(error))
                self.absent.add(position - 1)
                leaves += ABSENT
                bundle.clear()
                continue
            leaves += sha256(b"\x00" + made).digest()
            bundle.append(made)
            if position % WIDTH == 0:
                self._hold(position // WIDTH - 1, bundle)
                bundle.clear()
            if recorded < clock:
                yield Finding("CLOCK-BACK", position, f"it was {recorded.decode()} after {clock.decode()}")
            if recorded != clock:
                self.earlier = position - 1
            clock = recorded
            if apart or _is_special(type_):
                yield from self._noted(position, type_.decode(), data)
            if position % raw_book.PAGE == 0:
                self.watch(position, book.head)
        yield from _drained(told)
        self._indexed.add(rows, hashes)
        if expected <= book.head:
            yield from self._gap(expected, book.head)
        self._clock, self._expected = clock, max(expected, book.head + 1)
        self.watch(book.head, book.head)

    def _taken_from_log(self, book: raw_book.RawBook) -> Iterator[Finding]:
        """The hashes of the entries that are not to be read again; those that tell of keys are read all the same."""
        self.since = min(self.since, book.head)
        if not self.since:
            return
        try:
            for number in range((self.since + WIDTH - 1) // WIDTH):
                self.leaves += read_tile(self.log, 0, number, min(WIDTH, self.since - number * WIDTH))
        except TileLost:  # told with all that are lost; or the log does not reach so far, and that is no fault
            self.leaves.clear()
            self.since = 0
            return
        for position, type_, tags, data in book.special(self.since):
            sealed = bytes(self.leaves[(position - 1) * HASH : position * HASH])
            if _hash_of(position, type_, tags, data) != sealed:
                yield Finding("ALTERED", position, "it is not what was sealed")
            else:
                yield from self._noted(position, type_.decode(), data)

    def _hold(self, number: int, leaves: list[bytes]) -> None:
        """Hold the leaves of a full bundle against the file that has them; what differs is told with the log."""
        name = tile_path("entries", number)
        with suppress(OSError, ValueError):
            if len(leaves) == WIDTH and unbundled(read(self.log / name)) == leaves:
                self.bundles.add(name)

    def _gap(self, first: int, last: int) -> Iterator[Finding]:
        """Positions that no readable entry has."""
        self.absent.update(range(first - 1, last))
        self.leaves += ABSENT * (last - first + 1)
        which = f"entry {first} is" if first == last else f"entries {first} to {last} are"
        yield Finding("GAP", first, f"{which} not there, or cannot be read")

    def _noted(self, position: int, type_: str, data: bytes) -> Iterator[Finding]:
        """Keys, personal details and their redactions, as the entries tell them."""
        try:
            stored = json.loads(data)
            event, name = stored["event"], type_.partition("/")[0]
            self.details.note(position, stored, name)
            if name == "key-introduced":
                if self.keys:
                    yield Finding(
                        "KEY-REPLACED", position, f"a key of {event['vkey'].split('+')[0]} was introduced anew"
                    )
                self.keys.append(note.parse_key(event["vkey"]))
                self.keyed = self.keyed or position
            elif name == "ledger-restored":
                self.restored.append((position, str(event["former"]), int(event["size"]), str(event["root"])))
            elif name == "key-rotated":
                if not is_rotation(event):
                    yield Finding("KEY-FORGED", position, "the change of keys is not signed by both")
                    return
                former, new = note.parse_key(event["former"]), note.parse_key(event["vkey"])
                if self.keys and former not in self.keys:
                    yield Finding("KEY-REPLACED", position, "the key that it replaces was never introduced")
                self.retired[former] = position
                self.retired.pop(new, None)
                self.keys.append(new)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
            yield Finding("UNREADABLE", position, f"it cannot be read as {type_}: {error}"[:300])

    def tags(self, book: raw_book.RawBook) -> Iterator[Finding]:
        """Hold the index of tags against the entries, once they were read."""
        if book.indexed(self.since) != self._indexed:
            found = list(book.mistagged(self.since))
            yield from found or [Finding("TAGS-ALTERED", None, "the index of tags does not agree with the entries")]


@lru_cache(maxsize=256)
def _is_special(type_: bytes) -> bool:
    return type_.startswith(tuple(start.encode() for start in raw_book.SPECIAL))


def _hash_of(position: int, type_: bytes, tags: bytes, data: bytes) -> bytes | None:
    """The hash of an entry's leaf; None for what is no entry."""
    try:
        return sha256(b"\x00" + leaf(position, type_, b"\n".join(sorted(tags.split(b"\n"))), data)).digest()
    except NoEntry:
        return None


def _drained(told: list[Finding]) -> Iterator[Finding]:
    yield from told
    told.clear()
