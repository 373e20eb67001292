"""The rule book: every rule with its id, its sentence and its source, and what is raised when one says no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as a councillor may read it."""

    id: str
    sentence: str
    source: str


RULES: Final = {
    rule.id: rule
    for rule in (
        Rule(
            "link/transition",
            "An act on a link must be allowed by the life cycle, in some order that respects the dates.",
            "civic schema lifecycle; Council of European Municipalities and Regions, on ending agreements: "
            "one council's decision suffices",
        ),
        Rule(
            "link/side",
            "Only a side of the link acts for it, and only the side that suspended or ended can undo it.",
            "Each council binds itself alone (Coventry could pause the link; Volgograd could not resume for it)",
        ),
        Rule(
            "link/partner-named",
            "A link has two named bodies; with an unnamed partner, record the decision or the pledge itself.",
            "Manchester, February 2022: a wish for a Ukrainian partner, which nobody had named",
        ),
        Rule(
            "link/too-doubtful",
            "The dates of a subject's acts must leave no more orders open than can be told apart.",
            "A bound of this ledger: 5,000 pairs of acts done and state",
        ),
        Rule(
            "letter/encloses-carried",
            "A letter can enclose a motion only once it is carried.",
            "Coventry, March 2022: the Leader's letter enclosed the motion that full Council had adopted",
        ),
        Rule(
            "motion/order",
            "A motion is moved, then amended, then decided; one that lapsed or was withdrawn is not carried.",
            "The common order of debate in councils' standing orders",
        ),
        Rule(
            "motion/one-outcome",
            "A motion has one outcome, unless it was rescinded; the same text moved again is a new reference.",
            "The common rule on previous resolutions in councils' standing orders",
        ),
        Rule(
            "rescission/of-something",
            "Only a motion that was carried can be rescinded.",
            "The common rule on previous resolutions in councils' standing orders",
        ),
        Rule(
            "vote/unanimous",
            "A unanimous vote has no vote against.",
            "The meaning of the word",
        ),
        Rule(
            "dates/possible",
            "Nothing ends before it starts or takes effect before it is decided, where the dates prove it.",
            "The calendar; EDTF bounds, Library of Congress",
        ),
        Rule(
            "dates/not-yet",
            "What is recorded has happened: its earliest day is not after the (UTC) day of recording.",
            "A ledger holds decisions, not forecasts; what takes effect later has a field for it",
        ),
        Rule(
            "record/known",
            "Every body, link and paper that an entry refers to is in the ledger or in the same batch.",
            "An answer can lead to its source only through what is on record",
        ),
        Rule(
            "record/once",
            "A body is registered once, a reference names one paper, and one event is told once.",
            "One namespace of references; another source on the same event supports it or disputes it",
        ),
        Rule(
            "record/near-duplicate",
            "A new body is not written almost like a known one, unless it is said to be new.",
            "Volgograd and Volgagrad: one slip of the finger makes two cities",
        ),
        Rule(
            "minutes/order",
            "Minutes are published as a draft before they are approved, and the meeting was held before both.",
            "The common order of minutes in councils' standing orders",
        ),
        Rule(
            "record/original",
            "A correction, dispute or corroboration names the entry first recorded, never a record about it.",
            "One entry, one history: what was told of it can be read in order",
        ),
        Rule(
            "record/relied-on",
            "What others on record refer to is not taken from under them unless somebody says why.",
            "An answer can lead to its source only through what is on record",
        ),
        Rule(
            "dispute/open",
            "A settlement names a dispute that is open.",
            "What was settled once is settled; a settlement that was wrong is taken back first",
        ),
        Rule(
            "evidence/weak",
            "What somebody says about somebody else does not overrule a better source.",
            "Glasgow, February 2022: a campaigner's date against the committee's own record",
        ),
        Rule(
            "redaction/basis",
            "A detail is hidden on a legal basis, by an authority that is named.",
            "General Data Protection Regulation, articles 5 and 17; Public Records Acts",
        ),
        Rule(
            "redaction/detail",
            "Only a detail can be hidden that the entry has and can do without: never what was done, by whom, when.",
            "A ledger of decisions, not of people",
        ),
    )
}


class Refusal(Exception):
    """A rule said no; nothing was written."""

    def __init__(self, rule: str, what: str, *, why: str = "", mend: str = "", field: str = "") -> None:
        super().__init__(what)
        self.rule = RULES[rule]
        self.what = what
        self.why = why or self.rule.sentence
        self.mend = mend
        self.field = field
        """The field at fault, when it is one."""
        self.missing = ""
        """The short name of a body that is not on record, when that is what is wrong."""
        self.rival = 0
        """The position of the entry that tells the same act, or one that this cannot stand beside; 0 for none."""
        self.agrees = False
        """Whether that entry can be right too, so that this is another source for it."""


class Query(Refusal):
    """A rule said no because of a date in doubt; it goes ahead when the clerk overrides it with a reason."""

    def __init__(self, rule: str, what: str, *, why: str = "", mend: str = "", field: str = "") -> None:
        mend = f"{mend}; or go ahead with --override {rule}:REASON"
        super().__init__(rule, what, why=why, mend=mend, field=field)


class Taken(Refusal):
    """The key or id already stands for another entry."""
