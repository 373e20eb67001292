"""For readers: everything about one thing, and what is recorded about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from domain.dates import OPEN, written
from ledger.cli import output, things
from ledger.cli.options import GlobalOptions
from ledger.cli.phrases import absent, phrase, vote
from ledger.cli.things import complete_thing
from ledger.cli.when import When, asked_when, day_of, first_day_of
from projections import questions

if TYPE_CHECKING:
    from domain.entry import Entry
    from ledger.cli.desk import Desk
    from projections.questions import Row


@click.command("show", cls=GlobalOptions)
@click.argument("thing", shell_complete=complete_thing)
@asked_when
def show_(desk: Desk, thing: str, when: When, format_: str) -> None:
    """Show an entry (by position, id or key:K), a link, a body or a paper.

    Fields (JSON): those of the list it is in; of an entry, those of an exported line.
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
                _show_row(row, format_)
            return
    from ledger.interchange.jsonl import line_of

    with desk.ledger(read_only=True) as ledger:
        entries = [things.entry_of(ledger, found)] if found.kind == "entry" else ledger.tagged(found.tag)
        for entry in entries:
            _show_row(line_of(entry), format_)


def _show_row(row: Row, format_: str) -> None:
    if format_ != "table":
        output.rows([row], format_, tuple(row))
        return
    name = str(next(iter(row.values())))
    if "certainty" in row:
        output.say(f"{output.safe(name)}: {phrase(row)}")
    for field, value in row.items():
        if value not in (None, "", [], False):
            told = vote(value) if field == "vote" else output.cell(value)
            output.say(f"  {field.replace('_', ' ') + ':':<15} {told}")


@click.command("history", cls=GlobalOptions)
@click.argument("thing", required=False, shell_complete=complete_thing)
@click.option("--type", "types", multiple=True, metavar="EVENT", help="Only these events.")
@click.option("--since", metavar="DATE", help="Only what happened on that day or later.")
@click.option("--until", metavar="DATE", help="Only what happened by that day.")
@asked_when
def history_(
    desk: Desk,
    thing: str | None,
    *,
    types: tuple[str, ...],
    since: str | None,
    until: str | None,
    when: When,
    format_: str,
) -> None:
    """List what is recorded about something, in the order in which it happened; without THING, all there is.

    Fields (JSON): entry, on, type, subject, summary, grade, sources, published, known, recorded_at, recorded_by, id.
    """
    from ledger.reading import Horizon, Reading

    first = first_day_of(since, "--since") if since else -OPEN
    last = min(day_of(until, "--until") if until else OPEN, when.as_of)
    horizon = Horizon(when.as_of, when.known_by, when.recorded_by)
    with desk.views(when.recorded_by) as connection:
        found = things.find(desk, connection, thing) if thing is not None else None
        known = questions.first_known(connection, found.tag) if found else None
    with desk.ledger(read_only=True) as ledger:
        if found and found.kind == "entry":
            entries = [things.entry_of(ledger, found)]
        else:
            entries = list(ledger.tagged(found.tag) if found else ledger.read())
    rows = []
    for entry in sorted(entries, key=lambda entry: (*_days(entry), entry.position)):
        earliest, latest = _days(entry)
        row = _history_row(entry)
        if latest >= first and earliest <= last and horizon.sees(entry) and (not types or row["type"] in types):
            rows.append(row)
    if not rows and found and not desk.quiet:
        output.note(absent(found.name, when, known))
    usual = ("entry", "on", "type", "subject", "summary", "grade", "sources")
    output.rows(rows, format_, usual if format_ == "table" or not rows else tuple(rows[0]))


def _days(entry: Entry) -> tuple[int, int]:
    """The first and the last day on which it may have happened; before all others when it has no date."""
    from domain.event import Dated

    event = entry.event
    return (event.on.earliest, event.on.latest) if isinstance(event, Dated) else (-OPEN, -OPEN)


def _history_row(entry: Entry) -> Row:
    from ledger import telling
    from ledger.codec import instant

    return {
        "entry": entry.position,
        "on": telling.on(entry.event) or None,
        "type": entry.type.split("/", 1)[0],
        "subject": telling.subject(entry.event),
        "summary": telling.summary(entry.event),
        "grade": entry.grade,
        "sources": [source.source or source.title for source in entry.evidence],
        "published": [source.published.text for source in entry.evidence if source.published],
        "known": written(entry.known),
        "recorded_at": instant(entry.recorded_at),
        "recorded_by": entry.recorded_by,
        "id": entry.id,
        **({"overrides": [f"{one.rule}: {one.reason}" for one in entry.overrides]} if entry.overrides else {}),
    }
