"""Edits: a linker that has followed a program through its changes says what one says that reads it for the first time."""

from __future__ import annotations

from random import Random

import pytest

from tests.calls.programs import programs
from tests.languages.linker.edits import edited
from tests.queries.trees import Tree

PROGRAMS = programs()
SEEDS = 60
STEPS = 12


def follow(seed: int, steps: int = STEPS) -> tuple[Tree, dict[str, str], dict[str, str]] | None:
    """Edit a program in steps; return the tree and its files before and after the first step whose results are others than a new tree's."""
    random = Random(seed)
    files = dict(random.choice(PROGRAMS).files)
    states = [files]
    tree = Tree(dict(files))
    tree.everything()
    for _ in range(steps):
        before = files
        files = random.choice(states) if random.random() < 0.2 else edited(files, random.choice(PROGRAMS).files, random)
        states.append(files)
        for path in set(before) - set(files):
            tree.remove(path)
        tree.write({path: text for path, text in files.items() if before.get(path) != text})
        if tree.everything() != Tree(dict(files)).everything():
            return tree, before, files
    return None


@pytest.mark.parametrize("seed", range(SEEDS))
def test_an_edited_program_has_the_results_of_a_new_one(seed: int) -> None:
    """Whatever is edited, in whatever order, and whatever earlier state comes back: the results are those of a first reading."""
    assert follow(seed) is None
