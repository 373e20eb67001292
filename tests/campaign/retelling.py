"""The same told in another order: whatever order the rules accept comes to the same views."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from ledger.codec import particulars
from ledger.errors import Refused
from projections import projection, views
from projections.views import Mark
from tests.books import Pages
from tests.campaign.entries import Entry, canonical, original_of
from tests.campaign.kept import Kept
from tests.campaign.links import tag_of
from tests.campaign.telling import Telling


class Batch(NamedTuple):
    """What went in together."""

    day: int
    tellings: Sequence[Telling]
    entries: Sequence[Entry]


def another_order(batches: Sequence[Batch], chance: random.Random) -> Kept | None:
    """The same batches in a ledger of their own, in an order that the rules accept; None where none is found.

    What other sources say about one entry - corroborations, disputes, sourced corrections - comes in any order. A slip,
    a retraction, a settlement and a redaction keep their place among them, since they are about what was on record; and
    so does what spells one link in two ways, of which the first counts. Where two entries say the same word for word,
    either may be named.
    """
    said = [canonical([*entry.told]) for batch in batches for entry in batch.entries if entry.told]
    if len(set(said)) < len(said):
        return None
    before = _before(batches)
    other = Kept()
    waiting = list(range(len(batches)))
    done: set[int] = set()
    stuck = False
    while waiting and not stuck:
        chance.shuffle(waiting)
        stuck = True
        for place in [place for place in waiting if before[place] <= done]:
            other.day = batches[place].day
            try:
                other.ledger.record([one.draft for one in batches[place].tellings], new_bodies=True)
            except Refused:
                continue
            done.add(place)
            waiting.remove(place)
            stuck = False
    return None if waiting else other


def _before(batches: Sequence[Batch]) -> list[set[int]]:
    """For each batch, those that come before it in any order."""
    entries = [entry for batch in batches for entry in batch.entries]
    originals = {entry.id: original_of(entry, entries).id for entry in entries}
    spellings: dict[str, set[str]] = {}
    about: dict[str, set[str]] = {}
    for entry in entries:
        for link in _links(entry):
            spellings.setdefault(tag_of(link), set()).add(link)
            about.setdefault(originals[entry.id], set()).add(tag_of(link))
    concerns, bound = [], []
    for batch in batches:
        links = {tag for entry in batch.entries for tag in about.get(originals[entry.id], ())}
        spelled = {tag for tag in links if len(spellings[tag]) > 1}
        concerns.append({originals[entry.id] for entry in batch.entries} | spelled)
        bound.append({originals[entry.id] for entry in batch.entries if _keeps_its_place(entry)} | spelled)
    return [
        {earlier for earlier in range(place) if bound[earlier] & concerns[place] or concerns[earlier] & bound[place]}
        for place in range(len(batches))
    ]


def _keeps_its_place(entry: Entry) -> bool:
    """Whether it is what others are about, or is about what was on record when it was recorded."""
    slip = entry.type == "entry-corrected" and entry.event["cause"] == "slip"
    return slip or not entry.about or entry.type in ("entry-retracted", "dispute-settled", "detail-redacted")


def _links(entry: Entry) -> list[str]:
    return [entry.told[1]["link"]] if entry.told and "link" in entry.told[1] else []


def told_by(kept: Kept) -> list[str]:
    """The views of a ledger, with what an entry tells in place of its position, sorted."""
    entries = {entry.position: f"{entry.type} {canonical(particulars(entry.event))}" for entry in kept.ledger.read()}
    with closing(views.connect(":memory:")) as connection:
        projection.fill(connection, Pages(kept.ledger), Mark("test"))
        return sorted(canonical(_named(json.loads(line), entries)) for line in views.dump(connection))


def _named(row: dict[str, Any], entries: Mapping[int, str]) -> dict[str, Any]:
    row.pop("id", None)
    if row.get("type") in ("entry-corrected", "entry-disputed", "dispute-settled"):
        row.pop("summary", None)  # it says what the record changed in what was on record before it
    for column in ("entry", "position", "dispute"):
        if row.get(column):
            row[column] = entries[row[column]]
    if row.get("rests_on"):
        row["rests_on"] = [entries[one] for one in json.loads(row["rests_on"])]
    if row.get("disputed"):
        row["disputed"] = [_named(one, entries) for one in json.loads(row["disputed"])]
    return row
