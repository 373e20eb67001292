"""Hostile input: what two readers could read two ways is refused, and what a terminal would obey is shown escaped."""

import json
import os
import sqlite3
import struct
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.cli.main import run
from ledger.cli.output import FORMATS
from tests.cli.visitor import COVENTRY, EVIDENCE, LINK, Visitor, body, line

RESUMED = line("link-resumed", link=LINK, by="coventry", on="2023-01-01")


def raw(text: str) -> bytes:
    """A line that resumes a link, with `text` among the fields of its event."""
    return json.dumps(RESUMED).encode().replace(b'"by": "coventry"', b'"by": "coventry", ' + text.encode())


def but(**event: object) -> bytes:
    """A line that resumes a link, but for these fields of its event."""
    changed: dict[str, Any] = deepcopy(RESUMED)
    changed["event"].update(event)
    return json.dumps(changed).encode()


def whole(**members: object) -> bytes:
    """A line that resumes a link, but for these members beside its event."""
    return json.dumps({**RESUMED, **members}).encode()


def without(member: str) -> bytes:
    """A line that resumes a link, but for a member that it lacks."""
    return json.dumps({name: value for name, value in RESUMED.items() if name != member}).encode()


def dated(on: object) -> tuple[bytes, str, str]:
    """A line with that date, and that the date is at fault."""
    return but(on=on), "on", ""


def sourced(**fields: object) -> bytes:
    """A line whose evidence has these fields."""
    return whole(evidence=[{**EVIDENCE[0], **fields}])


NESTED = '"note": {}{}'
BAD: dict[str, tuple[bytes, str, str]] = {
    # The line and the JSON
    "not JSON": (b'{"type":', "line", "not JSON"),
    "two objects": (json.dumps(RESUMED).encode() * 2, "line", "not JSON"),
    "an empty object": (b"{}", "type", "is missing"),
    "an array": (b"[]", "line", "not an object"),
    "a string": (b'"link-suspended"', "line", "not an object"),
    "null": (b"null", "line", "not an object"),
    "a number": (b"1", "line", "not an object"),
    "single quotes": (b"{'type': 'link-resumed'}", "line", "not JSON"),
    "a comment": (b"# " + json.dumps(RESUMED).encode(), "line", "not JSON"),
    "a trailing comma": (raw('"note": "x",'), "line", "not JSON"),
    "a key twice, outside": (b'{"type": "link-ended", ' + json.dumps(RESUMED).encode()[1:], "line", "twice"),
    "a key twice, in the event": (raw('"by": "volgograd"'), "line", "'by' stands twice"),
    "a key twice, spelled otherwise": (raw('"\\u0062y": "volgograd"'), "line", "'by' stands twice"),
    "a key twice, in the evidence": (
        json.dumps(RESUMED).encode().replace(b'"grade": "council"', b'"grade": "press", "grade": "council"'),
        "line", "'grade' stands twice",
    ),
    "a key twice, deep down": (raw('"authority": {"power": "executive", "power": "urgent"}'), "line", "twice"),
    "NaN": (raw('"note": NaN'), "line", "NaN"),
    "Infinity": (raw('"note": Infinity'), "line", "Infinity"),
    "-Infinity": (raw('"note": -Infinity'), "line", "-Infinity"),
    "1e999": (raw('"note": 1e999'), "line", "1e999"),
    "-1e999": (raw('"note": -1e999'), "line", "1e999"),
    "a number of 5,000 digits": (raw(f'"note": {"9" * 5_000}'), "line", "5000 digits"),
    "a fraction of 5,000 digits": (raw(f'"note": 0.{"9" * 5_000}'), "line", "cannot be held"),
    "60 levels of arrays": (raw(NESTED.format("[" * 60, "]" * 60)), "line", "nested too deep"),
    "60 levels of objects": (raw('"note": ' + '{"a": ' * 60 + "1" + "}" * 60), "line", "nested too deep"),
    "100,000 levels of arrays": (raw(NESTED.format("[" * 100_000, "]" * 100_000)), "line", "nested too deep"),
    "100,000 levels of objects": (raw('"note": ' + '{"a": ' * 100_000 + "1" + "}" * 100_000), "line", "too deep"),
    "100,000 levels that never close": (b"[" * 100_000, "line", ""),
    "half a surrogate pair": (but(note="\ud800"), "line", "surrogate"),
    "half a surrogate pair in a key": (but(**{"\udfff": 1}), "line", "surrogate"),
    "invalid UTF-8": (raw('"note": "x"').replace(b"x", b"\xff", 1), "line", "not UTF-8"),
    "Latin-1": (raw('"note": "x"').replace(b'"x"', "'ö'".encode("latin-1")), "line", "not UTF-8"),
    "an overlong slash": (raw('"note": "x"').replace(b'"x"', b'"\xc0\xaf"'), "line", "not UTF-8"),
    "UTF-16": (json.dumps(RESUMED).encode("utf-16-be"), "line", ""),
    "a NUL between": (json.dumps(RESUMED).encode().replace(b", ", b",\x00", 1), "line", "not JSON"),
    "a NUL within": (raw('"note": "x\\u0000y"'), "note", "\\x00"),
    "a bare NUL within": (raw('"note": "x\x00y"'), "line", "not JSON"),
    "a line of more than 1 MiB": (but(note="x" * 2**20), "line", "1,048,576 are the most"),
    "a line of more than 3 MiB": (but(note="x" * 3 * 2**20), "line", "1,048,576 are the most"),
    # The line and its members
    "an unknown field": (but(colour="red"), "colour", "is not a field"),
    "an unknown member": (whole(colour="red"), "colour", "is not a field"),
    "an unknown field of the evidence": (sourced(colour="red"), "evidence.0.colour", "is not a field"),
    "a field of another event": (but(vote={"unanimous": True}), "vote", "is not a field"),
    "an unknown type": (whole(type="link-frozen"), "type", "no event 'link-frozen'"),
    "a type in capitals": (whole(type="Link-Resumed"), "type", "no event"),
    "a later version": (whole(type="link-resumed/2"), "type", "version '2'"),
    "no version": (whole(type="link-resumed/"), "type", "version"),
    "a type that is a number": (whole(type=1), "type", ""),
    "a type that is a list": (whole(type=["link-resumed"]), "type", ""),
    "no type": (without("type"), "type", "is missing"),
    "no event": (without("event"), "line", "is missing"),
    "an event that is null": (whole(event=None), "line", ""),
    "an event that is a list": (whole(event=[]), "line", ""),
    "an empty event": (whole(event={}), "link", "is missing"),
    "no evidence": (without("evidence"), "evidence", "is missing"),
    "empty evidence": (whole(evidence=[]), "evidence", "is empty"),
    "evidence that is an object": (whole(evidence=EVIDENCE[0]), "evidence", ""),
    "evidence that is null": (whole(evidence=None), "evidence", ""),
    "evidence of a string": (whole(evidence=["Minutes"]), "evidence.0", ""),
    "evidence without a title": (whole(evidence=[{"grade": "press"}]), "evidence.0.title", "is missing"),
    "evidence without a grade": (whole(evidence=[{"title": "t"}]), "evidence.0.grade", "is missing"),
    "evidence with an empty title": (sourced(title=""), "evidence.0.title", "is empty"),
    "evidence with a blank title": (sourced(title=" \u00a0"), "evidence.0.title", "is empty"),
    "an unknown grade": (sourced(grade="gossip"), "evidence.0.grade", "is not one of"),
    "a digest that is none": (sourced(sha256="abc"), "evidence.0.sha256", ""),
    "a source that is no short name": (sourced(source="My Source"), "evidence.0.source", "short name"),
    "an id that is no UUID": (whole(id="seven"), "id", "not an entry's id"),
    "an id in capitals": (whole(id="0B6C6C6E-7D5E-5B0A-9A43-0C1D5A2F6B71"), "id", "not an entry's id"),
    "an id with an escape": (whole(id="\x1b[2J"), "id", "not an entry's id"),
    "an id that is a number": (whole(id=7), "id", ""),
    "an empty key": (whole(key=""), "key", "is empty"),
    "a key that is a number": (whole(key=7), "key", ""),
    "a key of two lines": (whole(key="a\nb"), "key", "line break"),
    "an override without a reason": (whole(overrides=[{"rule": "link/side"}]), "overrides.0.reason", "is missing"),
    "an override of nothing": (whole(overrides=[{"rule": "nothing", "reason": "x"}]), "overrides.0.rule", ""),
    "overrides that are a string": (whole(overrides="all"), "overrides", ""),
    # The values of fields
    "a link of one body": (but(link="coventry"), "link", "is not a link"),
    "a link of three": (but(link="coventry--volgograd--minsk"), "link", "is not a link"),
    "a link to itself": (but(link="coventry--coventry"), "link", "with itself"),
    "a link to nobody": (but(link="coventry--"), "link", "no named partner"),
    "a link in capitals": (but(link="Coventry--Volgograd"), "link", "is not a link"),
    "a link in Cyrillic letters": (but(link="\u0441oventry--volgograd"), "link", "is not a link"),
    "a link that is a number": (but(link=1), "link", ""),
    "a link of 100,000 letters": (but(link="a" * 100_000 + "--volgograd"), "link", ""),
    "by nobody": (but(by=""), "by", "is not a body"),
    "by a number": (but(by=1), "by", ""),
    "by null": (but(by=None), "by", ""),
    "by a number that looks like a name": (but(by="2022"), "by", "is not a body"),
    "by somebody else": (but(by="manchester"), "by", "not a side"),
    "by somebody unknown": (but(link="coventry--atlantis"), "link", "not in the ledger"),
    "an unknown kind": (but(kind="marriage"), "kind", "is not one of"),
    "a path as a reference": (but(authority={"power": "resolution", "reference": "../etc"}), "authority.reference", ""),
    "an unknown power": (but(authority={"power": "magic"}), "authority.power", "is not one of"),
    "an authority that is a word": (but(authority="resolution"), "authority", ""),
    "an escape sequence": (but(wording="\x1b]0;owned\x07"), "wording", "control character \\x1b"),
    "an escape sequence of one character": (but(wording="\x9b31m"), "wording", "control character \\x9b"),
    "a carriage return": (but(wording="paused\rresumed"), "wording", "control character"),
    "a backspace": (but(note="paused\b\b"), "note", "control character"),
    "a line break in a line": (but(wording="a\nb"), "wording", "line break"),
    "words without end": (but(wording="x" * 1_001), "wording", "1,000"),
    "prose without end": (but(note="x" * 20_001), "note", "20,000"),
    "an empty note": (but(note=""), "note", "is empty"),
    "an escape sequence in a name": (json.dumps(body("minsk", "Minsk\x1b[31m")).encode(), "name", "control character"),
    "a truth that is a word": (
        json.dumps(line("link-listed", link=LINK, on="2020", where="a page", listed="yes")).encode(), "listed", "",
    ),
    "a count that is a truth": (
        json.dumps(line("meeting-held", meeting="coventry/2020/x", on="2020", present=True)).encode(), "present", "",
    ),
    "a count that is a fraction": (
        json.dumps(line("meeting-held", meeting="coventry/2020/x", on="2020", present=3.5)).encode(), "present", "",
    ),
    "a count that is a word": (
        json.dumps(line("meeting-held", meeting="coventry/2020/x", on="2020", present="3")).encode(), "present", "",
    ),
    "a count below nothing": (
        json.dumps(line("meeting-held", meeting="coventry/2020/x", on="2020", present=-1)).encode(), "present", "",
    ),
    # Dates
    "no date": dated(None),
    "an empty date": dated(""),
    "a blank date": dated(" "),
    "a date with a blank": dated("2022-03-22 "),
    "a date with a line break": dated("2022-03-22\n"),
    "a number as a date": dated(2022),
    "a list as a date": dated(["2022"]),
    "a date that is two": dated("03/04/2022"),
    "a date with dots": dated("22.03.2022"),
    "a date backwards": dated("22-03-2022"),
    "a date in words": dated("22 March 2022"),
    "a date with slashes": dated("2022/03/22"),
    "a date without noughts": dated("2022-3-22"),
    "a date without dashes": dated("20220322"),
    "a date with an hour": dated("2022-03-22T10:00:00Z"),
    "the 30th of February": dated("2022-02-30"),
    "the 29th of February in 2023": dated("2023-02-29"),
    "a 13th month": dated("2022-13"),
    "a month of nought": dated("2022-00"),
    "a season": dated("2022-21"),
    "a week": dated("2022-W12"),
    "the year nought": dated("0000"),
    "a year before": dated("-0044"),
    "a long year": dated("12022"),
    "an exponent": dated("y17e7"),
    "old unknown digits": dated("199u"),
    "an unknown month": dated("2022-XX"),
    "two qualifiers": dated("2022?~"),
    "a qualifier in front": dated("?2022"),
    "a qualifier within": dated("2022?-03"),
    "an interval": dated("2022-03/2022-04"),
    "a set without brackets": dated("2022-03-01..2022-03-02"),
    "a set of anything": dated("[..]"),
    "a set backwards": dated("[2022-04-01..2022-03-01]"),
    "a set with a doubt": dated("[2022?..2023]"),
    "a set of three": dated("[2021..2022..2023]"),
    "a set half closed": dated("[2021..2022"),
    "full-width digits": dated("\uff12\uff10\uff12\uff12-03-22"),
    "Arabic digits": dated("\u0662\u0660\u0662\u0662"),
    "a minus that is a dash": dated("2022\u201103\u201122"),
    "an escape in a date": dated("2022\x1b[2J"),
    "a date of 100,000 characters": dated("2" * 100_000),
    "a day to come": (but(on="2999-01-01"), "on", "has not come yet"),
    "a term backwards": (
        json.dumps(line("link-renewed", link=LINK, on="2020", term="2020/2010")).encode(), "term", "before it starts",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """Somebody with the Coventry story on record, which no bad line may change."""
    made = Visitor(tmp_path_factory.mktemp("target"))
    made.done("init", "town.ledger", "--body", "coventry")
    made.done("import", COVENTRY, "--yes")
    return made


def unescaped(text: str) -> list[str]:
    """The characters that a terminal, or an eye, would be deceived by."""
    return [
        ascii(character) for character in text
        if (character < " " and character != "\n") or "\x7f" <= character <= "\x9f"
        or character in "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060"
        or character in "\u2066\u2067\u2068\u2069\ufeff\U000e0041"
    ]  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_line_is_told_and_nothing_is_written(
    name: str, target: Visitor, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 4, the place and the field are named, no traceback, and not a byte of the ledger changes."""
    bad, field, words = BAD[name]
    monkeypatch.chdir(target.folder)
    before = target.entries
    code = run(["import", target.file("bad.jsonl", [bad]), "--yes", "--ledger", "town.ledger"])
    said = capfd.readouterr()
    first, *_, last, _mend = said.err.splitlines()
    assert code == 4
    assert first.startswith(f"bad.jsonl:1: {field}: "), first[:300]
    assert words in first
    assert last.startswith("error: 1 line is bad, of 1 in bad.jsonl; nothing was written")
    assert all(len(one) < 2_000 for one in said.err.splitlines()), "a message is as long as what it complains of"
    assert (said.out, unescaped(said.err)) == ("", [])
    assert target.entries == before


def test_every_bad_line_of_a_file_is_told(target: Visitor) -> None:
    """Among good lines each bad one is named by the number an editor gives it; the export stays as it was."""
    before = target.done("export", "jsonl").out
    good = [json.dumps(body(f"town-{number}", f"{number}. Town")).encode() for number in range(3)]
    bad = [one for one in BAD.values() if len(one[0]) < 2**20]
    file = target.file("mixed.jsonl", [good[0], b"", *(line for line, _, _ in bad), b"  ", *good[1:]])
    said = target.civic("import", file, "--yes", "--new")
    told: dict[int, str] = {}
    for one in said.err.splitlines():
        if one.startswith("mixed.jsonl:"):
            told.setdefault(int(one.split(":")[1]), one)
    assert (said.code, said.out) == (4, "")
    assert "Traceback" not in said.err
    assert sorted(told) == list(range(3, len(bad) + 3))
    for number, (_, field, words) in enumerate(bad, 3):
        assert told[number].startswith(f"mixed.jsonl:{number}: {field}: ")
        assert words in told[number]
    assert target.done("export", "jsonl").out == before


def test_lines_behind_a_huge_one_keep_their_numbers(target: Visitor) -> None:
    """A line of three MiB is one line: it is told once, and the next one has the number 2."""
    file = target.file("huge.jsonl", [but(note="x" * 3 * 2**20), b"[]"])
    said = target.civic("import", file, "--yes")
    assert said.code == 4
    assert [one.split(" ", 1)[0] for one in said.err.splitlines()[:-2]] == ["huge.jsonl:1:", "huge.jsonl:2:"]


def test_nothing_within_a_huge_line_is_taken_for_a_line(target: Visitor) -> None:
    """What stands behind the first MiB of a line is no entry of its own, not even where bad lines are left out."""
    hidden = json.dumps(body("smuggled")).encode()
    before = target.entries
    for name, filler in (("blank", b" "), ("filled", b"x")):
        file = target.file(f"{name}.jsonl", [filler * (2**20 + 2) + hidden])
        said = target.civic("import", file, "--yes", "--rejects", f"{name}.rejects")
        assert target.entries == before, f"{name}: {said}"


def test_a_mark_at_the_beginning_is_no_fault(town: Visitor) -> None:
    """A file that begins with a byte order mark, and ends its lines as Windows does, is read all the same."""
    lines = b"\xef\xbb\xbf" + b"\r\n".join(json.dumps(body(slug)).encode() for slug in ("minsk", "kyiv")) + b"\r\n"
    (town.folder / "marked.jsonl").write_bytes(lines)
    assert town.done("import", "marked.jsonl", "--yes").rows[0]["appended"] == 2


def test_a_mark_further_on_is_a_fault(target: Visitor) -> None:
    """A byte order mark is one at the beginning of a file, and nowhere else."""
    mark = b"\xef\xbb\xbf"
    file = target.file("marks.jsonl", [json.dumps(body("minsk")).encode(), mark + json.dumps(body("kyiv")).encode()])
    said = target.civic("import", file, "--yes")
    assert (said.code, said.err.splitlines()[0].split(":")[:3]) == (4, ["marks.jsonl", "2", " line"])


HIDDEN = "Min\u202ek\u200bs\u2066\ufeff\u00ad\u2028\u2029\u061c\U000e0041"
"""Legal in a name, and not to be trusted with a terminal."""
HOSTILE = (
    body("minsk", HIDDEN),
    line("link-formed", link="coventry--minsk", on="1990", wording=HIDDEN, summary=f"{HIDDEN}\n\tnext", note=HIDDEN),
    line("meeting-held", meeting="coventry/2022/council", on="2022", chair=HIDDEN, kind=HIDDEN),
    line("motion-moved", motion="coventry/2022/hidden", on="2022", title=HIDDEN, summary=HIDDEN, mover=HIDDEN),
    line("motion-carried", motion="coventry/2022/hidden", on="2022", vote={"note": HIDDEN}, resolutions=[HIDDEN]),
    line("link-suspended", link="coventry--minsk", on="2022-03", by="coventry", wording=HIDDEN, condition=HIDDEN,
         authority={"power": "resolution", "reference": "coventry/2022/hidden", "office": HIDDEN}),
    line("letter-sent", letter="coventry/2022/letter", on="2022-04", by="coventry", to="minsk", sender=HIDDEN,
         recipient=HIDDEN, encloses=["coventry/2022/hidden"], announces=["coventry--minsk"], summary=HIDDEN),
    line("statement-made", by="coventry", on="2022-04", speaker=HIDDEN, office=HIDDEN, summary=HIDDEN,
         about=["coventry--minsk"]),
    line("pledge-made", pledge="coventry/2022/pledge", on="2022-04", by="coventry", summary=HIDDEN,
         about=["coventry--minsk"]),
)  # fmt: skip
QUESTIONS = (
    "links", "bodies", "decisions", "letters", "pledges", "sources", "show minsk", "show coventry--minsk",
    "show coventry/2022/hidden", "show coventry/2022/letter", "show coventry/2022/pledge", "show 2", "show key:hidden",
    "history", "history coventry--minsk", "why coventry--minsk", "why coventry/2022/letter", "why 4",
    "diff coventry--minsk 1980 2023", "diff 1980 2023", "replay coventry--minsk", "replay",
)  # fmt: skip


@pytest.fixture(scope="module")
def deceived(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    """Somebody whose ledger holds hidden characters wherever they are legal."""
    made = Visitor(tmp_path_factory.mktemp("deceived"))
    made.done("init", "town.ledger", "--body", "coventry")
    evidence = [{"title": HIDDEN, "grade": "press", "source": "page", "publisher": HIDDEN, "url": HIDDEN,
                 "locator": HIDDEN, "quote": HIDDEN, "note": HIDDEN}]  # fmt: skip
    lines: list[bytes | dict[str, object]] = [body("coventry")]
    lines += [{**one, "evidence": evidence, "key": f"{HIDDEN}{place}"} for place, one in enumerate(HOSTILE)]
    lines[-1] = {**HOSTILE[-1], "evidence": evidence, "key": "hidden"}
    made.done("import", made.file("hidden.jsonl", lines), "--yes")
    made.done("links")
    return made


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_hidden_characters_are_shown(
    question: str, form: str, deceived: Visitor, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever is asked, in whatever form: what would turn, hide or break text is printed as an escape."""
    assert run([*question.split(), "--ledger", str(deceived.ledger), "--format", form]) == 0
    said = capfd.readouterr()
    assert said.out
    if form == "tsv":
        assert len({row.count("\t") for row in said.out.splitlines()}) == 1, (
            "a tab stands between columns, and only there"
        )
        said = said._replace(out=said.out.replace("\t", " "))
    assert (unescaped(said.out), unescaped(said.err)) == ([], [])


@pytest.mark.parametrize("command", ["export jsonl", "views dump"])
def test_hidden_characters_are_shown_in_whole_records(
    command: str, deceived: Visitor, capfd: pytest.CaptureFixture[str]
) -> None:
    """What is printed line by line as JSON is escaped, and reads back as the very text."""
    assert run([*command.split(), "--ledger", str(deceived.ledger)]) == 0
    said = capfd.readouterr()
    assert unescaped(said.out) == []
    assert any(HIDDEN in json.dumps(json.loads(one), ensure_ascii=False) for one in said.out.splitlines())


def test_hidden_characters_are_shown_while_recording(town: Visitor) -> None:
    """What is echoed to the clerk - the preview, the entry, an error - is escaped as well."""
    words = ["record", "body-registered", "minsk", "--name", HIDDEN, "--kind", "city", "--country", "BY", "-y"]
    source = ["--source-title", HIDDEN, "--source-grade", "press"]
    for said in (
        town.done(*words, *source, "--dry-run"),
        town.done(*words, *source),
        town.done(*words, *source, "-f", "table"),
        town.civic(*words[:2], HIDDEN, *words[3:], *source),
        town.civic("record", f"{HIDDEN}\x1b[2J"),
        town.civic(f"{HIDDEN}\x1b[2J"),
        town.civic("show", f"{HIDDEN}\x1b[2J"),
        town.civic("links", "--as-of", f"{HIDDEN}\x1b[2J"),
        town.civic("import", f"{HIDDEN}\x1b[2J", "-y"),
        town.civic("help", f"{HIDDEN}\x1b[2J"),
        town.civic("--ledger", f"{HIDDEN}\x1b[2J", "links"),
        town.civic("links", "--errors", "json", "--as-of", f"{HIDDEN}\x1b[2J"),
    ):
        assert (unescaped(said.out), unescaped(said.err)) == ([], []), said


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory, target: Visitor) -> Path:
    """A folder with a ledger, and room for random files."""
    folder = tmp_path_factory.mktemp("scratch")
    copytree(target.ledger, folder / "town.ledger")
    return folder


EASY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from([
    "coventry", "volgograd", LINK, "2022-03-22", "[..2022]", "1944~", "official", "coventry/2022-03-22/ukraine",
])  # fmt: skip
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)
LINES = [json.loads(one) for one in COVENTRY.read_text(encoding="utf-8").splitlines()]


def imported(scratch: Path, content: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    """Import a file, which must end well or be refused in words."""
    (scratch / "random.jsonl").write_bytes(content)
    code = run(["import", str(scratch / "random.jsonl"), "--yes", "--ledger", str(scratch / "town.ledger")])
    said = capfd.readouterr()
    assert code in (0, 4)
    assert ("nothing was written" in said.err) == (code == 4)
    assert unescaped(said.err) == []


@EASY
@given(content=st.binary(max_size=400))
def test_random_bytes_never_surprise(content: bytes, scratch: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Any bytes at all are recorded or refused, and never end in a traceback."""
    imported(scratch, content, capfd)


@EASY
@given(lines=st.lists(JSON, min_size=1, max_size=4))
def test_random_json_never_surprises(lines: list[object], scratch: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Any JSON at all is recorded or refused, and never ends in a traceback."""
    imported(scratch, "\n".join(map(json.dumps, lines)).encode(), capfd)


@EASY
@given(data=st.data())
def test_lines_with_random_members_never_surprise(
    data: st.DataObject, scratch: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A good line of which one member was exchanged for anything is recorded or refused."""
    changed = deepcopy(data.draw(st.sampled_from(LINES)))
    inner: Any = data.draw(st.sampled_from([changed, changed["event"], changed["evidence"][0]]))
    inner[data.draw(st.sampled_from([*inner, "id", "key", "overrides", "note", "by", "kind"]))] = data.draw(JSON)
    imported(scratch, json.dumps(changed).encode(), capfd)


@pytest.mark.parametrize("name", ["views.sqlite", "views.sqlite-journal", "views.sqlite-wal"])
def test_nobody_waits_for_a_pipe_in_the_place_of_the_views(name: str, town: Visitor) -> None:
    """Questions are answered from memory and say what is in the way; checks end with 10; recording goes on."""
    town.done("links")
    town.ledger.joinpath(name).unlink(missing_ok=True)
    os.mkfifo(town.ledger / name)
    said = town.civic("links")
    assert (said.code, "no file" in said.err) == (0, True)
    assert [town.civic(*question.split()).code for question in ("views rebuild", "doctor")] == [10, 10]
    assert town.civic("verify", "--deep").rows[0]["kind"] == "VIEWS-UNREADABLE"
    town.done("record", "note-added", "--about", LINK, "--text", "It is on record.", "-s", "volga-page", "-y")


def test_views_are_made_in_no_file_of_somebody_else(town: Visitor) -> None:
    """A link in their place is not followed."""
    diary = town.folder / "diary.sqlite"
    with closing(sqlite3.connect(diary)) as connection:
        connection.execute("CREATE TABLE diary (day)")
    before = diary.read_bytes()
    town.ledger.joinpath("views.sqlite").unlink(missing_ok=True)
    town.ledger.joinpath("views.sqlite").symlink_to(diary)
    assert [town.civic(*question.split()).code for question in ("links", "views rebuild")] == [0, 10]
    assert diary.read_bytes() == before


@pytest.mark.parametrize("name", ["entries.sqlite", "personal.sqlite", "views.sqlite"])
def test_no_journal_has_a_file_deleted(name: str, town: Visitor) -> None:
    """One that names another: SQLite, when it has rolled back, deletes what is named."""
    town.done("record", "request-received", "--by", "coventry", "--on", "2022-03-01", "--from", "Jane Doe",
              "--summary", "A wish", "-s", "volga-page", "-y")  # fmt: skip
    town.done("links")
    victim = town.folder / "precious"
    victim.write_text("precious")
    magic, named, pages = bytes.fromhex("d9d505f920a163d7"), str(victim).encode(), town.ledger / name
    header = magic + struct.pack(">IIIII", 0, 1, pages.stat().st_size // 4096, 512, 4096)
    tail = struct.pack(">I", 2**30 // 4096 + 1) + named + struct.pack(">II", len(named), sum(named)) + magic
    (town.ledger / f"{name}-journal").write_bytes(header.ljust(512, b"\0") + tail)
    codes = [town.civic(*words.split()).code for words in ("links", "show 1", "verify --deep", "doctor", "backup b")]
    assert victim.exists()
    assert codes[2] == 10
    assert set(codes) - {0, 6, 10, 11} == set()


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO search(search) VALUES ('delete-all')",
        "ALTER TABLE links ADD COLUMN z GENERATED ALWAYS AS (1) VIRTUAL",
        ("DROP TABLE mark; CREATE VIEW mark AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
        "SELECT x AS fingerprint, 1 AS origin, 1 AS position, 1 AS first, 1 AS last FROM c WHERE x < 0"),
        "CREATE TRIGGER t AFTER INSERT ON acts BEGIN DELETE FROM links; END",
    ],
)  # fmt: skip
def test_whatever_was_done_to_the_views_is_found_or_made_anew(change: str, town: Visitor) -> None:
    """What would be computed is not asked, and the index of words is looked at too."""
    told = town.done("links").out
    with closing(sqlite3.connect(town.ledger / "views.sqlite")) as connection:
        connection.executescript(change)
    assert town.civic("verify", "--deep").code == 10
    assert town.done("links").out == told
    town.done("views", "dump")
    if "search" in change:
        assert town.civic("doctor", "--deep").code == 10
        town.done("views", "rebuild")
    assert town.done("doctor", "--deep", "-f", "jsonl").rows[-2]["ok"]
    assert town.civic("verify", "--deep").code == 11


def test_views_that_lag_are_no_finding(town: Visitor) -> None:
    """They are held against a replay as the next question would have them."""
    town.done("record", "request-received", "--by", "coventry", "--on", "2022-03-01", "--from", "Jane Doe",
              "--summary", "A wish", "-s", "volga-page", "-y")  # fmt: skip
    town.done("links")
    order = ["--detail", "from", "--basis", "UK GDPR", "--authority", "statute", "-y"]
    town.done("record", "detail-redacted", "24", *order)
    said = town.civic("verify", "--deep")
    assert (said.code, [row["kind"] for row in said.rows]) == (11, ["DETACHED-ERASED", "CONCLUSION"])


def test_a_name_that_looks_like_an_address_is_the_name_of_a_folder(town: Visitor) -> None:
    """SQLite would take it for one."""
    odd = town.folder / "file:odd?mode=memory"
    odd.mkdir()
    town.ledger.rename(odd / "town.ledger")
    (odd / "town.ledger" / "views.sqlite").unlink(missing_ok=True)
    assert town.done("links", "--ledger", f"{odd.name}/town.ledger").rows
    assert sorted(path.name for path in town.folder.iterdir() if path.name.startswith("odd")) == []
    assert (odd / "town.ledger" / "views.sqlite").stat().st_size
