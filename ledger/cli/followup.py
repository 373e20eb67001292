"""For clerks: what is still to be done, and which rules were overridden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from domain.dates import OPEN, Date, written
from domain.rules import RULES
from ledger.cli import output
from ledger.cli.options import GlobalOptions
from ledger.cli.when import When, asked_when
from ledger.errors import UsageError
from projections import due, overrides

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.cli.desk import Desk
    from projections.due import Row


@click.command("due", cls=GlobalOptions)
@click.option("--state", "states", multiple=True, type=click.Choice(due.STATES), help="Only what is in that state.")
@click.option("--all", "all_", is_flag=True, help="Also what is settled: kept, dropped, or passed with nothing to do.")
@asked_when
def due_(desk: Desk, *, states: tuple[str, ...], all_: bool, when: When, format_: str) -> None:
    """List what is due, by its day: pledges, ends of call-ins and notices, effective days, terms, conditions.

    Nothing is ever applied: a term that has passed ends no link until an entry says that it ended. Shown is what is
    still to come, or to be followed up; --all shows the rest. The last day of a month or year that is given as a
    deadline counts; a day in doubt makes the state doubtful.

    Fields (JSON): due, state (overdue, passed, coming, open, kept, dropped), what (pledge, call-in, effect, ending,
    notice, term, condition), subject, summary, follow_up (what to record, once it is known), entry, grade, certainty.
    """
    with desk.views(when.recorded_by) as connection:
        rows = due.due(connection, due.Day(when.as_of, when.known_by))
        ever = rows if when.known_by == OPEN - 1 else due.due(connection, due.Day(when.as_of))
    listed = [row for row in rows if (row["state"] in states if states else all_ or due.unsettled(row))]
    listed = [when.unsure(row) for row in listed]
    unknown = len(_named(ever) - _named(rows))
    if unknown and not desk.quiet:
        output.note(f"{unknown} more {'was' if unknown == 1 else 'were'} not known by {written(when.known_by)}")
    if format_ != "table":
        output.rows(listed, format_, due.FIELDS)
        return
    if not desk.quiet:
        more = "; --all shows the rest" if len(listed) < len(rows) and not states else ""
        output.note(f"{when.heading} · {len(listed)} of {len(rows)}{more}")
    output.rows([_spoken(row) for row in listed], format_, _USUAL, empty="" if desk.quiet else "nothing is due")


def _named(rows: Iterable[Row]) -> set[tuple[str, str]]:
    """What is due, by what it is about and which kind it is."""
    return {(row["subject"], row["what"]) for row in rows}


_USUAL = ("due", "state", "what", "subject", "summary", "follow_up", "entry", "grade")


def _spoken(row: Row) -> Row:
    """A row for people, in which a doubt says so."""
    doubt = "possibly " if row["certainty"] == "possibly" else ""
    return {**row, "due": row["due"] and Date.parse(row["due"]).spoken, "state": f"{doubt}{row['state']}"}


@click.command("overrides", cls=GlobalOptions)
@click.option("--rule", "rules", multiple=True, metavar="RULE", help="Only of that rule: letter/before-decision.")
@asked_when
def overrides_(desk: Desk, *, rules: tuple[str, ...], when: When, format_: str) -> None:
    """List the rules that entries went ahead against, and why, in the order of recording.

    Fields (JSON): entry, recorded_at, type, subject, on, rule, reason, recorded_by.
    """
    for rule in rules:
        if rule not in RULES:
            raise UsageError(f"there is no rule {rule!r}", mend=_near(rule))
    with desk.views(when.recorded_by) as connection:
        listed = list(overrides.listed(connection, when.as_of, when.known_by, rules))
    if format_ == "table" and not desk.quiet:
        output.note(f"{when.heading} · {len(listed)} {'override' if len(listed) == 1 else 'overrides'}")
    usual = ("entry", "on", "type", "subject", "rule", "reason", "recorded_by", "recorded_at")
    output.rows(listed, format_, usual if format_ == "table" else overrides.FIELDS)


def _near(rule: str) -> str:
    """Which rule may have been meant."""
    from difflib import get_close_matches

    close = get_close_matches(rule, RULES, n=1)
    return f"did you mean {close[0]}?" if close else "civic schema rules lists them"
