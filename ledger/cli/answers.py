"""Answers in an interactive session: which fields are asked for, and what is checked as soon as it is typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Protocol

from domain.lifecycle import LIFE_CYCLE
from domain.records import Instead
from domain.values import Announced, Authority, BodyName, LinkName, Name, Reference, Thing
from ledger.cli import amendments, drafting, flags, naming
from ledger.cli.dialogue import Check, one_of
from ledger.errors import UsageError

if TYPE_CHECKING:
    from domain.catalogue import AnyEvent
    from ledger.application import Ledger
    from ledger.cli.desk import Desk
    from ledger.cli.flags import Flag
    from ledger.cli.known import Known

_USUAL: Final = frozenset({
    "meeting", "at", "title", "mover", "vote", "resolutions", "reference", "by_motion", "agreement", "encloses",
    "announces", "in_answer_to", "speaker", "office", "due", "wording", "condition", "reason", "authority",
})  # fmt: skip
"""Fields that are asked for though they may be left out; any other is added by its name."""

NAME: Final = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
"""How the last part of a reference is written."""

_ABOUT: Final = frozenset({"statement-made", "request-received", "pledge-made", "note-added"})
"""Events that are hardly found again unless they say what they are about."""

_SIDES: Final = frozenset(row.event for row in LIFE_CYCLE if row.moves == "side")

_RECORDED_BY: Final = {
    "meeting": "meeting-held",
    "at": "meeting-held",
    "encloses": "motion-carried",
    "by_motion": "motion-carried",
    "agreement": "agreement-signed",
    "in_answer_to": "letter-received",
}
"""By field that names a paper: the event that most likely puts such a paper on record."""


class Session(Protocol):
    """What checks ask of the session."""

    desk: Desk
    ledger: Ledger

    @property
    def known(self) -> Known:
        """The names on record, and those given in this session."""
        ...

    def body(self, answer: str) -> str:
        """A body, registered first if need be."""
        ...

    def paper(self, answer: str, event: str) -> str:
        """A paper in full, recorded first if need be."""
        ...


def usual(event: type[AnyEvent]) -> list[Flag]:
    """The fields that are asked for: the meeting before its day, then what is needed, then what is usually known."""
    found = [
        flag
        for flag in flags.flags_of(event)
        if flag.required
        or (flag.field == "authority" and (event.type in _SIDES or event.cycle in ("pledge", "decision")))
        or (flag.field in _USUAL and flag.field != "authority")
        or (flag.field == "about" and event.type in _ABOUT)
        or (flag.field == "summary" and event.cycle == "letter")
        or (flag.field == "on" and event.type == "entry-corroborated")
    ]
    return sorted(found, key=lambda flag: (flag.field != "meeting", not flag.required))


def subject(session: Session, event: type[AnyEvent], field: str, answer: str) -> str:
    """What an event is about, in full as far as that is known yet.

    Raises:
        UsageError: it is not written so, or not on record and not put there by the event.
    """
    if field == "link":
        return link(session, answer)
    if event.cycle == "record":
        amendments.named(session.ledger, answer)
        return answer
    if field == "slug":
        _shaped(event, field, answer)
        return answer if event.type == "body-registered" else session.body(answer)
    whole = "/" in answer
    if not whole and event.type not in naming.INTRODUCING:
        found = session.known.paper(answer)
        if found:
            return found
        if event.type not in naming.MAY_BEGIN:
            near = session.known.near(answer)
            raise UsageError(f"{answer!r} is not in the ledger" + (f"; {near}" if near else ""))
    if not whole and not session.desk.folder.body:
        raise UsageError(f"this ledger has no keeper to put before {answer!r}: write BODY/WHEN/NAME in full")
    if not whole and not NAME.fullmatch(answer):
        raise UsageError(f"{answer!r} is not a short name: lower-case letters, digits and hyphens, as in {field}-1")
    _shaped(event, field, answer if whole else f"{session.desk.folder.body}/undated/{answer}")
    if whole:
        named, rest = answer.split("/", 1)
        return f"{session.body(named)}/{rest}"
    return answer


def link(session: Session, answer: str) -> str:
    """A link whose two bodies are on record."""
    sides = answer.split("--")
    if len(sides) != 2 or not all(sides):  # noqa: PLR2004 - a link has two sides
        raise UsageError(f"{answer!r} is not a link: two bodies joined by two hyphens, as in coventry--volgograd")
    return "--".join(session.body(side) for side in sides)


def check_of(session: Session, event: type[AnyEvent], flag: Flag, given: dict[str, Any]) -> Check:
    """What is checked of a field as soon as it is typed."""

    def check(answer: str) -> str:
        if flag.kind is Instead:
            amendments.completed(session.ledger, event, {**given, flag.field: [answer]})
            return answer
        answer = _named(session, flag, answer)
        try:
            value = flag.gathered([flag.read(answer)])
        except UsageError as error:
            raise UsageError(error.what.removeprefix(f"--{flag.option}: ")) from None
        _shaped(event, flag.field, value)
        return answer

    return one_of(flag.choices) if flag.choices else check


def _named(session: Session, flag: Flag, answer: str) -> str:
    """An answer in which every name is in full and on record."""
    kind = _kind_of(answer) if flag.kind is Thing else flag.kind
    if kind is BodyName:
        return session.body(answer)
    if kind is LinkName:
        return link(session, answer)
    if kind is Reference:
        return session.paper(answer, _RECORDED_BY.get(flag.field, ""))
    if flag.kind is Announced and "--" in answer:
        act, colon, named = answer.rpartition(":")
        return f"{act}{colon}{link(session, named)}"
    power, colon, reference = answer.partition(":")
    if flag.kind is Authority and colon and not answer.startswith("{"):
        return f"{power}:{session.paper(reference, 'motion-carried' if power == 'resolution' else 'decision-taken')}"
    return answer


def _kind_of(thing: str) -> type[Name]:
    """What a name of anything on record is written as."""
    return LinkName if "--" in thing else Reference if "/" in thing else BodyName


def _shaped(event: type[AnyEvent], field: str, value: object) -> None:
    """Refuse what can be no value of the field, whatever else is known.

    Raises:
        UsageError: it cannot.
    """
    wrong = drafting.wrong_with(event, field, value)
    if wrong:
        raise UsageError(wrong)
