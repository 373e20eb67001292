"""For readers: lists, and everything about one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

import click

from domain.dates import OPEN, Date, written
from ledger.cli import output, things
from ledger.cli.main import GlobalOptions
from ledger.cli.when import When, asked_when, day_of
from ledger.errors import NotFound, UsageError
from projections import questions
from projections.register import Register

if TYPE_CHECKING:
    import sqlite3

    from domain.entry import Entry
    from ledger.application import Ledger
    from ledger.cli.desk import Desk

Row = dict[str, object]

ON_A_TERMINAL: Final = 50
"""Rows shown on a terminal unless --limit says otherwise."""

SHOWN: Final = {
    "links": ("link", "kind", "standing", "since", "suspended_by", "grade", "flags", "assumed"),
    "decisions": ("reference", "kind", "standing", "since", "title", "vote", "grade"),
    "letters": ("reference", "standing", "on", "by", "to", "encloses", "grade"),
    "pledges": ("reference", "standing", "since", "by", "summary", "due", "grade"),
    "bodies": ("slug", "name", "kind", "country", "place"),
    "sources": ("source", "title", "publisher", "published", "grade", "entries"),
}
"""The columns of a table; every other format has them all."""


def _lister(name: str, register: Register | None, sentence: str) -> click.Command:
    """The command that lists one register, with a filter for each of its fields."""
    fields = (register.subject, *register.columns) if register else questions.SOURCE_COLUMNS
    more = ("country", "body") if name == "links" else ()

    def command(
        desk: Desk,
        when: When,
        format_: str,
        columns: str | None,
        sort: str | None,
        limit: int | None,
        **filters: tuple[str, ...],
    ) -> None:
        with desk.views(when.recorded_by) as connection:
            if register:
                found = questions.rows(connection, register, when.as_of, when.known_by)
            else:
                found = questions.sources(connection, when.known_by)
            asked = {field.removesuffix("_"): values for field, values in filters.items() if values}
            if name == "links":
                found = _of_bodies(connection, when, found, asked.pop("body", ()), asked.pop("country", ()))
            listed = list(questions.filtered(found, asked))
        _print(
            desk,
            listed,
            when,
            format_,
            _columns(columns, fields, SHOWN[name] if format_ == "table" else fields),
            sort,
            limit,
        )

    decorated: Callable[..., Any] = asked_when(command)
    for option in (
        click.option("--columns", metavar="A,B", help="Which fields to show, in which order."),
        click.option("--sort", metavar="FIELD", help="Sort by a field."),
        click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most N rows; 0 for all."),
    ):
        decorated = option(decorated)
    for field in (*fields, *more):
        decorated = click.option(
            f"--{field.replace('_', '-')}",
            f"{field}_" if field in _TAKEN else field,
            multiple=True,
            metavar="VALUE",
            hidden=field in ("unexplained", "quote"),
        )(decorated)
    decorated.__doc__ = f"{sentence}\n\nFields (JSON): {', '.join(fields)}.\n\nA filter has a field's name; the same one twice means or, different ones mean and."
    return click.command(name, cls=GlobalOptions)(decorated)


_TAKEN: Final = ("format", "columns", "sort", "limit")


def _of_bodies(
    connection: sqlite3.Connection,
    when: When,
    links: Iterator[Row],
    bodies: tuple[str, ...],
    countries: tuple[str, ...],
) -> Iterator[Row]:
    """The links with one of the bodies on either side, and a body in one of the countries."""
    registered = questions.rows(connection, questions.BY_NAME["bodies"], when.as_of, OPEN - 1) if countries else ()
    within = {str(body["slug"]) for body in registered if body["country"] in countries}
    for row in links:
        sides = set(str(row["link"]).split("--"))
        if (not bodies or sides & set(bodies)) and (not countries or sides & within):
            yield row


def _columns(asked: str | None, fields: tuple[str, ...], usual: tuple[str, ...]) -> tuple[str, ...]:
    if asked is None:
        return usual
    columns = tuple(column.strip() for column in asked.split(","))
    for column in columns:
        if column not in fields:
            raise UsageError(f"there is no field {column!r}", mend=f"the fields are {', '.join(fields)}")
    return columns


def _print(
    desk: Desk,
    listed: list[Row],
    when: When,
    format_: str,
    columns: tuple[str, ...],
    sort: str | None,
    limit: int | None,
) -> None:
    if sort:
        if listed and sort not in listed[0]:
            raise UsageError(f"there is no field {sort!r}", mend=f"the fields are {', '.join(listed[0])}")
        listed.sort(key=lambda row: output.cell(row[sort]))
    most = limit if limit is not None else ON_A_TERMINAL if format_ == "table" and desk.terminal else 0
    shown = listed[:most] if most else listed
    if format_ == "table":
        if not desk.quiet:
            more = "" if len(shown) == len(listed) else "; --limit 0 shows all"
            output.note(f"{when.heading} · {len(shown)} of {len(listed)}{more}")
        shown = [doubtful(row) for row in shown]
    elif columns and set(columns) != set(shown[0] if shown else ()):
        shown = [{column: row.get(column) for column in columns} for row in shown]
    output.rows(shown, format_, columns)


def doubtful(row: Row) -> Row:
    """A row for people, in which a standing that is not certain says so."""
    if row.get("certainty") == "possibly":
        possible = row["possible"]
        assert isinstance(possible, list)  # noqa: S101 - for the type checker: the registers hold lists here
        row = {**row, "standing": "possibly " + " or ".join(standing for standing in possible if standing != "none")}
    return {**row, **({"vote": vote(row["vote"])} if row.get("vote") else {})}


def vote(found: object) -> str:
    """A vote as it is known."""
    from domain.values import Vote
    from ledger import telling

    return telling.vote(Vote.model_validate(found))


links_ = _lister(
    "links", questions.BY_NAME["links"], "List links and how they stand. --country and --body ask for either side."
)
decisions_ = _lister(
    "decisions", questions.BY_NAME["decisions"], "List motions and decisions, and what became of them."
)
letters_ = _lister("letters", questions.BY_NAME["letters"], "List letters.")
pledges_ = _lister("pledges", questions.BY_NAME["pledges"], "List pledges.")
bodies_ = _lister("bodies", questions.BY_NAME["bodies"], "List bodies.")
sources_ = _lister("sources", None, "List the documents that entries rest on.")


def complete_thing(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names on record that begin or end as typed; from the views as they are, for speed."""
    try:
        desk: Desk = context.find_root().obj
        with desk.views() as connection:
            names = [tag.split(":", 1)[1] for tag in questions.subjects(connection)]
    except Exception:  # noqa: BLE001 - a shell must not show a traceback between two keystrokes
        return []
    return [name for name in names if name.startswith(incomplete) or name.rpartition("/")[2].startswith(incomplete)]


@click.command("show", cls=GlobalOptions)
@click.argument("thing", shell_complete=complete_thing)
@asked_when
def show_(desk: Desk, thing: str, when: When, format_: str) -> None:
    """Show an entry (by position, id or key:K), a link, a body or a paper.

    Fields (JSON): those of the list it is in; of an entry, those of an exported line.
    """
    with desk.views(when.recorded_by) as connection:
        found = things.find(connection, thing)
        register = questions.BY_NAME.get(things.REGISTER_OF.get(found.kind, ""))
        if register:
            row = next(questions.rows(connection, register, when.as_of, when.known_by, found.tag), None)
            known = questions.first_known(connection, found.tag)
            if row is None:
                output.note(absent(found.name, when, known))
            else:
                _show_row(row, format_)
            return
    with desk.ledger(read_only=True) as ledger:
        entries = [entry_of(ledger, found)] if found.kind == "entry" else ledger.tagged(found.tag)
        from ledger.interchange.jsonl import line_of

        for entry in entries:
            _show_row(dict(line_of(entry)), format_)


def _show_row(row: Row, format_: str) -> None:
    if format_ != "table":
        output.rows([row], format_, tuple(row))
        return
    name = str(next(iter(row.values())))
    if "certainty" in row:
        output.say(f"{output.safe(name)}: {phrase(row)}")
    for field, value in row.items():
        if value not in (None, "", [], False):
            output.say(
                f"  {field.replace('_', ' ') + ':':<15} {vote(value) if field == 'vote' else output.cell(value)}"
            )


def phrase(row: Row) -> str:
    """How something stands, in a few words."""
    told = str(doubtful(row)["standing"])
    by = f" by {output.cell(row['suspended_by'])}" if row.get("suspended_by") and row["standing"] == "suspended" else ""
    if row["certainty"] == "possibly" and row.get("on"):
        return f"{told}: {Date.parse(str(row['on'])).spoken}"
    since = f" since {row['since']}" if row.get("since") and row["certainty"] == "yes" else ""
    return f"{told}{by}{since}"


def absent(name: str, when: When, known: tuple[int, int] | None) -> str:
    """Why there is nothing to show of something that is on record."""
    if known and known[0] > when.known_by:
        return f"Nothing about {name} was public by {written(when.known_by)}; first on {written(known[0])} (entry {known[1]})."
    return f"{name} is on record, but nothing stood by {written(when.as_of)}."


def entry_of(ledger: Ledger, found: things.Thing) -> Entry:
    """The entry that is meant.

    Raises:
        NotFound: there is none.
    """
    if found.tag.startswith("position:"):
        position = int(found.tag.removeprefix("position:"))
        entries = [entry for entry in ledger.read(position - 1, 1) if entry.position == position]
    else:
        entries = ledger.tagged(found.tag if found.tag.startswith("entry:") else f"entry:{_id_of_key(found.name[4:])}")
    if not entries:
        raise NotFound(f"there is no entry {found.name}", mend="civic history lists them")
    return entries[0]


def _id_of_key(key: str) -> str:
    from ledger.codec import id_of_key

    return id_of_key(key)


@click.command("history", cls=GlobalOptions)
@click.argument("thing", required=False, shell_complete=complete_thing)
@click.option("--type", "types", multiple=True, metavar="EVENT", help="Only these events.")
@click.option("--since", metavar="DATE", help="Only what happened on that day or later.")
@click.option("--until", metavar="DATE", help="Only what happened by that day.")
@asked_when
def history_(
    desk: Desk,
    thing: str | None,
    types: tuple[str, ...],
    since: str | None,
    until: str | None,
    when: When,
    format_: str,
) -> None:
    """List what is recorded about something, in the order in which it happened; without THING, all there is.

    Fields (JSON): entry, on, type, subject, summary, grade, sources, published, known, recorded_at, recorded_by, id.
    """
    first = Date.from_short(since).earliest if since and day_of(since, "--since") else -OPEN
    last = min(day_of(until, "--until") if until else OPEN, when.as_of)
    with desk.views(when.recorded_by) as connection:
        found = things.find(connection, thing) if thing else None
    with desk.ledger(read_only=True) as ledger:
        if found and found.kind == "entry":
            entries = [entry_of(ledger, found)]
        else:
            entries = list(ledger.tagged(found.tag) if found else ledger.read())
    rows = [
        row for earliest, latest, row in sorted(map(_history_row, entries), key=lambda told: (told[0], told[1], told[2]["entry"]))
        if latest >= first and earliest <= last and (not types or row["type"] in types)
        and int(str(row["known"])) <= when.known_by and (when.recorded_by is None or int(str(row["entry"])) <= when.recorded_by)
    ]  # fmt: skip
    for row in rows:
        row["known"] = written(int(str(row["known"])))
    usual = ("entry", "on", "type", "subject", "summary", "grade", "sources")
    if not rows and found and not desk.quiet:
        output.note(f"Nothing about {found.name} is on record within these days.")
    output.rows(rows, format_, usual if format_ == "table" or not rows else tuple(rows[0]))


def _history_row(entry: Entry) -> tuple[int, int, Row]:
    from domain.event import Dated
    from ledger import telling
    from ledger.codec import instant

    on = entry.event.on if isinstance(entry.event, Dated) else None
    row: Row = {
        "entry": entry.position, "on": telling.on(entry.event) or None, "type": entry.type.split("/", 1)[0],
        "subject": telling.subject(entry.event), "summary": telling.summary(entry.event), "grade": entry.grade,
        "sources": [source.source or source.title for source in entry.evidence],
        "published": [source.published.text for source in entry.evidence if source.published],
        "known": entry.known, "recorded_at": instant(entry.recorded_at), "recorded_by": entry.recorded_by, "id": entry.id,
        **({"overrides": [f"{one.rule}: {one.reason}" for one in entry.overrides]} if entry.overrides else {}),
    }  # fmt: skip
    return (on.earliest, on.latest, row) if on else (-OPEN, -OPEN, row)
