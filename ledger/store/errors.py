"""What a store says when it cannot do as asked; each error builds its own sentence."""


class StoreError(Exception):
    """A store could not do as asked."""

    explanation = ""
    """What lies behind errors of this kind."""
    mend = ""
    """What to do about it."""

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

    mend = "keep the folder as it is; civic help damage"


class Damaged(NotALedger):
    """It was a ledger once, and disagrees with itself now."""


class Unavailable(StoreError):
    """The store cannot be used at present; nothing was written."""

    mend = "try again"


class Full(Unavailable):
    """There is no room for what was to be written; nothing was written."""

    mend = "make room on the disk, and try again"


class Forbidden(Unavailable):
    """This user may not use the file, or the folder that holds it; nothing was written."""

    explanation = "clerks of one ledger need a common group that may write its folder and its files"
    mend = "ask the owner to share it: chgrp GROUP FILE; chmod g+rw FILE (and g+s the folders); civic help sharing"


class Busy(Unavailable):
    """Another program held the store for as long as we were willing to wait; nothing was written."""

    explanation = "nothing is done while another process may be writing; civic help locks"
    mend = "let that process finish, or end it if it hangs, and try again"


class OutcomeUnknown(StoreError):
    """The commit was sent and never answered: look the entries up by id before anything is sent again."""

    def __init__(self, what: str, why: str, mend: str = Unavailable.mend) -> None:
        super().__init__(what, why)
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.what}: the commit failed, and may have been recorded or not: {self.why}"
