"""What an entry says in the end: as corrected, corroborated, disputed and settled, or taken back.

The record about an entry is itself made of entries, none of which changes another. What the ledger holds to be so
can change on each day on which one of them became known: between two such days, one version of the entry stands.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from domain.dates import OPEN, written
from domain.history import DENIAL
from domain.values import GRADES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from domain.bearing import Bearing
    from domain.history import Act


@dataclass(frozen=True, slots=True)
class Version:
    """What stands of an entry, as could be known from one day until another."""

    known: int
    until: int
    account: Bearing
    """Whose account stands: the entry's own, a correction's, or that of a dispute that was settled so."""
    base: Bearing
    """The entry on whose evidence the account rests; a slip of ours makes that neither better nor worse."""
    support: tuple[Bearing, ...]
    """The corroborations of it."""
    disputes: tuple[Bearing, ...]
    """The disputes that are open."""
    redacted: frozenset[str]
    """The fields that are no longer shown, in whichever account."""

    @property
    def grade(self) -> str:
        """The best grade among what was known of the evidence."""
        behind = (self.base, *self.support)
        known = [one for one in behind if one.known <= self.known] or behind
        return min((one.grade for one in known if one.grade), key=_place, default="")

    @property
    def accounts(self) -> list[Bearing]:
        """The account that stands and those that dispute it: the better grade first, then as recorded."""
        return sorted(
            [self.account, *self.disputes],
            key=lambda one: (
                _place(self.grade if one is self.account else one.grade),
                one is not self.account,
                one.turn,
            ),
        )

    def on(self, account: Bearing) -> str:
        """When an account says that it happened, as near as those who support it bring that; empty for no date."""
        acts = self._acts_of(account)
        said = account.revision.on if account.revision else account.on
        if acts or said is None:
            return next((act.on for act in acts if act.on), "")
        days = _Days(said.earliest, said.latest, said.text)
        for support in () if account in self.disputes else self.support:
            days = days.narrowed(support)
        return days.text

    def acts(self, position: int) -> list[Act]:
        """The acts of every account, each of which tells of the same subjects, if only to deny them."""
        accounts = [(one, self._acts_of(one)) for one in self.accounts]
        if len(accounts) == 1:
            return [act._replace(position=position) for act in accounts[0][1]]
        touched = {(act.subject, act.cycle): act for _, acts in accounts for act in acts}
        found = []
        for option, (account, acts) in enumerate(accounts):
            dispute = account.position if account in self.disputes else 0
            own = {(act.subject, act.cycle) for act in acts}
            grade = account.grade if account in self.disputes else self.grade
            silent = [_denied(act, grade) for key, act in touched.items() if key not in own]
            found += [act._replace(position=position, option=option, dispute=dispute) for act in (*acts, *silent)]
        return found

    def _acts_of(self, account: Bearing) -> list[Act]:
        told = [act._replace(known=self.known, until=self.until) for act in account.told]
        if account not in self.disputes:
            told = [act._replace(grade=self.grade) for act in told]
            for support in self.support:
                told = [_narrowed(act, support) for act in told]
        return [_without(act, self.redacted) for act in told] if self.redacted else told


def versions(original: Bearing, records: Iterable[Bearing]) -> list[Version]:
    """The versions of an entry, by the day from which each was known; none once it was taken back."""
    live = standing(records)
    if any(_says(one, "entry-retracted") and about(one) == original.id for one in live):
        return []
    telling = [one for one in live if one.type in _TELLING]
    witnesses = [original, *(one for one in telling if one.type in ("entry-corrected", "entry-corroborated"))]
    first = min(one.known for one in witnesses)
    edges = sorted({first, *(one.known for one in (original, *telling) if one.known > first)})
    found: list[Version] = []
    for known, until in pairwise((*edges, OPEN)):
        version = replace(_at(original, telling, known), redacted=hidden(original, live), until=until)
        last = replace(version, known=found[-1].known, until=found[-1].until) if found else None
        if last and last == found[-1] and last.grade == version.grade:
            version = replace(found.pop(), until=until)
        found.append(version)
    return found


def revised(original: Bearing, records: Sequence[Bearing]) -> list[Act]:
    """The acts of an entry as they stand, each with the days on which it was known so."""
    if not records:
        return list(original.acts)
    return [act for version in versions(original, records) for act in version.acts(original.position)]


def standing(records: Iterable[Bearing]) -> list[Bearing]:
    """The records that were not taken back themselves, in the order of recording."""
    live: list[Bearing] = []
    retracted: set[str] = set()
    for record in sorted(records, key=lambda one: one.turn, reverse=True):
        if record.id in retracted:
            continue
        live.append(record)
        if _says(record, "entry-retracted"):
            retracted.add(about(record))
    return live[::-1]


def about(record: Bearing) -> str:
    """The id of the entry that a record is about; empty for what is about none."""
    return record.revision.entry if record.revision else ""


def hidden(entry: Bearing, records: Iterable[Bearing]) -> frozenset[str]:
    """The fields of an entry that are no longer shown, given the records that were not taken back."""
    told = (one.revision for one in records if one.revision and about(one) == entry.id)
    return frozenset(revision.field for revision in told if revision.field)


_TELLING: Final = frozenset({"entry-corrected", "entry-corroborated", "entry-disputed", "dispute-settled"})
"""The records that change what stands of an entry."""


def _at(original: Bearing, records: Sequence[Bearing], day: int) -> Version:
    known = [one for one in records if one.known <= day]
    settlements = {about(one): one for one in known if _says(one, "dispute-settled")}
    disputes = {one.id: one for one in known if _says(one, "entry-disputed")}
    account = base = original
    support: list[Bearing] = []
    for record in records:
        if _says(record, "entry-corrected") and record.revision:
            if record.revision.slip:
                account = record
            elif record in known:
                account, base, support = record, record, []
        elif _says(record, "entry-corroborated") and record in known:
            support.append(record)
        elif record in settlements.values() and record.revision and record.revision.prefers == "instead":
            preferred = disputes.get(about(record))
            if preferred:
                account, base, support = preferred, preferred, []
    open_ = tuple(one for one in disputes.values() if one.id not in settlements)
    return Version(day, OPEN, account, base, tuple(support), open_, frozenset())


def _says(record: Bearing, name: str) -> bool:
    return record.type == name


def _place(grade: str) -> int:
    return GRADES.index(grade) if grade in GRADES else len(GRADES)


def _denied(act: Act, grade: str) -> Act:
    return act._replace(row=DENIAL, type="entry-disputed", detail="{}", grade=grade, wording="", kind="", side="")


class _Days(NamedTuple):
    """The days on which something may have happened, and how they are written."""

    earliest: int
    latest: int
    text: str

    def narrowed(self, support: Bearing) -> _Days:
        """The days that another source allows as well; all of them where it allows none."""
        on = support.revision.on if support.revision else None
        if on is None or support.revision is None:
            return self
        earliest, latest = max(self.earliest, on.earliest), min(self.latest, support.revision.latest)
        if earliest > latest or (earliest, latest) == (self.earliest, self.latest):
            return self
        whole = (earliest, latest) == (on.earliest, on.latest)
        return _Days(earliest, latest, on.text if whole else f"[{written(earliest)}..{written(latest)}]")


def _narrowed(act: Act, support: Bearing) -> Act:
    """The act, with its date as near as its own source and another one's, together, bring it."""
    if act.type in ("link-listed", "body-registered"):
        return act
    days = _Days(act.earliest, act.latest, act.on).narrowed(support)
    if days[:2] == act[:2]:
        return act
    detail = json.dumps(
        {**json.loads(act.detail), "on": days.text}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return act._replace(earliest=days.earliest, latest=days.latest, on=days.text, detail=detail)


def _without(act: Act, fields: frozenset[str]) -> Act:
    told = {field: value for field, value in json.loads(act.detail).items() if field not in fields}
    detail = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return act._replace(detail=detail, wording="" if "wording" in fields else act.wording)
