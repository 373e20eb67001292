"""Deciding a batch: what is on record already, what is refused beside the rules, what entries bring along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from domain.bodies import COUNTRIES
from domain.rules import RULES, Refusal, Taken
from ledger import codec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from domain.book import Book
    from domain.entry import Entry
    from ledger.batch import Batch, Case
    from ledger.store.dcb import DCBQuery


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft."""

    number: int
    """The caller's number for it."""
    id: str
    position: int
    """Where it stands; 0 while nothing was written."""
    already: bool
    """Whether it was on record before."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a batch, as the ledger stood at `head`."""

    head: int
    boundary: DCBQuery
    already: dict[int, tuple[str, int]]
    """By number: the id and position under which it is on record."""
    accepted: list[Case]
    refused: dict[int, Refusal]
    erased: list[tuple[str, str]] = field(default_factory=list)
    """The ids of accepted redactions, each with a commitment to a detail that it orders to be erased."""


_MEANT: Final = {"UK": "GB", "EN": "GB", "EL": "GR"}
"""By a code that is often written instead: the code of ISO 3166-1."""


def of_no_country(batch: Batch) -> dict[int, Refusal]:
    """Bodies whose country is none; only of what is recorded anew: what is on record stays readable."""
    return {
        number: Refusal(
            "record/known",
            f"{body.country} is not a country of ISO 3166-1",
            field="country",
            why="a country is written with its two letters in ISO 3166-1, so that lists can be filtered by it",
            mend=f"write {_MEANT[body.country]}" if body.country in _MEANT else "look the two letters up: Greece is GR",
        )
        for number, body in (*batch.bodies, *batch.corrected)
        if body.country not in COUNTRIES
    }


def overriding_nothing(cases: Iterable[Case]) -> dict[int, Refusal]:
    """Entries that would go ahead against rules that there are not."""
    return {
        case.number: Refusal(
            "record/known",
            f"there is no rule {', '.join(unknown)} to override",
            field="overrides",
            why="an override stays on record for ever, next to the rule that it names",
            mend="civic schema rules lists the rules",
        )
        for case in cases
        if (unknown := sorted(case.bearing.overridden - RULES.keys()))
    }


def in_turn(cases: list[Case]) -> list[Case]:
    """The cases as they came; but where one says something of a later one, what is about the record comes last."""
    places = {case.id: place for place, case in enumerate(cases)}
    about = ((place, case.bearing.revision) for place, case in enumerate(cases))
    if any(revision and places.get(revision.entry, -1) > place for place, revision in about):
        return sorted(cases, key=lambda case: case.bearing.revision is not None)
    return cases


def erased(cases: Sequence[Case], entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    """The commitments to details that accepted redactions order to be erased, in whatever account of an entry.

    An order goes for what was told before it, on record or in the same batch.
    """
    orders: dict[str, list[tuple[int, str, str]]] = {}
    for place, case in enumerate(cases):
        revision = case.bearing.revision
        if revision and revision.field:
            orders.setdefault(revision.entry, []).append((place, case.id, revision.field))
    for entry in entries if orders else ():
        about = (tag.removeprefix("about:") for tag in codec.tags_of_entry(entry) if tag.startswith("about:"))
        for _, id_, field_ in (order for account in {entry.id, *about} for order in orders.get(account, ())):
            yield from ((id_, commitment) for name, commitment in entry.detached if name == field_)
    for place, case in enumerate(cases if orders else ()):
        accounts = {case.id, case.bearing.revision.entry if case.bearing.revision else case.id}
        for behind, id_, field_ in (order for account in accounts for order in orders.get(account, ())):
            if behind > place and field_ in case.details:
                yield id_, case.details[field_].commitment


def inherit(book: Book, cases: Iterable[Case], on_record: Mapping[str, Entry]) -> None:
    """Give each record about an entry the tags of that entry, and of all that is recorded about it."""
    cases = list(cases)
    own = {case.id: codec.inheritable(case.tags) for case in cases}
    for case in cases:
        original = book.original(case.bearing) if case.bearing.revision else None
        if original is None:
            continue
        inherited: set[str] = set()
        for told in (original, *book.records(original)):
            entry = on_record.get(told.id)
            inherited |= codec.inheritable(codec.tags_of_entry(entry)) if entry else own.get(told.id, set())
        case.tags = [case.tags[0], *sorted({*case.tags[1:], *inherited})]


def known(
    cases: Iterable[Case], by_id: Mapping[str, Entry], by_digest: Mapping[str, Entry]
) -> tuple[dict[int, tuple[str, int]], dict[int, Refusal], list[Case]]:
    """Sort a batch into what is on record, what another entry's id stands for, and what is to be decided."""
    already: dict[int, tuple[str, int]] = {}
    refused: dict[int, Refusal] = {}
    fresh: list[Case] = []
    batched: dict[str, Case] = {}
    """By id, and by digest of the content."""
    for case in cases:
        entry = by_id.get(case.id)
        twin = batched.get(case.id) or (batched.get(case.digest) if _has_history(case) else None)
        if (entry and codec.digest(entry) != case.digest) or (twin and twin.digest != case.digest):
            if entry and (gone := codec.erased(entry)):
                refused[case.number] = Taken(
                    "record/once",
                    f"entry {entry.position} has this key or id, and its {', '.join(gone)} was erased by order",
                    field="key",
                    mend="leave it out: what was erased is not to be recorded again",
                )
                continue
            where = f"entry {entry.position}" if entry else f"line {twin.number if twin else 0}"
            refused[case.number] = Taken(
                "record/once",
                f"its key or id already stands for something else ({where})",
                field="key",
                mend="give it a key of its own",
            )
        elif on_record := entry or (by_digest.get(case.digest) if _has_history(case) else None):
            already[case.number] = (on_record.id, on_record.position)
        elif twin:
            already[case.number] = (twin.id, 0)
        else:
            batched[case.id] = batched[case.digest] = case
            fresh.append(case)
    return already, refused, fresh


def _has_history(case: Case) -> bool:
    """Whether it adds to the history of something or of an entry, in which nothing is told twice, under no key."""
    return bool(case.bearing.told or case.bearing.revision)


def outcomes(verdict: Verdict, last: int | None) -> list[Outcome]:
    """What became of each draft, in the order of their numbers; `last` is the last position written."""
    first = 0 if last is None else last - len(verdict.accepted) + 1
    written = {case.number: (case.id, first + i if last else 0) for i, case in enumerate(verdict.accepted)}
    outcomes = [Outcome(number, id_, position, already=False) for number, (id_, position) in written.items()]
    at = dict(written.values())
    outcomes += [
        Outcome(number, id_, position or at[id_], already=True) for number, (id_, position) in verdict.already.items()
    ]
    return sorted(outcomes, key=lambda outcome: outcome.number)
