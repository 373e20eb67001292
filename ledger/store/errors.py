"""What a store says when it cannot do as asked; each error builds its own sentence."""


class StoreError(Exception):
    """A store could not do as asked."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what, why)
        self.what = what
        """The store it happened to, as the caller named it."""
        self.why = why
        """The reason, in words a clerk can act on."""

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


class NotALedger(StoreError):
    """What was opened holds no ledger that this program may touch: absent, empty, foreign or altered."""


class Damaged(NotALedger):
    """It was a ledger once, and disagrees with itself now."""


class Unavailable(StoreError):
    """The store cannot be used at present; nothing was written."""


class Forbidden(Unavailable):
    """This user may not use the file, or the folder that holds it; nothing was written."""


class Busy(Unavailable):
    """Another program held the store for as long as we were willing to wait; nothing was written."""


class OutcomeUnknown(StoreError):
    """The commit was sent and never answered: look the entries up by id before anything is sent again."""
