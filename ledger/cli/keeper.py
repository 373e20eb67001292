"""For keepers: a copy of every entry, the examination of the book, and the read models."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ledger.cli import output, phrases
from ledger.cli.desk import now
from ledger.cli.new_files import all_new, new_file
from ledger.cli.options import GlobalGroup, GlobalOptions, asked_format
from ledger.errors import UsageError

if TYPE_CHECKING:
    import sqlite3

    from ledger.cli.desk import Desk

DAMAGED: Final = 10
"""The exit code of an examination that found damage."""


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
@asked_format
@click.pass_obj
def doctor_(desk: Desk, *, deep: bool, format_: str | None) -> None:
    """Examine the ledger: schema and guards, pages, every entry, tags, positions, clock, views. Exit 10 when damaged.

    It finds accidents. It proves no history intact: whoever may write the folder may have rewritten it all.
    It also names acts whose authority has fallen: a motion lost or rescinded, a decision disapproved or revoked. That
    is no damage, and undoes nothing.

    Fields (JSON): check, ok, found.
    """
    from ledger.doctor import Finding, examine

    findings = list(examine(desk.folder.entries))
    if all(finding.ok for finding in findings):
        findings.append(Finding("views", *views_agree(desk, deep=deep)))
    if all(finding.ok for finding in findings):
        findings.append(Finding("authority", ok=True, found=_fallen(desk)))
    output.rows((finding._asdict() for finding in findings), output.chosen(format_), Finding._fields)
    if not all(finding.ok for finding in findings):
        raise click.exceptions.Exit(DAMAGED)


def views_agree(desk: Desk, *, deep: bool) -> tuple[bool, str]:
    """Whether the views follow the entries; deep: whether a rebuild gives the same rows."""
    from projections import views

    with desk.views() as connection:
        mark = views.mark(connection) or views.Mark(desk.folder.origin)
        if not deep:
            return True, f"follow all {mark.position} entries; --deep compares every row"
        with desk.rebuilt(mark, mark.position) as fresh:
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
