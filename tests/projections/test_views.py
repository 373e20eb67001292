"""Views: live and rebuilt alike, in whatever order the story was recorded."""

from __future__ import annotations

import json
import os
import random
import subprocess
import threading
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.dates import OPEN
from domain.entry import Draft, Entry, UnknownEvent
from domain.samples import EVIDENCE
from ledger.application import Ledger
from ledger.errors import Refused
from projections import projection, questions, views
from projections.views import Mark
from tests.books import NOW, Pages, dump, in_memory, on_disk, story, without_recording
from tests.domain.story import LINK, body, link, told

BOTH = [*story("coventry"), *story("manchester")]


def recorded_in_any_order(ledger: Ledger, drafts: list[Draft]) -> None:
    """Record one at a time, coming back later to what the rules do not accept yet."""
    waiting = drafts
    while waiting:
        refused = []
        for draft in waiting:
            try:
                ledger.record([draft])
            except Refused:
                refused.append(draft)
        assert len(refused) < len(waiting), "no order is accepted"
        waiting = refused


EXPECTED: list[str] = []


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.permutations(BOTH), st.booleans())
def test_recording_in_any_order_gives_the_same_views(drafts: list[Draft], at_once: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever order the rules accept, and in one batch or singly, the dumps are the same."""
    if not EXPECTED:
        ledger = in_memory()
        ledger.record(BOTH)
        EXPECTED.extend(dump(ledger))
    ledger = in_memory()
    if at_once:
        ledger.record(drafts)
    else:
        recorded_in_any_order(ledger, drafts)
    found = without_recording([json.loads(line) for line in dump(ledger)])
    assert found == without_recording([json.loads(line) for line in EXPECTED])


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(1, 6), min_size=1, max_size=8), st.integers(1, 7))
def test_live_and_rebuilt_views_are_equal_bytes(steps: list[int], batch: int) -> None:
    """Caught up now and then, in batches of any size, or rebuilt at once: the same dump."""
    ledger = in_memory()
    drafts = list(BOTH)
    with pytest.MonkeyPatch.context() as patch, closing(views.connect(":memory:")) as live:
        patch.setattr(projection, "BATCH", batch)
        views.make(live, "test")
        for step in [*steps, len(drafts)]:
            several, drafts = drafts[:step], drafts[step:]
            if several:
                ledger.record(several)
            projection.catch_up(live, Pages(ledger), Mark("test", 10**6))
        assert list(views.dump(live)) == dump(ledger)


def test_two_racing_catch_ups_apply_nothing_twice(tmp_path: Path) -> None:
    """Whoever has the lock reads the position again."""
    ledger = on_disk(tmp_path)
    ledger.record(BOTH)
    path = tmp_path / "views.sqlite"
    with closing(views.connect(path)) as connection:
        views.make(connection, "test")

    def follow() -> None:
        with closing(views.connect(path)) as connection:
            projection.catch_up(connection, Pages(ledger), Mark("test", 10**6))

    racers = [threading.Thread(target=follow) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    with closing(views.connect(path)) as connection:
        assert list(views.dump(connection)) == dump(ledger)
    ledger.close()


def test_a_failed_catch_up_leaves_the_views_where_they_were() -> None:
    """Rows and position are written together or not at all; an unknown type is refused by name."""
    ledger = in_memory()
    ledger.record(BOTH)

    class WithAnUnknown(Pages):
        def read(self, after: int, limit: int) -> list[Entry]:
            from dataclasses import replace

            entries = list(super().read(after, limit))
            return [
                replace(one, event=UnknownEvent("pact-sworn/1", {}), type="pact-sworn/1") if one.position == 5 else one
                for one in entries
            ]

    with closing(views.connect(":memory:")) as connection:
        views.make(connection, "test")
        with pytest.raises(projection.UnknownType, match="entry 5 is of type pact-sworn/1"):
            projection.catch_up(connection, WithAnUnknown(ledger), Mark("test", 10**6))
        assert list(views.dump(connection)) == []
        assert views.mark(connection) == Mark("test")


def test_views_of_another_release_are_not_trusted(tmp_path: Path) -> None:
    """Another shape of tables, or a file that is none, gives no mark."""
    path = tmp_path / "views.sqlite"
    with closing(views.connect(path)) as connection:
        assert views.mark(connection) is None
        views.make(connection, "test")
        assert views.mark(connection) == Mark("test")
        connection.execute("UPDATE mark SET fingerprint = 'older'")
        assert views.mark(connection) is None
    path.write_bytes(b"this is no database, whatever it was before" * 100)
    with closing(views.connect(path)) as connection:
        assert views.mark(connection) is None


def test_what_a_killed_rebuild_left_goes_with_the_next(tmp_path: Path) -> None:
    """What a process that runs is making stays."""
    ended = subprocess.Popen(["/bin/true"])
    ended.wait()
    path, kept = tmp_path / "views.sqlite", [f"views.sqlite.{os.getppid()}.new", "views.sqlite.mine.new"]
    for name in (f"views.sqlite.{ended.pid}.new", f"views.sqlite.{2**80}.new", *kept):
        (tmp_path / name).write_bytes(b"half")
    with closing(on_disk(tmp_path)) as ledger:
        ledger.record(BOTH)
        projection.rebuild(path, Pages(ledger), Mark("test", 10**6))
    assert sorted(one.name for one in tmp_path.glob("*.new")) == sorted(kept)


def test_views_with_a_damaged_page_can_be_made_anew(tmp_path: Path) -> None:
    """A file that opens but contradicts itself is thrown away, not filled."""
    ledger = on_disk(tmp_path)
    ledger.record(BOTH)
    path = tmp_path / "views.sqlite"
    projection.rebuild(path, Pages(ledger), Mark("test"))
    whole = bytearray(path.read_bytes())
    for place in range(4096, len(whole), 4096):  # the head of every page but the first
        whole[place : place + 16] = b"\xff" * 16
    path.write_bytes(bytes(whole))
    projection.rebuild(path, Pages(ledger), Mark("test"))
    with closing(views.connect(path)) as connection:
        assert list(views.dump(connection)) == dump(ledger)
    ledger.close()


def test_the_rectangles_of_a_link_do_not_overlap_and_cover_every_day() -> None:
    """For each day known and each day valid there is at most one row."""
    ledger = in_memory()
    ledger.record(BOTH)
    with closing(views.connect(":memory:")) as connection:
        projection.fill(connection, Pages(ledger), Mark("test"))
        for register in questions.BY_NAME.values():
            days = [date(2022, month, day).toordinal() for month in (2, 3, 4) for day in range(1, 29, 3)]
            for known in [*days, NOW.toordinal(), OPEN - 1]:
                for day in days:
                    names = [row[register.subject] for row in questions.rows(connection, register, day, known)]
                    assert len(names) == len(set(names))


def at(
    ledger: Ledger, as_of: str, known_by: str | None = None, register: str = "links"
) -> dict[str, dict[str, object]]:
    """A register on a day, by its subject."""
    with closing(views.connect(":memory:")) as connection:
        projection.fill(connection, Pages(ledger), Mark("test"))
        known = date.fromisoformat(known_by).toordinal() if known_by else OPEN - 1
        found = questions.BY_NAME[register]
        rows = questions.rows(connection, found, date.fromisoformat(as_of).toordinal(), known)
        return {str(row[found.subject]): row for row in rows}


@pytest.fixture(scope="module")
def founding() -> Ledger:
    """Both founding stories."""
    ledger = in_memory()
    ledger.record(BOTH)
    return ledger


def test_coventry_is_suspended_by_its_own_decision(founding: Ledger) -> None:
    """Suspended since the meeting; active before it, without doubt; the other link is proposed only."""
    now = at(founding, "2026-11-22")
    volgograd, mariupol = now["coventry--volgograd"], now["coventry--mariupol"]
    assert (volgograd["standing"], volgograd["since"], volgograd["suspended_by"]) == (
        "suspended",
        "2022-03-22",
        ["coventry"],
    )
    assert (volgograd["grade"], volgograd["wording"], volgograd["kind"]) == ("council", "pause", "twinning")
    assert mariupol["standing"] == "proposed"
    before = at(founding, "2022-03-01")
    assert (before["coventry--volgograd"]["standing"], before["coventry--volgograd"]["certainty"]) == ("active", "yes")
    assert "coventry--mariupol" not in before


def test_a_letter_between_two_dates_is_possibly_sent(founding: Ledger) -> None:
    """As of 25 March the letter may have been sent; as of 4 April it was."""
    letter = at(founding, "2022-03-25", register="letters")["coventry/2022/volgograd"]
    assert (letter["certainty"], letter["possible"]) == ("possibly", ["none", "sent"])
    assert at(founding, "2022-04-04", register="letters")["coventry/2022/volgograd"]["certainty"] == "yes"
    assert at(founding, "2022-03-22", register="letters") == {}


def test_manchester_only_announced(founding: Ledger) -> None:
    """A friendship, active, with a flag; nothing was known of the announcement the day before it."""
    petersburg = at(founding, "2026-11-22")["manchester--st-petersburg"]
    assert (petersburg["kind"], petersburg["standing"], petersburg["flags"]) == (
        "friendship",
        "active",
        ["suspension-announced"],
    )
    assert at(founding, "2022-02-25", "2022-02-25") == {}
    known = at(founding, "2022-12-31", "2022-12-31")["manchester--st-petersburg"]
    assert known["flags"] == ["suspension-announced"]


def test_glasgow_is_told_by_a_third_party(founding: Ledger) -> None:
    """Hearsay with a doubtful date, on a link whose beginning is assumed."""
    rostov = at(founding, "2026-11-22")["glasgow--rostov-on-don"]
    assert (rostov["standing"], rostov["since"], rostov["grade"], rostov["assumed"]) == (
        "suspended",
        "2022-02-25?",
        "third-party",
        True,
    )
    doubtful = at(founding, "2022-02-25")["glasgow--rostov-on-don"]
    assert (doubtful["certainty"], doubtful["possible"]) == ("possibly", ["active", "none", "suspended"])


def test_a_resumption_known_before_its_suspension_is_unexplained() -> None:
    """What was known may contradict the table: folded by effect, and said so; never an error."""
    early = EVIDENCE.model_validate_json('{"title": "a", "grade": "press", "published": "2023-01-02"}')
    late = EVIDENCE.model_validate_json('{"title": "b", "grade": "press", "published": "2024-01-02"}')
    ledger = in_memory()
    ledger.record(
        [
            *(Draft(body(slug), (early,)) for slug in ("coventry", "volgograd")),
            Draft(link("link-formed", "1944"), (early,)),
            Draft(link("link-suspended", "2022-03-22", "coventry"), (late,)),
            Draft(link("link-resumed", "2023-01-01", "coventry"), (early,)),
        ]
    )
    row = at(ledger, "2023-06-01", "2023-06-01")[LINK]
    assert (row["standing"], row["certainty"], row["unexplained"]) == ("active", "possibly", True)
    explained = at(ledger, "2023-06-01")[LINK]
    assert (explained["certainty"], explained["unexplained"]) == ("yes", False)


def test_a_link_listed_by_a_third_party_is_reported_only() -> None:
    """It is shown, with a flag, and never as standing."""
    ledger = in_memory()
    weak = EVIDENCE.model_validate_json('{"title": "a page", "grade": "third-party"}')
    ledger.record(
        [
            *(Draft(body(slug), (weak,)) for slug in ("coventry", "volgograd")),
            Draft(told("link-listed", link=LINK, on="2008", where="a page", listed=True, kind="twinning"), (weak,)),
        ]
    )
    row = at(ledger, "2026-01-01")[LINK]
    assert (row["standing"], row["flags"], row["certainty"]) == ("none", ["reported-only"], "possibly")


def test_the_first_spelling_is_shown_and_either_finds_it() -> None:
    """A link is an unordered pair; the spelling recorded first is canonical."""
    ledger = in_memory()
    turned = "volgograd--coventry"
    ledger.record(
        [
            Draft(one, (EVIDENCE,))
            for one in (body("coventry"), body("volgograd"), told("link-formed", link=turned, on="1944"))
        ]
    )
    ledger.record([Draft(link("link-suspended", "2022", "coventry"), (EVIDENCE,))])
    assert at(ledger, "2026-01-01")[turned]["standing"] == "suspended"


def test_many_random_stories_survive_a_rebuild() -> None:
    """Whatever a random clerk gets recorded, a rebuild gives the same bytes as following it live."""
    chance = random.Random(11)  # noqa: S311 - a fixed story
    events = ["link-suspended", "link-resumed", "review-opened", "link-retained", "link-ended", "ending-rescinded"]
    ledger = in_memory()
    ledger.record(
        [Draft(one, (EVIDENCE,)) for one in (body("coventry"), body("volgograd"), link("link-formed", "1944"))]
    )
    with closing(views.connect(":memory:")) as live:
        views.make(live, "test")
        for _ in range(60):
            on = f"{chance.randint(1990, 2020)}" + chance.choice(["", "-03", "?", "-05-05"])
            event = link(chance.choice(events), on, chance.choice(["coventry", "volgograd"]))
            try:
                ledger.record([Draft(event, (EVIDENCE,))])
            except Refused:
                continue
            projection.catch_up(live, Pages(ledger), Mark("test", 10**6))
        assert list(views.dump(live)) == dump(ledger)
        assert len(list(ledger.read())) > 8
