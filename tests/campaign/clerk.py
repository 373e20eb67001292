"""What a random clerk wants recorded: drawn as wishes, which become events once it is seen what is on record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.campaign.entries import Entry, Event, days_of, standing
from tests.campaign.papers import OWN
from tests.campaign.telling import Telling
from tests.domain.reference import JOINT_ACTS, MAY_FOLLOW, SIDE_ACTS

LINKS = ("coventry--volgograd", "glasgow--volgograd", "coventry--donetsk")
BODIES = ("coventry", "donetsk", "glasgow", "midlands", "strathclyde", "volgograd")
PAPERS = {
    "meeting": ("coventry/2020/council",),
    "motion": ("coventry/2020/peace", "glasgow/2021/pause"),
    "decision": ("glasgow/2021/decision",),
    "agreement": ("coventry/2020/treaty",),
    "letter": ("coventry/2022/letter", "glasgow/2022/letter"),
    "pledge": ("coventry/2022/help",),
}
DAYS = ("2019-05-08", "2020-03-01", "2020-03-02", "2020-03-31", "2021-11-30", "2022-02-24", "2022-03-22", "2023-01-17")
ACTS = sorted(SIDE_ACTS | JOINT_ACTS)
OFTEN = (
    *["link-formed"] * 2, *["link-suspended"] * 3, *["link-resumed"] * 9, "link-ended", *["ending-rescinded"] * 3
)  # fmt: skip
PAPER_EVENTS = (
    *["motion-moved"] * 2, *["motion-carried"] * 4, *["motion-rescinded"] * 3, "motion-lost", "motion-lapsed",
    "motion-amended", "motion-referred", "motion-deferred", "motion-vetoed", "veto-overridden",
    "motion-withdrawn", "meeting-called", "meeting-adjourned", "meeting-cancelled", "minutes-replaced",
    *["letter-sent"] * 3, *["letter-received"] * 2,
    "pledge-made", "pledge-kept", "pledge-dropped", "meeting-held", "minutes-published", "minutes-approved",
    "minutes-corrected", "decision-taken", "decision-called-in", "decision-ratified", "decision-disapproved",
    "decision-revoked", *["agreement-signed"] * 2,
)  # fmt: skip
WANTED = [
    *["act"] * 14, *["paper"] * 5, "listing", "succession", "renaming", "saying",
    *["entry-corrected"] * 3, *["entry-disputed"] * 3, *["entry-retracted"] * 2, *["entry-corroborated"] * 2,
    *["dispute-settled"] * 2, "detail-redacted", "note-added",
]  # fmt: skip


def opening() -> list[Telling]:
    """The bodies are registered."""
    bodies = [{"slug": slug, "name": slug.title(), "kind": "city", "country": "GB"} for slug in BODIES]
    return [Telling("body-registered", event) for event in bodies]


class Wish(NamedTuple):
    """What a clerk wants, before looking at what is on record."""

    what: str
    """act, listing, succession, renaming, paper, saying - or the name of a record."""
    which: int
    """Counts what it is about among what there is; and the event among those that come into question."""
    fitting: bool
    """Whether the clerk looks for what can be told; else it is told whether it fits or not."""
    on: str
    by: int
    link: int
    kind: str
    word: str
    change: str
    cause: str
    evidence: tuple[dict[str, str], ...]
    keyed: bool
    """Whether it is told under a key."""
    opens: bool
    """Whether the clerk insists on doubtful dates."""


Standing = Callable[[str, int], dict[str, Any] | None]
"""How a link stands at the end of a day."""


@st.composite
def dates(draw: st.DrawFn) -> str:
    """A date, mostly to the day, often in doubt."""
    first, second = sorted((draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))))
    return (
        *[first] * 7, first[:7], first[:4], f"{first}?", f"{first[:7]}~", f"{first[:4]}%", f"[..{second}]",
        f"[{first}..{second}]", f"[{first}..]", "201X",
    )[draw(st.integers(0, 15))]  # fmt: skip


@st.composite
def sources(draw: st.DrawFn) -> dict[str, str]:
    """A source, known from some day."""
    source = {"title": "A page", "grade": draw(st.sampled_from(["council", "press", "official", "third-party"]))}
    when = draw(st.sampled_from(["", "published", "published", "published", "retrieved"]))
    on = draw(st.sampled_from((*DAYS, "2021", "2022-03?", "[2020-03-01..2022-02-24]"))) if when else ""
    return {**source, when: on} if when else source


WISHES = st.builds(
    Wish,
    what=st.sampled_from(WANTED),
    which=st.integers(0, 60),
    fitting=st.sampled_from([True, True, True, False]),
    on=dates(),
    by=st.integers(0, 7),
    link=st.integers(0, 5),
    kind=st.sampled_from(["", "", "twinning", "friendship"]),
    word=st.sampled_from(["", "", "paused"]),
    change=st.sampled_from(["on", "on", "on", "by", "kind", "event", "link", "nothing"]),
    cause=st.sampled_from(["slip", "source"]),
    evidence=st.lists(sources(), min_size=1, max_size=2).map(tuple),
    keyed=st.booleans(),
    opens=st.integers(0, 9).map(lambda drawn: drawn == 9),
)


def told(wish: Wish, entries: Sequence[Entry], stands: Standing) -> tuple[str, Event] | None:
    """What is wished, as an event; None where there is nothing that it could be about."""
    link = LINKS[wish.link % len(LINKS)]
    side = link.split("--")[wish.by % 2]
    match wish.what:
        case "act":
            return _act(wish, link, stands)
        case "listing":
            return _on_link(wish, "link-listed", link)
        case "succession":
            body, heirs = [
                ("coventry", ("midlands", "strathclyde")),
                ("midlands", ("strathclyde", "glasgow")),
                ("glasgow", ("coventry", "midlands")),
            ][wish.by % 3]
            return "body-succeeded", {"slug": body, "on": wish.on, "successors": [heirs[wish.which % 2]]}
        case "renaming":
            return "body-renamed", {"slug": side, "on": wish.on, "name": f"New {side.title()}"}
        case "saying":
            said = {"by": side, "on": wish.on, "summary": f"Said {wish.which}.", "about": [link]}
            return ("request-received", {**said, "from": "A friend"}) if wish.keyed else ("statement-made", said)
        case "paper":
            return _paper(wish, PAPER_EVENTS[wish.which % len(PAPER_EVENTS)], link)
        case _:
            return _record(wish, entries)


def _act(wish: Wish, link: str, stands: Standing) -> tuple[str, Event]:
    """Something that happens to a link: if it is to fit, something that can follow how it stood by then."""
    if not wish.fitting:
        return _on_link(wish, ACTS[wish.which % len(ACTS)], link)
    days = days_of(wish.on, 0)
    row = stands(link, days.last or days.first)
    stood = row["standing"] if row else "none"
    fitting = [name for name in (*ACTS, *OFTEN) if stood in MAY_FOLLOW[name]]
    name, event = _on_link(wish, fitting[wish.which % len(fitting)], link)
    if name == "link-resumed" and row and row["suspended_by"]:
        event["by"] = row["suspended_by"][0]
    return name, event


def _on_link(wish: Wish, name: str, link: str) -> tuple[str, Event]:
    """An event of a link, with whatever it needs."""
    sides = link.split("--")
    event: Event = {"link": link if wish.link < len(LINKS) else "--".join(reversed(sides)), "on": wish.on}
    if name == "link-listed":
        event |= {"where": "A page", "listed": wish.by != 0, **({"since": DAYS[0]} if wish.cause == "source" else {})}
    elif name in SIDE_ACTS or wish.by > 5:
        event["by"] = (*sides, *sides, "midlands", "strathclyde", *sides)[wish.by]
    if wish.kind or name == "link-kind-changed":
        event["kind"] = wish.kind or "partnership"
    if name in ("ending-decided", "notice-given"):
        event["effective"] = "2030"
    if wish.word and name != "link-listed":
        event["wording"] = wish.word
        event |= _resting_on_papers(wish, name)
    return name, event


def _resting_on_papers(wish: Wish, name: str) -> Event:
    """On which motion an act rests, now and then, and on which agreement."""
    if wish.change == "by":
        return {"authority": {"power": "resolution", "reference": PAPERS["motion"][wish.link % 2]}}
    return {"agreement": PAPERS["agreement"][0]} if wish.change == "kind" and name == "link-formed" else {}


def _paper(wish: Wish, name: str, link: str) -> tuple[str, Event]:
    kind = next(kind for kind, names in OWN.items() if name in names)
    paper = PAPERS[kind][wish.by % len(PAPERS[kind])]
    letter = {"by": paper.split("/", maxsplit=1)[0], "to": "volgograd"}
    enclosing = {"encloses": [PAPERS["motion"][wish.link % 2]]} if wish.change == "on" else {}
    given: dict[str, Event] = {
        "minutes-approved": {"at": paper},
        "minutes-corrected": {"at": paper, "text": "It was Peace."},
        "motion-moved": {"title": "Peace"},
        "motion-amended": {"summary": "More peace"},
        "motion-referred": {"to": "The committee"},
        "motion-vetoed": {"by": paper.split("/", maxsplit=1)[0]},
        "decision-taken": {"authority": {"power": "executive"}, "summary": "To pause"},
        "agreement-signed": {"links": [link], "parties": link.split("--")},
        "motion-carried": {"resolutions": ["To pause"]},
        "letter-sent": {**letter, **enclosing},
        "letter-received": letter,
        "pledge-made": {"by": paper.split("/", maxsplit=1)[0], "summary": "To help"},
    }
    return name, {kind: paper, "on": wish.on, **given.get(name, {})}


def _record(wish: Wish, entries: Sequence[Entry]) -> tuple[str, Event] | None:
    """A record about an entry; if it is to fit, about one of which that can be said."""
    about = [one for one in entries if not wish.fitting or _may_be_said(wish.what, one, entries)]
    if not about:
        return None
    target = about[-1 - wish.which % len(about)]
    event: Event = {"entry": target.id}
    reason = {"reason": f"Because {wish.which}"}
    match wish.what:
        case "entry-retracted":
            return wish.what, {**event, **reason}
        case "note-added":
            return wish.what, {**event, "text": f"Note {wish.which}"}
        case "detail-redacted":
            authority = {"power": "delegated", "office": "Data protection officer"}
            return wish.what, {**event, "field": "wording", "basis": "UK GDPR, article 17", "authority": authority}
        case "dispute-settled":
            return wish.what, {"dispute": target.id, "prefer": "entry" if wish.by % 2 else "instead", **reason}
        case "entry-corroborated":
            return wish.what, {**event, "on": wish.on} if wish.by % 2 else event
        case "entry-disputed":
            return wish.what, {**event, "instead": _changed(wish, target)}
        case _:
            instead = _changed(wish, target)
            return (wish.what, {**event, "cause": wish.cause, "instead": instead, **reason}) if instead else None


def _may_be_said(what: str, target: Entry, entries: Sequence[Entry]) -> bool:
    live = standing(entries)
    if target not in live or target.type == "body-registered":
        return False
    if what == "dispute-settled":
        settled = {one.about for one in live if one.type == "dispute-settled"}
        return target.type == "entry-disputed" and target.id not in settled
    if what == "detail-redacted":
        return "wording" in target.event
    return what in ("entry-retracted", "note-added") or target.about is None


def _changed(wish: Wish, target: Entry) -> dict[str, Any] | None:
    """What happened instead of what an entry tells; None for nothing."""
    if target.told is None or wish.change == "nothing":
        return None
    name, event = target.told
    if "link" not in event or wish.change == "on":
        return {"type": name, "event": {**event, "on": wish.on} if "on" in event else event}
    link = event["link"]
    sides = link.split("--")
    if wish.change == "link":
        link = LINKS[wish.link % len(LINKS)]
        by = {"by": link.split("--")[wish.by % 2]} if "by" in event else {}
        return {"type": name, "event": {**event, "link": link, **by}}
    if wish.change == "event":
        others = [*ACTS, "link-listed"]
        name, other = _on_link(wish, others[wish.which % len(others)], link)
        by = {"by": event.get("by", sides[0])} if "by" in other else {}
        return {"type": name, "event": {**other, "link": link, "on": event["on"], **by}}
    _, other = _on_link(wish, name, link)
    kept = {field: value for field, value in event.items() if field != wish.change}
    return {"type": name, "event": {**kept, **({wish.change: other[wish.change]} if wish.change in other else {})}}
