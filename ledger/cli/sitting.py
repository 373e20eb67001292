"""An interactive session: the clerk is asked, event by event, and records them together at the end, or not at all."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

import click

from domain import telling
from domain.catalogue import EVENTS, AnyEvent
from domain.rules import Query
from domain.values import GRADES
from ledger.cli import amendments, answers, drafting, flags, naming, output
from ledger.cli.dialogue import Back, agreed, ask, one_of, reason
from ledger.cli.fields import described
from ledger.cli.known import Known
from ledger.cli.nouns import NOUNS
from ledger.errors import LedgerError, UsageError
from ledger.everyday import event_advice, events_meant

if TYPE_CHECKING:
    from domain.entry import Draft
    from domain.rules import Refusal
    from ledger.application import Ledger
    from ledger.cli.desk import Desk

HOW_TO_ANSWER: Final = (
    "Enter leaves out what is not known, or takes what is in [ ], and - leaves that out; * is needed; ? explains; "
    "< goes back; Ctrl-C stops and writes nothing."
)
OFTEN: Final = "meeting-held, motion-carried, motion-lost, decision-taken, letter-sent, link-formed, link-suspended"


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
        output.prose(f"Into {desk.folder.path}. {HOW_TO_ANSWER}")
        try:
            sitting.sources = sources(ledger)
            if first:
                sitting.take(*first)
            else:
                output.prose(f"Events are {OFTEN} and others; ? lists them all.")
                sitting.take_events()
            if sitting.kept and sitting.confirmed():
                drafting.commit(desk, ledger, sitting.drafts, "table", new_bodies=False)
                return
        except (KeyboardInterrupt, click.Abort, LedgerError):
            sitting.leave_commands()
            raise
        if sitting.kept:
            sitting.leave_commands()
            raise click.Abort
        output.note("nothing was written")


@dataclass(slots=True)
class _Kept:
    """An event that will be recorded, with what was answered for it."""

    event: type[AnyEvent]
    given: dict[str, Any]
    draft: Draft
    overrides: list[str]


@dataclass(slots=True)
class _Sitting:
    """What was answered so far."""

    desk: Desk
    ledger: Ledger
    sources: list[dict[str, Any]] = field(default_factory=list)
    kept: list[_Kept] = field(default_factory=list)
    begun: list[tuple[type[AnyEvent], dict[str, Any]]] = field(default_factory=list)
    """The events that are being asked for, each within the one before, with what was answered so far."""
    meeting: str = ""
    """The meeting named last, which is offered for the next event; `on` likewise."""
    on: str = ""
    asked_for_keeper: bool = False

    @property
    def drafts(self) -> list[Draft]:
        """The events that will be recorded."""
        return [one.draft for one in self.kept]

    @property
    def known(self) -> Known:
        """The names on record, and those given in this session."""
        return Known(self.desk, self.ledger, self.drafts)

    # Which events

    def take_events(self) -> None:
        """Ask what happened until nothing more did; `+FIELD` adds to the event before."""
        while True:
            more = "; +FIELD adds to the last" if self.kept else ""
            with suppress(Back):  # there is nothing before it to go back to
                name = ask(f"What happened (an event{more}; Enter = done)", _listed(), check=self._event)
                if not name:
                    return
                if name.startswith("+"):
                    self._add(name[1:])
                else:
                    self.take(EVENTS[name], {})

    def _event(self, answer: str) -> str:
        if answer in NOUNS:
            return answer
        if answer.startswith("+"):
            return f"+{self._option(answer[1:].strip()).option}"
        meant = events_meant(answer, NOUNS)
        if len(meant) == 1 and agreed(f"  no event {answer!r}. Did you mean {meant[0]}?"):
            return meant[0]
        said = event_advice(answer, NOUNS, "") if len(meant) != 1 else ""
        raise UsageError(f"no event {answer!r}{f': {said}' if said else ''}; ? lists them")

    def _option(self, name: str) -> flags.Flag:
        """A field of the last event by its name."""
        if not self.kept:
            raise UsageError("there is no event yet to add to")
        last = self.kept[-1].event
        by_option = {flag.option: flag for flag in flags.flags_of(last)}
        found = by_option.get(re.sub("[ _]", "-", name))
        if found is None:
            raise UsageError(f"{name!r} is not a field of {last.type}; its fields are {', '.join(by_option)}")
        return found

    def _add(self, option: str) -> None:
        """Ask for a field of the last event; of a list, for more members."""
        last = self.kept.pop()
        flag = next(one for one in flags.flags_of(last.event) if one.option == option)
        given = dict(last.given)
        self.begun.append((last.event, given))
        with suppress(Back):
            self._field(last.event, flag, given, more=True)
            if self._keep(last.event, given, last.overrides):
                self.begun.pop()
                return
        self.begun.pop()
        self.kept.append(last)
        output.note("  left as it was")

    def take(self, event: type[AnyEvent], given: dict[str, Any]) -> None:
        """Ask for the fields of one event, and keep it if no rule refuses it."""
        self._offer_keeper(event)
        self.begun.append((event, given))
        with suppress(Back):
            self._ask_fields(event, given)
            if not self._keep(event, given):
                output.note("  left out")
        self.begun.pop()  # after an interruption it stays, and what was answered is printed

    def _offer_keeper(self, event: type[AnyEvent]) -> None:
        """Register the body that keeps the ledger before the first event that can name it."""
        keeper = self.desk.folder.body
        if not keeper or self.asked_for_keeper or event.type == "body-registered" or event.cycle == "record":
            return
        self.asked_for_keeper = True
        if keeper not in self.known.bodies() and agreed(
            f"{keeper} keeps this ledger and is not registered yet. Register it now?", usually=True
        ):
            self.take(EVENTS["body-registered"], {"slug": keeper})

    def _keep(self, event: type[AnyEvent], given: dict[str, Any], overrides: Sequence[str] = ()) -> bool:
        """Keep an event once no rule refuses it, or all that do are overridden; False when it is left out."""
        overrides = list(overrides)
        while True:
            refusal = None
            try:
                drafted = self._drafted(event, given, overrides)
                refusal = self._refusal(drafted)
            except LedgerError as error:
                output.prose(f"not yet: {reason(error)}", indent="  ")
            else:
                if refusal is None:
                    self._kept(_Kept(event, given, drafted, overrides))
                    return True
                for word, text in (("refused", f"{refusal.what}  [{refusal.rule.id}]"), ("why", f" {refusal.why}")):
                    output.prose(f"{word}: {text}", indent="  ")
                mend = refusal.mend.partition("; or go ahead with --override")[0]
                output.note(output.safe(f"  mend: {mend}"))
            if not self._change(event, given, refusal, overrides):
                return False

    def _kept(self, one: _Kept) -> None:
        self.kept.append(one)
        event, given, drafted = one.event, one.given, one.draft
        subject, on = telling.subject(drafted.event), telling.on(drafted.event)
        output.prose(" ".join(part for part in (f"{len(self.kept)} ", event.type, subject, on) if part), indent="  ")
        left = [
            f"+{flag.option}" for flag in flags.flags_of(event) if flag.field not in given and flag.option != "note"
        ]
        if left:
            output.prose(f"to add what else is known: {' '.join(left)}", indent="     ")
        if on:
            self.on = on
        meeting = subject if event.type == "meeting-held" else str(getattr(drafted.event, "meeting", None) or "")
        if meeting:
            self.meeting = meeting

    # The source

    def _choose_source(self) -> dict[str, Any]:
        """Ask which document it is all taken from; the last one is offered, never taken silently."""
        newest = self.ledger.newest()
        named = [str(one.source) for one in newest.evidence if one.source] if newest else []
        offered = os.environ.get("CIVIC_SOURCE") or next(iter(named), "")
        output.prose("All that you record now comes from one document, which you name once.")
        answer = ask(
            "Source (its title, or its short name)",
            "The document that you record from: its title, as in 'Minutes of 7 May 2024'; or the short name that you "
            "gave it when you used it before, as in minutes-0507.",
            default=offered,
            needed=True,
        )
        slug, title = (answer, "") if re.fullmatch("[a-z0-9-]+", answer) else ("", answer)
        if not slug:
            words = "A name by which you can call this document again: lower-case letters, digits and hyphens."
            slug = ask("  Its short name, as in minutes-0507", words, check=naming.source_name, needed=True)
        naming.source_name(slug)
        known = naming.known_source(self.ledger, slug)
        if known:
            output.prose(f"{slug} is {known['title']} ({known['grade']})", indent="  ")
            return known
        described = {"title": title or ask("  Its title", drafting.SOURCE_FIELDS["title"], needed=True)}
        described["grade"] = ask(
            f"  Its grade ({', '.join(GRADES)})", drafting.SOURCE_FIELDS["grade"], check=one_of(GRADES), needed=True
        )
        for name in ("published", "url", "publisher"):
            check = flags.date if name == "published" else None
            found = ask(f"  Its {name}", drafting.SOURCE_FIELDS[name], check=check)
            if found:
                described[name] = found
        return naming.evidence(self.ledger, [slug], described, {})[0]

    # One event

    def _ask_fields(self, event: type[AnyEvent], given: dict[str, Any]) -> None:
        """Ask for the subject and the usual fields in turn; `<` goes back to the one before."""
        subject = event.subject_field
        fields = [flag for flag in answers.usual(event) if flag.field not in given]
        places: list[flags.Flag | None] = [*([None] if subject and not given.get(subject) else []), *fields]
        place = 0
        while place < len(places):
            flag = places[place]
            try:
                if flag is None:
                    self._subject(event, str(subject), given)
                elif not self._follows(flag, given):
                    self._field(event, flag, given)
                place += 1
            except Back:
                asked = [n for n, one in enumerate(places[:place]) if one is None or not self._follows(one, given)]
                if not asked:
                    raise
                place = asked[-1]

    def _follows(self, flag: flags.Flag, given: dict[str, Any]) -> bool:
        """Whether the day is that of the meeting that was named, so that it need not be asked for."""
        if flag.field != "on" or not given.get("meeting"):
            return False
        day = self.known.day_of(str(given["meeting"]))
        if day:
            given["on"] = day
        return bool(day)

    def _subject(self, event: type[AnyEvent], name: str, given: dict[str, Any]) -> None:
        """Ask what the event is about."""
        paper = event.type in naming.MAY_BEGIN and event.cycle != "link"
        label = f"{name.capitalize()}{', short name' if paper and self.desk.folder.body else ''} *"
        offered = self.meeting if name == "meeting" and event.type not in naming.INTRODUCING else ""

        def check(answer: str) -> str:
            given[name] = answer  # a body of it may be registered first, and that may be stopped
            return answers.subject(self, event, name, answer)

        with _asked_again(given, name):
            needed = event.model_fields[name].is_required()
            found = ask(label, described(event)[name], needed=needed, check=check, default=offered)
            given.pop(name, None)
            if found:
                given[name] = found

    def _field(self, event: type[AnyEvent], flag: flags.Flag, given: dict[str, Any], *, more: bool = False) -> None:
        """Ask for one field; with `more`, and of a list that is needed, until nothing more is known."""
        words = flag.help + (f" One of: {', '.join(flag.choices)}." if flag.choices else "")
        label = flag.option.replace("-", " ").capitalize() + (" *" if flag.required else "")
        default = self._offered(event, flag, given)
        before = given.get(flag.field, []) if more and flag.many else []
        with _asked_again(given, flag.field):
            if flag.kind is bool:
                answer = ask(f"{label} (yes/no)", words, check=one_of(("yes", "no")), needed=flag.required)
                if answer:
                    given[flag.field] = answer == "yes"
                return
            check = answers.check_of(self, event, flag, given)
            answer = ask(label, words, default=default, check=check, needed=flag.required and not before)
            found = list(before.items() if isinstance(before, dict) else before)
            if found:
                given[flag.field] = before
            while answer:
                found.append(flag.read(answer))
                given[flag.field] = flag.gathered(found)
                answer = ask(label, words, check=check) if flag.many and (more or flag.required) else ""

    def _offered(self, event: type[AnyEvent], flag: flags.Flag, given: dict[str, Any]) -> str:
        """What is probably meant: the meeting or day named last, the keeper of the ledger."""
        if flag.field in ("meeting", "at"):
            return self.meeting
        if flag.field == "on" and event.cycle not in ("record", "link", "body"):
            return self.on
        keeper = self.desk.folder.body
        if flag.field == "by" and flag.required and keeper and keeper in str(given.get("link", keeper)).split("--"):
            return keeper
        return ""

    def _drafted(self, event: type[AnyEvent], given: dict[str, Any], overrides: Sequence[str]) -> Draft:
        particulars = naming.completed(self.desk, event, given, confirmed=True)
        own = amendments.needs_source(event, particulars)
        while own and not self.sources:
            with suppress(Back, UsageError):  # there is nothing before it to go back to
                self.sources = [self._choose_source()]
        sources = self.sources if own else amendments.evidence_of(self.ledger, particulars, event)
        return drafting.draft(event, particulars, sources, overrides)

    def _refusal(self, drafted: Draft) -> Refusal | None:
        """Why it cannot be recorded, after all that was answered before it."""
        with closing(self.ledger.batch()) as batch:
            for number, one in enumerate([*self.drafts, drafted], 1):
                batch.add(number, one)
            return next(iter(self.ledger.decide(batch).refused.values()), None)

    def _change(
        self, event: type[AnyEvent], given: dict[str, Any], refusal: Refusal | None, overrides: list[str]
    ) -> bool:
        """Let the clerk change a field, record something else first, or override; False to leave the event out."""
        by_option = {flag.option: flag for flag in flags.flags_of(event)}
        subject = event.subject_field
        options = [*([subject] if subject else []), *by_option]
        ahead = ", override to go ahead" if isinstance(refusal, Query) else ""
        answer = ask(
            f"  A field to change, an event to record first{ahead}, or Enter to leave this out",
            f"Fields: {', '.join(options)}.",
        )
        name = re.sub("[ _]", "-", answer)
        try:
            if ahead and refusal and name == "override":
                why = ask("  Reason, which stays on record", "Why the entry goes ahead against the rule.", needed=True)
                overrides.append(f"{refusal.rule.id}:{why}")
            elif name in NOUNS:
                self.take(EVENTS[name], {})
            elif name in by_option:
                self._field(event, by_option[name], given)
            elif subject and name == subject:
                self._subject(event, subject, given)
            elif answer:
                output.prose(
                    f"{answer!r} is neither an event nor a field; the fields are {', '.join(options)}", indent="  "
                )
        except Back:
            pass
        return bool(answer)

    # The end

    def confirmed(self) -> bool:
        """Show all events, and ask whether to record them; an event can still be left out."""
        while self.kept:
            for number, one in enumerate(self.drafts, 1):
                output.note(f"{number}.")
                drafting.preview_event(self.ledger, one)
            drafting.preview_origin(self.desk, self.drafts)
            it, these = ("It", "this") if len(self.kept) == 1 else ("They", f"these {len(self.kept)}")
            output.note(f"{it} can be corrected, never deleted.")
            answer = ask(
                f"Record {these} for good? [y/N, or a number to leave out]",
                "y records them; anything else does not.",
            )
            if answer.isdecimal() and 1 <= int(answer) <= len(self.kept):
                del self.kept[int(answer) - 1]
            elif answer.lower() in ("", "n", "no", "y", "yes"):
                return answer.lower() in ("y", "yes")
            else:
                output.note("  y, n, or the number of an event to leave out")
        return False

    def leave_commands(self) -> None:
        """Print what was answered so far as commands, so that nothing typed is lost."""
        named = [str(source["source"]) for source in self.sources if "source" in source]
        lines = [(flags.command_line(one), [str(source.source) for source in one.evidence]) for one in self.drafts]
        lines += [(flags.begun_line(event, given, named), named) for event, given in reversed(self.begun) if given]
        if lines:
            output.note("\nto go on later:")
        for line, sources in lines:
            particulars = "".join(f" --source-{name} {shlex.quote(value)}" for name, value in self._new(sources))
            output.note(output.safe(f"  {line}{particulars}"))

    def _new(self, named: Collection[str]) -> Iterator[tuple[str, str]]:
        """The particulars of the sources named, as far as they are not on record yet."""
        for source in self.sources:
            if source.get("source") in named and naming.known_source(self.ledger, source["source"]) is None:
                yield from ((name, str(source[name])) for name in drafting.SOURCE_FIELDS if name in source)

    # Names

    def body(self, answer: str) -> str:
        """A body on record or registered in this session, or the one that was meant."""
        known = self.known.bodies()
        if answer in known:
            return answer
        close = get_close_matches(answer, known, n=1)
        if close and agreed(f"  {answer!r} is not in the ledger. Did you mean {close[0]}?"):
            return close[0]
        if agreed(f"  {answer!r} is not in the ledger. Register it now?"):
            self.take(EVENTS["body-registered"], {"slug": answer})
            if answer in self.known.bodies():
                return answer
        raise UsageError(f"{answer!r} is not in the ledger")

    def paper(self, answer: str, event: str) -> str:
        """A paper on record or of this session; one that is not can be recorded first, by an `event`.

        Raises:
            UsageError: it is not on record.
        """
        found = self.known.paper(answer)
        if found:
            return self._confirmed_paper(answer, found, event)
        near = self.known.near(answer)
        if "did you mean" in near:
            raise UsageError(f"{answer!r} is not in the ledger; {near}")
        name = EVENTS[event].subject_field if event else None
        if name and agreed(f"  {answer!r} is not in the ledger. Record it now, as {event}?", usually=True):
            before = len(self.kept)
            self.take(EVENTS[event], {name: answers.subject(self, EVENTS[event], name, answer)})
            if len(self.kept) > before:
                return telling.subject(self.kept[-1].draft.event)
        raise UsageError(f"{answer!r} is not in the ledger")

    def _confirmed_paper(self, answer: str, found: str, event: str) -> str:
        """Ask whether a meeting on record is meant: councils meet again under the same short name."""
        if answer == found or event != "meeting-held" or self.known.given_here(found) or found == self.meeting:
            return found
        if agreed(f"  {answer} is {found}. Do you mean that one?", usually=True):
            return found
        if agreed(f"  Record another meeting {answer} now?", usually=True):
            self.take(EVENTS[event], {"meeting": answer})
            if self.kept and telling.subject(self.kept[-1].draft.event) != found:
                return telling.subject(self.kept[-1].draft.event)
        raise UsageError("then write BODY/WHEN/NAME in full")


@contextmanager
def _asked_again(given: dict[str, Any], name: str) -> Iterator[None]:
    """Ask for a field that may have a value: after `<` it has it again; after Ctrl-C also what was answered."""
    former = {name: given.pop(name)} if name in given else {}
    try:
        yield
    except Back:
        given.pop(name, None)
        given.update(former)
        raise
    except (KeyboardInterrupt, click.Abort):
        given.update({**former, **given})
        raise


def _listed() -> str:
    return "\n".join(f"{name:<22}{sentence}" for name, sentence in NOUNS.items())
