"""Votes: what their figures and names can be, and which outcome can follow from them.

Only what is known is compared: a figure left out is unknown, and unknown is never 0.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

from domain.rules import Query, Refusal, so_many
from domain.tallies import FIGURES, VOTING, Tally, threshold_in_words, under_half

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.values import Ballot, Vote

Outcome = Literal["carried", "lost"]

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
    """What is wrong with a vote in itself, and with the outcome that it is said to have had."""
    tally = tally_of(vote)
    yield from _dissent(vote)
    yield from _names(vote, tally)
    yield from more_than_cast(tally)
    yield from _casting(vote, tally, outcome)
    yield from _lost_or_carried(tally, outcome)
    yield from against_threshold(tally, outcome, present=vote.present)
    if vote.present is not None:
        yield from compared_with_present(tally, vote.present)


def tally_of(vote: Vote) -> Tally:
    """What a vote counts."""
    return Tally.of(vote.model_dump(mode="json", by_alias=True, exclude_none=True))


def more_than_cast(tally: Tally) -> Iterator[Refusal]:
    """Refuse more votes than were cast; a casting vote may be counted apart."""
    cast = tally.figure("cast")
    if cast is None or tally.weighted:
        return
    voted = sum(map(tally.at_least, VOTING))
    if voted > cast + bool(tally.casting):
        yield Refusal(
            "vote/more-than-cast",
            f"{_by_way(tally)} make {so_many(voted, 'vote')}, and {cast} were cast",
            field="vote",
            mend="look at the figures and names again; leave out a figure that the source does not give",
        )


def compared_with_present(tally: Tally, present: int, where: str = "") -> Iterator[Refusal]:
    """Ask about a vote that more, or fewer, than those present took part in."""
    if tally.weighted:
        return
    yield from _fewer_than_present(tally, present, where)
    yield from _more_than_present(tally, present, where)


def _fewer_than_present(tally: Tally, present: int, where: str) -> Iterator[Refusal]:
    """Ask where the others are, when all that are known to have voted, or not, are fewer than those present."""
    found = _accounted_for(tally)
    if found is not None and found < present:
        yield Query(
            "vote/fewer-than-present",
            f"{found} of {so_many(present, 'member')} present{where} {'is' if found == 1 else 'are'} accounted for",
            field="vote",
            mend="look in the source for who cast no vote (no_vote_cast), and leave out what it does not say",
        )


def _more_than_present(tally: Tally, present: int, where: str) -> Iterator[Refusal]:
    """Ask whose votes, or names, there are beyond those present, their proxies and a casting vote."""
    voted = max(tally.figure("cast") or 0, sum(map(tally.at_least, VOTING)))
    idle = tally.at_least("no-vote-cast")
    named = sum(tally.people.get(way, 0) for way in (*VOTING, "no-vote-cast"))
    allowed = present + tally.proxies + bool(tally.casting)
    if max(voted + idle, named) > allowed:
        votes = so_many(voted, "vote") + (f" and {idle} present without voting" if idle else "")
        counted = votes if voted + idle > allowed else so_many(named, "name")
        yield Query(
            "vote/more-than-present",
            f"{counted}, with {so_many(present, 'member')} present{where}{_and_proxies(tally)}",
            field="vote",
            mend="look at the figures again; a vote cast for an absent member says so in proxy_for",
        )


def short_of_quorum(present: int, quorum: int, where: str) -> Iterator[Refusal]:
    """Ask how a meeting without its quorum could decide."""
    if present < quorum:
        yield Query(
            "meeting/quorum",
            f"decided with {present} present{where}, and {quorum} make a quorum",
            field="vote",
            mend="look at both figures again",
        )


def more_than_seats(tally: Tally, seats: int, where: str) -> Iterator[Refusal]:
    """Refuse more votes than there are seats, proxies and a casting vote."""
    if tally.weighted:
        return
    voted = max(tally.figure("cast") or 0, sum(map(tally.at_least, VOTING)))
    if voted > seats + tally.proxies + bool(tally.casting):
        yield Refusal(
            "vote/names-match-counts",
            f"{so_many(voted, 'vote')}{where}, with {so_many(seats, 'seat')}{_and_proxies(tally)}",
            field="vote",
            mend="look at the figures and at the number of seats again; a vote cast for another member has proxy_for",
        )


def casting_vote_of_another(vote: Vote, chair: str, where: str) -> Iterator[Refusal]:
    """Refuse a casting vote that somebody gave who did not preside, when both are named."""
    if vote.casting_vote and _others(vote.casting_vote.by, chair):
        yield Refusal(
            "vote/outcome-follows",
            f"the casting vote is recorded as that of {vote.casting_vote.by}, and {chair} presided{where}",
            field="vote",
            mend="look again at who presided over this vote, and at whose casting vote it was",
        )


def against_threshold(
    tally: Tally, outcome: Outcome, *, present: int | None = None, seats: int | None = None
) -> Iterator[Refusal]:
    """Refuse what carried below its threshold, and ask about what reached it and lost, where numbers prove it."""
    judgement = tally.judge(present=present, seats=seats)
    threshold, votes, against = tally.given.get("threshold"), tally.count("for"), tally.count("against")
    if judgement is None or judgement.result == "open" or not isinstance(threshold, Mapping):
        return
    of = f" of {so_many(judgement.base, *_BASE[threshold['of']])}" if judgement.base is not None else ""
    how_many = f"at most {tally.most_for}" if votes is None else votes
    what = f"with {how_many} for{of}, and the threshold is {threshold_in_words(threshold)}"
    if outcome == "carried" and judgement.result == "missed":
        yield Refusal(
            "vote/outcome-follows",
            f"recorded as carried {what}",
            field="vote",
            mend="look at the figures, the threshold and the outcome again; leave out what the source does not say",
        )
    if outcome == "lost" and judgement.result == "reached" and against is not None and (votes or 0) > against:
        yield Query(
            "vote/lost-with-majority",
            f"recorded as lost {what}",
            field="vote",
            mend="look at the figures, the threshold and the outcome again",
        )


_BASE: Final = {
    "cast": ("vote cast", "votes cast"),
    "present": ("member present", "members present"),
    "seats": ("seat", "seats"),
}


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


def _names(vote: Vote, tally: Tally) -> Iterator[Refusal]:
    times = Counter(_who(ballot) for ballot in vote.names)
    twice = next((ballot for ballot in vote.names if times[_who(ballot)] > 1), None)
    if twice:
        whose = f" for {twice.proxy_for}" if twice.proxy_for else ""
        yield Refusal(
            "vote/names-match-counts",
            f"{twice.person} is named twice{whose}",
            field="vote",
            mend="name each once; a vote cast for another member has proxy_for; add what distinguishes two of one name",
        )
    for way, field in FIGURES.items():
        counted, named = tally.figure(field), tally.named.get(way, 0)
        may_miss = not vote.names_complete or way == "recused"  # who declared an interest may vote all the same
        if counted is None or named == counted or (named < counted and may_miss):
            continue
        yield Refusal(
            "vote/names-match-counts",
            f"the names make {named} {way.replace('-', ' ')}, and the figure is {counted}",
            field="vote",
            mend="look at names and figure again; leave out a figure, or names_complete, that the source does not give",
        )


def _casting(vote: Vote, tally: Tally, outcome: Outcome) -> Iterator[Refusal]:
    casting = vote.casting_vote
    if casting is None:
        return
    votes, against = tally.count("for"), tally.count("against")
    if votes is not None and against is not None:
        ahead = votes - against if casting.way == "for" else against - votes
        if ahead not in (0, 1):  # 1 where the casting vote is among the votes counted
            yield Refusal(
                "vote/outcome-follows",
                f"a casting vote {casting.way}, with {votes} for and {against} against: that was no tie",
                field="vote",
                mend="look at the figures again; a casting vote requires a tie",
            )
    if (casting.way == "for") != (outcome == "carried") and not vote.threshold:
        yield Refusal(
            "vote/outcome-follows",
            f"recorded as {outcome}, with a casting vote {casting.way}",
            field="vote",
            mend="look again at the outcome, and at which way the casting vote went",
        )


def _lost_or_carried(tally: Tally, outcome: Outcome) -> Iterator[Refusal]:
    votes, against, threshold = tally.count("for"), tally.count("against"), tally.given.get("threshold")
    if votes is None or against is None or tally.casting:
        return
    if outcome == "carried" and votes <= against and not under_half(threshold):
        in_words = isinstance(threshold, str)
        words = f", and the threshold in words is not judged: {threshold_in_words(threshold)}" if in_words else ""
        yield (Query if in_words else Refusal)(
            "vote/outcome-follows",
            f"recorded as carried with {votes} for and {against} against{words}",
            field="vote",
            mend="look at figures and outcome again; where the chair broke a tie, that is the casting_vote",
        )
    if outcome == "lost" and votes > against and threshold is None:
        yield Query(
            "vote/lost-with-majority",
            f"recorded as lost with {votes} for and {against} against",
            field="vote",
            mend="where more than a majority was needed, give the vote's threshold",
        )


def _accounted_for(tally: Tally) -> int | None:
    """How many are known to have voted, or to have cast no vote; None when that is not known of all."""
    known = [tally.figure(field) for field in ("for", "against", "abstained", "no_vote_cast")]
    apart = tally.figure("declared_interest") or 0
    if None not in known:
        return sum(number or 0 for number in known) + apart
    cast = tally.figure("cast")
    return None if cast is None else cast + (tally.figure("no_vote_cast") or 0) + apart


def _by_way(tally: Tally) -> str:
    known = [f"{tally.at_least(way)} {way}" for way in VOTING if tally.at_least(way)]
    return " and ".join([", ".join(known[:-1]), known[-1]] if len(known) > 1 else known)


def _and_proxies(tally: Tally) -> str:
    return f" and {so_many(tally.proxies, 'proxy', 'proxies')}" if tally.proxies else ""


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
