"""What is due: pledges, the ends of call-ins and notices, effective days, terms, conditions. Shown, never applied.

Computed for the day asked about from the registers and the acts, so it imports neither pydantic nor the library.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final

from domain.dates import OPEN, Certainty, Date, Interval
from domain.history import Act, History, choices
from domain.lifecycle import SUCCESSION, LinkCycle, LinkState, history_as_known, sides_of, with_successions
from domain.papers import links_agreed
from domain.subjects import choice, fits, name_of
from projections import questions

Row = dict[str, Any]

FIELDS: Final = ("due", "state", "what", "subject", "summary", "follow_up", "entry", "grade", "certainty")
"""What is told of each; `follow_up` is empty where nothing is left to be done."""

STATES: Final = ("overdue", "passed", "coming", "open", "kept", "dropped")

_IN_FORCE: Final = frozenset({"active", "dormant", "suspended", "ending"})
_LEADING_OUT: Final = ("ending-decided", "notice-given")
_LEADING_IN: Final = ("link-formed", "link-renewed")


@dataclass(frozen=True, slots=True)
class Day:
    """The day asked about, and the day by which what is told was known."""

    as_of: int
    known_by: int = OPEN - 1

    def reached(self, due: str, *, last: bool) -> Certainty:
        """Whether a day lies behind at the end of this one; where it is the `last` day of something, the day after it.

        As a last day, a month or a year stands for its own last day, which is no doubt.
        """
        date = Date.parse(due)
        exact = last and not date.qualified and due[0].isdigit() and "X" not in due
        by = self.as_of - 1 if last else self.as_of
        if date.latest <= by:
            return "yes"
        return "possibly" if not exact and date.earliest <= by else "no"


def due(connection: sqlite3.Connection, day: Day) -> list[Row]:
    """All that is due, or was, by the day on which it is; what has no day comes last."""
    rows = [*_pledges(connection, day), *_decisions(connection, day), *_links(connection, day)]
    return sorted(rows, key=lambda row: (*_place(row["due"]), row["subject"], row["what"], row["entry"]))


def unsettled(row: Row) -> bool:
    """Whether something is still to come, or to be done."""
    in_doubt = row["state"] == "passed" and row["certainty"] == "possibly"
    return row["state"] in ("coming", "open") or row["follow_up"] is not None or in_doubt


def _place(due: str | None) -> tuple[int, int]:
    date = Date.parse(due) if due else None
    return (date.latest, date.earliest) if date else (OPEN + 1, 0)


_PLEDGE_KEPT: Final = "record pledge-kept or pledge-dropped when a source tells it"
_LINK_ENDED: Final = "record link-ended when a source tells it"
_TERM_OVER: Final = "record link-renewed or link-expired when a source tells it"
_CONDITION_MET: Final = "record link-resumed when a source tells it"
_DONE_UNDER: Final = "record what was done under it when a source tells it"


def _pledges(connection: sqlite3.Connection, day: Day) -> Iterator[Row]:
    for row in questions.rows(connection, questions.BY_NAME["pledges"], day.as_of, day.known_by):
        over = day.reached(row["due"], last=True) if row["due"] else None
        state = "open" if over is None else "coming" if over == "no" else "overdue"
        follow_up = None if state == "coming" else _PLEDGE_KEPT
        if row["standing"] not in _PERHAPS_MADE:
            state, over, follow_up = row["standing"], None, None
        yield _of_paper(row, "pledge", row["due"], state, follow_up, "possibly" if over == "possibly" else "yes")


def _decisions(connection: sqlite3.Connection, day: Day) -> Iterator[Row]:
    rows = questions.rows(connection, questions.BY_NAME["decisions"], day.as_of, day.known_by)
    for row in rows:
        if row["call_in_ends"] and _perhaps(row, _CAN_BE_CALLED_IN):
            over = day.reached(row["call_in_ends"], last=True)
            state = "coming" if over == "no" else "passed"
            yield _of_paper(row, "call-in", row["call_in_ends"], state, None, over)
        if row["effective"] and _perhaps(row, _TAKES_EFFECT):
            over = day.reached(row["effective"], last=False)
            state = "coming" if over == "no" else "passed"
            waits = state == "passed" and not _acted_on(connection, row["reference"], day)
            yield _of_paper(row, "effect", row["effective"], state, _DONE_UNDER if waits else None, over)


_PERHAPS_MADE: Final = frozenset({"made", "none"})
"""The standings of a pledge that is still to be kept; none where the day on which it was made is in doubt."""

_CAN_BE_CALLED_IN: Final = frozenset({"taken"})
_TAKES_EFFECT: Final = frozenset({"taken", "called-in", "ratified"})


def _perhaps(row: Row, standings: frozenset[str]) -> bool:
    """Whether a decision has one of the standings, or may have it while the day on which it was taken is in doubt."""
    return row["standing"] in standings or (row["standing"] == "none" and not standings.isdisjoint(row["possible"]))


def _acted_on(connection: sqlite3.Connection, reference: str, day: Day) -> bool:
    """Whether anything is known to have been done under a decision."""
    sql = "SELECT detail FROM acts WHERE detail LIKE ? AND known <= ? AND until > ? AND earliest <= ? AND subject <> ?"
    values = (f'%"reference":"{reference}%', day.known_by, day.known_by, day.as_of, f"ref:{reference}")
    named = (
        json.loads(detail).get("authority", {}).get("reference", "") for (detail,) in connection.execute(sql, values)
    )
    return any(name.split("#", 1)[0] == reference for name in named)


def _of_paper(row: Row, what: str, due: str | None, state: str, follow_up: str | None, over: Certainty) -> Row:
    """A row about a pledge or a decision; `over` tells whether its day lies behind."""
    disputed = [account for account in row["disputed"] if {"standing", _FIELD[what]} & {*account}]
    doubtful = "possibly" in (row["certainty"], over) or disputed
    told = (due, state, what, row["reference"], row["summary"], follow_up, row["entry"], row["grade"])
    return dict(zip(FIELDS, (*told, "possibly" if doubtful else "yes"), strict=True))


_FIELD: Final = {"pledge": "due", "call-in": "call_in_ends", "effect": "effective"}


def _links(connection: sqlite3.Connection, day: Day) -> Iterator[Row]:
    """What is due on the links in force."""
    rows = questions.rows(connection, questions.BY_NAME["links"], day.as_of, day.known_by)
    in_force = {
        f"link:{'--'.join(sorted(sides_of(row['link'])))}": row for row in rows if _IN_FORCE & {*row["possible"]}
    }
    agreements = _agreements(connection, day)
    telling = {*agreements, *(tag for (tag,) in connection.execute(_TELLING))}
    successions = questions.acts(connection, "type", SUCCESSION)
    for tag in sorted(in_force.keys() & telling):
        row = in_force[tag]
        acts = with_successions(row["link"], questions.acts(connection, "subject", tag), successions)
        known = [act for act in acts if act.known <= day.known_by < act.until]
        for told, certain in _in_every_account(tag, known, agreements.get(tag, ()), day).items():
            yield told.row(row["link"], day, certain=certain and {*row["possible"]} <= _IN_FORCE)


def _in_every_account(tag: str, acts: Sequence[Act], agreements: Sequence[Act], day: Day) -> dict[_OnLink, bool]:
    """What is due on a link, and whether that is sure: in every account, whatever may have happened by the day."""
    first = choice(tag, acts)
    accounts = [first, *(one for one in choices(acts) if one != first and fits(tag, one.acts))]
    histories = [history_as_known(sides_of(name_of(tag)), one.acts) for one in accounts if one.acts]
    told = [[*_due_on(one, day, agreements, done=done)] for one in histories for done in (True, False)]
    return {found: all(found in one for one in told) for found in chain.from_iterable(told)}


_TELLING: Final = """
    SELECT DISTINCT subject FROM acts WHERE type IN ('ending-decided', 'notice-given')
    OR (type = 'link-suspended' AND detail LIKE '%"condition":%')
    OR (type IN ('link-formed', 'link-renewed') AND detail LIKE '%"term":%')
"""
"""The links of which something may be due, by what is written of them."""


@dataclass(frozen=True, slots=True)
class _OnLink:
    """Something that is due on a link, and the act that says so."""

    what: str
    entry: int
    due: str | None
    summary: str
    grade: str = field(compare=False)

    def row(self, link: str, day: Day, *, certain: bool) -> Row:
        over = day.reached(self.due, last=self.what == "term") if self.due else "yes"
        state = "open" if self.due is None else "coming" if over == "no" else "passed"
        follow_up = None if state == "coming" else _FOLLOW_UP[self.what]
        certainty = "yes" if certain and over != "possibly" else "possibly"
        told = (self.due, state, self.what, link, self.summary, follow_up, self.entry, self.grade or None)
        return dict(zip(FIELDS, (*told, certainty), strict=True))


_FOLLOW_UP: Final = {"ending": _LINK_ENDED, "notice": _LINK_ENDED, "term": _TERM_OVER, "condition": _CONDITION_MET}


def _due_on(history: History[LinkState], day: Day, agreements: Sequence[Act], *, done: bool) -> Iterator[_OnLink]:
    """What is due on a link after the acts that are surely done by a day, or after those that may have begun."""
    bounds = (act.latest if done else act.earliest for act in history.acts)
    count = max((place for place, bound in enumerate(bounds, 1) if bound <= day.as_of), default=0)
    stand, acts = history.stands()[count], history.acts[:count]
    cycle = history.cycle
    if not isinstance(cycle, LinkCycle) or cycle.standing(stand.state) not in _IN_FORCE:
        return
    for place, (side, giver) in enumerate(zip(stand.state.sides, stand.givers, strict=True)):
        own = [act for act in acts if cycle.acts_for(stand.state, act.side) == place]
        if side.standing == "ending" and giver in own:
            act = next(act for act in reversed(own) if act.type in _LEADING_OUT)
            what = "notice" if act.type == "notice-given" else "ending"
            yield _OnLink(what, act.position, json.loads(act.detail)["effective"], _by(act), act.grade)
        held = [act for act in own if act.type == "link-suspended"] if side.standing == "suspended" else []
        condition = json.loads(held[-1].detail).get("condition") if held else None
        if condition:
            yield _OnLink("condition", held[-1].position, None, condition, held[-1].grade)
    signed = [act for act in agreements if (act.latest if done else act.earliest) <= day.as_of]
    yield from _term([act for act in acts if act.type in _LEADING_IN], signed)


def _by(act: Act) -> str:
    told = json.loads(act.detail)
    return "; ".join(
        [f"by {act.side}", *([f'"{act.wording}"'] if act.wording else []), *filter(None, [told.get("summary")])]
    )


def _term(leading_in: Sequence[Act], agreements: Sequence[Act]) -> Iterator[_OnLink]:
    """The term that runs: that of the last formation or renewal, of its agreement, or of one signed since."""
    last = leading_in[-1] if leading_in else None
    named = json.loads(last.detail).get("agreement", "") if last else ""
    candidates = [
        act
        for act in (*agreements, *([last] if last else []))
        if last is None or act.latest >= last.earliest or act.subject == f"ref:{named.split('#', 1)[0]}"
    ]
    terms = [(act, json.loads(act.detail).get("term")) for act in candidates]
    act, term = max(
        ((act, term) for act, term in terms if term),
        key=lambda found: (found[0].earliest, found[0].latest, found[0] is last),
        default=(None, None),
    )
    end = Interval.parse(term).end if term else None
    if act and end:
        yield _OnLink("term", act.position, end.text, f"term {term}", act.grade)


def _agreements(connection: sqlite3.Connection, day: Day) -> dict[str, list[Act]]:
    """The agreements with a term that are known by a day, by the tag of each link that they concern."""
    found: dict[str, list[Act]] = {}
    for act in questions.acts(connection, "type", "agreement-signed"):
        if act.known <= day.known_by < act.until and not act.option and "term" in json.loads(act.detail):
            for link in links_agreed(act):
                found.setdefault(link, []).append(act)
    return found
