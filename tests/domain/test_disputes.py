"""Sources that disagree: both accounts stand side by side until the dispute is settled."""

from __future__ import annotations

import pytest

from domain.catalogue import AnyEvent
from domain.dates import OPEN, Date
from tests.domain.story import (
    LINK,
    MOTION,
    Given,
    by_source,
    corrected,
    corroborated,
    disputed,
    entry_id,
    given,
    link,
    retracted,
    settled,
    told,
)

ROSTOV = "glasgow--volgograd"
TAG = f"link:{LINK}"

formed = by_source(link("link-formed", "1944", kind="twinning"), "council", "2019-05-01")
in_1941 = by_source(disputed(4, link("link-formed", "1941", kind="twinning")), "press", "2022-03-23")
story = given(formed, in_1941)


def accounts(of: Given, known_by: str = "") -> list[tuple[str, str, str]]:
    """What every account of Coventry--Volgograd tells, the one to be shown first in front."""
    known = Date.parse(known_by).latest if known_by else OPEN - 1
    acts = of.book(known_by=known).acts(TAG)
    return [(act.type, act.on, act.grade) for act in sorted(acts, key=lambda act: (act.position, act.option))]


def test_both_years_stand_side_by_side() -> None:
    """Coventry and Volgograd: 1944, or 1941 as another source has it; the better grade is shown first."""
    assert accounts(story) == [("link-formed", "1944", "council"), ("link-formed", "1941", "press")]
    assert story.stands("1950").stand.since == "1944"
    assert story.stands("1942").possible == ("none",)


def test_nothing_is_disputed_before_the_other_source_is_public() -> None:
    """Until March 2022 everybody said 1944."""
    assert accounts(story, "2022-03-22") == [("link-formed", "1944", "council")]
    assert len(accounts(story, "2022-03-23")) == 2
    assert accounts(story, "2019-04-30") == []


def test_of_equal_grades_the_entry_is_shown_as_recorded() -> None:
    """Whoever was recorded first; and disputes in the order of their recording."""
    equal = by_source(disputed(4, link("link-formed", "1941")), "council", "2022-03-23")
    third = by_source(disputed(4, link("link-formed", "1943")), "council", "2022-03-24")
    assert [on for _, on, _ in accounts(given(formed, equal, third))] == ["1944", "1941", "1943"]
    corrected_since = given(formed, equal).and_then(corrected(4, link("link-formed", "1945")))
    assert [on for _, on, _ in accounts(corrected_since)] == ["1945", "1941"]


def test_a_better_source_is_shown_first() -> None:
    """Though it only disputes what a paper said."""
    from_the_press = by_source(link("link-formed", "1944"), "press", "2019-05-01")
    better = by_source(disputed(4, link("link-formed", "1941")), "council", "2022-03-23")
    told_so = given(from_the_press).and_then(better)
    assert [on for _, on, _ in accounts(told_so)] == ["1941", "1944"]
    assert told_so.stands("1950").stand.since == "1941"
    assert told_so.stands("1950", known_by="2022-03-22").stand.since == "1944"


def test_what_happened_may_be_disputed() -> None:
    """Exeter: suspended or revoked."""
    suspended = by_source(link("link-suspended", "2022-03", "coventry"), "council", "2022-03-10")
    revoked = by_source(disputed(5, link("link-ended", "2022-03", "coventry")), "press", "2022-03-11")
    exeter = given(formed, suspended).and_then(revoked)
    assert exeter.standing("2026") == "suspended"
    assert [name for name, _, _ in accounts(exeter)[1:]] == ["link-suspended", "link-ended"]


def test_that_anything_happened_may_be_disputed() -> None:
    """A denial: without it the link is active."""
    suspended = by_source(link("link-suspended", "2022-03", "coventry"), "press", "2022-03-10")
    denial = by_source(disputed(5, None), "third-party", "2022-03-11")
    assert given(formed, suspended).and_then(denial).standing("2026") == "suspended"
    better = by_source(disputed(5, None), "council", "2022-03-11")
    denied = given(formed, suspended).and_then(better)
    assert denied.standing("2026") == "active"
    assert denied.standing("2026", known_by="2022-03-10") == "suspended"


def test_another_link_may_be_meant() -> None:
    """Each link knows that the other account is not about it."""
    elsewhere = by_source(
        disputed(5, told("link-suspended", link=ROSTOV, on="2022-03", by="glasgow")), "council", "2022-03-11"
    )
    suspended = by_source(link("link-suspended", "2022-03", "coventry"), "press", "2022-03-10")
    moved = given(formed, suspended).and_then(elsewhere)
    assert (moved.standing("2026"), moved.standing("2026", ROSTOV)) == ("active", "suspended")
    assert moved.stands("2026", ROSTOV, known_by="2022-03-10").possible == ("none",)


def test_a_rule_refuses_only_what_no_account_allows() -> None:
    """Suspended or ended in March: a resumption goes with the one account, a rescission with the other."""
    suspended = by_source(link("link-suspended", "2022-03", "coventry"), "council", "2022-03-10")
    ended = by_source(disputed(5, link("link-ended", "2022-03", "coventry")), "press", "2022-03-11")
    exeter = given(formed, suspended, ended)
    exeter.when(link("link-resumed", "2023", "coventry")).accepted()
    exeter.when(link("ending-rescinded", "2023", "coventry")).accepted()
    exeter.when(link("link-resumed", "2022-02", "coventry")).refused("link/transition")
    exeter.when(link("link-resumed", "2023", "coventry"), link("ending-rescinded", "2023", "coventry")).refused(
        "link/transition", number=2
    )


def test_the_account_that_is_possible_is_shown() -> None:
    """What was resumed had been suspended, whatever the better source says."""
    suspended = by_source(link("link-suspended", "2022-03", "coventry"), "press", "2022-03-10")
    ended = by_source(disputed(5, link("link-ended", "2022-03", "coventry")), "council", "2022-03-11")
    resumed = link("link-resumed", "2023", "coventry")
    assert given(formed, suspended, ended).standing("2022-12") == "ended"
    assert given(formed, suspended, ended, resumed).standing("2022-12") == "suspended"


def test_a_settlement_is_refused_that_leaves_a_later_act_impossible() -> None:
    """What rests on the account that would fall is named."""
    suspended = by_source(link("link-suspended", "2022-03", "coventry"), "council", "2022-03-10")
    ended = by_source(disputed(5, link("link-ended", "2022-03", "coventry")), "press", "2022-03-11")
    exeter = given(formed, suspended, ended, link("link-resumed", "2023", "coventry"))
    exeter.when(settled(6, "instead")).refused("link/transition", "link-resumed on 2023 (entry 7)")
    exeter.when(settled(6, "entry")).accepted()


def test_a_link_has_at_most_four_open_disputes() -> None:
    """On one entry or on several; a fifth waits for a settlement."""
    years = [disputed(4, link("link-formed", str(year))) for year in (1940, 1941, 1942, 1943)]
    suspended = link("link-suspended", "2022-03-22", "coventry")
    four = given(formed, suspended, *(disputed(5, None, f"Source {n}.") for n in (1, 2)), *years[:2])
    four.when(years[2]).refused("link/too-doubtful", "4 open disputes")
    four.when(disputed(5, None, "Source 3.")).refused("link/too-doubtful", "dispute-settled")
    given(formed, suspended, *years).when(disputed(5, None)).refused("link/too-doubtful")
    four.and_then(settled(8, "entry")).when(years[2]).accepted()
    four.when(settled(8, "entry"), years[2]).accepted()


def test_disputes_are_counted_as_they_stand() -> None:
    """Those settled or taken back make room, and cannot come back into it."""
    years = [disputed(4, link("link-formed", str(year))) for year in (1939, 1940, 1941, 1942, 1943)]
    settled_one = given(formed, *years[:4], settled(5, "entry"), years[4])
    settled_one.when(retracted(9)).refused("link/too-doubtful", "4 open disputes")
    taken_back = given(formed, *years[:4], retracted(5), years[4])
    taken_back.when(retracted(9)).refused("link/too-doubtful", "4 open disputes")


def test_disputes_come_along_with_an_entry_that_is_moved() -> None:
    """The other link must have room for them."""
    elsewhere = told("link-formed", link=ROSTOV, on="1944")
    years = [disputed(4, told("link-formed", link=ROSTOV, on=str(year))) for year in (1941, 1942, 1943)]
    both = [disputed(5, link("link-formed", str(year))) for year in (1941, 1942)]
    crowded = given(told("link-formed", link=ROSTOV, on="1946"), formed, *years, *both)
    crowded.when(corrected(5, elsewhere)).refused("link/too-doubtful", "4 open disputes")


def test_settled_for_the_entry() -> None:
    """The dispute is over, from the day on which its settlement is known."""
    ended = given(formed, in_1941).and_then(by_source(settled(5, "entry"), "council", "2023-06-01"))
    assert accounts(ended) == [("link-formed", "1944", "council")]
    assert len(accounts(ended, "2023-05-31")) == 2


def test_settled_for_the_other_account() -> None:
    """It stands, on the evidence of the source that disputed."""
    ended = given(formed, in_1941).and_then(
        by_source(settled(5, "instead"), "council", "2023-06-01"), overriding="evidence/weak"
    )
    assert accounts(ended) == [("link-formed", "1941", "press")]
    assert len(accounts(ended, "2023-05-31")) == 2
    assert ended.stands("1950").stand.since == "1941"


def test_settled_for_a_denial() -> None:
    """Nothing happened."""
    suspended = by_source(link("link-suspended", "2022-03", "coventry"), "council", "2022-03-10")
    ended = given(formed, suspended, disputed(5, None)).and_then(settled(6, "instead"), overriding="evidence/weak")
    assert ended.standing("2026") == "active"
    assert accounts(ended) == [("link-formed", "1944", "council")]


def test_one_of_several_disputes_is_settled() -> None:
    """The others stay open, beside the account that was preferred."""
    third = by_source(disputed(4, link("link-formed", "1943")), "third-party", "2022-03-24")
    some = given(formed, in_1941, third)
    assert [on for _, on, _ in accounts(some.and_then(settled(5, "entry")))] == ["1944", "1943"]
    assert [on for _, on, _ in accounts(some.and_then(settled(5, "instead"), overriding="evidence/weak"))] == [
        "1941",
        "1943",
    ]


def test_a_settlement_can_be_taken_back() -> None:
    """The dispute is open again, and can be settled otherwise."""
    for prefer in ("entry", "instead"):
        undone = given(formed, in_1941, settled(5, prefer)).and_then(retracted(6))
        assert accounts(undone) == accounts(story)
        undone.when(settled(5, prefer, "After all."), overriding="evidence/weak").accepted()


def test_a_dispute_can_be_taken_back() -> None:
    """The entry stands undisputed; also where the dispute had been settled for the other account."""
    assert accounts(given(formed, in_1941).and_then(retracted(5))) == [("link-formed", "1944", "council")]
    assert accounts(
        given(formed, in_1941, settled(5, "instead")).and_then(retracted(5), overriding="record/relied-on")
    ) == [("link-formed", "1944", "council")]


def test_only_an_open_dispute_is_settled() -> None:
    """Not an entry, not a correction, and not the same dispute twice."""
    story.when(settled(4, "entry")).refused("dispute/open", "entry 4 disputes nothing")
    given(formed, corrected(4, link("link-formed", "1941"))).when(settled(5, "entry")).refused(
        "dispute/open", "disputes nothing"
    )
    over = given(formed, in_1941, settled(5, "entry"))
    over.when(settled(5, "instead")).refused("dispute/open", "settled by entry 6")
    over.when(settled(6, "instead")).refused("dispute/open", "entry 6 disputes nothing")
    given(formed, in_1941, retracted(5)).when(settled(5, "entry")).refused("record/once", "entry-retracted 6")
    story.when(settled(5, "entry"), settled(5, "instead")).refused("dispute/open", number=2)


def test_a_dispute_names_the_entry_first_recorded() -> None:
    """A correction or a dispute is not disputed itself."""
    given(formed, corrected(4, link("link-formed", "1941"))).when(disputed(5, None)).refused(
        "record/original", "name entry 4 itself"
    )
    story.when(disputed(5, link("link-formed", "1940"))).refused("record/original", "name entry 4 itself")


def test_a_correction_leaves_a_dispute_open() -> None:
    """What was written down wrongly was still denied by somebody."""
    mended = given(formed, in_1941).and_then(corrected(4, link("link-formed", "1945", kind="twinning")))
    assert [on for _, on, _ in accounts(mended)] == ["1945", "1941"]


def test_a_dispute_goes_with_the_entry_that_is_taken_back() -> None:
    """Nobody tells anything of it any more; when the entry comes back, so does the dispute."""
    gone = story.and_then(retracted(4), overriding="record/relied-on")
    assert accounts(gone) == []
    assert accounts(gone.and_then(retracted(6))) == accounts(story)


def test_an_account_is_judged_like_any_entry() -> None:
    """It is on known links, by one of their sides, and not in the future."""
    story.when(disputed(4, told("link-formed", link="coventry--minsk", on="1941"))).refused("record/known", "minsk")
    story.when(disputed(4, link("link-formed", "2027"))).refused("dates/not-yet")


def test_an_account_that_cannot_be_true_is_kept_and_never_preferred() -> None:
    """A source did say so; the rules say no when somebody wants it to stand."""
    by_a_stranger = given(formed).and_then(disputed(4, link("link-suspended", "2022", "glasgow")))
    assert by_a_stranger.standing("2026") == "active"
    by_a_stranger.when(settled(5, "instead")).refused("link/side", "glasgow")
    better = by_source(disputed(4, link("link-suspended", "2022", "glasgow")), "official")
    assert given(formed, better).standing("2026") == "active"


def test_a_vote_may_be_disputed() -> None:
    """Of papers as of links: carried or lost."""
    carried = by_source(told("motion-carried", motion=MOTION, on="2022-03-22"), "council", "2022-03-23")
    lost = by_source(disputed(4, told("motion-lost", motion=MOTION, on="2022-03-22")), "press", "2022-03-23")
    voted = given(carried).and_then(lost)
    assert voted.paper(f"ref:{MOTION}", "2026").possible == ("carried",)
    assert voted.and_then(settled(5, "instead"), overriding="evidence/weak").paper(
        f"ref:{MOTION}", "2026"
    ).possible == ("lost",)


def test_what_was_only_said_may_be_disputed_and_settled() -> None:
    """It moves nothing."""
    said = told("statement-made", by="coventry", on="2022-03-22", summary="It is paused.", about=[LINK])
    unsaid = given(formed, said).and_then(disputed(5, None)).and_then(settled(6, "instead"))
    assert unsaid.standing("2026") == "active"


@pytest.mark.parametrize("prefer", ["entry", "instead"])
def test_two_disputes_are_settled_one_by_one(prefer: str) -> None:
    """The last settlement decides; for the weaker account only when somebody says why."""
    third = by_source(disputed(4, link("link-formed", "1943")), "third-party", "2022-03-24")
    both = given(formed, in_1941, third, settled(5, "instead")).and_then(settled(6, prefer), overriding="evidence/weak")
    assert [on for _, on, _ in accounts(both)] == (["1943"] if prefer == "instead" else ["1941"])


@pytest.mark.parametrize("first", ["council", "third-party"])
def test_a_settlement_for_the_weaker_of_two_accounts_asks(first: str) -> None:
    """Whichever of them it prefers; between equals, and for the better one, nobody asks."""
    own = by_source(link("link-formed", "1944"), first, "2019-05-01")
    other = by_source(disputed(4, link("link-formed", "1941")), "press", "2022-03-23")
    weaker, better = ("instead", "entry") if first == "council" else ("entry", "instead")
    open_ = given(own, other)
    open_.when(settled(5, weaker)).queried("evidence/weak", "the account preferred rests on")
    open_.when(settled(5, weaker), overriding="evidence/weak").accepted()
    open_.when(settled(5, better)).accepted()
    equal = by_source(disputed(4, link("link-formed", "1943")), first, "2022-03-23")
    given(own, equal).when(settled(5, "instead")).accepted()


def test_a_second_settlement_is_measured_by_the_account_that_holds_since_the_first() -> None:
    """Not by the entry: the better dispute had been preferred."""
    better = by_source(disputed(4, link("link-formed", "1941")), "official", "2022-03-23")
    weak = by_source(disputed(4, link("link-formed", "1943")), "press", "2022-03-24")
    both = given(by_source(link("link-formed", "1944"), "press"), better, weak).and_then(settled(5, "instead"))
    both.when(settled(6, "instead")).queried("evidence/weak", "press evidence, the other one on official")


@pytest.mark.parametrize(
    "record",
    [
        corroborated(4),
        disputed(4, link("link-formed", "1941")),
        corrected(4, link("link-formed", "1945"), "source"),
    ],
    ids=["corroborated", "disputed", "corrected by a source"],
)
def test_a_retraction_that_takes_other_accounts_along_asks(record: AnyEvent) -> None:
    """Other sources speak of the same; one batch may retract both."""
    sourced = by_source(record, "council", "2022-03-23")
    given(formed, sourced).when(retracted(4)).queried("record/relied-on", f"5 ({record.type})")
    given(formed, sourced).when(retracted(4), overriding="record/relied-on").accepted()
    given(formed, sourced).when(retracted(5), retracted(4)).accepted()
    given(formed, sourced, retracted(5)).when(retracted(4)).accepted()
    given(formed, corrected(4, link("link-formed", "1945"))).when(retracted(4)).accepted()


def test_a_retraction_of_a_dispute_that_was_settled_asks() -> None:
    """The settlement would go with it."""
    over = given(formed, in_1941, settled(5, "entry"))
    over.when(retracted(5)).queried("record/relied-on", "6 (dispute-settled)")
    over.when(retracted(6)).accepted()


def test_a_note_settles_nothing() -> None:
    """The dispute is still open."""
    noted = story.and_then(told("note-added", entry=entry_id(5), text="The book is out of print."))
    assert accounts(noted) == accounts(story)
    noted.when(settled(5, "entry")).accepted()
