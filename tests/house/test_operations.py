"""docs/operations.md is true: every command that it shows is run."""

import re
from pathlib import Path

from tests.cli.visitor import COVENTRY, Visitor
from tests.house import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_the_commands_of_the_page_are_run(tmp_path: Path) -> None:
    """In the order of the page, on a ledger with a checkpoint; each ends with 0."""
    visitor = Visitor(tmp_path)
    visitor.done("init", "town.ledger")
    visitor.done("import", COVENTRY, "--yes")
    visitor.done("-L", "town.ledger", "key", "init", "-y")
    visitor.done("-L", "town.ledger", "checkpoint")
    commands = re.findall(r"^\$ (.*)$", PAGE, re.MULTILINE)
    assert len(commands) >= 10, "or the page shows none"
    for command in commands:
        said = visitor.shell(command)
        assert said.code == 0, (command, said)


def test_the_crontab_of_the_page_is_run(tmp_path: Path) -> None:
    """As cron runs it: by a shell, with the per cent signs that it unescapes, and in silence while all is well."""
    visitor = Visitor(tmp_path)
    visitor.done("init", "town.ledger")
    visitor.done("import", COVENTRY, "--yes")
    (tmp_path / "backup").mkdir()
    jobs = re.findall(r"^[\d*]+ [\d*]+ \* \* [\d*]  (.*)$", PAGE, re.MULTILINE)
    assert len(jobs) == 2
    for job in jobs:
        here = job.replace("\\%", "%").replace("/srv/", "").replace("/backup/", "backup/")
        said = visitor.shell(here)
        assert (said.code, said.err) == (0, ""), (job, said)
    assert visitor.shell(f"{jobs[0].replace('/srv/', '')}").out == ""
    assert [one.name[:5] for one in (tmp_path / "backup").iterdir()] == ["town-"]
