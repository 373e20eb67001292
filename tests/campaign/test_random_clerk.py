"""A random clerk records whatever comes, and the ledger answers as a slow, obvious model does."""

from __future__ import annotations

import itertools
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from domain.catalogue import EVENTS
from tests.campaign.beside import Beside, edges
from tests.campaign.clerk import LINKS, WISHES, Wish, opening, told
from tests.campaign.entries import FOREVER
from tests.campaign.links import tag_of
from tests.campaign.telling import Telling
from tests.campaign.worlds import TooMany

SOME_WISHES = st.sampled_from([1, 1, 1, 1, 1, 1, 0, 2, 3]).flatmap(
    lambda count: st.lists(WISHES, min_size=count, max_size=count)
)
"""What is told together; nothing new one time in nine."""


class RandomClerk(RuleBasedStateMachine):
    """Somebody who records whatever comes."""

    def __init__(self) -> None:
        super().__init__()
        self.both = Beside()
        self.keys = itertools.count(1)
        self.failed = False
        self.both.tell(opening())

    @rule(
        wishes=SOME_WISHES,
        later=st.sampled_from([0, 0, 0, 40]),
        follow=st.sampled_from([0, 0, 1, 3, 1000]),
        ask=st.tuples(st.integers(0, 250), st.integers(0, 250), st.integers(0, 9)),
    )
    def act(self, wishes: list[Wish], later: int, follow: int, ask: tuple[int, int, int]) -> None:
        """Somebody tells the ledger something, new or once more, and asks it something."""
        try:
            with self.both.telling_the_story():
                self.both.day += later
                if wishes:
                    step(self.both, wishes, self.keys)
                else:
                    self.both.tell_again(-1 - ask[0] % len(self.both.batches))
                if follow:
                    self.both.follow(follow)
                self.both.ask(*asked(self.both, *ask))
        except BaseException:
            self.failed = True
            raise

    def teardown(self) -> None:
        """At the end, everything is asked."""
        if not self.failed:
            with self.both.telling_the_story():
                self.both.finish()
        self.both.live.close()


def step(both: Beside, wishes: list[Wish], keys: itertools.count[int]) -> None:
    """Tell the ledger what is wished, seen what is on record; more than one wish in one batch."""
    entries = list(both.entries)
    tellings: list[Telling] = []
    for wish in wishes:
        wished = told(wish, entries, both.stands)
        if wished is None:
            continue
        name, event = wished
        overrides = ("link/transition",) if wish.opens and EVENTS[name].cycle == "link" else ()
        # Who asks is told of a person: without a key, the id of such an entry is random, and nobody's to foretell.
        of_people = "request-received" in (name, (event.get("instead") or {}).get("type"))
        key = f"k{next(keys)}" if wish.keyed or of_people or len(wishes) > 1 else None
        telling = Telling(name, event, wish.evidence, overrides, key)
        entry = telling.entry(len(entries) + 1, both.day)
        if all(one.id != entry.id for one in entries):
            entries.append(entry)
            tellings.append(telling)
    if tellings:
        with suppress(TooMany):
            both.tell(tellings)


def asked(both: Beside, as_of: int, known_by: int, back: int) -> tuple[str, int, int, int]:
    """A link, a day, a day by which it was known, and a position: of those that matter."""
    link = LINKS[as_of % len(LINKS)]
    last = both.batches[-1 - (back if back < 5 else 0) % len(both.batches)].entries[-1].position
    past = both.held(last)
    days = edges(past, tag_of(link))
    by = FOREVER if known_by % 4 == 0 else past.knowns[known_by % len(past.knowns)]
    return link, days[as_of % len(days)], by, last


def campaign(runs: int) -> settings:
    """So many runs of fifty steps."""
    return settings(max_examples=runs, stateful_step_count=50, suppress_health_check=list(HealthCheck))


class AnotherRandomClerk(RandomClerk):
    """Somebody else, who may go to another core - and who, where examples are the same each time, draws others."""


@pytest.mark.parametrize("clerk", [RandomClerk, AnotherRandomClerk])
def test_the_ledger_answers_as_a_slow_and_obvious_model(clerk: type[RandomClerk]) -> None:
    """Fifty runs: whatever was recorded, the views, the reasons and the acceptance are the model's."""
    run_state_machine_as_test(clerk, settings=campaign(25))


@pytest.mark.long
def test_the_ledger_answers_as_the_model_in_a_long_campaign() -> None:
    """Two thousand runs too."""
    run_state_machine_as_test(RandomClerk, settings=campaign(2_000))
