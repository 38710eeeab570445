"""Real code: networkx, pydantic and this project in one database, with references that are known by name.

CI takes the parts of each that the references go through; with `LESTOCKAGE_REAL=full` in the environment, all of all three is taken.
"""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from lestockage.projects import refs
from lestockage.workspace.forget import forget
from lestockage.workspace.lookup import open_lookup
from lestockage.workspace.workspace import Workspace
from tests.projects.trees import index, links, rows

WHOLE = os.environ.get("LESTOCKAGE_REAL") == "full"
PARTS = {
    "networkx": ("__init__.py", "classes/__init__.py", "classes/*graph.py", "algorithms/__init__.py", "algorithms/components/[_s]*.py"),
    "pydantic": ("__init__.py", "main.py", "fields.py"),
    "lestockage": ("__init__.py", "graph/__init__.py", "graph/build.py", "graph/cycles.py", "store/__init__.py", "store/models.py"),
}
KNOWN = {
    "networkx.MultiDiGraph": ("networkx.classes.multidigraph.MultiDiGraph", "lestockage.graph.build.new_graph"),
    "networkx.DiGraph": ("networkx.classes.digraph.DiGraph", "lestockage.graph.cycles.import_cycles"),
    "networkx.strongly_connected_components": (
        "networkx.algorithms.components.strongly_connected.strongly_connected_components",
        "lestockage.graph.cycles._groups",
    ),
    "pydantic.BaseModel": ("pydantic.main.BaseModel", "lestockage.store.models._Row"),
    "pydantic.Field": ("pydantic.fields.Field", "lestockage.store.models.Node"),
}
"""What this project uses of the others: the name it says, the definition, and one who uses it."""


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a tree of each package with its name as metadata."""
    found = {}
    for name, patterns in PARTS.items():
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        source = Path(spec.origin).parent
        root = tmp_path_factory.mktemp(name)
        needs = ["networkx", "pydantic"] if name == "lestockage" else []
        (root / "pyproject.toml").write_text(f'[project]\nname = "{name}"\nversion = "1"\ndependencies = {needs}\n')
        for pattern in ("**/*.py",) if WHOLE else patterns:
            for path in sorted(source.glob(pattern)):
                target = root / name / path.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        found[name] = root
    return found


def test_known_references_connect_in_any_order(trees: dict[str, Path], tmp_path: Path) -> None:
    """The definitions behind public names are found, their users too; the order of indexing, and a library that went, leave no trace."""
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    for name in ("networkx", "pydantic", "lestockage"):
        index(one, trees[name], project=name, jobs=2 if WHOLE else 1)
    found = links(one)
    assert {name: found[name] for name in KNOWN} == {name: ("linked", definition) for name, (definition, _) in KNOWN.items()}
    with open_lookup(one) as lookup:
        for name, (definition, user) in KNOWN.items():
            users = {(each.symbol.qualified_name, each.site.node.qualified_name) for each in refs(lookup, name, all_projects=True)}
            assert (definition, user) in users
    for name in ("lestockage", "pydantic"):
        index(other, trees[name], project=name, jobs=2 if WHOLE else 1)
    before = rows(other)
    index(other, trees["networkx"], project="networkx", jobs=2 if WHOLE else 1)
    assert rows(one) == rows(other)
    with Workspace.open(one) as workspace:
        forget(workspace, "networkx")
    assert rows(one) == before
