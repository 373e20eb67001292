"""Judging a batch: which of its entries may go in, as a whole, and why the others may not.

An entry goes in if every history it bears on stays possible with it. Recording order decides
nothing: a batch that is possible as a whole is accepted whole; only to name bad entries are they
tried one by one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from domain.amending import fault_of, query_of
from domain.crossing import doubts
from domain.history import in_batch
from domain.refusing import refusal_of, refusal_without, side_refusal, told_before
from domain.rules import Refusal
from domain.subjects import name_of, possible, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from domain.bearing import Bearing
    from domain.book import Book
    from domain.history import Act


def judge(book: Book, batch: Mapping[int, Bearing]) -> dict[int, Refusal]:
    """The entries of `batch` that may not go in, by their number, each with the first refusal.

    Those that may are in the book afterwards.
    """
    refused = {number: entry.faults[0] for number, entry in batch.items() if entry.faults}
    remaining = {number: entry for number, entry in batch.items() if number not in refused}
    for entry in remaining.values():
        book.include(entry)
    subjects = {subject for entry in remaining.values() for subject in book.subjects(entry)}
    while True:
        fresh = (
            _unknown(book, remaining)
            or _misdirected(book, remaining)
            or _impossible(book, remaining, subjects)
            or _doubted(book, remaining)
        )
        if not fresh:
            return refused
        refused |= fresh
        for number, refusal in fresh.items():
            refusal.what = refusal.what.replace(in_batch(number), "")  # whoever reads it knows which line is refused
            entry = remaining.pop(number)
            subjects |= book.subjects(entry)
            if entry.id in book.entries:
                book.exclude(entry)


def _unknown(book: Book, remaining: Mapping[int, Bearing]) -> dict[int, Refusal]:
    """Entries that refer to what is neither on record nor in the batch."""
    known: dict[str, bool] = {}
    refused = {}
    for number, entry in remaining.items():
        for need in entry.needs:
            if need.tag not in known:
                known[need.tag] = book.kind(need.tag) is not None
            if not known[need.tag]:
                acts = [act for act in entry.told if act.cycle == "link" and need.field == "by"]
                refused[number] = (
                    side_refusal(name_of(acts[0].subject), acts[0]) if acts else _not_known(need.tag, need.field)
                )
                break
    return refused


def _not_known(tag: str, field: str) -> Refusal:
    kind, name = tag.split(":", 1)
    if kind == "body":
        refusal = Refusal(
            "record/known",
            f"the body {name} is not in the ledger",
            field=field,
            mend=f"register it first (civic record body-registered {name} --ask), or look at the spelling",
        )
        refusal.missing = name
        return refusal
    return Refusal(
        "record/known",
        f"{'the entry ' if kind == 'entry' else ''}{name} is not in the ledger",
        field=field,
        mend="civic history lists the entries; one is named by its position, its id or key:K"
        if kind == "entry"
        else "record it first, or in the same batch; or look at the spelling",
    )


def _misdirected(book: Book, remaining: Mapping[int, Bearing]) -> dict[int, Refusal]:
    """Records that name an entry of which they cannot say what they say."""
    found = {number: fault_of(book, entry) for number, entry in remaining.items() if entry.revision}
    return {number: fault for number, fault in found.items() if fault}


def _doubted(book: Book, remaining: Mapping[int, Bearing]) -> dict[int, Refusal]:
    """Entries that go against a rule between several entries, unless they say why."""
    found = {
        number: (query_of(book, entry) if entry.revision else None) or next(doubts(book, entry), None)
        for number, entry in remaining.items()
    }
    return {number: doubt for number, doubt in found.items() if doubt}


def _impossible(book: Book, remaining: Mapping[int, Bearing], subjects: set[str]) -> dict[int, Refusal]:
    """Entries without which the histories of `subjects` are possible; empties `subjects`."""
    proposed = {found.position for entry in remaining.values() if (found := book.original(entry))}
    bad = set()
    for subject in subjects:
        acts = book.acts(subject)
        if not _stands(subject, acts, [act for act in acts if act.position in proposed]):
            bad.add(subject)
    subjects.clear()
    candidates: defaultdict[str, list[tuple[int, tuple[object, ...], int]]] = defaultdict(list)
    for number, entry in remaining.items() if bad else ():
        for subject in book.subjects(entry) & bad:
            first = min((act for act in entry.told if act.subject == subject), default=())
            candidates[subject].append((entry.rank, first, number))
    refused: dict[int, Refusal] = {}
    for subject in sorted(candidates):
        numbers = [number for _, _, number in sorted(candidates[subject])]
        for number, refusal in _refused_on(book, subject, remaining, numbers):
            refused.setdefault(number, refusal)
    return refused


def _stands(subject: str, acts: list[Act], fresh: list[Act]) -> bool:
    """Whether the acts of a subject are possible, and none of the fresh ones tells what another one told."""
    if not possible(subject, acts):
        return False
    told = shown(subject, acts)
    return not any(told_before(act, told) for act in told if act in fresh)


def _refused_on(
    book: Book, subject: str, remaining: Mapping[int, Bearing], numbers: list[int]
) -> Iterator[tuple[int, Refusal]]:
    """Try the entries one by one; those that cannot be added are left out, and in the end all are put back.

    What the order in which they are tried lets through, the whole may still tell twice.
    """
    for number in numbers:
        book.exclude(remaining[number])
    recorded = {_said(act) for act in book.acts(subject)}
    telling: dict[int, int] = {}
    for number in numbers:
        before = book.acts(subject)
        book.include(remaining[number])
        refusal = _refusal(subject, before, book.acts(subject))
        if refusal:
            book.exclude(remaining[number])
            yield number, refusal
        else:
            telling[(book.original(remaining[number]) or remaining[number]).position] = number
    told = shown(subject, book.acts(subject))
    twice = next((act for act in told if _said(act) not in recorded and told_before(act, told)), None)
    refusal = refusal_of(subject, [act for act in told if act is not twice], twice) if twice else None
    if twice and refusal and twice.position in telling:
        yield telling[twice.position], refusal
    for number in numbers:
        book.include(remaining[number])


def _refusal(subject: str, before: list[Act], after: list[Act]) -> Refusal | None:
    """Why an entry cannot go in that makes `after` of the acts `before`; None when it can."""
    known = {_said(act) for act in before}
    fresh = [act for act in after if _said(act) not in known and act.happens]
    if _stands(subject, after, fresh):
        return None
    standing = shown(subject, [act for act in after if _said(act) in known])
    for act in fresh:
        refusal = refusal_of(subject, standing, act)
        if refusal:
            return refusal
    return refusal_without(subject, before, after)


def _said(act: Act) -> tuple[object, ...]:
    """What an account of an entry says happened, whoever else says so and since when that was known."""
    return act.position, act.dispute, act.type, act.earliest, act.latest, act.side, act.detail
