"""What a clerk reads of a vote that cannot be, and of what entries say against each other; in full in doubts.txt.

To write the sentences anew: UPDATE_DOCS=1 pytest with this file.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.catalogue import AnyEvent
from tests.domain.story import LINK, MOTION, Outcome, given, link, told
from tests.domain.test_words_of_refusals import sections, told_of

SENTENCES = Path(__file__).with_name("doubts.txt")
MEETING = "coventry/2022-03-22/council"
formed = link("link-formed", "1944", kind="twinning")


def ballots(*votes: str) -> list[dict[str, str]]:
    """Who voted how: `name way`."""
    return [dict(zip(("person", "vote"), vote.rsplit(" ", 1), strict=True)) for vote in votes]


def outcome(name: str, vote: dict[str, object], meeting: str = "", on: str = "2022-03-22") -> AnyEvent:
    """A motion is carried or lost, by a vote."""
    figures = {field.removesuffix("_"): value for field, value in vote.items()}
    at = {"meeting": meeting} if meeting else {}
    return told(f"motion-{name}", motion=MOTION, on=on, vote=figures, **at)


def carried(**vote: object) -> Outcome:
    """It is carried, so."""
    return given().when(outcome("carried", vote))


def lost(**vote: object) -> Outcome:
    """It is lost, so."""
    return given().when(outcome("lost", vote))


def at_meeting(met: dict[str, object], on: str = "2022-03-22", **vote: object) -> Outcome:
    """It is carried at a meeting, of which something is known."""
    held = told("meeting-held", meeting=MEETING, on="2022-03-22", **met)
    return given(held).when(outcome("carried", vote, MEETING, on))


def casting(by: str, way: str) -> dict[str, str]:
    """A casting vote."""
    return {"by": by, "way": way}


def letter(on: str, announces: str) -> AnyEvent:
    """Coventry announces something."""
    return told(
        "letter-sent", letter="coventry/2022/l", by="coventry", to="volgograd", on=on, announces=[announces]
    )  # fmt: skip


def under(reference: str) -> dict[str, str]:
    """The power that a decision gave."""
    return {"power": "executive", "reference": reference}


decided = told(
    "decision-taken", decision="coventry/2022/d", on="2022-03-01", call_in_ends="2022-03-11", summary="To suspend.",
    authority={"power": "executive"},
)  # fmt: skip
with_notice = link("link-formed", "1991-05-06", kind="sister-city", notice="three months")
suspended_later = link("link-suspended", "2022-03-22", "coventry")
noticed = link("notice-given", "2022-03-10", "coventry", effective="2022-06-10")
intended = link("ending-decided", "2022-03-10", "coventry", effective="2022-09")
ended = link("link-ended", "2022-04-01", "coventry")
in_britain = told("motion-carried", motion=MOTION, on="2022-03-22")

STORIES: dict[str, Callable[[], Outcome]] = {
    "a name against": lambda: carried(unanimous=True, names=ballots("A. Nother against", "B. Other for")),
    "named twice": lambda: carried(names=ballots("A. Nother for", "a.  nother against")),
    "named twice as a proxy": lambda: carried(
        names=[{"person": "A", "vote": "for", "proxy_for": "B"}, {"person": "A", "vote": "for", "proxy_for": "b"}]
    ),
    "more names than the figure": lambda: carried(no_vote_cast=1, names=ballots("A no-vote-cast", "B no-vote-cast")),
    "fewer names than the figure, and all named": lambda: carried(
        for_=3, names=ballots("A for", "B for"), names_complete=True
    ),
    "carried with fewer": lambda: carried(for_=20, against=33),
    "carried in a tie": lambda: carried(for_=20, against=20),
    "lost with more": lambda: lost(for_=33, against=20),
    "a casting vote without a tie": lambda: carried(for_=33, against=20, casting_vote=casting("The Chair", "for")),
    "a casting vote the other way": lambda: carried(for_=20, against=20, casting_vote=casting("The Chair", "against")),
    "less than two thirds": lambda: carried(for_=33, against=20, threshold={"share": "2/3", "of": "cast"}),
    "not more than half of those present": lambda: carried(
        for_=20, present=54, threshold={"share": "1/2", "of": "present", "more_than": True, "words": "a majority"}
    ),
    "less than forty votes": lambda: carried(for_=33, against=20, threshold={"votes": 40}),
    "fewer for than against, and a threshold in words": lambda: carried(for_=20, against=33, threshold="a third"),
    "lost, and the threshold reached": lambda: lost(for_=33, against=20, threshold={"votes": 30}),
    "more votes than cast": lambda: carried(for_=60, against=2, cast=11),
    "more votes than present": lambda: carried(for_=60, against=2, present=54),
    "more names than present at the meeting": lambda: at_meeting(
        {"present": 1}, names=ballots("A for", "B for", "C no-vote-cast")
    ),
    "no quorum": lambda: at_meeting({"present": 17, "quorum": 18}),
    "not all are accounted for": lambda: carried(for_=14, against=0, abstained=0, no_vote_cast=0, present=17),
    "fewer cast than present": lambda: carried(cast=20, present=33),
    "not all at the meeting are accounted for": lambda: at_meeting({"present": 33}, cast=20),
    "more votes than seats": lambda: at_meeting({"seats": 51}, for_=33, against=20),
    "more votes than seats and proxies": lambda: at_meeting(
        {"seats": 1},
        for_=3,
        against=0,
        names=[{"person": "A", "vote": "for", "proxy_for": "B"}, {"person": "A", "vote": "for"}],
    ),
    "a casting vote of somebody else": lambda: at_meeting(
        {"chair": "Cllr Ann Mayor"}, for_=20, against=20, casting_vote=casting("Cllr Bob Sand", "for")
    ),
    "less than half of the seats": lambda: at_meeting(
        {"seats": 54}, for_=20, against=1, threshold={"share": "1/2", "of": "seats"}
    ),
    "a vote on another day": lambda: at_meeting({}, "2022-03-23", unanimous=True),
    "announced, and nothing done": lambda: given(formed).when(letter("2022-03-10", f"link-suspended:{LINK}")),
    "announced, and done later": lambda: given(formed, suspended_later).when(
        letter("2022-03-10", f"link-suspended:{LINK}")
    ),
    "announced without saying what": lambda: given(formed, suspended_later).when(letter("1943", LINK)),
    "carried out before call-in ended": lambda: given(formed, decided).when(
        link("link-suspended", "2022-03-09", "coventry", authority=under("coventry/2022/d"))
    ),
    "ended before notice ran out": lambda: given(formed, noticed).when(ended),
    "ended before it was to take effect": lambda: given(formed, intended).when(ended),
    "ended without the notice asked for": lambda: given(with_notice).when(ended),
    "rescinded within six months": lambda: given(in_britain).when(
        told("motion-rescinded", motion=MOTION, on="2022-09-21")
    ),
    "a letter and its act in one batch": lambda: given(formed).when(
        letter("2022-03-10", f"link-suspended:{LINK}"), suspended_later
    ),
}


@pytest.mark.parametrize("name", STORIES)
def test_a_doubt_reads(name: str) -> None:
    """As it is written in doubts.txt."""
    if os.environ.get("UPDATE_DOCS"):
        texts = ["\n".join([one, *told_of(STORIES[one])]) for one in STORIES]
        SENTENCES.write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    assert told_of(STORIES[name]) == sections(SENTENCES)[name]


def test_every_story_is_told_and_no_other() -> None:
    """The file and the stories name the same."""
    assert list(sections(SENTENCES)) == list(STORIES)
