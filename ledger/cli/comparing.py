"""For auditors: what changed between two days, or was learned between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from domain.dates import written
from domain.lifecycle import sides_of
from ledger.cli import output, things
from ledger.cli.options import GlobalOptions, asked_format
from ledger.cli.phrases import phrase
from ledger.cli.things import complete_thing
from ledger.cli.when import day_of, note_ahead, position_of, when_of
from ledger.errors import UsageError
from projections import questions, search

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from ledger.cli.desk import Desk
    from projections.questions import Row


class Look(NamedTuple):
    """How one side of a comparison looks at the world."""

    as_of: int
    known_by: int


@click.command("diff", cls=GlobalOptions)
@click.argument("arguments", nargs=-1, metavar="[LINK] [DATE] [DATE]", shell_complete=complete_thing)
@click.option("--exit-code", is_flag=True, help="Exit with 1 when something differs.")
@click.option(
    "--known-by", metavar="DATE|A..B", help="As far as the public could know by then; A..B: what was learned between."
)
@click.option("--recorded-by", metavar="POSITION|DATE", help="As far as this ledger had recorded by then.")
@asked_format
@click.pass_obj
@output.concluding()
def diff_(
    desk: Desk,
    arguments: tuple[str, ...],
    *,
    exit_code: bool,
    known_by: str | None,
    recorded_by: str | None,
    format_: str | None,
) -> None:
    """Compare two days (the second is today unless given): of one link, with its letters and pledges, or of all.

    With --known-by A..B, compare what was known by A with what was known by B about one day, today unless given: civic
    diff coventry--volgograd --known-by 2022-03-01..2022-03-31 2022-02 tells what was learned in March about the end of
    February, and of one link also every entry that became known.

    Fields (JSON): link, changes (an object of [before, after] by field); of a paper also reference, of what was learned
    also entry.
    """
    link = arguments[0] if arguments and "--" in arguments[0] else None
    before, after, heading = _looks(desk, arguments[1:] if link else arguments, known_by)
    note_ahead(desk, *sorted({before.as_of, after.as_of}))
    position = position_of(desk, recorded_by) if recorded_by is not None else None
    with desk.views(position) as connection:
        tag = things.find(desk, connection, link).tag if link else None
        if tag and not tag.startswith("link:"):
            raise UsageError(f"{link} is not a link", mend="diff compares links")
        changed = list(_changes(connection, tag, before, after))
    form = output.chosen(format_)
    if form == "table":
        if not desk.quiet:
            output.note(f"{heading} · {len(changed)} changed")
        flat = [
            {"link": row["link"], "field": field, "before": was, "after": now}
            for row in changed
            for field, (was, now) in row["changes"].items()
            if not _goes_without_saying(field, was, now)
        ]
        output.rows(flat, form, ("link", "field", "before", "after"))
    else:
        output.rows(changed, form, ("link", "reference", "entry", "changes"))
    if exit_code and changed:
        raise click.exceptions.Exit(1)


def _looks(desk: Desk, days: Sequence[str], known_by: str | None) -> tuple[Look, Look, str]:
    """The two sides of the comparison that is asked for, and what it is called."""
    first_known, dots, last_known = (known_by or "").strip().strip("[]").partition("..")
    if dots and first_known and last_known:
        if len(days) > 1:
            raise UsageError(
                "what was learned is about one day", mend="civic diff coventry--volgograd --known-by A..B 2022-02-28"
            )
        known = [day_of(text, "--known-by") for text in (first_known, last_known)]
        if known[0] > known[1]:
            raise UsageError(f"--known-by: {known_by} ends before it begins", mend=f"write {last_known}..{first_known}")
        as_of = day_of(days[0], "the date") if days else when_of(desk, None, None, None).as_of
        told = " and by ".join(map(written, known))
        return Look(as_of, known[0]), Look(as_of, known[1]), f"About {written(as_of)}, as known by {told}"
    if not 1 <= len(days) <= 2:  # noqa: PLR2004 - from one day to another
        raise UsageError("diff compares two days", mend="civic diff coventry--volgograd 2022-03-01 2022-03-25")
    when = when_of(desk, None, known_by, None)
    first = day_of(days[0], "the first date")
    second = day_of(days[1], "the second date") if len(days) > 1 else when.as_of
    heading = f"From {written(first)} to {written(second)}"
    return Look(first, when.known_by), Look(second, when.known_by), heading


def _goes_without_saying(field: str, was: object, now: object) -> bool:
    """Whether a person needs not be told: of what was not there before, or is not now, that there is no doubt."""
    if was is not None and now is not None:
        return False
    told = was if now is None else now
    return (field == "certainty" and told == "yes") or (field == "possible" and len(str(told).split(",")) == 1)


_COMPARED: Final = ("kind", "standing", "flags", "suspended_by", "since", "grade", "certainty", "possible")


def _changes(connection: sqlite3.Connection, tag: str | None, before: Look, after: Look) -> Iterator[dict[str, Any]]:
    """What differs between two looks, link by link; of one link also the papers about it and what was learned."""
    was, now = (_stood(connection, "links", look, tag) for look in (before, after))
    for link in sorted({*was, *now}):
        changes = _compared(was.get(link), now.get(link), _COMPARED, _absent(connection, link, before))
        if changes:
            yield {"link": link, "changes": changes}
    if tag is None:
        return
    name = next(iter({**was, **now}), tag.removeprefix("link:"))
    for register in ("letters", "pledges"):
        was, now = (_stood(connection, register, look) for look in (before, after))
        for reference in sorted({*was, *now}):
            if not _concerns(now.get(reference) or was[reference], tag):
                continue
            nothing = _absent(connection, reference, before)
            changes = _compared(_told(was.get(reference)), _told(now.get(reference)), ("standing",), nothing)
            if changes:
                kind = register.removesuffix("s")
                yield {"link": name, "reference": reference, "changes": {f"{kind} {reference}": changes["standing"]}}
    for entry in search.learned(connection, tag, before.known_by, after.known_by, after.as_of):
        on = f" {entry['on']}" if entry["on"] else ""
        told = f"{entry['type']}{on}: {entry['summary'] or entry['subject']}"
        yield {"link": name, "entry": entry["entry"], "changes": {f"entry {entry['entry']}": [_NOT_KNOWN, told]}}


_NOT_KNOWN: Final = "not known"


def _absent(connection: sqlite3.Connection, name: str, look: Look) -> str:
    """What to call the standing of what is not listed: none, or not known while nothing about it was."""
    tag = "link:" + "--".join(sorted(sides_of(name))) if "--" in name else f"ref:{name}"
    known = questions.first_known(connection, tag)
    return _NOT_KNOWN if known and known[0] > look.known_by else "none"


def _stood(connection: sqlite3.Connection, name: str, look: Look, tag: str | None = None) -> dict[str, Row]:
    """The rows of a register, by what they are about."""
    register = questions.BY_NAME[name]
    found = questions.rows(connection, register, look.as_of, look.known_by, tag)
    return {row[register.subject]: row for row in found}


def _concerns(row: Row, tag: str) -> bool:
    named = [*(row.get("announces") or ()), *(row.get("about") or ())]
    return any(tag == things.tag_of(name.rpartition(":")[2]) for name in named)


def _told(row: Row | None) -> Row | None:
    """How a paper stands, in words."""
    return row and {**row, "standing": phrase({**row, "on": None}).split(" since ")[0]}


def _compared(before: Row | None, after: Row | None, fields: tuple[str, ...], absent: str) -> dict[str, list[object]]:
    """Both values of each field that differs; who is not listed stands at `absent` before, at none afterwards."""
    both = {
        field: [_value(row, field, nothing) for row, nothing in ((before, absent), (after, "none"))] for field in fields
    }
    return {field: values for field, values in both.items() if (values[0] or None) != (values[1] or None)}


def _value(row: Row | None, field: str, absent: str) -> object:
    """What a row holds in a field, with what is told otherwise beside it, in words."""
    if row is None:
        return absent if field == "standing" else None
    accounts = row.get("disputed") or () if field != "grade" else ()  # whose account it is, not what it tells
    others = [output.cell(account[field]) or "none" for account in accounts if field in account]
    if not others:
        return row.get(field)
    return f"{output.cell(row[field]) or 'none'} (disputed: {', '.join(dict.fromkeys(others))})"
