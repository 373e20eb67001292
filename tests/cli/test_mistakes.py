"""Mistakes whose answer must name the right rule, so that the clerk mends the right thing."""

import json
import subprocess
import sys

import pytest

from domain.catalogue import EVENTS
from domain.entry import Draft
from ledger.cli import flags, output
from tests.cli.visitor import CIVIC, LINK, PATIENCE, Visitor
from tests.domain.story import told


@pytest.mark.parametrize(
    ("command", "rule"),
    [
        (
            "letter-sent second --on 2022-03-21 --to volgograd --encloses coventry/2022-03-22/ukraine",
            "letter/encloses-carried",
        ),
        ("motion-lost coventry/2022-03-22/ukraine --on 2022-03-22", "motion/one-outcome"),
        ("motion-lost coventry/2022-03-22/ukraine --on 2022-04-22", "motion/one-outcome"),
        ("motion-carried coventry/2022-03-22/ukraine --on 2022-04-22", "motion/one-outcome"),
    ],
)
def test_a_motion_enclosed_in_a_letter_is_refused_by_its_own_rule(command: str, rule: str, town: Visitor) -> None:
    """That a letter on record encloses the motion changes nothing about which rule says no."""
    said = town.civic("record", *command.split(), "-s", "volga-page", "-y")
    assert (said.code, f"[{rule}]" in said.err) == (4, True), said.err


def test_what_was_not_public_is_not_told_as_missing(town: Visitor) -> None:
    """Known to the ledger but not by that date: no data, exit 0, and a sentence that says from when it was known."""
    for question in ("show", "why", "history", "replay"):
        said = town.done(question, LINK, "--known-by", "2022-03-25")
        assert said.out == ""
        assert "public by 2022-03-25; first on 2022-04-04" in said.err, f"{question}: {said.err}"


def test_a_difference_is_between_two_things_that_differ(town: Visitor) -> None:
    """A link that began between two days differs in what it has now, not in the flags that it has not."""
    rows = {row["link"]: row["changes"] for row in town.done("diff", "2022-02-24", "2022-04-30").rows}
    assert set(rows) == {"coventry--mariupol", LINK, "glasgow--rostov-on-don", "manchester--st-petersburg"}
    assert rows["coventry--mariupol"]["standing"] == ["none", "proposed"]
    assert [changes for changes in rows.values() if any(not one and not other for one, other in changes.values())] == []


def test_a_motion_without_words_is_told_by_its_options(town: Visitor) -> None:
    """The message names what the clerk can type, not a line of a file that there is not."""
    said = town.civic("record", "motion-moved", "peace", "--on", "2022-05-10", "-s", "volga-page", "-y")
    assert (said.code, "error: line:" in said.err) == (2, False), said.err
    assert "a motion needs a title or a summary" in said.err


def test_the_command_for_next_time_holds_whatever_was_typed(town: Visitor) -> None:
    """Line breaks, tabs, quotes and umlauts: pasted into a shell, it records nothing twice."""
    text = "Ring 0161 555 1234,\n\tand it's the Müller's \\n"
    town.done("record", "note-added", "--text", text, "-y")
    command = output.safe(flags.command_line(Draft(told("note-added", text=text), ())))
    assert command.isprintable()
    shell = ["bash", "-c", f"{command} -y"]
    where = {**town.environment, "PATH": f"{CIVIC.parent}:/usr/bin:/bin"}
    again = subprocess.run(shell, cwd=town.folder, env=where, check=True, capture_output=True, text=True)
    assert json.loads(again.stdout)["event"]["text"] == text
    assert "already on record" in again.stderr


def test_a_failed_handing_out_leaves_no_half_file(town: Visitor) -> None:
    """Half of it would stand in the way of who tries again."""
    limits = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048)); "
    program = f"{limits}sys.argv[1:] = ['export', 'jsonl', '-o', 'all.jsonl']; from ledger.cli.main import main; main()"
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=town.folder, env=town.environment, check=False, capture_output=True
    )
    assert (said.returncode, (town.folder / "all.jsonl").exists()) == (2, False), said.stderr
    town.done("export", "jsonl", "-o", "all.jsonl")


def test_recording_outlives_broken_views(town: Visitor) -> None:
    """Nothing in views.sqlite, whatever has become of it, keeps a clerk from recording."""
    (town.ledger / "views.sqlite").unlink()
    (town.ledger / "views.sqlite").mkdir()
    said = town.civic("record", "link-resumed", "volgograd--coventry", "--on", "2024-05-01", "-s", "volga-page", "-y")
    assert (said.code, "Traceback" in said.err) == (0, False), said.err[-500:]


@pytest.mark.parametrize("name", EVENTS)
def test_the_shape_of_every_event_is_told(name: str, town: Visitor) -> None:
    """As JSON Schema, with a sentence for each field."""
    shape = json.loads(town.done("schema", name).out)
    assert shape["type"] == "object"
    assert all("description" in field for field in shape["properties"].values())


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("motion-carried library --on 2024-05-07", "coventry/2024-05-07/library"),
        ("motion-lost library --on 2024-05", "coventry/2024-05/library"),
        ("minutes-published council-may --on 2024-05-07", "coventry/2024-05-07/council-may"),
        ("pledge-kept plant-trees --on 2024", "coventry/2024/plant-trees"),
        ("motion-carried ukraine --on 2024-05-07", ""),
    ],
)
def test_a_bare_name_is_completed_with_keeper_and_date(words: str, whole: str, town: Visitor) -> None:
    """By every event that may be the first that the ledger knows of a paper; what nobody confirms is named in full."""
    record = ("record", *words.split(), "-s", "volga-page")
    if not whole:  # a motion that is on record is meant
        assert "coventry/2022-03-22/ukraine" in town.civic(*record, "-y").err
        return
    (line,) = town.done(*record, "--dry-run").rows
    assert whole in line["event"].values()
    said = town.civic(*record, "-y")
    assert (said.code, f"write {whole} in full" in said.err) == (4, True)


@pytest.mark.parametrize("country", ["UK", "EN", "XX"])
def test_a_country_that_there_is_not_is_refused(country: str, town: Visitor) -> None:
    """The two letters are those of ISO 3166-1."""
    words = ("record", "body-registered", "leeds", "--name", "Leeds", "--kind", "council", "--source", "coventry-news")
    said = town.civic(*words, "--country", country, "-y")
    assert (said.code, f"{country} is not a country of ISO 3166-1" in said.err) == (4, True)
    town.done(*words, "--country", "GB", "-y")


def test_a_rule_that_there_is_not_cannot_be_overridden(town: Visitor) -> None:
    """It would be shown for ever as if it had been asked."""
    said = town.civic("record", "note-added", "1", "--text", "Seen", "--override", "nosuch/rule:because", "-y")
    assert (said.code, "there is no rule nosuch/rule" in said.err) == (4, True)


def test_only_a_link_is_replayed(town: Visitor) -> None:
    """Of anything else the history is told."""
    said = town.civic("replay", "coventry")
    assert (said.code, "civic history coventry" in said.err) == (2, True)


def test_which_ledger_is_used_is_said_when_asked(town: Visitor) -> None:
    """With -v, on standard error."""
    assert "town.ledger (" in town.done("links", "-v").err


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("--standing suspnded", "none of the links has suspnded as standing; there is active, proposed, suspended"),
        ("--standing suspnded", "did you mean suspended?"),
        ("--flags nothing", "none of the links has nothing as flags; there is "),
        ("--standing proposed --kind friendship", ""),
        ("--standing nowhere -q", ""),
    ],
)
def test_a_filter_that_fits_nothing_says_what_there_is(words: str, hint: str, town: Visitor) -> None:
    """A slip of the pen is not taken for an empty list; what merely does not come together is one."""
    said = town.done("links", *words.split())
    assert said.out == ""
    assert hint in said.err if hint else "none of the links" not in said.err, said.err


def test_who_asks_twice_in_a_pipe_is_told(town: Visitor) -> None:
    """The line is printed both times; that it was on record already is said beside it."""
    resumed = ("record", "link-resumed", LINK, "--on", "2024-05-01", "-s", "volga-page", "-y")
    first, second = town.done(*resumed), town.done(*resumed)
    assert first.out == second.out
    position = first.rows[0]["position"]
    assert f"already on record as {position}: nothing was written" not in first.err
    assert f"already on record as {position}: nothing was written" in second.err


def test_why_is_also_told_in_rows(town: Visitor) -> None:
    """The formats that have no trees have a row for each entry of it, and how it hangs on the one above."""
    tree, rows = town.done("why", LINK).rows[0], town.done("why", LINK, "-f", "csv").out.splitlines()
    assert rows[0] == "depth,relation,entry,type,subject,on,grade,summary,sources"
    assert rows[1].startswith(f"0,,{tree['entry']},{tree['type']},{LINK},")
    below = [f"1,{word},{one['entry']},{one['type']}," for word in ("because", "followed_by") for one in tree[word]]
    assert [row for row in rows if row.startswith("1,")] == [row for row in rows if row.startswith(tuple(below))]
    assert sum(row.startswith("1,") for row in rows) == len(below) > 0


def test_a_body_whose_registration_was_taken_back_is_not_meant_instead_of_itself(town: Visitor) -> None:
    """Its name is right; what happened to it is said."""
    given = ["--name", "Minsk", "--kind", "city", "--country", "BY", "-s", "volga-page", "-y"]
    town.done("record", "body-registered", "minsk", *given)
    town.done("record", "entry-retracted", "24", "--reason", "wrong ledger", "-y")
    said = town.civic("record", "link-formed", "coventry--minsk", "--kind", "twinning", "--on", "1968", *given[6:])
    assert said.code == 4
    assert "mend: it was registered, and that was taken back; see: civic history minsk --all" in said.err
    assert town.done("history", "minsk", "--all").rows[0]["struck"] == [25]


def test_a_slip_takes_no_source_unasked(town: Visitor) -> None:
    """CIVIC_SOURCE is for what is recorded from it; what we wrote down wrongly we know from the entry itself."""
    given = {"CIVIC_SOURCE": "volga-page"}
    slip = ["record", "entry-corrected", "8", "--set", "wording=pausing", "--reason", "typed wrongly", "--dry-run"]
    (line,) = town.done(*slip, **given).rows
    assert [one["source"] for one in line["evidence"]] == ["coventry-news"]
    (line,) = town.done("record", "note-added", "8", "--text", "Seen.", "--dry-run", **given).rows
    assert [one["source"] for one in line["evidence"]] == ["coventry-news"]
    (line,) = town.done("record", "entry-corroborated", "8", "--dry-run", **given).rows
    assert [one["source"] for one in line["evidence"]] == ["volga-page"]


def test_what_is_about_a_record_names_it(town: Visitor) -> None:
    """And a record that was taken back is struck."""
    about = ["--source", "bbc", "--source-title", "BBC", "--source-grade", "press"]
    town.done("record", "entry-disputed", "4", "--set", "on=1941", *about, "--yes")
    town.done("record", "entry-retracted", "24", "--reason", "my mistake", "--yes")
    rows = {row["entry"]: row for row in town.done("history", LINK, "--all").rows}
    assert (rows[24]["subject"], rows[24]["struck"]) == ("entry 4", [25])
    assert (rows[25]["subject"], rows[25].get("struck")) == ("entry 24", None)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("links -f table >&-", 6),
        ("links -f csv >&-", 6),
        ("links -f md >&-", 6),
        ("record note-added 8 --text hi <&-", 2),
        ("import - --yes <&-", 2),
        ("verify 2>&-", 11),
        ("links --kind zzz 2>&-", 0),
    ],
)
def test_a_stream_that_was_closed_is_told_or_not_needed(command: str, code: int, town: Visitor) -> None:
    """Never a traceback, and never a silence that is taken for an answer."""
    done = subprocess.run(
        ["/bin/sh", "-c", f"{CIVIC} {command}"], cwd=town.folder, env=town.environment, check=False,
        capture_output=True, timeout=PATIENCE,
    )  # fmt: skip
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done
