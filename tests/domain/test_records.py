"""The record about the record: corrections, retractions, corroborations, what is hidden, notes."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from domain.catalogue import AnyEvent
from domain.marks import HIDDEN
from tests.domain.story import (
    LINK,
    MOTION,
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
    told,
    unsourced,
)

ROSTOV = "glasgow--volgograd"
TAG = f"link:{LINK}"
PAPER = f"ref:{MOTION}"

formed = link("link-formed", "1944", kind="twinning")
suspended = link("link-suspended", "2022-03-22", "coventry")
resumed = link("link-resumed", "2024-05-01", "coventry")
carried = told("motion-carried", motion=MOTION, on="2022-03-22")
letter = told(
    "letter-sent", letter="coventry/2022/l", by="coventry", to="volgograd", on="2022-04-01", encloses=[MOTION]
)

hearsay = by_source(link("link-suspended", "2022-02-25?", "coventry", wording="cut"), "third-party", "2022-02-26")
the_record = by_source(
    corrected(4, link("link-suspended", "2022-02-24", "coventry", wording="paused"), "source"), "council", "2022-03-08"
)


def test_a_source_corrects_from_the_day_it_was_published() -> None:
    """Glasgow: 25 February by hearsay, until the committee's record gave the 24th."""
    story = given(hearsay).and_then(the_record)
    assert story.dates(known_by="2022-02-25") == []
    assert story.dates(known_by="2022-03-07") == [("link-suspended", "2022-02-25?")]
    assert story.dates(known_by="2022-03-08") == [("link-suspended", "2022-02-24")]
    assert story.stands("2022-02-24", known_by="2022-03-07").certainty == "possibly"
    assert story.standing("2022-02-24", known_by="2022-03-08") == "suspended"
    assert [act.wording for act in story.acts(TAG)] == ["paused"]


def test_what_a_source_corrects_rests_on_that_source() -> None:
    """The grade is hearsay's before, and the council's afterwards."""
    story = given(hearsay).and_then(the_record)
    assert [act.grade for act in story.acts(TAG, "2022-03-07")] == ["third-party"]
    assert [act.grade for act in story.acts(TAG, "2022-03-08")] == ["council"]


def test_a_slip_is_corrected_at_every_date() -> None:
    """Nobody but us was ever wrong: no day on which anything was known changes."""
    told_wrong = by_source(link("link-suspended", "2022-03-23", "coventry"), "press", "2022-04-04")
    for slip in (
        unsourced(corrected(4, suspended)),
        by_source(corrected(4, suspended), "council", "2025-01-01"),
    ):
        story = given(told_wrong).and_then(slip)
        assert story.dates(known_by="2022-04-03") == []
        for known_by in ("2022-04-04", "2024-12-31", "2025-01-01", ""):
            assert story.dates(known_by=known_by) == [("link-suspended", "2022-03-22")]
            assert [act.grade for act in story.acts(TAG, known_by)] == ["press"]
        assert {(act.known, act.until) for act in story.book().acts(TAG)} == {(738249, 2**40)}


def test_a_correction_makes_an_entry_known_earlier() -> None:
    """What corrects it was public before it was."""
    late = by_source(link("link-suspended", "2022-03-23", "coventry"), "third-party", "2022-06-01")
    early = by_source(corrected(4, suspended, "source"), "press", "2022-03-24")
    story = given(late).and_then(early)
    assert story.dates(known_by="2022-03-23") == []
    assert story.dates(known_by="2022-03-24") == [("link-suspended", "2022-03-22")]
    assert story.dates(known_by="2022-06-01") == [("link-suspended", "2022-03-22")]


def test_the_later_of_two_corrections_stands() -> None:
    """Each holds from the day its source was published; both name the original."""
    again = by_source(corrected(4, link("link-suspended", "2022-02-23", "coventry"), "source"), "council", "2022-05-01")
    story = given(hearsay).and_then(the_record).and_then(again)
    assert story.dates(known_by="2022-03-01") == [("link-suspended", "2022-02-25?")]
    assert story.dates(known_by="2022-04-30") == [("link-suspended", "2022-02-24")]
    assert story.dates() == [("link-suspended", "2022-02-23")]


def test_a_correction_names_the_original() -> None:
    """Never a correction of it: the refusal says which entry that is."""
    story = given(formed, corrected(4, link("link-formed", "1941")))
    for record in (corrected(5, formed), corroborated(5), disputed(5, formed)):
        story.when(record).refused("record/original", "name entry 4 itself")


def test_a_correction_may_move_an_act_to_another_link() -> None:
    """The link it was written under is as if nothing had been told of it."""
    on_the_other = told("link-suspended", link=ROSTOV, on="2022-03-22", by="glasgow")
    story = given(formed, suspended).and_then(corrected(5, on_the_other))
    assert story.standing("2026") == "active"
    assert story.standing("2026", ROSTOV) == "suspended"


def test_an_act_that_was_moved_can_be_told_again_where_it_was() -> None:
    """And what is told where it went is told twice."""
    on_the_other = told("link-suspended", link=ROSTOV, on="2022-03-22", by="glasgow")
    story = given(formed, suspended).and_then(corrected(5, on_the_other))
    story.when(suspended).accepted()
    story.when(on_the_other).refused("link/transition", "already recorded (entry 5)")


def test_a_correction_may_change_what_happened() -> None:
    """Said, not done: the suspension was only announced."""
    announced = link("suspension-announced", "2022-03-22", "coventry")
    story = given(formed, suspended).and_then(corrected(5, announced))
    assert (story.standing("2026"), story.flags("2026")) == ("active", ("suspension-announced",))
    story.when(resumed).refused("link/transition")


def test_a_correction_may_take_an_act_out_of_a_history() -> None:
    """It was a statement, and moved nothing; and the other way round."""
    statement = told("statement-made", by="coventry", on="2022-03-22", summary="It is paused.", about=[LINK])
    story = given(formed, suspended).and_then(corrected(5, statement))
    assert story.standing("2026") == "active"
    story = given(formed, statement).and_then(corrected(5, suspended))
    assert story.standing("2026") == "suspended"


def test_a_correction_may_give_a_paper_another_name() -> None:
    """What others refer to it by is gone then; both are mended in one batch."""
    renamed = told("motion-carried", motion="coventry/2022-03-22/russia", on="2022-03-22")
    story = given(carried, letter)
    story.when(corrected(4, renamed)).queried("record/relied-on", "5 (letter-sent)")
    enclosing = told(
        "letter-sent",
        letter="coventry/2022/l",
        by="coventry",
        to="volgograd",
        on="2022-04-01",
        encloses=["coventry/2022-03-22/russia"],
    )
    story.when(corrected(4, renamed), corrected(5, enclosing)).accepted()
    given(carried).when(corrected(4, renamed)).accepted()


def test_a_correction_is_judged_like_any_entry() -> None:
    """What it puts instead must be possible, happen on known links, and not lie ahead."""
    story = given(formed, suspended, resumed)
    story.when(corrected(5, link("link-suspended", "2025", "coventry"))).refused("link/transition", "link-resumed")
    story.when(corrected(5, link("link-suspended", "2022-03-22", "glasgow"))).refused("link/side", "glasgow")
    story.when(corrected(5, link("link-suspended", "2027", "coventry"))).refused("dates/not-yet")
    elsewhere = told("link-suspended", link="coventry--minsk", on="2022-03-22", by="coventry")
    story.when(corrected(5, elsewhere)).refused("record/known", "minsk")


def test_a_correction_of_what_is_not_on_record_is_refused() -> None:
    """So is every other record about an entry."""
    for record in (corrected(9, formed), retracted(9), corroborated(9), disputed(9, None), redacted(9, "note")):
        given(formed).when(record).refused("record/known", f"the entry {entry_id(9)}")


def test_hearsay_does_not_overrule_a_better_source_unasked() -> None:
    """It may be recorded as a dispute, or with a reason."""
    better = by_source(suspended, "council", "2022-03-23")
    weak = by_source(
        corrected(4, link("link-suspended", "2022-03-24", "coventry"), "source"), "third-party", "2022-04-01"
    )
    given(better).when(weak).queried("evidence/weak", "council evidence (entry 4)")
    given(better).when(weak, overriding="evidence/weak").accepted()
    given(hearsay).when(weak).accepted()
    slip = by_source(corrected(4, link("link-suspended", "2022-03-24", "coventry")), "third-party")
    given(better).when(slip).accepted()


def test_hearsay_does_not_overrule_what_better_sources_made_of_hearsay() -> None:
    """What counts is the grade on which the entry stands, not that on which it was first told."""
    weak = by_source(
        corrected(4, link("link-suspended", "2022-02-23", "coventry"), "source"), "third-party", "2022-04-01"
    )
    given(hearsay, the_record).when(weak).queried("evidence/weak", "council evidence")
    given(hearsay, by_source(corroborated(4), "council", "2022-03-01")).when(weak).queried("evidence/weak")


def test_what_was_taken_back_is_as_if_never_told() -> None:
    """At every date: it should not have been made."""
    story = given(formed, by_source(suspended, "council", "2022-04-04")).and_then(retracted(5))
    assert story.standing("2026") == "active"
    assert story.dates(known_by="2022-12-31") == []
    story.when(suspended).accepted()


def test_what_was_taken_back_is_not_corrected_or_taken_back_again() -> None:
    """Whoever thinks that wrong takes the retraction back."""
    story = given(formed, retracted(4))
    for record in (corrected(4, formed), corroborated(4), disputed(4, None), retracted(4, "Again.")):
        story.when(record).refused("record/once", "entry-retracted 5")
    story.when(told("note-added", entry=entry_id(4), text="It had been typed twice.")).accepted()


def test_a_retraction_can_be_taken_back() -> None:
    """Then the entry stands as before; and that can be taken back too."""
    story = given(formed, suspended, retracted(5)).and_then(retracted(6))
    assert story.standing("2026") == "suspended"
    assert story.and_then(retracted(7)).standing("2026") == "active"
    story.when(retracted(6, "Twice.")).refused("record/once", "entry-retracted 7")


def test_a_correction_can_be_taken_back() -> None:
    """What it corrected stands again; an earlier correction too."""
    other = link("link-suspended", "2022-02-20", "coventry")
    story = given(hearsay, the_record).and_then(retracted(5))
    assert story.dates() == [("link-suspended", "2022-02-25?")]
    assert [act.grade for act in story.acts(TAG)] == ["third-party"]
    story = given(hearsay, the_record, corrected(4, other)).and_then(retracted(6))
    assert story.dates() == [("link-suspended", "2022-02-24")]


def test_taking_back_a_correction_is_refused_where_later_acts_rest_on_it() -> None:
    """The act that would be left impossible is named."""
    announced = link("suspension-announced", "2022-03-22", "coventry")
    story = given(formed, announced, corrected(5, suspended), resumed)
    story.when(retracted(6)).refused("link/transition", "link-resumed on 2024-05-01 (entry 7)")


def test_a_retraction_that_leaves_another_act_impossible_is_refused() -> None:
    """The other act is named; both can go in one batch."""
    story = given(formed, suspended, resumed)
    story.when(retracted(5)).refused("link/transition", "link-resumed on 2024-05-01 (entry 6) is not possible")
    story.when(retracted(5), retracted(6)).accepted()
    story.when(retracted(6), retracted(5)).accepted()


def test_one_batch_may_correct_and_take_back_together() -> None:
    """It is judged at its end: neither of the two could go in alone."""
    story = given(formed, suspended, resumed)
    later = corrected(5, link("link-suspended", "2025", "coventry"))
    story.when(later).refused("link/transition")
    story.when(later, retracted(6)).accepted()
    story.when(retracted(5), link("link-suspended", "2023", "coventry")).accepted()


def test_a_bad_line_of_a_batch_is_named() -> None:
    """The others would have gone in."""
    story = given(formed, suspended, resumed)
    outcome = story.when(retracted(5), link("review-opened", "2010", "volgograd"))
    assert set(outcome.refusals) == {1}
    outcome.refused("link/transition", "link-resumed")


def test_taking_back_and_telling_anew_is_one_batch() -> None:
    """The body is on record afterwards as before: nobody need be asked about those who refer to it."""
    story = given(formed)
    anew = told("body-registered", slug="coventry", name="Coventry City Council", kind="council", country="GB")
    story.when(retracted(1), anew).accepted()
    story.when(anew).refused("record/once")
    assert given(formed, suspended, retracted(5), suspended).standing("2026") == "suspended"


def test_taking_back_what_others_refer_to_is_queried() -> None:
    """They are named, and it goes ahead with a reason."""
    story = given(carried, letter)
    story.when(retracted(4)).queried("record/relied-on", "5 (letter-sent)")
    story.when(retracted(4), retracted(5)).accepted()
    under = link("link-suspended", "2022-03-22", "coventry", authority={"power": "resolution", "reference": MOTION})
    story = given(carried, under)
    story.when(retracted(4)).queried("record/relied-on", "5 (link-suspended)")
    story.when(retracted(4), overriding="record/relied-on").accepted()


def test_taking_back_a_body_is_queried() -> None:
    """Everything about it refers to it; not so what was taken back itself."""
    given(formed).when(retracted(1)).queried("record/relied-on", "4 (link-formed)")
    given(formed, retracted(4)).when(retracted(1)).accepted()
    given(formed).when(retracted(3)).accepted()


def test_a_name_that_another_entry_still_gives_is_not_lost() -> None:
    """The motion is on record as moved when its outcome is taken back."""
    moved = told("motion-moved", motion=MOTION, on="2022-03-22", title="Ukraine")
    under = link("link-suspended", "2022-03-22", "coventry", authority={"power": "resolution", "reference": MOTION})
    given(moved, carried, under).when(retracted(5)).accepted()


def test_taking_back_a_link_that_a_letter_announces_is_queried() -> None:
    """The letter refers to the link, and even where that stays on record, to the act."""
    announcing = told(
        "letter-sent",
        letter="coventry/2022/l",
        by="coventry",
        to="volgograd",
        on="2022-04-01",
        announces=[f"link-suspended:{LINK}"],
    )
    given(suspended, announcing).when(retracted(4)).queried("record/relied-on", "5 (letter-sent)")
    given(formed, suspended, announcing).when(retracted(5)).queried("letter/before-decision", "is not on record")


def test_a_corroboration_may_narrow_a_date() -> None:
    """1988, and another source has the day."""
    story = given(link("link-formed", "1988", kind="twinning"))
    narrowed = story.and_then(corroborated(4, "1988-05-08"))
    assert (story.stands("1988-05-07").certainty, narrowed.stands("1988-05-07").possible) == ("possibly", ("none",))
    assert narrowed.standing("1988-05-08") == "active"
    assert narrowed.dates() == [("link-formed", "1988-05-08")]
    assert json.loads(narrowed.acts(TAG)[0].detail)["on"] == "1988-05-08"


def test_two_sources_in_doubt_narrow_each_other() -> None:
    """What both allow is what is left."""
    story = given(hearsay).and_then(corroborated(4, "2022-02-24~"))
    assert story.dates() == [("link-suspended", "[2022-02-24..2022-02-25]")]


def test_a_wider_date_narrows_nothing() -> None:
    """It supports the entry all the same."""
    assert given(suspended).and_then(corroborated(4, "2022")).dates() == [("link-suspended", "2022-03-22")]


def test_a_corroboration_makes_an_entry_known_earlier_and_better_graded() -> None:
    """It holds from the day on which the other source was public."""
    late = by_source(link("link-formed", "1988"), "third-party", "2020-01-01")
    story = given(late).and_then(by_source(corroborated(4, "1988-05-08"), "council", "1988-05-09"))
    assert story.dates(known_by="1988-05-08") == []
    assert story.dates(known_by="1988-05-09") == [("link-formed", "1988-05-08")]
    assert {act.grade for known_by in ("1988-05-09", "") for act in story.acts(TAG, known_by)} == {"council"}


def test_a_later_corroboration_narrows_from_its_own_day() -> None:
    """Before that, the year is what was known, and on hearsay."""
    early = by_source(link("link-formed", "1988"), "third-party", "2010-01-01")
    story = given(early).and_then(by_source(corroborated(4, "1988-05-08"), "council", "2020-01-01"))
    assert [(act.on, act.grade) for act in story.acts(TAG, "2019-12-31")] == [("1988", "third-party")]
    assert [(act.on, act.grade) for act in story.acts(TAG, "2020-01-01")] == [("1988-05-08", "council")]


def test_a_weak_corroboration_known_first_gives_way_to_the_better_source() -> None:
    """The grade is the best of what was known by then, on each day."""
    story = given(by_source(suspended, "council", "2022-04-10")).and_then(
        by_source(corroborated(4), "third-party", "2022-04-01")
    )
    assert [act.grade for act in story.acts(TAG, "2022-04-01")] == ["third-party"]
    assert [act.grade for act in story.acts(TAG, "2022-04-10")] == ["council"]


def test_a_corroboration_on_another_date_is_a_dispute() -> None:
    """The refusal says how to record it."""
    story = given(link("link-formed", "1988"))
    story.when(corroborated(4, "1989")).refused("dates/possible", "civic record entry-disputed 4 --set on=1989")
    statement = told("statement-made", by="coventry", on="2022-03-22", summary="It is paused.")
    given(statement).when(corroborated(4, "2022-05-01")).refused("dates/possible", "entry-disputed 4")


def test_a_corroboration_must_fit_what_the_entry_says_now() -> None:
    """As corrected, and as narrowed already."""
    given(suspended, corrected(4, link("link-suspended", "2022-04", "coventry"))).when(
        corroborated(4, "2022-03-22")
    ).refused("dates/possible")
    given(link("link-formed", "1988"), corroborated(4, "1988-05")).when(corroborated(4, "1988-06")).refused(
        "dates/possible"
    )


def test_a_corroboration_that_narrows_to_the_impossible_is_refused() -> None:
    """The act that stands in the way is named."""
    story = given(link("link-suspended", "2022", "coventry"), link("link-resumed", "2022-03-22", "coventry"))
    story.when(corroborated(4, "2022-05")).refused("link/transition", "link-resumed on 2022-03-22 (entry 5)")
    story.when(corroborated(4, "2022-02")).accepted()


def test_a_correction_by_source_leaves_the_support_of_the_old_account_behind() -> None:
    """Who supported the 25th did not support the 24th."""
    story = given(hearsay, by_source(corroborated(4, "2022-02-25"), "council", "2022-02-27"))
    overruled = story.and_then(
        by_source(corrected(4, link("link-suspended", "2022-02-24", "coventry"), "source"), "press", "2022-03-08")
    )
    assert [(act.on, act.grade) for act in overruled.acts(TAG)] == [("2022-02-24", "press")]
    assert [(act.on, act.grade) for act in overruled.acts(TAG, "2022-03-07")] == [("2022-02-25", "council")]


def test_a_corroboration_can_be_taken_back() -> None:
    """It was another link; the date is as wide as before."""
    story = given(link("link-formed", "1988"), corroborated(4, "1988-05-08")).and_then(retracted(5))
    assert story.dates() == [("link-formed", "1988")]


moved = told("motion-moved", motion=MOTION, on="2022-03-22", title="Ukraine", mover="A. Nother", seconder="B. Nother")


def test_a_hidden_detail_is_gone_and_everything_else_is_kept() -> None:
    """At every date on which it was known."""
    story = given(by_source(moved, "council", "2022-03-23")).and_then(redacted(4, "mover"))
    for known_by in ("2022-03-23", ""):
        (act,) = story.acts(PAPER, known_by)
        assert json.loads(act.detail) == {
            "motion": MOTION,
            "on": "2022-03-22",
            "seconder": "B. Nother",
            "title": "Ukraine",
        }


def test_the_source_s_own_word_can_be_hidden() -> None:
    """The act stays what it was."""
    story = given(hearsay).and_then(redacted(4, "wording"))
    assert [(act.type, act.wording) for act in story.acts(TAG)] == [("link-suspended", "")]
    assert story.standing("2026") == "suspended"


def test_a_hidden_detail_does_not_come_back_with_another_account() -> None:
    """Nor had it to be in the entry as first recorded: a correction may have brought it."""
    without = told("motion-moved", motion=MOTION, on="2022-03-21", title="Ukraine", seconder="B. Nother")
    for story in (
        given(moved, redacted(4, "mover"), by_source(disputed(4, moved), "council")),
        given(moved, by_source(disputed(4, moved), "council")).and_then(redacted(4, "mover")),
        given(moved, redacted(4, "mover"), corrected(4, moved)),
        given(without, corrected(4, moved)).and_then(redacted(4, "mover")),
        given(without, disputed(4, moved)).and_then(redacted(4, "mover")),
    ):
        details = [act.detail for act in story.book().acts(PAPER)]
        assert all("B. Nother" in detail for detail in details)
        assert not any("A. Nother" in detail for detail in details)


def test_hiding_a_reason_of_a_dispute_hides_nothing_of_the_entry() -> None:
    """A detail is hidden in the entry that was named."""
    lapsed = told("motion-lapsed", motion=MOTION, on="2022-03-22", reason="Time ran out.")
    story = given(lapsed, disputed(4, None)).and_then(redacted(5, "reason"))
    assert any("Time ran out." in act.detail for act in story.book().acts(PAPER))


def test_a_redaction_can_be_taken_back() -> None:
    """The detail is shown again."""
    story = given(moved, redacted(4, "mover")).and_then(retracted(5))
    assert "A. Nother" in story.acts(PAPER)[0].detail


def test_a_redaction_names_an_authority() -> None:
    """An authority that is not stated hides nothing."""
    given(moved).when(redacted(4, "mover", power="not-stated")).refused("redaction/basis", "not stated")
    with pytest.raises(ValidationError, match="basis"):
        told("detail-redacted", entry=entry_id(4), field="mover", authority={"power": "delegated"})


def test_only_a_detail_can_be_hidden() -> None:
    """Not what was done, by whom and when; and nothing that is not there."""
    given(moved).when(redacted(4, "motion")).refused("redaction/detail", "cannot do without")
    given(moved).when(redacted(4, "on")).refused("redaction/detail", "cannot do without")
    given(moved).when(redacted(4, "meeting")).refused("redaction/detail", "says nothing in a field 'meeting'")
    given(moved).when(redacted(4, "colour")).refused("redaction/detail", "colour")
    asked = told("request-received", by="coventry", on="2022", from_="A. Nother", summary="To break ties.")
    given(asked).when(redacted(4, "summary")).refused("redaction/detail", "cannot do without")
    given(asked).when(redacted(4, "from")).accepted()


def test_what_is_hidden_is_not_told_again() -> None:
    """Neither in a correction nor in a dispute; with the words that stand for it, or after the order was taken back."""

    def asked(summary: str, **sender: str) -> AnyEvent:
        return told("request-received", by="coventry", on="2022", summary=summary, **sender)

    story = given(asked("To stpo it.", from_="A. Nother"), redacted(4, "from"))
    again = asked("To stop it.", from_="A. Nother")
    story.when(corrected(4, again)).refused("redaction/told-again", "entry 5 orders that the from of entry 4")
    story.when(disputed(4, again)).refused("redaction/told-again")
    story.when(corrected(4, asked("To stop it.", from_=HIDDEN))).accepted()
    story.and_then(retracted(5)).when(corrected(4, again)).accepted()
    given(asked("To stpo it.", from_="A. Nother")).when(corrected(4, again)).accepted()


def test_what_moves_a_history_is_no_detail() -> None:
    """Who acted for a link, and what kind of link it became, stay to be seen, also where they need not be told."""
    joint = link("link-formed", "1944", "coventry", kind="twinning")
    for field in ("by", "kind"):
        given(joint).when(redacted(4, field)).refused("redaction/detail", "cannot do without")
    given(carried, letter).when(redacted(5, "encloses")).refused("redaction/detail", "cannot do without")
    held = told("meeting-held", meeting="coventry/2022-03-22/council", on="2022-03-22", kind="budget")
    given(held).when(redacted(4, "kind")).accepted()


def test_a_note_is_about_an_entry_or_about_links() -> None:
    """It changes nothing, and can be taken back."""
    noted = told("note-added", entry=entry_id(4), about=[LINK], text="The page was taken down.")
    story = given(formed).and_then(noted).and_then(retracted(5))
    assert story.standing("2026") == "active"
    given(formed).when(told("note-added", entry=entry_id(9), text="x")).refused("record/known")
    given().when(told("note-added", about=["coventry--minsk"], text="x")).refused("record/known", "minsk")
    refusal = given(noted).when(corrected(4, formed)).refused("record/original", "entry 4 is a note-added")
    assert "name entry" not in refusal.mend
    assert "entry-retracted" in refusal.mend
    given(noted).when(retracted(4)).accepted()


def test_what_is_told_instead_is_an_event_that_happened() -> None:
    """Not another record about an entry, and told whole."""
    with pytest.raises(ValidationError, match="no event that can stand in place"):
        told(
            "entry-corrected", entry=entry_id(4), cause="slip", reason="x", instead={"type": "note-added", "event": {}}
        )
    with pytest.raises(ValidationError, match="by"):
        told(
            "entry-corrected",
            entry=entry_id(4),
            cause="slip",
            reason="x",
            instead={"type": "link-suspended", "event": {"link": LINK, "on": "2022"}},
        )
    with pytest.raises(ValidationError, match="cause"):
        told("entry-corrected", entry=entry_id(4), cause="whim", reason="x", instead={"type": "body-renamed"})


def test_a_body_s_registration_can_be_corrected() -> None:
    """Its short name, too, as long as nobody refers to it."""
    named = told("body-registered", slug="volgograd", name="Volgograd", kind="city", country="RU")
    given(formed).when(corrected(2, named)).accepted()
    given(formed).when(corrected(2, body("stalingrad"))).queried("record/relied-on", "4 (link-formed)")
    given(formed).when(corrected(3, body("clydeside"))).accepted()


def test_a_corroboration_does_not_tell_what_is_to_come() -> None:
    """A date of this year is not narrowed to a day that has not come."""
    given(link("link-formed", "2026")).when(corroborated(4, "2026-12-25")).refused("dates/not-yet")
