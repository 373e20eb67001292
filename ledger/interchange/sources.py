"""The documents that a file names: described once, in it or in the ledger, and told in full with every entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from domain.dates import Date
from domain.values import Evidence, SourceName

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OF_THE_ENTRY: Final[tuple[str, ...]] = ("locator", "quote", "note")
"""What of the evidence belongs to the entry, and is never copied."""

_DATES: Final = ("published", "retrieved")


class SourceFault(ValueError):
    """A source is not told as it must be."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Sources:
    """What is known of the documents that a file names."""

    def __init__(self, on_record: Callable[[str], Mapping[str, Any] | None]) -> None:
        self._on_record = on_record
        self._recorded: dict[str, Mapping[str, Any] | None] = {}
        self._told: dict[str, dict[str, Any]] = {}
        """By name: what the file has told so far."""

    def evidence(self, given: Mapping[str, Any], *, copied: bool = False) -> dict[str, Any]:
        """What an entry tells of a source, in full: `source` may be NAME or NAME:LOCATOR.

        Of a known source the particulars are copied; the file's own word comes first, and what it tells in full stays
        as it stands, so that the same file says the same when it is imported again. Evidence that is `copied` from
        another ledger stays as it was there.

        Raises:
            SourceFault: the source is told otherwise than before, or is new and not described.
        """
        given = dict(given)
        slug = self._named(given)
        for field in _DATES:
            if field in given:
                given[field] = _date(field, given[field])
        if not slug:
            return _in_order(given)
        particulars = {field: value for field, value in given.items() if field not in ("source", *OF_THE_ENTRY)}
        if not copied:
            self._agree(slug, particulars)
            particulars = {**self._copied(slug, particulars), **particulars}
        self._told[slug] = particulars
        return _in_order({**particulars, **given})

    def describe(self, slug: str, particulars: Mapping[str, Any]) -> None:
        """Take in the description of a source, before it is named.

        Raises:
            SourceFault: as for `evidence`; or it holds what belongs to an entry.
        """
        for field in OF_THE_ENTRY:
            if field in particulars:
                raise SourceFault(field, "belongs to an entry: write it there, beside the source's name")
        self.evidence({**particulars, "source": slug})

    def _named(self, given: dict[str, Any]) -> str:
        """The name of the source; what stands behind it is the place in it."""
        slug, colon, locator = str(given.get("source", "")).partition(":")
        if colon:
            if "locator" in given:
                raise SourceFault("locator", f"stands behind {slug} already: write it once")
            given |= {"source": slug, "locator": locator}
        if slug or colon:
            try:
                SourceName.check(slug)
            except ValueError as error:
                raise SourceFault("source", str(error)) from None
        return slug

    def _agree(self, slug: str, particulars: Mapping[str, Any]) -> None:
        """Refuse what contradicts the file so far, or the ledger."""
        for known in (self._told.get(slug), self._in_ledger(slug)):
            field = differing(known or {}, particulars)
            if known and field:
                raise SourceFault(
                    field,
                    f"the source {slug} is known with {field} {known[field]!r}, not {particulars[field]!r}; leave the "
                    "particulars out, or give the other document its own name",
                )

    def _copied(self, slug: str, particulars: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is known of a source beside its particulars."""
        missing = [field for field in ("title", "grade") if field not in particulars]
        known = self._told.get(slug) or (self._in_ledger(slug) if missing else {})
        if known is None:
            raise SourceFault(missing[0], f"is missing: the source {slug} is new here, so tell its title and its grade")
        return known

    def _in_ledger(self, slug: str) -> Mapping[str, Any] | None:
        if slug not in self._recorded:
            self._recorded[slug] = self._on_record(slug)
        return self._recorded[slug]


def differing(known: Mapping[str, Any], told: Mapping[str, Any]) -> str | None:
    """The first particular that is told otherwise than it is known."""
    return next((field for field, value in told.items() if field in known and known[field] != value), None)


def _date(field: str, text: str) -> str:
    try:
        return Date.from_short(text).text
    except ValueError as error:
        raise SourceFault(field, str(error)) from None


def _in_order(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields in the order of the vocabulary; what is none of them comes last, to be refused by name."""
    order = list(Evidence.model_fields)
    return dict(sorted(given.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))
