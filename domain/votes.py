"""Votes: what their figures and names can be, and which outcome can follow from them.

Only what is known is compared: a figure left out is unknown, and unknown is never 0.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Literal

from domain import thresholds
from domain.rules import Query, Refusal, so_many

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.values import Ballot, Vote

Outcome = Literal["carried", "lost"]

_FIELDS: Final = {
    "for": "for_",
    "against": "against",
    "abstained": "abstained",
    "no-vote-cast": "no_vote_cast",
    "absent": "absent",
}
"""By the way in which somebody votes: the field that counts them."""

_TITLES: Final = frozenset(
    {"alderman", "cllr", "councillor", "councilor", "dr", "hon", "lady", "lord", "madam", "miss", "mr", "mrs", "ms",
     "right", "rt", "sir", "the", "worshipful"}
)  # fmt: skip
_PRESIDES: Final = frozenset(
    {"chair", "chairman", "chairperson", "chairwoman", "convener", "mayor", "mayoress", "president", "presiding",
     "provost", "speaker"}
)  # fmt: skip
_OFFICES: Final = _PRESIDES | {"chief", "clerk", "deputy", "executive", "leader", "officer", "secretary", "vice"}


def vote_faults(vote: Vote, outcome: Outcome) -> Iterator[Refusal]:
    """What is wrong with a vote in itself, and with the outcome that it is told to have had."""
    yield from _dissent(vote)
    yield from _names(vote)
    yield from _casting(vote, outcome)
    yield from _lost_or_carried(vote, outcome)
    yield from threshold_missed(vote, outcome, present=vote.present)
    if vote.present is not None:
        yield from fewer_than_present(vote, vote.present)


def count(vote: Vote, way: str) -> int | None:
    """How many voted so: the figure, or the names where they are complete; None when neither is known."""
    given: int | None = getattr(vote, _FIELDS[way])
    return _named(vote, way) if given is None and vote.names_complete else given


def fewer_than_present(vote: Vote, present: int, where: str = "") -> Iterator[Refusal]:
    """Ask where the others are, when all that are known to have voted, or not, are fewer than those present."""
    found = None if _weighted(vote) else _accounted_for(vote)
    if found is not None and found < present:
        yield Query(
            "vote/fewer-than-present",
            f"{found} of {so_many(present, 'member')} present{where} {'is' if found == 1 else 'are'} accounted for",
            field="vote",
            mend="look in the source for who cast no vote (no_vote_cast), and leave out what it does not say",
        )


def more_than_seats(vote: Vote, seats: int, where: str) -> Iterator[Refusal]:
    """Refuse more votes than there are seats, proxies and a casting vote."""
    if _weighted(vote):
        return
    ways = [known for way in ("for", "against", "abstained") if (known := count(vote, way)) is not None]
    voted = max(vote.cast or 0, sum(ways))
    proxies = sum(1 for ballot in vote.names if ballot.proxy_for)
    if voted > seats + proxies + (vote.casting_vote is not None):
        given = so_many(seats, "seat") + (f" and {so_many(proxies, 'proxy', 'proxies')}" if proxies else "")
        yield Refusal(
            "vote/names-match-counts",
            f"{so_many(voted, 'vote')}{where}, with {given}",
            field="vote",
            mend="look at the figures and at the number of seats again; whose vote another casts is told by proxy_for",
        )


def casting_vote_of_another(vote: Vote, chair: str, where: str) -> Iterator[Refusal]:
    """Refuse a casting vote that somebody gave who did not preside, when both are named."""
    if vote.casting_vote and _others(vote.casting_vote.by, chair):
        yield Refusal(
            "vote/outcome-follows",
            f"the casting vote is told of {vote.casting_vote.by}, and {chair} presided{where}",
            field="vote",
            mend="look again at who presided over this vote, and at whose casting vote it was",
        )


def threshold_missed(
    vote: Vote, outcome: Outcome, *, present: int | None = None, seats: int | None = None
) -> Iterator[Refusal]:
    """Refuse what carried without the votes that were needed, as far as numbers that are known prove it."""
    threshold = thresholds.read(vote.threshold) if vote.threshold and outcome == "carried" else None
    votes, against = count(vote, "for"), count(vote, "against")
    if threshold is None or votes is None:
        return
    votes += vote.casting_vote is not None and vote.casting_vote.way == "for"
    if threshold.base == "voting":
        base = None if against is None else votes + against
    else:
        base = None if _weighted(vote) else present if threshold.base == "present" else seats
    if threshold.share is None:
        base = 0
    if base is not None and threshold.missed(votes, base):
        of = {"voting": "voting", "present": "present", "all": "seats"}[threshold.base]
        yield Refusal(
            "vote/outcome-follows",
            f"told as carried with {votes} for{f' of {base} {of}' if threshold.share else ''}, "
            f"where the threshold is {vote.threshold}",
            field="vote",
            mend="look at the figures, the threshold and the outcome again; leave out what the source does not say",
        )


def _dissent(vote: Vote) -> Iterator[Refusal]:
    dissent = [ballot.person for ballot in vote.names if ballot.vote == "against"]
    if vote.unanimous and (vote.against or dissent):
        who = ", ".join(dissent) or str(vote.against)
        yield Refusal(
            "vote/unanimous",
            f"the vote is called unanimous, with {who} against",
            field="vote",
            mend="leave out one of the two: write what the source says",
        )


def _names(vote: Vote) -> Iterator[Refusal]:
    told = Counter(_who(ballot) for ballot in vote.names)
    twice = next((ballot for ballot in vote.names if told[_who(ballot)] > 1), None)
    if twice:
        whose = f" for {twice.proxy_for}" if twice.proxy_for else ""
        yield Refusal(
            "vote/names-match-counts",
            f"{twice.person} is named twice{whose}",
            field="vote",
            mend="name each once; a vote cast for somebody else says so in proxy_for; tell two of one name apart",
        )
    for way, field in _FIELDS.items():
        counted, named = getattr(vote, field), _named(vote, way)
        if counted is None or named == counted or (named < counted and not vote.names_complete):
            continue
        yield Refusal(
            "vote/names-match-counts",
            f"the names make {named} {way.replace('-', ' ')}, and the figure is {counted}",
            field="vote",
            mend="look at names and figure again; leave out a figure, or names_complete, that the source does not give",
        )


def _casting(vote: Vote, outcome: Outcome) -> Iterator[Refusal]:
    casting = vote.casting_vote
    if casting is None:
        return
    votes, against = count(vote, "for"), count(vote, "against")
    if votes is not None and against is not None:
        ahead = votes - against if casting.way == "for" else against - votes
        if ahead not in (0, 1):  # 1 where the casting vote is among the votes counted
            yield Refusal(
                "vote/outcome-follows",
                f"a casting vote {casting.way}, with {votes} for and {against} against: that was no tie",
                field="vote",
                mend="look at the figures again; a vote that broke no tie is none that was casting",
            )
    if (casting.way == "for") != (outcome == "carried") and not vote.threshold:
        yield Refusal(
            "vote/outcome-follows",
            f"told as {outcome}, with a casting vote {casting.way}",
            field="vote",
            mend="look again at the outcome, and at which way the casting vote went",
        )


def _lost_or_carried(vote: Vote, outcome: Outcome) -> Iterator[Refusal]:
    votes, against = count(vote, "for"), count(vote, "against")
    if votes is None or against is None or vote.casting_vote:
        return
    threshold = thresholds.read(vote.threshold) if vote.threshold else None
    if outcome == "carried" and votes <= against and not (threshold and threshold.under_half):
        yield Refusal(
            "vote/outcome-follows",
            f"told as carried with {votes} for and {against} against",
            field="vote",
            mend="look at figures and outcome again; where the chair broke a tie, that is the casting_vote",
        )
    if outcome == "lost" and votes > against and not vote.threshold:
        yield Query(
            "vote/lost-with-majority",
            f"told as lost with {votes} for and {against} against",
            field="vote",
            mend="where more than a majority was needed, say so in the vote's threshold",
        )


def _accounted_for(vote: Vote) -> int | None:
    """How many are known to have voted, or to have cast no vote; None when that is not known of all."""
    known = [vote.for_, vote.against, vote.abstained, vote.no_vote_cast]
    if None not in known:
        return sum(number or 0 for number in known)
    if vote.cast is None:
        return None
    apart = vote.no_vote_cast or 0
    if vote.for_ is not None and vote.against is not None and vote.cast == vote.for_ + vote.against:
        apart += vote.abstained or 0
    return vote.cast + apart


def _named(vote: Vote, way: str) -> int:
    """How many votes the names make; each counts once, or by its weight where weights are given."""
    weighted = _weighted(vote)
    ballots = (ballot for ballot in vote.names if ballot.vote == way)
    return sum(_weight(ballot) if weighted else 1 for ballot in ballots)


def _weight(ballot: Ballot) -> int:
    return 1 if ballot.weight is None else ballot.weight


def _weighted(vote: Vote) -> bool:
    return any(ballot.weight is not None for ballot in vote.names)


def _who(ballot: Ballot) -> tuple[str, ...]:
    """The person, and for whom: a proxy votes once for each."""
    return tuple(" ".join(name.casefold().split()) for name in (ballot.person, ballot.proxy_for or ""))


def _others(by: str, chair: str) -> bool:
    """Whether the two are surely not one person: an office may stand for a name, and initials for the first of it."""
    first, second = _words(by), _words(chair)
    named = [bool(words - _OFFICES) or _has_initial(name) for name, words in ((by, first), (chair, second))]
    if not first or not second or first & second or named[0] != named[1]:
        return False
    return named[0] or not first & _PRESIDES


def _words(name: str) -> set[str]:
    """The words that tell a person or an office apart; whose mayor somebody is does not."""
    plain = "".join(letter if letter.isalnum() else " " for letter in name.casefold()).split(" of ")[0]
    return {word for word in plain.split() if len(word) > 1} - _TITLES


def _has_initial(name: str) -> bool:
    return any(len(word.strip(".")) == 1 for word in name.split())
