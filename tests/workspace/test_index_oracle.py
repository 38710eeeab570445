"""Oracle: after random edits of real source, the tables equal those of a fresh database, row for row by natural keys.

`LESTOCKAGE_ORACLE_STEPS=200` makes that many steps over the whole of networkx; without it, a few steps over a part of it.
`LESTOCKAGE_ORACLE_SEED` chooses where the seeds begin.
"""

from __future__ import annotations

import importlib.util
import os
import random
import shutil
from pathlib import Path

import pytest

from lestockage.testing.source_editor import SourceEditor
from tests.workspace.tables import current, difference
from tests.workspace.zoo_tree import ZooTree

STEPS = int(os.environ.get("LESTOCKAGE_ORACLE_STEPS", "0"))
SEED = int(os.environ.get("LESTOCKAGE_ORACLE_SEED", "0"))
PARTS = (
    *("__init__.py", "convert.py", "exception.py", "relabel.py"),
    *("algorithms/__init__.py", "algorithms/centrality", "algorithms/flow", "algorithms/dag.py", "classes", "utils"),
)
"""What of networkx is edited in every test run: packages that use each other."""


def copy_networkx(root: Path, *, is_whole: bool) -> None:
    """Copy the installed source of networkx, or some packages of it, without its tests."""
    found = importlib.util.find_spec("networkx")
    assert found is not None
    assert found.origin is not None
    source = Path(found.origin).parent
    skipped = shutil.ignore_patterns("__pycache__") if is_whole else shutil.ignore_patterns("__pycache__", "tests")
    target = root / "networkx"
    if is_whole:
        shutil.copytree(source, target, ignore=skipped)
        return
    for part in PARTS:
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, ignore=skipped)
        else:
            shutil.copyfile(source / part, target / part)


def run(folder: Path, seed: int, steps: int, *, is_whole: bool) -> None:
    """Edit and index `steps` times, comparing with a fresh database after each; fail with everything that leads there again."""
    tree = ZooTree(folder, {})
    copy_networkx(tree.root, is_whole=is_whole)
    editor = SourceEditor(tree.root, seed)
    chance = random.Random(seed)  # noqa: S311  # reproducible, not secret
    history: list[str] = []
    tree.index()
    for step in range(steps):
        history += [editor.step() for _ in range(chance.choice((1, 1, 1, 2, 5)))]
        if chance.random() < 0.4:
            tree.reopen()
            history.append("(reopened)")
        report = tree.index(jobs=chance.choice((1, 2)) if is_whole else 1)
        found = difference(current(tree.db), current(tree.fresh()))
        told = "\n".join(found[:40])
        if found:
            pytest.fail(f"seed {seed}, step {step}: {len(found)} rows differ after\n  " + "\n  ".join(history) + f"\n{told}")
        assert tree.index().executed == {}, f"seed {seed}, step {step}: an unchanged run executes, after {history} ({report})"
    tree.reopen()


@pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long
@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("seed", range(SEED, SEED + 2))
def test_edits_of_real_source_equal_a_fresh_database(tmp_path: Path, seed: int) -> None:
    """Whatever is edited, in this process or after reopening, no row differs from a fresh index of the same files."""
    run(tmp_path, seed, 8, is_whole=False)


@pytest.mark.skipif(not STEPS, reason="LESTOCKAGE_ORACLE_STEPS is not set: how many edits of the whole of networkx to make")
def test_many_edits_of_the_whole_of_networkx_equal_a_fresh_database(tmp_path: Path) -> None:
    """The same over all of networkx, its tests too, for as many steps as are wanted."""
    run(tmp_path, SEED, STEPS, is_whole=True)
