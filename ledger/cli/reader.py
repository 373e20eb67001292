"""For readers: everything about one thing, and what is recorded about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from ledger.cli import output, things
from ledger.cli.options import GlobalOptions
from ledger.cli.phrases import absent, details, doubtful, phrase, words
from ledger.cli.things import complete_thing
from ledger.cli.when import When, asked_when
from projections import questions

if TYPE_CHECKING:
    import sqlite3

    from ledger.cli.desk import Desk
    from projections.questions import Row


@click.command("show", cls=GlobalOptions)
@click.argument("thing", shell_complete=complete_thing)
@asked_when
def show_(desk: Desk, thing: str, when: When, format_: str) -> None:
    """Show an entry (by position, id or key:K), a link, a body or a paper.

    Fields (JSON): those of the list it is in, of a link also names (of its sides, at the time); of an entry, those of
    an exported line, and records (about it: an object of positions) where there are any.
    """
    with desk.views(when.recorded_by) as connection:
        found = things.find(desk, connection, thing)
        register = questions.BY_NAME.get(things.REGISTER_OF.get(found.kind, ""))
        if register:
            row = next(questions.rows(connection, register, when.as_of, when.known_by, found.tag), None)
            known = questions.first_known(connection, found.tag)
            if row is None:
                output.note(absent(found.name, when, known))
            else:
                named = {"names": _names(connection, found.name, when)} if found.kind == "link" else {}
                _show_row({**row, **named}, format_)
            return
    from ledger.audit import records_about
    from ledger.interchange.jsonl import line_of
    from ledger.reading import Horizon, Reading

    with desk.ledger(read_only=True) as ledger:
        reading = Reading(ledger, Horizon(when.as_of, when.known_by, when.recorded_by))
        entries = [things.entry_of(ledger, found)] if found.kind == "entry" else reading.originals(found.tag)
        for told in map(reading.as_recorded, entries):
            records = records_about(told)
            _show_row({**line_of(told.raw), **({"records": records} if records else {})}, format_)


def _names(connection: sqlite3.Connection, link: str, when: When) -> list[str]:
    """How the two sides were called at the time."""
    bodies = questions.BY_NAME["bodies"]
    rows = (questions.rows(connection, bodies, when.as_of, when.known_by, f"body:{side}") for side in link.split("--"))
    return [str(row["name"]) for found in rows for row in found]


_USUALLY_NOT: Final = ("assumed", "unexplained")
"""Marks of an unusual answer, which people are shown only where they are set."""


def _show_row(row: Row, format_: str) -> None:
    if format_ != "table":
        output.rows([row], format_, tuple(row))
        return
    name = str(next(iter(row.values())))
    if "certainty" in row:
        output.say(f"{output.safe(name)}: {phrase(row)}")
    for field, value in (doubtful(row) if row.get("disputed") else row).items():
        if value not in (None, "", []) and field != "disputed" and not (field in _USUALLY_NOT and not value):
            output.say(f"  {field.replace('_', ' ') + ':':<15} {output.safe(words(field, value))}")
            for line in details(row) if field == "vote" else ():
                output.say(f"    {output.cell(line)}")
