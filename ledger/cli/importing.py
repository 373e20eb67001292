"""For clerks: importing a file of entries, whatever its form."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from ledger.cli import output
from ledger.cli.new_files import added_before, all_new
from ledger.cli.options import GlobalOptions, asked_format
from ledger.errors import LinesRefused, UsageError
from ledger.everyday import event_advice

if TYPE_CHECKING:
    from domain.catalogue import AnyEvent
    from domain.entry import Draft
    from domain.values import Evidence
    from ledger.application import Ledger
    from ledger.batch import Batch
    from ledger.cli.desk import Desk
    from ledger.deciding import Outcome, Verdict
    from ledger.interchange.forms import Form, Piece
    from ledger.interchange.jsonl import Fault
    from ledger.interchange.sources import Sources
    from ledger.reconciling import Reconciled

PART: Final = 100_000
"""Lines that may be all or nothing together; rows and entries likewise."""

MANY: Final = 20
"""Lines with one and the same fault from which on it is printed once."""

_RANGES: Final = 20
"""Ranges of lines that are listed behind one fault."""

LONG: Final = 400_000
"""Bytes from which a bar shows how far an import has come: some 2,000 lines."""


@click.command("import", cls=GlobalOptions)
@click.argument("source", metavar="FILE|-")
@click.option(
    "--input",
    "input_",
    type=click.Choice(["jsonl", "csv", "yaml"]),
    help="The form of the file; else as its name ends: .csv, .yaml, .yml; else jsonl.",
)
@click.option("--type", "type_", metavar="EVENT", help="The event of every row; csv needs it.")
@click.option(
    "--map",
    "map_",
    metavar="MAP.toml",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file is a table of your own in CSV; the map says what its columns and words mean: civic help map.",
)
@click.option(
    "--rejects",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Leave bad lines out, and write them to this new file, in the same form.",
)
@click.option(
    "--reconcile",
    is_flag=True,
    help="Record a line on an act that is on record, from another document, as another source for it, or a dispute.",
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
    input_: str | None,
    type_: str | None,
    map_: Path | None,
    rejects: Path | None,
    clerk: str | None,
    format_: str | None,
    *,
    reconcile: bool,
    in_parts: bool,
    new_bodies: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Record the entries of a file (- for standard input): all of them or none.

    Run again, it records only what is not on record. Every bad line is told; with --rejects they are left out. Above
    100,000 lines --in-parts is required. A file is in JSON Lines (an entry a line), in CSV (a row each, all of one
    event) or in YAML (sources, and entries that name them): civic help forms, civic schema import. A table of your own
    is read with --map: civic help map.

    With --reconcile, a line that repeats an act on record becomes a corroboration of it, and one that tells the same
    act otherwise becomes a dispute; each is shown before it is written. Of several lines of the file on one act, the
    one of the best grade is the act, and of equal grades the first.

    Fields (JSON): appended, already, rejected, position; with --reconcile also corroborations and disputes; with
    --dry-run also dry_run.
    """
    if source != "-" and not Path(source).exists():
        raise UsageError(f"{source} is not there", mend="look at the name of the file")
    if source == "-" and not (yes or dry_run):
        raise UsageError("standard input is the data, so nobody can be asked", mend="add --yes, or --dry-run to try")
    if not (yes or dry_run or desk.terminal):
        raise UsageError("nobody can be asked here", mend="add --yes, or --dry-run to try")
    all_new(rejects)
    with ExitStack() as stack:
        ledger = stack.enter_context(desk.ledger(clerk))
        form = _form(ledger, source, input_, type_, map_)
        run = _Import(desk, ledger, source, form, rejects, new_bodies, dry_run, reconcile)
        total = run.take_in(_opened(source, stack), in_parts=in_parts, yes=yes)
        if (left_out := getattr(form, "left_out", 0)) and not desk.quiet:
            output.note(f"{left_out} row{' is' if left_out == 1 else 's are'} no entry, as {map_} says")
        if run.copied_undated and not desk.quiet:
            output.note(
                f"{run.copied_undated} copied entries have undated sources: here they count as known from today"
            )
    _say_total(desk, total, format_, dry_run=dry_run)


def _say_total(desk: Desk, total: dict[str, int], format_: str | None, *, dry_run: bool) -> None:
    """Tell what an import came to; nothing is left to be told then."""
    form = output.chosen(format_)
    if form == "table":
        would = "would be " if dry_run else ""
        recorded = f"{total['appended']} {would}recorded"
        if "disputes" in total:
            recorded += f" ({total['corroborations']} as other sources, {total['disputes']} as disputes)"
        output.note(f"{recorded}, {total['already']} on record before, {total['rejected']} rejected")
    else:
        result = {**total, **({"dry_run": True} if dry_run else {})}
        output.rows([result], form, tuple(result))
    desk.writing = False


def _report(desk: Desk, file: str, faults: Sequence[tuple[int, Fault]]) -> None:
    """Print what is wrong with lines, in their order; for people, a fault that very many lines share once."""
    if desk.errors == "json":
        for line, fault in faults:
            said = {"error": "refused", "file": file, "line": line, "field": fault.field, "what": fault.message}
            output.note(output.to_json(said))
        return
    sharing: dict[tuple[str, str], list[int]] = {}
    for line, fault in faults:
        sharing.setdefault((fault.field, fault.message), []).append(line)
    for line, fault in faults:
        first, *others = sharing[fault.field, fault.message]
        if len(others) < MANY:
            output.note(output.safe(f"{file}:{line}: {fault.field}: {fault.message}"))
        elif line == first:
            output.note(output.safe(f"{file}:{line}: {fault.field}: {fault.message} (and so {_listed(others)})"))


def _listed(lines: Sequence[int]) -> str:
    """Lines in ascending order, with `4-9` for those that follow each other."""
    ranges: list[list[int]] = []
    for line in lines:
        if ranges and line == ranges[-1][1] + 1:
            ranges[-1][1] = line
        else:
            ranges.append([line, line])
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in ranges]
    rest = f" and {len(shown) - _RANGES} other places" if len(shown) > _RANGES else ""
    return f"{'line' if len(lines) == 1 else 'lines'} {', '.join(shown[:_RANGES])}{rest}"


def event_named(name: str | None) -> type[AnyEvent]:
    """The event that a file of CSV holds.

    Raises:
        UsageError: none is named, or there is none of that name.
    """
    from domain.catalogue import EVENTS

    if name is None:
        raise UsageError(
            "a file of CSV holds one event", mend="name it: --type link-suspended; civic schema lists them"
        )
    if name not in EVENTS:
        raise UsageError(f"there is no event {name!r}", mend=event_advice(name, EVENTS, "civic schema lists them"))
    return EVENTS[name]


def _mapped(path: Path, sources: Sources) -> Form:
    from ledger.interchange.csv_map import LARGEST, MapFault, MappedCSV, read_map

    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", mend="look at the name of the file") from None
    if len(data) > LARGEST:
        raise UsageError(
            f"{path} is not a map: it has more than {LARGEST:,} bytes", mend="look at the name of the file"
        )
    try:
        return MappedCSV(read_map(data), sources)
    except MapFault as fault:
        raise UsageError(f"{path} is not a map: {fault}", mend="civic help map explains maps") from None


def _form(ledger: Ledger, source: str, input_: str | None, type_: str | None, map_: Path | None) -> Form:
    """The form that is asked for, else the one that the file's name ends in; with what the ledger knows of sources."""
    from ledger.cli.naming import known_source
    from ledger.interchange.forms import JSONLines, form_named
    from ledger.interchange.sources import Sources

    name = input_ or (form_named(source) if map_ is None or form_named(source) != "jsonl" else "csv")
    if map_ is not None and (type_ is not None or name != "csv"):
        raise UsageError("--map takes a table in CSV, and names the events itself", mend="leave out --map, or --type")
    if type_ is not None and name != "csv":
        raise UsageError(
            f"--type goes with csv, and this is {name}", mend="leave it out: each entry names its own type"
        )
    if name == "jsonl":
        return JSONLines()
    sources = Sources(partial(known_source, ledger))
    if map_ is not None:
        return _mapped(map_, sources)
    if name == "yaml":
        from ledger.interchange.yaml_form import YAMLForm

        return YAMLForm(sources)
    from ledger.interchange.csv_form import CSVForm

    return CSVForm(event_named(type_), sources)


def _opened(source: str, stack: ExitStack) -> IO[bytes]:
    if source == "-":
        if sys.stdin is None:
            raise UsageError("there is no standard input", mend="name a file, or pipe one in")
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
    form: Form
    rejects: Path | None
    new_bodies: bool
    dry_run: bool
    reconcile: bool = False
    copied_undated: int = 0
    """Entries recorded under the id of another ledger, whose sources tell no day."""
    _undated: set[int] = field(default_factory=set)
    """The numbers of such in the file."""
    recorded: int = 0
    """Entries of the parts that are on record by now."""

    def take_in(self, stream: IO[bytes], *, in_parts: bool, yes: bool) -> dict[str, int]:
        """Read, judge and record the entries, part by part."""
        total = {"appended": 0, "already": 0, "rejected": 0, "position": 0}
        if self.reconcile:
            total |= {"corroborations": 0, "disputes": 0}
        pieces = self._pieces(stream)
        while part := list(islice(pieces, PART if in_parts else PART + 1)):
            if len(part) > PART:
                raise UsageError(
                    f"{self.source} has more than {PART:,} {self.form.called[1]}",
                    mend="add --in-parts: each part is then all or nothing",
                )
            with ExitStack() as stack:
                batch, bad, verdict = self._judged(stack, part, total)
                outcomes = self._commit(batch, part, bad, verdict, yes=yes)
            self.recorded += 0 if self.dry_run else len(outcomes)
            self.copied_undated += sum(one.number in self._undated and not one.already for one in outcomes)
            total["appended"] += sum(not outcome.already for outcome in outcomes)
            total["already"] += sum(outcome.already for outcome in outcomes)
            total["rejected"] += len(part) - len(outcomes)
            total["position"] = max([total["position"], *(outcome.position for outcome in outcomes)])
        return total

    def _pieces(self, stream: IO[bytes]) -> Iterator[Piece]:
        """The pieces of the file.

        Raises:
            LinesRefused: they cannot be told apart; all that is wrong with the file was told.
        """
        from ledger.interchange.forms import FileFault

        try:
            return self.form.pieces(self._watched(stream))
        except FileFault as found:
            _report(self.desk, self.source, sorted(found.faults, key=lambda told: told[0]))
            raise LinesRefused(
                f"{self.source} cannot be read; nothing was written",
                mend="mend what is told above and import again; civic help forms",
            ) from None

    def _judged(
        self, stack: ExitStack, part: list[Piece], total: dict[str, int]
    ) -> tuple[Batch, dict[int, list[Fault]], Verdict]:
        """A part as a batch, what is wrong with pieces that cannot be read, and the verdict; reconciled if asked."""
        from ledger.reconciling import Reconciliation

        batch = stack.enter_context(closing(self.ledger.batch(new_bodies=self.new_bodies)))
        reconciliation = Reconciliation(self.ledger)
        bad = self._read(batch, part)
        verdict = self.ledger.decide(batch)
        if self.reconcile:
            pieces = {piece.number: piece for piece in part}
            while reconciliation.learn(batch, verdict, lambda number: self.form.read(pieces[number])):
                batch = stack.enter_context(closing(batch.emptied()))
                bad = self._read(batch, part, reconciliation.applied)
                verdict = self.ledger.decide(batch)
            accepted = {case.number for case in verdict.accepted}
            self._show(sorted((at, one) for at, one in reconciliation.lines.items() if at in accepted), total)
        return batch, bad, verdict

    def _show(self, reconciled: Sequence[tuple[int, Reconciled]], total: dict[str, int]) -> None:
        """Show what is made of lines on acts that are on record, and count it."""
        for line, one in reconciled:
            total["corroborations" if one.supports else "disputes"] += 1
            said = {"file": self.source, "line": line, "becomes": one.draft.event.type, "of": one.rival}
            said |= {"left_out": list(one.left_out)} if one.left_out else {}
            if self.desk.errors == "json":
                output.note(output.to_json(said))
            else:
                left_out = f"; not taken over: {', '.join(one.left_out)}" if one.left_out else ""
                kind = "another source for" if one.supports else "a dispute of"
                output.note(output.safe(f"{self.source}:{line}: {kind} {one.rival}{left_out}"))

    def _read(
        self, batch: Batch, part: list[Piece], applied: Callable[[int, Draft], Draft] = lambda _, draft: draft
    ) -> dict[int, list[Fault]]:
        """Take the pieces that can be read into the batch; returns what is wrong with the others, by number."""
        from ledger.interchange.jsonl import Fault, LineFault

        bad = {}
        for piece in part:
            try:
                draft = applied(piece.number, self.form.read(piece))
                batch.add(piece.number, draft)
            except LineFault as fault:
                bad[piece.number] = fault.faults
            except UsageError as error:
                bad[piece.number] = [Fault("line", f"{error.what}; {error.mend}")]
            else:
                if draft.id is not None and draft.evidence and not any(map(_is_dated, draft.evidence)):
                    self._undated.add(piece.number)
        return bad

    def _commit(
        self, batch: Batch, part: list[Piece], bad: dict[int, list[Fault]], verdict: Verdict, *, yes: bool
    ) -> list[Outcome]:
        """Tell all that is wrong with a part, and record it - whole, or without its bad entries."""
        from ledger.interchange.jsonl import refused

        bad = bad | {number: [refused(refusal)] for number, refusal in verdict.refused.items()}
        told = [(fault.line or number, fault) for number, faults in sorted(bad.items()) for fault in faults]
        _report(self.desk, self.source, told)
        if bad and not self.rejects:
            one, several = self.form.called
            pieces = f"1 {one} is" if len(bad) == 1 else f"{len(bad)} {several} are"
            written = "nothing was written"
            if self.recorded:
                written = f"nothing from line {part[0].number} on was written, {self.recorded:,} before it are recorded"
            raise LinesRefused(
                f"{pieces} bad, of {len(part)} in {self.source}; {written}",
                mend=f"mend them and import again; or add --rejects FILE to leave them out{self._advice(verdict)}",
            )
        if not (yes or self.dry_run):
            question = f"Record {len(part) - len(bad)} entries of {self.source} in {self.desk.folder.path} for good?"
            click.confirm(f"{question} They can never be deleted.", abort=True, err=True)
        self.desk.writing = not self.dry_run
        with self._rejected([piece for piece in part if piece.number in bad]):
            return self.ledger.commit(batch, verdict, without_refused=bool(bad), dry_run=self.dry_run)

    def _advice(self, verdict: Verdict) -> str:
        if self.reconcile or not any(refusal.rival for refusal in verdict.refused.values()):
            return ""
        return "; --reconcile records what other documents say of acts on record as other sources, or as disputes"

    def _rejected(self, left_out: list[Piece]) -> AbstractContextManager[None]:
        """What is left out of a part, in the file for it, before the rest is recorded."""
        if not (left_out and self.rejects) or self.dry_run:
            return nullcontext()
        return added_before(
            self.rejects, self.form.written(left_out, headed=not self.rejects.exists()), self.ledger.recorded_since()
        )

    def _watched(self, stream: IO[bytes]) -> Iterator[bytes]:
        """The lines, with a bar for a long file on a terminal; no line is read further than it may be long."""
        from ledger.interchange.jsonl import bounded

        lines = bounded(stream)
        if self.source == "-" or not output.is_terminal(sys.stderr) or self.desk.quiet:
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


def _is_dated(source: Evidence) -> bool:
    return bool(source.published or source.retrieved)
