"""A table of claims on the command line: what is told, what is written, and what can be asked afterwards."""

from pathlib import Path

import pytest

from tests.cli.visitor import Visitor
from tests.house import ROOT

TABLE = ROOT / "tests/data/claims/claims.csv"
EXPLAINED = ("--names", ROOT / "examples/claims/names.csv", "--sources", ROOT / "examples/claims/sources.csv")
HEADING = "council,partner,country,kind,from_edtf,status,status_date_edtf,action,source_title,source_url\n"
KEPT = "Northwick Town Council [GB],Lindenau,DE,twinning,1970,suspended,2022-03-10,motion_carried,Minutes,\n"
UNNAMED = "Northwick Town Council [GB],a town in France,FR,twinning,,terminated,2009,mayor_decision,A page,\n"


@pytest.fixture
def clerk(visitor: Visitor) -> Visitor:
    """Somebody with an empty ledger."""
    visitor.done("init", "town.ledger")
    return visitor


def written(visitor: Visitor, text: str, name: str = "claims.csv") -> str:
    """A file in the visitor's folder; returns its name."""
    (visitor.folder / name).write_text(text)
    return name


def test_every_bad_row_is_told_with_its_rule_and_nothing_is_written(clerk: Visitor) -> None:
    """FILE:LINE: FIELD: message [rule], one a row."""
    before = clerk.entries
    said = clerk.civic("import", "--claims", TABLE, "--yes")
    told = [line for line in said.err.splitlines() if line.startswith(f"{TABLE}:")]
    assert (said.code, len(told)) == (4, 18)
    assert told[0].startswith(f"{TABLE}:43: act: what was announced is not told [claims/act-named]")
    assert "18 rows are bad, of 237" in said.err
    assert clerk.entries == before


def test_a_table_goes_in_but_for_its_bad_rows_and_only_once(clerk: Visitor) -> None:
    """The bad rows are left in a table of their own, which can be mended and imported."""
    said = clerk.done("import", "--claims", TABLE, *EXPLAINED, "--rejects", "bad.csv", "--yes")
    assert said.rows == [{"appended": 541, "already": 0, "rejected": 18, "position": 541, "rows": 219, "bodies": 229}]
    assert "new body: coventry  Coventry City Council (council, GB)" in said.err
    bad = (clerk.folder / "bad.csv").read_text().splitlines()
    assert (bad[0] + "\n", len(bad)) == (HEADING, 19)
    again = clerk.done("import", "--claims", TABLE, *EXPLAINED, "--rejects", "again.csv", "--yes")
    assert again.rows == [{"appended": 0, "already": 219, "rejected": 18, "position": 0, "rows": 0, "bodies": 0}]


def test_nothing_is_recorded_where_the_rejects_cannot_be_written(clerk: Visitor) -> None:
    """A folder mistyped is told before anything is written."""
    before = clerk.entries
    said = clerk.civic("import", "--claims", TABLE, *EXPLAINED, "--rejects", "nowhere/bad.csv", "--yes")
    assert (said.code, "nowhere/bad.csv cannot be written" in said.err) == (2, True)
    assert clerk.entries == before


def test_what_the_table_says_can_be_asked(clerk: Visitor) -> None:
    """How a link stood, why, and what is in dispute."""
    clerk.done("import", "--claims", TABLE, *EXPLAINED, "--rejects", "bad.csv", "--yes")
    (link,) = clerk.done("links", "--link", "manchester--st-petersburg", "--as-of", "2022-03-04").rows
    assert (link["standing"], link["since"], link["grade"]) == ("suspended", "2022-03-04", "official")
    (why,) = clerk.done("why", "manchester--st-petersburg", "--as-of", "2022-03-04").rows
    assert [one["instead"]["event"]["on"] for one in why["disputes"]] == ["2022-02-26"]
    rules = {one["rule"] for one in clerk.done("overrides").rows}
    assert rules == {"authority/missing"}
    assert clerk.done("doctor").code == 0


def test_a_dry_run_lists_the_bodies_and_writes_nothing(clerk: Visitor) -> None:
    """So that their names can be looked at first."""
    before = clerk.entries
    said = clerk.done("import", "--claims", written(clerk, HEADING + KEPT), "--dry-run")
    assert "new body: lindenau  Lindenau (place, DE)" in said.err
    assert said.rows[0]["appended"] == 4
    assert clerk.entries == before


def test_standard_input_is_a_table_too(clerk: Visitor) -> None:
    """It is named `-` in messages."""
    said = clerk.civic("import", "--claims", "-", "--yes", stdin=HEADING + UNNAMED)
    assert said.code == 4
    assert said.err.startswith("-:2: partner: 'a town in France' is not the name of a body [link/partner-named]")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--names", "names.csv"), 2, "add --claims"),
        (("--claims", "--names", "gone.csv"), 2, "gone.csv is not there"),
        (("--claims", "--type", "link-formed"), 2, "--type does not go with --claims"),
        (("--claims", "--in-parts"), 2, "--in-parts does not go with --claims"),
        (("--claims", "--names", "names.csv"), 4, "names.csv:2: slug:"),
        (("--claims", "--sources", "names.csv"), 4, "names.csv:1: heading: has no column"),
    ],
)
def test_options_that_do_not_go_together_are_told(clerk: Visitor, words: tuple[str, ...], code: int, told: str) -> None:
    """Before anything is read, or by the line of the table that explains the names."""
    written(clerk, "name,slug\nLindenau,LINDENAU\n", "names.csv")
    said = clerk.civic("import", written(clerk, HEADING + KEPT), *words, "--yes")
    assert said.code == code
    assert told in said.err


def test_a_file_that_is_no_table_of_claims_is_told(clerk: Visitor, tmp_path: Path) -> None:
    """With the columns that it should have."""
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    said = clerk.civic("import", "--claims", tmp_path / "other.csv", "--yes")
    assert said.code == 4
    assert "heading: has no column 'council'" in said.err
    assert "the columns are council, partner, country" in said.err


def test_bad_rows_can_be_told_to_a_program(clerk: Visitor) -> None:
    """One object a row."""
    said = clerk.civic("--errors", "json", "import", "--claims", written(clerk, HEADING + UNNAMED), "--yes")
    assert '"line": 2, "field": "partner"' in said.err
