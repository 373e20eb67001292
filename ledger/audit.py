"""What an auditor asks of the entries themselves: the life of a link, and why a thing stands as it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from domain import telling
from domain.bearing import bearing_of_entry
from domain.dates import OPEN
from domain.entry import Entry, UnknownEvent
from domain.event import Dated
from domain.history import Act, History
from domain.lifecycle import (
    LIFE_CYCLE,
    UNDOES,
    WORSE,
    LinkCycle,
    LinkState,
    Row,
    giver_of,
    history_as_known,
    listing,
    sides_of,
    spelled,
)
from domain.papers import CYCLES, names
from domain.standing_event import changes
from ledger import codec
from ledger.reading import Reading, Told

if TYPE_CHECKING:
    from domain.catalogue import AnyEvent
    from domain.values import Announced


def replay(acts: Sequence[Act], as_of: int) -> Iterator[dict[str, object]]:
    """The life of a link in the shown order: each of its acts begun by a day, and what it changed."""
    link = spelled(acts)
    history = history_as_known(sides_of(link), acts)
    cycle = LinkCycle(sides_of(link))
    first, *others = steps = history.stands()
    if history.start.assumed:
        began = cycle.standing(first.state)
        told: dict[str, object] = {
            "entry": None,
            "on": first.since,
            "type": "assumed",
            "by": None,
            "before": "none",
            "after": began,
            "row": "a beginning that no entry records",
        }
        yield _step(link, history, first.state, told)
    for act, before, after in zip(history.acts, steps, others, strict=False):
        if act.earliest <= as_of:
            was, now = cycle.standing(before.state), cycle.standing(after.state)
            by = act.side or None
            told = {"entry": act.position, "on": act.on, "type": act.type, "by": by, "before": was, "after": now}
            told["row"] = rule_in_words(LIFE_CYCLE[act.row])
            yield _step(link, history, after.state, told)


def rule_in_words(row: Row) -> str:
    """A row of the life cycle: what it moves, from where, to where, and the flag that it sets."""
    origins = "any" if row.origins == WORSE else "|".join(row.origins)
    sets = f" +{row.sets}" if row.sets else ""
    return f"{row.moves}: {origins} -> {row.to}{sets}"


def _step(link: str, history: History[LinkState], state: LinkState, told: Mapping[str, object]) -> dict[str, object]:
    cycle = LinkCycle(sides_of(link))
    return {
        "link": link,
        **told,
        "kind": cycle.kind(state) or None,
        "flags": list(cycle.flags(state)),
        "unexplained": history.unexplained,
    }


def why_link(reading: Reading, tag: str, link: str, as_of: int) -> dict[str, Any] | None:
    """The entry that gave a link its standing, with what it rests on and what followed; None when nothing stood."""
    acts = reading.acts(tag)
    history = history_as_known(sides_of(link), acts)
    answer = history.at(as_of)
    cycle = LinkCycle(sides_of(link))
    giver = giver_of(cycle, history, answer.stand)
    if giver is None:
        listed = None if history.acts or history.start.assumed else listing(acts)
        node = why_entry(reading, reading.entry(tag, listed.position)) if listed else None
        kind = listed.kind or None if listed else None
        return node and {"link": link, "standing": "none", "kind": kind, **_REPORTED, **node}
    done = [act for act in history.acts if act.latest <= as_of]
    later = done[done.index(giver) + 1 :] if giver in done else done
    others = [act for act in later if act is not giver]
    if answer.stand.giver and answer.stand.giver not in (giver, *others):
        others.append(answer.stand.giver)  # since when the standing has held, though somebody else keeps it up now
    surroundings = [*(reading.entry(tag, act.position) for act in others), *_letters(reading, giver, tag)]
    node = why_entry(reading, reading.entry(tag, giver.position), surroundings)
    undone = _undone(history, giver)
    if undone:
        node["because"].insert(0, why_entry(reading, reading.entry(tag, undone.position)))
    return {
        "link": link,
        "standing": cycle.standing(answer.stand.state),
        "kind": cycle.kind(answer.stand.state) or None,
        "flags": list(cycle.flags(answer.stand.state)),
        "suspended_by": list(cycle.suspended_by(answer.stand.state)),
        "suspended_since": list(cycle.suspended_since(answer.stand)),
        "since": answer.stand.since or None,
        "certainty": answer.certainty,
        "assumed": history.start.assumed,
        **node,
    }


_REPORTED: Final[dict[str, Any]] = {
    "flags": ["reported-only"],
    "suspended_by": [],
    "suspended_since": [],
    "since": None,
    "certainty": "possibly",
    "assumed": False,
}
"""Of a link that is known only because somebody who is no side of it lists it."""


def _undone(history: History[LinkState], giver: Act) -> Act | None:
    """The act that `giver` took back, if it did: the last of its kind before it, for the same side."""
    acts, sides = history.acts, _acting(history)
    before = acts[: acts.index(giver)] if giver in acts else ()
    side = sides.get(giver.side)
    taken_back = [act for act in before if act.type in UNDOES.get(giver.type, ()) and sides.get(act.side) == side]
    return taken_back[-1] if taken_back else None


def _acting(history: History[LinkState]) -> dict[str, int | None]:
    """For each body that acted, the side for which it did."""
    cycle, last = history.cycle, history.stands()[-1].state
    assert isinstance(cycle, LinkCycle)  # noqa: S101 - the histories of links are told by no other
    return {act.side: cycle.acts_for(last, act.side) for act in history.acts}


def why_paper(reading: Reading, tag: str, as_of: int) -> dict[str, Any] | None:
    """The entry that gave a body or a paper its standing; None when nothing stood."""
    acts = [act for act in reading.acts(tag) if act.earliest <= as_of]
    kind = next((act.cycle for act in acts if names(act)), None)
    if kind is None:
        return None
    own = [act for act in acts if act.cycle == kind]
    stand = CYCLES[kind].history_as_known(own).at(as_of).stand
    giver = stand.giver or next(act for act in sorted(own) if names(act))
    later = [act for act in sorted(own) if kind == "body" and act.position != giver.position]
    surroundings = [
        *(reading.entry(tag, act.position) for act in later),
        *_enclosing(reading, tag),
        *answers(reading, tag),
    ]
    return why_entry(reading, reading.entry(tag, giver.position), surroundings)


def why_entry(
    reading: Reading, told: Told, surroundings: Iterable[Told] = (), _seen: frozenset[int] = frozenset()
) -> dict[str, Any]:
    """One entry as it is now, what it rests on, what is recorded about it, and what happened around it.

    Of `surroundings`, and of what became of the paper that it puts on record, what surely came before it precedes it;
    the rest follows it. Both are in the order of time.
    """
    entry = told.entry
    seen = _seen | {entry.position}
    grounds = [ground for ground in _grounds(reading, entry) if ground.entry.position not in seen]
    event = entry.event
    around = {
        one.entry.position: one
        for one in (*_fallen(reading, entry), *(() if _seen else _under(reading, entry)), *surroundings)
        if one.entry.position not in seen and days(one.entry)[0] <= reading.horizon.as_of
    }
    ordered = sorted(around.values(), key=in_time)
    earlier, later = (
        [why_entry(reading, one, _seen=seen) for one in ordered if _surely_before(one.entry, entry) == before]
        for before in (True, False)
    )
    vote = getattr(event, "vote", None)
    return {
        "entry": entry.position,
        "type": event_name(entry),
        "on": telling.on(event) or None,
        "summary": telling.summary(event, reading.before(entry)),
        "subject": telling.subject(event),
        "grade": entry.grade,
        **({"vote": vote.model_dump(mode="json", exclude_defaults=True)} if vote else {}),
        **({"overrides": codec.as_json(entry.overrides)} if entry.overrides else {}),
        "evidence": codec.as_json(entry.evidence),
        **records_about(told),
        "because": [why_entry(reading, ground, _seen=seen) for ground in grounds],
        **({"preceded_by": earlier} if earlier else {}),
        "followed_by": later,
    }


def records_about(told: Told) -> dict[str, list[Any]]:
    """What is recorded about an entry, by what it does; what changes or disputes it, with the fields that differ."""
    found: dict[str, list[Any]] = {field: told.by(name) for field, name in _RECORDED.items()}
    found["revisions"] = list(_revisions(told))
    found["disputes"] = [_dispute(told, one) for one in told.disputes]
    return {field: positions for field, positions in found.items() if positions}


_RECORDED: Final = {
    "corrected_by": "entry-corrected",
    "corroborated_by": "entry-corroborated",
    "disputed_by": "entry-disputed",
    "settled_by": "dispute-settled",
    "redacted_by": "detail-redacted",
    "noted_by": "note-added",
    "retracted_by": "entry-retracted",
}
"""By field: the records that it lists."""


def _revisions(told: Told) -> Iterator[dict[str, Any]]:
    """The records that put another account in place of the entry's, each with the fields that it changed."""
    for record, before, after in told.revisions:
        if before is not after:
            name = record.type.split("/", 1)[0]
            yield {"entry": record.position, "type": name, "changes": changes(before, after)}


def _dispute(told: Told, entry: Entry) -> dict[str, Any]:
    instead = getattr(entry.event, "instead", None)
    own = told.entry.event if told.shown is None else told.account
    return {
        "entry": entry.position,
        "grade": entry.grade,
        "shown_first": entry is told.shown,
        "instead": instead.model_dump(mode="json", exclude_defaults=True) if instead else None,
        "changes": changes(own, instead.event if instead else None),
        "evidence": codec.as_json(entry.evidence),
    }


_DECIDING: Final = frozenset({"motion-carried", "motion-lost", "decision-taken"})
"""The events by which a paper gives authority; what became of it later is no ground."""

_LATER_LIFE: Final = frozenset(
    {
        "motion-vetoed",
        "veto-overridden",
        "motion-rescinded",
        "decision-called-in",
        "decision-ratified",
        "decision-disapproved",
        "decision-revoked",
    }
)
"""What became of a paper after it was decided; what was done under it stays done."""

_RESTS_ON: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("motion-amended", "motion-referred", "motion-deferred"), ("motion-moved", "motion-amended")),
    **dict.fromkeys(
        ("motion-carried", "motion-lost", "motion-lapsed", "motion-withdrawn"),
        ("motion-moved", "motion-amended", "motion-referred", "motion-deferred"),
    ),
    "motion-vetoed": ("motion-carried",),
    "veto-overridden": ("motion-carried", "motion-vetoed"),
    **dict.fromkeys(
        ("meeting-held", "meeting-adjourned", "meeting-cancelled"), ("meeting-called", "meeting-adjourned")
    ),
    "minutes-replaced": ("meeting-held", "minutes-published"),
    "motion-rescinded": ("motion-carried",),
    "minutes-published": ("meeting-held",),
    "minutes-approved": ("meeting-held", "minutes-published"),
    "minutes-corrected": ("meeting-held", "minutes-published", "minutes-approved"),
    **dict.fromkeys(
        ("decision-called-in", "decision-ratified", "decision-disapproved", "decision-revoked"), ("decision-taken",)
    ),
    "letter-received": ("letter-sent",),
    **dict.fromkeys(("pledge-kept", "pledge-dropped"), ("pledge-made",)),
    **dict.fromkeys(("body-renamed", "body-succeeded"), ("body-registered",)),
}
"""By event: the events of the same paper or body on which it rests."""


def _fallen(reading: Reading, entry: Entry) -> Iterator[Told]:
    """What became of the paper that an entry puts on record, unless it surely came before."""
    own = next((act for act in bearing_of_entry(entry).acts if act.type in _DECIDING and names(act)), None)
    for act in _telling(reading, own.subject, entry) if own else ():
        if act.type in _LATER_LIFE and own and act.latest >= own.earliest:
            yield reading.entry(act.subject, act.position)


def _under(reading: Reading, entry: Entry) -> list[Told]:
    """What was done under the paper that an entry decides."""
    own = next((act for act in bearing_of_entry(entry).acts if act.type in _DECIDING and names(act)), None)
    return done_under(reading, own.subject) if own else []


def done_under(reading: Reading, paper: str) -> list[Told]:
    """What was done on the authority of a paper, and the letters that enclose it, in the order of time."""
    found = []
    for told in reading.tagged(paper):
        event = told.entry.event
        authority = getattr(getattr(event, "authority", None), "reference", None)
        named = (authority, *getattr(event, "encloses", ()))
        begun = days(told.entry)[0] <= reading.horizon.as_of
        if begun and paper in {name.tag for name in named if name} and not _is_about(event, paper):
            found.append(told)
    return sorted(found, key=in_time)


def answers(reading: Reading, letter: str) -> list[Told]:
    """The letters that answer a letter, in the order of time."""
    found = [told for told in reading.tagged(letter) if answered_by(told.entry) == letter]
    begun = [told for told in found if days(told.entry)[0] <= reading.horizon.as_of]
    return sorted(begun, key=in_time)


def answered_by(entry: Entry) -> str | None:
    """The tag of the letter that an entry's letter answers."""
    answered = getattr(entry.event, "in_answer_to", None)
    return answered.tag if answered else None


def _is_about(event: AnyEvent | UnknownEvent, tag: str) -> bool:
    return not isinstance(event, UnknownEvent) and event.subject_tag == tag


def _grounds(reading: Reading, entry: Entry) -> Iterator[Told]:
    """What an entry rests on, unless that surely came later.

    The papers that it names as its authority, its meeting, its motion, what it encloses or answers; and the earlier
    life of its own paper.
    """
    event = entry.event
    authority = getattr(event, "authority", None)
    named = [
        getattr(authority, "reference", None),
        getattr(event, "agreement", None),
        getattr(event, "meeting", None),
        getattr(event, "by_motion", None),
        getattr(event, "reference", None),
        getattr(event, "in_answer_to", None),
        *getattr(event, "encloses", ()),
    ]
    last = days(entry)[1]
    for tag in dict.fromkeys(name.tag for name in named if name is not None):
        acts = [act for act in _telling(reading, tag, entry) if act.earliest <= last]
        for act in [act for act in acts if act.type in _DECIDING][-1:] or acts[:1]:
            yield reading.entry(tag, act.position)
    own = next((act for act in bearing_of_entry(entry).acts if act.cycle != "link" and names(act)), None)
    for act in _telling(reading, own.subject, entry) if own else ():
        if act.type in _RESTS_ON.get(event_name(entry), ()) and act.earliest <= last:
            yield reading.entry(act.subject, act.position)


def event_name(entry: Entry) -> str:
    """The name of an entry's event, without its version."""
    return entry.type.split("/", 1)[0]


def days(entry: Entry) -> tuple[int, int]:
    """The first and the last day on which an entry's event may have happened; any day where it has no date."""
    return (entry.event.on.earliest, entry.event.on.latest) if isinstance(entry.event, Dated) else (-OPEN, OPEN)


def undated(entry: Entry) -> bool:
    """Whether an entry's event has no date of its own, as the registration of a body."""
    return not isinstance(entry.event, Dated)


def in_time(told: Told) -> tuple[int, int, int]:
    """The order in which things happened, for sorting; what has no date comes first."""
    return (*days(told.entry), told.entry.position)


def _surely_before(one: Entry, other: Entry) -> bool:
    return days(one)[1] < days(other)[0]


def _telling(reading: Reading, tag: str, entry: Entry) -> list[Act]:
    """The acts of other entries that put a paper on record, in the shown order."""
    return sorted(act for act in reading.acts(tag) if names(act) and act.position != entry.position)


def _letters(reading: Reading, giver: Act, tag: str) -> list[Told]:
    """The letters that announce an act, or that went with the paper it rests on."""
    announcing = [
        told
        for told in reading.tagged(tag)
        if any(one.link.tag == tag and one.rpartition(":")[0] in ("", giver.type) for one in _announced(told))
    ]
    authority = getattr(reading.entry(tag, giver.position).entry.event, "authority", None)
    paper = authority.reference.tag if authority and authority.reference else None
    enclosing = [told for told in _enclosing(reading, paper) if told not in announcing] if paper else []
    return [*announcing, *(told for told in enclosing if not _announced(told))]


def _announced(told: Told) -> Sequence[Announced]:
    announced: Sequence[Announced] = getattr(told.entry.event, "announces", ())
    return announced


def _enclosing(reading: Reading, tag: str) -> list[Told]:
    """The letters that enclose a paper."""
    return [
        told
        for told in reading.tagged(tag)
        if any(name.tag == tag for name in getattr(told.entry.event, "encloses", ()))
    ]
