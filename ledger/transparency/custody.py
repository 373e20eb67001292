"""What is said of the keeping of the ledger, judged before it is recorded: verification rests on it for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.custody import KeyIntroduced, KeyRotated, LedgerRestored
from domain.rules import Refusal
from ledger.transparency import keys, note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from domain.custody import AnyCustody


def refused(told: Iterable[tuple[int, AnyCustody]], *, restoring: bool) -> dict[int, Refusal]:
    """By number: why an event cannot stand; that a ledger was restored is said only by what is `restoring` it."""
    found = ((number, _refusal(event, restoring=restoring)) for number, event in told)
    return {number: refusal for number, refusal in found if refusal}


def _refusal(event: AnyCustody, *, restoring: bool) -> Refusal | None:
    rule = "custody/proved"
    match event:
        case KeyIntroduced():
            try:
                note.parse_key(event.vkey)
            except (note.Malformed, note.UnknownKind) as error:
                return Refusal(rule, str(error), field="vkey", mend="copy the whole of it: civic key show prints it")
        case KeyRotated() if not keys.is_rotation(event.particulars()):
            return Refusal(rule, "the change of keys is not signed by both", mend="civic key rotate has both sign it")
        case LedgerRestored() if not restoring:
            return Refusal(
                rule,
                "that a ledger was restored is not told by hand, nor copied from another ledger",
                mend="civic restore --new-origin records it; leave it out of what is imported",
            )
    return None
