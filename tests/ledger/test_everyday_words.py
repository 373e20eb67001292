"""The words that clerks use: a suggestion never means the opposite, and never names what does not exist."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import everyday
from ledger.cli.main import COMMANDS
from ledger.cli.nouns import NOUNS

NO_EVENT = "civic record --help lists the events"


def advice(word: str) -> str:
    """What is said of a word that names no event."""
    return everyday.event_advice(word, NOUNS, NO_EVENT)


def command(word: str) -> str:
    """What is said of a word that names no command."""
    return everyday.command_advice(word, COMMANDS, NOUNS)


@pytest.mark.parametrize(
    ("word", "events"),
    [
        ("motion-failed", "motion-lost"),
        ("motion-rejected", "motion-lost"),
        ("motion-defeated", "motion-lost"),
        ("vote-lost", "motion-lost"),
        ("failed", "motion-lost"),
        ("motion-passed", "motion-carried"),
        ("motion-adopted", "motion-carried"),
        ("resolution-adopted", "motion-carried"),
        ("passed", "motion-carried"),
        ("motion-repealed", "motion-rescinded"),
        ("motion-cancelled", "motion-withdrawn or motion-rescinded"),
        ("deferred", "motion-deferred or meeting-adjourned"),
        ("motion-postponed", "motion-deferred"),
        ("vetoed", "motion-vetoed"),
        ("meeting-abandoned", "meeting-cancelled"),
        ("meeting-postponed", "meeting-adjourned"),
        ("approved", "motion-carried or decision-ratified or minutes-approved"),
        ("rejected", "motion-lost or decision-disapproved"),
        ("decision-rejected", "decision-disapproved"),
        ("pause", "link-suspended"),
        ("link-paused", "link-suspended"),
        ("freeze", "link-suspended"),
        ("twinning-frozen", "link-suspended"),
        ("resumption", "link-resumed"),
        ("link-unsuspended", "link-resumed"),
        ("unfreeze", "link-resumed"),
        ("link-cancelled", "link-ended"),
        ("pledge-broken", "pledge-dropped"),
        ("council-abolished", "body-succeeded"),
        ("entry-fixed", "entry-corrected"),
        ("Motion_Carried", "motion-carried"),
    ],
)
def test_a_word_of_clerks_is_answered_with_what_it_means(word: str, events: str) -> None:
    """Whatever is spelled most like it."""
    assert advice(word) == f"did you mean {events}?"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("tabled", "put forward in London (record motion-moved) and put off in Washington"),
        ("motion-tabled", "put forward in London"),
        ("cancelled", "say what was cancelled"),
        ("amended", "say what was amended"),
        ("delete", "nothing on record is deleted"),
        ("undo", "nothing on record is deleted"),
        ("entry-deleted", "nothing on record is deleted"),
    ],
)
def test_a_word_without_one_answer_is_explained(word: str, said: str) -> None:
    """It says what can be recorded today."""
    assert said in advice(word)


@pytest.mark.parametrize(
    ("word", "events"),
    [
        ("motion-caried", "motion-carried"),
        ("motion-carreid", "motion-carried"),
        ("link-suspend", "link-suspended"),
        ("linksuspended", "link-suspended"),
        ("leter-sent", "letter-sent"),
        ("suspention", "link-suspended"),
    ],
)
def test_a_plain_slip_is_put_right(word: str, events: str) -> None:
    """A letter that is wrong, missing, too many or swapped."""
    assert advice(word) == f"did you mean {events}?"


@pytest.mark.parametrize(
    "word", ["wedding", "", "link-reformed", "pledge-unkept", "motion-unlost", "letter-unsent", "link-enewed"]
)
def test_what_is_no_plain_slip_is_not_guessed(word: str) -> None:
    """A word of its own, or one that a syllable turns into the opposite."""
    assert advice(word) == NO_EVENT


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("undo", "nothing on record is deleted"),
        ("delete", "nothing on record is deleted"),
        ("edit", "what is on record stays"),
        ("add", "did you mean civic record?"),
        ("log", "did you mean civic history?"),
        ("shwo", "did you mean civic show?"),
        ("link", "did you mean civic links?"),
        ("suspend", "did you mean civic record link-suspended?"),
        ("motion-failed", "did you mean civic record motion-lost?"),
        ("frobnicate", "civic --help lists the commands"),
    ],
)
def test_a_word_for_a_command_is_answered_alike(word: str, said: str) -> None:
    """With what to type instead, or with the list."""
    assert said in command(word)


OPPOSITES = [
    ({"motion-lost", "motion-withdrawn", "motion-lapsed", "motion-rescinded"}, {"motion-carried"}),
    (
        {"link-suspended", "link-ended", "link-lapsed", "link-expired"},
        {"link-resumed", "link-formed", "link-renewed", "link-retained"},
    ),
    ({"pledge-dropped"}, {"pledge-kept"}),
    ({"decision-disapproved", "decision-revoked"}, {"decision-ratified", "decision-taken"}),
    ({"entry-disputed", "entry-retracted"}, {"entry-corroborated"}),
]


def _against(one: str, two: str) -> bool:
    return any({one, two} & bad and {one, two} & good for bad, good in OPPOSITES)


@given(st.sampled_from(sorted(NOUNS)), st.data())
def test_no_slip_is_answered_with_the_opposite(event: str, data: st.DataObject) -> None:
    """One letter of an event's name goes wrong: whatever is suggested, it is never the opposite."""
    place = data.draw(st.integers(0, len(event) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz-"))
    for word in (event[:place] + event[place + 1 :], event[:place] + letter + event[place:]):
        assert not any(_against(event, other) for other in everyday.events_meant(word, NOUNS))


@pytest.mark.parametrize("word", ["tabled", "cancelled", "amended", "delete", "edit"])
def test_every_event_that_an_explanation_names_exists(word: str) -> None:
    """It can be recorded."""
    named = {part.strip("(),:;") for part in advice(word).split() if "-" in part}
    assert named <= NOUNS.keys()


@pytest.mark.parametrize("word", ["list", "status", "audit", "add", "log", "compare", "load", "sign", "undo"])
def test_every_command_that_an_explanation_names_exists(word: str) -> None:
    """It can be typed."""
    named = {part.split()[0].strip(",?;:") for part in command(word).split("civic ")[1:]}
    assert named <= {*COMMANDS, "--help"}
