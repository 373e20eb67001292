"""What can go wrong while keeping the book, in families that the command line turns into exit codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.rules import Refusal


class LedgerError(Exception):
    """Something went wrong; `what`, `why` and `mend` are said to whoever asked."""

    slug = "error"

    def __init__(self, what: str, *, why: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.mend = mend


class UsageError(LedgerError):
    """It was asked for in a way that cannot be understood."""

    slug = "usage"


class NotFound(LedgerError):
    """There is nothing of that name."""

    slug = "not-found"


class Conflict(LedgerError):
    """Something else is there already."""

    slug = "conflict"


class Unavailable(LedgerError):
    """The store cannot be used at present; nothing was written; asking again may help."""

    slug = "unavailable"


class OutcomeUnknown(LedgerError):
    """Whether it was written cannot be told."""

    slug = "outcome-unknown"


class Damage(LedgerError):
    """The book disagrees with itself."""

    slug = "damage"


class Refused(LedgerError):
    """Rules said no to some entries of a batch; nothing was written."""

    slug = "refused"

    def __init__(self, refusals: Sequence[tuple[int, Refusal]]) -> None:
        super().__init__(f"{len(refusals)} refused")
        self.refusals = refusals
        """The number of each entry refused, and why; in the order of the batch."""


class LinesRefused(LedgerError):
    """Lines of a file cannot be taken; each was told, and nothing of the part in which they stand was written."""

    slug = "refused"
