"""What a decision rests on: the entries that could change it, as a question to the store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from domain.catalogue import SUBJECTS
from domain.papers import PAPERS
from ledger import codec
from ledger.store.dcb import DCBQuery, DCBQueryItem

if TYPE_CHECKING:
    from domain.bearing import Bearing


def _events_about(*subjects: str) -> tuple[str, ...]:
    return tuple(name for name, subject in SUBJECTS.items() if subject in subjects)


_THAT_MATTER: Final = {
    "entry": (),
    "body": _events_about("body"),
    "ref": _events_about(*PAPERS),
    "link": _events_about("link"),
}
"""By what comes before the colon of a tag: the events that move what it names; none stands for all."""


def boundary(cases: Iterable[tuple[str, Bearing]]) -> DCBQuery:
    """Everything whose change could change the decision about `cases`: their ids, and what each bears on."""
    tags: dict[str, None] = {}
    for entry_id, bearing in cases:
        tags[f"entry:{entry_id}"] = None
        tags |= dict.fromkeys({need.tag for need in bearing.needs} | {act.subject for act in bearing.acts})
    types = {kind: codec.names_on_disk(events) for kind, events in _THAT_MATTER.items()}
    return DCBQuery(items=[DCBQueryItem(types=types[tag.split(":", 1)[0]], tags=[tag]) for tag in tags])


def tagged(tag: str, types: Iterable[str] = ()) -> DCBQuery:
    """The entries that bear a tag: those of the events named, or all of them."""
    return DCBQuery(items=[DCBQueryItem(types=codec.names_on_disk(types), tags=[tag])])
