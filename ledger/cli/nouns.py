"""The names that `record` knows, and a sentence for each; plain, so that help and completion import nothing else."""

from __future__ import annotations

from typing import Final

from ledger.errors import UsageError
from ledger.everyday import event_advice

NOUNS: Final = {
    "body-registered": "A civic body enters the ledger, under its short name.",
    "body-renamed": "A body takes another name; it stays the same body.",
    "body-succeeded": "A body is abolished or merged; others take its place.",
    "meeting-called": "A meeting is called; it has not been held.",
    "meeting-held": "A council, or a committee of it, met.",
    "meeting-adjourned": "A meeting breaks off, to go on another day.",
    "meeting-cancelled": "A meeting that was called is not held.",
    "minutes-published": "The minutes of a meeting are published as a draft.",
    "minutes-replaced": "A later draft of the minutes replaces an earlier one.",
    "minutes-approved": "A later meeting approves the minutes.",
    "minutes-corrected": "A meeting corrects the minutes of an earlier one.",
    "motion-moved": "A motion is put to a meeting; nothing is decided.",
    "motion-amended": "An amendment changes a motion before it is decided, or is lost.",
    "motion-carried": "A motion is carried: it is now the council's resolution.",
    "motion-lost": "A motion is put to the vote and lost.",
    "motion-lapsed": "A motion falls without a vote.",
    "motion-withdrawn": "The mover takes a motion back.",
    "motion-referred": "A motion is sent elsewhere before it is decided.",
    "motion-deferred": "A motion is put off, to another meeting or day.",
    "motion-vetoed": "What was carried is stopped by an office that may.",
    "veto-overridden": "A veto is overridden: the motion stands again.",
    "motion-rescinded": "A resolution is taken back.",
    "decision-taken": "A decision is taken otherwise than by a motion.",
    "decision-called-in": "Members call a decision in.",
    "decision-ratified": "A decision is confirmed by those who had the power.",
    "decision-disapproved": "Those who had the power do not confirm a decision.",
    "decision-revoked": "A decision is taken back.",
    "agreement-signed": "An agreement is signed.",
    "link-proposed": "Two bodies explore a link; nothing is agreed.",
    "link-agreed": "A link is agreed in principle; nothing is signed.",
    "proposal-dropped": "A link proposed or agreed in principle is not pursued.",
    "link-formed": "A link is formed: signed, sealed or begun.",
    "link-renewed": "A link is renewed, or its agreement signed anew.",
    "link-kind-changed": "A link becomes one of another kind.",
    "link-lapsed": "Contact has ceased; nobody decided anything.",
    "review-opened": "A side reviews whether to keep a link.",
    "suspension-announced": "A side says that it will suspend; it has not.",
    "ending-announced": "A side says that it will end a link; it has not.",
    "link-retained": "A side says or decides that it keeps a link.",
    "link-suspended": "A side suspends a link; only that side can resume it.",
    "link-resumed": "The side that suspended a link resumes it.",
    "ending-decided": "A side decides to end a link, at once or later.",
    "notice-given": "A side gives the other notice that it ends a link.",
    "link-ended": "A link ends for a side.",
    "ending-rescinded": "A side that was ending a link takes that back.",
    "link-expired": "The term of a link ran out.",
    "link-listed": "A page or speaker lists a link, or no longer does.",
    "letter-sent": "A letter is sent.",
    "letter-received": "A letter arrives.",
    "statement-made": "Somebody says something about a body's affairs.",
    "request-received": "A body is asked to do something.",
    "pledge-made": "A body pledges to do something.",
    "pledge-kept": "What was pledged is done.",
    "pledge-dropped": "What was pledged is given up.",
    "entry-corrected": "An entry is corrected: our slip, or a better source.",
    "entry-retracted": "An entry is taken back: it should not have been made.",
    "entry-corroborated": "Another source tells the same.",
    "entry-disputed": "Another source tells it otherwise; both stand.",
    "dispute-settled": "A dispute is settled: one account stands.",
    "detail-redacted": "A personal detail is no longer shown.",
    "note-added": "Something that a later reader should know.",
    "key-introduced": "The ledger's checkpoints are signed with this key.",
    "key-rotated": "Another key takes the place of the former one.",
    "ledger-restored": "The ledger was restored, and goes on as another one.",
}


def known_event(name: str) -> None:
    """Let the name of an event pass.

    Raises:
        UsageError: there is none of that name; it says what the word means.
    """
    if name not in NOUNS:
        raise UsageError(f"no event {name!r}", mend=event_advice(name, NOUNS, "civic record --help lists the events"))
