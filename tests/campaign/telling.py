"""What a clerk wants recorded: for the ledger, and for the model."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property

from domain.catalogue import EVENTS
from domain.entry import Draft
from domain.values import Evidence, Override
from ledger import codec
from tests.campaign.entries import Entry, Event


@dataclass(frozen=True)
class Telling:
    """What a clerk wants recorded."""

    type: str
    event: Event
    evidence: tuple[dict[str, str], ...] = ()
    overrides: tuple[str, ...] = ()
    key: str | None = None

    @cached_property
    def draft(self) -> Draft:
        """The same, for the ledger."""
        return Draft(
            EVENTS[self.type].model_validate_json(json.dumps(self.event)),
            tuple(Evidence.model_validate_json(json.dumps(source)) for source in self.evidence),
            tuple(Override(rule=rule, reason="So it is.") for rule in self.overrides),
            key=self.key,
        )

    @cached_property
    def id(self) -> str:
        """The id under which it is recorded."""
        return codec.entry_id(self.draft, codec.digest(self.draft))

    def overriding(self, rule: str | None) -> Telling:
        """The same, going ahead against one rule more."""
        return replace(self, overrides=(*self.overrides, rule)) if rule else self

    def entry(self, position: int, day: int) -> Entry:
        """The same, as it stands on record."""
        return Entry(position, self.id, self.type, self.event, day, self.evidence, frozenset(self.overrides))

    def __str__(self) -> str:
        sources = [{field: value for field, value in source.items() if field != "title"} for source in self.evidence]
        return f"{self.id[:8]} {self.type} {json.dumps(self.event)} {sources} {self.overrides} {self.key}"
