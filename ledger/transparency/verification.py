"""Verification: whether the entries are those that were sealed and signed - and what could not be proved.

It reads every byte, shares no code with what writes the log, and never raises for what it reads: whatever is wrong is a
finding. Only a checkpoint that was kept somewhere else can show that history was not rewritten as a whole; without one,
no verification says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.locks import unchanged
from ledger.store.errors import Busy, StoreError
from ledger.transparency import raw_book
from ledger.transparency.entries_read import EntriesRead
from ledger.transparency.finding import Finding, Report
from ledger.transparency.hearing import Hearing
from ledger.transparency.log_files import LogFiles
from ledger.transparency.tree import WholeTree

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.transparency.hearing import Witness
    from ledger.transparency.note import VerifierKey


@dataclass(frozen=True, slots=True)
class Subject:
    """What is verified."""

    folder: Path
    origin: str
    settings: str
    """The SHA-256 (hex) of ledger.toml as it is."""
    entries: Path
    personal: Path


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
        self.report = Report()
        self.lost: list[str] = []
        """Files of the log that lie there empty or cut short; known once the findings were read."""
        self._entries = EntriesRead(subject.folder / "log", since, watch)

    def findings(self) -> Iterator[Finding]:
        """All that is found, as it is found; afterwards `report` is complete.

        Raises:
            Busy: another process had something locked up to the limit.
        """
        path = self.subject.entries
        try:
            with raw_book.opened(path) as book:
                yield from self._safely(book.schema(), path)
                yield from self._safely(self._entries.findings(book), path)
                with unchanged(self.subject.folder / "log"):
                    book.catch_up()  # what was recorded meanwhile may be sealed, or order a detail to be erased
                    yield from self._safely(self._entries.findings(book), path)
                    yield from self._held_together()
                yield from self._safely(self._entries.tags(book), path)
        except Busy:
            raise
        except (StoreError, *raw_book.UNREADABLE, OSError) as error:
            yield Finding(raw_book.explained_kind(error), None, str(error))
            self.report.unread = True
            self.report.unproved.append("the entries could not be read: they were held against nothing")

    def _held_together(self) -> Iterator[Finding]:
        """Hold the entries against the log, the personal details and the checkpoints."""
        tree = WholeTree(self._entries.leaves)
        self.report.size, self.report.root = tree.size, tree.root(tree.size)
        log = LogFiles(self.subject.folder / "log", self.subject.origin, self.subject.settings)
        try:
            read = self._entries
            yield from log.findings(tree, read.absent, read.bundles, begun=bool(read.earlier))
        except OSError as error:
            yield Finding("UNAVAILABLE", None, f"log: {error}")
        self.lost = log.lost
        yield from self._entries.details.findings(self.subject.personal, all_read=not self._entries.since)
        if since := self._entries.since:
            self.report.skipped = since
            self.report.unproved.append(f"the bytes of entries 1 to {since}: only their hashes were taken from the log")
        hearing = Hearing(self.subject.origin, self.vkeys, self._entries, tree, log, self.report)
        yield from hearing.findings(self.witnesses)

    def _safely(self, found: Iterator[Finding], path: Path) -> Iterator[Finding]:
        """What a damaged database says in the middle of a reading is a finding too.

        Raises:
            Busy: another process had it locked up to the limit; that is no damage.
        """
        try:
            yield from found
        except Busy:
            raise
        except (*raw_book.UNREADABLE, StoreError) as error:
            yield Finding("PAGES-DAMAGED", None, f"{path.name}: {error}")
