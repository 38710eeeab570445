"""Fixtures of the reports' tests: an indexed project whose every name is hostile, with two snapshots, and the documents made of it."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from lestockage.report.of_database import report_of_database
from lestockage.store.snapshot_writer import SnapshotLabel
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.report.document import Document

ATTACK = "<img src=x onerror=alert(1)>"
"""Runs a script where it is taken for HTML."""
PROJECT = f"</script>{ATTACK}|`**@someone**`"
AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)

_MODULE = f'''
"""{ATTACK}"""

@register("{ATTACK}")
def hard(value="</script>{ATTACK}"):
    {{}}
    return soft(value)

def soft(value):
    return value if value else hard(value)

def {{}}():
    pass

def _unused_private():
    return "{ATTACK}"
'''
_BRANCHES = "\n    ".join(f"if value == {number}: return {number}" for number in range(12))


def git(folder: Path, *words: str) -> None:
    """Run git as nobody in particular."""
    identity = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)  # noqa: S607  # git is where it is


@pytest.fixture(scope="session")
def hostile_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository of two commits whose paths, strings and subjects are markup."""
    root = tmp_path_factory.mktemp("hostile") / "tree"
    package = root / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from shop import first, second\n")
    (package / "first.py").write_text("from shop import second\n" + _MODULE.format("pass", "first_thing"))
    (package / "second.py").write_text("from shop import first\n" + _MODULE.format(_BRANCHES, "second_thing"))
    (package / f"{ATTACK}.py").write_text(_MODULE.format("pass", "third_thing"))
    (package / f"broken|`{ATTACK}.py").write_text("def (:\n")
    for number in range(8):
        (package / f"part{number}.py").write_text(f"from shop.first import hard\n\n\ndef part{number}(value):\n    return hard(value)\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", f"{ATTACK} | first @someone")
    return root


@pytest.fixture(scope="session")
def hostile_index(hostile_tree: Path) -> Path:
    """Return a database with the hostile project, and snapshots of two of its states."""
    path = hostile_tree.parent / "index.db"
    with Workspace.open(path) as workspace:
        workspace.index(hostile_tree, project=PROJECT, snapshot=SnapshotLabel(f"{ATTACK} 1", None, None, None, None))
        (hostile_tree / "shop" / "part0.py").write_text("def part0(value):\n    return [each for each in value if each]\n")
        git(hostile_tree, "commit", "-q", "-a", "-m", f"second {ATTACK}")
        workspace.index(
            hostile_tree,
            project=PROJECT,
            snapshot=SnapshotLabel(f"{ATTACK} 2", "0" * 40, 4_000_000_000_000, "someone", f"second {ATTACK}|"),
        )
    return path


@pytest.fixture(scope="session")
def hostile_document(hostile_index: Path) -> Document:
    """Return the report of the hostile project."""
    return report_of_database(hostile_index, AT)
