"""Names of bodies in a table: which body a source means, and whether it names one at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, NamedTuple

from domain.bodies import BodyRegistered
from domain.rules import Refusal
from domain.values import BodyName
from ledger.interchange.claims.table import Row, Table, bad_cell

COLUMNS: Final = ("name", "slug")
OPTIONAL: Final = ("kind", "official name", "country")
"""The columns of a table of names; one with a country holds for that country alone."""


class Party(NamedTuple):
    """A body as a row names it."""

    slug: str
    name: str
    kind: str
    country: str
    official: bool = False
    """Whether the table of names says how it is called."""
    given: bool = False
    """Whether the table of names gives its short name."""


class Names:
    """The names that a table of names explains; the others are transliterated."""

    def __init__(self, table: Table | None = None) -> None:
        self._rows: dict[tuple[str, str], Row] = {}
        self.bad: dict[int, Refusal] = dict(table.bad) if table else {}
        for row in table.rows if table else ():
            fault = _fault_of(row, self._rows)
            if fault:
                self.bad[row.line] = fault
            else:
                self._rows[_folded(row["name"]), row["country"].upper()] = row

    def party(self, column: str, cell: str, country: str) -> Party:
        """The body that a cell names.

        Raises:
            Refusal: it names none, or none that can be told from the cell alone.
        """
        row = self._row(cell, country)
        if row is None and (unnamed(cell) or is_country(cell, country)):
            raise Refusal(
                "link/partner-named",
                f"{cell!r} is not the name of a body" if cell else "nobody is named",
                field=column,
                mend="record the decision or the pledge itself; the link can follow when the partner is named",
            )
        country = (row and row["country"].upper()) or country
        if not re.fullmatch(r"[A-Z]{2}", country) or country in _NO_COUNTRY:
            raise bad_cell(
                "country" if column == "partner" else column,
                f"{country!r} is not a country" if country else f"{cell!r} is given no country",
                "write its two capital letters (ISO 3166-1), as in Coventry City Council [GB]"
                if column == "council"
                else "write its two capital letters (ISO 3166-1), as in GB",
            )
        name = bare(cell)
        if len(cell) > _LONGEST or any(unicodedata.category(character) == "Cc" for character in cell):
            raise bad_cell(column, "holds more than a name: write it on one line, without control characters")
        if row:
            kind = row["kind"] or kind_of(row["official name"] or name)
            official = row["official name"]
            return Party(row["slug"], official or name, kind, country, bool(official), given=True)
        return Party(_slug(column, cell), name, kind_of(name), country)

    def _row(self, cell: str, country: str) -> Row | None:
        for name in (cell, _without_brackets(cell), bare(cell)):
            found = self._rows.get((_folded(name), country)) or self._rows.get((_folded(name), ""))
            if found:
                return found
            elsewhere = [row for (known, _), row in self._rows.items() if known == _folded(name)]
            if country in ("", *_NO_COUNTRY) and len(elsewhere) == 1:
                return elsewhere[0]
        return None


_LONGEST: Final = 200
"""Characters in a name."""
_NO_COUNTRY: Final = frozenset({"XX", "ZZ", "AA"})
"""What is written in place of a country that is not known (ISO 3166-1: never assigned)."""


def _fault_of(row: Row, known: dict[tuple[str, str], Row]) -> Refusal | None:
    if not row["name"]:
        return bad_cell("name", "is missing")
    try:
        BodyName.check(row["slug"])
    except ValueError as error:
        return bad_cell("slug", str(error))
    if len(row["official name"]) > _LONGEST or any(unicodedata.category(one) == "Cc" for one in row["official name"]):
        return bad_cell("official name", "holds more than a name: write it on one line, without control characters")
    if row["country"] and not re.fullmatch(r"[A-Za-z]{2}", row["country"]):
        return bad_cell("country", f"{row['country']!r} is not a country: write two letters, as in GB")
    if row["kind"] and not re.fullmatch(r"(?=.{1,40}$)[a-z]+(-[a-z]+)*", row["kind"]):
        return bad_cell("kind", f"{row['kind']!r} is not a kind of body: write a word, as in council, city, region")
    other = known.get((_folded(row["name"]), row["country"].upper()))
    if other and other["slug"] != row["slug"]:
        return bad_cell("name", f"{row['name']!r} stands for {other['slug']} in line {other.line} already")
    return None


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _without_brackets(cell: str) -> str:
    return re.sub(r"\[[^\]]*\]", " ", cell).strip()


def bare(cell: str) -> str:
    """A name without what stands in brackets."""
    return " ".join(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", cell).split())


# Is it a name?

_COUNTING: Final = (
    "a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|some|various|many|multiple|"
    "numerous|another|other|others|both|all|any|certain|dozens|its|their|un|une|ein|eine|uno|una|en|ett|een|jeden|jedno"
)
_COMMON: Final = (
    r"(?:towns?|cit(?:y|ies)|villages?|municipalit(?:y|ies)|communes?|councils?|communit(?:y|ies)|partners?|places?|"
    r"regions?|districts?|count(?:y|ies)|provinces?|states?|boroughs?|parish(?:es)?|associations?|twins?)"
)
_SAYS_UNNAMED = re.compile(
    r"\b(?:unnamed|unknown|unspecified|unidentified|undisclosed|not (?:yet )?(?:named|known|given|chosen)|"
    r"to be (?:named|chosen|confirmed|decided|announced)|tbc|tbd|tba|n/?a)\b",
    re.IGNORECASE,
)
_BEGINS_LOWER = re.compile(rf"(?:{_COUNTING})\s+\w|{_COMMON}\b|(?:the|this|that)\s+{_COMMON}\b")
_COUNTS = re.compile(rf"(?:{_COUNTING}|[0-9]+)\s+(?:[\w-]+\s+)*?{_COMMON}\b", re.IGNORECASE)
_COMMON_LOWER = re.compile(rf"\b{_COMMON}\b")


_MANY: Final = frozenset({
    "various", "several", "many", "multiple", "numerous", "others", "some", "none", "nobody", "anyone", "tbc",
})  # fmt: skip
_EITHER = re.compile(r"\s(?:or|and/or|/)\s")
_PEOPLE: Final = (
    "African|Albanian|American|Arab|Armenian|Asian|Australian|Austrian|Azerbaijani|Baltic|Belarusian|Belgian|Bosnian|"
    "Brazilian|British|Bulgarian|Canadian|Chinese|Croatian|Cypriot|Czech|Danish|Dutch|Egyptian|English|Estonian|"
    "European|Finnish|French|Georgian|German|Greek|Hungarian|Icelandic|Indian|Iranian|Iraqi|Irish|Israeli|Italian|"
    "Japanese|Kazakh|Korean|Latvian|Lithuanian|Macedonian|Mexican|Moldovan|Moroccan|Norwegian|Palestinian|Polish|"
    "Portuguese|Romanian|Russian|Scottish|Serbian|Slovak|Slovenian|Spanish|Swedish|Swiss|Syrian|Turkish|Ukrainian|"
    "Vietnamese|Welsh"
)
_OF_A_PEOPLE = re.compile(rf"(?:{_PEOPLE})\s+(?:[a-z-]+\s+)*{_COMMON}$")
_COUNTRIES: Final = {
    "AL": "Albania", "AM": "Armenia", "AR": "Argentina", "AT": "Austria", "AU": "Australia", "AZ": "Azerbaijan",
    "BA": "Bosnia and Herzegovina", "BE": "Belgium", "BG": "Bulgaria", "BR": "Brazil", "BY": "Belarus", "CA": "Canada",
    "CH": "Switzerland", "CL": "Chile", "CN": "China", "CU": "Cuba", "CY": "Cyprus", "CZ": "Czechia|Czech Republic",
    "DE": "Germany", "DK": "Denmark", "EE": "Estonia", "EG": "Egypt", "ES": "Spain", "FI": "Finland", "FR": "France",
    "GB": "United Kingdom|Great Britain|Britain|England|Scotland|Wales|Northern Ireland", "GE": "Georgia",
    "GR": "Greece", "HR": "Croatia", "HU": "Hungary", "ID": "Indonesia", "IE": "Ireland", "IL": "Israel", "IN": "India",
    "IQ": "Iraq", "IR": "Iran", "IS": "Iceland", "IT": "Italy", "JM": "Jamaica", "JP": "Japan", "KE": "Kenya",
    "KG": "Kyrgyzstan", "KR": "South Korea|Korea", "KZ": "Kazakhstan", "LB": "Lebanon", "LT": "Lithuania",
    "LV": "Latvia", "MA": "Morocco", "MD": "Moldova", "ME": "Montenegro", "MK": "North Macedonia|Macedonia",
    "MT": "Malta", "MX": "Mexico", "NG": "Nigeria", "NI": "Nicaragua", "NL": "Netherlands|The Netherlands|Holland",
    "NO": "Norway", "NZ": "New Zealand", "PE": "Peru", "PH": "Philippines", "PK": "Pakistan", "PL": "Poland",
    "PS": "Palestine", "PT": "Portugal", "RO": "Romania", "RS": "Serbia",
    "RU": "Russia|Russian Federation|Soviet Union|USSR", "SE": "Sweden", "SI": "Slovenia", "SK": "Slovakia",
    "SY": "Syria", "TH": "Thailand", "TJ": "Tajikistan", "TM": "Turkmenistan", "TN": "Tunisia",
    "TR": "Turkey|Türkiye", "TW": "Taiwan", "UA": "Ukraine", "US": "United States|United States of America|USA|America",
    "UZ": "Uzbekistan", "VE": "Venezuela", "VN": "Vietnam|Viet Nam", "ZA": "South Africa",
}  # fmt: skip
"""Countries that are no body, by their code; those that are called like a city of theirs are left out."""


def is_country(cell: str, country: str) -> bool:
    """Whether a cell holds the name of its own country: `Ukraine` in the country UA, not `Georgia` in the US."""
    return _folded(bare(cell)) in map(_folded, _COUNTRIES.get(country, "").split("|"))


def unnamed(cell: str) -> bool:
    """Whether a cell tells of a body without naming it: `a town in France`, `two Chinese cities`, `(unnamed)`.

    A name begins with a capital letter: `A Coruna`, `Two Rivers` and `The Hague` are names, `a town` is none, nor is
    `Two Chinese cities`, which counts what it does not name, nor `Lviv or Kyiv`, which names two.
    """
    name = bare(cell)
    if not re.search(r"\w", name) or _SAYS_UNNAMED.search(cell) or _folded(name) in _MANY:
        return True
    if _EITHER.search(name) or _OF_A_PEOPLE.match(name):
        return True
    if _BEGINS_LOWER.match(name):
        return True
    return bool(_COUNTS.match(name) and _COMMON_LOWER.search(name))


# Transliteration

_APOSTROPHES: Final = "'`\u00b4\u02b9\u02bb\u02bc\u2018\u2019\u201b\u2032"
_UNDECOMPOSED: Final = {"ß": "ss", "æ": "ae", "œ": "oe", "\u0131": "i"}
_STROKE = re.compile(r"LATIN SMALL LETTER ([A-Z]) WITH STROKE")
_LETTERS_OR_UNKNOWN: Final = ("Ll", "Lm", "Lo", "Lt", "Lu", "Cn")
"""A character that this Python does not know may be a letter under a newer one: nothing is guessed of it."""
_COUNCIL = re.compile(r"\s+(?:(?:city|town|county|district|borough)\s+)?council(?:\s+of\s+deputies)?$", re.IGNORECASE)
_OF = re.compile(r"^(?:city|state)\s+of\s+", re.IGNORECASE)


def transliterated(cell: str) -> str:
    """The short name of a body that no table of names explains; empty when its letters give none.

    NFKD without marks and apostrophes; what stands in brackets is dropped, and so are City, Town, County, District or
    Borough Council, Council of Deputies, Council, City of, State of; lower-case, with hyphens.
    """
    text = "".join(character for character in bare(cell) if character not in _APOSTROPHES)
    text = unicodedata.normalize("NFKD", _OF.sub("", _COUNCIL.sub("", text))).lower()
    letters = "".join(_letter(character) for character in text if not unicodedata.combining(character))
    if any(not letter.isascii() and unicodedata.category(letter) in _LETTERS_OR_UNKNOWN for letter in letters):
        return ""
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def _letter(character: str) -> str:
    stroke = _STROKE.fullmatch(unicodedata.name(character, ""))
    return stroke[1].lower() if stroke else _UNDECOMPOSED.get(character, character)


def _slug(column: str, cell: str) -> str:
    slug = transliterated(cell)
    try:
        return BodyName.check(slug)
    except ValueError:
        what = f"{cell!r} gives no short name"
        raise bad_cell(
            column, what, "give it one in a table of names: --names FILE, with the columns name, slug"
        ) from None


_KINDS: Final = (
    (re.compile(r"\bassociation\b", re.IGNORECASE), "association"),
    (re.compile(r"\bcouncil(?:\s+of\s+deputies)?$", re.IGNORECASE), "council"),
    (re.compile(r"\b(?:oblast|krai|voivodeship|region|province)\b", re.IGNORECASE), "region"),
    (re.compile(r"\bdistrict\b", re.IGNORECASE), "district"),
    (re.compile(r"^state of\b", re.IGNORECASE), "state"),
    (re.compile(r"^city of\b", re.IGNORECASE), "city"),
)


def kind_of(name: str) -> str:
    """What kind of body the words of a name tell of; a place, when they do not."""
    return next((kind for words, kind in _KINDS if words.search(name)), "place")


# Bodies


def body_of(parties: Iterable[Party]) -> BodyRegistered:
    """The body that some cells name: by its official name, or else by the one that tells most of what it is."""
    best = max(
        parties, key=lambda one: (one.official, one.kind != "place", one.kind == "council", len(one.name), one.name)
    )
    return BodyRegistered(slug=BodyName(best.slug), name=best.name, kind=best.kind, country=best.country)
