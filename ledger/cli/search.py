"""For readers: the entries in which words occur."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from domain.dates import OPEN, written
from ledger.cli import output, things
from ledger.cli.lists import ON_A_TERMINAL
from ledger.cli.nouns import known_event
from ledger.cli.options import GlobalOptions
from ledger.cli.things import complete_thing
from ledger.cli.when import When, asked_when, day_of, first_day_of
from ledger.errors import UsageError
from projections import search

if TYPE_CHECKING:
    import sqlite3

    from ledger.cli.desk import Desk
    from projections.search import Row

GRADES: Final = ("official", "council", "press", "third-party")


@click.command("search", cls=GlobalOptions)
@click.argument("text", nargs=-1, required=True)
@click.option("--type", "types", multiple=True, metavar="EVENT", help="Only these events.")
@click.option("--subject", metavar="THING", shell_complete=complete_thing, help="Only what happened to it.")
@click.option("--link", metavar="LINK", shell_complete=complete_thing, help="Only what names the link.")
@click.option("--body", metavar="BODY", shell_complete=complete_thing, help="Only what names the body.")
@click.option("--grade", "grades", multiple=True, type=click.Choice(GRADES), help="Only on such evidence.")
@click.option("--since", metavar="DATE", help="Only what happened on that day or later.")
@click.option("--until", metavar="DATE", help="Only what happened by that day.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most N rows; 0 for all.")
@click.option("--all", "all_", is_flag=True, help="Also what was taken back.")
@asked_when
def search_(
    desk: Desk,
    text: tuple[str, ...],
    *,
    types: tuple[str, ...],
    subject: str | None,
    link: str | None,
    body: str | None,
    grades: tuple[str, ...],
    since: str | None,
    until: str | None,
    limit: int | None,
    all_: bool,
    when: When,
    format_: str,
) -> None:
    """Find the entries in which words occur: in what they say as it stands, in names, in their sources.

    All words must occur; '"two words"' are found side by side, and paus* finds what begins so. Capitals and marks on
    letters do not matter. The best come first.

    Fields (JSON): entry, type, subject, on, summary, grade, snippet; of what was taken back also struck.
    """
    typed = " ".join(text)
    if not search.understood(typed):
        raise UsageError(f"{typed!r} holds no word to look for", mend="civic search pause, or civic search 'twin*'")
    for name in types:
        known_event(name)
    with desk.views(when.recorded_by) as connection:
        sought = search.Sought(
            typed,
            when.as_of,
            when.known_by,
            first_day_of(since, "--since") if since else -OPEN,
            day_of(until, "--until") if until else OPEN,
            types,
            grades,
            _tag(desk, connection, subject) if subject else "",
            [_tag(desk, connection, name) for name in (link, body) if name],
            all_,
        )
        listed = list(search.found(connection, sought))
        unknown = search.unknown(connection, sought)
    if unknown and not desk.quiet:
        entries = "one entry says it that was" if unknown == 1 else f"{unknown} entries say it that were"
        output.note(f"{entries} not known by {written(when.known_by)}")
    hint = "" if "*" in typed else "; a word may be cut short with a star, as in paus*"
    empty = "" if desk.quiet or unknown else f"no such entry says {typed!r}{hint}"
    _print(desk, listed, when, format_, limit, empty)


def _tag(desk: Desk, connection: sqlite3.Connection, thing: str) -> str:
    found = things.find(desk, connection, thing)
    if found.kind == "entry":
        raise UsageError(f"{thing} is an entry, not a link, body or paper", mend=f"civic show {thing} shows it")
    return found.tag


def _print(desk: Desk, listed: list[Row], when: When, format_: str, limit: int | None, empty: str) -> None:
    usual = ON_A_TERMINAL if format_ == "table" and desk.terminal else 0
    most = usual if limit is None else limit
    shown = listed[:most] if most else listed
    columns: tuple[str, ...] = search.FIELDS
    if format_ == "table":
        if not desk.quiet:
            more = "" if len(shown) == len(listed) else "; --limit 0 shows all"
            output.note(f"{when.heading} · {len(shown)} of {len(listed)}{more}")
        columns = ("entry", "on", "type", "subject", "grade", "snippet")
    marked = (*columns, "struck") if any(row.get("struck") for row in shown) else columns
    output.rows(shown, format_, marked, empty=empty, struck="struck")
