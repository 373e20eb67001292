"""Why an act cannot join a history: which rule says no, what stands in the way, and how to mend it."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Final

from domain.bearing import rule_of
from domain.dates import written
from domain.history import Act, History, TooDoubtful
from domain.lifecycle import LIFE_CYCLE, SUCCESSION, LinkState, history, sides_of
from domain.papers import names
from domain.rules import Query, Refusal, with_article
from domain.subjects import fits, history_of, kinds_of, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

OUTCOMES: Final = {"motion-carried", "motion-lost"}


def refusal_of(subject: str, standing: list[Act], act: Act) -> Refusal | None:
    """Why `act` cannot join the acts that stand; None when it can."""
    try:
        joins = history_of(subject, [*standing, act]) is not None
    except TooDoubtful:
        return Refusal(
            "link/too-doubtful",
            f"the dates of {name_of(subject)} leave too many orders open",
            field="on",
            mend="narrow a date: give the month or the day where the source has it",
        )
    twin = _twin(act, standing)
    if joins:
        return _told_twice(subject, act, twin) if twin and told_before(act, standing) else None
    refusal = _explained(subject, standing, act, twin)
    if fits(subject, [*standing, act._replace(opens=1)]):
        query = Query(
            refusal.rule.id,
            refusal.what,
            field="on",
            why="only the doubt in its date stands against it",
            mend="narrow the date, if the source has it",
        )
        query.rival, query.agrees = refusal.rival, refusal.agrees
        return query
    return refusal


def _explained(subject: str, standing: list[Act], act: Act, twin: Act | None) -> Refusal:
    if len(kinds_of([*standing, act])) > 1:
        other = next(known for known in standing if names(known) and known.cycle != act.cycle)
        return Refusal(
            "record/once",
            f"{name_of(subject)} already names {with_article(other.cycle)}{other.place}",
            field=act.cycle,
            mend="give it another name",
        )
    culprit = _culprit(subject, standing, act)
    if twin and (culprit is None or culprit.type == act.type):
        return _told_twice(subject, act, culprit if culprit and _same_event(act, culprit) else twin)
    if act.cycle == "link" and act.side not in ("", *sides_of(name_of(subject))):
        successions = (one for one in standing if one.type == SUCCESSION)
        days = [one.earliest for one in successions if act.side in json.loads(one.detail)["successors"]]
        if not days or act.latest < min(days):
            return side_refusal(name_of(subject), act, min(days, default=None))
    if act.cycle == "link":
        return _link_refusal(subject, standing, act, culprit)
    rule = rule_of(act)
    outcome = next((other for other in standing if {act.type, other.type} == OUTCOMES), None)
    if outcome and culprit in (None, outcome):
        rule, culprit = "motion/one-outcome", outcome
    if rule == "letter/encloses-carried":
        what = f"the motion {name_of(subject)} is not carried by {written(act.latest)}"
        return Refusal(rule, what, field="encloses", mend="record motion-carried first, or look at the dates again")
    if rule == "rescission/of-something" and not culprit:
        what = f"{name_of(subject)} is not carried by {written(act.latest)}: there is nothing to rescind"
        return Refusal(rule, what, field="motion", mend="record motion-carried first, or look at the dates again")
    return Refusal(
        rule,
        f"{name_of(subject)}: {act.type} on {act.on} does not go with {_told(subject, standing, act, culprit)}",
        field="on",
        mend="look at both dates again" + ("; the same text moved again is a new reference" * (act.cycle == "motion")),
    )


def side_refusal(link: str, act: Act, succeeded: int | None = None) -> Refusal:
    """Why somebody who is no side of a link cannot act on it, or not before the day on which it succeeded one."""
    first, second = sides_of(link)
    if succeeded is not None:
        return Refusal(
            "link/side",
            f"{act.side} acts for a side of {link} only from {written(succeeded)} on, not on {act.on}",
            field="by",
            mend=f"look at both dates again; before that day, {first} or {second} acted",
        )
    return Refusal(
        "link/side",
        f"{act.side} is not a side of {link}, nor the successor of one",
        field="by",
        mend=f"the act is that of {first} or {second}, or of one that succeeded it (civic record body-succeeded); "
        "who asked for it belongs in a statement or a request",
    )


def _link_refusal(subject: str, standing: list[Act], act: Act, culprit: Act | None) -> Refusal:
    name = name_of(subject)
    row = LIFE_CYCLE[act.row]
    other = _undone_for(name, standing, act) if not culprit and row.to == "as before" else None
    if other:
        return Refusal(
            "link/side",
            f"{name} is {' or '.join(row.origins)} by {other}, not by {act.side}",
            field="by",
            why="only the side that suspended or ended a link can undo it",
            mend=f"if the source says that {other} did it, write by {other}",
        )
    mend = "look at both dates again; civic schema lifecycle prints the table"
    if culprit:
        mend += "; if two sources tell one act in two ways: "
        mend += f"civic record entry-disputed {_entry_name(culprit)} --set FIELD=VALUE --source NAME"
    refusal = Refusal(
        "link/transition",
        f"{name}: {act.type} on {act.on} does not go with {_told(subject, standing, act, culprit)}",
        field="on",
        why=f"{act.type} can follow when the {'side' if row.moves == 'side' else 'link'} is {' or '.join(row.origins)}",
        mend=mend,
    )
    refusal.rival = culprit.position if culprit else 0
    return refusal


def _undone_for(name: str, standing: list[Act], act: Act) -> str | None:
    """The other side, when what `act` would undo stands for that side and not for its own."""
    before = history(sides_of(name), standing) if standing and act.side in sides_of(name) else None
    if before is None:
        return None
    sides = dict(zip(sides_of(name), before.at(act.latest).stand.state.sides, strict=True))
    own, origins = sides.pop(act.side), LIFE_CYCLE[act.row].origins
    return next(
        (other for other, side in sides.items() if side.standing in origins and own.standing not in origins), None
    )


def _told(subject: str, standing: list[Act], act: Act, culprit: Act | None) -> str:
    if culprit:
        return f"{culprit.type} on {culprit.on}{culprit.place}"
    before = history_of(subject, standing) if standing else None
    return f"its standing then: {_standing_at(before, act)}" if before else "nothing on record before it"


def _standing_at(before: History[LinkState] | History[str], act: Act) -> str:
    return ", possibly ".join(before.at(act.latest).possible)


def _culprit(subject: str, standing: list[Act], act: Act) -> Act | None:
    """The act, latest first, whose absence alone would let `act` in."""
    for other in sorted(standing, key=lambda other: (other.latest, other), reverse=True):
        if fits(subject, [*(kept for kept in standing if kept is not other), act]):
            return other
    return None


def _twin(act: Act, standing: Iterable[Act]) -> Act | None:
    """The act that tells the same event as `act`; where the event came more than once, the one nearest in time."""
    twins = [other for other in standing if names(act) and _same_event(act, other)]
    return min(twins, key=lambda other: max(other.earliest - act.latest, act.earliest - other.latest, 0), default=None)


def _same_event(act: Act, other: Act) -> bool:
    return (act.type, act.cycle) == (other.type, other.cycle) and (_joint(act) or act.side == other.side)


def _joint(act: Act) -> bool:
    """Whether it moves both sides, whoever of them is named."""
    return act.cycle == "link" and LIFE_CYCLE[act.row].moves == "joint"


def told_before(act: Act, acts: Iterable[Act]) -> bool:
    """Whether another of `acts` tells the same event of a link: dates overlap, and nothing lies between."""
    if act.cycle != "link" or LIFE_CYCLE[act.row].moves == "nothing":
        return False
    acts = list(acts)
    for other in acts:
        if other is act or not _same_event(act, other) or not _overlap(act, other):
            continue
        first, last = min(act.earliest, other.earliest), max(act.latest, other.latest)
        between = [third for third in acts if _joint(third) or third.side == act.side]
        if not any(third.earliest <= last and third.latest >= first and _makes_room(act, third) for third in between):
            return True
    return False


def _makes_room(act: Act, third: Act) -> bool:
    """Whether `third` changes what `act` would find, so that `act` could happen once more."""
    row = LIFE_CYCLE[third.row]
    return not _same_event(act, third) and (row.to != "same" or LIFE_CYCLE[act.row].sets in row.clears)


def _overlap(act: Act, other: Act) -> bool:
    return act.earliest <= other.latest and other.earliest <= act.latest


def _told_twice(subject: str, act: Act, twin: Act) -> Refusal:
    """Two sources on one act: the mend depends on whether they can both be right."""
    rule = "link/transition" if act.cycle == "link" else "record/once"
    if act.type in OUTCOMES:
        rule = "motion/one-outcome"
    by = f" by {act.side}" if act.side else ""
    agree = _overlap(act, twin) and (act.kind == twin.kind or not (act.kind and twin.kind))
    what = f"{name_of(subject)}: {twin.type}{by}{f' on {twin.on}' if twin.on else ''} is already told{twin.place}"
    if act.on != twin.on:
        what += f", and this says {act.on}"
    name = _entry_name(twin)
    if agree:
        narrowed = f" --on {shlex.quote(act.on)}" if act.on not in ("", twin.on) else ""
        why = "the same act again is another source for it, and not another act"
        mend = f"civic record entry-corroborated {name}{narrowed} --source NAME"
    else:
        change = f" --set {shlex.quote(f'on={act.on}')}" if act.on != twin.on else " --set FIELD=VALUE"
        why = "the same act told otherwise is another claim, and not another act"
        mend = (
            f"we erred: civic record entry-corrected {name}{change} --reason TEXT; "
            f"sources differ: civic record entry-disputed {name}{change} --source NAME"
        )
    refusal = Refusal(rule, what, field="on", why=why, mend=mend)
    refusal.rival, refusal.agrees = twin.position, agree
    return refusal


def refusal_without(subject: str, before: list[Act], after: list[Act]) -> Refusal:
    """Why acts that stood cannot be taken away: what stays behind is not possible without them."""
    gone = [act for act in before if act not in after]
    left = next(
        (act for act in sorted(after, reverse=True) if fits(subject, [one for one in after if one is not act])), None
    )
    recorded = sorted({act.position for act in gone if act.position > 0})
    taken = f" without what entry {recorded[0]} tells" if recorded else " without what is taken away"
    if left is None:
        what = f"{name_of(subject)}: what is on record is not possible{taken}"
        return Refusal("link/transition" if subject.startswith("link:") else "dates/possible", what, field="entry")
    return Refusal(
        rule_of(left),
        f"{name_of(subject)}: {left.type} on {left.on}{left.place} is not possible{taken}",
        field="entry",
        why="what others on record presuppose cannot be taken from under them",
        mend="correct or retract both in one batch: civic import takes several entries as one",
    )


def _entry_name(act: Act) -> str:
    return str(act.position) if act.position > 0 else "ENTRY"
