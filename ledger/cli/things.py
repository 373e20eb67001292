"""What a name on the command line stands for: an entry, a link, a body or a paper."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import NotFound, UsageError
from projections import questions

if TYPE_CHECKING:
    import click

    from domain.entry import Entry
    from ledger.application import Ledger
    from ledger.cli.desk import Desk

_LINK = re.compile(r"[a-z0-9-]*[a-z0-9]--[a-z0-9][a-z0-9-]*")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

REGISTER_OF: Final = {
    "link": "links",
    "body": "bodies",
    "motion": "decisions",
    "decision": "decisions",
    "letter": "letters",
    "pledge": "pledges",
}


class Thing(NamedTuple):
    """Something that the ledger knows by name."""

    tag: str
    """`position:`, `entry:` or `key:`, and the number, id or key of an entry; else the tag of its history."""
    name: str
    kind: str
    """entry, link, body, or the kind of paper."""


def find(desk: Desk, connection: sqlite3.Connection, text: str) -> Thing:
    """What `text` stands for; a paper may be named by a unique ending, a link with its sides reversed.

    Raises:
        NotFound: the ledger knows nothing of the name.
        UsageError: it may be several things.
    """
    if text.isascii() and text.isdecimal():
        return Thing(f"position:{int(text[:18])}", text, "entry")
    if _ID.fullmatch(text):
        return Thing(f"entry:{text}", text, "entry")
    if text.startswith("key:"):
        return Thing(text, text, "entry")
    for tag in _tags(text):
        thing = _on_record(connection, tag)
        if thing:
            return thing
        if tag.startswith("link:") and desk.recorded(tag):
            return Thing(tag, text, "link")  # spoken of or listed, though nothing is known to have happened to it
    sql = "SELECT DISTINCT subject FROM acts WHERE subject LIKE 'ref:%' AND substr(subject, ?) = ?"
    endings = [tag for (tag,) in connection.execute(sql, (-len(text) - 1, f"/{text}"))]
    if len(endings) > 1:
        raise UsageError(
            f"{text} may be several papers: {', '.join(tag[4:] for tag in sorted(endings))}", mend="write one in full"
        )
    found = _on_record(connection, endings[0]) if endings else None
    if found:
        return found
    raise NotFound(f"{text} is not in the ledger", mend=_near(connection, text))


def _tags(text: str) -> list[str]:
    if _LINK.fullmatch(text):
        return ["link:" + "--".join(sorted(text.split("--", 1)))]
    return [f"ref:{text.split('#', 1)[0]}"] if "/" in text else [f"body:{text}"]


def _on_record(connection: sqlite3.Connection, tag: str) -> Thing | None:
    sql = "SELECT cycle, type, detail FROM acts WHERE subject = ? ORDER BY position"
    for cycle, name, detail in connection.execute(sql, (tag,)):
        if cycle == "link":
            return Thing(tag, json.loads(detail)["link"], cycle)
        if name.startswith(cycle):
            return Thing(tag, tag.split(":", 1)[1], cycle)
    return None


def _near(connection: sqlite3.Connection, text: str) -> str:
    """What may have been meant."""
    from difflib import get_close_matches

    names = [tag.split(":", 1)[1] for tag in questions.subjects(connection)]
    close = get_close_matches(text, names, n=3, cutoff=0.7)
    return f"did you mean {' or '.join(close)}?" if close else "civic links and civic bodies list what is there"


def entry_of(ledger: Ledger, found: Thing) -> Entry:
    """The entry that is meant.

    Raises:
        NotFound: there is none.
    """
    kind, name = found.tag.split(":", 1)
    if kind == "position":
        entries = [entry for entry in ledger.read(int(name) - 1, 1) if entry.position == int(name)]
    else:
        entries = ledger.tagged(f"entry:{_id_of_key(name) if kind == 'key' else name}")
    if not entries:
        raise NotFound(f"there is no entry {found.name}", mend="civic history lists them")
    return entries[0]


def _id_of_key(key: str) -> str:
    from ledger.codec import id_of_key

    return id_of_key(key)


def complete_thing(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names on record that begin or end as typed."""
    try:
        desk: Desk = context.find_root().obj
        with desk.views() as connection:
            names = [tag.split(":", 1)[1] for tag in questions.subjects(connection)]
    except Exception:  # noqa: BLE001 - a shell must not show a traceback between two keystrokes
        return []
    return [name for name in names if name.startswith(incomplete) or name.rpartition("/")[2].startswith(incomplete)]
