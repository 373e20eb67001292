"""For auditors: what changed between two days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from domain.dates import written
from domain.lifecycle import sides_of
from ledger.cli import output, things
from ledger.cli.options import GlobalOptions, asked_format
from ledger.cli.phrases import phrase
from ledger.cli.when import day_of, when_of
from ledger.errors import UsageError
from projections import questions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from ledger.cli.desk import Desk
    from projections.questions import Row


@click.command("diff", cls=GlobalOptions)
@click.argument("arguments", nargs=-1, required=True, metavar="[LINK] DATE [DATE]")
@click.option("--exit-code", is_flag=True, help="Exit with 1 when something differs.")
@click.option("--known-by", metavar="DATE", help="As far as the public could know by then.")
@asked_format
@click.pass_obj
def diff_(
    desk: Desk, arguments: tuple[str, ...], *, exit_code: bool, known_by: str | None, format_: str | None
) -> None:
    """Compare two days (the second is today unless given): of one link, with its letters and pledges, or of all.

    Fields (JSON): link, changes (an object of [before, after] by field), and for papers reference.
    """
    link = arguments[0] if "--" in arguments[0] else None
    days = arguments[1:] if link else arguments
    if not 1 <= len(days) <= 2:  # noqa: PLR2004 - from one day to another
        raise UsageError("diff compares two days", mend="civic diff coventry--volgograd 2022-03-01 2022-03-25")
    first = day_of(days[0], "the first date")
    known = when_of(desk, None, known_by, None)
    second = day_of(days[1], "the second date") if len(days) > 1 else known.as_of
    with desk.views() as connection:
        tag = things.find(desk, connection, link).tag if link else None
        if tag and not tag.startswith("link:"):
            raise UsageError(f"{link} is not a link", mend="diff compares links")
        changed = list(_changes(connection, tag, (first, second), known.known_by))
    form = output.chosen(format_)
    if form == "table":
        if not desk.quiet:
            output.note(f"From {written(first)} to {written(second)} · {len(changed)} changed")
        flat = [
            {"link": row["link"], "field": field, "before": before, "after": after}
            for row in changed
            for field, (before, after) in row["changes"].items()
        ]
        output.rows(flat, form, ("link", "field", "before", "after"))
    else:
        output.rows(changed, form, ("link", "reference", "changes"))
    if exit_code and changed:
        raise click.exceptions.Exit(1)


_COMPARED: Final = ("kind", "standing", "flags", "suspended_by", "since", "grade", "certainty", "possible")


def _changes(
    connection: sqlite3.Connection, tag: str | None, days: tuple[int, int], known_by: int
) -> Iterator[dict[str, Any]]:
    """What differs between two days, link by link, then the papers that concern the link."""
    before, after = (_stood(connection, "links", day, known_by, tag) for day in days)
    for link in sorted({*before, *after}):
        changes = _compared(before.get(link, {}), after.get(link, {}), _COMPARED)
        if changes:
            yield {"link": link, "changes": changes}
    if tag is None:
        return
    name = next(iter({**before, **after}), tag.removeprefix("link:"))
    for register in ("letters", "pledges"):
        was, now = (_stood(connection, register, day, known_by) for day in days)
        for reference in sorted({*was, *now}):
            if not _concerns(now.get(reference) or was[reference], tag):
                continue
            changes = _compared(_told(was.get(reference)), _told(now.get(reference)), ("standing",))
            if changes:
                kind = register.removesuffix("s")
                yield {"link": name, "reference": reference, "changes": {f"{kind} {reference}": changes["standing"]}}


def _stood(
    connection: sqlite3.Connection, name: str, day: int, known_by: int, tag: str | None = None
) -> dict[str, Row]:
    """The rows of a register at the end of a day, by what they are about."""
    register = questions.BY_NAME[name]
    return {row[register.subject]: row for row in questions.rows(connection, register, day, known_by, tag)}


def _concerns(row: Row, tag: str) -> bool:
    named = [*(row.get("announces") or ()), *(row.get("about") or ())]
    return any(tag == "link:" + "--".join(sorted(sides_of(name.rpartition(":")[2]))) for name in named)


def _told(row: Row | None) -> Row:
    return {"standing": phrase({**row, "on": None}).split(" since ")[0]} if row else {}


def _compared(before: Row, after: Row, fields: tuple[str, ...]) -> dict[str, list[object]]:
    """Both values of each field that differs; who is not listed stands at none."""
    nothing = {"standing": "none"}
    both = {field: [row.get(field, nothing.get(field)) for row in (before, after)] for field in fields}
    return {field: values for field, values in both.items() if (values[0] or None) != (values[1] or None)}
