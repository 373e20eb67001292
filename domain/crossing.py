"""Rules between several entries: what one of them says against what another one says.

A rule looks at the acts of a few entries as they stand. In whatever order those are recorded, the last of them is
stopped; where accounts are disputed, only if no choice among them goes with the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from domain import comparing, succession
from domain.comparing import Doubt, authority_of, links_announced, particulars, sitting_of
from domain.dates import Date
from domain.history import choices
from domain.lifecycle import SUCCESSION, heirs_of
from domain.papers import links_agreed
from domain.revising import versions
from domain.rules import Query
from domain.values import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from domain.bearing import Bearing
    from domain.book import Book
    from domain.history import Act
    from domain.rules import Refusal

_OF_NOTICE: Final = frozenset(
    {"link-formed", "link-renewed", "link-ended", "ending-decided", "notice-given", "ending-rescinded"}
)
"""The acts of a link that say whether its end was in time."""


_ASKED_EACH_TIME: Final = frozenset({"body/abolished", "meeting/quorum"})
"""The rules of which a reason given with another entry answers for what was on record by then, and nothing later.

Earlier releases asked meeting/quorum of the meeting itself.
"""


class Rule(Protocol):
    """A rule that looks at acts of several entries, around one paper or link."""

    def __call__(self, acts: Sequence[Act], tag: str, /) -> Iterator[Doubt]:
        """What the acts say against each other."""


class Scene(NamedTuple):
    """What one rule looks at: acts of some entries, and all acts on some subjects."""

    rule: Rule
    tag: str
    """The paper or link around which it is."""
    subjects: tuple[str, ...]
    entries: tuple[str, ...] = ()
    """By id."""


class Finding(NamedTuple):
    """A doubt that stands in every account of what is disputed."""

    refusal: Refusal
    between: frozenset[str]
    """The ids of the entries between which it stands."""


def doubts(book: Book, entry: Bearing) -> Iterator[Refusal]:
    """What speaks against an entry that is in the book, given all else that is; queries overridden are left out.

    What is final comes first.
    """
    scenes = list(dict.fromkeys(_scenes(book, entry)))
    found = {key: finding for scene in scenes for key, finding in _findings(book, scene).items()}
    if found and entry.revision:
        book.exclude(entry)
        for scene in scenes:
            for key in _findings(book, scene):
                found.pop(key, None)
        book.include(entry)
    elif found:
        found = {key: finding for key, finding in found.items() if _is_last(book, entry, finding.between)}
    yield from sorted((finding.refusal for finding in found.values()), key=lambda one: isinstance(one, Query))


def leads_to(entry: Bearing) -> Iterator[str]:
    """The tags of what the rules look at beside the names that an entry needs and the subjects of its acts."""
    for act in entry.told:
        yield from links_agreed(act)


def _is_last(book: Book, entry: Bearing, between: Iterable[str]) -> bool:
    """Whether, of the entries between which a doubt stands, this is the one to be tried last."""
    others = [book.entries[id_] for id_ in between if id_ != entry.id]
    return entry.id in between and not any(one.position < 0 and _place(one) > _place(entry) for one in others)


def _place(entry: Bearing) -> tuple[int, tuple[Act, ...], int]:
    return entry.rank, tuple(sorted(entry.told)), entry.turn


def _findings(book: Book, scene: Scene) -> dict[tuple[str, int], Finding]:
    """The doubts of a scene, by rule and by the place of the act in doubt."""
    told_by = {one.position: one for subject in scene.subjects for one in book.originals(subject)}
    told_by |= {one.position: one for one in (book.entries.get(id_) for id_ in scene.entries) if one}
    acts = [act for id_ in scene.entries if id_ in book.entries for act in _acts_of(book, book.entries[id_])]
    acts += [act for subject in scene.subjects for act in book.acts(subject)]
    common: dict[tuple[str, int], Finding] | None = None
    for choice in choices(list(dict.fromkeys(acts))):
        found: dict[tuple[str, int], Finding] = {}
        for doubt in scene.rule(choice.acts, scene.tag):
            key = doubt.refusal.rule.id, doubt.act.position
            own = told_by[doubt.act.position]
            between = frozenset(told_by[act.position].id for act in (doubt.act, *doubt.others))
            if common is not None and key in common:
                between |= common[key].between
            if not any(_is_overridden(book, doubt.refusal.rule.id, book.entries[id_], own) for id_ in between):
                found.setdefault(key, Finding(doubt.refusal, between))
        common = found if common is None else {key: found[key] for key in common if key in found}
    return common or {}


def _acts_of(book: Book, entry: Bearing) -> list[Act]:
    """The acts of an original as they stand; of a statement or request, that of the body it concerns."""
    found = versions(entry, book.records(entry)) if entry.said else []
    if not found:
        return book.told(entry)
    acts = []
    for option, account in enumerate(found[-1].accounts):
        on = Date.parse(found[-1].on(account)) if found[-1].on(account) else None
        for act in account.revision.said if account.revision else account.said:
            dated = act._replace(earliest=on.earliest, latest=on.latest, on=on.text) if on else act
            acts.append(dated._replace(position=entry.position, option=option))
    return acts if len({act.option for act in acts}) == len(found[-1].accounts) else []


def _is_overridden(book: Book, rule: str, entry: Bearing, own: Bearing) -> bool:
    """Whether an entry, or what is recorded about it, goes ahead against a rule in a doubt about `own`."""
    records = (entry, *book.records(entry))
    if rule in _ASKED_EACH_TIME and entry is not own:
        records = tuple(one for one in records if _age(one) >= _age(own))
    return any(rule in one.overridden for one in records)


def _age(entry: Bearing) -> tuple[bool, int]:
    """The order of recording; all that is proposed together comes last, at once."""
    return (entry.position < 0, max(entry.position, 0))


def _scenes(book: Book, entry: Bearing) -> Iterator[Scene]:
    """Everything that a rule may look at because of an entry, as it stands and as it was told before."""
    original = book.original(entry) or entry
    told = [original, *book.records(original)] if entry.revision else [entry]
    yield from _of_abolished(book, original, [*told, entry])
    for act in dict.fromkeys(act for one in (*told, entry) for act in one.told if act.happens):
        yield from _of_meetings(book, original, act)
        yield from _of_decisions(book, original, act)
        yield from _of_letters(book, original, act)
        yield from _of_notice(book, act)
        yield from _of_rescission(book, entry, act)


def _of_meetings(book: Book, original: Bearing, act: Act) -> Iterator[Scene]:
    meeting = sitting_of(act)
    if meeting:
        yield Scene(comparing.at_the_meeting, meeting, (meeting,), (original.id,))
    if act.type == "meeting-held":
        for other in book.needing(act.subject):
            yield Scene(comparing.at_the_meeting, act.subject, (act.subject,), (other.id,))


def _of_decisions(book: Book, original: Bearing, act: Act) -> Iterator[Scene]:
    decision = authority_of(act)
    if decision and act.type in comparing.IMPLEMENTS:
        yield Scene(comparing.before_call_in_ended, decision, (decision,), (original.id,))
    if decision and act.cycle == "link":
        yield Scene(comparing.before_it_was_decided, decision, (decision,), (original.id,))
    for other in book.needing(act.subject) if act.type in comparing.DECIDES else ():
        yield Scene(comparing.before_it_was_decided, act.subject, (act.subject,), (other.id,))
        if act.type == "decision-taken":
            yield Scene(comparing.before_call_in_ended, act.subject, (act.subject,), (other.id,))


def _of_letters(book: Book, original: Bearing, act: Act) -> Iterator[Scene]:
    for link in links_announced(act):
        yield Scene(comparing.before_the_decision, link, (link,), (original.id,))
    if act.cycle == "link":
        for other in book.needing(act.subject):
            yield Scene(comparing.before_the_decision, act.subject, (act.subject,), (other.id,))


def _of_notice(book: Book, act: Act) -> Iterator[Scene]:
    links = [act.subject] if act.cycle == "link" and act.type in _OF_NOTICE else links_agreed(act)
    if act.cycle == "agreement":
        links += [one.subject for other in book.needing(act.subject) for one in other.told if one.cycle == "link"]
    for link in links:
        signed = [one.subject for other in book.agreements(link) for one in book.told(other)]
        named = [particulars(one).get("agreement") for one in book.acts(link) if one.happens]
        papers = dict.fromkeys([*signed, *(Reference(name).tag for name in named if name)])
        yield Scene(comparing.before_notice_ran_out, link, (link, *papers))


def _of_abolished(book: Book, original: Bearing, told: Sequence[Bearing]) -> Iterator[Scene]:
    """The acts of bodies that were succeeded, and the successions of bodies, for whichever of them an entry tells."""
    if not book.successions:
        return
    said = [act for one in told for act in (*one.told, *(one.revision.said if one.revision else one.said))]
    for body in dict.fromkeys(f"body:{body}" for act in said for body in succession.acting(act)):
        line = _line(book, body)
        if len(line) > 1:
            yield Scene(succession.after_its_end, body, line, (original.id,))
    for body in dict.fromkeys(act.subject for act in said if act.type == SUCCESSION and act.cycle == "body"):
        line = _line(book, body)
        yield from (Scene(succession.in_a_circle, member, _line(book, member)) for member in line)
        for other in book.needing(body):
            yield Scene(succession.after_its_end, body, line, (other.id,))


def _line(book: Book, body: str) -> tuple[str, ...]:
    """The tags of a body and of all that succeeded it, directly or after others, by any account."""
    found = {body: None}
    fresh = [body]
    while fresh:
        heirs = [heir for act in book.acts(fresh.pop()) for _, heir in heirs_of(act)]
        fresh += [tag for heir in heirs if (tag := f"body:{heir}") not in found]
        found |= dict.fromkeys(fresh)
    return tuple(found)


def _of_rescission(book: Book, entry: Bearing, act: Act) -> Iterator[Scene]:
    if act.type in ("motion-carried", "motion-rescinded"):
        yield _rescission(act)
    elif act.type == "body-registered" and entry.revision:
        referring = (one for other in book.needing(act.subject) for one in other.told)
        yield from (_rescission(one) for one in referring if one.type == "motion-rescinded")


def _rescission(act: Act) -> Scene:
    body = f"body:{Reference(particulars(act)['motion']).body}"
    return Scene(comparing.within_six_months, act.subject, (act.subject, body))
