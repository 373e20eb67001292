"""How a body, a motion, a letter or a pledge stood, by the words of the vocabulary."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.campaign.entries import Account, Days, Event
from tests.campaign.worlds import Deed, by_effect, deed_of, explained
from tests.domain.reference import NEVER

Row = dict[str, Any]


@dataclass(frozen=True)
class PaperTable:
    """What can become of one kind of paper."""

    kind: str
    register: str
    """The table that tells of it; empty where none does."""
    subject: str
    """The column that names it."""
    follows: dict[str, tuple[str, str]] = field(hash=False)
    """By event: the standings after which it can follow, and the one that it leads to, if to another."""
    tells: dict[str, dict[str, str]] = field(hash=False)
    """By event: the columns that it gives, each with the field it comes from."""

    def allows(self, state: str, deed: Deed) -> bool:
        """Whether the deed can follow."""
        return state in self.follows[deed.event][0].split()

    def effect(self, state: str, deed: Deed) -> str:
        """The standing after it; what is told of a paper of which nothing is known presupposes that it began."""
        began = next(to for _, to in self.follows.values())
        return self.follows[deed.event][1] or (began if state == "none" else state)

    def shown(self, state: str) -> tuple[str]:
        """The standing."""
        return (state,)


def _same(names: str, **others: str) -> dict[str, str]:
    return {**{name: name for name in names.split()}, **others}


_LETTER = "by sender to recipient encloses announces authority in_answer_to summary"
_OPEN = "none moved referred deferred"
TABLES = {
    "body": PaperTable("body", "bodies", "slug", {
        "body-registered": ("none", "registered"),
        "body-renamed": ("registered", ""),
        "body-succeeded": ("registered", ""),
    }, {
        "body-registered": _same("name kind country"),
        "body-renamed": _same("name"),
        "body-succeeded": _same("successors"),
    }),
    "meeting": PaperTable("meeting", "", "reference", {
        "meeting-held": ("none called adjourned", "held"),
        "meeting-called": ("none", "called"),
        "meeting-adjourned": ("none called held", "adjourned"),
        "meeting-cancelled": ("none called adjourned", "cancelled"),
        "minutes-published": ("none held adjourned", "minutes-published"),
        "minutes-replaced": ("none held adjourned minutes-published", "minutes-published"),
        "minutes-approved": ("none held adjourned minutes-published", "minutes-approved"),
        "minutes-corrected": ("none held adjourned minutes-published minutes-approved", ""),
    }, {}),
    "motion": PaperTable("motion", "decisions", "reference", {
        "motion-moved": ("none", "moved"),
        "motion-amended": (_OPEN, "moved"),
        "motion-referred": (_OPEN, "referred"),
        "motion-deferred": (_OPEN, "deferred"),
        "motion-lapsed": (_OPEN, "lapsed"),
        "motion-withdrawn": (_OPEN, "withdrawn"),
        "motion-carried": (_OPEN + " rescinded", "carried"),
        "motion-lost": (_OPEN + " rescinded", "lost"),
        "motion-vetoed": ("none carried", "vetoed"),
        "veto-overridden": ("none vetoed", "carried"),
        "motion-rescinded": ("carried", "rescinded"),
        "letter-sent": ("carried rescinded", ""),
        "letter-received": ("carried rescinded", ""),
    }, {
        "motion-moved": _same("title summary about"),
        "motion-carried": _same("resolutions about"),
        "motion-lost": _same("resolutions about"),
    }),
    "decision": PaperTable("decision", "decisions", "reference", {
        "decision-taken": ("none", "taken"),
        "decision-called-in": ("none taken ratified disapproved revoked", "called-in"),
        "decision-ratified": ("none taken called-in disapproved revoked", "ratified"),
        "decision-disapproved": ("none taken called-in ratified revoked", "disapproved"),
        "decision-revoked": ("none taken called-in ratified disapproved", "revoked"),
    }, {"decision-taken": _same("summary office authority about effective call_in_ends")}),
    "agreement": PaperTable("agreement", "", "reference", {"agreement-signed": ("none", "signed")}, {}),
    "letter": PaperTable("letter", "letters", "reference", {
        "letter-sent": ("none", "sent"),
        "letter-received": ("none sent", "received"),
    }, {
        "letter-sent": _same(_LETTER + " on"),
        "letter-received": _same(_LETTER, received_on="on"),
    }),
    "pledge": PaperTable("pledge", "pledges", "reference", {
        "pledge-made": ("none", "made"),
        "pledge-kept": ("none made dropped", "kept"),
        "pledge-dropped": ("none made kept", "dropped"),
    }, {"pledge-made": _same("by summary about due authority")}),
}  # fmt: skip
OWN = {
    table.kind: [name for name in table.follows if (table.kind, name.split("-", maxsplit=1)[0]) != ("motion", "letter")]
    for table in TABLES.values()
}
"""The events that put a paper on record; a letter does not so for what it encloses."""


def deeds_of(account: Account, position: int) -> Iterator[tuple[str, Deed]]:
    """What an account tells about papers, each deed with its subject."""
    if account.told is None:
        return
    type_, event = account.told
    for kind, table in TABLES.items():
        if type_ in OWN[kind]:
            subject = f"body:{event['slug']}" if kind == "body" else f"ref:{event[kind]}"
            yield subject, _deed(table, account, position)
    for enclosed in dict.fromkeys(event.get("encloses", ())):
        yield f"ref:{enclosed}", _deed(TABLES["motion"], account, position)


def _deed(table: PaperTable, account: Account, position: int) -> Deed:
    assert account.told is not None, "it tells something"
    type_, event = account.told
    days = account.days or Days(NEVER, NEVER)
    row = list(table.follows).index(type_)
    return deed_of(
        type_,
        event,
        row,
        event.get("on", ""),
        first=days.first,
        last=days.last,
        kind=table.kind,
        grade=account.grade,
        entry=position,
        recorded=account.teller.day,
    )


def possible(deeds: Sequence[Deed]) -> bool:
    """Whether the events of a paper have a world, and its name is that of one thing."""
    kinds = {deed.kind for deed in deeds if deed.event in OWN[deed.kind]}
    if len(kinds) > 1:
        return False
    table = TABLES[next(iter(kinds), deeds[0].kind)] if deeds else None
    return table is None or explained(table, [deed for deed in deeds if deed.kind == table.kind], "none") is not None


def rows(subject: str, deeds: Sequence[Deed], days: Sequence[int]) -> list[Row | None]:
    """How it stood at the end of each day; None where it is not listed."""
    own = [deed for deed in deeds if deed.event in OWN[deed.kind]]
    if not own:
        return [None for _ in days]
    table = TABLES[own[0].kind]
    if not table.register:
        return [None for _ in days]
    told = [deed for deed in deeds if deed.kind == table.kind]
    story = explained(table, told, "none") or by_effect(table, told, "none")
    found: list[Row | None] = []
    for day in days:
        begun = [deed for deed in own if deed.first <= day]
        seen = story.seen(day)
        if not begun or seen == {("none",)}:
            found.append(None)
            continue
        states = story.states()[: story.by(day) + 1]
        changed = [place for place in range(1, len(states)) if states[place] != states[place - 1]]
        giver = story.order[changed[-1] - 1] if changed else None
        done = [deed for deed in begun if deed.last <= day]
        given = _given(table, done or begun)
        sure = len(seen) == 1 and story.moments is not None and given == _given(table, begun)
        best = giver or min(begun, key=lambda deed: deed.key)
        found.append({
            table.subject: subject.split(":", 1)[1],
            **({"kind": table.kind} if table.register == "decisions" else {}),
            "standing": states[-1],
            "since": giver.on or None if giver else None,
            "grade": best.grade or None,
            "entry": best.entry,
            "certainty": "yes" if sure else "possibly",
            "possible": sorted(str(shown[0]) for shown in seen),
            **given,
        })  # fmt: skip
    return found


def _given(table: PaperTable, deeds: Sequence[Deed]) -> Event:
    """The columns that the events give, a later event's before an earlier one's."""
    found: Event = {}
    for deed in sorted(deeds, key=lambda deed: deed.key):
        told = json.loads(deed.detail)
        found |= {column: told[name] for column, name in table.tells.get(deed.event, {}).items() if name in told}
    return found
