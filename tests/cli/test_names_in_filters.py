"""Filters and arguments that name a link, a paper, a body or an act: any spelling that names it finds it."""

import pytest

from tests.cli.visitor import LINK, Visitor, body, line

MOTION = "coventry/2022-03-22/ukraine"
LETTER = "coventry/2022/volgograd"
PLEDGE = "coventry/2022-03-22/mariupol"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("links --link volgograd--coventry", LINK),
        ("links --link Volgograd--Coventry", LINK),
        ("links --body Volgograd", LINK),
        ("decisions --reference ukraine", MOTION),
        (f"decisions --reference {MOTION}#2", MOTION),
        ("decisions --about volgograd--coventry", MOTION),
        ("letters --announces volgograd--coventry", LETTER),
        ("letters --announces link-suspended:volgograd--coventry", LETTER),
        ("letters --encloses ukraine", LETTER),
        ("letters --to Volgograd", LETTER),
        ("pledges --about mariupol--coventry", PLEDGE),
    ],
)
def test_a_filter_finds_a_name_in_any_spelling(question: str, expected: str, town: Visitor) -> None:
    """Sides reversed, a unique ending, a limb, or the full name of a body."""
    assert [next(iter(row.values())) for row in town.done(*question.split()).rows] == [expected]


@pytest.mark.parametrize(
    "question",
    [
        "links --link volgograd--mariupol",
        "letters --announces link-ended:volgograd--coventry",
        "decisions --reference 2022-03-22",
        "links --body atlantis",
    ],
)
def test_a_filter_finds_nothing_else(question: str, town: Visitor) -> None:
    """Another link, another act, half a reference, an unknown body: no rows, and a sentence that says so."""
    said = town.done(*question.split())
    assert (said.out, said.err != "") == ("", True)


@pytest.mark.parametrize("command", ["show", "history", "why", "replay"])
def test_an_argument_names_a_link_either_way(command: str, town: Visitor) -> None:
    """The reversed spelling gives the same answer."""
    assert town.done(command, "volgograd--coventry").out == town.done(command, LINK).out != ""


@pytest.mark.parametrize("command", ["show", "history", "why"])
def test_an_argument_names_a_paper_by_its_ending_and_a_limb(command: str, town: Visitor) -> None:
    """The limb of a resolution is found with the whole."""
    assert town.done(command, "ukraine#2").out == town.done(command, MOTION).out != ""


def test_what_is_recorded_names_a_link_as_it_was_spelled_first(town: Visitor) -> None:
    """Also where a motion concerns a link, or a letter announces an act on it."""
    letter = "record letter-sent again --on 2022-05 --to volgograd --authority urgent -s volga-page -y"
    motion = "record motion-moved peace --on 2022-05-10 --title Peace -s volga-page -y"
    town.done(*letter.split(), "--announces", "link-suspended:volgograd--coventry")
    town.done(*motion.split(), "--about", "volgograd--coventry")
    events = {row["type"]: row["event"] for row in town.done("export", "jsonl").rows[-2:]}
    assert events["letter-sent/1"]["announces"] == [f"link-suspended:{LINK}"]
    assert events["motion-moved/1"]["about"] == [LINK]


def test_the_links_of_a_body_include_those_it_acts_for(town: Visitor) -> None:
    """A successor acts for the link from its day on, the successor of a successor from a later day."""
    lines = [
        body("warwickshire"),
        body("midlands"),
        line("body-succeeded", slug="coventry", successors=["warwickshire"], on="2023-04-01"),
        line("body-succeeded", slug="warwickshire", successors=["midlands"], on="2025-04-01"),
    ]
    town.done("import", town.file("succession.jsonl", lines), "--yes")

    def links(of: str, as_of: str) -> list[str]:
        rows = town.done("links", "--body", of, "--as-of", as_of).rows
        return [str(row["link"]) for row in rows]

    assert [links("warwickshire", day) for day in ("2023-03-31", "2023-04-01")] == [[], ["coventry--mariupol", LINK]]
    assert [links("midlands", day) for day in ("2025-03-31", "2025-04-01")] == [[], ["coventry--mariupol", LINK]]
    assert links("coventry", "2025-04-01") == ["coventry--mariupol", LINK]
    assert links("manchester", "2025-04-01") == ["manchester--st-petersburg"]
