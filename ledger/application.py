"""Keeping the book: load the boundary, decide, append on condition. One decision is a batch of one."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from domain import likeness
from domain.bearing import bearing_of_entry
from domain.bodies import BodyRegistered
from domain.book import Book
from domain.entry import Draft, Entry
from domain.judging import judge
from domain.records import DetailRedacted
from domain.revising import versions
from domain.rules import Refusal
from domain.standing_event import event_of
from ledger import codec, deciding
from ledger.batch import Batch
from ledger.boundary import Boundary, decoded, tagged
from ledger.deciding import Outcome, Verdict
from ledger.errors import OutcomeUnknown, Refused, Unavailable, UsageError
from ledger.store import errors as store_errors
from ledger.store.dcb import (
    DCBAppendCondition,
    DCBQuery,
    DCBQueryItem,
    DCBRecorder,
    IntegrityError,
)
from ledger.transparency.envelope import Stored

if TYPE_CHECKING:
    from domain.bearing import Bearing
    from ledger.store.errors import StoreError
    from ledger.store.personal import Detail, PersonalStore

ATTEMPTS: Final = 200
"""How often a decision is taken again because somebody wrote into its boundary."""


_BODIES: Final = DCBQueryItem(
    types=codec.names_on_disk(
        ("body-registered", "entry-corrected", "entry-retracted", "entry-disputed", "dispute-settled")
    )
)
"""What says which bodies there are."""


class Ledger:
    """A book of entries, kept in a recorder."""

    def __init__(
        self,
        open_recorder: Callable[[], DCBRecorder],
        *,
        clerk: str,
        clock: Callable[[], datetime],
        salt: Callable[[], str],
        personal: PersonalStore | None = None,
        judge: Callable[[Batch], dict[int, Refusal]] = lambda _: {},
    ) -> None:
        self._open = open_recorder
        self._recorder = open_recorder()
        self._clerk = clerk
        self._clock = clock
        self._salt = salt
        self._personal = personal
        self._judge = judge
        self._values = self._value if personal else None
        self._handed: dict[str, int] = {}
        """Of each batch that was handed to the store: the id of its last entry, and how many entries it has."""

    def batch(self, *, new_bodies: bool = False) -> Batch:
        """An empty batch, stamped with this moment."""
        batch = Batch(self._clock().astimezone(UTC), self._clerk, self._salt, new_bodies=new_bodies)
        if self._personal:
            batch.known = self._personal.entry_of
        return batch

    def record(self, drafts: Iterable[Draft], *, new_bodies: bool = False) -> list[Outcome]:
        """Record all drafts or none; those on record already stay as they are. Numbers count from 1.

        Raises:
            Refused: rules said no.
            UsageError: an entry is too large, or tells of people where that cannot be kept apart.
            Unavailable: the store cannot be used; nothing was written.
            OutcomeUnknown: the store did not say whether it wrote.
        """
        with closing(self.batch(new_bodies=new_bodies)) as batch:
            for number, draft in enumerate(drafts, 1):
                batch.add(number, draft)
            return self.commit(batch)

    def commit(
        self, batch: Batch, verdict: Verdict | None = None, *, without_refused: bool = False, dry_run: bool = False
    ) -> list[Outcome]:
        """Decide a batch and append it on condition that nothing it rests on has changed.

        A `verdict` that was reached before is not reached again, unless something has changed since.

        Raises:
            Refused: rules said no, and `without_refused` does not leave those drafts out.
            UsageError, Unavailable, OutcomeUnknown: as `record`.
        """
        for attempt in range(ATTEMPTS):
            verdict = verdict or self.decide(batch)
            if verdict.refused and not without_refused:
                raise Refused(sorted(verdict.refused.items()))
            if dry_run or not verdict.accepted:
                return deciding.outcomes(verdict, None)
            try:
                last = self._append(batch, verdict)
            except IntegrityError:
                verdict = None
                time.sleep(random.uniform(0, 0.005 * min(attempt + 1, 20)))  # noqa: S311 - writers who met should part
                continue
            return deciding.outcomes(verdict, last)
        raise Unavailable(
            "others keep writing about the same things", why=f"{ATTEMPTS} attempts met another writer", mend="try again"
        )

    @property
    def appended(self) -> bool:
        """Whether anything was handed to the store through it."""
        return bool(self._handed)

    def on_record(self) -> list[tuple[int, int]]:
        """The first and the last position of each batch that was handed to the store and is on record.

        They are looked up again, through a new connection: whoever was interrupted does not know.
        """
        if not self._handed:
            return []
        self._reopen()
        found = ((self._position(last), count) for last, count in self._handed.items())
        return [(position - count + 1, position) for position, count in found if position]

    def recorded_since(self) -> Callable[[], bool]:
        """A question to ask later: whether anything that was handed to the store since is, or may be, on record."""
        before = {*self._handed}

        def may_be() -> bool:
            fresh = [last for last in self._handed if last not in before]
            try:
                if fresh:
                    self._reopen()
                return any(self._position(last) for last in fresh)
            except store_errors.StoreError:
                return True

        return may_be

    def _reopen(self) -> None:
        """Look through a new connection: an old one may believe what was never written.

        Raises:
            StoreError: there is none now; then the old one stays, for those who go on.
        """
        former, self._recorder = self._recorder, self._open()
        if former is not self._recorder:
            _close(former)

    def settle(self) -> None:
        """Go on where a writer was stopped amid keeping or erasing what is told of people."""
        if self._personal:
            self._personal.settle(self)

    def holds(self, entry: str) -> bool:
        """Whether an entry of this id is on record."""
        return bool(self._position(entry))

    def _value(self, commitment: str) -> str | None:
        """A detail that is kept apart."""
        return self._personal.value(commitment, self.orders) if self._personal else None

    def orders(self, entry: str, commitment: str) -> bool:
        """Whether an entry of this id is on record that orders the detail of a commitment to be erased."""
        for order in self._without_details(f"entry:{entry}", ("detail-redacted",)):
            event = order.event
            if isinstance(event, DetailRedacted):
                accounts = (
                    *self._without_details(f"entry:{event.entry}"), *self._without_details(f"about:{event.entry}")
                )  # fmt: skip
                return any((event.field, commitment) in account.detached for account in accounts)
        return False

    def close(self) -> None:
        """Let go of the store."""
        _close(self._recorder)

    def newest(self) -> Entry | None:
        """The last entry; None while there is none."""
        head = self._recorder.read().head or 0
        return next(self.read(head - 1), None) if head else None

    @property
    def unsettled(self) -> StoreError | None:
        """Why details that were ordered to be erased are still there; the next write sees to it."""
        return self._personal.unsettled if self._personal else None

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
        """The entries behind a position, in order."""
        for recorded in self._recorder.read(after=after, limit=limit):
            yield decoded(recorded, self._values)

    def stored(self, after: int = 0, limit: int | None = None) -> Iterator[Stored]:
        """The entries behind a position as the store holds them, in order."""
        for recorded in self._recorder.read(after=after, limit=limit):
            yield Stored(recorded.position, recorded.event.type, recorded.event.tags, recorded.event.data)

    def of_type(self, name: str) -> list[Entry]:
        """The entries of an event, in order."""
        query = DCBQuery(items=[DCBQueryItem(types=codec.names_on_disk((name,)))])
        return [decoded(recorded, self._values) for recorded in self._recorder.read(query)]

    def tagged(self, tag: str, types: tuple[str, ...] = ()) -> list[Entry]:
        """The entries that bear a tag, in order."""
        return [decoded(recorded, self._values) for recorded in self._recorder.read(tagged(tag, types))]

    def _without_details(self, tag: str, types: tuple[str, ...] = ()) -> list[Entry]:
        """The same, with the marks of what is kept apart in its place."""
        return [decoded(recorded, None) for recorded in self._recorder.read(tagged(tag, types))]

    def in_clear(self, entry_id: str, field: str) -> list[int]:
        """The positions of an entry, and of those about it, whose stored bytes tell a field of it in clear."""
        told = (*self.tagged(f"entry:{entry_id}"), *self.tagged(f"about:{entry_id}"))
        return [one.position for one in told if field in codec.in_clear(one)]

    def still_in_clear(self) -> list[int]:
        """The positions of the entries whose stored bytes tell in clear what is no longer shown."""
        orders = [one.event for one in self.of_type("detail-redacted")]
        holding = (self.in_clear(one.entry, one.field) for one in orders if isinstance(one, DetailRedacted))
        return sorted({position for positions in holding for position in positions})

    def surroundings(self, proposed: Iterable[Bearing]) -> Boundary:
        """All that proposed entries would rest on, as the ledger stands now."""
        found = Boundary(self._recorder, self._values)
        found.follow(proposed)
        return found

    def decide(self, batch: Batch) -> Verdict:
        """Judge a batch as the ledger stands now; nothing is written."""
        rests_on = self.surroundings(case.bearing for case in batch.cases)
        by_digest = {codec.digest(entry): entry for entry in rests_on.entries.values()}
        already, refused, open_cases = deciding.known(batch.cases, rests_on.entries, by_digest)
        book = rests_on.book()
        fresh = {case.number for case in open_cases}
        alone = deciding.of_no_country(batch) | deciding.overriding_nothing(open_cases) | self._judge(batch)
        refused |= {number: refusal for number, refusal in alone.items() if number in fresh}
        refused |= judge(book, {case.number: case.bearing for case in open_cases})
        boundary = rests_on.query
        if batch.bodies or batch.corrected:
            boundary = DCBQuery(items=[*boundary.items, _BODIES])
            refused |= self._known_bodies(batch, fresh - set(refused))
        twins = {case.id: refused[case.number] for case in open_cases if case.number in refused}
        for number in [number for number, (id_, position) in already.items() if not position and id_ in twins]:
            refused[number] = twins[already.pop(number)[0]]  # what stands twice is refused twice
        self._suggest(refused.values())
        accepted = deciding.in_turn([case for case in open_cases if case.number not in refused])
        deciding.inherit(book, accepted, rests_on.entries)
        erased = list(deciding.erased(accepted, rests_on.entries.values()))
        return Verdict(rests_on.head, boundary, already, accepted, refused, erased)

    def _known_bodies(self, batch: Batch, numbers: set[int]) -> dict[int, Refusal]:
        """The bodies of a batch that are known under another short name, or may be."""
        known = self.bodies()
        registered = [(number, body) for number, body in batch.bodies if number in numbers]
        corrected = [(number, body) for number, body in batch.corrected if number in numbers]
        slugs = {body.slug for _, body in corrected}
        refused = likeness.same_identifier(
            [body for body in known if body.slug not in slugs],
            sorted([*registered, *corrected], key=lambda one: one[0]),
        )
        if batch.new_bodies:
            return refused
        meant = {case.number for case in batch.cases if likeness.RULE in case.bearing.overridden}
        almost = likeness.near_duplicate(
            known, [(number, body) for number, body in registered if number not in refused]
        )
        return {number: one for number, one in almost.items() if number not in meant} | refused

    def _suggest(self, refusals: Iterable[Refusal]) -> None:
        """Where a body is not on record, name the one that may be meant."""
        missing = [refusal for refusal in refusals if refusal.missing]
        events = [entry.event for entry in self.of_type("body-registered")] if missing else []
        slugs = [str(event.slug) for event in events if isinstance(event, BodyRegistered)]
        for refusal in missing:
            close = get_close_matches(refusal.missing, slugs, n=1)
            if refusal.missing in slugs:
                refusal.mend = f"it was registered, and that was taken back; see: civic history {refusal.missing} --all"
            elif close:
                refusal.mend = f"did you mean {close[0]}? else {refusal.mend}"

    def bodies(self) -> list[BodyRegistered]:
        """Every body on record as it stands: corrected, and without those that were taken back."""
        found = [decoded(recorded, self._values) for recorded in self._recorder.read(DCBQuery(items=[_BODIES]))]
        entries = {entry.id: entry for entry in found}
        book = Book()
        for entry in found:
            book.include(bearing_of_entry(entry))
        registered = [book.entries[entry.id] for entry in found if isinstance(entry.event, BodyRegistered)]
        stand = (versions(one, book.records(one)) for one in registered)
        events = (event_of(known[-1].account, entries) for known in stand if known)
        return [event for event in events if isinstance(event, BodyRegistered)]

    def _append(self, batch: Batch, verdict: Verdict) -> int:
        condition = DCBAppendCondition(fail_if_events_match=verdict.boundary, after=verdict.head)
        self._handed[verdict.accepted[-1].id] = len(verdict.accepted)
        details = [detail for case in verdict.accepted for detail in case.details.values()]
        with self._apart(details, verdict.erased):
            return self._append_entries(batch, verdict, condition)

    def _apart(self, details: list[Detail], erased: list[tuple[str, str]]) -> AbstractContextManager[None]:
        """What is told of people is kept apart before the entries are recorded, and erased after.

        Raises:
            UsageError: this ledger has nowhere to keep it.
        """
        if self._personal:
            return self._personal.recording(details, erased, self)
        if details:
            raise UsageError("personal details cannot be kept here", mend="leave them out")
        return nullcontext()

    def _append_entries(self, batch: Batch, verdict: Verdict, condition: DCBAppendCondition) -> int:
        try:
            return self._recorder.append(batch.stored(verdict.accepted), condition)
        except store_errors.OutcomeUnknown as error:
            return self._found_after_all(verdict, error)
        except store_errors.Unavailable as error:
            why = "; ".join(filter(None, (error.explanation, self._nothing())))
            raise Unavailable(str(error), why=why, mend=error.mend) from error

    def _found_after_all(self, verdict: Verdict, error: store_errors.OutcomeUnknown) -> int:
        """Resolve an unknown outcome by looking the ids up through a new connection."""
        try:
            self._reopen()
            last = self._position(verdict.accepted[-1].id)  # all were written, or none
        except store_errors.StoreError as second:
            raise OutcomeUnknown(
                "the store did not say whether it wrote",
                why=f"{error}; then {second}",
                mend=f"{second.mend}: what is on record stays as it is",
            ) from second
        if last:
            return last
        raise Unavailable(f"the store failed: {self._nothing()}", why=error.why, mend=error.mend) from error

    def _nothing(self) -> str:
        """That the last batch was not written, in words; an import in parts may have recorded others before."""
        return "nothing was written" if len(self._handed) == 1 else "nothing of this part was written"

    def _position(self, entry_id: str) -> int:
        return next((one.position for one in self._recorder.read(tagged(f"entry:{entry_id}"))), 0)


def _close(recorder: DCBRecorder) -> None:
    """Let go of a store, where it is one that can be let go of."""
    if close := getattr(recorder, "close", None):
        close()
