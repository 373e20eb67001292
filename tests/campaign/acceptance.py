"""What may go in: whether the history with it is possible, and nothing is told twice - by the vocabulary's words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from tests.campaign import papers
from tests.campaign.entries import Account, Entry, Event, days_of, original_of
from tests.campaign.links import SUCCESSIONS, TABLE_ROWS, tag_of
from tests.campaign.model import Model, Option, Past, moves_something
from tests.campaign.worlds import Deed
from tests.domain.reference import CLEARS, JOINT_ACTS, SETS, SIDE_ACTS

MOST_DISPUTES = 4


def objection(past: Past, fresh: Sequence[Entry]) -> str | None:
    """Why entries cannot be recorded together after those on record; None when they can.

    Raises:
        TooMany: more acts would overlap than the model tries the orders of.
    """
    fresh = [entry for entry, known in zip(fresh, on_record(past, fresh), strict=True) if not known]
    then = Past([*past.entries, *fresh])
    before, after = past.at(), then.at()
    for objections in (
        _unknown(after, fresh),
        _misdirected(then, fresh),
        _impossible(after),
        _in_circles(after),
        _ahead(after),
        _twice(before, after, fresh),
    ):
        for one in objections:
            return one
    return None


def on_record(past: Past, fresh: Sequence[Entry]) -> list[bool]:
    """Which entries are on record word for word, or come earlier in the batch.

    Under another key, an entry is the same only if it is part of a history.
    """
    found: list[bool] = []
    known = list(past.entries)
    for entry in fresh:
        alike = [one for one in known if one.said == entry.said]
        found.append(any(one.id == entry.id or entry.about or moves_something(entry) for one in alike))
        known.append(entry)
    return found


def _unknown(after: Model, fresh: Sequence[Entry]) -> Iterator[str]:
    """Whatever an entry refers to is on record, or in the batch."""
    for entry in fresh:
        for tag in _needs(entry):
            if tag.startswith("entry:"):
                known = any(one.id == tag.removeprefix("entry:") for one in after.entries)
            else:
                known = any(_puts_on_record(tag, deed) for deed in _all_deeds(after, tag))
            if not known:
                yield f"{entry.type}: {tag} is not on record"


def _all_deeds(model: Model, subject: str) -> list[Deed]:
    return [deed for option in _options(model, subject) for deed in option.deeds]


def _puts_on_record(tag: str, deed: Deed) -> bool:
    return tag.startswith("link:") or deed.event in papers.OWN[deed.kind]


def _needs(entry: Entry) -> Iterator[str]:
    if entry.about:
        yield f"entry:{entry.about}"
    if entry.told:
        yield from _named(*entry.told)
    elif entry.type == "note-added":
        yield from _named(entry.type, entry.event)


def _named(type_: str, event: Event) -> Iterator[str]:
    """The bodies, links and papers that an event refers to; what it puts on record itself is left out."""
    own = next((kind for kind in papers.TABLES if type_ in papers.OWN[kind]), "")
    links = [*([event["link"]] if "link" in event else []), *event.get("links", ()), *event.get("about", ())]
    bodies = [side for link in links for side in link.split("--")]
    bodies += [event[name] for name in ("by", "to") if name in event and type_ != "motion-referred"]
    bodies += [*event.get("successors", ()), *event.get("parties", ())]
    references = [*event.get("encloses", ())]
    references += [event[name] for name in ("agreement", "meeting", "at", "in_answer_to") if name in event]
    if "reference" in event.get("authority", {}):
        references.append(event["authority"]["reference"])
    bodies += [reference.split("/")[0] for reference in references]
    if own and own != "body":
        bodies.append(event[own].split("/")[0])
    if own == "body" and type_ != "body-registered":
        bodies.append(event["slug"])
    yield from (f"body:{body}" for body in bodies)
    yield from (f"ref:{reference}" for reference in references if reference != event.get(own))
    for announced in event.get("announces", ()):
        yield tag_of(announced.rpartition(":")[2])


def _misdirected(then: Past, fresh: Sequence[Entry]) -> Iterator[str]:
    """A record about an entry can say what it says of it."""
    after = then.at()
    by_id = {entry.id: entry for entry in after.entries}
    for entry in fresh:
        target = by_id.get(entry.about or "")
        if target is None:
            continue
        earlier = [one for one in then.records.get(target.id, ()) if one.position < entry.position]
        if entry.type in ("entry-corrected", "entry-corroborated", "entry-disputed") and target.about:
            yield f"{entry.type} of {target.type}"
        if entry.type == "dispute-settled" and target.type != "entry-disputed":
            yield f"{target.type} is no dispute"
        if entry.type == "entry-retracted" and target.position > entry.position:
            yield "taken back before it was told"
        words = entry.type in ("note-added", "detail-redacted")
        if not words and any(one.type == "entry-retracted" for one in earlier):
            yield f"{target.position} was taken back"
        if entry.type == "dispute-settled" and any(one.type == "dispute-settled" for one in earlier):
            yield f"{target.position} was settled"
        if entry.type == "entry-corroborated" and "on" in entry.event:
            yield from _dates_apart(after, entry, target)
        yield from _too_many_disputes(after, entry)
        if entry.type == "detail-redacted":
            yield from _not_hidden(after, entry, target)


def _dates_apart(after: Model, entry: Entry, target: Entry) -> Iterator[str]:
    own = [account for account in after.told.get(target.position, ()) if not account.dispute and account.days]
    theirs = days_of(entry.event["on"], entry.day)
    for account in own:
        assert account.days is not None
        if theirs.last < account.days.first or theirs.first > account.days.last:
            yield f"{entry.event['on']} is not when {target.position} happened"


def _not_hidden(after: Model, entry: Entry, target: Entry) -> Iterator[str]:
    """The clerk hides only words that an entry can do without."""
    others = [one.told for one in after.entries if one.about == target.id and one.told]
    if not any(entry.event["field"] in event for event in (target.event, *(event for _, event in others))):
        yield f"{target.position} says nothing in {entry.event['field']}"


def _too_many_disputes(after: Model, entry: Entry) -> Iterator[str]:
    original = original_of(entry, after.entries)
    for subject in after.subjects():
        told = after.about(subject)
        open_ = {option.account.dispute for options in told.values() for option in options} - {0}
        if original.position in told and len(open_) > MOST_DISPUTES:
            yield f"{subject} has {len(open_)} open disputes"


def _impossible(after: Model) -> Iterator[str]:
    """Every history has a world in some account of what is disputed."""
    for subject in after.subjects():
        if not after.possible(subject):
            yield f"{subject} is impossible"


def _in_circles(after: Model) -> Iterator[str]:
    """Nobody comes to be succeeded by itself, whichever accounts hold."""
    closing: set[int] | None = None
    for choice in after.choices(SUCCESSIONS):
        heirs: dict[str, set[str]] = {}
        for deed in choice.deeds:
            heirs[deed.side] = heirs.get(deed.side, set()) | {*deed.successors}
        closed = {
            deed.entry for deed in choice.deeds if any(deed.side in _line(heirs, heir) for heir in deed.successors)
        }
        closing = closed if closing is None else closing & closed
    for position in sorted(closing or ()):
        yield f"the succession of entry {position} closes a circle"


def _line(heirs: dict[str, set[str]], body: str) -> set[str]:
    """A body, and all that took its place, directly or after others."""
    line = {body}
    for _ in heirs:
        line |= {heir for gone in line for heir in heirs.get(gone, ())}
    return line


def _ahead(after: Model) -> Iterator[str]:
    """No act on a link takes effect before the motion was ever carried on which it rests, whichever accounts hold."""
    for subject in after.subjects():
        for options in after.about(subject).values() if subject.startswith("link:") else ():
            for motion in {_motion_of(deed) for option in options for deed in option.deeds} - {""}:
                voted = [told for told in after.about(f"ref:{motion}").values() if any(map(_carried, told))]
                if voted and all(_always_too_early(option, motion, voted) for option in options):
                    yield f"an act on {subject} comes before {motion} was carried"


def _always_too_early(option: Option, motion: str, voted: Sequence[Sequence[Option]]) -> bool:
    """Whether an account rests on a motion that was carried later, in each choice among accounts of the votes."""
    resting = [deed for deed in option.deeds if _motion_of(deed) == motion]
    return any(
        any(all(_carried(one) for one in told) for told in voted)
        and not any(vote.first <= deed.last for told in voted for one in told for vote in _carried(one))
        for deed in resting
    )


def _carried(option: Option) -> list[Deed]:
    return [deed for deed in option.deeds if deed.event == "motion-carried"]


def _motion_of(deed: Deed) -> str:
    authority = json.loads(deed.detail).get("authority", {})
    return authority.get("reference", "") if authority.get("power") == "resolution" else ""


def _twice(before: Model, after: Model, fresh: Sequence[Entry]) -> Iterator[str]:
    """No two entries of one type, link and side report one act, unless something between allows for two.

    What is on record already, and tells what it told, is left alone.
    """
    anew = {original_of(entry, after.entries).position for entry in fresh}
    for subject in after.subjects():
        if not subject.startswith("link:"):
            continue
        shown = after.shown(subject)
        stood = {_said(option.account, deed) for option in _options(before, subject) for deed in option.deeds}
        for position, options in after.about(subject).items():
            option = options[shown.options.get(position, 0)]
            for deed in option.deeds if position in anew else ():
                if deed in shown.deeds and deed.event != "link-listed" and _said(option.account, deed) not in stood:
                    yield from _told_already(subject, deed, shown.deeds)


def _options(model: Model, subject: str) -> list[Option]:
    return [option for options in model.about(subject).values() for option in options]


def _said(account: Account, deed: Deed) -> tuple[object, ...]:
    return account.dispute, deed.entry, deed.first, deed.last, deed.event, deed.detail


def _told_already(subject: str, deed: Deed, told: Sequence[Deed]) -> Iterator[str]:
    for other in told:
        if _same_act(deed, other) and not any(_between(third, deed, other) for third in told):
            yield f"{deed.event} of {subject} is told by {other.entry} already"


def _same_act(deed: Deed, other: Deed) -> bool:
    sides = deed.side == other.side or deed.event in JOINT_ACTS
    overlap = deed.first <= other.last and other.first <= deed.last
    return deed is not other and deed.event == other.event and sides and overlap


def _between(third: Deed, deed: Deed, other: Deed) -> bool:
    """Whether an act lies between two others for which it makes room: of the same side, or of both."""
    if third.event == deed.event or third.last < min(deed.first, other.first):
        return False
    if third.first > max(deed.last, other.last):
        return False
    concerns = third.side == deed.side or third.event in JOINT_ACTS
    clears = SETS.get(deed.event) in CLEARS.get(third.event, ())
    moves = third.event in MOVES
    return concerns and (moves or clears)


MOVES = (set(TABLE_ROWS) & (SIDE_ACTS | JOINT_ACTS)) - {
    "link-kind-changed", "review-opened", "suspension-announced", "ending-announced", "link-retained",
}  # fmt: skip
"""The acts that lead to another standing."""
