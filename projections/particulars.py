"""What the entries behind a row say beyond its columns: conditions, exceptions, terms, notices, reasons.

Read from the acts, so it imports neither pydantic nor the library.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from domain import differences
from domain.history import Act
from domain.lifecycle import LIFE_CYCLE, SUCCESSION, LinkCycle, history_as_known, sides_of, with_successions
from domain.lifecycle import Row as LinkRow
from domain.subjects import choice
from projections import questions
from projections.questions import Row

FIELD: Final = "particulars"
"""What they are called in JSON: a list of objects, one an entry."""

_LATEST: Final = (frozenset({"link-formed", "link-renewed"}), frozenset({"link-kind-changed"}))
"""Events of which the latest says what the link is, whatever its standing: its term, its notice, its kind."""


def behind(connection: sqlite3.Connection, tag: str, row: Row, as_of: int, known_by: int) -> list[Row]:
    """The entries that a row rests on, in the shown order: what each says, and each open dispute of it.

    Of a link: those that gave each side its standing, its kind or a flag that holds, and that began or renewed it last.
    """
    acts = questions.acts(connection, "subject", tag)
    if tag.startswith("link:"):
        acts = with_successions(row["link"], acts, questions.acts(connection, "type", SUCCESSION))
    known = [act for act in acts if act.known <= known_by < act.until]
    shown = choice(tag, known).acts
    positions = {row["entry"], *(_of_link(row["link"], shown, as_of) if tag.startswith("link:") else ())}
    return [_entry(act, known, row) for act in sorted(shown) if act.position in positions and act.type != SUCCESSION]


def _of_link(link: str, acts: Sequence[Act], as_of: int) -> Iterator[int]:
    cycle, history = LinkCycle(sides_of(link)), history_as_known(sides_of(link), acts)
    stand = history.at(as_of).stand
    done = [act for act in history.acts if act.latest <= as_of]
    flags = cycle.flags(stand.state)
    yield from (giver.position for giver in stand.givers if giver)
    for events in (*_LATEST, *({row.event for row in LIFE_CYCLE if flag in _flags(row)} for flag in flags)):
        yield from [act.position for act in done if act.type in events][-1:]


def _flags(row: LinkRow) -> tuple[str, str]:
    return row.sets, row.another_kind


def _entry(act: Act, acts: Iterable[Act], row: Row) -> Row:
    """What an entry says that the row does not, and how each open dispute of it differs."""
    accounts = [other for other in acts if other.position == act.position and other.subject == act.subject]
    own = next((other for other in accounts if not other.dispute), act)
    disputes = [_dispute(own, other, act) for other in accounts if other.dispute]
    name = act.subject.split(":", 1)[1]
    said = {field: value for field, value in json.loads(act.detail).items() if value not in (row.get(field), name)}
    return {
        "entry": act.position,
        "type": act.type,
        **said,
        **({"disputes": disputes} if disputes else {}),
    }


def _dispute(own: Act, other: Act, shown: Act) -> dict[str, Any]:
    after = _said(other) if other.happens else None
    return {
        "entry": other.dispute,
        "grade": other.grade or None,
        "shown_first": other.dispute == shown.dispute,
        "changes": differences.changes(_said(own), after),
    }


def _said(act: Act) -> Mapping[str, Any]:
    return {"type": act.type, **json.loads(act.detail)}
