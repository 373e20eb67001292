"""Roll calls: who voted which way, read from a file of its own, however a council lays it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from domain.tallies import FIGURES
from ledger.errors import UsageError
from ledger.interchange import short
from ledger.interchange.roll_call_sheets import HOW, Column, Line, Sheet, read_sheet
from ledger.interchange.roll_call_words import FIRST, LAST, MARKS, MOTION, OCCASION, PERSON, plain, way_of

FIELDS: Final = ("person", "vote", "party", "proxy_for", "weight", "paired_with")
"""Of a ballot, in the order in which they are written."""

_SHOWN: Final = 10
"""Faults that are reported at once."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows of a file are those of the vote."""

    motion: str = ""
    """The motion, as the file calls it."""
    where: tuple[tuple[str, str], ...] = ()
    """Headings, and what each row has under them."""
    line: int = 0
    """The line at which the row begins; 0 for any."""
    ignore: tuple[str, ...] = ()
    """Headings of columns that are not read."""


def names(path: str, selection: Selection, *, complete: bool = True) -> list[dict[str, Any]]:
    """The ballots of one vote, in the order of the file.

    Unless the names are to be `complete`, a person with an empty cell is left out.

    Raises:
        UsageError: it cannot be read, or it is not clear which rows are meant; every bad row is named by its line.
    """
    sheet = _without_ignored(read_sheet(path), selection.ignore)
    found = list(_found(sheet, selection, complete=complete))
    faults = [*(one for one in found if one.fault), *_twice(one for one in found if not one.fault)]
    if faults:
        each = [f"{path}:{one.line}: {one.fault}" for one in sorted(faults, key=lambda one: one.line)]
        more = f"; and {len(each) - _SHOWN} rows more" if len(each) > _SHOWN else ""
        raise UsageError("; ".join(each[:_SHOWN]) + more, mend=HOW)
    if not found:
        raise _fault(sheet, "names nobody")
    return [one.ballot for one in found]


def counted(ballots: Iterable[dict[str, Any]]) -> dict[str, int]:
    """The figures that complete names give: each vote counts once, or by its weight.

    If nobody is listed as absent, that does not mean that all were there: besides for and against, only the ways that
    are listed count.
    """
    count: Counter[str] = Counter()
    for ballot in ballots:
        count[ballot["vote"]] += ballot.get("weight", 1)
    return {figure: count[way] for way, figure in FIGURES.items() if way in count or way in ("for", "against")}


class Found(NamedTuple):
    """A ballot, or what is wrong with it."""

    line: int
    ballot: dict[str, Any]
    fault: str = ""


def _twice(found: Iterable[Found]) -> Iterator[Found]:
    """The votes of a person who has one already."""
    seen = set()
    for one in found:
        cast = tuple(one.ballot.get(name, "").casefold() for name in ("person", "proxy_for"))
        if cast in seen:
            yield one._replace(fault=f"person: {one.ballot['person']!r} has voted above")
        seen.add(cast)


def _found(sheet: Sheet, selection: Selection, *, complete: bool) -> Iterator[Found]:
    """Read the layout that the headings show."""
    persons = sheet.of_kind(PERSON) or (sheet.of_kind(FIRST) and sheet.of_kind(LAST))
    unknown = [column for column in sheet.columns if not column.kind]
    if persons and sheet.of_kind("vote"):
        _only_known(sheet, unknown)
        return _down(sheet, selection, complete=complete)
    marked = [column for column in unknown if way_of(column.heading)]
    if persons and len(marked) > 1:
        return _found(_with_marks(sheet, marked), selection, complete=complete)
    if persons:
        column = _column_of_motion(sheet, selection)
        voted = tuple(one._replace(kind="vote") if one == column else one for one in sheet.columns)
        return _down(sheet._replace(columns=voted), replace(selection, motion=""), complete=complete)
    if unknown and sheet.of_kind(MOTION, OCCASION):
        _only_people(sheet)
        return _across(sheet, selection, unknown, complete=complete)
    raise _fault(sheet, f"the headings show no roll call: {', '.join(column.heading for column in sheet.columns)}")


# One row a person


def _down(sheet: Sheet, selection: Selection, *, complete: bool) -> Iterator[Found]:
    read = sheet.of_kind(*FIELDS, FIRST, LAST)
    for column in read:
        if len(sheet.of_kind(column.kind)) > 1:
            raise _fault(sheet, f"two columns hold the same as {column.heading}; leave one out with ignore=HEADING")
    heading = sheet.of_kind("vote")[0].heading
    lines = list(_chosen(sheet, selection))
    _one_vote(sheet, lines)
    for line in lines:
        given = {column.kind: line.cells[column.place] for column in read}
        whole = " ".join(filter(None, (given.pop(FIRST, ""), given.pop(LAST, ""))))
        given = {**given, "person": given.get("person") or whole}
        if given["vote"] or complete:
            yield _ballot(line, heading, given)


def _with_marks(sheet: Sheet, marked: Sequence[Column]) -> Sheet:
    """A sheet with a mark under For, Against or Abstained, as one with the words in one column."""
    width = len(sheet.lines[0].cells) if sheet.lines else 0
    columns = (*(one for one in sheet.columns if one not in marked), Column(width, "vote", "vote"))
    lines = (line._replace(cells=(*line.cells, _marked_way(line, marked))) for line in sheet.lines)
    return sheet._replace(columns=columns, lines=tuple(lines))


def _marked_way(line: Line, marked: Sequence[Column]) -> str:
    """The heading over the mark of a row; over several, or over what is no mark, all that is there."""
    cells = [(column.heading, line.cells[column.place]) for column in marked if line.cells[column.place]]
    return " and ".join(heading if plain(cell) in MARKS else f"{heading}: {cell}" for heading, cell in cells)


def _column_of_motion(sheet: Sheet, selection: Selection) -> Column:
    """The column of a motion, where each motion has one."""
    motions = [column for column in sheet.columns if column.kind in ("", MOTION)]
    found = [one for one in motions if not selection.motion or plain(one.heading) == plain(selection.motion)]
    if len(found) == 1:
        return found[0]
    listed = _listed(column.heading for column in motions)
    raise _fault(sheet, f"which vote is meant is not clear: choose one with motion=HEADING, of {listed}")


def _ballot(line: Line, heading: str, given: dict[str, str]) -> Found:
    """One vote as a ballot."""
    ballot: dict[str, Any] = {name: given[name] for name in FIELDS if given.get(name)}
    if "person" not in ballot:
        return Found(line.number, {}, "person: is missing")
    if "vote" not in ballot:
        return Found(line.number, {}, f"{heading}: is missing; names_complete=no leaves it out")
    way = way_of(ballot["vote"])
    if not way:
        return Found(line.number, {}, f"{heading}: {ballot['vote'][:40]!r} is not a word for a vote")
    ballot["vote"] = way
    if "paired_with" in ballot and way != "paired":
        return Found(line.number, {}, f"paired_with: the vote is {way}, and not paired")
    try:
        weight = {"weight": short.read(int, ballot["weight"])} if "weight" in ballot else {}
    except ValueError as error:
        return Found(line.number, {}, f"weight: {error}")
    return Found(line.number, {**ballot, **weight})


# One row a motion


def _across(sheet: Sheet, selection: Selection, people: Sequence[Column], *, complete: bool) -> Iterator[Found]:
    twice = [name for name, times in Counter(column.heading.casefold() for column in people).items() if times > 1]
    if twice:
        raise _fault(sheet, f"two columns are called {twice[0]!r}")
    lines = list(_chosen(sheet, selection))
    if len(lines) > 1:
        which = _listed(f"line={line.number}" for line in lines)
        what = f"{len(lines)} rows may be meant"
        raise _fault(sheet, f"{what}: choose one with motion=NAME, where=HEADING=VALUE or {which}")
    for column in people:
        vote = lines[0].cells[column.place]
        if vote or (complete and any(lines[0].cells[other.place] for other in people)):
            yield _ballot(lines[0], column.heading, {"person": column.heading, "vote": vote})


def _only_people(sheet: Sheet) -> None:
    """Refuse a column that the table of headings knows and that holds votes: a person may be called so."""
    for column in sheet.columns:
        if column.kind and any(way_of(line.cells[column.place]) for line in sheet.lines):
            raise _fault(
                sheet,
                f"the column {column.heading} holds votes, and its heading is not a person's: leave it out with "
                f"ignore={column.heading}, or write the person's name in full",
            )


def _only_known(sheet: Sheet, unknown: Sequence[Column]) -> None:
    if unknown:
        parts = ",".join(f"ignore={column.heading}" for column in unknown)
        listed = _listed(column.heading for column in unknown)
        raise _fault(sheet, f"these columns are not known: {listed}; leave them out with {parts}")


# Which rows


def _chosen(sheet: Sheet, selection: Selection) -> Iterator[Line]:
    """The rows that are selected.

    Raises:
        UsageError: there are none.
    """
    lines = [line for line in sheet.lines if selection.line in (0, line.number)]
    for heading, value in selection.where:
        column = next((one for one in sheet.columns if plain(one.heading) == plain(heading)), None)
        if column is None:
            listed = _listed(one.heading for one in sheet.columns)
            raise _fault(sheet, f"there is no column {heading!r}; there is {listed}")
        lines = [line for line in lines if _same(line.cells[column.place], value)]
    if selection.motion:
        motions = sheet.of_kind(MOTION)
        lines = [line for line in lines if any(_same(line.cells[one.place], selection.motion) for one in motions)]
    if not lines:
        line = f"line {selection.line}" if selection.line else ""
        asked = [*filter(None, (selection.motion, *(value for _, value in selection.where), line))]
        raise _fault(
            sheet, f"has no row for {' and '.join(asked)}{_instead(sheet, selection)}" if asked else "names nobody"
        )
    yield from lines


def _instead(sheet: Sheet, selection: Selection) -> str:
    """The motions that there are, those called alike first."""
    motions = dict.fromkeys(line.cells[one.place] for line in sheet.lines for one in sheet.of_kind(MOTION))
    alike = sorted(filter(None, motions), key=lambda motion: plain(selection.motion) not in plain(motion))
    return f"; there is {_listed(alike)}" if selection.motion and alike else ""


def _one_vote(sheet: Sheet, lines: Sequence[Line]) -> None:
    """Refuse rows of several votes."""
    for column in sheet.of_kind(MOTION, OCCASION):
        values = list(dict.fromkeys(line.cells[column.place] for line in lines))
        if len(values) > 1:
            part = "motion=" if column.kind == MOTION else f"where={column.heading}="
            listed = _listed(part + value for value in values)
            what = f"the rows differ in {column.heading}, so they may be of several votes"
            raise _fault(sheet, f"{what}: choose one, {listed}; or leave it out, ignore={column.heading}")


def _same(cell: str, value: str) -> bool:
    return cell.casefold() == " ".join(value.casefold().split())


def _without_ignored(sheet: Sheet, ignore: Sequence[str]) -> Sheet:
    """The sheet without columns that are to be left out."""
    left_out = {plain(heading) for heading in ignore}
    unknown = left_out - {plain(column.heading) for column in sheet.columns}
    if unknown:
        raise _fault(sheet, f"there is no column {min(unknown)!r} to ignore")
    return sheet._replace(columns=tuple(one for one in sheet.columns if plain(one.heading) not in left_out))


def _listed(values: Iterable[str]) -> str:
    found = list(values)
    return ", ".join(found[:_SHOWN]) + (f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else "")


def _fault(sheet: Sheet, what: str) -> UsageError:
    return UsageError(f"{sheet.path}: {what}", mend=HOW)
