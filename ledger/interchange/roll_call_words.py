"""The words of roll calls: what their cells and their headings mean. A word that is not here means nothing."""

from __future__ import annotations

import re
from typing import Final, TypedDict

WAYS: Final[dict[str, tuple[str, ...]]] = {
    "for": (
        "for", "in favour", "in favor", "favour", "favor", "aye", "ayes", "yea", "yeas", "yes", "y", "true",
        "affirmative",
    ),
    "against": ("against", "in opposition", "opposed", "oppose", "nay", "nays", "no", "noes", "n", "false", "negative"),
    "abstained": ("abstained", "abstain", "abstains", "abstaining", "abstention"),
    "no-vote-cast": (
        "no vote cast", "no vote", "not voting", "non voting", "did not vote", "nv", "present", "present not voting",
    ),
    "absent": ("absent", "excused", "excused absence", "apologies", "leave of absence", "on leave"),
    "recused": (
        "recused", "recuse", "recusal", "conflict", "conflict of interest", "declared interest", "declared an interest",
        "interest declared",
    ),
    "paired": ("paired", "pair"),
}  # fmt: skip
"""By the way in which a person voted: the words for it, in any case, with hyphens or spaces."""

MARKS: Final = ("x", "\u2713", "\u2714", "1", "y", "yes", "true")
"""What may stand under a heading that is itself a word for a vote: For, Against, Abstained."""

PERSON: Final = "person"
FIRST: Final = "first name"
LAST: Final = "last name"
MOTION: Final = "motion"
OCCASION: Final = "occasion"
OTHER: Final = "other"

HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    PERSON: (
        "person", "person name", "name", "full name", "member", "member name", "council member", "council member name",
        "councilmember", "councillor", "councillor name", "councilor", "councilor name", "alderman", "alderperson",
        "commissioner", "supervisor", "trustee", "voter", "voter name",
    ),
    FIRST: ("first name", "forename", "given name"),
    LAST: ("last name", "surname", "family name"),
    "vote": ("vote", "vote cast", "voted", "ballot"),
    "party": ("party", "political party", "group", "political group"),
    "proxy_for": ("proxy for", "on behalf of"),
    "weight": ("weight", "vote weight"),
    "paired_with": ("paired with",),
    MOTION: (
        "motion", "motion id", "motion no", "motion number", "motion title", "item", "item id", "item no",
        "item number", "item title", "agenda item", "agenda item id", "agenda item no", "agenda item number",
        "agenda item title", "agenda item num", "agenda number", "agenda no", "doc number",
        "document number", "file", "file no",
        "file number", "matter", "resolution", "resolution no", "resolution number", "bill", "bill no", "bill number",
        "reference", "subject", "title",
    ),
    OCCASION: (
        "date", "date time", "time", "meeting", "meeting date", "meeting id", "meeting type", "session", "committee",
        "body", "term", "motion type", "vote type", "vote description", "vote id", "vote number", "roll call",
        "roll call id", "roll call number", "class", "type", "action", "action taken", "final action taken", "result",
        "outcome", "status",
        "carried", "passed", "description", "synopsis", "summary",
    ),
    OTHER: (
        "id", "row id", "person id", "member id", "link", "url", "source", "note", "notes", "comment", "comments",
        "ward", "ward name", "district", "division", "constituency", "seat", "office", "role", "position",
        "mover", "moved by", "seconder", "seconded by", "theme", "topic", "category", "neighborhood", "neighbourhood",
    ),
}  # fmt: skip
"""By what a column holds: what it may be called, in any case. A vote is told from another by motion and occasion."""

_PUNCTUATION: Final = re.compile(r"[\s\-_./#:\u2010-\u2015]+")
_JOINED: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WAY_OF: Final = {word: way for way, words in WAYS.items() for word in words}
_COLUMN_OF: Final = {word: column for column, words in HEADINGS.items() for word in words}


def plain(text: str) -> str:
    """Text without case and without marks between its words: AgendaItem_No. is agenda item no."""
    return _PUNCTUATION.sub(" ", _JOINED.sub(" ", text).casefold()).strip()


def way_of(cell: str) -> str:
    """The way in which a cell says that a person voted; empty where it is not a word for one."""
    return _WAY_OF.get(plain(cell), "")


def column_of(heading: str) -> str:
    """What the column under a heading holds; empty where the heading is not one of the table."""
    return _COLUMN_OF.get(plain(heading), "")


class Words(TypedDict):
    """One row of the table."""

    of: str
    means: str
    words: list[str]


def words() -> list[Words]:
    """Every word: of the cells, and of the headings."""
    return [
        {"of": of, "means": means, "words": list(listed)}
        for of, table in (("vote", WAYS), ("mark", {"the heading above": MARKS}), ("heading", HEADINGS))
        for means, listed in table.items()
    ]
