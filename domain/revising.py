"""What an entry says in the end: as corrected, corroborated, disputed and settled, or retracted.

The record about an entry is itself made of entries, none of which changes another. Each of them gives an account of
its own, known from its own sources; between two days on which something became known, one version of the entry holds.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.catalogue import EVENTS
from domain.dates import OPEN, Date, written
from domain.history import DENIAL
from domain.values import GRADES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from domain.bearing import Bearing
    from domain.history import Act


@dataclass(frozen=True, slots=True)
class Version:
    """What an entry says, as could be known from one day until another."""

    known: int
    until: int
    account: Bearing
    """Whose account is in effect: the entry's own, a correction's, or that of a dispute."""
    base: Bearing
    """The entry on whose evidence the account rests; a slip of ours makes that neither better nor worse."""
    support: tuple[Bearing, ...]
    """The corroborations of it."""
    disputes: tuple[Bearing, ...]
    """The disputes that are open."""
    redacted: frozenset[str]
    """The fields that are no longer shown, in whichever account."""

    @property
    def bare(self) -> bool:
        """Whether only corroborations were known, which report the act and none of its details."""
        return self.base.type == "entry-corroborated"

    @property
    def grade(self) -> str:
        """The best grade of its evidence."""
        return min((one.grade for one in (self.base, *self.support) if one.grade), key=place_of, default="")

    @property
    def accounts(self) -> list[Bearing]:
        """The account in effect and those that dispute it: the better grade first, then as recorded."""
        return sorted(
            [self.account, *self.disputes],
            key=lambda one: (
                place_of(self.grade if one is self.account else one.grade),
                one is not self.account,
                _canonical(one),
            ),
        )

    def sources(self, account: Bearing) -> tuple[Bearing, ...]:
        """The entries whose evidence an account rests on: its own, and that of those who support it."""
        return (account,) if account in self.disputes else (self.base, *self.support)

    def on(self, account: Bearing) -> str:
        """When an account says that it happened, narrowed by those who support it; empty for no date."""
        acts = self._acts_of(account)
        said = account.revision.on if account.revision else account.on
        if acts or said is None:
            return next((act.on for act in acts if act.on), "")
        return self._supported(account, _Days(said.earliest, said.latest, said.text)).text

    def acts(self, position: int) -> list[Act]:
        """The acts of every account, each of which speaks of the same subjects, if only to deny them."""
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
        rests_on = json.dumps([one.position for one in self.sources(account)])
        acts = [act._replace(known=self.known, until=self.until, rests_on=rests_on) for act in account.told]
        if account not in self.disputes:
            acts = [_dated(act._replace(grade=self.grade), self._supported(account, _days_of(act))) for act in acts]
        if self.bare and account is self.account:
            acts = [_without(act, EVENTS[act.type].details()) for act in acts]
        return [_without(act, self.redacted) for act in acts] if self.redacted else acts

    def _supported(self, account: Bearing, days: _Days) -> _Days:
        """The days of an account as narrowed by its support; for corroborations known alone, by what they say."""
        if account in self.disputes:
            return days
        dated = [one.revision for one in (self.base, *self.support) if one.type == "entry-corroborated"]
        if self.bare:
            first = next((one for one in dated if one and one.on), None)
            days = _Days(first.on.earliest, first.latest, first.on.text) if first and first.on else days
        for one in dated:
            days = days.narrowed(one.on, one.latest) if one and one.on else days
        return days


def versions(original: Bearing, records: Sequence[Bearing]) -> list[Version]:
    """The versions of an entry, by the day from which each was known; none once it was retracted.

    They do not overlap; nothing was known before the first of them, nor in a gap between two.
    """
    live = standing(records)
    if any(_says(one, "entry-retracted") and about(one) == original.id for one in live):
        return []
    relevant = [one for one in live if one.type in CHANGING]
    successive = _successive(original, live)
    slips = _slips(original, records, live)
    redacted = hidden(original, live)
    edges = sorted({one.known for one in (original, *relevant)})
    found: list[Version] = []
    for known, until in pairwise((*edges, OPEN)):
        version = _at(known, successive, slips, relevant)
        if version is None:
            continue
        version = replace(version, redacted=redacted, until=until)
        last = found[-1] if found else None
        if last and last.until == known and last == replace(version, known=last.known, until=last.until):
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


CHANGING: Final = frozenset({"entry-corrected", "entry-corroborated", "entry-disputed", "dispute-settled"})
"""The records that change what an entry says."""


class _Account(NamedTuple):
    """An account that takes the place of those before it."""

    effective: int
    """The day from which it could be known to be the right one."""
    source: Bearing
    """The entry that gave it."""


def _successive(original: Bearing, live: Sequence[Bearing]) -> list[_Account]:
    """The entry's own account, then those that took its place, in the order in which they became known.

    Of corrections published on one day, the better source holds; settlements are our own judgement, so the last holds.
    """
    disputes = {one.id: one for one in live if _says(one, "entry-disputed")}
    later: list[tuple[tuple[object, ...], _Account]] = []
    for one in live:
        if _says(one, "entry-corrected") and one.revision and not one.revision.slip:
            later.append(((one.known, 0, -place_of(one.grade), _canonical(one)), _Account(one.known, one)))
        elif _says(one, "dispute-settled") and one.revision and one.revision.prefers == "instead":
            dispute = disputes.get(about(one))
            if dispute:
                day = max(one.known, dispute.known)
                later.append(((day, 1, one.turn), _Account(day, dispute)))
    return [_Account(original.known, original), *(account for _, account in sorted(later, key=lambda pair: pair[0]))]


def _slips(original: Bearing, records: Sequence[Bearing], live: Sequence[Bearing]) -> dict[str, Bearing]:
    """By the id of its source: the last slip that mends an account, which was in effect when the slip was recorded."""
    found = {}
    for slip in live:
        if _says(slip, "entry-corrected") and slip.revision and slip.revision.slip:
            before = standing([one for one in records if one.turn < slip.turn])
            found[_successive(original, before)[-1].source.id] = slip
    return found


def _at(
    day: int, successive: Sequence[_Account], slips: dict[str, Bearing], relevant: Sequence[Bearing]
) -> Version | None:
    """What was known on a day, by the sources published until then; None for nothing."""
    known = [one for one in relevant if one.known <= day]
    settled = {about(one) for one in known if _says(one, "dispute-settled")}
    open_ = [one for one in known if _says(one, "entry-disputed") and one.id not in settled]
    in_effect = [one for one in successive if one.effective <= day]
    first = successive[0].source
    account = in_effect[-1] if in_effect else _Account(-OPEN, first)
    since = -OPEN if account.source is first else account.effective
    content = slips.get(account.source.id, account.source)
    support = sorted(
        (one for one in known if _says(one, "entry-corroborated") and _supports(one, content, since)), key=_canonical
    )
    base = account.source if in_effect else None
    if base is None and support:
        base, *support = support
    if base is None and open_:
        open_.sort(key=lambda one: (place_of(one.grade), _canonical(one)))
        content, *open_ = open_
        base = content
    if base is None:
        return None
    return Version(day, OPEN, content, base, tuple(support), tuple(open_), frozenset())


def _supports(corroboration: Bearing, account: Bearing, since: int) -> bool:
    """Whether a source agrees with an account: by its date; without one, if published once that was the account."""
    own = corroboration.revision
    days = _said(account)
    if own is None or own.on is None or days is None:
        return corroboration.known >= since
    return own.on.earliest <= days.latest and days.earliest <= own.latest


def _said(account: Bearing) -> _Days | None:
    """The days that an account gives; for a page that lists a link, those of the page."""
    on = account.revision.on if account.revision else account.on
    act = next(iter(account.told), None)
    if act and act.type != "link-listed":
        return _days_of(act) if act.on else None
    on = Date.parse(json.loads(act.detail)["on"]) if act else on
    return _Days(on.earliest, on.latest, on.text) if on else None


def _canonical(one: Bearing) -> tuple[object, ...]:
    """An order of records about one entry that does not depend on when they were recorded."""
    revision = one.revision
    on = (revision.on.earliest, revision.on.latest, revision.on.text) if revision and revision.on else ()
    return (
        one.known,
        place_of(one.grade),
        on,
        revision.event if revision else "",
        revision.particulars if revision else "",
        one.turn,
    )


def _says(record: Bearing, name: str) -> bool:
    return record.type == name


def place_of(grade: str) -> int:
    """The place of a grade among all, the best first; no grade last."""
    return GRADES.index(grade) if grade in GRADES else len(GRADES)


def _denied(act: Act, grade: str) -> Act:
    return act._replace(row=DENIAL, type="entry-disputed", detail="{}", grade=grade, wording="", kind="", side="")


class _Days(NamedTuple):
    """The days on which something may have happened, and how they are written."""

    earliest: int
    latest: int
    text: str

    def narrowed(self, on: Date, latest: int) -> _Days:
        """The days that another source's date allows as well; all of them where it allows none."""
        first, last = max(self.earliest, on.earliest), min(self.latest, latest)
        if first > last or (first, last) == (self.earliest, self.latest):
            return self
        whole = (first, last) == (on.earliest, on.latest)
        return _Days(first, last, on.text if whole else f"[{written(first)}..{written(last)}]")


def _days_of(act: Act) -> _Days:
    return _Days(act.earliest, act.latest, act.on)


def _dated(act: Act, days: _Days) -> Act:
    """The act on other days; a page goes on listing a link when it did, and a body has no date."""
    if act.type in ("link-listed", "body-registered") or days == _days_of(act):
        return act
    return act._replace(
        earliest=days.earliest,
        latest=days.latest,
        on=days.text,
        detail=_detail({**json.loads(act.detail), "on": days.text}),
    )


def _without(act: Act, fields: frozenset[str]) -> Act:
    kept = {field: value for field, value in json.loads(act.detail).items() if field not in fields}
    return act._replace(detail=_detail(kept), wording="" if "wording" in fields else act.wording)


def _detail(particulars: dict[str, Any]) -> str:
    return json.dumps(particulars, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
