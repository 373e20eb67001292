"""Ledger folders with a log, a key and checkpoints, made in this process; and how an auditor reads them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shutil import copytree

from domain.custody import KeyIntroduced
from domain.entry import Draft
from ledger import folder
from ledger.application import Ledger
from ledger.creation import create
from ledger.interchange import jsonl
from ledger.store.personal import PersonalStore
from ledger.store.sqlite import SQLiteRecorder
from ledger.transparency import checkpointing, note
from ledger.transparency.envelope import Stored
from ledger.transparency.finding import Finding, Report
from ledger.transparency.hearing import OUTSIDE, Witness
from ledger.transparency.keys import Keyring
from ledger.transparency.note import Checkpoint, VerifierKey
from ledger.transparency.sealing import seal
from ledger.transparency.verification import Subject, Verification
from tests.books import NOW, story

ORIGIN = "ledger.example.org/shelf"
MACHINE = "the last checkpoint signed on this machine"


@dataclass(frozen=True)
class Shelf:
    """A ledger folder, and the keys of the machine beside it."""

    path: Path

    @property
    def where(self) -> folder.Folder:
        """The ledger folder as it is opened."""
        return folder.open_folder(self.path / "town.ledger")

    @property
    def entries(self) -> Path:
        """The file of entries."""
        return self.path / "town.ledger" / folder.ENTRIES

    @property
    def log(self) -> Path:
        """The folder of the log."""
        return self.path / "town.ledger" / folder.LOG

    @property
    def keyring(self) -> Keyring:
        """The key of the ledger."""
        return Keyring(self.path / "keys", ORIGIN, lambda _: b"")

    @property
    def vkey(self) -> VerifierKey:
        """The public half of the key."""
        return note.verifier_of(self.keyring.load(), ORIGIN)

    def copied(self, path: Path) -> Shelf:
        """All of it, in another place."""
        copytree(self.path, path, dirs_exist_ok=True)
        return Shelf(path)

    @contextmanager
    def ledger(self, *, day: int = 0, salts: int = 0) -> Iterator[Ledger]:
        """The book, opened; its clock stands `day` days behind the moment of the tests."""
        counted = itertools.count(salts)
        opened = Ledger(
            lambda: SQLiteRecorder(self.entries),
            clerk="clerk-7",
            clock=lambda: NOW + timedelta(days=day),
            salt=lambda: f"{next(counted):032x}",
            personal=PersonalStore(self.path / "town.ledger" / folder.PERSONAL, nullcontext),
        )
        with closing(opened):
            yield opened

    def record(self, drafts: Iterable[Draft], *, day: int = 0, salts: int = 0) -> None:
        """Record, and seal as a command does."""
        with self.ledger(day=day, salts=salts) as ledger:
            ledger.record(drafts, new_bodies=True)
            self.seal(ledger)

    def seal(self, ledger: Ledger) -> None:
        """Bring the log up to the last entry."""
        seal(self.log, self.where.origin, self.where.settings_digest, ledger)

    def sign(self) -> Checkpoint:
        """Take a checkpoint."""
        where = self.where
        with self.ledger() as ledger:
            return checkpointing.take(
                self.log, where.origin, where.settings_digest, ledger, self.keyring, lambda _, __: None
            )

    def stored(self) -> list[Stored]:
        """The entries as the store holds them."""
        with self.ledger() as ledger:
            return list(ledger.stored())

    def verified(
        self,
        *,
        machine: bool = False,
        kept: Sequence[Checkpoint] = (),
        vkeys: Sequence[VerifierKey] = (),
        since: int = 0,
    ) -> tuple[list[Finding], Report]:
        """What a verification finds, and what it comes to."""
        where = self.where
        witnesses = [Witness(f"checkpoint {number}", OUTSIDE, one) for number, one in enumerate(kept, 1)]
        if machine and (last := self.keyring.last_signed()):
            witnesses = [Witness(MACHINE, "machine", last), *witnesses]
        subject = Subject(where.path, where.origin, where.settings_digest, where.entries, where.personal)
        verification = Verification(subject, witnesses, vkeys, since=since)
        return list(verification.findings()), verification.report


def bodies(first: int, last: int) -> list[Draft]:
    """As many bodies as there are numbers, each registered by an entry of its own."""
    return [
        jsonl.read(
            json.dumps(
                {
                    "type": "body-registered",
                    "evidence": [{"title": "Gazetteer", "grade": "council", "published": "2022-01-01"}],
                    "event": {"slug": f"town-{number}", "name": f"Town {number}", "kind": "council", "country": "GB"},
                }
            ).encode()
        )
        for number in range(first, last + 1)
    ]


def made(path: Path, sizes: Sequence[int], *, signed: Sequence[int] = ()) -> Shelf:
    """A ledger that grew to these sizes one after the other, and was signed at some of them.

    Its first entry introduces the key; the founding story of coventry follows, then towns.
    """
    create(path / "town.ledger", origin=ORIGIN)
    shelf = Shelf(path)
    key = shelf.keyring.make()
    drafts = [Draft(KeyIntroduced(vkey=str(key)), ()), *story("coventry")]
    drafts += bodies(len(drafts) + 1, max(sizes))
    for day, (before, size) in enumerate(itertools.pairwise((0, *sizes))):
        shelf.record(drafts[before:size], day=day, salts=before)
        if size in signed:
            shelf.sign()
    return shelf
