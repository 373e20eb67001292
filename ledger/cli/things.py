"""What a name on the command line stands for: an entry, a link, a body or a paper."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from domain.history import Act
from domain.papers import names
from ledger.cli import output
from ledger.errors import NotFound, UsageError
from projections import questions

if TYPE_CHECKING:
    import click

    from domain.entry import Entry
    from ledger.application import Ledger
    from ledger.cli.desk import Desk

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
    if _is_entry(text):
        return entry_named(text)
    tag = tag_of(text)
    thing = _on_record(connection, tag)
    if thing is None and not tag.startswith("ref:"):
        tag = _by_other_name(connection, tag)
        thing = _on_record(connection, tag)
        if thing and not desk.quiet:
            output.note(f"{text} is {thing.name}")
    if thing:
        return thing
    if desk.recorded(tag):
        return Thing(tag, tag.split(":", 1)[1], tag.split(":", 1)[0])  # spoken of, or taken back again
    ending = _ending(connection, text)
    found = _on_record(connection, ending) if ending else None
    if found:
        return found
    raise NotFound(f"{text} is not in the ledger", mend=_near(connection, text))


def tag_named(connection: sqlite3.Connection, text: str) -> str:
    """The tag of what a name stands for, as `find` reads it; where nothing of the name is on record, as it is written.

    Raises:
        UsageError: it may be several things.
    """
    tag = tag_of(text)
    if _on_record(connection, tag):
        return tag
    if not tag.startswith("ref:"):
        tag = _by_other_name(connection, tag)
    return tag if _on_record(connection, tag) else _ending(connection, text) or tag


def _ending(connection: sqlite3.Connection, text: str) -> str:
    """The tag of the one paper whose reference ends so; empty where there is none.

    Raises:
        UsageError: several papers do.
    """
    text = text.split("#", 1)[0]
    sql = "SELECT DISTINCT subject FROM acts WHERE subject LIKE 'ref:%' AND substr(subject, ?) = ?"
    endings = [tag for (tag,) in connection.execute(sql, (-len(text) - 1, f"/{text}"))]
    if len(endings) > 1:
        raise UsageError(
            f"{text} may be several papers: {', '.join(tag[4:] for tag in sorted(endings))}", mend="write one in full"
        )
    return endings[0] if endings else ""


def _is_entry(text: str) -> bool:
    return (text.isascii() and text.isdecimal()) or text.startswith("key:") or bool(_ID.fullmatch(text))


def entry_named(text: str) -> Thing:
    """An entry by its position, its id, or `key:K`.

    Raises:
        NotFound: it is none of these.
    """
    if not _is_entry(text):
        raise NotFound(f"{text} names no entry", mend="write its position, its id, or key:K; civic history lists them")
    if text.isascii() and text.isdecimal():
        return Thing(f"position:{int(text[:18])}", text, "entry")
    return Thing(text if text.startswith("key:") else f"entry:{text}", text, "entry")


def tag_of(text: str) -> str:
    """The tag of a link in either spelling, of a reference without its limb, or else of a body."""
    if "--" in text:
        return "link:" + "--".join(sorted(text.split("--", 1)))
    return f"ref:{text.split('#', 1)[0]}" if "/" in text else f"body:{text}"


def _by_other_name(connection: sqlite3.Connection, tag: str) -> str:
    """The tag of a body or link, whose bodies may be named by any name that they have or had.

    Raises:
        UsageError: several bodies have the name.
    """
    kind, text = tag.split(":", 1)
    sides = text.split("--", 1)
    return f"{kind}:{'--'.join(sorted(_slug_of(connection, side) for side in sides))}"


def _slug_of(connection: sqlite3.Connection, name: str) -> str:
    wanted = _folded(name)
    called: dict[str, None] = {}
    for slug, own, former in connection.execute("SELECT DISTINCT slug, name, names FROM bodies ORDER BY slug"):
        names_ = [own, *(one["name"] for one in json.loads(former or "[]"))]
        if slug == name:
            return name
        if any(_folded(str(one)) == wanted for one in (slug, *names_)):
            called[str(slug)] = None
    if len(called) > 1:
        raise UsageError(f"{name} may be {' or '.join(called)}", mend="write the short name")
    return next(iter(called), name)


def _folded(name: str) -> str:
    """A name without marks, spaces and capitals, so that nizhny-novgorod is Nizhny Novgorod."""
    bare = unicodedata.normalize("NFKD", name).casefold()
    return "".join(character for character in bare if character.isalnum())


def _on_record(connection: sqlite3.Connection, tag: str) -> Thing | None:
    for row in connection.execute("SELECT * FROM acts WHERE subject = ? ORDER BY position", (tag,)):
        act = Act(*row)
        if act.happens and names(act):
            name = json.loads(act.detail)["link"] if act.cycle == "link" else tag.split(":", 1)[1]
            return Thing(tag, name, act.cycle)
    return None


def _near(connection: sqlite3.Connection, text: str) -> str:
    """What may have been meant."""
    from difflib import get_close_matches

    known = [tag.split(":", 1)[1] for tag in questions.subjects(connection)]
    close = get_close_matches(text, known, n=3, cutoff=0.7)
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
        entries = ledger.tagged(place_of(found))
    if not entries:
        raise NotFound(f"there is no entry {found.name}", mend="civic history lists them")
    return entries[0]


def place_of(found: Thing) -> str:
    """Where an entry that was named is to be found: `position:` and its number, or `entry:` and its id."""
    kind, name = found.tag.split(":", 1)
    return f"entry:{_id_of_key(name)}" if kind == "key" else found.tag


def _id_of_key(key: str) -> str:
    from ledger.codec import id_of_key

    return id_of_key(key)


def complete_thing(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Names on record that begin or end as typed."""
    try:
        desk: Desk = context.find_root().obj
        with desk.views() as connection:
            known = [tag.split(":", 1)[1] for tag in questions.subjects(connection)]
    except Exception:  # noqa: BLE001 - a shell must not show a traceback between two keystrokes
        return []
    return [name for name in known if name.startswith(incomplete) or name.rpartition("/")[2].startswith(incomplete)]
