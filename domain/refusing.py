"""Why an act cannot join a history: which rule says no, what stands in the way, and how to mend it."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Final

from domain.bearing import rule_of
from domain.dates import written
from domain.history import Act, History, TooDoubtful
from domain.lifecycle import LIFE_CYCLE, SUCCESSION, LinkState, history, sides_of
from domain.papers import CYCLES, names
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
        query.rival = refusal.rival
        return query
    return refusal


def _explained(subject: str, standing: list[Act], act: Act, twin: Act | None) -> Refusal:
    if len(kinds_of([*standing, act])) > 1:
        other = next(known for known in standing if names(known) and known.cycle != act.cycle)
        return _other_paper(name_of(subject), act, other)
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
        return _nothing_to_rescind(name_of(subject), standing, act)
    refusal = Refusal(
        rule,
        f"{name_of(subject)}: {act.type} on {act.on} is not possible {_beside(subject, standing, act, culprit)}",
        field="on",
        mend=_fix_of_paper(act, culprit),
    )
    refusal.rival = culprit.position if culprit else 0
    return refusal


def _other_paper(name: str, act: Act, other: Act) -> Refusal:
    """Why an event of one kind of paper cannot be about a paper of another kind."""
    is_, own = with_article(other.cycle), with_article(act.cycle)
    events = [step.event for step in CYCLES[other.cycle].steps[1:] if step.names and step.event not in OUTCOMES]
    mend = f"give the {act.cycle} a name of its own"
    if events:
        mend = f"what happened to the {other.cycle} is recorded with {', '.join(events)}; else {mend}"
    if (other.cycle, act.cycle) == ("motion", "decision"):
        mend += ", as for a mayor's veto: civic record decision-taken NAME --summary TEXT"
    return Refusal(
        "record/once",
        f"{name} is {is_}{other.place}, and {act.type} is about {own}",
        field=act.cycle,
        why=f"a reference names one paper, so it cannot be {is_} and {own}",
        mend=mend,
    )


def _nothing_to_rescind(name: str, standing: list[Act], act: Act) -> Refusal:
    """Why a motion that was never carried, or was lost, cannot be rescinded."""
    lost = next((other for other in standing if other.type == "motion-lost"), None)
    if lost:
        what = f"{name} was lost on {lost.on}{lost.place}: there is nothing to rescind"
        mend = f"look at the reference again; if sources differ on the outcome: {_disputed(lost, 'motion-carried')}"
    else:
        what = f"{name} is not carried by {written(act.latest)}: there is nothing to rescind"
        mend = "record motion-carried first, or look at the dates again"
    return Refusal("rescission/of-something", what, field="motion", mend=mend)


def _fix_of_paper(act: Act, culprit: Act | None) -> str:
    """What can be done about an event that does not fit the history of its paper."""
    again = "; the same text moved again is a new reference" * (act.cycle == "motion")
    if culprit and {act.type, culprit.type} == OUTCOMES:
        return f"if two sources differ on the outcome: {_disputed(culprit, act.type)}{again}"
    if culprit:
        return f"look at both dates again{again}"
    return f"look at the date again, or record first what came before it{again}"


def _disputed(act: Act, type_: str) -> str:
    return f"civic record entry-disputed {_entry_name(act)} --set type={type_} --source NAME"


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
            mend=f"if the source says that {other} did it, set by to {other}",
        )
    mend = "look at the date again, or record first what came before it; civic schema lifecycle prints the table"
    if culprit:
        mend = "look at both dates again; civic schema lifecycle prints the table; if two sources differ on one act: "
        mend += f"civic record entry-disputed {_entry_name(culprit)} --set FIELD=VALUE --source NAME"
    refusal = Refusal(
        "link/transition",
        f"{name}: {act.type} on {act.on} is not possible {_beside(subject, standing, act, culprit)}",
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


def _beside(subject: str, standing: list[Act], act: Act, culprit: Act | None) -> str:
    """What is on record that leaves no room for the act."""
    if culprit:
        return f"with {culprit.type} on {culprit.on}{culprit.place}"
    before = history_of(subject, standing) if standing else None
    return f"while it is {_standing_at(before, act)}" if before else "while nothing is on record before it"


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
    what = f"{name_of(subject)}: {twin.type}{by}{f' on {twin.on}' if twin.on else ''} is already recorded{twin.place}"
    if act.on != twin.on:
        what += f", and this says {act.on}"
    name = _entry_name(twin)
    if agree:
        narrowed = f" --on {shlex.quote(act.on)}" if act.on not in ("", twin.on) else ""
        why = "the same act again is another source for it, and not another act"
        mend = f"civic record entry-corroborated {name}{narrowed} --source NAME"
        if act.cycle == "body":
            mend += "; if it is another body, choose another short name for it"
    else:
        change = _changes(act, twin)
        why = "the same act told otherwise is another claim, and not another act"
        mend = (
            f"we erred: civic record entry-corrected {name}{change} --reason TEXT; "
            f"sources differ: civic record entry-disputed {name}{change} --source NAME"
        )
    refusal = Refusal(rule, what, field="on", why=why, mend=mend)
    refusal.rival = twin.position
    return refusal


def _changes(act: Act, twin: Act) -> str:
    """What has to be set in the entry of `twin` so that it tells what `act` tells."""
    differing = [("on", act.on)] if act.on != twin.on else []
    differing += [("kind", act.kind)] if act.kind and act.kind != twin.kind else []
    sets = [f"{field}={value}" for field, value in differing] or ["FIELD=VALUE"]
    return "".join(f" --set {shlex.quote(one)}" for one in sets)


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
