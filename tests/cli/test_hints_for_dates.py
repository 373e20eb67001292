"""The hint for a date in another notation, wherever a date is read."""

import pytest

from tests.cli.visitor import LINK, Visitor, line

CSV = "link,on,by,source_title,source_grade\ncoventry--volgograd,{date},coventry,Minutes,council\n"
YAML = """
entries:
  - type: link-resumed
    source: {{title: Minutes, grade: council}}
    event: {{link: coventry--volgograd, by: coventry, on: "{date}"}}
"""


@pytest.mark.parametrize(("date", "meant"), [("8 April 2025", "write 2025-04-08"), ("45097", "write 2023-06-20 if")])
def test_the_hint_is_the_same_wherever_a_date_is_read(date: str, meant: str, town: Visitor) -> None:
    """On the command line, in every form of a file, and in a question."""
    (town.folder / "acts.csv").write_text(CSV.format(date=date))
    (town.folder / "acts.yaml").write_text(YAML.format(date=date))
    acts = town.file("acts.jsonl", [line("link-resumed", link=LINK, by="coventry", on=date)])
    resumed = ("record", "link-resumed", LINK, "--by", "coventry", "-s", "volga-page", "-y")
    for code, *words in (
        (2, *resumed, "--on", date),
        (4, "import", acts, "-y"),
        (4, "import", "acts.csv", "--type", "link-resumed", "-y"),
        (4, "import", "acts.yaml", "-y"),
        (2, "links", "--as-of", date),
        (2, "why", LINK, "--known-by", date),
        (2, "history", LINK, "--since", date),
        (2, "diff", LINK, date, "2026"),
    ):
        said = town.civic(*words)
        assert (said.code, meant in said.err) == (code, True), f"{words}: {said}"
    assert town.done("history", LINK, "--type", "link-resumed").out == ""


def test_a_date_that_is_a_number_in_json_is_asked_for_as_text(town: Visitor) -> None:
    """A year without quotes is not text; the message says how to write it."""
    acts = town.file("acts.jsonl", [line("link-resumed", link=LINK, by="coventry", on=2025)])
    said = town.civic("import", acts, "-y")
    assert (said.code, "is not text: write it in double quotes" in said.err) == (4, True), said.err
