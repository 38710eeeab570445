"""Linking: what random edits of networkx move, take back and cost in the linker, beside linking the whole.

Run it alone with `pytest benchmarks/test_linking.py -s`; LESTOCKAGE_EDITS says how many edits. Counts are exact; times are of one run.
"""

# ruff: noqa: S101, T201  # results are asserted, figures are printed

from __future__ import annotations

import functools
import gc
import importlib.util
import os
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from lestockage.languages.python.linker.linker import Linker
from lestockage.queries.linking import Linking
from tests.languages.linker.edits import changed
from tests.queries.trees import Tree

if TYPE_CHECKING:
    import pytest

    from lestockage import Database
    from lestockage.queries.inputs import Project

EDITS = int(os.environ.get("LESTOCKAGE_EDITS", "40"))


class Meter:
    """What updates of a linker cost: seconds of processor time, values taken back, and times that all files were linked anew."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.seconds = 0.0
        self.taken_back = 0
        self.anew = 0
        update, drop, anew = Linking.update, Linker._drop, Linker._anew  # noqa: SLF001  # what is counted has no other place

        def measured(linking: Linking, db: Database, project: Project) -> None:
            started = time.process_time()
            update(linking, db, project)
            self.seconds += time.process_time() - started

        def counted(linker: Linker, variable: int, value: int) -> None:
            self.taken_back += 1
            drop(linker, variable, value)

        @functools.wraps(anew)
        def counted_anew(*arguments: Any, **options: Any) -> set[str]:  # noqa: ANN401  # as what it stands before
            self.anew += 1
            return anew(*arguments, **options)

        patch.setattr(Linking, "update", measured)
        patch.setattr(Linker, "_drop", counted)
        patch.setattr(Linker, "_anew", counted_anew)

    def read(self) -> tuple[float, int, int]:
        """Return what has come together, and begin again."""
        found = self.seconds, self.taken_back, self.anew
        self.seconds, self.taken_back, self.anew = 0.0, 0, 0
        return found


def sources() -> dict[str, str | bytes]:
    """Return the files of the installed networkx, in a folder of its name: its modules import each other by it."""
    found = importlib.util.find_spec("networkx")
    assert found is not None
    assert found.submodule_search_locations is not None
    root = Path(found.submodule_search_locations[0])
    return {path.relative_to(root.parent).as_posix(): path.read_text("utf-8") for path in root.rglob("*.py")}


def test_random_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of many edits is linked by itself, and the last state is what a new linker finds."""
    random = Random(9)  # noqa: S311  # no secret
    meter = Meter(monkeypatch)
    gc.disable()
    tree = Tree(sources())
    tree.linking.update(tree.db, tree.project)
    whole, _, _ = meter.read()
    found = []
    while len(found) < EDITS:
        path = random.choice(sorted(tree.sources))
        before = tree.sources[path].decode()
        after = changed(before, random)
        if not after or after == before:
            continue
        tree.write({path: after})
        tree.linking.update(tree.db, tree.project)
        found.append(meter.read())
    times, taken, anew = zip(*found, strict=True)
    print(f"\nall files: {whole:.1f} s of processor time, with what they are read into")
    print(
        f"{EDITS} random edits: median {1000 * sorted(times)[EDITS // 2]:.0f} ms, most {1000 * max(times):.0f} ms, sum {sum(times):.1f} s"
    )
    print(f"values taken back: median {sorted(taken)[EDITS // 2]}, most {max(taken)}; linked anew: {sum(anew)}")
    assert tree.everything() == Tree(dict(tree.sources)).everything()
    gc.enable()
