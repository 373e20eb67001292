"""Real decisions of real councils, each recorded with what its source tells and nothing more.

Facts are restated; the source of each is named where it is used.
"""

from __future__ import annotations

from domain.motions import MotionCarried
from tests.domain.councils import bodies, in_any_order, on_link, under
from tests.domain.story import LINK, MOTION, body, by_source, corrected, given, told


def test_coventry_pauses_its_links_without_figures() -> None:
    """Unanimous without figures; one motion, three effects; a letter after the vote; retained thirteen days before.

    Source: https://www.newsanyway.com/2022/04/04/council-sends-letter-to-russian-twin-coventry-city-council/,
    feeds.bbci.co.uk/news/uk-england-coventry-warwickshire-60841684, coventry.gov.uk/news/article/4162/
    """
    meeting, resolved = "coventry/2022-03-22/council", under("resolution", MOTION)
    paused = on_link("link-suspended", LINK, "2022-03-22", "coventry", authority=resolved, wording="pause")
    story = in_any_order(
        body("mariupol"),
        on_link("link-formed", LINK, "1944", kind="twinning"),
        on_link("link-retained", LINK, "2022-03-09", "coventry", wording="would go on"),
        told("meeting-held", meeting=meeting, on="2022-03-22", kind="full Council"),
        told("motion-moved", motion=MOTION, on="2022-03-22", meeting=meeting, title="Ukraine", cross_party=True),
        told("motion-carried", motion=MOTION, on="2022-03-22", meeting=meeting, vote={"unanimous": True}),
        paused,
        told("letter-sent", letter="coventry/2022/volgograd", by="coventry", to="volgograd", sender="Leader",
             on="[2022-03-23..2022-04-04]", encloses=[MOTION], announces=[f"link-suspended:{LINK}"]),
        told("pledge-made", pledge="coventry/2022-03-22/mariupol", by="coventry", on="2022-03-22", authority=resolved,
             summary="To explore a link with Mariupol when the time is right."),
    )  # fmt: skip
    assert story.standing("2022-03-21") == "active"
    assert story.flags("2022-03-21") == ("retained",)
    assert story.standing("2022-03-22") == "suspended"


def test_manchester_suspends_by_a_letter_of_its_lord_mayor() -> None:
    """No motion and no vote: the power is that of a civic office, and the council was told afterwards.

    Source: democracy.manchester.gov.uk/ieListDocuments.aspx?CId=135&MId=3700&Ver=4 (minute 13 of 4 March 2022)
    """
    name, office = "manchester--st-petersburg", under("civic-office", office="Lord Mayor")
    written = "[2022-02-26..2022-03-04]"
    story = in_any_order(
        *bodies("manchester", "st-petersburg"),
        on_link("link-formed", name, "1962", kind="friendship"),
        told("meeting-held", meeting="manchester/2022-03-04/council", on="2022-03-04", kind="budget"),
        by_source(
            told("letter-sent", letter="manchester/2022/st-petersburg", by="manchester", to="st-petersburg", on=written,
                 sender="Lord Mayor", announces=[f"link-suspended:{name}"], authority=office), "official"),
        by_source(on_link("link-suspended", name, written, "manchester", authority=office), "official"),
    )  # fmt: skip
    assert story.standing("2022-03-04", name) == "suspended"


def test_glasgow_s_committee_decides_what_the_lord_provost_was_asked_to() -> None:
    """The wrong office was asked first; the committee's record corrects what a campaigner said.

    Source:
    d33gy59ovltp76.cloudfront.net/news/glasgow-suspends-russian-town-twinning-agreement-following-ukraine-invasion
    """
    name, motion = "glasgow--rostov-on-don", "glasgow/2022-02-24/rostov"
    meeting = told("meeting-held", meeting="glasgow/2022-02-24/cac", on="2022-02-24",
                   committee="City Administration Committee")  # fmt: skip
    hearsay = by_source(on_link("link-suspended", name, "2022-02-25?", "glasgow"), "third-party", "2022-02-26")
    decided = on_link("link-suspended", name, "2022-02-24", "glasgow", authority=under("committee", motion))
    story = given(
        body("rostov-on-don"), on_link("link-formed", name, "1986", kind="twinning"), hearsay,
    ).and_then(
        told("request-received", by="glasgow", from_="Leader of the Council", on="[..2022-02-24]", about=[name],
             summary="That the Lord Provost suspend the link."),
        told("statement-made", by="glasgow", office="officers", on="[..2022-02-24]", about=[name],
             summary="The decision is the committee's."),
        meeting,
        told("motion-carried", motion=motion, on="2022-02-24", meeting="glasgow/2022-02-24/cac"),
        by_source(corrected(6, decided, "source"), "official", "2022-02-24"),
    )  # fmt: skip
    assert story.standing("2022-02-23", name) == "active"
    assert story.standing("2022-02-24", name) == "suspended"


def test_exeter_s_draft_minutes_know_who_was_absent_and_not_how_many_voted() -> None:
    """Draft minutes are the council's own word until they are approved; seven apologies, no figures.

    Source: committees.exeter.gov.uk/ieListDocuments.aspx?CId=261&MeetingId=7104; radioexe.co.uk, 12 March 2022
    """
    meeting, motion, name = "exeter/2022-03-10/council", "exeter/2022-03-10/yaroslavl", "exeter--yaroslavl"
    apologies = ["Buswell", "Ghusain", "Leadbetter", "Martin", "J Moore", "Newby", "Quance"]
    story = in_any_order(
        *bodies("exeter", "yaroslavl"),
        told("meeting-held", meeting=meeting, on="2022-03-10", kind="extraordinary", apologies=apologies),
        told("minutes-published", meeting=meeting, on="[2022-03-10..]"),
        told("motion-moved", motion=motion, on="2022-03-10", meeting=meeting, mover="P Bialyk", title="Yaroslavl"),
        by_source(told("motion-carried", motion=motion, on="2022-03-10", meeting=meeting, vote={"unanimous": True}),
                  "council"),
        on_link("link-suspended", name, "2022-03-10", "exeter", authority=under("resolution", motion)),
    )  # fmt: skip
    assert story.standing("2022-03-10", name) == "suspended"


def test_akureyri_and_murmansk_both_end_their_link() -> None:
    """11-0 on one side and 23-0 on the other; a letter between them; each ends it for itself.

    Source: gamli.akureyri.is/is/frettir/vinabaejarsamstarfi-vid-murmansk-slitid; vardberg.is; cmio.org
    """
    name = "akureyri--murmansk"
    first, second = "akureyri/2022-11-15/murmansk", "murmansk/2022-12-15/akureyri"
    story = in_any_order(
        *bodies("akureyri", "murmansk"),
        told("motion-carried", motion=first, on="2022-11-15", vote={"for": 11, "against": 0}),
        on_link("link-ended", name, "2022-11-15", "akureyri", authority=under("resolution", first)),
        told("letter-sent", letter="akureyri/2022-11-28/murmansk", by="akureyri", sender="Mayor", to="murmansk",
             on="2022-11-28", announces=[f"link-ended:{name}"]),
        told("motion-carried", motion=second, on="2022-12-15", vote={"for": 23, "against": 0}),
        on_link("link-ended", name, "2022-12-15", "murmansk", authority=under("resolution", second)),
    )  # fmt: skip
    assert story.standing("2022-11-15", name) == "ended"
    assert [one[1] for one in story.dates(name)] == ["2022-11-15", "2022-12-15"]


def test_pribram_leaves_three_votes_unknown() -> None:
    """17 present and 14 for: the other three are not abstentions, and nothing is asked.

    Source: regiony.mnoho.info/pribram/partnerstvi-cechov
    """
    motion, name = "pribram/2022-03/chekhov", "pribram--chekhov"
    carried = told("motion-carried", motion=motion, on="[2022-03-01..2022-03-17]", vote={"present": 17, "for": 14})
    in_any_order(
        *bodies("pribram", "chekhov"),
        on_link("link-formed", name, "1994-10-31", agreement="pribram/1994-10-31/chekhov"),
        told("agreement-signed", agreement="pribram/1994-10-31/chekhov", on="1994-10-31", links=[name],
             parties=["pribram", "chekhov"], notice="to be given in writing"),
        carried,
        on_link("ending-decided", name, "[2022-03-01..2022-03-17]", "pribram", authority=under("resolution", motion),
                effective="[2022-03-01..]"),
    )  # fmt: skip
    assert isinstance(carried, MotionCarried)
    assert carried.vote is not None
    assert (carried.vote.against, carried.vote.abstained, carried.vote.no_vote_cast) == (None, None, None)


def test_bishops_stortford_decides_writes_and_ends_within_a_year() -> None:
    """Decision, notice and effect are three dates.

    Source: theguardian.com/uk/2011/dec/01/bishops-stortford-dumps-twin-towns;
    bbc.com/news/uk-england-beds-bucks-herts-16300925
    """
    motion, name = "bishops-stortford/2011-09-19/twinning", "bishops-stortford--friedberg"
    story = in_any_order(
        *bodies("bishops-stortford", "friedberg"),
        on_link("link-formed", name, "1965", kind="twinning"),
        told("motion-carried", motion=motion, on="2011-09-19", vote={"for": 13, "against": 3}),
        on_link("ending-decided", name, "2011-09-19", "bishops-stortford", effective="2012-09",
                authority=under("resolution", motion)),
        told("letter-sent", letter="bishops-stortford/2011-11/friedberg", by="bishops-stortford", to="friedberg",
             on="2011-11", announces=[f"ending-decided:{name}"]),
        on_link("notice-given", name, "2011-11", "bishops-stortford", effective="2012-09"),
        on_link("link-ended", name, "2012-09", "bishops-stortford"),
    )  # fmt: skip
    assert [story.standing(day, name) for day in ("2011-09-18", "2011-09-19", "2012-09-30")] == [
        "active", "ending", "ended",
    ]  # fmt: skip
