"""For auditors: whether the entries are those that were sealed and signed, and what could not be proved."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ledger.cli import output
from ledger.cli.options import GlobalOptions, asked_format
from ledger.cli.witnesses import asked_checkpoints, asked_vkeys, last_signed, parsed, read_witness
from ledger.errors import LedgerError
from ledger.store.errors import Busy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from click._termui_impl import ProgressBar

    from ledger.cli.desk import Desk
    from ledger.transparency.finding import Finding, Report
    from ledger.transparency.hearing import Witness
    from ledger.transparency.note import VerifierKey
    from ledger.transparency.verification import Verification

ALTERED: Final = 10
UNPROVED: Final = 11
LOST: Final = 12
_OF_SLIPS: Final = frozenset({"CHECKPOINT-FOREIGN", "CHECKPOINT-FORGED"})
"""What may be wrong with a checkpoint that was handed over, and with nothing else."""

_NOT_NOW: Final = frozenset(
    {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY}
)

MANY: Final = 100_000
"""Entries from which a bar shows how far a verification has come."""


@click.command("verify", cls=GlobalOptions)
@asked_checkpoints
@asked_vkeys
@click.option(
    "--since", type=click.IntRange(0), default=0, metavar="SIZE", help="Do not read the first SIZE entries again."
)
@click.option("--deep", is_flag=True, help="Also hold tags against events, and the read models against a replay.")
@asked_format
@click.pass_obj
@output.concluding()
def verify_(
    desk: Desk, checkpoints: tuple[Path, ...], vkeys: tuple[str, ...], since: int, format_: str | None, *, deep: bool
) -> None:
    """Verify every entry against the log, and the log against checkpoints: those in the folder, and yours.

    Exit 0: a checkpoint that you gave vouches for the entries. Exit 11: nothing is wrong, but nothing from outside
    was given, so that nobody can say whether history was rewritten as a whole; or something could not be judged.
    Exit 10: something is not what it was; each finding names its kind (civic help findings) and the entry.
    Exit 12: files of the log that are only derived were lost: civic repair lays them again. Nothing that a checkpoint
    vouches for was altered.

    A checkpoint file is a signed note, or its first three lines, copied from a newspaper: then you vouch for it.

    Fields (JSON): kind, entry, found; in the last line kind is CONCLUSION: size, root, proved, against, unproved.
    """
    where, form = desk.folder, output.chosen(format_)
    given = [read_witness(path, where.path) for path in checkpoints]
    with bar(desk) as watch:
        verification, unread = verification_of(desk, given, parsed(vkeys), since=since, watch=watch)
        found = [*told(unread, form), *told(verification.findings(), form)]
    if deep:
        found += told(tags_found(where.entries), form)
        differing, agreeing = views_found(desk)
        found += told(differing, form)
        verification.report.against += agreeing
    conclude(found, verification.report, form)


def verification_of(
    desk: Desk,
    given: Iterable[Witness] = (),
    vkeys: Sequence[VerifierKey] = (),
    *,
    since: int = 0,
    watch: Callable[[int, int], None] = lambda done, whole: None,  # noqa: ARG005 - nobody watches
) -> tuple[Verification, list[Finding]]:
    """The verification of the ledger against what was signed here and what was given; and what could not be read."""
    from ledger.transparency.verification import Subject, Verification

    where = desk.folder
    subject = Subject(where.path, where.origin, where.settings_digest, where.entries, where.personal)
    own, unread = last_signed(desk)
    return Verification(subject, [*own, *given], vkeys, since=since, watch=watch), unread


def conclude(found: list[Finding], report: Report, form: str, of: str = "folder") -> None:
    """Tell what a verification of a folder or a bundle came to, and end with its exit code."""
    from ledger.transparency import note

    unjudged = any(one.gravity == "unproved" for one in found)
    altered = any(one.gravity == "altered" for one in found)
    lost = any(one.gravity == "lost" for one in found)
    conclusion: dict[str, Any] = {
        "kind": "CONCLUSION",
        "size": report.size,
        "root": note.to_base64(report.root),
        "proved": report.proved and not (altered or unjudged or lost),
        "against": report.against,
        "unproved": report.unproved,
    }
    if form == "table":
        wrong = [one for one in found if one.gravity == "altered"]
        misfit = bool(wrong) and all(one.kind in _OF_SLIPS and not one.found.startswith("log/") for one in wrong)
        _say_conclusion(conclusion, report, of, altered=altered, misfit=misfit, lost=lost)
    elif form == "jsonl":
        output.say(output.to_json(conclusion))
    else:
        output.rows(
            [*(one._asdict() for one in found), conclusion], form, ("kind", "entry", "found", *list(conclusion)[1:])
        )
    if altered:
        raise click.exceptions.Exit(ALTERED)
    if lost:
        raise click.exceptions.Exit(LOST)
    if not conclusion["proved"]:
        raise click.exceptions.Exit(UNPROVED)


def _say_conclusion(
    conclusion: dict[str, Any], report: Report, of: str, *, altered: bool, misfit: bool, lost: bool
) -> None:
    from ledger.transparency.finding import so_many_entries

    entries = so_many_entries(conclusion["size"])
    if report.skipped:
        entries += f" (the first {report.skipped} by their hashes alone)"
    tail = report.unvouched
    if report.unread:
        output.say(f"The entries could not be read, and nothing was verified. Keep the {of} as it is.")
    elif misfit:
        output.say(f"{entries} read: a checkpoint given is of another ledger, or was not copied as it is. Look at it.")
    elif altered:
        output.say(f"{entries} read: something is not what it was. Keep the {of} as it is; civic help findings")
    elif lost:
        but = f"nothing was altered before entry {report.covered + 1}; {tail}" if tail else "nothing was altered"
        output.say(f"{entries} read: {but}. Derived files were lost: civic repair lays them again")
    elif conclusion["proved"]:
        which = "they are" if report.vouched >= report.size else f"the first {report.vouched} are"
        output.say(f"{entries} read: {which} those that {_vouching(of)} vouches for.")
    else:
        output.say(f"{entries} read: nothing is wrong with them as far as this {of} tells.")
    for title in ("against", "unproved"):
        for number, sentence in enumerate(conclusion[title]):
            word = {"against": "held against:", "unproved": "not proved:"}[title] if number == 0 else ""
            output.say(output.safe(f"  {word:<14}{sentence}"))


def _vouching(of: str) -> str:
    return "the checkpoint given" if of == "folder" else "the checkpoint or the key given"


def told(findings: Iterable[Finding], form: str) -> Iterator[Finding]:
    """Tell findings as they come, and pass them on."""
    for one in findings:
        if form == "jsonl":
            output.say(output.to_json(one._asdict()))
        elif form == "table":
            where = f" entry {one.entry}" if one.entry is not None else ""
            output.say(output.safe(f"{one.kind}{where}: {one.found}"))
        yield one


def tags_found(entries: Path) -> list[Finding]:
    """Hold the tags of every entry against what its event names: whoever sealed it could have sealed false ones."""
    from ledger.doctor import examine
    from ledger.transparency.finding import Finding

    return [Finding("TAGS-ALTERED", None, one.found) for one in examine(entries) if one.check == "tags" and not one.ok]


def views_found(desk: Desk) -> tuple[list[Finding], list[str]]:
    """Compare the read models as they lie there with a replay: what is found, and what they agree with."""
    from contextlib import closing

    from ledger.cli.keeper import same_rows
    from ledger.transparency.finding import Finding

    try:
        path = desk.stored_views
        if not path.exists():
            return [], []
        live, mark = desk.copied(path)
        with closing(live):
            target = desk.target()  # later than the copy: others may be recording, and asking
            if not live.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                return [], []  # somebody is just making them
            if mark is None:
                return [Finding("VIEWS-UNREADABLE", None, "they are none of this release")], []
            if not desk.follows(mark, target):
                return [Finding("VIEWS-ALTERED", None, "they follow other entries")], []
            desk.catch_up(live, target, target.position)  # as the next question would have them
            with desk.rebuilt(target, target.position, later_redactions=False) as fresh:
                same = same_rows(live, fresh)
    except sqlite3.OperationalError as error:
        # A question that was killed amid following left half of it, which the next one undoes; or they may not be read.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _NOT_NOW:
            return [Finding("VIEWS-UNREADABLE", None, f"the read models: {error}")], []
        why = f"the read models cannot be read before a question was asked, which makes them whole: {error}"
        return [Finding("UNAVAILABLE", None, why)], []
    except Busy as error:
        return [Finding("UNAVAILABLE", None, f"the read models cannot be compared now: {error}")], []
    except (sqlite3.Error, UnicodeDecodeError, LedgerError) as error:
        return [Finding("VIEWS-UNREADABLE", None, f"the read models: {error}")], []
    if not same:
        return [Finding("VIEWS-ALTERED", None, "some rows differ from a replay")], []
    return [], ["the read models: a replay gives the same rows"]


@contextmanager
def bar(desk: Desk) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, for a ledger that takes a while."""
    if desk.quiet or not output.is_terminal(sys.stderr):
        yield lambda done, whole: None  # noqa: ARG005 - nobody watches
        return
    with ExitStack() as stack:
        shown: ProgressBar[int] | None = None

        def watch(done: int, whole: int) -> None:
            nonlocal shown
            if whole < MANY:
                return
            if shown is None:
                made = click.progressbar(length=whole, label="reading", file=sys.stderr, show_eta=True)
                shown = stack.enter_context(made)
            shown.update(done - shown.pos)

        yield watch
