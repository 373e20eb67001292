"""For readers: everything about one thing, and what is recorded about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from domain import differences
from ledger.cli import layout, output, things
from ledger.cli.options import GlobalOptions
from ledger.cli.phrases import absent, details, doubtful, phrase, words
from ledger.cli.things import complete_thing
from ledger.cli.when import When, asked_when
from projections import particulars, questions

if TYPE_CHECKING:
    import sqlite3

    from ledger.cli.desk import Desk
    from ledger.reading import Reading, Told
    from projections.questions import Row


@click.command("show", cls=GlobalOptions)
@click.argument("thing", shell_complete=complete_thing)
@asked_when
def show_(desk: Desk, thing: str, when: When, format_: str) -> None:
    """Show an entry (by position, id or key:K), a link, a body or a paper.

    Fields (JSON): those of the list it is in, of a link also names (of its sides, at the time), of a motion or decision
    done_under (what was done on its authority: entry, type, subject, on), of a letter answered_by (the same of its
    answers), and particulars (what the entries behind it say beyond that, with their disputes); of an entry, those of
    an exported line, and records (about it: an object of positions, with revisions and disputes and the fields that
    each changes: [before, after]) where there are any.
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
                said = particulars.behind(connection, found.tag, row, when.as_of, when.known_by)
                following = _following(desk, connection, found, when)
                _show_row(when.unsure({**row, **named, **following, particulars.FIELD: said}), format_)
            return
    from ledger.reading import Horizon, Reading

    with desk.ledger(read_only=True) as ledger:
        reading = Reading(ledger, Horizon(when.as_of, when.known_by, when.recorded_by))
        entries = [things.entry_of(ledger, found)] if found.kind == "entry" else reading.originals(found.tag)
        for entry in entries:
            told = reading.as_known(entry)
            if told is None:
                output.note(absent(found.name, when, (reading.known_since(entry), entry.position)))
            else:
                _show_entry(reading, told, format_)


def _show_entry(reading: Reading, told: Told, format_: str) -> None:
    """Show an entry as it was recorded, and what is recorded about it."""
    from domain import telling
    from ledger.audit import records_about
    from ledger.interchange.jsonl import line_of

    raw, records = told.raw, records_about(told)
    entry: dict[str, Any] = line_of(raw)
    if format_ != "table":
        row = {**entry, **({"records": records} if records else {})}
        output.rows([row], format_, tuple(row))
        return
    about = telling.subject(raw.event)
    place = reading.position(about)
    name = f"{raw.position} {raw.type.split('/', 1)[0]} {f'entry {place}' if place else about} {telling.on(raw.event)}"
    output.say(output.safe(name.rstrip()))
    before = reading.before(raw)
    changed = telling.summary(raw.event, before) if before else ""
    marks = {"in short": changed, "records": telling.records_in_words(records)}
    event, evidence, overrides = (entry.pop(field) for field in ("event", "evidence", "overrides"))
    shown = {**event, **marks, "evidence": evidence, "overrides": overrides, **entry}
    for line in layout.lines({field: value for field, value in shown.items() if value not in ("", [])}):
        output.say(line)


def _following(desk: Desk, connection: sqlite3.Connection, found: things.Thing, when: When) -> dict[str, list[Row]]:
    """What was done on the authority of a motion or decision, in the order of time; or the answers to a letter."""
    if found.kind in ("motion", "decision"):
        return {"done_under": _done_under(desk, found.tag, when)}
    return {"answered_by": _answers(connection, found.name, when)} if found.kind == "letter" else {}


def _done_under(desk: Desk, tag: str, when: When) -> list[Row]:
    from domain import telling
    from ledger.audit import done_under, event_name
    from ledger.reading import Horizon, Reading

    with desk.ledger(read_only=True) as ledger:
        reading = Reading(ledger, Horizon(when.as_of, when.known_by, when.recorded_by))
        entries = [one.entry for one in done_under(reading, tag)]
        return [
            {
                "entry": entry.position,
                "type": event_name(entry),
                "subject": telling.subject(entry.event),
                "on": telling.on(entry.event) or None,
            }
            for entry in entries
        ]


def _answers(connection: sqlite3.Connection, letter: str, when: When) -> list[Row]:
    letters = questions.rows(connection, questions.BY_NAME["letters"], when.as_of, when.known_by)
    answers = [row for row in letters if row["in_answer_to"] == letter]
    return [
        {
            "entry": row["entry"],
            "type": f"letter-{row['standing']}",
            "subject": row["reference"],
            "on": row["received_on"] if row["standing"] == "received" else row["on"],
        }
        for row in sorted(answers, key=lambda row: row["entry"])
    ]


def _names(connection: sqlite3.Connection, link: str, when: When) -> list[str]:
    """How the two sides were called at the time."""
    bodies = questions.BY_NAME["bodies"]
    rows = (questions.rows(connection, bodies, when.as_of, when.known_by, f"body:{side}") for side in link.split("--"))
    return [str(row["name"]) for found in rows for row in found]


_LABELS: Final = {"done_under": "done under it:", "answered_by": "answered by:"}
"""How people are shown the entries that rest on a paper."""

_USUALLY_NOT: Final = ("assumed", "unexplained")
"""Marks of an unusual answer, which people are shown only where they are set."""


def _show_row(row: Row, format_: str) -> None:
    if format_ != "table":
        output.rows([row], format_, tuple(row))
        return
    name = str(next(iter(row.values())))
    if "certainty" in row:
        output.say(f"{output.safe(name)}: {phrase(row)}")
    if row.get("rests_on") == [row.get("entry")]:
        del row["rests_on"]
    entries = row.pop(particulars.FIELD)
    following = {label: row.pop(field, ()) for field, label in _LABELS.items()}
    for field, value in (doubtful(row) if row.get("disputed") else row).items():
        if value not in (None, "", []) and field != "disputed" and not (field in _USUALLY_NOT and not value):
            output.say(f"  {field.replace('_', ' ') + ':':<15} {output.safe(words(field, value))}")
            for line in details(row) if field == "vote" else ():
                output.say(f"    {output.cell(line)}")
    for label, rows in following.items():
        for one in rows:
            what = " ".join(str(value) for value in one.values() if value)
            output.say(output.safe(f"  {label:<15} {what}"))
    for entry in entries:
        if entry.keys() - {"entry", "type", "on"}:
            _show_particulars(entry)


def _show_particulars(entry: Row) -> None:
    """Show what an entry says beyond the row that rests on it."""
    position, event, disputes = entry.pop("entry"), entry.pop("type"), entry.pop("disputes", ())
    on = f" {entry.pop('on')}" if "on" in entry else ""
    output.say(output.safe(f"  entry {position}: {event}{on}"))
    for line in layout.lines(entry, depth=2):
        output.say(line)
    for dispute in disputes:
        output.say(output.safe(f"    {differences.dispute_in_words(dispute)}"))
