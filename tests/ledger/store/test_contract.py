"""The contract of every recorder: the library's own test case, and what our application relies on beyond it."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem, DCBRecorder
from eventsourcing.dcb.popo import InMemoryDCBRecorder
from eventsourcing.dcb.tests import DCBRecorderTestCase
from eventsourcing.persistence import IntegrityError, ProgrammingError
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.store import file
from ledger.store.sqlite import SQLiteRecorder

Found = tuple[list[tuple[int, str, bytes, list[str]]], int | None]

TAGS = st.lists(st.sampled_from(["body:x", "body:y", "link:x--y", "Link:x--y"]), max_size=3)
TYPES = st.sampled_from(["noted/1", "moved/1", "carried/1"])
EVENTS = st.builds(DCBEvent, type=TYPES, data=st.binary(max_size=2), tags=TAGS)
QUERIES = st.none() | st.builds(
    DCBQuery, st.lists(st.builds(DCBQueryItem, types=st.lists(TYPES, max_size=2), tags=TAGS), max_size=3)
)
POSITIONS = st.none() | st.integers(min_value=0, max_value=14)


@pytest.fixture(params=["memory", "sqlite"])
def recorder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DCBRecorder]:
    """An empty recorder of each kind."""
    if request.param == "memory":
        yield InMemoryDCBRecorder()
        return
    file.create(tmp_path / "entries.sqlite")
    with closing(SQLiteRecorder(tmp_path / "entries.sqlite")) as made:
        yield made


def note(*tags: str, name: str = "noted/1", data: bytes = b"{}") -> DCBEvent:
    """An event that bears these tags."""
    return DCBEvent(name, data, list(tags))


def tagged(*tags: str) -> DCBQuery:
    """All events that bear all these tags."""
    return DCBQuery([DCBQueryItem(tags=list(tags))])


def found(
    recorder: DCBRecorder, query: DCBQuery | None = None, after: int | None = None, limit: int | None = None
) -> Found:
    """All that a reading tells."""
    response = recorder.read(query, after=after, limit=limit)
    return [(one.position, one.event.type, one.event.data, one.event.tags) for one in response], response.head


def test_the_library_agrees_on_reading_and_appending(recorder: DCBRecorder) -> None:
    """It passes the library's test case."""
    DCBRecorderTestCase()._test_append_read(recorder)  # noqa: SLF001  # the library names it so for its heirs


def test_the_library_agrees_on_subscribing(recorder: DCBRecorder) -> None:
    """It passes the library's test case of subscriptions."""
    DCBRecorderTestCase()._test_append_subscribe(recorder)  # noqa: SLF001  # as above


def test_tags_come_back_as_they_were_given(recorder: DCBRecorder) -> None:
    """Their order and their repetitions are kept, and so is having none."""
    given_tags = [["z", "a", "m", "a"], [], ["z"]]
    recorder.append([note(*tags) for tags in given_tags])
    assert [tags for _, _, _, tags in found(recorder)[0]] == given_tags
    assert [position for position, *_ in found(recorder, tagged("a", "a", "z"))[0]] == [1]


def test_nothing_to_append_is_an_error(recorder: DCBRecorder) -> None:
    """A batch without events is a mistake of the caller."""
    with pytest.raises(ProgrammingError):
        recorder.append([])


def test_a_refused_batch_leaves_nothing(recorder: DCBRecorder) -> None:
    """When the condition fails, no event of the batch is there and no position is used up."""
    recorder.append([note("body:x")])
    with pytest.raises(IntegrityError):
        recorder.append([note("body:y"), note("body:x")], DCBAppendCondition(tagged("body:x"), after=None))
    assert recorder.append([note("body:y")], DCBAppendCondition(tagged("body:x"), after=1)) == 2
    assert found(recorder)[1] == 2


def test_a_condition_on_everything_fails_with_any_newer_event(recorder: DCBRecorder) -> None:
    """An empty query stands for every event."""
    assert recorder.append([note()], DCBAppendCondition()) == 1
    assert recorder.append([note()], DCBAppendCondition(after=1)) == 2
    for after in (None, 0, 1):
        with pytest.raises(IntegrityError):
            recorder.append([note()], DCBAppendCondition(after=after))
    assert recorder.append([note()], DCBAppendCondition(after=7)) == 3


@pytest.mark.parametrize("query", [None, tagged("body:x"), DCBQuery([DCBQueryItem(types=["noted/1"])])])
def test_a_reading_shows_one_moment(recorder: DCBRecorder, query: DCBQuery | None) -> None:
    """Events appended while a long reading goes on are not part of it."""
    recorder.append([note("body:x")] * 2_500)
    response = recorder.read(query)
    first = next(response)
    recorder.append([note("body:x")])
    assert [first.position, *(event.position for event in response)] == list(range(1, 2_501))
    assert response.head == 2_500


def test_a_large_query_is_answered(recorder: DCBRecorder) -> None:
    """Twenty thousand items are looked up, in a reading and in a condition."""
    recorder.append([note("link:3", "body:x"), note("link:5"), note("link:-1")])
    query = DCBQuery([DCBQueryItem(["noted/1", "moved/1"], [f"link:{number}"]) for number in range(20_000)])
    assert [position for position, *_ in found(recorder, query)[0]] == [1, 2]
    with pytest.raises(IntegrityError):
        recorder.append([note()], DCBAppendCondition(query, after=1))
    assert recorder.append([note()], DCBAppendCondition(query, after=2)) == 4


def test_an_item_may_name_many_types_and_tags(recorder: DCBRecorder) -> None:
    """Five hundred tags and two thousand types in one item are compared."""
    tags, types = [f"body:{number}" for number in range(500)], [f"type-{number}/1" for number in range(2_000)]
    recorder.append([note(*tags, name="type-7/1"), note(*tags[1:], name="type-1900/1"), note(*tags)])
    assert [position for position, *_ in found(recorder, DCBQuery([DCBQueryItem(types, tags)]))[0]] == [1]
    assert [position for position, *_ in found(recorder, DCBQuery([DCBQueryItem(types)]))[0]] == [1, 2]


def test_threads_lose_nothing(recorder: DCBRecorder) -> None:
    """Four threads that each append on condition, and look again when refused, record everything in turn."""

    def work() -> None:
        for _ in range(10):
            while True:
                seen = recorder.read(tagged("body:x"))
                event = note("body:x", data=str(len(list(seen))).encode())
                try:
                    recorder.append([event], DCBAppendCondition(tagged("body:x"), after=seen.head))
                except IntegrityError:
                    continue
                break

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [int(data) for _, _, data, _ in found(recorder)[0]] == list(range(40))


def test_stopping_ends_a_subscription_that_waits(recorder: DCBRecorder) -> None:
    """A thread blocked in `next` gets away when another stops the subscription."""
    recorder.append([note("body:x"), note("body:y")])
    seen: list[int] = []
    with recorder.subscribe(tagged("body:y")) as subscription:
        seen.append(next(subscription).position)
        thread = threading.Thread(target=lambda: seen.extend(event.position for event in subscription))
        thread.start()
        recorder.append([note("body:x"), note("body:y")])
        thread.join(0.3)
        assert thread.is_alive()
        subscription.stop()
        thread.join(5)
        assert not thread.is_alive()
    assert seen == [2, 4]


@settings(max_examples=150, deadline=None)
@given(
    batches=st.lists(st.lists(EVENTS, min_size=1, max_size=4), max_size=3),
    query=QUERIES,
    after=POSITIONS,
    limit=st.none() | st.integers(min_value=0, max_value=5),
)
def test_sqlite_answers_like_the_memory(
    batches: list[list[DCBEvent]], query: DCBQuery | None, after: int | None, limit: int | None
) -> None:
    """Whatever is recorded and whatever is asked, both recorders tell the same, and refuse the same."""
    memory = InMemoryDCBRecorder()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "entries.sqlite"
        file.create(path)
        with closing(SQLiteRecorder(path)) as sqlite:
            for batch in batches:
                assert sqlite.append(batch) == memory.append(batch)
            assert found(sqlite, query, after, limit) == found(memory, query, after, limit)
            condition = DCBAppendCondition(query or DCBQuery(), after)
            assert appended(sqlite, condition) == appended(memory, condition)
            assert found(sqlite) == found(memory)


def appended(recorder: DCBRecorder, condition: DCBAppendCondition) -> int | None:
    """The position of one more event, None if the condition fails."""
    try:
        return recorder.append([note()], condition)
    except IntegrityError:
        return None
