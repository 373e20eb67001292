"""The words that clerks use for events and commands: what each means here, and which slips of spelling are plain.

A word is looked up in a table first. Only then is spelling compared, and only a plain slip counts: every part begins
with the right letter, and at most one letter of it (in eight or more: two) is wrong, missing, too many or swapped.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_WORDS: Final[dict[str, dict[str, str]]] = {
    "motion": {
        "motion-moved": "motion moved move proposed introduced submitted filed put seconded",
        "motion-amended": "amendment",
        "motion-carried": "carried carry passed pass adopted adopt adoption approved approve agreed accepted enacted "
        "resolved resolution vote won succeeded",
        "motion-lost": "lost lose failed fail defeated defeat rejected reject rejection negatived refused denied",
        "motion-lapsed": "lapsed fell dropped died expired",
        "motion-withdrawn": "withdrawn withdraw withdrawal pulled retracted cancelled canceled",
        "motion-referred": "referred refer referral remitted committed",
        "motion-deferred": "deferred defer deferral postponed postpone adjourned",
        "motion-vetoed": "vetoed veto",
        "veto-overridden": "overridden override overrode",
        "motion-rescinded": "rescinded rescind rescission repealed repeal revoked annulled overturned cancelled "
        "canceled",
    },
    "decision": {
        "decision-taken": "decision decided taken made adopted decree",
        "decision-called-in": "called-in call-in",
        "decision-ratified": "ratified ratify ratification approved confirmed upheld",
        "decision-disapproved": "disapproved rejected refused overturned",
        "decision-revoked": "revoked revoke revocation repealed withdrawn cancelled canceled",
    },
    "link": {
        "link-proposed": "proposal explored offered",
        "link-formed": "twinning twinned twin friendship formed established created signed started begun opened",
        "link-renewed": "renewal renew extended prolonged",
        "link-lapsed": "dormant inactive",
        "link-retained": "keep kept retain maintained continued",
        "link-suspended": "suspension suspend pause paused freeze froze frozen hold on-hold halted deactivated",
        "link-resumed": "resumption resume unfreeze unfrozen unpause unpaused unsuspended reactivated "
        "reinstated restored "
        "restarted",
        "ending-announced": "ending-said",
        "link-ended": "ended end ending termination terminated terminate severed cut dissolved cancelled "
        "canceled broken",
        "link-expired": "expire expiry",
        "suspension-announced": "announcement",
        "review-opened": "review reviewed",
        "notice-given": "notice",
    },
    "meeting": {
        "meeting-called": "called convened summoned scheduled planned",
        "meeting-held": "meeting met held sat took-place",
        "meeting-adjourned": "adjourned adjourn adjournment interrupted postponed deferred",
        "meeting-cancelled": "cancelled canceled abandoned",
    },
    "minutes": {
        "minutes-published": "minutes draft drafted",
        "minutes-approved": "approved signed confirmed adopted",
        "minutes-replaced": "replaced redrafted",
        "minutes-corrected": "amended",
    },
    "letter": {"letter-sent": "letter sent wrote written posted", "letter-received": "received arrived"},
    "statement": {"statement-made": "statement said speech"},
    "request": {"request-received": "request petition asked"},
    "pledge": {
        "pledge-made": "pledge pledged promise promised",
        "pledge-kept": "fulfilled honoured honored done",
        "pledge-dropped": "broken abandoned given-up",
    },
    "agreement": {"agreement-signed": "agreement memorandum made concluded"},
    "body": {
        "body-registered": "body city council town added created",
        "body-renamed": "rename renamed",
        "body-succeeded": "abolished abolition merged merger dissolved replaced successor",
    },
    "entry": {
        "entry-corrected": "correction correct corrected fixed edited updated changed",
        "entry-retracted": "retraction retract retracted",
        "entry-corroborated": "corroborated confirmed supported",
        "entry-disputed": "dispute disputed contradicted contested",
        "note-added": "note comment remark",
        "detail-redacted": "redaction redact redacted",
    },
}
"""By what a word is about, and by event: the words that mean it. A word may mean several."""

_SAME: Final = {
    "vote": "motion", "resolution": "motion", "bill": "motion", "twinning": "link", "partnership": "link",
    "friendship": "link", "council": "body", "city": "body", "town": "body", "record": "entry",
}  # fmt: skip
"""Other words for what a word is about."""

_NOTHING_DELETED: Final = (
    "nothing on record is deleted: record entry-retracted takes an entry back, and record entry-corrected puts "
    "another "
    "account in its place"
)
_EXPLAINED: Final = {
    "tabled table": "tabled means put forward in London (record motion-moved) and put off in Washington "
    "(motion-deferred)",
    "cancelled cancel canceled cancellation": "say what was cancelled: a link (link-ended), a motion "
    "(motion-withdrawn, or motion-rescinded once it was carried), a decision (decision-revoked) or a meeting "
    "(meeting-cancelled)",
    "amended amend": "say what was amended: a motion (motion-amended), minutes (minutes-corrected) or what is "
    "on record (entry-corrected)",
    "delete deleted remove removed undo undone revert reverted rollback erase erased drop destroy purge "
    "entry-deleted entry-removed entry-undone entry-reverted entry-erased": _NOTHING_DELETED,
    "edit change update fix entry-amended": "what is on record stays; record entry-corrected puts another "
    "account in its place",
}
"""Words that no one event answers, and why."""

_COMMANDS: Final = {
    "add insert new create enter write": "did you mean civic record?",
    "audit check validate test": "civic verify checks the entries against checkpoints, civic doctor looks for damage",
    "cat display print view get open": "did you mean civic show?",
    "compare changes": "did you mean civic diff?",
    "deadlines todo pending": "did you mean civic due?",
    "dump save download": "did you mean civic export?",
    "explain reason": "did you mean civic why?",
    "find grep query look": "did you mean civic search?",
    "list ls": "civic links, civic bodies and civic decisions list what is there; civic --help names every list",
    "load upload": "did you mean civic import?",
    "log timeline events": "did you mean civic history?",
    "motions votes resolutions": "did you mean civic decisions?",
    "partners twinnings twins partnerships": "did you mean civic links?",
    "councils towns cities": "did you mean civic bodies?",
    "setup start begin": "did you mean civic init?",
    "sign seal": "did you mean civic checkpoint?",
    "status health": "did you mean civic doctor?",
}
"""Words for commands, and what to type instead."""


def event_advice(word: str, events: Collection[str], otherwise: str) -> str:
    """What to say about a word that names no event: what it means, a plain slip, or else `otherwise`."""
    why = _why(_plain(word))
    if why:
        return why
    found = events_meant(word, events)
    return f"did you mean {' or '.join(found)}?" if found else otherwise


def events_meant(word: str, events: Collection[str]) -> list[str]:
    """The events that a word means, or is a plain slip of; none where it has to be explained, or is not known."""
    plain = _plain(word)
    if plain in events:
        return [plain]
    if _why(plain):
        return []
    said = _said(plain)
    if not said:
        near = _slips(plain, [*events, *_MEANT])
        said = [event for name in near for event in ([name] if name in events else _said(name))]
    return [event for event in dict.fromkeys(said) if event in events]


def command_advice(word: str, commands: Collection[str], events: Collection[str]) -> str:
    """What to say about a word that names no command."""
    plain = _plain(word)
    if plain in _INSTEAD:
        return _INSTEAD[plain]
    near = _slips(plain, commands)
    if near:
        return f"did you mean {' or '.join(f'civic {name}' for name in near)}?"
    why = _why(plain)
    if why:
        return why
    found = [f"civic record {event}" for event in events_meant(plain, events)]
    return f"did you mean {' or '.join(found)}?" if found else "civic --help lists the commands"


def _plain(word: str) -> str:
    return re.sub("[ _-]+", "-", word.casefold()).strip("-")


def _why(word: str) -> str:
    """Why no one event answers a word, alone or behind what it is about; empty where one does."""
    about, _, rest = word.partition("-")
    known = _SAME.get(about, about) in _WORDS
    return _WHY.get(word) or (_WHY.get(rest, "") if known and not _said(word) else "")


def _said(word: str) -> list[str]:
    """The events that the table has for a word, alone or behind what it is about."""
    about, _, rest = word.partition("-")
    about = _SAME.get(about, about)
    if rest and about in _WORDS:
        return [event for event, words in _WORDS[about].items() if rest in words.split()]
    return [*_MEANT.get(word, ())]


def _slips(word: str, known: Iterable[str]) -> list[str]:
    """The known words that this is nearest to by a plain slip."""
    near = [(wrong, name) for name in known if (wrong := _wrong_letters(word, name)) is not None]
    least = min((wrong for wrong, _ in near), default=0)
    return [name for wrong, name in near if wrong == least]


def _wrong_letters(word: str, name: str) -> int | None:
    """How many letters a slip got wrong; None where it is not a plain slip."""
    parts, own = word.split("-"), name.split("-")
    if len(parts) != len(own):
        return 0 if word.replace("-", "") == name.replace("-", "") else None
    if any(one[:1] != two[:1] for one, two in zip(parts, own, strict=True)):
        return None
    wrong = [_distance(one, two) for one, two in zip(parts, own, strict=True)]
    most = [2 if len(part) >= 8 else 1 for part in own]  # noqa: PLR2004 - in a long word two slips are still one word
    return sum(wrong) if all(few <= many for few, many in zip(wrong, most, strict=True)) else None


def _distance(one: str, two: str) -> int:
    """Letters to put in, take out, change or swap with the next (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(two, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other)))
            if i > 1 and j > 1 and letter == two[j - 2] and one[i - 2] == other:
                row[j] = min(row[j], earlier[j - 2] + 1)
    return row[-1]


def _each(table: dict[str, str]) -> Iterator[tuple[str, str]]:
    return ((word, said) for words, said in table.items() for word in words.split())


_WHY: Final = dict(_each(_EXPLAINED))
_INSTEAD: Final = dict(_each(_COMMANDS))
_MEANT: Final[dict[str, list[str]]] = {}
for _events in _WORDS.values():
    for _event, _words in _events.items():
        for _word in _words.split():
            _MEANT.setdefault(_word, []).append(_event)
