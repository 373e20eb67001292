"""The ledger as the vocabulary tells it: a plain list of entries, from which every answer is worked out anew."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from tests.campaign import links, papers
from tests.campaign.entries import FOREVER, Account, Entry, accounts, standing
from tests.campaign.links import SUCCESSIONS
from tests.campaign.worlds import Deed
from tests.domain.reference import NEVER

Row = dict[str, Any]
LISTS = {
    "flags",
    "suspended_by",
    "suspended_since",
    "possible",
    "about",
    "resolutions",
    "encloses",
    "announces",
    "names",
    "successors",
}


class Option(NamedTuple):
    """What one account of an entry tells about one subject."""

    account: Account
    deeds: list[Deed]


Told = dict[int, list[Option]]
"""By position: what each account of an entry tells about one subject, the account to be shown first in front."""


class Choice(NamedTuple):
    """One account of everything that is disputed."""

    options: dict[int, int]
    """By position: the place of the account chosen, where there are several."""
    deeds: list[Deed]


class Past:
    """What is on record up to some entry."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.knowns = sorted({entry.known for entry in entries})
        live = standing(entries)
        self.live = frozenset(live)
        self.records: dict[str, tuple[Entry, ...]] = {}
        """By id: what stands on record about an entry."""
        for record in live:
            if record.about:
                self.records[record.about] = (*self.records.get(record.about, ()), record)
        self._models: dict[int, Model] = {}

    def at(self, by: int = FOREVER) -> Model:
        """As could be known by a day."""
        place = bisect_right(self.knowns, by)
        edge = self.knowns[place - 1] if place else NEVER
        if edge not in self._models:
            self._models[edge] = Model(self, edge)
        return self._models[edge]

    def about(self, original: Entry) -> tuple[Entry, ...]:
        """All that was ever recorded about an entry, and about that, in the order of recording."""
        found = {original.id}
        for _ in self.entries:
            more = {one.id for one in self.entries if one.about in found} - found
            if not more:
                break
            found |= more
        return tuple(one for one in self.entries if one.id in found and one is not original)

    def spelled(self, subject: str) -> str:
        """A link as it was spelled when first recorded; anything else by its name."""
        name = subject.split(":", 1)[1]
        if not subject.startswith("link:"):
            return name
        told = [
            (position, by, place, str(json.loads(deed.detail)["link"]))
            for by in self.knowns
            for position, options in self.at(by).about(subject).items()
            for place, option in enumerate(options)
            for deed in option.deeds
            if deed.event != "body-succeeded"
        ]
        return min(told)[3] if told else name


class Model:
    """What is on record, as could be known by a day."""

    def __init__(self, past: Past, by: int) -> None:
        self.entries = past.entries
        self.told: dict[int, list[Account]] = {}
        """By position: the accounts of each entry."""
        self._about: dict[str, Told] = {}
        for entry in past.entries:
            if entry in past.live and entry.told and not entry.about:
                self._tell(entry.position, accounts(entry, past.about(entry), by))

    def _tell(self, position: int, told: list[Account]) -> None:
        if not told:
            return
        self.told[position] = told
        deeds = [_deeds(account, position) for account in told]
        for subject in {subject for one in deeds for subject, _ in one}:
            options = [
                Option(a, [deed for name, deed in one if name == subject]) for a, one in zip(told, deeds, strict=True)
            ]
            self._about.setdefault(subject, {})[position] = options

    def subjects(self) -> list[str]:
        """Everything that an account tells about."""
        return sorted(self._about.keys() - {SUCCESSIONS})

    def about(self, subject: str) -> Told:
        """What is told about a subject; about a link also who succeeded whom, where that concerns it."""
        own = self._about.get(subject, {})
        successions = self._about.get(SUCCESSIONS, {})
        if not own or not successions or not subject.startswith("link:"):
            return own
        bodies = set(subject.removeprefix("link:").split("--"))
        for _ in successions:
            for options in successions.values():
                for option in options:
                    bodies |= {heir for deed in option.deeds if deed.side in bodies for heir in deed.successors}
        felt = {
            position: options
            for position, options in successions.items()
            if any(deed.side in bodies for option in options for deed in option.deeds)
        }
        return dict(sorted({**own, **felt}.items()))

    def choices(self, subject: str) -> list[Choice]:
        """Every choice of accounts: those to be shown first, then by how many others are taken."""
        return [self._felt(subject, choice) for choice in choices(self.about(subject))]

    @staticmethod
    def _felt(subject: str, choice: Choice) -> Choice:
        """A choice without the successions that do not concern a link by its own account of them."""
        if not subject.startswith("link:"):
            return choice
        bodies = set(subject.removeprefix("link:").split("--"))
        successions = [deed for deed in choice.deeds if deed.event == "body-succeeded"]
        for _ in successions:
            bodies |= {heir for deed in successions if deed.side in bodies for heir in deed.successors}
        deeds = [deed for deed in choice.deeds if deed.event != "body-succeeded" or deed.side in bodies]
        return choice._replace(deeds=deeds)

    def shown(self, subject: str) -> Choice:
        """The first choice that is possible, else the first."""
        found = self.choices(subject)
        return next((choice for choice in found if possible(subject, choice.deeds)), found[0])

    def possible(self, subject: str) -> bool:
        """Whether some choice among the accounts has a world; every choice is looked at.

        Raises:
            TooMany: more acts overlap than the model tries the orders of.
        """
        return True in [possible(subject, choice.deeds) for choice in self.choices(subject)]

    def rows(self, subject: str, name: str, days: Sequence[int]) -> list[Row | None]:
        """How a subject stood at the end of each day, with what other accounts would tell beside it."""
        if not self.about(subject):
            return [None for _ in days]
        shown = self.shown(subject)
        others = [
            (choice, position)
            for choice in self.choices(subject)
            for position in _departures(shown, choice)
            if len(_departures(shown, choice)) == 1
        ]
        own = _rows(subject, name, shown.deeds, days)
        told = [_rows(subject, name, choice.deeds, days) for choice, _ in others]
        found: list[Row | None] = []
        for place, row in enumerate(own):
            beside = [rows[place] for rows in told]
            if row is None and all(other is None for other in beside):
                found.append(None)
                continue
            disputed = [
                {**self._account(subject, choice, position), **differs}
                for (choice, position), other in zip(others, beside, strict=True)
                if (differs := _difference(row, other))
            ]
            blank = next(one for one in (row, *beside) if one is not None)
            found.append({**(row or _nothing(blank)), "disputed": disputed})
        return found

    def _account(self, subject: str, choice: Choice, position: int) -> Row:
        account = self.about(subject)[position][choice.options[position]].account
        return {"entry": position, "dispute": account.dispute or None, "grade": account.grade or None}


@lru_cache(maxsize=100_000)
def _deeds(account: Account, position: int) -> list[tuple[str, Deed]]:
    return [*papers.deeds_of(account, position), *links.deeds_of(account, position)]


def moves_something(entry: Entry) -> bool:
    """Whether what an entry tells by itself is part of a history."""
    return any(_deeds(account, entry.position) for account in accounts(entry, (), FOREVER))


def choices(told: Told) -> list[Choice]:
    """Every choice of accounts, by how many others than the first are taken."""
    several = [position for position, options in told.items() if len(options) > 1]
    several.sort(key=lambda position: min(deed.key for option in told[position] for deed in option.deeds))
    disputed = {position: told[position] for position in several}
    plain = [deed for position, options in told.items() if position not in disputed for deed in options[0].deeds]
    found = []
    for places in product(*(range(len(options)) for options in disputed.values())):
        chosen = dict(zip(disputed, places, strict=True))
        deeds = [deed for position, place in chosen.items() for deed in disputed[position][place].deeds]
        found.append(Choice(chosen, [*plain, *deeds]))
    return sorted(found, key=lambda choice: (sum(place > 0 for place in choice.options.values()),
                                             tuple(choice.options.values())))  # fmt: skip


def possible(subject: str, deeds: Sequence[Deed]) -> bool:
    """Whether undisputed deeds have a world."""
    if subject.startswith("link:"):
        return links.possible(subject.removeprefix("link:"), deeds)
    return papers.possible(deeds)


def _rows(subject: str, name: str, deeds: Sequence[Deed], days: Sequence[int]) -> list[Row | None]:
    if subject.startswith("link:"):
        return links.rows(name, deeds, days)
    return papers.rows(subject, deeds, days)


def _departures(one: Choice, other: Choice) -> list[int]:
    """The disputed entries of which the two choices take different accounts."""
    return [position for position, place in one.options.items() if other.options[position] != place]


UNTOLD = {"entry", "grade", "certainty", "possible", "disputed"}
"""Columns that do not tell what stood."""


def _nothing(row: Row) -> Row:
    """The columns of what did not happen."""
    told: Row = {
        "standing": "none", "certainty": "yes", "possible": ["none"], "flags": [], "suspended_by": [],
        "suspended_since": [], "assumed": False, "unexplained": False,
    }  # fmt: skip
    told |= {name: row[name] for name in ("link", "reference", "slug") if name in row}
    return {column: told.get(column, [] if column in LISTS else None) for column in row}


def _difference(row: Row | None, other: Row | None) -> Row:
    """What another account would tell otherwise."""
    here = row if row is not None else _nothing(other or {})
    there = other if other is not None else _nothing(here)
    columns = {**here, **there}
    return {
        column: there.get(column, [] if column in LISTS else None)
        for column in columns
        if column not in UNTOLD and here.get(column) != there.get(column)
    }
