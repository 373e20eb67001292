"""What a verification can find: the kinds, how grave each is, and in which words it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

Gravity = Literal["altered", "lost", "unproved", "told"]
"""altered: the book, or what vouches for it, is not what it was. lost: derived files, as a power cut loses them, which
`civic repair` lays again. unproved: it could not be judged. told: no fault."""

KINDS: Final[dict[str, tuple[Gravity, str]]] = {
    "ALTERED": ("altered", "an entry is not what was sealed"),
    "TAGS-ALTERED": ("altered", "the tags under which an entry is found are not its own"),
    "GAP": ("altered", "an entry that was sealed is gone"),
    "INSERTED": ("altered", "an entry stands where none was sealed"),
    "TRUNCATED": ("altered", "the newest entries are gone"),
    "REWRITTEN": ("altered", "the entries are not those that a checkpoint vouches for"),
    "SPLIT-VIEW": ("altered", "one key signed two histories that contradict each other"),
    "UNREADABLE": ("altered", "bytes cannot be read as an entry"),
    "PAGES-DAMAGED": ("altered", "the database contradicts itself"),
    "COUNTER-ALTERED": ("altered", "the counter of positions is not where the entries end"),
    "FOREIGN": ("altered", "the file is not one of this ledger's format"),
    "GUARD-MISSING": ("altered", "a trigger that keeps entries from being changed is gone"),
    "GUARD-CHANGED": ("altered", "a trigger that keeps entries from being changed was rewritten"),
    "SCHEMA-CHANGED": ("altered", "a table is missing, altered, or not ours"),
    "SETTINGS-CHANGED": ("altered", "ledger.toml is not as it was when the newest entry was sealed"),
    "TILE-ALTERED": ("altered", "a file of the log is not what the entries give"),
    "TILE-MISSING": ("altered", "a file of the log is gone"),
    "TILE-LOST": ("lost", "a file of the log that no signature covers is gone or empty, as after a power cut"),
    "HEAD-ALTERED": ("altered", "the head of the log is not what the entries give"),
    "HEAD-LOST": ("lost", "the head of the log, which no signature covers, is gone or empty, as after a power cut"),
    "CHECKPOINT-FORGED": ("altered", "a checkpoint bears a signature that is not its key's"),
    "CHECKPOINT-MALFORMED": ("altered", "a checkpoint cannot be read"),
    "CHECKPOINT-MISSING": ("altered", "a checkpoint that was signed is gone from the log"),
    "CHECKPOINT-FOREIGN": ("altered", "a checkpoint is of another ledger"),
    "BUNDLE-MALFORMED": ("altered", "a bundle is not as one is made; nothing in it should be trusted, or unpacked"),
    "KEY-FORGED": ("altered", "a change of keys is not signed by both keys"),
    "KEY-UNKNOWN": (
        "altered",
        "a checkpoint in the log, or of this machine, is signed by no key that the ledger names",
    ),
    "DETACHED-MISSING": ("altered", "a personal detail is gone, and no redaction says why"),
    "DETACHED-ALTERED": ("altered", "a personal detail is not what was recorded"),
    "DETACHED-KEPT": ("altered", "a personal detail is still there after it was ordered to be erased"),
    "DETACHED-STRAY": ("told", "a personal detail that no entry names, or an interrupted writing or erasing of one"),
    "DETACHED-ERASED": ("told", "a personal detail was erased by order"),
    "VIEWS-ALTERED": ("altered", "the read models are not what the entries give: civic views rebuild"),
    "VIEWS-UNREADABLE": ("altered", "the read models cannot be read: civic views rebuild"),
    "RESTORED": ("told", "the ledger was restored from a backup, and goes on under another origin"),
    "KEY-REPLACED": ("told", "a key was introduced that the former key did not sign"),
    "CLOCK-BACK": (
        "told",
        "an entry is dated before the one ahead of it: the clock went back, or two wrote at once",
    ),
    "UNSEALED": ("told", "the newest entries are not in the log yet; the next write seals them"),
    "SIGNER-UNKNOWN": ("unproved", "a checkpoint is signed by no key that was named"),
    "UNAVAILABLE": ("unproved", "something could not be read now"),
}
"""By kind: how grave it is, and what it means."""


class Finding(NamedTuple):
    """Something that was found."""

    kind: str
    entry: int | None
    """The position of the entry concerned, if it is one."""
    found: str
    """What was found, where."""

    @property
    def gravity(self) -> Gravity:
        """How grave it is."""
        return KINDS[self.kind][0]


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
    skipped: int = 0
    """How many of the first entries were not read again: their hashes were taken from the log."""
    vouched: int = 0
    """How many of the first entries a checkpoint from outside vouches for."""
    covered: int = 0
    """How many of the first entries any checkpoint vouches for, wherever it is kept."""
    unread: bool = False
    """Whether the entries could not be read, so that nothing was held against anything."""
    proved: bool = False
    """Whether a checkpoint from outside vouches for what was read."""

    @property
    def unvouched(self) -> str:
        """From which entry on nothing vouches for the entries, in words; empty where a checkpoint covers them all.

        Said where the log has lost their hashes: entries altered, or removed behind the last, would not be noticed.
        """
        if self.covered >= self.size:
            return ""
        return f"from entry {self.covered + 1} on nothing vouches for the entries, or that none was removed"


def came_after(first: int, last: int) -> str:
    """That no checkpoint given vouches for the last entries, in words."""
    return f"{entries_from(first, last)}: {'it' if first == last else 'they'} came after the checkpoint given"


def entries_from(first: int, last: int) -> str:
    """Entries, by the positions of the first and the last, in words."""
    return f"entry {first}" if first == last else f"entries {first} to {last}"


def so_many_entries(count: int) -> str:
    """A number of entries, in words."""
    return "1 entry" if count == 1 else f"{count} entries"
