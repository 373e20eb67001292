"""Votes as plain JSON values: counted, judged against their threshold, and put in words.

No model is imported, so that a question that only reads the views stays light.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple

VoteData = Mapping[str, Any]
"""A vote as JSON has it."""

FIGURES: Final = {
    "for": "for",
    "against": "against",
    "abstained": "abstained",
    "no-vote-cast": "no_vote_cast",
    "absent": "absent",
    "recused": "declared_interest",
}
"""By the way in which a person voted: the figure that counts these people. No figure counts the paired."""

VOTING: Final = ("for", "against", "abstained")
"""The ways that take part in a vote."""


class Judgement(NamedTuple):
    """Whether a vote reached its threshold."""

    result: Literal["reached", "missed", "open"]
    why: str = ""
    """Why it cannot be judged; empty where it can."""
    base: int | None = None
    """The number of which a share was asked, at its lowest; None for a number of votes."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a vote counts: unknown is None, and never 0."""

    given: VoteData
    named: Mapping[str, int]
    """By way: the votes that the names make, each one vote, or its weight where weights are given."""
    people: Mapping[str, int]
    """By way: the names."""
    weighted: bool
    proxies: int

    @classmethod
    def of(cls, vote: VoteData) -> Tally:
        """The tally of a vote."""
        ballots = vote.get("names") or ()
        weighted = any(ballot.get("weight") is not None for ballot in ballots)
        named: Counter[str] = Counter()
        for ballot in ballots:
            weight = ballot.get("weight")
            named[ballot["vote"]] += 1 if weight is None else weight
        people = Counter(ballot["vote"] for ballot in ballots)
        return cls(vote, named, people, weighted, sum(1 for ballot in ballots if ballot.get("proxy_for")))

    def figure(self, field: str) -> int | None:
        """The figure that the vote gives under a field."""
        found: int | None = self.given.get(field)
        return found

    def count(self, way: str) -> int | None:
        """How many voted that way: the figure, or the names where they are complete."""
        figure = self.figure(FIGURES[way])
        return self.named.get(way, 0) if figure is None and self.given.get("names_complete") else figure

    def at_least(self, way: str) -> int:
        """How many are known to have voted that way, by figure or by name."""
        return max(self.count(way) or 0, self.named.get(way, 0))

    @property
    def casting(self) -> str:
        """Which way the casting vote went; empty where there was none."""
        casting = self.given.get("casting_vote")
        return str(casting["way"]) if casting else ""

    def judge(self, *, present: int | None = None, seats: int | None = None) -> Judgement | None:
        """Whether the threshold was reached, by the vote and its meeting; None without a threshold.

        Judged with exact fractions, and only where the numbers that are known prove it.
        """
        threshold = self.given.get("threshold")
        if threshold is None:
            return None
        if isinstance(threshold, str):
            return Judgement("open", "it is given in words only")
        votes = self.count("for")
        if votes is not None:
            return self._judged(threshold, votes, present, seats)
        best = None if self.most_for is None else self._judged(threshold, self.most_for, present, seats)
        if best and best.result == "missed":
            return best
        return Judgement("open", "the number of votes for is not known")

    @property
    def most_for(self) -> int | None:
        """How many can have voted for, where it is known how many votes were cast."""
        cast = self.figure("cast")
        return None if cast is None else cast - self.at_least("against")

    def _judged(self, threshold: VoteData, votes: int, present: int | None, seats: int | None) -> Judgement:
        if "votes" in threshold:
            return self._compared(threshold, votes, None, None)
        return self._of_a_share(threshold, votes, present, seats)

    def _of_a_share(self, threshold: VoteData, votes: int, present: int | None, seats: int | None) -> Judgement:
        if threshold["of"] == "cast":
            cast, against, abstained = self.figure("cast"), self.count("against"), self.count("abstained")
            if cast is not None:
                return self._compared(threshold, votes, cast, cast)
            if against is None:
                return Judgement("open", "the number of votes cast is not known")
            highest = None if abstained is None else votes + against + abstained
            return self._compared(threshold, votes, votes + against, highest)
        if self.weighted:
            return Judgement("open", "the votes are weighted")
        own = self.figure("present")
        base = seats if threshold["of"] == "seats" else present if own is None else own
        if base is None:
            return Judgement("open", f"the number {_OPEN[threshold['of']]} is not in the vote")
        return self._compared(threshold, votes, base, base)

    def _compared(self, threshold: VoteData, votes: int, lowest: int | None, highest: int | None) -> Judgement:
        """Compare with bounds of the base; a casting vote may, or may not, be among the votes counted."""
        casting = self.casting == "for"
        if not _reaches(threshold, votes + casting, lowest):
            return Judgement("missed", base=lowest)
        if lowest is not None and highest is None:
            return Judgement("open", "the number of abstentions is not known")
        if _reaches(threshold, votes, None if highest is None else highest + casting):
            return Judgement("reached", base=lowest)
        return Judgement("open", "the source may or may not count the casting vote" if casting else _ABSTENTIONS)


_OPEN: Final = {"present": "present", "seats": "of seats"}
_ABSTENTIONS: Final = "abstentions may or may not be votes cast"


def _reaches(threshold: VoteData, votes: int, base: int | None) -> bool:
    needed = Fraction(threshold["votes"]) if base is None else Fraction(threshold["share"]) * base
    return votes > needed if threshold.get("more_than") else votes >= needed


def under_half(threshold: object) -> bool:
    """Whether a threshold lets fewer carry a motion than are against it."""
    return isinstance(threshold, Mapping) and "share" in threshold and Fraction(threshold["share"]) < Fraction(1, 2)


# In words

_FIGURE_WORDS: Final = {
    "for": "for",
    "against": "against",
    "abstained": "abstained",
    "no_vote_cast": "present without voting",
    "absent": "absent",
    "present": "present",
    "cast": "votes cast",
    "declared_interest": "declared an interest",
}
_WAY_WORDS: Final = {
    "for": "for",
    "against": "against",
    "abstained": "abstained",
    "no-vote-cast": "present without voting",
    "absent": "absent",
    "recused": "recused",
    "paired": "paired",
}
_BASES: Final = {"cast": "the votes cast", "present": "those present", "seats": "the seats"}


def in_words(vote: VoteData) -> str:
    """A vote as it is known, and that nothing more is known."""
    figures = ", ".join(f"{vote[field]} {word}" for field, word in _FIGURE_WORDS.items() if vote.get(field) is not None)
    casting = vote.get("casting_vote")
    parts = [
        *([figures] if figures else []),
        *([f"casting vote {casting['way']} by {casting['by']}"] if casting else []),
        *([_so_many_named(vote)] if vote.get("names") else []),
    ]
    if vote.get("unanimous"):
        parts = ["unanimous", *parts] if parts else ["unanimous (figures not reported)"]
    return ", ".join([*(parts or ["vote reported without figures"]), *_judged(vote)])


def _so_many_named(vote: VoteData) -> str:
    return f"{len(vote['names'])} named{', not all' if vote.get('names_complete') is False else ''}"


def _judged(vote: VoteData) -> Iterator[str]:
    """The threshold, and whether it was reached as far as the vote itself says."""
    judgement = Tally.of(vote).judge()
    if judgement:
        result = f"not judged: {judgement.why}" if judgement.result == "open" else judgement.result
        yield f"threshold {threshold_in_words(vote['threshold'])} ({result})"


def threshold_in_words(threshold: object) -> str:
    """What a vote must reach to carry; the source's own words in quotation marks."""
    if not isinstance(threshold, Mapping):
        return f'"{threshold}"'
    more = "more than " if threshold.get("more_than") else ""
    if "votes" in threshold:
        asked = f"{more}{threshold['votes']} vote{'' if threshold['votes'] == 1 else 's'}"
    else:
        asked = f"{more}{threshold['share']} of {_BASES[threshold['of']]}"
    return f'{asked} "{threshold["words"]}"' if threshold.get("words") else asked


def details(vote: VoteData) -> Iterator[str]:
    """What a vote holds beside its figures, a line each: its method, who voted which way, its note."""
    if vote.get("method"):
        yield f"method: {vote['method']}"
    ballots = vote.get("names") or ()
    for way, words in _WAY_WORDS.items():
        people = [_person(ballot) for ballot in ballots if ballot["vote"] == way]
        if people:
            yield f"{words}: {', '.join(people)}"
    if vote.get("note"):
        yield f"note: {vote['note']}"


def _person(ballot: Mapping[str, Any]) -> str:
    marks = [
        *([ballot["party"]] if ballot.get("party") else []),
        *([f"proxy for {ballot['proxy_for']}"] if ballot.get("proxy_for") else []),
        *([f"with {ballot['paired_with']}"] if ballot.get("paired_with") else []),
        *([f"weight {ballot['weight']}"] if ballot.get("weight") is not None else []),
    ]
    return f"{ballot['person']} ({', '.join(marks)})" if marks else str(ballot["person"])
