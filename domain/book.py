"""The entries that a decision rests on, as they stand: those on record, and those proposed together."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from domain.dates import OPEN
from domain.lifecycle import SUCCESSION, heirs_of, sides_of, with_successions
from domain.papers import links_agreed, names
from domain.revising import about, revised, standing, versions
from domain.subjects import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from domain.bearing import Bearing, Need
    from domain.history import Act


class Book:
    """What entries bear on, by subject, by the names that they need, and by the entries that they are about."""

    def __init__(self, known_by: int = OPEN - 1) -> None:
        self.entries: dict[str, Bearing] = {}
        """By id."""
        self._known_by = known_by
        self._touching: defaultdict[str, dict[str, Bearing]] = defaultdict(dict)
        self._needing: defaultdict[str, dict[str, Bearing]] = defaultdict(dict)
        self._about: defaultdict[str, dict[str, Bearing]] = defaultdict(dict)
        self._agreed: defaultdict[str, dict[str, Bearing]] = defaultdict(dict)
        self._succeeded: dict[str, Bearing] = {}

    def include(self, entry: Bearing) -> None:
        """Take an entry in; the records about it may come before it or after it."""
        self.entries[entry.id] = entry
        for index in self._indexes(entry):
            index[entry.id] = entry

    def exclude(self, entry: Bearing) -> None:
        """Leave an entry out again."""
        del self.entries[entry.id]
        for index in self._indexes(entry):
            index.pop(entry.id, None)

    def _indexes(self, entry: Bearing) -> Iterator[dict[str, Bearing]]:
        for subject in {act.subject for act in entry.told}:
            yield self._touching[subject]
        for tag in {need.tag for need in entry.needs}:
            yield self._needing[tag]
        if entry.revision:
            yield self._about[entry.revision.entry]
        for link in {link for act in entry.told for link in links_agreed(act)}:
            yield self._agreed[link]
        if any(act.type == SUCCESSION for act in entry.told):
            yield self._succeeded

    @property
    def successions(self) -> bool:
        """Whether any entry tells, or told before it was corrected, that a body was succeeded."""
        return bool(self._succeeded)

    def original(self, entry: Bearing) -> Bearing | None:
        """The entry itself, or for a record the original that it is about; None where that is not at hand."""
        found: Bearing | None = entry
        seen: set[str] = set()
        while found and found.revision and found.id not in seen:
            seen.add(found.id)
            found = self.entries.get(found.revision.entry)
        return found if found and not found.revision else None

    def records(self, entry: Bearing) -> list[Bearing]:
        """All that is recorded about an entry, and about that, in the order of recording."""
        found: dict[str, Bearing] = {}
        fresh = [entry.id]
        while fresh:
            told = self._about.get(fresh.pop(), {})
            fresh += [id_ for id_ in told if id_ not in found]
            found |= told
        found.pop(entry.id, None)
        return sorted(found.values(), key=lambda record: record.turn)

    def told(self, entry: Bearing) -> list[Act]:
        """The acts of an original as they stand, those of disputing accounts among them."""
        acts = revised(entry, self.records(entry))
        return [act for act in acts if act.known <= self._known_by < act.until]

    def stands(self, entry: Bearing) -> bool:
        """Whether an entry was not taken back."""
        records = self.records(entry)
        if entry.revision:
            return not any(one.type == "entry-retracted" and about(one) == entry.id for one in standing(records))
        return bool(versions(entry, records))

    def acts(self, subject: str) -> list[Act]:
        """The acts on a subject as they stand; for a link, with the successions of its sides."""
        own = self._own(subject)
        if not own or not self._succeeded or not subject.startswith("link:"):
            return own
        told = [self.told(entry) for entry in self._originals(self._succeeded.values())]
        successions = [act for acts in told if any(act.type == SUCCESSION for act in acts) for act in acts]
        return with_successions(name_of(subject), own, successions)

    def _own(self, subject: str) -> list[Act]:
        return [act for entry in self.originals(subject) for act in self.told(entry) if act.subject == subject]

    def originals(self, subject: str) -> list[Bearing]:
        """The entries that tell, or told before they were corrected, of a subject."""
        return self._originals(self._touching.get(subject, {}).values())

    def agreements(self, link: str) -> list[Bearing]:
        """The entries that tell, or told before they were corrected, of an agreement on a link."""
        return self._originals(self._agreed.get(link, {}).values())

    def _originals(self, entries: Iterable[Bearing]) -> list[Bearing]:
        return list({found.id: found for entry in entries if (found := self.original(entry))}.values())

    def subjects(self, entry: Bearing) -> set[str]:
        """Every subject that an entry, or for a record the original and all that is recorded about it, touches."""
        original = self.original(entry) or entry
        told = [act for one in (original, entry, *self.records(original)) for act in one.told]
        return {act.subject for act in told} | self._feeling(told)

    def _feeling(self, told: Iterable[Act]) -> set[str]:
        """The links of the bodies that were succeeded, and of those whose place they had taken."""
        fresh = bodies = {body for act in told for body, _ in heirs_of(act)}
        if not bodies:
            return set()
        pairs = [pair for entry in self._succeeded.values() for act in entry.told for pair in heirs_of(act)]
        while fresh:
            fresh = {body for body, heir in pairs if heir in fresh} - bodies
            bodies = bodies | fresh
        links = (subject for subject in self._touching if subject.startswith("link:"))
        return {link for link in links if bodies.intersection(sides_of(name_of(link)))}

    def kind(self, tag: str) -> str | None:
        """What is on record under `tag`; None when nothing is."""
        if tag.startswith("entry:"):
            return "entry" if tag.removeprefix("entry:") in self.entries else None
        return next((act.cycle for act in self._own(tag) if act.happens and names(act)), None)

    def needing(self, tag: str) -> list[Bearing]:
        """The entries that refer, as they stand, to what `tag` names, in the order of recording."""
        told = (self.original(entry) or entry for entry in self._needing.get(tag, {}).values())
        found = {entry.id: entry for entry in told if any(need.tag == tag for need in self._needs(entry))}
        return sorted(found.values(), key=lambda entry: entry.turn)

    def _needs(self, entry: Bearing) -> tuple[Need, ...]:
        """What an entry needs by the account that stands of it; nothing once it was taken back."""
        found = versions(entry, self.records(entry))
        return found[-1].account.needs if found else ()
