"""Judging a batch: which of its entries may go in, as a whole, and why the others may not.

An entry goes in if every history it bears on stays possible with it. Recording order decides
nothing: a batch that is possible as a whole is accepted whole; only to name bad entries are they
tried one by one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from domain.bearing import Bearing
from domain.history import Act
from domain.papers import names
from domain.refusing import possible, refusal_of, told_before
from domain.rules import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Book:
    """The acts on record of every subject that a batch bears on."""

    def __init__(self) -> None:
        self.acts: defaultdict[str, list[Act]] = defaultdict(list)

    def include(self, acts: Iterable[Act]) -> None:
        """Add acts that are on record."""
        for act in acts:
            self.acts[act.subject].append(act)

    def kind(self, tag: str) -> str | None:
        """What is on record under `tag`; None when nothing is."""
        return next((act.cycle for act in self.acts.get(tag, ()) if names(act)), None)


def judge(book: Book, batch: Mapping[int, Bearing]) -> dict[int, Refusal]:
    """The entries of `batch` that may not go in, by their number, each with the first refusal."""
    refused = {number: bearing.faults[0] for number, bearing in batch.items() if bearing.faults}
    remaining = {number: bearing for number, bearing in batch.items() if number not in refused}
    subjects = {act.subject for bearing in remaining.values() for act in bearing.acts}
    while True:
        fresh = _unknown(book, remaining) or _impossible(book, remaining, subjects)
        if not fresh:
            return refused
        refused |= fresh
        subjects |= {act.subject for number in fresh for act in remaining.pop(number).acts}


def _unknown(book: Book, remaining: Mapping[int, Bearing]) -> dict[int, Refusal]:
    """Entries that refer to what is neither on record nor in the batch."""
    named = {act.subject for bearing in remaining.values() for act in bearing.acts if names(act)}
    refused = {}
    for number, bearing in remaining.items():
        missing = next((need for need in bearing.needs if need.tag not in named and not book.kind(need.tag)), None)
        if missing:
            refused[number] = _not_known(missing.tag, missing.field)
    return refused


def _not_known(tag: str, field: str) -> Refusal:
    kind, name = tag.split(":", 1)
    if kind == "body":
        refusal = Refusal(
            "record/known",
            f"the body {name} is not in the ledger",
            field=field,
            mend=f"register it first (civic record body-registered {name}), or look at the spelling",
        )
        refusal.missing = name
        return refusal
    return Refusal(
        "record/known",
        f"{name} is not in the ledger",
        field=field,
        mend="record it first, or in the same batch; or look at the spelling",
    )


def _impossible(book: Book, remaining: Mapping[int, Bearing], subjects: set[str]) -> dict[int, Refusal]:
    """Entries without which the histories of `subjects` are possible; empties `subjects`."""
    candidates: defaultdict[str, list[tuple[int, Act, int]]] = defaultdict(list)
    for number, bearing in remaining.items():
        for act in bearing.acts:
            if act.subject in subjects:
                candidates[act.subject].append((bearing.rank, act, number))
    subjects.clear()
    refused: dict[int, Refusal] = {}
    for subject in sorted(candidates):
        for number, refusal in _refused_on(subject, book.acts.get(subject, []), candidates[subject]):
            refused.setdefault(number, refusal)
    return refused


def _refused_on(
    subject: str, recorded: list[Act], candidates: list[tuple[int, Act, int]]
) -> Iterator[tuple[int, Refusal]]:
    proposed = [act for _, act, _ in candidates]
    together = [*recorded, *proposed]
    if possible(subject, together) and not any(told_before(act, together) for act in proposed):
        return
    standing = list(recorded)
    for _, act, number in sorted(candidates):
        refusal = refusal_of(subject, standing, act)
        if refusal:
            yield number, refusal
        else:
            standing.append(act)
