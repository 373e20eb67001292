"""The sources of a table: how near each stands to what it says, and when it was published."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pydantic import ValidationError

from domain.dates import Date, DateError
from domain.values import GRADES, Evidence
from ledger.interchange.claims.table import Row, Table, bad_cell

if TYPE_CHECKING:
    from domain.rules import Refusal
    from domain.values import Grade

COLUMNS: Final = ("url-or-host", "grade")
OPTIONAL: Final = ("publisher", "published", "retrieved")


class Sources:
    """What a table of sources says of documents, by their address, and of their hosts."""

    def __init__(self, table: Table | None = None) -> None:
        self._rows: dict[str, Row] = {}
        self.bad: dict[int, Refusal] = dict(table.bad) if table else {}
        for row in table.rows if table else ():
            fault = _fault_of(row, self._rows)
            if fault:
                self.bad[row.line] = fault
            else:
                self._rows[_address(row["url-or-host"])] = row

    def evidence(self, row: Row, *, weakest: bool = False) -> Evidence:
        """The source of a row, as far as is known; third-party where nobody graded it.

        Raises:
            Refusal: the row names it in a way that cannot be kept.
        """
        url = row["source_url"]
        known = self._rows.get(url) or self._rows.get(_host(url))
        grade: Grade = "third-party"
        if known and known["grade"] and not weakest:
            grade = next(one for one in GRADES if one == known["grade"])
        told = {column: known[column] for column in OPTIONAL if known and known[column]}
        if not row["source_title"]:
            raise bad_cell("source_title", "is missing: name the page or the paper")
        return evidence({"title": row["source_title"], "grade": grade, **({"url": url} if url else {}), **told})


def evidence(told: Mapping[str, str]) -> Evidence:
    """A source with these particulars.

    Raises:
        Refusal: a cell holds what cannot be kept.
    """
    try:
        return Evidence.model_validate_json(json.dumps(told))
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        field = str(fault["loc"][0])
        column = {"title": "source_title", "url": "source_url"}.get(field, field)
        raise bad_cell(column, str(fault.get("ctx", {}).get("error", fault["msg"]))) from None


def _fault_of(row: Row, known: dict[str, Row]) -> Refusal | None:
    address = _address(row["url-or-host"])
    if not address:
        return bad_cell("url-or-host", "is missing")
    if address in known:
        return bad_cell("url-or-host", f"{address!r} stands in line {known[address].line} already")
    if row["grade"] and row["grade"] not in GRADES:
        return bad_cell("grade", f"{row['grade']!r} is not one of {', '.join(GRADES)}")
    for column in ("published", "retrieved"):
        try:
            if row[column]:
                Date.parse(row[column])
        except DateError as error:
            return bad_cell(column, str(error))
    return None


def _address(text: str) -> str:
    """A whole address as it stands; a host in lower-case letters, without `www.`."""
    is_host = re.fullmatch(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::[0-9]+)?", text)
    return text.lower().removeprefix("www.") if is_host else text


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
