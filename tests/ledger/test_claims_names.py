"""Who is meant: names of bodies, those that are none, and tables of names and sources."""

from __future__ import annotations

import pytest

from domain.bodies import BodyRegistered
from ledger.interchange.claims.names import kind_of, transliterated, unnamed
from ledger.interchange.forms import FileFault
from tests.ledger.claims import COLUMNS, Imported, claims, graded, imported, names, opened, row, sources, written


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Coventry City Council", "coventry"),
        ("Bishop's Stortford Town Council", "bishops-stortford"),
        ("Bishop\u2019s Stortford", "bishops-stortford"),
        ("Durham County Council", "durham"),
        ("Mansfield District Council", "mansfield"),
        ("Brentwood Borough Council", "brentwood"),
        ("Murmansk Council of Deputies", "murmansk"),
        ("Perth and Kinross Council", "perth-and-kinross"),
        ("City of Edinburgh Council", "edinburgh"),
        ("State of Iowa", "iowa"),
        ("Council Bluffs, Iowa", "council-bluffs-iowa"),
        ("Mexico City", "mexico-city"),
        ("Cheltenham Twinning Association", "cheltenham-twinning-association"),
        ("Kaliningrad Oblast", "kaliningrad-oblast"),
        ("Stavropol Krai", "stavropol-krai"),
        ("Pomorskie Voivodeship", "pomorskie-voivodeship"),
        ("Volgograd (Stalingrad)", "volgograd"),
        ("Kyiv [UA]", "kyiv"),
        ("St Petersburg, Florida", "st-petersburg-florida"),
        ("Saint-Étienne", "saint-etienne"),
        ("Łódź", "lodz"),
        ("Tromsø", "tromso"),
        ("Weißwasser", "weisswasser"),
        ("\ufb01nland", "finland"),
        ("Волгоград", ""),
        ("Þingeyri", ""),
        ("Bay\U00010d50ville", ""),
        ("Bay\U0001e4d0ville", ""),
    ],
)
def test_a_name_becomes_a_short_name(name: str, slug: str) -> None:
    """Letters without marks; what says only that it is a council is dropped, what names another body is kept."""
    assert transliterated(name) == slug


@pytest.mark.parametrize(
    "name",
    [
        "a town in France", "A town in France", "an unnamed city", "two Chinese cities (unnamed)", "Two Chinese cities",
        "several German towns", "5 towns", "three partners", "(unnamed)", "Unknown", "a partner to be named", "TBC",
        "", "?", "—", "cities in China", "the town", "another municipality", "eine Stadt", "its twin town",
        "1996 Partnership (partners unnamed)", "Some villages near Lviv", "not yet chosen", "n/a",
        "various", "Several", "Ukrainian city", "German partner town", "Kherson or Mykolaiv", "Lviv / Kyiv",
    ],
)  # fmt: skip
def test_who_is_counted_or_described_is_not_named(name: str) -> None:
    """An article or a number before a common noun, or the plain word that nobody is named."""
    assert unnamed(name)


@pytest.mark.parametrize(
    "name",
    [
        "A Coruña", "Two Rivers", "The Hague", "Thousand Oaks", "Las Vegas", "Ten Sleep", "Three Rivers Council",
        "Cheltenham Twinning Association", "Sokolinaya Gora district, Moscow", "Baden-Baden twinning association",
        "Murmansk partner association", "Un", "'s-Hertogenbosch", "29 Palms", "Salt Lake City", "Kaliningrad Oblast",
        "Two Rivers (twin towns)", "Biel/Bienne", "Perth and Kinross", "Ukraine", "Polish Hill", "Frankfurt (Oder)",
    ],
)  # fmt: skip
def test_a_name_that_begins_like_a_count_is_a_name(name: str) -> None:
    """Places are called so."""
    assert not unnamed(name)


def test_an_unnamed_partner_is_refused_unless_the_table_of_names_knows_who_it_is() -> None:
    """The clerk may know which town in France is meant."""
    said = row("Northwick Town Council", "a town in France", "terminated", "2009", country="FR")
    assert imported([said]).refused == {2: "link/partner-named"}
    known = imported([said], named=b"name,slug\na town in France,lunel\n")
    assert known.refused == {}
    assert known.particulars("link-ended")[0]["link"] == "northwick--lunel"


@pytest.mark.parametrize(
    ("partner", "country", "named"),
    [
        ("Ukraine", "UA", False), ("the Netherlands", "NL", False), ("Russia", "RU", False),
        ("Georgia", "US", True), ("Georgia", "GE", False), ("Luxembourg", "LU", True), ("Singapore", "SG", True),
    ],
)  # fmt: skip
def test_the_name_of_a_country_is_no_body(partner: str, country: str, *, named: bool) -> None:
    """Unless a city or a state of another country is called so."""
    told = imported([row("Northwick", partner, "suspended", "2022", country=country)])
    assert told.refused == ({} if named else {2: "link/partner-named"})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Coventry City Council", "council"), ("Murmansk Council of Deputies", "council"),
        ("Groningen link association", "association"), ("Kaliningrad Oblast", "region"), ("State of Iowa", "state"),
        ("Sokolinaya Gora district, Moscow", "district"), ("Volgograd", "place"), ("City of York", "city"),
    ],
)  # fmt: skip
def test_what_a_body_is_comes_from_the_words_of_its_name(name: str, kind: str) -> None:
    """And where they do not say, it is a place."""
    assert kind_of(name) == kind


def _bodies(told: Imported) -> list[tuple[str, str, str, str]]:
    found = [draft.event for draft in told.plan.bodies]
    return [(one.slug, one.name, one.kind, one.country) for one in found if isinstance(one, BodyRegistered)]


def test_two_names_with_one_short_name_are_one_body() -> None:
    """Kyiv and its council; the fuller name is kept, and what stands in brackets is guessed to be nothing."""
    told = imported(
        [
            row("Kyiv City Council [UA]", "Lunel (Lunellum)", "suspended", "2022", country="FR"),
            row("Lunel [FR]", "Kyiv", "suspended", "2022", country="UA"),
        ]
    )
    assert _bodies(told) == [("kyiv", "Kyiv City Council", "council", "UA"), ("lunel", "Lunel", "place", "FR")]
    assert {event["link"] for event in told.particulars("link-suspended")} == {"kyiv--lunel"}


def test_one_short_name_in_two_countries_is_refused() -> None:
    """The country that most rows give stands; where as many give another one, neither does."""
    spain = [row("Northwick", "Cordoba", status, "2022", country="ES") for status in ("suspended", "retained")]
    argentina = row("Southwick", "Cordoba", "suspended", "2022", country="AR")
    assert imported([*spain, argentina]).refused == {4: "record/once"}
    assert imported([spain[0], argentina]).refused == {2: "record/once", 3: "record/once"}
    told = imported([*spain, argentina], named=b"name,slug,country\nCordoba,cordoba-ar,AR\n")
    assert told.refused == {}
    assert [body for body in _bodies(told) if body[0].startswith("cordoba")] == [
        ("cordoba", "Cordoba", "place", "ES"),
        ("cordoba-ar", "Cordoba", "place", "AR"),
    ]


def test_a_body_on_record_keeps_its_country() -> None:
    """A table cannot move it."""
    first = imported([row("Northwick", "Cordoba", "suspended", "2022", country="ES")])
    again = imported([row("Southwick", "Cordoba", "suspended", "2022", country="AR")], ledger=first.ledger)
    assert again.refused == {2: "record/once"}


def test_one_slip_of_the_finger_makes_no_second_city() -> None:
    """The spelling that fewer rows have is refused, unless it is said to be new."""
    rows = [row(f"{town} Council", "Lindenau", "suspended", "2022") for town in ("North", "Middle")]
    slip = row("South Council", "Lindenow", "suspended", "2022")
    close = row("South Council", "Lindenav", "suspended", "2022")
    assert imported([*rows, slip]).refused == {}
    assert imported([*rows, close]).refused == {4: "record/near-duplicate"}
    assert imported([*rows, close], new_bodies=True).refused == {}


@pytest.mark.parametrize(
    ("council", "country", "field"),
    [
        ("Northwick", "FR", "council"), ("Northwick [Britain]", "FR", "council"), ("Northwick [XX]", "FR", "council"),
        ("Northwick [GB]", "", "country"), ("Northwick [GB]", "XX", "country"), ("Northwick [GB]", "France", "country"),
    ],
)  # fmt: skip
def test_a_country_is_not_guessed(council: str, country: str, field: str) -> None:
    """The council's stands in brackets behind its name, the partner's in a column."""
    said = row(council, "Lunel", "suspended", "2022") | {"council": council, "country": country}
    told = imported([said])
    assert (told.refused, told.plan.refused[2].field) == ({2: "claims/row"}, field)


def test_a_table_of_names_can_give_the_country_that_is_missing() -> None:
    """And the kind, and how the body calls itself."""
    table = b"name,slug,kind,official name,country\nLunel,lunel,city,Ville de Lunel,FR\n"
    told = imported([row("Northwick", "Lunel", "suspended", "2022", country="XX")], named=table)
    assert ("lunel", "Ville de Lunel", "city", "FR") in _bodies(told)


def test_spellings_are_joined_by_a_table_of_names_alone() -> None:
    """Horlivka and Gorlovka are one city to whoever says so."""
    rows = [row("Northwick", name, "active", "2020", country="UA") for name in ("Horlivka (Gorlovka)", "Gorlovka")]
    assert len(_bodies(imported(rows))) == 3
    assert len(_bodies(imported(rows, named=b"name,slug\nGorlovka,horlivka\n"))) == 2


@pytest.mark.parametrize(
    ("table", "line", "field"),
    [
        (b"name,slug\nLunel,Lunel\n", 2, "slug"),
        (b"name,slug\n,lunel\n", 2, "name"),
        (b"name,slug,country\nLunel,lunel,France\n", 2, "country"),
        (b"name,slug,kind\nLunel,lunel,A Town\n", 2, "kind"),
        (b"name,slug\nLunel,lunel\nlunel,lunellum\n", 3, "name"),
        (b"name,slug\nLunel\n", 2, "row"),
    ],
)
def test_a_table_of_names_that_cannot_be_read_is_told(table: bytes, line: int, field: str) -> None:
    """By line and column."""
    assert {found: refusal.field for found, refusal in names(table).bad.items()} == {line: field}


@pytest.mark.parametrize(
    ("table", "line", "field"),
    [
        (b"url,grade\na.example,good\n", 2, "grade"),
        (b"url,grade\n,press\n", 2, "url-or-host"),
        (b"url,grade\na.example,press\nwww.A.example,council\n", 3, "url-or-host"),
        (b"url,grade,published\na.example,press,04/03/2022\n", 2, "published"),
    ],
)
def test_a_table_of_sources_that_cannot_be_read_is_told(table: bytes, line: int, field: str) -> None:
    """By line and column."""
    assert {found: refusal.field for found, refusal in sources(table).bad.items()} == {line: field}


def test_a_source_is_known_by_its_address_before_its_host() -> None:
    """One page of a paper is the council's own statement."""
    table = (
        b"url-or-host,grade,publisher,published,retrieved\n"
        b"paper.example,press,The Paper,,2020-01-01\n"
        b"https://www.paper.example/own,council,Northwick,2022-04-04,\n"
    )
    page, own, other = (
        sources(table).evidence(next(iter(claims([row("Northwick", "Lunel", "active", source_url=url)]).rows)))
        for url in ("https://www.paper.example/1", "https://www.paper.example/own", "https://other.example/1")
    )
    assert (page.grade, page.publisher, str(page.retrieved)) == ("press", "The Paper", "2020-01-01")
    assert (own.grade, own.publisher, str(own.published)) == ("council", "Northwick", "2022-04-04")
    assert (other.grade, other.publisher, other.published) == ("third-party", None, None)


def test_hearsay_is_third_party_wherever_it_is_printed() -> None:
    """The grade follows the speaker, not the site."""
    said = [row("Northwick", "Lunel", "suspended", "2022", action, host="a.example") for action in _ACTIONS]
    grades = [draft.evidence[0].grade for _, draft in imported(said, graded=graded(a="council")).plan.drafts]
    assert sorted(grades) == ["council", "third-party"]


_ACTIONS = ("third_party_claim", "council_vote")


@pytest.mark.parametrize(
    ("column", "cell", "field"),
    [
        ("kind", "marriage", "kind"), ("kind", "", "kind"), ("status", "happy", "status"), ("status", "", "status"),
        ("status_date_edtf", "03/04/2022", "status_date_edtf"), ("from_edtf", "196u", "from_edtf"),
        ("source_title", "", "source_title"), ("source_title", "two\nlines", "source_title"),
        ("note", "a bell \x07", "note"), ("act", "ending", "act"), ("partner", "Волгоград", "partner"),
        ("partner", "Lu\nnel", "partner"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_told(column: str, cell: str, field: str) -> None:
    """Imports never guess."""
    told = imported([row("Northwick", "Lunel", "suspended", "2022", source_title="T") | {column: cell}])
    assert (told.refused, told.plan.refused[2].field) == ({2: "claims/row"}, field)


def test_a_row_with_too_few_cells_is_told_by_its_line() -> None:
    """Lines inside cells count, as an editor counts them."""
    good = row("Northwick", "Lunel", "suspended", "2022", note="two\nlines")
    told = imported(opened(written([good]) + b"\nNorthwick [GB],Lunel\n"))
    assert (told.refused, told.plan.taken) == ({5: "claims/row"}, [2])


@pytest.mark.parametrize(
    "heading",
    [
        b"", b"council,partner\n", ",".join([*COLUMNS, "mood"]).encode(), ",".join([*COLUMNS, "note"]).encode(),
        "council;partner".encode("utf-16"),
    ],
)  # fmt: skip
def test_a_table_with_another_heading_is_no_table_of_claims(heading: bytes) -> None:
    """A column that is missing, not known, or there twice."""
    with pytest.raises(FileFault):
        opened(heading)


def test_columns_may_stand_in_any_order_and_the_optional_ones_be_left_out() -> None:
    """As a spreadsheet has them."""
    said = row("Northwick", "Lunel", "suspended", "2022")
    backwards = opened(written([said], reversed(COLUMNS[:-3])))
    assert imported(backwards).events == ["link-suspended"]
