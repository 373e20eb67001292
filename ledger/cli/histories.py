"""For readers: what is recorded about something, as it stands - or all of it, with what was struck and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import click

from domain.dates import OPEN, written
from ledger.cli import output, things
from ledger.cli.nouns import known_event
from ledger.cli.options import GlobalOptions
from ledger.cli.phrases import absent
from ledger.cli.things import complete_thing
from ledger.cli.when import When, asked_when, day_of, first_day_of
from projections import questions

if TYPE_CHECKING:
    import sqlite3

    from domain.catalogue import AnyEvent
    from domain.entry import Entry, UnknownEvent
    from ledger.cli.desk import Desk
    from ledger.reading import Reading, Told
    from projections.questions import Row

_USUAL: Final = ("entry", "on", "type", "subject", "summary", "grade", "sources")
FIELDS: Final = (
    *_USUAL, "published", "known", "recorded_at", "recorded_by", "id", "struck", "records", "overrides",
)  # fmt: skip


@click.command("history", cls=GlobalOptions)
@click.argument("thing", required=False, shell_complete=complete_thing)
@click.option("--type", "types", multiple=True, metavar="EVENT", help="Only these events.")
@click.option("--since", metavar="DATE", help="Only what happened on that day or later.")
@click.option("--until", metavar="DATE", help="Only what happened by that day.")
@click.option("--all", "all_", is_flag=True, help="Also what was struck, and every record about an entry.")
@asked_when
def history_(
    desk: Desk,
    thing: str | None,
    *,
    types: tuple[str, ...],
    since: str | None,
    until: str | None,
    all_: bool,
    when: When,
    format_: str,
) -> None:
    """List what is recorded about something, in the order in which it happened; without THING, all there is.

    Entries are told as they stand: corrected, and without what was taken back. With --all, a line that was corrected or
    taken back is struck through, and is followed by what stands instead and by the records that say so.

    Fields (JSON): entry, on, type, subject, summary, grade, sources, published, known, recorded_at, recorded_by, id;
    where there are any: struck (by which entry), records (an object of positions, with revisions and disputes: the
    fields that each changes), overrides.
    """
    from ledger.audit import days, undated
    from ledger.reading import Horizon, Reading

    for name in types:
        known_event(name)
    first = first_day_of(since, "--since") if since else -OPEN
    last = min(day_of(until, "--until") if until else OPEN, when.as_of)
    with desk.views(when.recorded_by) as connection:
        found = things.find(desk, connection, thing) if thing is not None else None
        known = questions.first_known(connection, found.tag) if found else None
        tags = _tags(connection, found) if found else [None]
    rows = []
    with desk.ledger(read_only=True) as ledger:
        reading = Reading(ledger, Horizon(when.as_of, when.known_by, when.recorded_by))
        if found is None:
            reading.load_all()
        originals = [things.entry_of(ledger, found)] if found and found.kind == "entry" else None
        if originals:
            known = reading.known_since(originals[0]), originals[0].position
        for told in _told(reading, tags, originals, all_=all_):
            entry = told.raw if told.struck else told.entry
            earliest, latest = days(entry)
            if latest >= first and earliest <= last and not (since and undated(entry)):
                rows += [row for row in _rows(told, all_=all_) if not types or row["type"] in types]
    if not rows and found and not desk.quiet:
        output.note(absent(found.name, when, known))
    if format_ == "table":
        rows = [{**row, "summary": _marked(row)} for row in rows]
    output.rows(rows, format_, _USUAL if format_ == "table" else FIELDS, struck="struck")


def _tags(connection: sqlite3.Connection, found: things.Thing) -> list[str | None]:
    """What to look under: for a place, also its associations."""
    if found.kind != "body":
        return [found.tag]
    return [f"body:{slug}" for slug in questions.at_place(connection, found.name)]


def _told(reading: Reading, tags: Sequence[str | None], originals: list[Entry] | None, *, all_: bool) -> list[Told]:
    """The entries to list, by the days on which they happened.

    Those that name the thing, and what became of each paper that one of them is about, with the answers to letters.
    """
    from ledger.audit import answered_by, in_time

    if originals is not None:
        known = [reading.as_known(entry) for entry in originals]
        return sorted((one for one in known if one), key=in_time)
    found = fresh = _under(reading, tags, all_=all_)
    seen = {*tags}
    while fresh and None not in tags:
        papers = {tag for one in fresh.values() if (tag := _subject(one.entry)) and tag.startswith("ref:")} - seen
        seen |= papers
        later = _under(reading, sorted(papers), all_=all_)
        fresh = {at: one for at, one in later.items() if {_subject(one.entry), answered_by(one.entry)} & papers}
        found |= fresh
    return sorted(found.values(), key=in_time)


def _under(reading: Reading, tags: Sequence[str | None], *, all_: bool) -> dict[int, Told]:
    """The entries that name what one of the tags is for, by position."""
    under = ((tag, reading.as_known(entry, tag)) for tag in tags for entry in reading.originals(tag))
    return {
        one.raw.position: one
        for tag, one in under
        if one and (all_ or (one.stands and (tag is None or reading.names(one, tag))))
    }


def _subject(entry: Entry) -> str | None:
    """The tag of what an entry is about; None where this release does not know the event."""
    from domain.entry import UnknownEvent

    return None if isinstance(entry.event, UnknownEvent) else entry.event.subject_tag


def _rows(told: Told, *, all_: bool) -> Iterator[Row]:
    """An entry as it stands; with all, first what was struck, and last what is recorded about it."""
    if all_ and told.struck:
        yield {**_row(told.raw), "struck": told.struck}
    if told.stands:
        yield _row(told.entry, told)
    if all_:
        yield from _records(told)


def _records(told: Told) -> Iterator[Row]:
    """What is recorded about an entry, each under the position of what it names; struck where it was taken back."""
    from domain.telling import subject

    places = {one.id: one.position for one in (told.raw, *told.records)}
    before = {step.record.position: step.before for step in told.revisions}
    retractions = [one for one in told.records if one.type.startswith("entry-retracted/")]
    for record in told.records:
        about = places.get(subject(record.event), told.raw.position)
        row = {**_row(record, before=before.get(record.position)), "subject": f"entry {about}"}
        back = [one.position for one in retractions if subject(one.event) == record.id]
        yield {**row, "struck": back} if back and record.position not in told.holding else row


def _row(entry: Entry, told: Told | None = None, before: AnyEvent | UnknownEvent | None = None) -> Row:
    from domain import telling
    from ledger.audit import records_about
    from ledger.codec import instant

    records = records_about(told) if told else {}
    return {
        "entry": entry.position,
        "on": telling.on(entry.event) or None,
        "type": entry.type.split("/", 1)[0],
        "subject": telling.subject(entry.event),
        "summary": telling.summary(entry.event, before),
        "grade": entry.grade,
        "sources": [source.source or source.title for source in entry.evidence],
        "published": [source.published.text for source in entry.evidence if source.published],
        "known": written(entry.known),
        "recorded_at": instant(entry.recorded_at),
        "recorded_by": entry.recorded_by,
        "id": entry.id,
        **({"records": records} if records else {}),
        **({"overrides": [f"{one.rule}: {one.reason}" for one in entry.overrides]} if entry.overrides else {}),
    }


def _marked(row: Row) -> str:
    """What happened, with what is recorded about it in brackets."""
    from domain.telling import records_in_words

    told = (
        [f"struck by {output.cell(row['struck'])}"] if row.get("struck") else records_in_words(row.get("records", {}))
    )
    overrides = [f"overrides {one}" for one in row.get("overrides", ())]
    marks = "; ".join([*told, *overrides])
    return f"{row['summary']} ({marks})" if marks else str(row["summary"])
