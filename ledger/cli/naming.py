"""What a clerk types, made whole: short references, known sources, the defaults that are not guesses."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from domain import telling
from domain.dates import Date
from domain.links import LinkEvent, LinkListed
from domain.papers import CYCLES, PAPERS
from domain.rules import Refusal
from domain.values import Evidence, LinkName, Reference, SourceName
from ledger.cli import amendments, things
from ledger.errors import Conflict, NotFound, Refused, UsageError
from ledger.interchange.sources import OF_THE_ENTRY, differing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from domain.catalogue import AnyEvent
    from ledger.application import Ledger
    from ledger.cli.desk import Desk

INTRODUCING: Final = frozenset(
    {
        "meeting-called",
        "meeting-held",
        "motion-moved",
        "decision-taken",
        "agreement-signed",
        "letter-sent",
        "letter-received",
        "pledge-made",
    }
)
"""The events that put a new paper on record, and so take a bare name."""

MAY_BEGIN: Final = frozenset(
    step.event
    for cycle in CYCLES.values()
    for step in cycle.steps
    if cycle.kind != "body" and step.names and "none" in step.origins
)
"""The events that may be the first that the ledger knows of a paper: a motion carried, of which nobody recorded the
moving."""

_REFERENCES: Final = (*PAPERS, "at", "by_motion", "reference", "in_answer_to")
"""The fields that name one paper."""

_LINKS: Final = ("announces", "links")
"""The fields that name several links, or acts on them."""


def completed(desk: Desk, event: type[AnyEvent], given: dict[str, Any], *, confirmed: bool) -> dict[str, Any]:
    """The particulars, with every name in full and the defaults that are not guesses.

    `confirmed` says whether somebody sees the whole before it is written; if not, short names are refused.
    """
    if event.cycle == "record":
        with desk.ledger(read_only=True) as ledger:
            return amendments.completed(ledger, event, given)
    subject = event.subject_field
    given = dict(given)
    if event.type == "decision-taken":
        given.setdefault("authority", {"power": "not-stated"})
    if "on" not in given and "meeting" in given and "on" in event.model_fields:
        day = _day_of_meeting(desk, str(given["meeting"]), confirmed=confirmed)
        if day:
            given["on"] = day
    if subject and subject not in ("slug", "link") and "/" not in given[subject]:
        given[subject] = _own_reference(desk, event, given[subject], str(given.get("on", "")), confirmed=confirmed)
    if "link" in given:
        given["link"] = _link(desk, str(given["link"]))
    for field in _LINKS:
        if field in given:
            given[field] = [_link(desk, str(one)) for one in given[field]]
    if "about" in given:
        given["about"] = [_thing(desk, str(one), confirmed=confirmed) for one in given["about"]]
    for field in _REFERENCES:
        if field in given and field != subject and "/" not in given[field]:
            given[field] = _known_reference(desk, given[field], confirmed=confirmed)
    if "encloses" in given:
        given["encloses"] = [
            one if "/" in one else _known_reference(desk, one, confirmed=confirmed) for one in given["encloses"]
        ]
    return _by_keeper(desk, event, given)


def _by_keeper(desk: Desk, event: type[AnyEvent], given: dict[str, Any]) -> dict[str, Any]:
    """The keeper acts, unless said otherwise, where somebody must: of a link, if it is one of its sides."""
    info = event.model_fields.get("by")
    keeper = desk.folder.body
    if info is None or "by" in given or not info.is_required() or not keeper:
        return given
    if "link" in given and keeper not in LinkName(given["link"]).sides:
        return given
    order = [info.alias or name for name, info in event.model_fields.items()]
    return dict(sorted({**given, "by": keeper}.items(), key=lambda item: order.index(item[0])))


def _own_reference(desk: Desk, event: type[AnyEvent], name: str, on: str, *, confirmed: bool) -> str:
    if event.type in INTRODUCING:
        return new_reference(desk, name, on)
    try:
        return _known_reference(desk, name, confirmed=confirmed)
    except Refused as refused:
        if event.type not in MAY_BEGIN or not desk.folder.body:
            raise
        whole = new_reference(desk, name, on)
        if confirmed:
            return whole
        mend = f"if it is a new paper, write {whole} in full: nobody confirms this"
        raise Refused([(1, Refusal("record/known", refused.refusals[0][1].what, mend=mend))]) from None


def new_reference(desk: Desk, name: str, on: str) -> str:
    """A bare name as the reference of a new paper of the keeper.

    Raises:
        UsageError: the ledger has no keeper, or the name is not written as one.
    """
    if not desk.folder.body:
        raise UsageError(
            f"{name} is not a reference",
            mend=f"write body/when/name in full: this ledger has no keeper to put before {name}",
        )
    try:
        return str(Reference.check(f"{desk.folder.body}/{label(on)}/{name}"))
    except ValueError as error:
        raise UsageError(str(error)) from None


def label(on: str) -> str:
    """The label that a date gives a reference: its plain part, or what both ends of a span have in common."""
    if not on or "X" in on:
        return "undated"
    if not on.startswith("["):
        return on.rstrip("?~%")
    first, last = on.strip("[]").split("..")
    parts = zip(first.split("-"), last.split("-"), strict=False)
    return "-".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], parts)) or "undated"


def _known_reference(desk: Desk, name: str, *, confirmed: bool) -> str:
    """A paper on record, named by a unique ending; only short names need the views."""
    try:
        with desk.views() as connection:
            found = things.find(desk, connection, name)
    except NotFound as error:
        unknown = Refusal("record/known", error.what, mend=f"write body/when/name in full; {error.mend}")
        raise Refused([(1, unknown)]) from None
    if not found.tag.startswith("ref:"):
        raise UsageError(f"{name} is not a paper", mend="write body/when/name")
    full = f"{found.name}{''.join(name.partition('#')[1:])}"
    if not confirmed:
        raise UsageError(f"{name} is short for {full}", mend=f"nobody confirms this, so write {full} in full")
    return full


def _thing(desk: Desk, name: str, *, confirmed: bool) -> str:
    """A link, body or paper; a bare name that is no body on record may be the ending of a paper's reference."""
    if "--" in name:
        return _link(desk, name)
    if "/" in name or desk.recorded(f"body:{name}"):
        return name
    try:
        with desk.views() as connection:
            found = things.find(desk, connection, name)
    except NotFound:
        return name
    return _known_reference(desk, name, confirmed=confirmed) if found.tag.startswith("ref:") else found.name


def _link(desk: Desk, text: str) -> str:
    """A link, or an act on one, with the link as it was spelled when first recorded, if it is on record."""
    act, colon, name = text.rpartition(":")
    try:
        tag = LinkName(LinkName.check(name)).tag
    except ValueError:
        return text
    with desk.ledger(read_only=True) as ledger:
        first = next((one.event for one in ledger.tagged(tag) if isinstance(one.event, LinkEvent | LinkListed)), None)
    return text if first is None else f"{act}{colon}{first.link}"


def _day_of_meeting(desk: Desk, meeting: str, *, confirmed: bool) -> str | None:
    name = meeting if "/" in meeting else _known_reference(desk, meeting, confirmed=confirmed)
    with desk.ledger(read_only=True) as ledger:
        held = ledger.tagged(f"ref:{name}", ("meeting-held",))
    return telling.on(held[-1].event) if held else None


def evidence(
    ledger: Ledger, names: Sequence[str], particulars: Mapping[str, str], environment: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The evidence that the source flags describe; a known source is copied from its newest entry.

    Raises:
        Conflict: the name stands for a document with other particulars.
        UsageError: title or grade of a new source is missing.
    """
    names = names or ([environment["CIVIC_SOURCE"]] if environment.get("CIVIC_SOURCE") else [])
    if not names:
        return [_new_source(dict(particulars), "")] if particulars else []
    if len(names) > 1 and particulars:
        raise UsageError(
            "--source-... describes one source, and several are named", mend="describe each when it is first used"
        )
    return [_source(ledger, *_parted(name), dict(particulars)) for name in names]


def _parted(name: str) -> tuple[str, str]:
    slug, _, locator = name.partition(":")
    return slug, locator


def source_name(text: str) -> str:
    """A source's short name.

    Raises:
        UsageError: it is not written as one.
    """
    try:
        return str(SourceName.check(text))
    except ValueError as error:
        raise UsageError(str(error)) from None


def _source(ledger: Ledger, slug: str, locator: str, particulars: dict[str, str]) -> dict[str, Any]:
    source_name(slug)
    _whole_dates(particulars)
    own = {field: particulars.pop(field) for field in OF_THE_ENTRY if field in particulars}
    if locator:
        own["locator"] = locator
    known = known_source(ledger, slug)
    if known is None:
        return {**_new_source(particulars, slug), **own}
    field = differing(known, particulars)
    if field:
        raise Conflict(
            f"the source {slug} is known with {field} {known[field]!r}, not {particulars[field]!r}",
            why="a source's name stands for one document",
            mend="leave the particulars out, or give the other document its own name",
        )
    return {**known, **particulars, **own}


def known_source(ledger: Ledger, slug: str) -> dict[str, Any] | None:
    """The particulars of a source, from the newest entry that names it."""
    entries = ledger.tagged(f"source:{slug}")
    if not entries:
        return None
    newest = next(source for source in entries[-1].evidence if source.source == slug)
    found: dict[str, Any] = newest.model_dump(mode="json", exclude_defaults=True)
    return {field: value for field, value in found.items() if field not in OF_THE_ENTRY}


def _whole_dates(particulars: dict[str, str]) -> None:
    """Give the dates of a source their stored form."""
    for field in ("published", "retrieved"):
        if field in particulars:
            try:
                particulars[field] = Date.from_short(particulars[field]).text
            except ValueError as error:
                raise UsageError(f"--source-{field}: {error}") from None


def _new_source(particulars: dict[str, str], slug: str) -> dict[str, Any]:
    _whole_dates(particulars)
    missing = [f"--source-{field}" for field in ("title", "grade") if field not in particulars]
    if missing:
        what = f"the source {slug} is new here" if slug else "the source is not described"
        raise UsageError(
            f"{what}: {' and '.join(missing)} missing", mend="give its title and its grade once; civic help sources"
        )
    order = Evidence.model_fields
    described = {**particulars, **({"source": slug} if slug else {})}
    return {field: described[field] for field in order if field in described}
