"""Controls: one valid sample of every event, told from the founding stories; used by help and by every test."""

from __future__ import annotations

import json
from typing import Any, Final

from domain.catalogue import EVENTS, AnyEvent
from domain.values import Evidence

LINK: Final = "coventry--volgograd"
MOTION: Final = "coventry/2022-03-22/ukraine"
MEETING: Final = "coventry/2022-03-22/council"
DECISION: Final = "manchester/2022-03-04/letter"
LETTER: Final = "coventry/2022/volgograd"
PLEDGE: Final = "coventry/2022-03-22/mariupol"
AGREEMENT: Final = "coventry/1963/four-towns"
ENTRY: Final = "0190f7c2-a5b8-5c0d-9e0a-1b2c3d4e5f60"
DISPUTE: Final = "0190f7c2-a5b8-5c0d-9e0a-1b2c3d4e5f61"

KEY: Final = "ledger.example.org/kat+2458f237+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
NEXT_KEY: Final = "ledger.example.org/kat+bdfe31df+AXm1Vi6P5lT5QHixEuipi6eQH4U65pW+1+DjkQutBJZk"

SIGNATURES: Final = (
    "JFjyN4d7y6w5hTL76b9MpAD4aJLo/W0Uk7MmgmHSNp23ZRs3daX1eV5qBzBSv0812+Y0T0t94a0qapF57+/4VPnSyA0=",
    "vf4x3+oQkwy5RJ0RyGXCVpMMvDH0o6QEOr93Qfsy4NUkV2QKQN3eENWHzu2sfTRw8rl/MVPwNpXEziZxRRnQlPIARgU=",
)
"""Of the change from the one key to the other."""

_ON_LINK: Final = {"link": LINK, "on": "2022-03-22"}
_BY_COVENTRY: Final = {**_ON_LINK, "by": "coventry"}
_ON_MOTION: Final = {"motion": MOTION, "on": "2022-03-22"}
_ON_DECISION: Final = {"decision": DECISION, "on": "2022-03-10"}

PARTICULARS: Final[dict[str, dict[str, Any]]] = {
    "body-registered": {
        "slug": "volgograd",
        "name": "Volgograd",
        "kind": "city",
        "country": "RU",
        "names": [{"name": "Stalingrad", "during": "1925/1961"}],
        "identifiers": {"wikidata": "Q914"},
    },
    "body-renamed": {"slug": "volgograd", "on": "1961", "name": "Volgograd"},
    "body-succeeded": {"slug": "macclesfield", "on": "2009-04-01", "successors": ["cheshire-east"]},
    "meeting-called": {"meeting": MEETING, "on": "2022-03-14"},
    "meeting-held": {"meeting": MEETING, "on": "2022-03-22", "kind": "full Council", "present": 54},
    "meeting-adjourned": {"meeting": MEETING, "on": "2022-03-22", "until": "2022-03-29", "reason": "Time ran out."},
    "meeting-cancelled": {"meeting": MEETING, "on": "2022-03-21", "reason": "The chamber was flooded."},
    "minutes-published": {"meeting": MEETING, "on": "2022-04-01"},
    "minutes-replaced": {"meeting": MEETING, "on": "2022-04-08", "reason": "A page was missing."},
    "minutes-approved": {
        "meeting": MEETING,
        "on": "2022-05-19",
        "at": "coventry/2022-05-19/council",
        "vote": {"for": 24, "against": 10, "abstained": 1},
        "corrections": "Adds that no vote was taken on item 9.",
    },
    "minutes-corrected": {
        "meeting": MEETING,
        "on": "2022-07-12",
        "at": "coventry/2022-07-12/council",
        "text": "Adds a name to the apologies.",
    },
    "motion-moved": {
        **_ON_MOTION,
        "meeting": MEETING,
        "title": "Ukraine",
        "summary": "To pause the links with Volgograd.",
        "cross_party": True,
        "about": [LINK],
    },
    "motion-amended": {**_ON_MOTION, "summary": "Adds a wish for Mariupol.", "vote": {"for": 33, "against": 20}},
    "motion-carried": {
        **_ON_MOTION,
        "meeting": MEETING,
        "vote": {"unanimous": True},
        "resolutions": ["Pause the links with Volgograd", "Explore a link with Mariupol"],
    },
    "motion-lost": {**_ON_MOTION, "vote": {"method": "show-of-hands", "for": 20, "against": 33, "abstained": 1}},
    "motion-lapsed": {**_ON_MOTION, "reason": "Time ran out."},
    "motion-withdrawn": {**_ON_MOTION, "reason": "The mover took it back."},
    "motion-referred": {**_ON_MOTION, "to": "Cabinet"},
    "motion-deferred": {**_ON_MOTION, "to": "coventry/2023-01-17/council", "reason": "The paper was late."},
    "motion-vetoed": {**_ON_MOTION, "by": "coventry", "office": "Mayor", "reason": "It goes too far."},
    "veto-overridden": {**_ON_MOTION, "meeting": MEETING, "vote": {"for": 40, "against": 12}},
    "motion-rescinded": {"motion": MOTION, "on": "2023-01-17", "by_motion": "coventry/2023-01-17/volgograd"},
    "decision-taken": {
        "decision": DECISION,
        "on": "[2022-02-26..2022-03-04]",
        "office": "Lord Mayor",
        "authority": {"power": "civic-office", "office": "Lord Mayor"},
        "summary": "To write to the partner that the friendship agreement is suspended.",
        "about": ["manchester--st-petersburg"],
    },
    "decision-called-in": {**_ON_DECISION, "reason": "Members want to look at it."},
    "decision-ratified": {**_ON_DECISION, "reference": "manchester/2022-03-23/council"},
    "decision-disapproved": {**_ON_DECISION, "reason": "It was not the office's to take."},
    "decision-revoked": {**_ON_DECISION, "reason": "The ground for it has gone."},
    "agreement-signed": {
        "agreement": AGREEMENT,
        "on": "1963",
        "links": ["coventry--granby", "coventry--saint-etienne", "coventry--windsor"],
        "parties": ["coventry", "granby", "saint-etienne", "windsor"],
        "kind": "twinning",
    },
    "link-proposed": {"link": "coventry--mariupol", "on": "2022-03-22", "kind": "twinning"},
    "link-agreed": {"link": "glasgow--mykolaiv", "on": "2023-12-07", "kind": "twinning"},
    "proposal-dropped": {"link": "coventry--mariupol", "on": "2023", "summary": "It is not pursued."},
    "link-formed": {"link": LINK, "on": "1944", "kind": "twinning", "term": "1944/.."},
    "link-renewed": {"link": "manchester--st-petersburg", "on": "2007", "term": "2007/2012"},
    "link-kind-changed": {"link": "cologne--dnipro", "on": "2024", "kind": "twinning"},
    "link-lapsed": {"link": LINK, "on": "199X", "summary": "Contact had ceased."},
    "review-opened": {**_BY_COVENTRY, "on": "2022-03"},
    "suspension-announced": {
        "link": "manchester--st-petersburg",
        "on": "2022-02-26?",
        "by": "manchester",
        "wording": "moving to suspend",
    },
    "ending-announced": {**_BY_COVENTRY, "wording": "recommends to end"},
    "link-retained": {**_BY_COVENTRY, "on": "2022-03-09", "wording": "wants the links to go on"},
    "link-suspended": {
        **_BY_COVENTRY,
        "authority": {"power": "resolution", "reference": MOTION},
        "wording": "pause",
        "condition": "until relations can be rebuilt",
    },
    "link-resumed": {**_BY_COVENTRY, "on": "2024-05-01", "authority": {"power": "executive"}},
    "ending-decided": {**_BY_COVENTRY, "on": "2011-09-19", "effective": "2012-09"},
    "notice-given": {**_BY_COVENTRY, "on": "2011-11", "effective": "2012-09"},
    "link-ended": {**_BY_COVENTRY, "on": "2012-09"},
    "ending-rescinded": {**_BY_COVENTRY, "on": "2013"},
    "link-expired": {"link": "manchester--st-petersburg", "on": "2012-12-31"},
    "link-listed": {"link": LINK, "on": "2008~", "where": "the council's page of twin cities", "listed": True},
    "letter-sent": {
        "letter": LETTER,
        "on": "[2022-03-23..2022-04-04]",
        "by": "coventry",
        "sender": "Leader of the Council",
        "to": "volgograd",
        "encloses": [MOTION],
        "announces": [f"link-suspended:{LINK}"],
    },
    "letter-received": {"letter": LETTER, "on": "2022-04~", "by": "coventry", "to": "volgograd", "received_by": "Duma"},
    "statement-made": {
        "by": "coventry",
        "on": "[..2022-04-04]",
        "speaker": "George Duggins",
        "office": "Leader of the Council",
        "summary": "The decision was not a light one.",
        "stance": "for",
        "about": [LINK],
    },
    "request-received": {
        "by": "manchester",
        "on": "2022-02-26?",
        "from": "Association of Ukrainians in Great Britain",
        "summary": "To break all ties with Russia.",
        "about": ["manchester--st-petersburg"],
    },
    "pledge-made": {
        "pledge": PLEDGE,
        "on": "2022-03-22",
        "by": "coventry",
        "summary": "To explore a twinning with Mariupol.",
        "about": ["coventry--mariupol"],
    },
    "pledge-kept": {"pledge": PLEDGE, "on": "2024"},
    "pledge-dropped": {"pledge": PLEDGE, "on": "2024"},
    "entry-corrected": {
        "entry": ENTRY,
        "cause": "slip",
        "instead": {"type": "link-suspended", "event": {**_BY_COVENTRY, "wording": "pause"}},
        "reason": "Typed 23 for 22.",
    },
    "entry-retracted": {"entry": ENTRY, "reason": "It was recorded in the wrong ledger."},
    "entry-corroborated": {"entry": ENTRY, "on": "2022-03-22"},
    "entry-disputed": {
        "entry": ENTRY,
        "instead": {"type": "link-formed", "event": {"link": LINK, "on": "1941", "kind": "twinning"}},
        "reason": "Another source gives another year.",
    },
    "dispute-settled": {
        "dispute": DISPUTE,
        "prefer": "entry",
        "reason": "The agreement itself is dated 1944.",
        "by_whom": "City archivist",
    },
    "detail-redacted": {
        "entry": ENTRY,
        "field": "mover",
        "basis": "UK GDPR, article 17",
        "authority": {"power": "delegated", "office": "Data protection officer"},
    },
    "note-added": {"entry": ENTRY, "about": [LINK], "text": "The page was taken down in 2023."},
    "key-introduced": {"vkey": KEY},
    "key-rotated": {
        "former": KEY,
        "vkey": NEXT_KEY,
        "signed_by_former": SIGNATURES[0],
        "signed_by_new": SIGNATURES[1],
    },
    "ledger-restored": {
        "former": "ledger.example.org/kat",
        "origin": "ledger.example.org/kat-2",
        "size": 8,
        "root": "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=",
        "reason": "The disk failed; entries 9 to 11 are only on paper.",
    },
}

EVIDENCE: Final = Evidence.model_validate_json(
    json.dumps({"title": "Draft minutes of 22 March 2022", "grade": "council", "source": "minutes-0322"})
)


def sample(name: str) -> AnyEvent:
    """The sample of an event."""
    return EVENTS[name].model_validate_json(json.dumps(PARTICULARS[name]))
