"""For clerks: importing a table of claims, each row of which becomes the events that it supports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from ledger.cli import output
from ledger.cli.new_files import added_before
from ledger.errors import LinesRefused, UsageError

if TYPE_CHECKING:
    from domain.rules import Refusal
    from ledger.application import Ledger
    from ledger.cli.desk import Desk
    from ledger.interchange.claims.importing import Settled
    from ledger.interchange.claims.names import Names
    from ledger.interchange.claims.sources import Sources
    from ledger.interchange.claims.table import Table
    from ledger.interchange.jsonl import Fault

Report = Callable[[str, Sequence[tuple[int, "Fault"]]], None]
"""Prints what is wrong with the lines of a file."""


@dataclass(frozen=True, slots=True)
class ClaimsImport:
    """One import of a table of claims."""

    desk: Desk
    ledger: Ledger
    source: str
    report: Report
    rejects: Path | None
    new_bodies: bool
    dry_run: bool

    def take_in(self, stream: IO[bytes], names: Path | None, sources: Path | None, *, yes: bool) -> dict[str, int]:
        """Read the table, tell all that is wrong with it, list the new bodies, and record what it supports."""
        from ledger.interchange.claims import table
        from ledger.interchange.claims.importing import Importer
        from ledger.interchange.jsonl import bounded

        known = self._names(names), self._sources(sources)
        with closing(self.ledger.batch()) as batch:
            today = batch.recorded_at.toordinal()
        read = self._table(self.source, bounded(stream), table.CLAIMS, table.CLAIMS_OPTIONAL)
        settled = Importer(self.ledger, *known, today, self.new_bodies).settle(read)
        with closing(settled.batch):
            self._refuse(read, settled)
            self._list_bodies(settled)
            return self._commit(read, settled, yes=yes)

    def _names(self, path: Path | None) -> Names:
        from ledger.interchange.claims import names

        found = names.Names(self._opened(path, names.COLUMNS, names.OPTIONAL))
        self._usable(path, found.bad)
        return found

    def _sources(self, path: Path | None) -> Sources:
        from ledger.interchange.claims import sources

        found = sources.Sources(self._opened(path, sources.COLUMNS, sources.OPTIONAL))
        self._usable(path, found.bad)
        return found

    def _opened(self, path: Path | None, required: Sequence[str], optional: Sequence[str]) -> Table | None:
        from ledger.interchange.jsonl import bounded

        if path is None:
            return None
        with path.open("rb") as stream:
            return self._table(str(path), bounded(stream), required, optional)

    def _table(self, name: str, lines: Iterable[bytes], required: Sequence[str], optional: Sequence[str]) -> Table:
        from ledger.interchange.claims import table
        from ledger.interchange.forms import FileFault

        try:
            return table.read(name, lines, required, optional)
        except FileFault as found:
            self.report(name, found.faults)
            raise LinesRefused(f"{name} cannot be read; nothing was written", mend="mend what is told above") from None

    def _usable(self, path: Path | None, bad: dict[int, Refusal]) -> None:
        """Refuse to go on with a table that explains others and cannot be read itself."""
        self._tell_all(str(path), bad)
        if bad:
            raise LinesRefused(f"{path} cannot be used; nothing was written", mend="mend what is told above")

    def _tell_all(self, file: str, bad: dict[int, Refusal]) -> None:
        from ledger.interchange.jsonl import refused

        self.report(file, [(line, refused(refusal)) for line, refusal in sorted(bad.items())])

    def _refuse(self, read: Table, settled: Settled) -> None:
        """Tell every bad row, and stop there unless they may be left out."""
        bad = settled.plan.refused
        self._tell_all(self.source, bad)
        if bad and not self.rejects:
            rows = "1 row is" if len(bad) == 1 else f"{len(bad)} rows are"
            raise LinesRefused(
                f"{rows} bad, of {len(read.raw)} in {self.source}; nothing was written",
                mend="mend them and import again; or add --rejects FILE to leave them out",
            )

    def _list_bodies(self, settled: Settled) -> None:
        from domain.bodies import BodyRegistered

        for draft in settled.plan.bodies:
            body = draft.event
            if isinstance(body, BodyRegistered) and not self.desk.quiet:
                output.note(output.safe(f"new body: {body.slug}  {body.name} ({body.kind}, {body.country})"))

    def _commit(self, read: Table, settled: Settled, *, yes: bool) -> dict[str, int]:
        plan = settled.plan
        entries = len(plan.bodies) + len(plan.drafts)
        if not (yes or self.dry_run):
            told = f"{len(plan.taken)} rows of {self.source}, as {entries} entries"
            question = f"Record {told}, {len(plan.bodies)} of them new bodies, in {self.desk.folder.path} for good?"
            click.confirm(f"{question} They can never be deleted.", abort=True, err=True)
        self.desk.writing = not self.dry_run
        with self._rejected(read, settled):
            outcomes = self.ledger.commit(settled.batch, settled.verdict, dry_run=self.dry_run)
        return {
            "appended": sum(not outcome.already for outcome in outcomes),
            "already": len(plan.already),
            "rejected": len(plan.refused),
            "position": max((outcome.position for outcome in outcomes), default=0),
            "rows": len(plan.taken),
            "bodies": len(plan.bodies),
        }

    def _rejected(self, read: Table, settled: Settled) -> AbstractContextManager[None]:
        """The rows that are left out, in the file for them, before the others are recorded."""
        refused = settled.plan.refused
        if not (refused and self.rejects) or self.dry_run:
            return nullcontext()
        rows = (read.heading, *(read.raw[line] for line in sorted(refused)))
        return added_before(self.rejects, b"".join(row + b"\n" for row in rows), self.ledger.recorded_since())


def checked(names: Path | None, sources: Path | None, *, claims: bool, others: Iterable[str]) -> None:
    """Look at how the options were put together: some go with --claims alone, and others without it.

    Raises:
        UsageError: they do not go together, or a file is not there.
    """
    for option, given in (("--names", names), ("--sources", sources)):
        if given and not claims:
            raise UsageError(f"{option} explains a table of claims", mend="add --claims, or leave it out")
        if given and not given.exists():
            raise UsageError(f"{given} is not there", mend=f"look at the name of the file behind {option}")
    for option in others if claims else ():
        raise UsageError(f"{option} does not go with --claims", mend="leave it out")
