"""At a terminal: the clerk is asked, sees all before it is written, and can stop at any moment."""

import json
import re
import shlex
import signal
import time
from collections.abc import Sequence

import pexpect
import pytest

from ledger.cli.sitting import HOW_TO_ANSWER
from tests.cli.visitor import CIVIC, COVENTRY, LINK, PATIENCE, Visitor, body

RESUMED = ("record", "link-resumed", LINK, "--on", "2024-05-01", "-s", "volga-page")
COLOR = re.compile(r"\x1b\[[0-9;]*m")
Talk = Sequence[tuple[str, str]]

RESUMPTION: Talk = (
    ("What happened", "link-resumed"),
    ("Link", LINK),
    ("On", "2024-05-01"),
    ("By", ""),
    ("Authority", "executive"),
    ("Wording", "resumed"),
)
SOURCE: Talk = (
    ("Source", "minutes-0501"),
    ("Its title", "Minutes of 1 May"),
    ("Its grade", "official"),
    ("Its published", "2024-05-03"),
    ("Its url", ""),
    ("Its publisher", ""),
)
DONE: Talk = (("What happened", ""),)


def at_terminal(visitor: Visitor, *words: str, **environment: str) -> "pexpect.spawn[str]":
    """Begin a command at a terminal of 40 lines of 120 characters."""
    terminal = pexpect.spawn(
        str(CIVIC), list(words), cwd=str(visitor.folder), env={**visitor.environment, **environment},
        encoding="utf-8", dimensions=(40, 120), timeout=PATIENCE,
    )  # fmt: skip
    terminal.delaybeforesend = 0.25  # a key pressed while the line editor sets the terminal up would be lost
    return terminal


def talk(terminal: "pexpect.spawn[str]", exchange: Talk) -> str:
    """Wait for each question and answer it; returns all that was on the screen."""
    screen = ""
    for question, answer in exchange:
        terminal.expect(re.escape(question) + r"[^\r\n]*: ")
        screen += f"{terminal.before}{terminal.after}"
        terminal.sendline(answer)
    return screen


def rest(terminal: "pexpect.spawn[str]") -> tuple[int | None, str]:
    """Wait for the end; the exit code, and what was said until then."""
    terminal.expect(pexpect.EOF)
    terminal.close()
    return terminal.exitstatus, str(terminal.before).replace("\r\n", "\n")


def shown(visitor: Visitor, *words: str, **environment: str) -> str:
    """What a command shows on a terminal."""
    code, screen = rest(at_terminal(visitor, *words, **environment))
    assert code == 0, screen
    return screen


def test_a_sitting_records_a_resumption(town: Visitor) -> None:
    """With mistakes on the way, each told at once: what is recorded at the end is what was meant."""
    terminal = at_terminal(town, "record")
    screen = talk(terminal, [
        ("What happened", "resumption"), ("Did you mean link-resumed?", "y"), ("Link", LINK),
        ("On", "03/04/2022"), ("On", "1 May"), ("On", "?"), ("On", "2024-05-01"),
        ("By", "volgagrad"), ("Did you mean volgograd?", "y"), ("Authority", "<"),
        ("By", "volgograd"), *RESUMPTION[4:], *SOURCE[:2], ("Its grade", "offical"), *SOURCE[2:],
        ("A field to change", "by"), ("By", "coventry"), *DONE,
    ])  # fmt: skip
    for told in (
        "'offical' is not one of official, council", "no event 'resumption'", "write 2022-04-03 or 2022-03-04",
        "'1 May' is not a date", "'2022-02-26?' (uncertain", "'volgagrad' is not in the ledger",
        f"refused: {LINK} is suspended by coventry, not by volgograd  [link/side]",
    ):  # fmt: skip
        assert told in screen
    preview = talk(terminal, [("Record this for good?", "y")])
    for line in (f"link-resumed  {LINK}  2024-05-01", "authority:", "minutes-0501 (official, published 2024-05-03)",
                 "into town.ledger", "It can be corrected, never deleted."):  # fmt: skip
        assert line in preview
    code, said = rest(terminal)
    assert code == 0
    assert "Recorded 24: link-resumed" in said
    assert f"{LINK}: active since 2024-05-01 (was suspended since 2022-03-22)" in said
    (entry,) = town.done("show", "24").rows
    assert entry["event"] == {
        "link": LINK, "on": "2024-05-01", "by": "coventry", "authority": {"power": "executive"}, "wording": "resumed",
    }  # fmt: skip
    assert entry["evidence"] == [
        {"title": "Minutes of 1 May", "grade": "official", "source": "minutes-0501", "published": "2024-05-03"}
    ]
    command = shlex.split(said.partition("Next time: ")[2])
    assert town.done(*command[1:], "--yes").rows[0]["position"] == 24, "the command for next time records the very same"


def test_a_name_that_is_not_on_record_is_told_when_it_is_typed(town: Visitor) -> None:
    """A slip in the name of the link is noticed at the question, not after all others were answered."""
    terminal = at_terminal(town, "record")
    talk(terminal, [("What happened", "link-resumed"), ("Link", "coventry--volgagrad")])
    try:
        assert terminal.expect([r"not in the ledger", r"On \*: "]) == 0
    finally:
        terminal.close(force=True)


ON: Talk = (("On", "2024-05-01"),)


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        ([("What happened", "letter-sent"), ("Letter", "peace"), *ON, ("By", ""), ("To", "atlantis")], "'atlantis'"),
        ([("What happened", "statement-made"), ("By", ""), *ON, ("Summary", "A wish."), ("Speaker", ""),
          ("Office", ""), ("About", "coventry--atlantis")], "'atlantis'"),
        ([*RESUMPTION[:4], ("Authority", "resolution:nowhere")], "'nowhere'"),
        ([*RESUMPTION[:4], ("Authority", "mayor")], "'mayor' is not one of"),
        ([("What happened", "motion-rescinded"), ("Motion", "nowhere")], "'nowhere'"),
        ([("What happened", "motion-carried"), ("Motion", "atlantis/2024/peace")], "'atlantis'"),
        ([("What happened", "body-succeeded"), ("Slug", "atlantis")], "'atlantis'"),
        ([("What happened", "entry-retracted"), ("Entry", "99")], "there is no entry 99"),
        ([("What happened", "entry-corrected"), ("Entry", "8"), ("Cause", "slip"), ("Set", "colour=red")], "'colour'"),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_right_is_reported_at_its_question(exchange: Talk, said: str, town: Visitor) -> None:
    """Bodies, links, papers, powers, entries, fields: not after all the other questions."""
    terminal = at_terminal(town, "record")
    talk(terminal, exchange)
    asked = exchange[-1][0]
    for _ in range(3):  # a body or a paper can be recorded first: no
        terminal.expect([re.escape(asked) + r"[^\r\n]*: ", r"\[Y/n\]: ", r"\[y/N\]: "])
        screen = f"{terminal.before}{terminal.after}"
        assert said in screen
        if asked in str(terminal.after):
            break
        terminal.sendline("n")
    terminal.sendintr()
    assert rest(terminal)[0] == 130


def test_long_lines_are_broken_between_words(town: Visitor) -> None:
    """Explanations, questions and refusals fit a narrow terminal, and no word is cut."""
    terminal = at_terminal(town, "record")
    terminal.setwinsize(40, 50)
    terminal.expect("What happened[^:]*: ")
    screen = f"{terminal.before}{terminal.after}"
    terminal.sendline("?")
    terminal.expect("What happened[^:]*: ")
    screen += f"{terminal.before}"
    terminal.sendintr()
    rest(terminal)
    lines = COLOR.sub("", screen).replace("\r", "").split("\n")
    assert [line for line in lines if len(line) > 50] == []
    assert HOW_TO_ANSWER in " ".join(" ".join(lines).split())


def test_a_rule_can_be_overridden_in_a_session(town: Visitor) -> None:
    """A rule that asks for a reason takes one; the entry says so for ever."""
    terminal = at_terminal(town, "record")
    talk(terminal, [*RESUMPTION[:4], ("Authority", ""), ("Wording", ""), *SOURCE, ("A field to change", "override"),
                    ("Reason", "the minutes name none"), *DONE])  # fmt: skip
    talk(terminal, [("Record this for good?", "y")])
    assert rest(terminal)[0] == 0
    (entry,) = town.done("show", "24").rows
    assert entry["overrides"] == [{"rule": "authority/missing", "reason": "the minutes name none"}]


def test_what_is_offered_can_be_left_out(town: Visitor) -> None:
    """A hyphen is no answer where Enter would take what is in brackets."""
    moved = [("What happened", "motion-moved"), ("Motion", "park"), ("Meeting", "council"), ("[Y/n]", "y"),
             ("Title", "Park"), ("Mover", ""), *SOURCE]  # fmt: skip
    again = [("What happened", "motion-moved"), ("Motion", "pool"), ("Meeting [coventry/2022-03-22/council]", "-"),
             ("On * [2022-03-22]", ""), ("Title", "Pool"), ("Mover", "")]  # fmt: skip
    terminal = at_terminal(town, "record")
    talk(terminal, [*moved, *again, *DONE, ("Record these 2 for good?", "y")])
    assert rest(terminal)[0] == 0
    events = [row["event"] for row in town.done("export", "jsonl").rows[23:]]
    assert [one.get("meeting") for one in events] == ["coventry/2022-03-22/council", None]
    assert [one["on"] for one in events] == ["2022-03-22", "2022-03-22"]


def test_what_a_record_says_no_to_is_shown(town: Visitor) -> None:
    """Before it is written: no is not the same as nothing."""
    listed: dict[str, object] = {"type": "link-listed", "evidence": [{"title": "A page", "grade": "press"}],
              "event": {"link": LINK, "on": "2023", "where": "a page", "listed": True}}  # fmt: skip
    town.done("import", town.file("f.jsonl", [listed]), "--yes")
    words = ("record", "entry-corrected", "24", "--set", "listed=no", "--reason", "misread")
    screen = talk(at_terminal(town, *words), [("Record this for good?", "n")])
    assert re.search(r"listed: +yes -> no\r", screen), screen


def test_several_events_are_recorded_together(town: Visitor) -> None:
    """One source, one confirmation, one batch; an event can be left out by its number before it is written."""
    terminal = at_terminal(town, "record")
    said_so = [("What happened", "statement-made"), ("By", ""), ("On", "2024-05-02")]
    by_whom = [("Speaker", ""), ("Office", ""), ("About", LINK)]
    statements = [(*said_so, ("Summary", words), *by_whom) for words in ("A wish.", "Another.")]
    talk(terminal, [*RESUMPTION, *SOURCE, *statements[0], *statements[1], *DONE])
    talk(terminal, [("Record these 3 for good?", "2"), ("Record these 2 for good?", "y")])
    code, said = rest(terminal)
    assert (code, "Recorded 24: link-resumed" in said, "Recorded 25: statement-made" in said) == (0, True, True)
    entries = town.done("export", "jsonl").rows[23:]
    assert [entry["event"].get("summary") for entry in entries] == [None, "Another."]


@pytest.mark.parametrize("answered", [0, 3, 5, 9, 12, 13])
def test_ctrl_c_writes_nothing(answered: int, town: Visitor) -> None:
    """Wherever in a sitting: exit 130, and not a byte is written."""
    before = town.entries
    terminal = at_terminal(town, "record")
    whole = [*RESUMPTION, *SOURCE, *DONE, ("Record this for good?", "")]
    talk(terminal, whole[:answered])
    terminal.expect(re.escape(whole[answered][0]) + r"[^\r\n]*: ")
    time.sleep(0.5)  # a key is lost while the line editor sets the terminal up
    terminal.sendintr()
    code, said = rest(terminal)
    assert (code, "nothing was written" in said, "Traceback" in said) == (130, True, False), said
    begun = " --on 2024-05-01" if answered >= 3 else ""
    told = re.search(r"civic record link-resumed coventry--volgograd(.*)", said)
    assert told[1].startswith(begun) if told else not begun, "what was told is left as commands, also in part"
    if told and answered >= 12:
        assert "--source-title 'Minutes of 1 May' --source-grade official" in told[1]
    assert town.entries == before


@pytest.mark.parametrize(
    ("exchange", "left"),
    [
        (
            [("What happened", "note-added"), ("Entry", "8"), ("Text", "seen"), ("About", LINK),
             ("What happened", "+about"), ("About", "coventry--mariupol"), ("About", "\x03")],
            ["--about coventry--volgograd --about coventry--mariupol --text seen"],
        ),
        (
            [("What happened", "link-formed"), ("Link", "coventry--newtown"), ("Register it now?", "y"),
             ("Name", "\x03")],
            ["civic record body-registered newtown", "civic record link-formed coventry--newtown"],
        ),
        (
            [*RESUMPTION[:3], ("By", "manchester"), *RESUMPTION[4:], *SOURCE, ("A field to change", "by"), ("By", "<"),
             ("A field to change", "\x03")],
            ["civic record link-resumed coventry--volgograd --on 2024-05-01 --by manchester"],
        ),
    ],
)  # fmt: skip
def test_whatever_was_answered_is_left_as_commands(exchange: Talk, left: list[str], town: Visitor) -> None:
    """In the middle of a list, of a body that is registered first, and after going back from a field asked anew."""
    terminal = at_terminal(town, "record")
    talk(terminal, exchange[:-1])
    terminal.expect(re.escape(exchange[-1][0]) + r"[^\r\n]*: ")
    time.sleep(0.5)  # a key is lost while the line editor sets the terminal up
    terminal.sendintr()
    code, said = rest(terminal)
    assert (code, "Traceback" in said) == (130, False), said
    assert [line for line in left if line not in said] == [], said


def test_going_back_from_the_first_questions_asks_them_again(town: Visitor) -> None:
    """There is nothing before them; the title of a new source goes back to its name."""
    terminal = at_terminal(town, "record")
    again = (("Source", "<"), ("Source", "minutes-0501"), ("Its title", "<"), *SOURCE)
    talk(terminal, (("What happened", "<"), *RESUMPTION, *again))
    terminal.expect("What happened")
    terminal.sendintr()
    assert rest(terminal)[0] == 130


def test_a_passphrase_is_typed_twice(town: Visitor) -> None:
    """Nobody sees it: with a slip of the finger the key would be locked for good."""
    words = ("key", "init", "--yes", "--passphrase")
    asked, again = "Passphrase of the key of", "once more"
    terminal = at_terminal(town, *words)
    talk(terminal, ((asked, "geheim"), (again, "gehiem")))
    code, screen = rest(terminal)
    assert (code, "the two are not the same" in screen) == (2, True)
    terminal = at_terminal(town, *words)
    talk(terminal, ((asked, "geheim"), (again, "geheim")))
    assert rest(terminal)[0] == 0
    town.done("checkpoint", CIVIC_PASSPHRASE="geheim")  # noqa: S106 - of a key that nobody else has


def test_a_new_source_is_described_where_it_is_named(town: Visitor) -> None:
    """A slip rests on the evidence of its entry: its command names no other source, and describes none."""
    slip = [("What happened", "entry-corrected"), ("Entry", "8"), ("Cause", "slip"), ("Set", "wording=paused"),
            ("Set", ""), ("Reason", "typed wrongly")]  # fmt: skip
    terminal = at_terminal(town, "record")
    talk(terminal, [*RESUMPTION, *SOURCE, *slip])
    terminal.expect("What happened[^\r\n]*: ")
    time.sleep(0.5)  # a key is lost while the line editor sets the terminal up
    terminal.sendintr()
    code, said = rest(terminal)
    line = next(line for line in said.splitlines() if "civic record entry-corrected" in line)
    assert (code, "--source coventry-news" in line, "--source-title" in line) == (130, True, False), said


@pytest.mark.parametrize("answer", ["no", "", "\x04"])
def test_whatever_is_not_yes_writes_nothing(answer: str, town: Visitor) -> None:
    """A no, a mere Enter, any other word, the end of input: exit 130, and not a byte is written."""
    before = town.entries
    terminal = at_terminal(town, "record")
    talk(terminal, [*RESUMPTION, *SOURCE, *DONE, ("Record this for good?", answer)])
    code, said = rest(terminal)
    assert (code, "nothing was written" in said, "Traceback" in said) == (130, True, False), said
    assert "civic record link-resumed" in said
    assert town.entries == before


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 130), ("\x03", 130)])
def test_a_single_event_is_shown_and_confirmed(answer: str, code: int, town: Visitor) -> None:
    """On a terminal a record command shows what it will write, and where, and writes it after a yes."""
    before = town.entries
    terminal = at_terminal(town, *RESUMED)
    terminal.expect(r"Record this for good\?[^\r\n]*\[y/N\]: ")
    preview = str(terminal.before)
    terminal.send(answer if answer in ("\x03", "\x04") else f"{answer}\r")
    ended, said = rest(terminal)
    assert ended == code, said
    for line in (f"link-resumed  {LINK}  2024-05-01", "volga-page (council, undated)", "town.ledger"):
        assert line in preview
    assert (town.entries == before) == (code != 0)
    assert ("nothing was written" in said) == (code != 0)
    assert ("Recorded 24" in said) == (code == 0)


def test_a_correction_that_changes_nothing_is_seen_as_one(town: Visitor) -> None:
    """Before it is written, the clerk is told that it stands like this already."""
    stands = next(row for row in town.done("export", "jsonl").rows if row["type"] == "link-suspended/1")
    on = f"on={stands['event']['on']}"
    words = ("record", "entry-corrected", str(stands["position"]), "--set", on, "--reason", "typed twice")
    terminal = at_terminal(town, *words)
    assert "nothing would change" in talk(terminal, [("Record this for good?", "n")])
    assert rest(terminal)[0] == 130


def test_a_short_name_is_shown_in_full_before_it_is_written(town: Visitor) -> None:
    """Where somebody can say no, an ending of a reference will do."""
    terminal = at_terminal(town, "record", "motion-rescinded", "ukraine", "--on", "2024-04-30", "-s", "volga-page")
    screen = talk(terminal, [("Record this for good?", "n")])
    assert "coventry/2022-03-22/ukraine" in screen
    assert rest(terminal)[0] == 130


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 130)])
def test_an_import_asks_first(answer: str, code: int, town: Visitor) -> None:
    """On a terminal an import tells how many entries it will write, and where, and writes them after a yes."""
    before = town.entries
    terminal = at_terminal(town, "import", town.file("f.jsonl", [body("minsk"), body("kyiv")]))
    terminal.expect("Record 2 entries of f.jsonl in town.ledger for good")
    terminal.sendline(answer)
    ended, said = rest(terminal)
    assert (ended, town.entries == before, "Traceback" in said) == (code, code != 0, False)


def test_no_input_never_asks(town: Visitor) -> None:
    """With --no-input a terminal is as good as none: what needs a yes ends with 2."""
    for words in (("record",), RESUMED, ("import", str(COVENTRY))):
        code, said = rest(at_terminal(town, *words, "--no-input"))
        assert (code, "[usage]" in said) == (2, True), said


def test_a_table_on_a_terminal_and_json_in_a_pipe(town: Visitor) -> None:
    """The same question is answered for people on a terminal, for programs in a pipe; --format always wins."""
    screen = shown(town, "links", NO_COLOR="1")
    assert "As of today, all evidence · 4 of 4" in screen
    assert re.search(r"^coventry--volgograd +twinning +suspended +2022-03-22 +council", screen, re.MULTILINE)
    assert [row["link"] for row in town.done("links").rows][1] == LINK
    lines = shown(town, "links", "--format", "jsonl").splitlines()
    assert [json.loads(line)["link"] for line in lines][1] == LINK
    assert town.done("links", "--format", "table").out.startswith("link ")


def test_a_long_list_is_cut_on_a_terminal_only(town: Visitor) -> None:
    """Fifty rows on a terminal, with a word about the rest; all of them in a pipe, or with --limit 0."""
    town.done("import", town.file("f.jsonl", [body(f"town-{n * 37:05}", f"{n}. Town") for n in range(60)]), "--yes")
    screen = shown(town, "bodies", NO_COLOR="1")
    assert ("50 of 67; --limit 0 shows all" in screen, screen.count(". Town")) == (True, 44)
    assert shown(town, "bodies", "--limit", "0", NO_COLOR="1").count(". Town") == 60
    assert len(town.done("bodies").rows) == 67


@pytest.mark.parametrize("words", ["links", "show nothing", "links --help", f"why {LINK}", "links --standing none"])
def test_color_is_for_terminals_that_want_it(words: str, town: Visitor) -> None:
    """There is color on a terminal at most, never with NO_COLOR, --color never or a dumb terminal, nor in a pipe."""
    command = words.split()
    for more, environment in (
        ((), {"NO_COLOR": "1"}),
        (("--color", "never"), {}),
        ((), {"TERM": "dumb"}),
    ):
        _, screen = rest(at_terminal(town, *command, *more, **environment))
        assert COLOR.findall(screen) == [], (more, environment)
        assert "\x1b" not in screen
    piped = town.civic(*command, "--format", "table") if words in ("links", f"why {LINK}") else town.civic(*command)
    assert "\x1b" not in piped.out + piped.err


def test_color_is_there_where_it_is_wanted(town: Visitor) -> None:
    """An error is marked on a terminal, and with --color always in a pipe too, even against NO_COLOR."""
    _, screen = rest(at_terminal(town, "show", "nothing"))
    assert COLOR.findall(screen)
    assert COLOR.findall(town.civic("show", "nothing", "--color", "always", NO_COLOR="1").err)
    assert COLOR.findall(town.civic("--color", "always", "links", "--format", "table").out)
    assert COLOR.findall(shown(town, "links"))


def test_what_is_refused_at_the_end_is_left_as_commands(town: Visitor) -> None:
    """An event was left out on which another rests."""
    meeting, motion = "coventry/2024-05-01/council", "coventry/2024-05-01/links"
    answers = {
        "What happened": ["meeting-held", "motion-moved", ""], "Meeting": [meeting, meeting], "Motion": [motion],
        "On": ["2024-05-01", "2024-05-01"], "Title": ["Links"], "Record": ["1", "y"],
        "Source": ["minutes-0501"], "Its title": ["Minutes"], "Its grade": ["official"],
    }  # fmt: skip
    terminal = at_terminal(town, "record")
    said = ""
    while terminal.expect([r"([A-Z][^\r\n]*): ", pexpect.EOF]) == 0:
        question = terminal.match[1]  # type: ignore[index] # of the prompt that was found
        said += f"{terminal.before}{question}"
        given = next((answers[name] for name in answers if question.startswith(name)), [])
        terminal.sendline(given.pop(0) if given else "")
    said += str(terminal.before)
    terminal.close()
    assert (terminal.exitstatus, f"civic record motion-moved {motion}" in said) == (4, True), said


def test_what_an_event_is_about_is_asked_for(town: Visitor) -> None:
    """With --ask, when it was not given."""
    terminal = at_terminal(town, "record", "link-resumed", "--ask", "-s", "volga-page")
    talk(terminal, [("Link", LINK), ("On", "2024-05-01"), ("By", "coventry")])
    terminal.sendintr()
    assert rest(terminal)[0] == 130


@pytest.mark.parametrize(
    "option", ["--dry-run", "--yes", "--key=k", "--override=link/side:so", "--new", "--format=json"]
)
def test_what_a_sitting_does_not_heed_it_refuses(option: str, town: Visitor) -> None:
    """Rather than write for good what was to be tried."""
    before = town.entries
    code, said = rest(at_terminal(town, "record", "note-added", "8", "--text", "Seen.", "--ask", option))
    assert (code, "--ask does not go with" in said) == (2, True), said
    assert town.entries == before


def test_who_is_named_records_a_sitting(town: Visitor) -> None:
    """As --clerk says."""
    terminal = at_terminal(town, "record", "note-added", "8", "--text", "Seen.", "--about", LINK, "--personal-note",
                           "None.", "--note", "None.", "--ask", "--clerk", "clerk-9", "-s", "volga-page")  # fmt: skip
    talk(terminal, [("Record this for good?", "y")])
    assert rest(terminal)[0] == 0
    assert town.done("export", "jsonl").rows[-1]["recorded_by"] == "clerk-9"


def test_a_locked_key_is_asked_for_once_and_followed_by_a_locked_one(town: Visitor) -> None:
    """A new key is not less guarded than the old one."""
    asked, again, new = "Passphrase of the key of", "once more", "the new one"
    terminal = at_terminal(town, "key", "init", "--yes", "--passphrase")
    talk(terminal, ((asked, "geheim"), (again, "geheim")))
    assert rest(terminal)[0] == 0
    terminal = at_terminal(town, "checkpoint")
    talk(terminal, ((asked, "geheim"),))
    assert rest(terminal)[0] == 0
    terminal = at_terminal(town, "key", "rotate", "--yes")
    talk(terminal, ((asked, "geheim"), (new, "neu"), (again, "neu"), (new, "neu")))
    assert rest(terminal)[0] == 0
    assert town.civic("checkpoint").code == 2
    town.done("checkpoint", CIVIC_PASSPHRASE="neu")  # noqa: S106 - of a key that nobody else has


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_who_ends_it_is_heard_whatever_the_signal(sent: signal.Signals, town: Visitor) -> None:
    """A terminal that is closed, or a machine that goes down, is as Ctrl-C: nothing is half done."""
    before = town.entries
    terminal = at_terminal(town, "record")
    terminal.expect("What happened")
    time.sleep(0.5)  # it would be lost while the line editor sets the terminal up
    terminal.kill(sent)
    code, said = rest(terminal)
    assert (code, "nothing was written" in said) == (130, True), said
    assert town.entries == before
