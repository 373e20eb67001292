"""Real decisions at the edge of what a vote, a notice, a call-in or minutes can be.

Facts are restated; the source of each is named where it is used.
"""

from __future__ import annotations

from tests.domain.councils import bodies, in_any_order, on_link, under
from tests.domain.story import body, given, told


def test_dacorum_records_twenty_votes_of_thirty_three() -> None:
    """The clerk is asked, says why, and the decision stands; three months later the minutes are mended.

    Source: democracy.dacorum.gov.uk/ieIssueDetails.aspx?IId=26013
    """
    meeting, later = "dacorum/2022-04-13/council", "dacorum/2022-07-20/council"
    held = told("meeting-held", meeting=meeting, on="2022-04-13", present=33)
    carried = told("motion-carried", motion="dacorum/2022-04-13/m", on="2022-04-13", meeting=meeting, vote={"cast": 20})
    given(body("dacorum"), held).when(carried).queried("vote/fewer-than-present", "20 of 33")
    given(body("dacorum"), held).when(carried, overriding="vote/fewer-than-present").accepted()
    given(body("dacorum"), held, carried).when(
        told("meeting-held", meeting=later, on="2022-07-20"),
        told("minutes-corrected", meeting=meeting, on="2022-07-20", at=later, text="Tells that 13 cast no vote."),
    ).accepted()
    full = told("motion-carried", motion="dacorum/2022-04-13/m", on="2022-04-13", meeting=meeting,
                vote={"cast": 20, "no_vote_cast": 13})  # fmt: skip
    given(body("dacorum"), held).when(full).accepted()


def test_slough_declares_its_minutes_accurate_with_every_name() -> None:
    """That they are not was moved and lost; 24 to 10 with one abstention, on a day that is not told.

    Source: slough.gov.uk/moderngov/mgAi.aspx?ID=18978
    """
    meeting, later = "slough/2011-06-23/council", "slough/2011/council"
    ways = [("for", 24), ("against", 10), ("abstained", 1)]
    names = [{"person": f"{way} {number}", "vote": way} for way, count in ways for number in range(count)]
    vote = {"for": 24, "against": 10, "abstained": 1, "names": names, "names_complete": True}
    other = {"against": "for", "for": "against", "abstained": "abstained"}
    opposite = {"for": 10, "against": 24, "abstained": 1, "names_complete": True,
                "names": [{**one, "vote": other[one["vote"]]} for one in names]}  # fmt: skip
    in_any_order(
        body("slough"),
        told("meeting-held", meeting=meeting, on="2011-06-23"),
        told("meeting-held", meeting=later, on="[2011-06-24..2011-12-31]"),
        told("motion-moved", motion="slough/2011/minutes", on="[2011-06-24..2011-12-31]", meeting=later,
             title="That the minutes are not accurate", mover="Cllr Stokes", seconder="Cllr Haines"),
        told("motion-lost", motion="slough/2011/minutes", on="[2011-06-24..2011-12-31]", meeting=later, vote=opposite),
        told("minutes-approved", meeting=meeting, on="[2011-06-24..2011-12-31]", at=later, vote=vote),
    )  # fmt: skip


def test_bromsgrove_counts_conflicts_of_interest_apart() -> None:
    """18-8, and a column of its own in which nobody stands: known to be 0, not unknown.

    Source: moderngovwebpublic.bromsgrove.gov.uk/mgListRecordedVotesShort.aspx?AIID=32874&MID=3692
    """
    vote = {"method": "roll-call", "for": 18, "against": 8, "declared_interest": 0}
    carried = told("motion-carried", motion="bromsgrove/2022-04-20/m", on="2022-04-20", vote=vote)
    assert carried.particulars()["vote"] == vote
    in_any_order(body("bromsgrove"), carried)


def test_londonderry_does_not_wait_for_its_notice() -> None:
    """The agreement asks for three months, which the council decided not to wait for: somebody says so.

    Source: londonderrytimes.net/town-council-breaks-ties-with-russian-sister-city/
    """
    name, motion, paper = "londonderry--partner", "londonderry/2022/ties", "londonderry/1991-05-06/agreement"
    parties = ["londonderry", "partner"]
    story = given(
        *bodies(*parties),
        told(
            "agreement-signed", agreement=paper, on="1991-05-06", links=[name], parties=parties, notice="three months"
        ),
        told("motion-moved", motion=motion, on="2022", title="Ties", mover="D Paul"),
        told("motion-carried", motion=motion, on="2022", vote={"for": 5, "against": 0}),
    )
    ended = on_link("link-ended", name, "2022", "londonderry", authority=under("resolution", motion))
    story.when(ended).queried("notice/period", "three months")
    story.when(ended, overriding="notice/period").accepted()


def test_victoria_amends_its_motion_several_times() -> None:
    """Three movers, several votes on one motion, then two limbs at once: to suspend, and that the mayor writes.

    Source: sookenewsmirror.com/news/victoria-suspends-ties-...
    """
    motion, name = "victoria/2022-03-03/khabarovsk", "khabarovsk--victoria"
    amended = [told("motion-amended", motion=motion, on="2022-03-03", summary=text) for text in ("First.", "Second.")]
    story = in_any_order(
        *bodies("victoria", "khabarovsk"),
        told("motion-moved", motion=motion, on="2022-03-03", title="Ties", mover="three councillors"),
        *amended,
        told("motion-carried", motion=motion, on="2022-03-03", vote={"unanimous": True},
             resolutions=["Suspend the link", "The mayor writes"]),
        on_link("link-suspended", name, "2022-03-03", "victoria", authority=under("resolution", f"{motion}#1")),
        told("pledge-made", pledge="victoria/2022-03-03/letter", by="victoria", on="2022-03-03",
             summary="The mayor writes.", authority=under("resolution", f"{motion}#2")),
    )  # fmt: skip
    assert story.standing("2022-03-03", name) == "suspended"


def test_wakefield_recommends_first_and_ends_two_days_later() -> None:
    """A recommendation is no ending.

    Source: hellorayo.co.uk/pulse1/local/news/wakefield-ends-ties-russian-town
    """
    motion, name = "wakefield/2022-03-02/belgorod", "belgorod--wakefield"
    story = in_any_order(
        *bodies("wakefield", "belgorod"),
        on_link("ending-announced", name, "2022-02-28", "wakefield", wording="recommends"),
        told("motion-carried", motion=motion, on="2022-03-02", vote={"unanimous": True}),
        on_link("link-ended", name, "2022-03-02", "wakefield", authority=under("resolution", motion)),
    )
    assert [story.standing(day, name) for day in ("2022-03-01", "2022-03-02")] == ["active", "ended"]
    assert story.flags("2022-03-01", name) == ("ending-announced",)


def test_neath_port_talbot_waits_three_days_for_call_in() -> None:
    """The day is not told, but that it could be called in is; what is carried out too early is asked about.

    Source: democracy.npt.gov.uk/mgAi.aspx?ID=5285
    """
    name, decision = "neath-port-talbot--partner", "neath-port-talbot/2010-05-04/twinning"
    cabinet = under("executive", body="Cabinet")
    decided = told("decision-taken", decision=decision, on="2010-05-04", authority=cabinet, call_in_ends="2010-05-07",
                   summary="To leave the partnership of 1996, after call-in.", about=[name])  # fmt: skip
    begun = (*bodies("neath-port-talbot", "partner"), on_link("link-formed", name, "1996"), decided)
    ended = [
        on_link("link-ended", name, on, "neath-port-talbot", authority=under("executive", decision))
        for on in ("2010-05-07", "2010-05-08")
    ]
    given(*begun).when(ended[0]).queried("decision/call-in", "until 2010-05-07")
    given(*begun).when(ended[1]).accepted()
    undated = decided.model_copy(update={"call_in_ends": None, "note": "Takes effect after three days for call-in."})
    given(*begun[:-1], undated).when(ended[0]).accepted()


def test_sheffield_authorises_and_watches_the_signing() -> None:
    """One item of one meeting; a memorandum on one side, and a twinning on the other.

    Source: democracy.sheffield.gov.uk/mgAi.aspx?ID=29613
    """
    name, motion, paper = "khmelnytskyi--sheffield", "sheffield/2022-12/khmelnytskyi", "sheffield/2022-12/memorandum"
    resolved, parties = under("resolution", motion), ["sheffield", "khmelnytskyi"]
    story = in_any_order(
        *bodies(*parties),
        told("motion-carried", motion=motion, on="2022-12"),
        told("agreement-signed", agreement=paper, on="2022-12", links=[name], kind="memorandum", parties=parties,
             signed_by=["Lord Mayor"]),
        on_link("link-formed", name, "2022-12", "sheffield", kind="memorandum", agreement=paper, authority=resolved),
        on_link("link-kind-changed", name, "2022-12", "khmelnytskyi", kind="twinning"),
    )  # fmt: skip
    assert story.standing("2022-12-31", name) == "active"


def test_neston_approves_its_minutes_with_words_added() -> None:
    """That no vote was taken on an item is a correction made as they were approved.

    Source: neston.org.uk/multimedia-archive/full-council-8th-april-2014/
    """
    meeting, later = "neston/2014-03/council", "neston/2014-04-08/council"
    story = in_any_order(
        body("neston"),
        told("meeting-held", meeting=meeting, on="[2014-03-01..2014-04-07]"),
        told("meeting-held", meeting=later, on="2014-04-08"),
        told(
            "minutes-approved", meeting=meeting, on="2014-04-08", at=later, corrections="Adds that no vote was taken."
        ),
    )
    assert story.paper(f"ref:{meeting}", "2014-04-08").possible == ("minutes-approved",)


def test_coventry_moves_without_notice() -> None:
    """Mover, seconder and who supported them are known, the day is not.

    Source: edemocracy.coventry.gov.uk/ieListDocuments.aspx?CId=130&MId=12522
    """
    motion = "coventry/2021/without-notice"
    in_any_order(
        told("motion-moved", motion=motion, on="[2021-10-01..2021-12-31]", title="A motion without notice",
             mover="Cllr G Duggins", seconder="Cllr A S Khan", summary="Supported by Cllr G Ridley."),
        told("motion-carried", motion=motion, on="[2021-10-01..2021-12-31]", vote={"unanimous": True}),
    )  # fmt: skip


def test_cheshire_east_decides_on_the_links_of_four_councils() -> None:
    """The successor of abolished councils acts for each of them.

    Source: moderngov.cheshireeast.gov.uk/ieIssueDetails.aspx?IId=8001&Opt=3
    """
    old = ("cheshire", "congleton", "crewe-and-nantwich", "macclesfield")
    decision = "cheshire-east/2009/twinnings"
    succeeded = [told("body-succeeded", slug=one, on="2009-04-01", successors=["cheshire-east"]) for one in old]
    story = in_any_order(
        *bodies("cheshire-east", "partner", *old),
        *(on_link("link-formed", f"{one}--partner", "1990", kind="twinning") for one in old),
        *succeeded,
        told("decision-taken", decision=decision, on="[2009-04-01..2009-12-31]", authority=under("executive"),
             summary="What becomes of the twinnings of the four councils."),
        *(on_link("link-retained", f"{one}--partner", "[2009-04-02..2009-12-31]", "cheshire-east",
                  authority=under("executive", decision)) for one in old[:3]),
        on_link("link-ended", "macclesfield--partner", "[2009-04-02..2009-12-31]", "cheshire-east"),
    )  # fmt: skip
    assert story.standing("2010", "congleton--partner") == "active"
    assert story.standing("2010", "macclesfield--partner") == "ended"
