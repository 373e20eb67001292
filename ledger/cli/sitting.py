"""A sitting: the clerk is asked, event by event, and records them together at the end, or not at all."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager, suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

import click

from domain import telling
from domain.catalogue import EVENTS, AnyEvent
from domain.records import Instead
from domain.values import GRADES, BodyName
from ledger.cli import amendments, drafting, flags, naming, output
from ledger.cli.dialogue import Back, Check, agreed, ask, one_of
from ledger.cli.fields import described
from ledger.cli.nouns import NOUNS, meant
from ledger.errors import LedgerError, UsageError
from projections import questions

if TYPE_CHECKING:
    from domain.entry import Draft
    from domain.rules import Refusal
    from ledger.application import Ledger
    from ledger.cli.desk import Desk

HOW_TO_ANSWER: Final = (
    "Enter leaves out what is not known, or takes what stands in [ ]; * is needed; ? explains, < goes back; "
    "Ctrl-C stops and writes nothing."
)


def sit(
    desk: Desk,
    first: tuple[type[AnyEvent], dict[str, Any]] | None = None,
    sources: Callable[[Ledger], list[dict[str, Any]]] = lambda _: [],
    clerk: str | None = None,
) -> None:
    """Ask for events until the clerk is done, show them all, and record them in one batch.

    `first` is an event begun already, and `sources` the evidence that was named for it; both are not asked for again.
    """
    with desk.ledger(clerk) as ledger:
        sitting = _Sitting(desk, ledger)
        output.note(f"Into {desk.folder.path}. {HOW_TO_ANSWER}")
        try:
            sitting.sources = sources(ledger)
            while not sitting.sources:
                with suppress(Back):  # there is nothing before it
                    sitting.sources = [sitting.choose_source()]
            if first:
                sitting.take(*first)
            else:
                sitting.take_events()
            if sitting.drafts and sitting.confirmed():
                drafting.commit(desk, ledger, sitting.drafts, "table", new_bodies=False)
                return
        except (KeyboardInterrupt, click.Abort, LedgerError):
            sitting.leave_commands()
            raise
        if sitting.drafts:
            sitting.leave_commands()
            raise click.Abort
        output.note("nothing was written")


class _Sitting:
    """What has been told so far."""

    def __init__(self, desk: Desk, ledger: Ledger) -> None:
        self._desk = desk
        self._ledger = ledger
        self.sources: list[dict[str, Any]] = []
        self.drafts: list[Draft] = []
        self._begun: list[tuple[type[AnyEvent], dict[str, Any]]] = []
        """The events that are being asked for, each within the one before, with what was answered so far."""

    def choose_source(self) -> dict[str, Any]:
        """Ask which document it is all taken from; the last one is offered, never taken silently."""
        newest = self._ledger.newest()
        named = [str(one.source) for one in newest.evidence if one.source] if newest else []
        offered = os.environ.get("CIVIC_SOURCE") or next(iter(named), "")
        slug = ask(
            "Source, short name",
            "The document you record from, as in minutes-0322.",
            default=offered,
            needed=True,
            check=naming.source_name,
        )
        known = naming.known_source(self._ledger, slug)
        if known:
            output.note(output.safe(f"  {known['title']} ({known['grade']})"))
            return known
        described = {"title": ask("  Its title", drafting.SOURCE_FIELDS["title"], needed=True)}
        described["grade"] = ask(
            f"  Its grade ({', '.join(GRADES)})", drafting.SOURCE_FIELDS["grade"], check=one_of(GRADES), needed=True
        )
        for field in ("publisher", "url", "published"):
            check = flags.date if field == "published" else None
            answer = ask(f"  Its {field}", drafting.SOURCE_FIELDS[field], check=check)
            if answer:
                described[field] = answer
        return naming.evidence(self._ledger, [slug], described, {})[0]

    def take_events(self) -> None:
        """Ask what happened, until nothing more did."""
        while True:
            name = ask("What happened (an event; ? lists them; Enter = done)", _listed(), check=_event)
            if not name:
                return
            self.take(EVENTS[name], {})

    def take(self, event: type[AnyEvent], given: dict[str, Any]) -> None:
        """Ask for the fields of one event, and keep it if nothing is against it."""
        self._begun.append((event, given))
        with suppress(Back):
            self._asked(event, given)
            self._kept(event, given)
        self._begun.pop()  # whoever is stopped amid it is told what they had answered

    def _kept(self, event: type[AnyEvent], given: dict[str, Any]) -> None:
        """Keep an event that was told, once nothing is against it; or leave it out."""
        while True:
            try:
                drafted = self._drafted(event, given)
                refusal = self._refusal(drafted)
            except LedgerError as error:
                output.note(output.safe(f"  not yet: {error.what}"))
            else:
                if refusal is None:
                    self.drafts.append(drafted)
                    told = f"{event.type} {telling.subject(drafted.event)} {telling.on(drafted.event)}"
                    output.note(output.safe(f"  {len(self.drafts)}  {told}"))
                    return
                output.note(output.safe(f"  refused: {refusal.what}  [{refusal.rule.id}]"))
                output.note(output.safe(f"  why:  {refusal.why}"))
                output.note(output.safe(f"  mend: {refusal.mend}"))
            if not self._mended(event, given):
                output.note("  left out")
                return

    def confirmed(self) -> bool:
        """Show all that was told, and ask whether it is to be recorded; an event can still be left out."""
        while self.drafts:
            for number, drafted in enumerate(self.drafts, 1):
                output.note(f"{number}.")
                drafting.preview(self._desk, self._ledger, [drafted])
            these = "this" if len(self.drafts) == 1 else f"these {len(self.drafts)}"
            answer = ask(
                f"Record {these} for good? It can be corrected, never deleted. [y/N, or a number to leave out]",
                "y records them; anything else does not.",
            )
            if answer.isdecimal() and 1 <= int(answer) <= len(self.drafts):
                del self.drafts[int(answer) - 1]
            elif answer.lower() in ("", "n", "no", "y", "yes"):
                return answer.lower() in ("y", "yes")
            else:
                output.note("  y, n, or the number of an event to leave out")
        return False

    def leave_commands(self) -> None:
        """What was told so far, as commands, so that nothing typed is lost."""
        named = [str(source["source"]) for source in self.sources if "source" in source]
        told = [(flags.command_line(one), [str(source.source) for source in one.evidence]) for one in self.drafts]
        told += [(flags.begun_line(event, given, named), named) for event, given in reversed(self._begun) if given]
        if told:
            output.note("\nto go on later:")
        for line, sources in told:
            described = "".join(f" --source-{field} {shlex.quote(value)}" for field, value in self._new(sources))
            output.note(output.safe(f"  {line}{described}"))

    def _new(self, named: Collection[str]) -> Iterator[tuple[str, str]]:
        """How the sources named are described, as far as they are not on record yet."""
        for source in self.sources:
            if source.get("source") in named and naming.known_source(self._ledger, source["source"]) is None:
                yield from ((field, str(source[field])) for field in drafting.SOURCE_FIELDS if field in source)

    def _asked(self, event: type[AnyEvent], given: dict[str, Any]) -> None:
        """Every field in turn, the needed ones first; `<` goes back to the one before."""
        subject = event.subject_field
        fields = sorted(
            (flag for flag in flags.flags_of(event) if flag.field not in given), key=lambda flag: not flag.required
        )
        places: list[flags.Flag | None] = [*([None] if subject and not given.get(subject) else []), *fields]
        place = 0
        while place < len(places):
            flag = places[place]
            try:
                if flag is None:
                    self._subject(event, str(subject), given)
                else:
                    self._field(event, flag, given)
                place += 1
            except Back:
                if place == 0:
                    raise
                place -= 1

    def _subject(self, event: type[AnyEvent], field: str, given: dict[str, Any]) -> None:
        """Ask what the event is about."""
        words, keeper = described(event)[field], self._desk.folder.body
        fresh = event.type in naming.INTRODUCING
        short = " (short name)" if fresh and keeper else ""

        def check(answer: str) -> str:
            whole = f"{keeper}/undated/{answer}" if short and "/" not in answer else answer
            wrong = drafting.wrong_with(event, field, whole)
            if wrong:
                raise UsageError(wrong)
            return answer

        def link(answer: str) -> str:
            given[field] = answer  # a body of it may be registered first, and that may be stopped
            return self._link(answer)

        # A paper that is on record, or was told of in this sitting, goes by any ending of its name.
        judge = link if field == "link" else check if fresh or field == "slug" else None
        with _asked_anew(given, field):
            given[field] = ask(f"{field.capitalize()}{short}", words, needed=True, check=judge)

    def _link(self, answer: str) -> str:
        """A link whose two bodies are on record."""
        sides = answer.split("--")
        if len(sides) != 2 or not all(sides):  # noqa: PLR2004 - a link has two sides
            raise UsageError("a link is two bodies joined by two hyphens, as in coventry--volgograd")
        return "--".join(self._body(side) for side in sides)

    def _field(self, event: type[AnyEvent], flag: flags.Flag, given: dict[str, Any]) -> None:
        """Ask for one field; a list is asked for until nothing more is told."""
        words = flag.help + (f" One of: {', '.join(flag.choices)}." if flag.choices else "")
        label = flag.option.replace("-", " ").capitalize() + (" *" if flag.required else "")
        default = self._desk.folder.body if flag.field == "by" and flag.required else ""
        with _asked_anew(given, flag.field):
            if flag.kind is bool:
                answer = ask(f"{label} (yes/no)", words, check=one_of(("yes", "no")), needed=flag.required)
                if answer:
                    given[flag.field] = answer == "yes"
                return
            check = self._check(event, flag)
            answer = ask(label, words, default=default, check=check, needed=flag.required)
            found = []
            while answer:
                found.append(flag.read(answer))
                given[flag.field] = flag.gathered(found)
                answer = ask(label, words, check=check) if flag.many else ""

    def _check(self, event: type[AnyEvent], flag: flags.Flag) -> Check:
        def check(answer: str) -> str:
            if flag.kind is Instead:
                return answer
            wrong = drafting.wrong_with(event, flag.field, flag.gathered([flag.read(answer)]))
            if wrong:
                raise UsageError(wrong)
            return self._body(answer) if flag.kind is BodyName else answer

        return one_of(flag.choices) if flag.choices else check

    def _body(self, answer: str) -> str:
        """A body on record or told of in this sitting, or the one that was meant."""
        with self._desk.views() as connection:
            known = [tag[5:] for tag in questions.subjects(connection) if tag.startswith("body:")]
        known += [telling.subject(drafted.event) for drafted in self.drafts if drafted.event.type == "body-registered"]
        if answer in known:
            return answer
        close = get_close_matches(answer, known, n=1)
        if close and agreed(f"  {answer!r} is not in the ledger. Did you mean {close[0]}?"):
            return close[0]
        if agreed(f"  {answer!r} is not in the ledger. Register it now?"):
            self.take(EVENTS["body-registered"], {"slug": answer})
            return self._body(answer)
        raise UsageError(f"{answer!r} is not in the ledger")

    def _drafted(self, event: type[AnyEvent], given: dict[str, Any]) -> Draft:
        particulars = naming.completed(self._desk, event, given, confirmed=True)
        own = amendments.needs_source(event, particulars)
        sources = self.sources if own else amendments.evidence_of(self._ledger, particulars, event)
        return drafting.draft(event, particulars, sources)

    def _refusal(self, drafted: Draft) -> Refusal | None:
        """What stands against it, with all that was told before it."""
        with closing(self._ledger.batch()) as batch:
            for number, one in enumerate([*self.drafts, drafted], 1):
                batch.add(number, one)
            return next(iter(self._ledger.decide(batch).refused.values()), None)

    def _mended(self, event: type[AnyEvent], given: dict[str, Any]) -> bool:
        """Let the clerk change a field, or record something else first; False to leave the event out."""
        by_option = {flag.option: flag for flag in flags.flags_of(event)}
        subject = event.subject_field
        answer = ask(
            "  A field to change, an event to record first, or Enter to leave this out",
            f"Fields: {', '.join([*([subject] if subject else []), *by_option])}.",
        )
        name = re.sub("[ _]", "-", answer)
        if name in NOUNS:
            self.take(EVENTS[name], {})
            return True
        try:
            if name in by_option:
                self._field(event, by_option[name], given)
            elif subject and name == subject:
                self._subject(event, subject, given)
        except Back:
            pass
        return bool(answer)


@contextmanager
def _asked_anew(given: dict[str, Any], field: str) -> Iterator[None]:
    """A field is asked for: where the clerk goes back it stays as it was, where they stop also what was answered."""
    former = {field: given.pop(field)} if field in given else {}
    try:
        yield
    except Back:
        given.pop(field, None)
        given.update(former)
        raise
    except (KeyboardInterrupt, click.Abort):
        given.update({**former, **given})
        raise


def _event(answer: str) -> str:
    if answer in NOUNS:
        return answer
    close = meant(answer)
    if close and agreed(f"  no event {answer!r}. Did you mean {close}?"):
        return close
    raise UsageError(f"no event {answer!r}; ? lists them")


def _listed() -> str:
    return "\n  ".join(f"{name:<22}{sentence}" for name, sentence in NOUNS.items())
