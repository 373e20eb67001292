"""For keepers: a copy of every entry, the examination of the book, and the read models."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ledger.cli import output, phrases
from ledger.cli.desk import now
from ledger.cli.new_files import all_new, new_file
from ledger.cli.options import GlobalGroup, GlobalOptions
from ledger.errors import Damage, UsageError

if TYPE_CHECKING:
    import sqlite3

    from ledger import doctor
    from ledger.cli.desk import Desk
    from ledger.transparency.finding import Finding as Found

_REPAIRABLE: Final = frozenset({"TILE-MISSING", "CHECKPOINT-MISSING"})
"""What may be altered in a ledger that is repaired: what is gone of it follows from the entries, or was signed."""
_SHOWN: Final = 5
"""Of the files that were laid again, how many are named."""
_NOTHING: Final = "nothing had to be repaired"


@click.command("export", cls=GlobalOptions)
@click.argument("form", metavar="jsonl|csv", type=click.Choice(["jsonl", "csv"]))
@click.option("--type", "type_", metavar="EVENT", help="The event whose entries are written; csv needs it.")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A new file, instead of standard output.",
)
@click.pass_obj
def export_(desk: Desk, form: str, type_: str | None, target: Path | None) -> None:
    """Write every entry in order, or those of one event, as `civic import` takes them.

    jsonl: one JSON object a line. csv: a row for each entry of one event, under a heading that names every column;
    of a ledger without such entries the heading alone, to be filled in. Exit 4 when an entry cannot be told in a row.

    Fields (JSON): id, position, recorded_at, recorded_by, type, key, evidence, overrides, event.
    """
    from ledger.cli.importing import event_named
    from ledger.interchange import csv_export, jsonl

    if form == "jsonl" and type_ is not None:
        raise UsageError("--type goes with csv; jsonl holds every entry", mend="leave it out, or export csv")
    event = event_named(type_) if form == "csv" else None
    all_new(target)
    private = desk.folder.personal.exists()  # details of people are written in clear
    with desk.ledger(read_only=True) as ledger:
        if event is None:
            _write((output.to_json(jsonl.line_of(entry)) for entry in ledger.read()), target, private=private)
        else:
            lines = csv_export.rows(event, ledger.read())
            shown = target is None and output.is_terminal(sys.stdout)
            _write(map(output.safe, lines) if shown else lines, target, private=private)
        telling = ledger.still_in_clear()
        if telling and event is not None:
            written = {one.position for one in ledger.of_type(event.type)}
            telling = [position for position in telling if position in written]
        if telling:
            output.note(phrases.in_clear(telling))


def _write(lines: Iterator[str], target: Path | None, *, private: bool) -> None:
    """Write lines to standard output, or to a new file that is there only when all of them could be told."""
    if target is None:
        for line in lines:
            output.say(line)
        return
    with new_file(target, private=private) as file:
        file.writelines(f"{line}\n".encode() for line in lines)


@click.command("doctor", cls=GlobalOptions)
@click.option("--deep", is_flag=True, help="Also rebuild the views in memory and compare every row.")
@click.option(
    "-f", "--format", "format_", type=click.Choice(output.FORMATS), help="Every check and its result, in this format."
)
@click.pass_obj
@output.concluding()
def doctor_(desk: Desk, *, deep: bool, format_: str | None) -> None:
    """Say in one line whether the ledger is well; with -f, every check and its result.

    It examines schema and guards, pages, every entry, tags, positions, clock and views, and verifies the entries as
    civic verify does: civic help findings lists what that can find. What is no fault, as a stray personal detail
    (DETACHED-STRAY), only civic verify reports.

    Exit 0: the ledger is well. Exit 10: something is damaged, or is not what it was. Exit 12: only derived files were
    lost (civic repair). Exit 11: something cannot be read now. With -q a ledger that is well is not reported.

    It proves no history intact: anyone who may write the folder may have rewritten it all. It also names acts whose
    authority has fallen: a motion lost or rescinded, a decision disapproved or revoked. That is no damage.

    Fields (JSON): check, ok, found.
    """
    from ledger.cli.verifying import ALTERED, LOST, UNPROVED
    from ledger.doctor import Finding, examine

    findings = list(examine(desk.folder.entries))
    codes = dict.fromkeys((one.check for one in findings), ALTERED)
    if findings[0].ok:
        for code, one in _verified(desk):
            findings.append(one)
            codes[one.check] = code
    if all(finding.ok for finding in findings):
        findings.append(Finding("views", *views_agree(desk, deep=deep)))
        codes["views"] = ALTERED
    if all(finding.ok for finding in findings):
        findings.append(Finding("authority", ok=True, found=_fallen(desk)))
    wrong = [one for one in findings if not one.ok]
    if format_:
        output.rows((finding._asdict() for finding in findings), format_, Finding._fields)
    elif wrong:
        output.say(output.safe(f"{desk.folder.path}: {'; '.join(f'{one.check}: {one.found}' for one in wrong)}"))
    elif not desk.quiet:
        output.say(output.safe(f"{desk.folder.path}: well; {len(findings)} checks, {findings[2].found}"))
    for code in (ALTERED, LOST, UNPROVED):
        if any(codes[one.check] == code for one in wrong):
            raise click.exceptions.Exit(code)


def _verified(desk: Desk) -> Iterator[tuple[int, doctor.Finding]]:
    """What a verification finds, by the exit code that it leads to."""
    from ledger.cli.verifying import ALTERED, LOST, UNPROVED, verification_of
    from ledger.doctor import SHOWN, Finding

    verification, unread = verification_of(desk)
    found = [*unread, *verification.findings()]
    for check, gravity, code, right in (
        ("verify", "altered", ALTERED, "nothing was altered as far as this folder and this machine show"),
        ("derived", "lost", LOST, "no derived file of the log is lost"),
        ("readable", "unproved", UNPROVED, "everything could be read"),
    ):
        wrong = [one for one in found if one.gravity == gravity]
        shown = [f"{one.kind}{f' entry {one.entry}' if one.entry else ''}: {one.found}" for one in wrong[:SHOWN]]
        more = [f"and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
        tail = verification.report.unvouched
        more += [tail] if wrong and tail and gravity == "lost" else []
        yield code, Finding(check, not wrong, "; ".join(shown + more) or right)


@click.command("repair", cls=GlobalOptions)
@click.pass_obj
def repair_(desk: Desk) -> None:
    """Lay again the files of the log that are gone: tiles and head, which follow from the entries, and checkpoints.

    A power cut may lose tiles and head (civic verify: exit 12). Of the checkpoints that are gone, those are put back
    that are kept elsewhere: the last one signed on this machine, and log/checkpoint. Nothing is recorded, and nothing
    signed. Exit 10 where a checkpoint cannot be put back. Refused (exit 10) where anything else was altered: the
    difference would be covered up.
    """
    from ledger.cli.verifying import verification_of
    from ledger.transparency.checkpointing import lay_again

    verification, unread = verification_of(desk)
    found = [*unread, *verification.findings()]
    if wrong := [one for one in found if one.gravity == "altered" and one.kind not in _REPAIRABLE]:
        raise Damage(
            f"nothing was repaired: {_named(wrong)}",
            why="what is laid again would cover up what was altered",
            mend="keep the folder as it is: civic verify names all that differs",
        )
    where = desk.folder
    with desk.ledger() as ledger:
        known = [one.checkpoint for one in verification.witnesses]
        laid = lay_again(where.log, where.origin, where.settings_digest, ledger, lost=verification.lost, known=known)
    tail = verification.report.unvouched if laid.derived else ""
    for sentence, names in (("laid again from the entries", laid.derived), ("put back", laid.checkpoints)):
        if names and not desk.quiet:
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            output.note(f"{sentence}: {', '.join(f'log/{name}' for name in names[:_SHOWN])}{more}")
    if not desk.quiet:
        changed = laid.derived or laid.checkpoints
        output.note(f"the log holds {laid.size} entries{f'; {tail}' if tail else ''}" if changed else _NOTHING)
    left = [one for one in verification_of(desk)[0].findings() if one.gravity in ("altered", "lost")]
    if left:
        raise Damage(
            f"not all could be repaired: {_named(left)}",
            why="nothing here holds it any more",
            mend="put a copy into log/checkpoints, named by its number of entries; if there is none: civic checkpoint"
            " signs the entries as they are now",
        )


def _named(findings: Sequence[Found]) -> str:
    return "; ".join(f"{one.kind}: {one.found}" for one in findings[:3])


def views_agree(desk: Desk, *, deep: bool) -> tuple[bool, str]:
    """Whether the views follow the entries; deep: whether a rebuild gives the same rows."""
    from projections import views

    try:
        _ = desk.stored_views
    except Damage as error:
        return False, f"{error.what}; {error.mend}"
    with desk.views() as connection:
        mark = views.mark(connection) or views.Mark(desk.folder.origin)
        if not deep:
            return True, f"follow all {mark.position} entries; --deep compares every row"
        with desk.rebuilt(mark, mark.position, later_redactions=False) as fresh:
            same = same_rows(connection, fresh)
    return (
        same,
        "every row is as a rebuild makes it" if same else "some rows differ from a rebuild: civic views rebuild",
    )


def same_rows(live: sqlite3.Connection, rebuilt: sqlite3.Connection) -> bool:
    """Whether two read models hold the same rows."""
    from projections import views

    try:
        rows = zip_longest(views.dump(live), views.dump(rebuilt))
        return all(one == other for one, other in rows) and views.words(live) == views.words(rebuilt)
    except (TypeError, ValueError):  # a column holds bytes, or is one more: no view writes either
        return False


def _fallen(desk: Desk) -> str:
    """Which acts rest on an authority that has fallen."""
    from ledger.doctor import SHOWN
    from projections import authority

    with desk.views() as connection:
        found = list(authority.fallen(connection, now().toordinal()))
    if not found:
        return "no act rests on an authority that has fallen"
    told = (f"entry {one.entry} ({one.type} {one.subject}): {one.reference}, {one.standing}" for one in found[:SHOWN])
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"what was done stays done, but its authority fell: {'; '.join(told)}{more}"


@click.group("views", cls=GlobalGroup)
def views_() -> None:
    """Look at the read models, or rebuild them; they can always be thrown away."""


@views_.command("status")
@click.pass_obj
def status_(desk: Desk) -> None:
    """Say how far the views follow the entries. Fields (JSON): position, head, current."""
    head = desk.target().position
    mark = desk.mark()
    position = mark.position if mark else None
    row = {"position": position, "head": head, "current": position == head}
    output.rows([row], output.chosen(None), tuple(row))


@views_.command("rebuild")
@click.pass_obj
def rebuild_(desk: Desk) -> None:
    """Make the views anew from the entries, and put them in place of the old ones."""
    position = desk.rebuild()
    output.note(f"rebuilt from {position} entries")


@views_.command("dump")
@click.pass_obj
def dump_(desk: Desk) -> None:
    """Write every table of the views, sorted by primary key, as canonical JSON Lines."""
    from projections import views

    with desk.views() as connection:
        for line in views.dump(connection):
            output.say(output.safe_json(line))
