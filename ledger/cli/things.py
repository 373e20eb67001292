"""What a name on the command line stands for: an entry, a link, a body or a paper."""

from __future__ import annotations

import re
import sqlite3
from typing import Final, NamedTuple

from ledger.errors import NotFound, UsageError

_LINK = re.compile(r"[a-z0-9-]*[a-z0-9]--[a-z0-9][a-z0-9-]*")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

REGISTER_OF: Final = {
    "link": "links", "body": "bodies", "motion": "decisions", "decision": "decisions", "letter": "letters", "pledge": "pledges",
}  # fmt: skip


class Thing(NamedTuple):
    """Something that the ledger knows by name."""

    tag: str
    """`entry:...` for an entry's id, `position:...` for its number; else the tag of its history."""
    name: str
    kind: str
    """entry, link, body, or the kind of paper."""


def find(connection: sqlite3.Connection, text: str) -> Thing:
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
    endings = [tag for (tag,) in connection.execute(
        "SELECT DISTINCT subject FROM acts WHERE subject LIKE 'ref:%' AND substr(subject, ?) = ?",
        (-len(text) - 1, f"/{text}"),
    )]  # fmt: skip
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
    rows = connection.execute(
        "SELECT cycle, type, detail FROM acts WHERE subject = ? ORDER BY position", (tag,)
    ).fetchall()
    own = [row for row in rows if row[0] == "link" or row[1].startswith(row[0])]
    if not own:
        return None
    cycle, _, detail = own[0]
    if cycle == "link":
        import json

        return Thing(tag, json.loads(detail)["link"], "link")
    return Thing(tag, tag.split(":", 1)[1], cycle)


def _near(connection: sqlite3.Connection, text: str) -> str:
    """What may have been meant."""
    from difflib import get_close_matches

    names = [tag.split(":", 1)[1] for (tag,) in connection.execute("SELECT DISTINCT subject FROM acts")]
    close = get_close_matches(text, names, n=3, cutoff=0.7)
    return f"did you mean {' or '.join(close)}?" if close else "civic links and civic bodies list what is there"
