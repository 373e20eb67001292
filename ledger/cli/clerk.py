"""For clerks: making a ledger, and importing a file into it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, NamedTuple

import click

from ledger import folder
from ledger.cli import output
from ledger.cli.options import GlobalOptions, asked_format
from ledger.errors import LinesRefused, UsageError

if TYPE_CHECKING:
    from ledger.application import Ledger, Outcome
    from ledger.batch import Batch
    from ledger.cli.desk import Desk
    from ledger.interchange.jsonl import Fault

PART: Final = 100_000
"""Lines that may be all or nothing together."""

LONG: Final = 400_000
"""Bytes from which a bar shows how far an import has come: some 2,000 lines."""


@click.command("init", cls=GlobalOptions)
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What the ledger is called; else the folder's name.")
@click.option("--origin", default="", help="The ledger's own name in the world; else made up, with random characters.")
@click.option("--custodian", default="", help="Who looks after it.")
@click.option("--body", default="", metavar="SLUG", help="The keeper: the body whose ledger it is.")
@click.option("--clerk", default="", metavar="SLUG", help='Who records: a short name, not a person\'s; else "clerk".')
@click.pass_obj
def init_(desk: Desk, /, directory: Path, **settings: str) -> None:
    """Make a new ledger in a new folder. Nothing is ever overwritten: exit 5 when something is there."""
    made = folder.create(directory, **settings)
    if not desk.quiet:
        output.note(f"made {made.path}: ledger {made.origin}" + (f", kept by {made.body}" if made.body else ""))
        output.note(f"next: civic record body-registered --help, or civic import FILE --ledger {made.path}")


class _Line(NamedTuple):
    number: int
    raw: bytes


@click.command("import", cls=GlobalOptions)
@click.argument("source", metavar="FILE|-")
@click.option(
    "--input", type=click.Choice(["jsonl"]), default="jsonl", expose_value=False, help="The form of the file."
)
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Leave bad lines out, and write them to this new file.",
)
@click.option("--in-parts", is_flag=True, help=f"Take the file in parts of {PART:,} lines, each all or nothing.")
@click.option("--new", "new_bodies", is_flag=True, help="Bodies whose names are almost those of known ones are meant.")
@click.option("--clerk", metavar="SLUG", help="Who records; else CIVIC_CLERK, or as ledger.toml says.")
@click.option("-n", "--dry-run", is_flag=True, help="Judge every line, and write nothing.")
@click.option("-y", "--yes", is_flag=True, help="Write without asking.")
@asked_format
@click.pass_obj
def import_(
    desk: Desk,
    source: str,
    rejects: Path | None,
    clerk: str | None,
    format_: str | None,
    *,
    in_parts: bool,
    new_bodies: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Record the entries of a JSON Lines file (- for standard input): all of them or none.

    Run again, it records only what is not on record. Every bad line is told; with --rejects they are left out. Above
    100,000 lines --in-parts is required. The form of a line: civic schema import.

    Fields (JSON): appended, already, rejected, position.
    """
    if source != "-" and not Path(source).exists():
        raise UsageError(f"{source} is not there", mend="look at the name of the file")
    if source == "-" and not (yes or dry_run):
        raise UsageError("standard input is the data, so nobody can be asked", mend="add --yes, or --dry-run to try")
    if not (yes or dry_run or desk.terminal):
        raise UsageError("nobody can be asked here", mend="add --yes, or --dry-run to try")
    if rejects and rejects.exists():
        raise UsageError(f"{rejects} is there already", mend="choose another name for the rejects")
    with ExitStack() as stack:
        ledger = stack.enter_context(desk.ledger(clerk))
        run = _Import(desk, ledger, source, rejects, new_bodies, dry_run)
        total = run.take_in(_opened(source, stack), in_parts=in_parts, yes=yes)
        if run.copied_undated and not desk.quiet:
            output.note(
                f"{run.copied_undated} copied entries have undated sources: here they count as known from today"
            )
    form = output.chosen(format_)
    if form == "table":
        would = "would be " if dry_run else ""
        output.note(
            f"{total['appended']} {would}recorded, {total['already']} on record before, {total['rejected']} rejected"
        )
    else:
        result = {**total, **({"dry_run": True} if dry_run else {})}
        output.rows([result], form, tuple(result))
    desk.writing = False


def _opened(source: str, stack: ExitStack) -> IO[bytes]:
    if source == "-":
        return sys.stdin.buffer
    try:
        return stack.enter_context(Path(source).open("rb"))
    except OSError as error:
        raise UsageError(f"{source} cannot be read: {error.strerror}", mend="look at the name of the file") from None


@dataclass(slots=True)
class _Import:
    """One run of an import."""

    desk: Desk
    ledger: Ledger
    source: str
    rejects: Path | None
    new_bodies: bool
    dry_run: bool
    copied_undated: int = 0
    recorded: int = 0
    """Lines of the parts that are on record by now."""

    def take_in(self, stream: IO[bytes], *, in_parts: bool, yes: bool) -> dict[str, int]:
        """Read, judge and record the lines, part by part."""
        from ledger.interchange import jsonl

        total = {"appended": 0, "already": 0, "rejected": 0, "position": 0}
        numbered = (_Line(number, raw) for number, raw in jsonl.lines(self._watched(stream)))
        while part := list(islice(numbered, PART if in_parts else PART + 1)):
            if len(part) > PART:
                raise UsageError(
                    f"{self.source} has more than {PART:,} lines",
                    mend="add --in-parts: each part is then all or nothing",
                )
            with closing(self.ledger.batch(new_bodies=self.new_bodies)) as batch:
                bad = self._read(batch, part)
                outcomes = self._commit(batch, part, bad, yes=yes)
            self.recorded += 0 if self.dry_run else len(outcomes)
            total["appended"] += sum(not outcome.already for outcome in outcomes)
            total["already"] += sum(outcome.already for outcome in outcomes)
            total["rejected"] += len(part) - len(outcomes)
            total["position"] = max([total["position"], *(outcome.position for outcome in outcomes)])
        return total

    def _read(self, batch: Batch, part: list[_Line]) -> dict[int, list[Fault]]:
        """Take the lines that can be read into the batch; returns what is wrong with the others, by number."""
        from ledger.interchange import jsonl

        bad = {}
        for number, raw in part:
            try:
                draft = jsonl.read(raw)
                batch.add(number, draft)
            except jsonl.LineFault as fault:
                bad[number] = fault.faults
            except UsageError as error:
                bad[number] = [jsonl.Fault("line", f"{error.what}; {error.mend}")]
            else:
                dated = any(one.published or one.retrieved for one in draft.evidence)
                self.copied_undated += draft.id is not None and not dated
        return bad

    def _commit(self, batch: Batch, part: list[_Line], bad: dict[int, list[Fault]], *, yes: bool) -> list[Outcome]:
        """Judge a part, tell all that is wrong with it, and record it - whole, or without its bad lines."""
        from ledger.interchange.jsonl import refused

        verdict = self.ledger.decide(batch)
        bad = bad | {number: [refused(refusal)] for number, refusal in verdict.refused.items()}
        for number, faults in sorted(bad.items()):
            for fault in faults:
                self._tell(number, fault.field, fault.message)
        if bad and not self.rejects:
            lines = "1 line is" if len(bad) == 1 else f"{len(bad)} lines are"
            written = "nothing was written"
            if self.recorded:
                written = f"nothing from line {part[0].number} on was written, {self.recorded:,} before it are recorded"
            raise LinesRefused(
                f"{lines} bad, of {len(part)} in {self.source}; {written}",
                mend="mend them and import again; or add --rejects FILE to leave them out",
            )
        if not (yes or self.dry_run):
            question = f"Record {len(part) - len(bad)} entries of {self.source} in {self.desk.folder.path} for good?"
            click.confirm(f"{question} They can never be deleted.", abort=True, err=True)
        self.desk.writing = not self.dry_run
        outcomes = self.ledger.commit(batch, verdict, without_refused=bool(bad), dry_run=self.dry_run)
        if bad and self.rejects and not self.dry_run:
            with self.rejects.open("ab") as rejects:
                rejects.writelines(raw + b"\n" for number, raw in part if number in bad)
        return outcomes

    def _tell(self, number: int, field: str, message: str) -> None:
        if self.desk.errors == "json":
            told = {"error": "refused", "file": self.source, "line": number, "field": field, "what": message}
            output.note(output.to_json(told))
        else:
            output.note(output.safe(f"{self.source}:{number}: {field}: {message}"))

    def _watched(self, stream: IO[bytes]) -> Iterator[bytes]:
        """The lines, with a bar for a long file on a terminal; no line is read further than it may be long."""
        from ledger.interchange.jsonl import bounded

        lines = bounded(stream)
        if self.source == "-" or not sys.stderr.isatty() or self.desk.quiet:
            yield from lines
            return
        size = Path(self.source).stat().st_size
        if size < LONG:
            yield from lines
            return
        with click.progressbar(length=size, label="reading", file=sys.stderr) as bar:
            for line in lines:
                bar.update(len(line))
                yield line
