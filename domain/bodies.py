"""Bodies: the councils, cities, regions and associations that can be party to a link."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import BaseModel, Field

from domain.dates import Interval
from domain.event import Dated, Event
from domain.values import SHAPE, BodyName, Line, NewText

# Events


def _kind(text: str) -> None:
    if not re.fullmatch(r"[a-z]+(-[a-z]+)*", text) or len(text) > 40:  # noqa: PLR2004 - a word, not a sentence
        msg = f"{text[:60]!r} is not a kind of body: write a word in lower-case letters, as in council, city, region"
        raise ValueError(msg)


_CODES: Final = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW AN BU CS DD DY FX HV NH NQ NT
PC PU PZ RH SU TP VD WK YD YU ZR XK
"""
COUNTRIES: Final = frozenset(_CODES.split())
"""The codes of ISO 3166-1, then those of countries that are no more (ISO 3166-3), and XK, by which Kosovo goes."""


def _country(text: str) -> None:
    if not re.fullmatch(r"[A-Z]{2}", text):
        msg = f"{text[:60]!r} is not a country: write its two capital letters (ISO 3166-1), as in GB"
        raise ValueError(msg)


class NameInTime(BaseModel):
    """A name that a body had, and when."""

    model_config = SHAPE
    name: Line
    during: Interval | None = None
    """1925/1961; an open end is written `..`."""


class BodyEvent(Event):
    """Something that happened to a body."""

    cycle = "body"
    subject_field = "slug"
    slug: BodyName
    """Its short name in this ledger, which does not change."""


class BodyRegistered(BodyEvent):
    """A civic body or place enters the ledger, under the short name by which it is called from now on."""

    type = "body-registered"
    slug: BodyName
    """Its short name: coventry, st-petersburg."""
    name: Line
    """Its name as it writes it, or as English sources do."""
    kind: Annotated[str, NewText(rules=(_kind,))]
    """What it is: council, city, region, association."""
    country: Annotated[str, NewText(rules=(_country,))]
    """Its country, as two capital letters (ISO 3166-1): GB."""
    place: BodyName | None = None
    """The place that an association belongs to."""
    names: tuple[NameInTime, ...] = ()
    """Earlier names, and when they were used."""
    identifiers: Annotated[dict[Annotated[str, NewText(pattern=r"^[a-z]+$")], Line], Field(max_length=20)] = Field(
        default_factory=dict
    )
    """What others call it, by scheme: gss, mysociety, geonames, wikidata."""


class BodyRenamed(BodyEvent, Dated):
    """A body takes another name; it stays the same body, and its links stay as they are."""

    type = "body-renamed"
    name: Line
    """Its new name."""


class BodySucceeded(BodyEvent, Dated):
    """A body is abolished or merged, and others take its place; this moves no link."""

    type = "body-succeeded"
    slug: BodyName
    """The body that was."""
    successors: Annotated[tuple[BodyName, ...], Field(min_length=1)]
    """The bodies that take its place."""
