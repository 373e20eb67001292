"""Personal details as a verifier sees them: each that an entry commits to is there as it was, or lawfully gone."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.store.errors import Busy, StoreError, Unavailable
from ledger.store.personal import announced_in, details_of
from ledger.transparency.finding import Finding

if TYPE_CHECKING:
    from pathlib import Path

_MARK: Final = re.compile(r"detached:([0-9a-f]{64})")


class Holder(NamedTuple):
    """An entry that commits to a detail."""

    position: int
    id: str
    account: str
    """The id of the entry whose account it gives: its own, or of the one that it corrects or disputes."""
    field: str


@dataclass(slots=True)
class Details:
    """What the entries commit to, and what other entries order to be erased."""

    committed: dict[str, list[Holder]] = field(default_factory=dict)
    """By commitment: the entries that hold it."""
    erased: dict[tuple[str, str], int] = field(default_factory=dict)
    """By id of an entry and field: the position of the redaction."""

    def note(self, position: int, stored: Mapping[str, Any], name: str) -> None:
        """Take in an entry: the marks in it, or what it orders to be erased.

        Raises:
            KeyError, TypeError, AttributeError: it is not written as such an entry is.
        """
        event = stored["event"]
        if name == "detail-redacted":
            self.erased[event["entry"], event["field"]] = position
        instead = event.get("instead")
        inner, account = (instead["event"], event["entry"]) if instead else (event, stored["id"])
        if not isinstance(account, str):
            msg = "it is about no entry"
            raise TypeError(msg)
        marks = {found[1]: key for key, value in inner.items() if (found := _MARK.fullmatch(str(value)))}
        for commitment in stored.get("detached", ()):
            holder = Holder(position, str(stored["id"]), account, marks.get(commitment, ""))
            self.committed.setdefault(commitment, []).append(holder)

    def findings(self, path: Path, *, all_read: bool = True) -> Iterator[Finding]:
        """Hold the details that are there against the commitments; of strays only if all entries were read."""
        try:
            there, announced = {one.commitment: one for one in details_of(path)}, announced_in(path)
        except Busy:
            raise
        except (StoreError, OSError, TypeError, UnicodeError, sqlite3.Error) as error:
            kind = "UNAVAILABLE" if isinstance(error, Unavailable) else "DETACHED-ALTERED"
            yield Finding(kind, None, f"{path.name} cannot be read: {error}")
            return
        details = dict(there)
        waiting = {commitment for _, commitment, erase in announced if erase}
        for commitment, holders in self.committed.items():
            position, name = holders[0].position, holders[0].field
            # An order goes for what was told before it; after it only such is told as whoever took it back may tell.
            orders = [(self.erased.get((one.account, one.field), 0), one.position) for one in holders]
            ordered = [order if order > place else 0 for order, place in orders]
            detail = there.pop(commitment, None)
            if detail is None and all(ordered):
                yield Finding("DETACHED-ERASED", position, f"its {name} was erased, as entry {ordered[0]} orders")
            elif detail is None:
                yield Finding("DETACHED-MISSING", position, f"its {name} is gone, and no entry orders that")
            elif all(ordered):
                mend = "the next write erases it" if commitment in waiting else "order it again, on another basis"
                yield Finding(
                    "DETACHED-KEPT",
                    position,
                    f"its {name} is still there, and entry {ordered[0]} ordered it erased; {mend}",
                )
            elif not (_fits(detail.salt, detail.value, commitment) and detail.is_whole()):
                yield Finding("DETACHED-ALTERED", position, f"its {name} is not what was recorded")
            elif all_read and detail.entry not in {one.id for one in holders}:
                yield Finding("DETACHED-ALTERED", position, f"its {name} is kept as what another entry tells")
            elif commitment in waiting:
                told = f"its {name} is announced to be erased, which no entry orders: it is hidden until the next write"
                yield Finding("DETACHED-STRAY", position, told)
        for commitment in there if all_read else ():
            yield Finding(
                "DETACHED-STRAY", None, f"no entry names the detail {commitment[:16]}…; the next write removes it"
            )
        for entry, commitment in ((entry, commitment) for entry, commitment, erase in announced if not erase):
            holder, detail = self.committed.get(commitment, [None])[0], details.get(commitment)
            if holder and detail and detail.entry != entry and not self.erased.get((holder.account, holder.field)):
                told = f"its {holder.field} is announced as what another entry tells"
                yield Finding("DETACHED-ALTERED", holder.position, told)


def _fits(salt: object, value: object, commitment: str) -> bool:
    if not isinstance(salt, bytes) or not isinstance(value, str):
        return False
    told = b"civic-ledger-personal/1\n" + salt + value.encode("utf-8", "surrogatepass")
    return sha256(told).hexdigest() == commitment
