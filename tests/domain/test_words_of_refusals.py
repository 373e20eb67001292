"""What a clerk reads when a rule says no, in full: what, why, how to mend it, and the field at fault.

The sentences are in refusals.txt, to be read by people. To write them anew: UPDATE_DOCS=1 pytest with this file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.bodies import BodyRegistered
from domain.likeness import near_duplicate
from domain.refusing import refusal_of
from domain.rules import Query, Refusal
from tests.domain.story import (
    LINK,
    MOTION,
    Outcome,
    body,
    by_source,
    corrected,
    corroborated,
    disputed,
    entry_id,
    given,
    link,
    redacted,
    retracted,
    settled,
    told,
    unsourced,
)

SENTENCES = Path(__file__).with_name("refusals.txt")

formed = link("link-formed", "1944", kind="twinning")
suspended = link("link-suspended", "2022-03-22", "coventry")
moved = told("motion-moved", motion=MOTION, on="2022-03-22", title="Ukraine")
carried = told("motion-carried", motion=MOTION, on="2022-03-22", vote={"unanimous": True})
lost = told("motion-lost", motion=MOTION, on="2022-03-22")
lapsed = told("motion-lapsed", motion=MOTION, on="2022-03-20")
rescinded = told("motion-rescinded", motion=MOTION, on="2023")
enclosing = told("letter-sent", letter="coventry/2022/l", by="coventry", to="volgograd", on="2022", encloses=[MOTION])
made = told("pledge-made", pledge="coventry/2022/p", by="coventry", on="2022", summary="x")
abolished = told("body-succeeded", slug="coventry", on="2009-04-01", successors=["glasgow"])
MEETING = "coventry/2022-03-22/council"
held = told("meeting-held", meeting=MEETING, on="2022-03-22")
on_1963 = disputed(4, link("link-formed", "1963", kind="twinning"))


def carried_with(**vote: object) -> Outcome:
    """The motion is carried by a vote."""
    return given().when(told("motion-carried", motion=MOTION, on="2022-03-22", vote=vote))


def twice(first: str, again: str, **more: object) -> Outcome:
    """Two sources tell of one suspension."""
    return given(formed, link("link-suspended", first, "coventry")).when(
        link("link-suspended", again, "coventry", **more)
    )


def pledge(on: str, **more: object) -> Outcome:
    """A pledge is made."""
    return given().when(told("pledge-made", pledge="coventry/2022/p", by="coventry", on=on, summary="x", **more))


def relying(many: int) -> Outcome:
    """A motion is taken back that many letters enclose."""
    letters = [
        told("letter-sent", letter=f"coventry/2022/l{i}", by="coventry", to="volgograd", on="2022", encloses=[MOTION])
        for i in range(many)
    ]
    return given(carried, *letters).when(retracted(4))


def reviewed(often: int) -> Outcome:
    """Both sides open reviews, nobody knows when within a year."""
    sides = ("coventry", "volgograd")
    reviews = [link("review-opened", f"[2022-01-{i + 1:02}..2022]", sides[i % 2]) for i in range(often)]
    first, *others = given(*reviews).acts(f"link:{LINK}")
    refusal = refusal_of(f"link:{LINK}", others, first)
    return Outcome({1: refusal} if refusal else {})


def almost() -> Outcome:
    """A body is registered under a name that is almost another's."""
    known, fresh = body("volgograd"), body("volgagrad")
    assert isinstance(known, BodyRegistered)
    assert isinstance(fresh, BodyRegistered)
    return Outcome(near_duplicate([known], [(1, fresh)]))


STORIES: dict[str, Callable[[], Outcome]] = {
    "a stranger suspends a link": lambda: given(formed).when(link("link-suspended", "2022", "glasgow")),
    "a body that nobody knows acts": lambda: given(formed).when(link("link-suspended", "2022", "atlantis")),
    "a successor acts too early": lambda: given(formed, abolished).when(link("link-suspended", "2008", "glasgow")),
    "the other side resumes": lambda: given(formed, suspended).when(link("link-resumed", "2023", "volgograd")),
    "the other side rescinds an ending": lambda: given(formed, link("link-ended", "2022", "coventry")).when(
        link("ending-rescinded", "2023", "volgograd")
    ),
    "resumed without a suspension": lambda: given(formed).when(link("link-resumed", "2023", "coventry")),
    "resumed with nothing on record": lambda: given().when(link("link-resumed", "2023", "coventry")),
    "suspended after the end": lambda: given(formed, link("link-ended", "2020", "coventry")).when(
        link("link-suspended", "2021", "coventry")
    ),
    "an expiry before a resumption": lambda: given(formed, suspended, link("link-resumed", "2024", "coventry")).when(
        link("link-expired", "2023")
    ),
    "a joint act that does not fit": lambda: given(formed).when(link("proposal-dropped", "2023")),
    "a bad line of a batch": lambda: given().when(
        formed, link("link-ended", "1950", "coventry"), link("link-suspended", "1960", "coventry")
    ),
    "resumed on a doubtful day": lambda: given(formed, suspended).when(link("link-resumed", "2022-03-20?", "coventry")),
    "told twice on one day": lambda: twice("2022-03-22", "2022-03-22", wording="frozen"),
    "told twice, less exactly": lambda: twice("2022-03-22", "2022-03"),
    "told twice, with a set of days": lambda: twice("2022-03-22", "[2022-03-20..2022-03-24]"),
    "told twice, on days that exclude each other": lambda: twice("2022-03-22", "2022-03-24"),
    "told twice, of another kind": lambda: given(formed).when(link("link-formed", "1944", kind="friendship")),
    "reviews in any order": lambda: reviewed(14),
    "a body told twice": lambda: given().when(body("coventry")),
    "a pledge told twice": lambda: given(made).when(made),
    "a motion carried twice": lambda: given(carried).when(carried),
    "a motion carried and lost": lambda: given(carried).when(lost),
    "a motion carried on another day": lambda: given(carried).when(
        told("motion-carried", motion=MOTION, on="2022-04-01")
    ),
    "a motion carried after it lapsed": lambda: given(lapsed).when(carried),
    "a motion amended after the vote": lambda: given(carried).when(
        told("motion-amended", motion=MOTION, on="2022-03-23", summary="x")
    ),
    "a motion rescinded that was moved": lambda: given(moved).when(rescinded),
    "a motion rescinded with nothing on record": lambda: given().when(rescinded),
    "a motion rescinded that was lost": lambda: given(lost).when(rescinded),
    "a letter encloses a motion too early": lambda: given(moved).when(enclosing),
    "a reference names two papers": lambda: given(carried).when(
        told("letter-sent", letter=MOTION, by="coventry", to="volgograd", on="2022")
    ),
    "a decision about a motion, such as a veto": lambda: given(carried).when(
        told("decision-disapproved", decision=MOTION, on="2022-04-01", reason="The mayor's veto.")
    ),
    "an amendment that was lost": lambda: given(moved).when(
        told("motion-amended", motion=MOTION, on="2022-03-22", summary="x", vote={"for": 5, "against": 9})
    ),
    "a pledge kept before it was made": lambda: given(made).when(
        told("pledge-kept", pledge="coventry/2022/p", on="2021")
    ),
    "minutes approved before the meeting": lambda: given(held).when(
        told("minutes-approved", meeting=MEETING, on="2022-03-01", at=MEETING)
    ),
    "what others presuppose is taken back": lambda: given(
        formed, suspended, link("link-resumed", "2024", "coventry")
    ).when(retracted(5)),
    "a body that is not on record": lambda: given().when(told("link-formed", link="coventry--atlantis", on="1944")),
    "a paper that is not on record": lambda: given().when(
        link("link-formed", "1944", authority={"power": "resolution", "reference": MOTION})
    ),
    "an entry that is not on record": lambda: given().when(unsourced(retracted(99))),
    "a link with itself": lambda: given().when(told("link-proposed", link="coventry--coventry", on="2022")),
    "a link with nobody": lambda: given().when(told("link-proposed", link="coventry--tbc", on="2022")),
    "a letter announces a link with nobody": lambda: given().when(
        told(
            "letter-sent", letter="coventry/2022/l", by="coventry", to="volgograd", on="2022", announces=["coventry--"]
        )
    ),
    "almost the name of another": almost,
    "what has not come yet": lambda: given().when(link("link-formed", "2027")),
    "what has perhaps not come yet": lambda: given().when(link("link-formed", "2027-01?")),
    "effective before it was decided": lambda: given(formed).when(
        link("ending-decided", "2011-09", "coventry", effective="2011-08")
    ),
    "effective before it was decided, perhaps": lambda: given(formed).when(
        link("ending-decided", "2011-10", "coventry", effective="2011-08?")
    ),
    "due before it was pledged": lambda: pledge("2022", due="2021"),
    "call-in ends before the decision": lambda: given().when(
        told(
            "decision-taken",
            decision="coventry/2022/d",
            on="2022",
            call_in_ends="2021",
            summary="x",
            authority={"power": "executive"},
        )
    ),
    "listed before it began": lambda: given().when(
        link("link-listed", "2008", where="a page", listed=True, since="2010")
    ),
    "a term that ends before it starts": lambda: given().when(link("link-formed", "1962", term="1991/1962")),
    "a name that ends before it starts": lambda: given().when(
        told(
            "body-registered",
            slug="leeds",
            name="Leeds",
            kind="city",
            country="GB",
            names=[{"name": "L", "during": "1961/1925"}],
        )
    ),
    "published before the act": lambda: given().when(by_source(formed, "press", "1943-12")),
    "official and without authority": lambda: given().when(by_source(formed, "official")),
    "hidden by nobody's order": lambda: given(formed).when(unsourced(redacted(4, "kind", "not-stated"))),
    "unanimous with a figure against": lambda: carried_with(unanimous=True, against=1),
    "unanimous with a name against": lambda: carried_with(
        unanimous=True, names=[{"person": "A. Nother", "vote": "against"}, {"person": "B. Other", "vote": "against"}]
    ),
    "corrected by hearsay": lambda: given(by_source(formed, "council")).when(
        by_source(corrected(4, link("link-formed", "1943"), "source"), "third-party")
    ),
    "a correction of a correction": lambda: given(formed, corrected(4, link("link-formed", "1943"))).when(
        corrected(5, link("link-formed", "1942"))
    ),
    "taken back twice": lambda: given(formed, retracted(4)).when(retracted(4)),
    "settled twice": lambda: given(formed, on_1963, settled(5, "entry")).when(settled(5, "instead")),
    "settled, and no dispute": lambda: given(formed).when(settled(4, "entry")),
    "settled by the name of the entry": lambda: given(formed, on_1963, disputed(4, None)).when(settled(4, "entry")),
    "corroborated on another day": lambda: given(formed).when(corroborated(4, "1943")),
    "disputed a fifth time": lambda: given(
        formed, *(disputed(4, link("link-formed", str(year))) for year in range(1945, 1949))
    ).when(disputed(4, link("link-formed", "1950"))),
    "a detail that is not there": lambda: given(formed).when(unsourced(redacted(4, "wording"))),
    "a detail that is needed": lambda: given(suspended).when(unsourced(redacted(4, "by"))),
    "a motion taken back that a letter encloses": lambda: relying(1),
    "a motion taken back that many letters enclose": lambda: relying(7),
    "a retraction before what it takes back": lambda: given(formed).when(
        unsourced(retracted(entry_id(-2))), corroborated(4)
    ),
}


def read(refusal: Refusal) -> Iterator[str]:
    """What is read of a refusal."""
    strength = "queried" if isinstance(refusal, Query) else "refused"
    yield f"{strength} {refusal.rule.id}, at {refusal.field or 'the whole'}"
    yield refusal.what
    yield f"why: {refusal.why}"
    yield f"mend: {refusal.mend}".strip()


def told_of(story: Callable[[], Outcome]) -> list[str]:
    """All that is read of a story."""
    refusals = story().refusals
    assert refusals, "nothing was refused"
    return [line for number in sorted(refusals) for line in read(refusals[number])]


def sections(page: Path) -> dict[str, list[str]]:
    """The sentences on a page, by the name of their story."""
    blocks = page.read_text(encoding="utf-8").strip().split("\n\n")
    return {name: lines for name, *lines in (block.split("\n") for block in blocks)}


@pytest.mark.parametrize("name", STORIES)
def test_a_refusal_reads(name: str) -> None:
    """As it is written in refusals.txt."""
    if os.environ.get("UPDATE_DOCS"):
        texts = ["\n".join([one, *told_of(STORIES[one])]) for one in STORIES]
        SENTENCES.write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    assert told_of(STORIES[name]) == sections(SENTENCES)[name]


def test_every_story_is_told_and_no_other() -> None:
    """The file and the stories name the same."""
    assert list(sections(SENTENCES)) == list(STORIES)
