"""What an answer may name: bodies and papers on record, or given earlier in the same interactive session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain import telling
from domain.papers import CYCLES
from ledger.cli import things
from ledger.errors import LedgerError, NotFound
from projections import questions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from domain.entry import Draft
    from ledger.application import Ledger
    from ledger.cli.desk import Desk

_BEGINS: Final = frozenset(step.event for cycle in CYCLES.values() for step in cycle.steps if step.names)


class Known:
    """The names that a session can use without giving them in full."""

    def __init__(self, desk: Desk, ledger: Ledger, drafts: Sequence[Draft]) -> None:
        self._desk = desk
        self._ledger = ledger
        self._drafts = drafts
        """Those of the session, as they are at the time of each question."""

    def bodies(self) -> list[str]:
        """Every body that is registered."""
        with self._desk.views() as connection:
            known = [tag[5:] for tag in questions.subjects(connection) if tag.startswith("body:")]
        return known + [telling.subject(one.event) for one in self._drafts if one.event.type == "body-registered"]

    def paper(self, text: str) -> str | None:
        """The reference in full that a name or a unique ending stands for; None when nothing is known of it.

        Raises:
            UsageError: several papers end so.
        """
        own = [name for name in self._papers() if text in (name, name.rpartition("/")[2], name.partition("/")[2])]
        if own:
            return own[-1]
        try:
            with self._desk.views() as connection:
                found = things.find(self._desk, connection, text)
        except NotFound:
            return None
        return found.name if found.tag.startswith("ref:") else None

    def given_here(self, reference: str) -> bool:
        """Whether a paper was named earlier in this session."""
        return reference in self._papers()

    def near(self, text: str) -> str:
        """What may have been meant by a name that is not known, as a sentence to end with; empty when nothing is."""
        try:
            with self._desk.views() as connection:
                things.find(self._desk, connection, text)
        except NotFound as error:
            return error.mend
        except LedgerError:
            return ""
        return ""

    def day_of(self, meeting: str) -> str:
        """The day on which a meeting was held, as its source gives it; empty when that is not known."""
        held = [one.event for one in self._drafts if one.event.type == "meeting-held"]
        named = [telling.on(event) for event in held if telling.subject(event) == meeting]
        named += [telling.on(one.event) for one in self._ledger.tagged(f"ref:{meeting}", ("meeting-held",))]
        return next(iter(named), "")

    def _papers(self) -> Iterable[str]:
        return [telling.subject(one.event) for one in self._drafts if one.event.type in _BEGINS]
