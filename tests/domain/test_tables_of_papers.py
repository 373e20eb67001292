"""What may be told of a paper after what: each pair is told as a story, and compared with a page for people to read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from domain.catalogue import AnyEvent
from domain.papers import CYCLES
from tests.domain.story import LINK, body, given, told

PAGE = Path(__file__).with_name("papers.txt")
LATER = "coventry/2020/council"
known = (told("minutes-published", meeting=LATER, on="2009"), body("leeds"))

PARTICULARS: dict[str, dict[str, object]] = {
    "body-registered": {"name": "York", "kind": "city", "country": "GB"},
    "body-renamed": {"name": "Jorvik"},
    "body-succeeded": {"successors": ["leeds"]},
    "minutes-approved": {"at": LATER},
    "minutes-corrected": {"at": LATER, "text": "Adds a name."},
    "motion-moved": {"title": "Ukraine"},
    "motion-amended": {"summary": "Adds a wish."},
    "motion-referred": {"to": "the Executive"},
    "motion-vetoed": {"by": "coventry"},
    "decision-taken": {"authority": {"power": "executive"}, "summary": "To write."},
    "agreement-signed": {"links": [LINK], "parties": ["coventry"]},
    "letter-sent": {"by": "coventry", "to": "volgograd"},
    "letter-received": {"by": "coventry", "to": "volgograd"},
    "pledge-made": {"by": "coventry", "summary": "To help."},
}
NAMES = {"body": "york"}
BEFORE = {
    "body": ("body-registered", "body-registered body-renamed", "body-registered body-succeeded"),
    "motion": ("motion-moved", "motion-amended", "motion-referred", "motion-lapsed", "motion-withdrawn",
               "motion-carried", "motion-lost", "motion-carried motion-rescinded", "motion-deferred",
               "motion-carried motion-vetoed", "motion-carried motion-vetoed veto-overridden"),
}  # fmt: skip
"""The stories so far, where one event does not tell all that a paper can have become."""


def happens(kind: str, event: str, year: int) -> AnyEvent:
    """Something happens to a paper of a kind; a motion's letter is another paper, which encloses it."""
    name = NAMES.get(kind, f"coventry/2010/{kind}")
    given = dict(PARTICULARS.get(event, {}))
    if event.startswith("letter-") and kind == "motion":
        given |= {"encloses": [name], "letter": f"coventry/{year}/letter"}
    else:
        given["slug" if kind == "body" else kind] = name
    if event != "body-registered":
        given["on"] = str(year)
    return told(event, **given)


def page() -> Iterator[str]:
    """The whole page."""
    for kind, cycle in CYCLES.items():
        events = [step.event for step in cycle.steps]
        yield f"{kind}: {', '.join(events)}"
        for before in ("", *BEFORE.get(kind, events)):
            yield f"  {before or 'nothing'}: {', '.join(outcome(kind, before.split(), event) for event in events)}"


def outcome(kind: str, before: list[str], event: str) -> str:
    """How the paper stands after it; or the rule that says no."""
    story = given(*known, *(happens(kind, one, 2010 + i) for i, one in enumerate(before)))
    fresh = happens(kind, event, 2015)
    refusals = story.when(fresh).refusals
    if refusals:
        return f"({refusals[1].rule.id})"
    name = NAMES.get(kind, f"coventry/2010/{kind}")
    told_so = given(*story.events[3:], fresh).paper(f"body:{name}" if kind == "body" else f"ref:{name}", "2016")
    return " or ".join(told_so.possible)


def test_what_may_be_told_of_a_paper_after_what() -> None:
    """As the page has it. To write it anew: UPDATE_DOCS=1 pytest with this file."""
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text("\n".join(page()) + "\n", encoding="utf-8")
    assert list(page()) == PAGE.read_text(encoding="utf-8").splitlines()
