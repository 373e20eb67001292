"""Advice that fits: what is offered is accepted, what was typed is repeated, and the reason is about what is wrong."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest

from domain.catalogue import EVENTS
from domain.samples import sample
from domain.values import GRADES, Authority, Vote
from ledger.cli import flags
from ledger.cli.dialogue import one_of
from ledger.cli.main import run
from ledger.errors import UsageError
from ledger.interchange import jsonl
from tests.cli.visitor import LINK, Visitor, line

MOTION = "coventry/2022-03-22/ukraine"
WRONG = "zzz-77"
Civic = Callable[..., tuple[int, str]]


@pytest.fixture
def civic(town: Visitor, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Civic:
    """Run a command here; its exit code, and what it said of errors."""
    monkeypatch.chdir(town.folder)
    monkeypatch.setenv("HOME", str(town.folder))

    def command(*words: str) -> tuple[int, str]:
        capfd.readouterr()
        return run([*words, "--ledger", "town.ledger"]), capfd.readouterr().err

    return command


# What is offered is accepted


def powers(help_: str) -> list[str]:
    """The powers that a help text offers."""
    found = re.search(r"POWER is ([a-z, -]+);", help_)
    assert found, help_
    return found[1].split(", ")


@pytest.mark.parametrize("name", ["link-suspended", "decision-taken", "pledge-made", "detail-redacted"])
def test_every_power_that_is_offered_is_accepted(name: str, civic: Civic) -> None:
    """On an official record too, which has to name one; 'not-stated' is what leaving it out means."""
    (authority,) = (flag for flag in flags.flags_of(EVENTS[name]) if flag.kind is Authority)
    minutes = ["-s", "m", "--source-title", "Minutes", "--source-grade", "official", "--dry-run"]
    given = {
        "link-suspended": ["manchester--st-petersburg", "--on", "2023", "--by", "manchester"],
        "decision-taken": ["stop", "--on", "2023", "--summary", "Stop."],
        "pledge-made": ["help", "--on", "2023", "--summary", "Help."],
        "detail-redacted": ["6", "--detail", "summary", "--basis", "article 17"],
    }
    assert "not-stated" not in powers(authority.help)
    for power in powers(authority.help):
        assert civic("record", name, *given[name], "--authority", power, *minutes)[0] == 0, power


@pytest.mark.parametrize("name", EVENTS)
def test_every_choice_that_is_offered_is_taken(name: str) -> None:
    """By the command as by the file: each word that a field lists is a value of it."""
    whole = sample(name).particulars()
    for flag in flags.flags_of(EVENTS[name]):
        for word in flag.choices:
            given = {"type": name, "evidence": [{"title": "x", "grade": "press"}], "event": {**whole, flag.field: word}}
            assert jsonl.read(json.dumps(given).encode()).event.particulars().get(flag.field) in (word, None)


# What was typed is repeated


def choices() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every place of a line at which only certain words may be, with a line that has another word there."""
    for name, event in EVENTS.items():
        whole = sample(name).particulars()
        for flag in flags.flags_of(event):
            wrong: Any = None
            if flag.choices:
                wrong = WRONG
            elif flag.kind is Authority:
                wrong = {"power": WRONG}
            elif flag.kind is Vote:
                wrong = {"method": WRONG}
            if wrong is not None:
                yield f"{name}.{flag.field}", line(name, **{**whole, flag.field: wrong})
    yield "grade", line("note-added", evidence=[{"title": "x", "grade": WRONG}], text="x")


@pytest.mark.parametrize(("place", "given"), list(choices()))
def test_a_word_that_is_not_one_of_those_allowed_is_repeated(place: str, given: dict[str, Any]) -> None:
    """With the words that are."""
    with pytest.raises(jsonl.LineFault) as fault:
        jsonl.read(json.dumps(given).encode())
    (said,) = (one.message for one in fault.value.faults if WRONG in one.message)
    assert said.startswith(f"'{WRONG}' is not one of "), place


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("present", "many", "'many' is not a whole number"),
        ("present", -1, "-1 is not a number from 0 to 1,000,000"),
        ("apologies", "A. Ash", "'A. Ash' is not a list"),
        ("chair", 7, "7 is not text: write it in double quotes"),
        ("chair", "x" * 1001, "is longer than 1,000 characters"),
    ],
)
def test_a_value_of_the_wrong_kind_is_repeated(field: str, value: object, said: str) -> None:
    """In words, not in those of a library."""
    held = line("meeting-held", meeting="coventry/2024/m", on="2024", **{field: value})
    with pytest.raises(jsonl.LineFault) as fault:
        jsonl.read(json.dumps(held).encode())
    assert [one.message for one in fault.value.faults] == [said]


def test_a_word_is_repeated_at_a_question_too() -> None:
    """Of a session at a terminal."""
    with pytest.raises(UsageError, match=f"'{WRONG}' is not one of {', '.join(GRADES)}"):
        one_of(GRADES)(WRONG)


# What is said fits


def test_the_reason_is_about_what_is_wrong(civic: Civic) -> None:
    """A country, or a rule, that there is not is no unknown body."""
    body = ["record", "body-registered", "leeds", "--name", "Leeds", "--kind", "council", "-s", "coventry-news", "-y"]
    code, said = civic(*body, "--country", "UK")
    assert (code, "UK is not a country of ISO 3166-1" in said, "mend: write GB" in said) == (4, True, True)
    rule = ["record", "note-added", "8", "--text", "x", "--override", "no/rule:why", "-y"]
    for words in ([*body, "--country", "XX"], rule):
        assert "that an entry refers to" not in civic(*words)[1]
    code, said = civic("record", "link-formed", "coventry--minsk", "--on", "1968", "-s", "coventry-news", "-y")
    assert (code, "Every body, link and paper that an entry refers to is in the ledger" in said) == (4, True)


def test_an_amendment_can_be_lost(civic: Civic, town: Visitor) -> None:
    """Its vote is that of an amendment that was lost; who leaves the outcome out is told how to say so."""
    moved = ["record", "motion-moved", "park", "--on", "2024-05-01", "--title", "Park", "-s", "volga-page", "-y"]
    assert civic(*moved)[0] == 0
    amended = ["record", "motion-amended", "coventry/2024-05-01/park", "--on", "2024-05-01", "--summary", "No fence"]
    amended += ["--vote", "for=5,against=9", "-s", "volga-page", "-y"]
    code, said = civic(*amended)
    assert (code, "if the amendment was lost, set outcome to lost" in said) == (4, True)
    assert civic(*amended, "--outcome", "lost")[0] == 0
    assert civic(*amended, "--outcome", "carried")[0] == 4
    assert "amendment lost" in town.done("history", "coventry/2024-05-01/park", "-f", "csv").out
    assert town.done("show", "coventry/2024-05-01/park").rows[0]["standing"] == "moved"


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (f"decision-disapproved {MOTION} --on 2022-04-01", "a mayor's veto: civic record decision-taken"),
        (f"decision-revoked {MOTION} --on 2022-04-01", "motion-rescinded"),
        (f"pledge-kept {MOTION} --on 2022-04-01", "give the pledge a name of its own"),
    ],
)
def test_what_is_about_another_paper_is_shown_the_way(words: str, advice: str, civic: Civic) -> None:
    """The events of that paper are named, instead of the riddle that its name is taken."""
    code, said = civic("record", *words.split(), "-s", "coventry-news", "-y")
    assert (code, "is a motion (entry" in said, advice in said) == (4, True, True), said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'store = "sqlite"',
            'store = "postgres"',
            "the setting store is 'postgres', and this release can open 'sqlite'",
        ),
        ('store = "sqlite"', "", "the setting store is missing"),
        ('body = "coventry"', "body = 7", "the setting body is 7, which is not text"),
        ("origin = ", "former = ", "the setting origin is missing"),
    ],
)
def test_the_setting_that_is_wrong_is_named(old: str, new: str, said: str, town: Visitor) -> None:
    """With what is written there."""
    settings = town.ledger / "ledger.toml"
    text = settings.read_text()
    assert old in text
    settings.write_text(text.replace(old, new))
    assert said in town.civic("links").err


def test_a_motion_that_was_lost_is_not_to_be_recorded_as_carried_first(civic: Civic) -> None:
    """Who would rescind it is told its outcome; who records the other one, how to dispute it."""
    lost = ["record", "motion-lost", "coventry/2024-05-01/park", "--on", "2024-05-01", "-s", "volga-page", "-y"]
    assert civic(*lost)[0] == 0
    code, said = civic("record", "motion-rescinded", lost[2], "--on", "2024-06", *lost[-3:])
    assert (code, "was lost on 2024-05-01" in said, "record motion-carried first" in said) == (4, True, False)
    code, said = civic("record", "motion-carried", *lost[2:])
    advice = re.search(r"civic (record entry-disputed \d+ --set type=motion-carried) --source NAME", said)
    assert (code, bool(advice)) == (4, True), said
    assert advice
    assert civic(*advice[1].split(), "-s", "volga-page", "-y")[0] == 0


def test_a_link_that_is_told_otherwise_is_disputed_as_advised(civic: Civic) -> None:
    """The command names what differs."""
    words = ["record", "link-formed", LINK, "--on", "1944", "--kind", "friendship", "-s", "coventry-news", "-y"]
    code, said = civic(*words)
    advice = re.search(r"civic (record entry-disputed \d+ --set kind=friendship) --source NAME", said)
    assert (code, bool(advice)) == (4, True), said
    assert advice
    assert civic(*advice[1].split(), "-s", "volga-page", "-y")[0] == 0


def test_methods_of_a_vote_are_offered_and_taken() -> None:
    """Each of them, in the short form."""
    methods = get_args(get_args(Vote.model_fields["method"].annotation)[0])
    assert methods
    (flag,) = (one for one in flags.flags_of(EVENTS["motion-carried"]) if one.field == "vote")
    assert [flag.read(f"method={method}") for method in methods] == [{"method": method} for method in methods]
