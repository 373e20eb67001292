"""What `civic help` explains beside the commands, the events and the rules."""

from __future__ import annotations

from typing import Final

from ledger.transparency.finding import KINDS

_SIGNS: Final = {"altered": "*", "lost": "!", "unproved": "?", "told": " "}

TOPICS: Final = {
    "dates": """\
Dates are kept as the source gives them (EDTF): 2022-03-22, 2022-03, 2022; 1944~ about, '2022-02-26?' uncertain,
1941% both (keep the quotes: shells eat ? and brackets); 199X, 19XX; 2022-03-23..2022-04-04 some day between the
two (in a file: [2022-03-23..2022-04-04]), ..2022-02-24 that day or before. ? and ~ widen by one unit of the
precision written, % by two. A term is an interval: 1962/1991, 1962/.. when it has no end.
03/04/2022 is refused: it is two dates.""",
    "grades": """\
The grade of evidence follows the speaker, not the site: official (minutes, a decision record, a signed agreement),
council (the body's own statement, draft minutes, the partner's own page), press (also a leader quoted in a paper),
third-party (somebody about somebody else). A standing has the best grade of the entry that gave it.""",
    "sources": """\
Name a source once: --source minutes-0322 --source-title TITLE --source-grade official --source-published DATE.
Afterwards --source minutes-0322 is enough, and --source minutes-0322:'item 12' says where in it.
CIVIC_SOURCE names the source of a whole script. A URL is kept, never fetched.""",
    "forms": """\
A file to import is in one of three forms; the ending of its name says which, or --input.
jsonl: one JSON object a line, every value in full: civic schema import.
csv: entries of one event (--type EVENT), a row each, as a spreadsheet saves them: UTF-8, cells parted by commas,
semicolons or tabs. The heading names the columns, which are called like the fields: civic schema EVENT. Beside them:
id, key, override (RULE:REASON), source, source_title, source_grade, source_publisher, source_url, source_published,
source_retrieved, source_sha256, source_locator, source_quote, source_note. What there may be several of takes a column
each: about, about_2, about_3; source_2 with source_title_2. An empty cell is not given. A source that the ledger or an
earlier row tells of needs its name alone. civic export csv --type EVENT writes such a file; its heading is a form to
fill in. Its cells are text: let a spreadsheet open them as text, or it takes = + - @ for formulas and alters dates.
yaml: sources, by name, each with title, grade and what else is known; and entries, each with type, source (NAME or
NAME:LOCATOR, or a mapping of its own) or a list of sources, and event with its fields; if need be key, and overrides
(a list of RULE:REASON). Lists are YAML lists. Everything is text: yes and no, dates and numbers are read by the field.
Anchors, aliases, tags and a name that stands twice are refused.
csv and yaml take the short forms of the command line: on 2022-03-23..2022-04-04; vote for=33,against=20 or
unanimous; authority resolution:coventry/2022-03-22/ukraine; yes and no. What has no short form is written in full: in
csv as JSON in its cell, in yaml as a mapping. An event that replaces another is {"type", "event"}, or nothing.""",
    "map": """\
civic import TABLE.csv --map MAP.toml reads a table of your own. A map is TOML:
  type = "{what happened|events}"      the event of a row: a column, translated by a table of words
  needed = ["date"]                    a row in which one of these is empty is left out
  unused = ["remarks"]                 columns that are not read
  [words.events]                       each word of the table, and what it stands for
  "paused" = "link-suspended"
  "no news" = ""                       nothing to record: the row is left out
  [words.bodies]
  "Coventry City Council" = "coventry"
  "Volgograd (RU)" = "volgograd"
  [columns]                            the columns of civic help forms, and what they hold
  link = "{council|bodies}--{partner|bodies}"
  by = "{council|bodies}"
  on = "{date}"
  source_title = "{report}"
  source_grade = "press"
  [columns-of.ending-decided]          more of them for one event, or others instead
  effective = "{date}"
{COLUMN} is a cell as it is, {COLUMN|TABLE} what a table of words has for it; text around them stays, {{ is a brace.
Where one of its cells is empty, a column is not given. A row is one entry: what else it says takes a second map.
Columns that the map does not name, and words that its tables do not hold, are refused with their line.""",
    "votes": """\
A vote is what is known of it: for=33,against=20,abstained=1,no_vote_cast=0,absent=2,present=54,cast=53,
declared_interest=1,method=roll-call, or unanimous. What is left out is unknown, and is never 0.
casting_vote=for:The Lord Mayor, or against:WHO: the vote that broke a tie.
threshold=2/3-of-cast, 2/3-of-present, 2/3-of-seats, majority-of-seats (more than half), more-than-3/5-of-cast, 8-votes:
what was needed to carry, at least that unless it says more-than. The source's words may follow: 8-votes:eight votes.
Any other text is the source's words alone; nothing is judged from them, and every answer says so.
A part that holds a comma is put between quotation marks: for=33,"note=One left, late".
On the command line @FILE takes the names out of a CSV file, in one of four layouts:
  one row a person:  the headings person and vote, and if known party, proxy_for, weight, paired_with; and, in a table
                     of many votes, motion or a date
  one row a motion:  one or more headings for the motion or its date, and each other heading is a person
  one row a person, one column a motion
  one row a person, with an x under For, Against or Abstained
Headings and words are read in any case: yes, Aye, TRUE, Nay, Recused ... civic schema vote prints them all; any other
word is refused with its line. Which vote: @votes.csv,motion=CA-11, or where=HEADING=VALUE (repeatable), or line=17.
ignore=HEADING leaves a column out. The file is taken to name all who voted, so the figures follow from it;
names_complete=no,for=33,@FILE says that it does not.""",
    "clocks": """\
Every question looks by three clocks. --as-of DATE: the world at the end of that day. --known-by DATE: what the
public could know by then, from the dates on which sources were published (without one, from the day of recording).
--recorded-by POSITION|DATE: what this ledger held by then. Answers are yes, possibly or no; where dates leave it
open, `possible` lists every standing.""",
    "references": """\
A reference is body/when/name: coventry/2022-03-22/ukraine. `when` is a label, fixed at first use and never read as
a date. #2 names the second limb of a resolution. An event that introduces a paper takes the bare name, and puts
the ledger's keeper and the date before it. For reading, any unique ending will do: civic show ukraine.""",
    "overrides": """\
A rule that asks can be overridden: --override RULE:REASON. The rule and the reason are stored in the entry for ever
and shown with it. A final rule cannot; where only a date in doubt (? ~ %) stands against an entry, it asks too.""",
    "exit-codes": """\
 0  done
 1  a bug of ours; of civic diff --exit-code: something differs
 2  not understood, an extra is not installed, or a confirmation is needed and nobody can be asked
 3  not found
 4  refused by a rule, nothing written (with import --in-parts: nothing from that part on)
 5  something else is there already
 6  busy or unreachable, nothing written: try again
 7  not known whether it was written
10  the ledger disagrees with itself, or with a checkpoint
11  verified, but not proved: no checkpoint from outside vouches for it, or something could not be judged
12  nothing under a checkpoint was altered, but files that are only derived were lost: civic repair lays them again
130  interrupted: nothing was written, or what was is named""",
    "locks": """\
A command waits while another process has the ledger locked. After 2 seconds it says which file it waits for, and which
process has it locked (with -q it does not). After 60 seconds it ends with exit code 6: nothing was written. CIVIC_WAIT
asks for fewer seconds. A process that was stopped (Ctrl-Z) keeps its locks: let it go on (fg), or end it (kill). A lock
never outlives its process, so no file has to be removed. A question does not wait long: it is answered from memory.""",
    "sharing": """\
Several clerks can keep one ledger in a folder of a group: mkdir DIR; chgrp GROUP DIR; chmod 2775 DIR; umask 002; and
civic init DIR. Every new file gets the mode and the group of entries.sqlite, so each of them can record and ask,
whatever their umask. personal.sqlite is shared with the group only where the group may write entries.sqlite, and with
nobody else. To share a ledger that is there: chgrp -R GROUP DIR; chmod -R g+rwX DIR; chmod g+s on DIR and its folders.
That opens personal.sqlite, and the personal details in it, to all of the group.
One clerk has the key and signs: with civic key init --replace on another machine or account it signs no more.""",
    "damage": """\
The ledger's files are not as they were written. Keep the folder as it is, make a copy of it, and compare with the
last good copy. civic verify says what differs, civic doctor what can be found wrong with the entries themselves.
views.sqlite may be deleted at any time; nothing else may.""",
    "checkpoints": """\
A checkpoint is three lines - which ledger, how many entries, the root over all of them - and a signature. Whoever keeps
one can tell later that nothing before it was altered: civic verify --checkpoint FILE. Take one after each meeting
(civic checkpoint -o FILE), copy its four lines into the minutes, print it in the journal, give it to another council.
Three lines typed from a newspaper will do: then you vouch for them. Without one from outside nobody can say that
history was not rewritten as a whole, and civic verify never does.""",
    "keys": """\
civic key init makes the key that signs checkpoints, outside the folder of the ledger: in CIVIC_KEYS, else in your own
data folder. --passphrase locks it; it is asked for, or taken from CIVIC_PASSPHRASE. Others must not be able to read it.
civic key show prints the public half and a fingerprint to read over the telephone. civic key rotate puts another key in
its place: both sign a note of three lines, civic-ledger-key-rotation/1, former VKEY, new VKEY.
A witness has a key of their own: civic key init --as NAME, and civic cosign CHECKPOINT --as NAME --vkey KEY.""",
    "personal": """\
Who asks a body for something, who speaks without an office, and every personal_note is kept apart from the entry, in
personal.sqlite; the entry holds a commitment that betrays nothing. When the law or those in charge order it:
civic record detail-redacted ENTRY --detail FIELD --basis LAW --authority POWER. The detail is erased, everything still
verifies, and the gap is shown with the order. Other fields, and what was recorded before release 0.3.0, are only no
longer shown: their bytes stay in the entry. Backups and exports made before keep what was erased: erase them too.""",
    "backup": """\
civic backup DIR copies the ledger, verifies the copy in full, and lists its files as sha256sum checks them. The key is
not in it: keep a copy of that elsewhere. civic restore BACKUP DIR verifies first and overwrites nothing. A backup that
is older than a checkpoint which is known is refused: what was signed since would be missing. If there is no newer one,
it goes on as another ledger: --new-origin ORIGIN --reason TEXT.""",
    "findings": "\n".join(
        ["What civic verify can find. A star: exit 10; an exclamation mark: exit 12; a question mark: exit 11."]
        + [f"{_SIGNS[gravity]} {kind:<22}{sentence}" for kind, (gravity, sentence) in KINDS.items()]
    ),
}

TOPIC_OF: Final = dict.fromkeys(
    ("usage", "not-found", "refused", "conflict", "unavailable", "outcome-unknown"), "exit-codes"
)
"""By the slug of an error: the topic that explains it."""
