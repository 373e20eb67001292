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
            "vote/names-match-counts",
            "Names and figures of a vote agree: nobody twice but as a proxy, no more votes than seats and proxies.",
            "Local Authorities (Standing Orders) (England) (Amendment) Regulations 2014: recorded votes name who voted "
            "for, against and abstained; Bromsgrove, 20 April 2022: a recorded vote, 18 to 8",
        ),
        Rule(
            "vote/more-than-cast",
            "The votes for and against and the abstentions are no more than the votes cast.",
            "The meaning of the words",
        ),
        Rule(
            "vote/outcome-follows",
            "A motion carries with more votes for than against, by the chair's casting vote in a tie, or as the stated "
            "threshold asks.",
            "Local Government Act 1972, Schedule 12, paragraph 39: a majority of those present and voting; the person "
            "presiding has a casting vote",
        ),
        Rule(
            "vote/lost-with-majority",
            "A motion with more votes for than against is not lost, unless it missed a stated threshold.",
            "Local Government Act 1972, Schedule 12, paragraph 39",
        ),
        Rule(
            "vote/fewer-than-present",
            "All who are present vote, abstain or cast no vote; what is not known is left out, and is never 0.",
            "Dacorum, 13 April 2022: 33 members present and 20 votes recorded, found out in July; Pribram, March 2022: "
            "17 present and 14 for, the other three not told",
        ),
        Rule(
            "vote/more-than-present",
            "Only those present vote, with their proxies and the chair's casting vote.",
            "Local Government Act 1972, Schedule 12, paragraph 39: the members present and voting decide",
        ),
        Rule(
            "meeting/quorum",
            "A meeting without its quorum can be held, and decides nothing.",
            "Local Government Act 1972, Schedule 12, paragraph 6: a quarter of the members of a council",
        ),
        Rule(
            "date/other-day",
            "A vote is taken on the day of its meeting.",
            "Local Government Act 1972, Schedule 12, paragraphs 39 and 40: the members present at a meeting vote; "
            "Wakefield, March 2022: recommended two days before the council voted",
        ),
        Rule(
            "rescission/six-months",
            "In Britain, a resolution is not rescinded within six months, unless by a special motion.",
            "National Association of Local Councils, Model Standing Orders, on previous resolutions",
        ),
        Rule(
            "authority/missing",
            "An official record of an act tells under which power it was done.",
            "Glasgow, February 2022: the Leader asked the Lord Provost to act, and the decision was the committee's",
        ),
        Rule(
            "evidence/before-act",
            "A source published before an act announces it; it cannot witness it.",
            "Manchester, February 2022: a report that the council was moving to suspend its agreement",
        ),
        Rule(
            "letter/before-decision",
            "A letter announces what is decided, but under an urgent, delegated, civic-office or decree power.",
            "Manchester, 4 March 2022: the Lord Mayor wrote first, by his office, and the Council was told afterwards",
        ),
        Rule(
            "decision/call-in",
            "A decision that can be called in is not carried out before the last day for that has passed.",
            "Local Government Act 2000, sections 9F and 21; Neath Port Talbot: leaving a twinning partnership waited "
            "three days for call-in",
        ),
        Rule(
            "notice/period",
            "A link whose agreement asks for notice ends when notice was given and has run out.",
            "Londonderry, New Hampshire, 2022: the agreement of 6 May 1991 asked for three months, which the council "
            "decided not to wait for",
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
            "A new body is not written almost like a known one of the same country, unless it is said to be new.",
            "Volgograd and Volgagrad: one slip of the finger makes two cities",
        ),
        Rule(
            "body/abolished",
            "A body does not act after it was abolished: its successor of that day does.",
            "Local Government Act 1972, sections 1 and 20: the councils of the old areas ceased to exist on "
            "1 April 1974; Cheshire, 1 April 2009: two new councils took over",
        ),
        Rule(
            "body/circle",
            "A body is not succeeded by itself, directly or through others.",
            "The meaning of the word; a body that is founded again is a new body",
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
        Rule(
            "redaction/told-again",
            "What is told of a person and was ordered to be shown no more is not told again of the same entry.",
            "General Data Protection Regulation, article 17",
        ),
        Rule(
            "custody/proved",
            "A key goes on record under its own id, and in the place of another only if both sign that it does; that a "
            "ledger was restored goes on record only when it is.",
            "C2SP signed-note; verification rests on these entries, and none of them can be taken back",
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


class Query(Refusal):
    """A rule said no for now: it goes ahead when the clerk overrides it with a reason."""

    def __init__(self, rule: str, what: str, *, why: str = "", mend: str = "", field: str = "") -> None:
        mend = f"{mend}; or go ahead with --override {rule}:REASON"
        super().__init__(rule, what, why=why, mend=mend, field=field)


class Taken(Refusal):
    """The key or id already stands for another entry."""


# In words


def with_article(noun: str) -> str:
    """A noun, or the name of an event, as one of its kind."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def so_many(number: int, noun: str, nouns: str = "") -> str:
    """So many of something; `nouns` where it does not just take an s."""
    return f"{number} {noun if number == 1 else nouns or f'{noun}s'}"
