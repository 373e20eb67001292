"""For readers: the lists of links, bodies, decisions, letters, pledges and sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from domain.dates import written
from ledger.cli import output
from ledger.cli.filters import of_bodies, spelled_as_on_record
from ledger.cli.options import GlobalOptions
from ledger.cli.phrases import doubtful
from ledger.cli.when import When, asked_when
from ledger.errors import UsageError
from projections import questions

if TYPE_CHECKING:
    from ledger.cli.desk import Desk
    from projections.questions import Row

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

ON_A_TERMINAL: Final = 50
"""Rows shown on a terminal unless --limit says otherwise."""

SHOWN: Final = {
    "links": ("link", "kind", "standing", "since", "grade", "flags"),
    "decisions": ("reference", "kind", "standing", "since", "title", "vote", "grade"),
    "letters": ("reference", "standing", "on", "by", "to", "encloses", "grade"),
    "pledges": ("reference", "standing", "since", "by", "summary", "due", "grade"),
    "bodies": ("slug", "name", "kind", "country", "place"),
    "sources": ("source", "title", "publisher", "published", "grade", "entries", "weak"),
}
"""The columns of a table; every other format has them all."""

_ARRANGING: Final[tuple[Decorator, ...]] = (
    click.option("--columns", metavar="A,B", help="Which fields to show, in which order."),
    click.option("--sort", metavar="FIELD", help="Sort by a field."),
    click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most N rows; 0 for all."),
)

_NAMED: Final = 8
"""Values that are named where a filter fits none."""

_TAKEN: Final = ("format", "columns", "sort", "limit")
"""What a filter cannot be called in Python, since another option is."""


def _lister(name: str, sentence: str, *more: str) -> click.Command:
    """The command that lists one register, with a filter for each of its fields, and for what `more` names."""
    register = questions.BY_NAME.get(name)
    fields = questions.columns_of(name)

    def command(
        desk: Desk,
        *,
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
                unknown = questions.unknown(connection, register, when.as_of, when.known_by)
            else:
                found, unknown = questions.sources(connection, when.known_by), 0
            asked = {field.removesuffix("_"): values for field, values in filters.items() if values}
            sides = {field: asked.pop(field, ()) for field in ("body", "country")} if name == "links" else {}
            if any(sides.values()):
                found = of_bodies(connection, when, found, sides["body"], sides["country"])
            rows = [questions.with_bounds(when.unsure(row)) for row in found]
            if register and (format_ != "table" or columns or sort or asked):
                rows = list(questions.with_documents(connection, rows))
            listed = list(questions.filtered(rows, spelled_as_on_record(connection, rows, asked)))
        shown = _columns(columns, fields, SHOWN[name] if format_ == "table" else fields)
        if sort:
            _sort(listed, sort, fields)
        if unknown and not desk.quiet:
            output.note(f"{unknown} of the {name} were not known by {written(when.known_by)}")
        if not listed and not desk.quiet:
            named = [value for values in sides.values() for value in values]
            none_there = [f"no link then has {' or '.join(named)} on either side"] if named and not rows else []
            for hint in (*none_there, *_nowhere(rows, asked, name)):
                output.note(output.safe(hint))
        _print(desk, listed, when, format_, shown, limit)

    decorated: Callable[..., Any] = asked_when(command)
    for option in (*_ARRANGING, *map(_filter, (*fields, *more))):
        decorated = option(decorated)
    decorated.__doc__ = (
        f"{sentence}\n\nFields (JSON): {', '.join(fields)}.\n\n"
        "A filter has a field's name, and finds a name in any spelling that show takes; the same one twice means or, "
        "different ones mean and. Of each date, _earliest and _latest are the first and the last possible day, empty "
        "where there is no bound."
    )
    return click.command(name, cls=GlobalOptions)(decorated)


def _filter(field: str) -> Decorator:
    return click.option(
        f"--{field.replace('_', '-')}",
        f"{field}_" if field in _TAKEN else field,
        multiple=True,
        metavar="VALUE",
        hidden=field in ("rests_on", "unexplained", "quote") or field.endswith(("_earliest", "_latest")),
    )


def _nowhere(found: Sequence[Row], asked: Mapping[str, Sequence[str]], name: str) -> Iterator[str]:
    """For each filter that no row fits: what there is instead, so that a slip of the pen is seen."""
    from difflib import get_close_matches

    for field, values in asked.items():
        if found and not any(questions.filtered(found, {field: values})):
            held = sorted({cell for row in found for cell in questions.cells(row.get(field))})
            there = f"{', '.join(held[:_NAMED])}{' and others' if len(held) > _NAMED else ''}" if held else "nothing"
            close = next((near for value in values for near in get_close_matches(value, held, n=1)), None)
            meant = f"; did you mean {close}?" if close else ""
            yield f"none of the {name} has {' or '.join(values)} as {field}; there is {there}{meant}"


def _columns(asked: str | None, fields: tuple[str, ...], usual: tuple[str, ...]) -> tuple[str, ...]:
    if asked is None:
        return usual
    columns = tuple(column.strip() for column in asked.split(","))
    for column in columns:
        if column not in fields:
            raise _no_field(column, fields)
    return columns


def _sort(listed: list[Row], field: str, fields: tuple[str, ...]) -> None:
    if field not in fields:
        raise _no_field(field, fields)

    def place(row: Row) -> tuple[int, str]:
        value = row[field]
        return (value, "") if isinstance(value, int) else (0, output.cell(value))

    listed.sort(key=place)


def _no_field(asked: str, fields: Iterable[str]) -> UsageError:
    return UsageError(f"there is no field {asked!r}", mend=f"the fields are {', '.join(fields)}")


def _print(
    desk: Desk, listed: list[Row], when: When, format_: str, columns: tuple[str, ...], limit: int | None
) -> None:
    usual = ON_A_TERMINAL if format_ == "table" and desk.terminal else 0
    most = usual if limit is None else limit
    shown = listed[:most] if most else listed
    if format_ == "table":
        if not desk.quiet:
            more = "" if len(shown) == len(listed) else "; --limit 0 shows all"
            output.note(f"{when.heading} · {len(shown)} of {len(listed)}{more}")
        shown = [doubtful(row, ahead=when.ahead) for row in shown]
    elif shown and columns != tuple(shown[0]):
        shown = [{column: row.get(column) for column in columns} for row in shown]
    output.rows(shown, format_, columns)


links_ = _lister("links", "List links and how they stand. --country and --body ask for either side.", "country", "body")
decisions_ = _lister("decisions", "List motions and decisions, and what became of them.")
letters_ = _lister("letters", "List letters.")
pledges_ = _lister("pledges", "List pledges.")
bodies_ = _lister("bodies", "List bodies.")
sources_ = _lister(
    "sources", "List the documents that entries rest on, and which of these rest on third-party evidence alone (weak)."
)
