"""What a record about an entry may say of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from domain.catalogue import EVENTS
from domain.dates import Date
from domain.marks import HIDDEN
from domain.papers import names
from domain.personal import personal_fields
from domain.revising import CHANGING, about, hidden, place_of, standing, versions
from domain.rules import Query, Refusal, with_article

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from domain.bearing import Bearing
    from domain.book import Book
    from domain.catalogue import AnyEvent

MOST_DISPUTES: Final = 4
"""Open disputes that a link, or another subject, may have."""

_OF_THE_ORIGINAL: Final = frozenset({"entry-corrected", "entry-corroborated", "entry-disputed"})


def fault_of(book: Book, record: Bearing) -> Refusal | None:
    """What is wrong with a record that is in the book, given what it is about; None when nothing is."""
    target = book.entries.get(about(record))
    if target is None:
        return None
    return (
        _wrong_kind(book, record, target)
        or _too_late(book, record, target)
        or _dates_apart(book, record, target)
        or _too_many(book, record)
        or _not_hidden(book, record, target)
        or _told_again(book, record, target)
        or _relied_on(book, record)
    )


def query_of(book: Book, record: Bearing) -> Refusal | None:
    """What a record should not do unless somebody says why; None when there is nothing to ask."""
    target = book.entries.get(about(record))
    return (_weak(book, record, target) or _takes_along(book, record, target)) if target else None


def _wrong_kind(book: Book, record: Bearing, target: Bearing) -> Refusal | None:
    if record.type in _OF_THE_ORIGINAL and target.type in EVENTS and EVENTS[target.type].cycle == "record":
        original = book.original(target)
        first = f"entry {original.position} itself" if original else "the entry first recorded"
        meant = f"name {first}; " if original is not target else ""
        mend = f"{meant}a record such as this is taken back with entry-retracted, and told again"
        return Refusal(
            "record/original", f"entry {target.position} is {with_article(target.type)}", field="entry", mend=mend
        )
    if record.type == "dispute-settled" and target.type != "entry-disputed":
        disputes = [str(one.position) for one in book.records(target) if one.type == "entry-disputed"]
        meant = f"the disputes of it are {', '.join(disputes)}" if disputes else "civic history --all lists disputes"
        mend = f"name the entry-disputed itself; {meant}"
        return Refusal("dispute/open", f"entry {target.position} disputes nothing", field="dispute", mend=mend)
    if record.type == "entry-retracted" and target.turn > record.turn:
        return Refusal(
            "record/original",
            "an entry cannot be retracted before it is recorded",
            field="entry",
            mend="name an entry before this one",
        )
    return None


def _too_late(book: Book, record: Bearing, target: Bearing) -> Refusal | None:
    """What was taken back is no longer corrected, disputed or taken back; what was settled, not settled again."""
    before = [one for one in standing(book.records(target)) if one.turn < record.turn and about(one) == target.id]
    retraction = next((one for one in before if one.type == "entry-retracted"), None)
    if retraction and record.type not in ("note-added", "detail-redacted"):
        return Refusal(
            "record/once",
            f"entry {target.position} was taken back by entry {retraction.position}",
            field="entry",
            mend=f"if that was wrong: civic record entry-retracted {retraction.position} --reason TEXT",
        )
    settlement = next((one for one in before if one.type == record.type == "dispute-settled"), None)
    if settlement:
        return Refusal(
            "dispute/open",
            f"the dispute of entry {target.position} was settled by entry {settlement.position}",
            field="dispute",
            mend=f"if that was wrong: civic record entry-retracted {settlement.position} --reason TEXT",
        )
    return None


def _dates_apart(book: Book, record: Bearing, target: Bearing) -> Refusal | None:
    on = record.revision.on if record.revision and record.type == "entry-corroborated" else None
    if on is None:
        return None
    said = list(_days(book, target))
    if not said or any(first <= on.latest and on.earliest <= last for first, last, _ in said):
        return None
    return Refusal(
        "dates/possible",
        f"{on} cannot be {said[0][2]}, as entry {target.position} has it",
        field="on",
        why="a source that gives another date does not support the entry, it disputes it",
        mend=f"civic record entry-disputed {target.position} --set on={on} --source NAME",
    )


def _days(book: Book, target: Bearing) -> Iterator[tuple[int, int, str]]:
    """When an entry says, as it stands, that things happened: the first day, the last, and how they are written."""
    acts = [act for act in book.told(target) if not act.dispute and act.happens and act.on]
    yield from ((act.earliest, act.latest, act.on) for act in acts if act.type != "link-listed")
    listed = [json.loads(act.detail)["on"] for act in acts if act.type == "link-listed"]
    others = [] if acts else [one.on(one.account) for one in versions(target, book.records(target))[-1:]]
    for text in filter(None, (*listed, *others)):
        on = Date.parse(text)
        yield on.earliest, on.latest, text


def _too_many(book: Book, record: Bearing) -> Refusal | None:
    for subject in sorted(book.subjects(record)):
        disputes = {act.dispute for act in book.acts(subject) if act.dispute}
        if len(disputes) > MOST_DISPUTES:
            return Refusal(
                "link/too-doubtful",
                f"{subject.split(':', 1)[1]} has {MOST_DISPUTES} open disputes already",
                field="entry",
                mend="settle one first: civic record dispute-settled ENTRY --prefer entry|instead --reason TEXT",
            )
    return None


def _not_hidden(book: Book, record: Bearing, target: Bearing) -> Refusal | None:
    field = record.revision.field if record.revision else ""
    if not field:
        return None
    accounts = list(_accounts(book, target))
    telling = [event for event, fields in accounts if field in fields]
    if not telling:
        said = sorted({name for event, fields in accounts for name in fields if not _essential(event, name)})
        can = f"what can be hidden of it: {', '.join(said)}" if said else "the entry has no detail that can be hidden"
        what = f"entry {target.position} says nothing in a field {field!r}"
        return Refusal("redaction/detail", what, field="field", mend=can)
    for event in telling:
        if _essential(event, field):
            what = f"{with_article(event.type)} cannot do without its {field}"
            return Refusal("redaction/detail", what, field="field", mend="if it is wrong: civic record entry-corrected")
    return None


def _told_again(book: Book, record: Bearing, target: Bearing) -> Refusal | None:
    """What was ordered to be erased is not put into another account of the entry."""
    if not record.revision or record.revision.event not in EVENTS:
        return None
    personal = set(personal_fields(EVENTS[record.revision.event]).values())
    before = [one for one in standing(book.records(target)) if one.turn < record.turn]
    told = json.loads(record.revision.particulars)
    for field in sorted(hidden(target, before) & personal):
        if told.get(field) not in (None, HIDDEN):
            (order, *_) = (one for one in before if one.revision and one.revision.field == field)
            return Refusal(
                "redaction/told-again",
                f"entry {order.position} orders that the {field} of entry {target.position} is shown no more",
                field="instead",
                mend=f"leave {field} out, or write {HIDDEN}",
            )
    return None


def _accounts(book: Book, target: Bearing) -> Iterator[tuple[type[AnyEvent], frozenset[str]]]:
    """The events by which an entry is told, its own and those put instead of it, each with the fields given."""
    if target.type in EVENTS:
        yield EVENTS[target.type], target.fields
    for one in book.records(target):
        if one.revision and one.revision.event and about(one) == target.id:
            yield EVENTS[one.revision.event], frozenset(json.loads(one.revision.particulars))


def _essential(event: type[AnyEvent], field: str) -> bool:
    """Whether a field says what was done, by whom or when; who a person was need not be shown."""
    return field in event.defining_fields() - set(personal_fields(event).values())


def _weak(book: Book, record: Bearing, target: Bearing) -> Refusal | None:
    """Third-party evidence that would overrule a better source, or a settlement that prefers the weaker one."""
    original = book.original(record)
    if original is None or not record.revision:
        return None
    before = versions(original, [one for one in book.records(original) if one.turn < record.turn])
    holding = before[-1].grade if before else ""
    if record.type == "entry-corrected" and not record.revision.slip:
        weak = record.grade == "third-party" and holding not in ("", "third-party")
        what = f"third-party evidence would overrule {holding} evidence ({place_in_words(target)})"
        mend = f"dispute it: civic record entry-disputed {target.position} --set FIELD=VALUE --source NAME"
    elif record.revision.prefers and target.type == "entry-disputed":
        preferred, other = holding, target.grade
        if record.revision.prefers == "instead":
            preferred, other = other, preferred
        weak = bool(other) and place_of(preferred) > place_of(other)
        what = f"the account preferred rests on {preferred or 'no'} evidence, the other one on {other}"
        mend = "prefer the better source, or leave the dispute open"
    else:
        return None
    return _query(record, Query("evidence/weak", what, field="evidence", mend=mend)) if weak else None


def _relied_on(book: Book, record: Bearing) -> Refusal | None:
    """Whether others refer to what a record takes away."""
    original = book.original(record)
    if original is None or record.type not in ("entry-retracted", "entry-corrected", "dispute-settled"):
        return None
    lost = {act.subject for act in original.acts if names(act) and not book.kind(act.subject)}
    relying = [entry for tag in sorted(lost) for entry in book.needing(tag) if entry.id != original.id]
    return _asked_for(record, f"others refer to what {place_in_words(original)} puts on record", relying)


def _takes_along(book: Book, record: Bearing, target: Bearing) -> Refusal | None:
    """Whether a retraction takes along what other sources say, or how a dispute between them was settled."""
    if record.type != "entry-retracted":
        return None
    about_it = (one for one in standing(book.records(target)) if about(one) == target.id and one.type in CHANGING)
    relying = [one for one in about_it if not (one.revision and one.revision.slip)]
    return _asked_for(record, f"what others say about {place_in_words(target)} would be retracted with it", relying)


def _asked_for(record: Bearing, what: str, relying: Sequence[Bearing]) -> Query | None:
    if not relying:
        return None
    named = ", ".join(f"{place_in_words(one).removeprefix('entry ')} ({one.type})" for one in relying[:5])
    more = f" and {len(relying) - 5} more" if len(relying) > 5 else ""  # noqa: PLR2004 - as many as can be read
    mend = "correct or retract them first, or in the same batch"
    return _query(record, Query("record/relied-on", f"{what}: {named}{more}", field="entry", mend=mend))


def place_in_words(entry: Bearing) -> str:
    """Where an entry is: in the ledger, or in the batch that is proposed."""
    return f"entry {entry.position}" if entry.position > 0 else f"line {-entry.position} of the same batch"


def _query(record: Bearing, query: Query) -> Query | None:
    return None if query.rule.id in record.overridden else query
