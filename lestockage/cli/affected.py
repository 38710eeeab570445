"""Affected: the command that lists the tests that can reach what has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.table import quantity
from lestockage.workspace.affected import affected_tests
from lestockage.workspace.lookup import open_lookup

if TYPE_CHECKING:
    from lestockage.graph.affected import AffectedTest
    from lestockage.languages.python.touched import Touched


def answer(*, since: str | None = None, project: str | None = None, db: str | None = None, as_json: bool = False) -> str:
    """Return the node ids of tests, one a line, relative to the project's folder; what changed is said on standard error.

    With several projects in the database, the tests of all but libraries are listed unless one is named.
    """
    with open_lookup(database_path(db)) as lookup:
        found = {each.name: affected_tests(lookup.file, each, since) for each in lookup.own_projects(project)}
    tests = [test for each in found.values() for test in each.tests]
    changes = {name: each.changes for name, each in found.items()}
    if as_json:
        return json_text(
            {
                "changes": [_change(name, path, touched) for name, files in changes.items() for path, touched in files.items()],
                "tests": [_object(name, test) for name, each in found.items() for test in each.tests],
            }
        )
    files = sum(len(each) for each in changes.values())
    since_when = f"since {since}" if since else "since the last run of the index"
    say(f"{quantity(files, 'file')} changed {since_when}: {quantity(len(tests), 'test')} affected.")
    return "".join(f"{test.id}\n" for test in tests)


def _change(project: str, path: str, touched: Touched) -> dict[str, object]:
    facts = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in touched._asdict().items()}
    return {"project": project, "file_path": path, **facts}


def _object(project: str, test: AffectedTest) -> dict[str, object]:
    path = [{"qualified_name": step.node.qualified_name, "relation": step.relation} for step in test.path]
    return {"id": test.id, "project": project, "path": path}
