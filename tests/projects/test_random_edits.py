"""Random edits: after any edits of three projects that use each other, indexed in any order, the tables are those of a fresh database."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from lestockage.workspace.forget import forget
from lestockage.workspace.workspace import Workspace
from tests.projects.trees import plant, rows

if TYPE_CHECKING:
    from pathlib import Path

CLASSES = ("class Thing{base}:\n{members}", "class Other{base}:\n{members}")
MEMBERS = (
    "    def method(self):\n        return 1\n",
    "    def twin(self) -> Thing:\n        return self\n",
    "    def twin(self) -> Other:\n        return self\n",
    "    @property\n    def part(self) -> Other:\n        return self\n",
    "    @property\n    def part(self):\n        return self\n",
    "    def __getattr__(self, name):\n        return name\n",
)
FUNCTIONS = (
    "def make() -> Thing:\n    return Thing()\n",
    "def make() -> 'Other':\n    return Other()\n",
    "def make():\n    return Thing()\n",
    "def make() -> Thing | None:\n    globals()['made'] = 1\n",
)
PASSED_ON = (
    "from lib.core import *\n",
    "from lib.core import Thing, Other, make\n",
    "from lib.core import Thing as Other, Other as Thing\n",
    "from lib import core\nmake = core.make\n",
    "from lib.core import __getattr__, make\n",
    "from lib.core import *\nfrom base import *\n",
    "import base\nfrom lib.core import Thing, Other\nmake = base.build\n",
)
BASES = (
    "class Base:\n    def hook(self):\n        return 1\n",
    "class Base:\n    def hook(self) -> Base:\n        return self\n    def __new__(cls):\n        return object.__new__(cls)\n",
    "class Base:\n    pass\n",
    "from base.deep import *\n",
    "from base.deep import Deep as Base\n",
)
USES = (
    "    lib.make().method()\n",
    "    lib.make().part.method()\n",
    "    lib.Thing().twin()\n",
    "    lib.Other().part.twin()\n",
    "    thing = lib.Thing()\n    thing.twin()\n    thing.absent()\n",
    "    lib.made()\n",
    "    lib.core.make().twin()\n",
    "    lib.Thing().hook()\n",
    "    lib.Base().hook().hook()\n",
    "    base.build().hook()\n",
    "    class Mine(lib.Thing):\n        def go(self):\n            return self.method(), self.hook(), super().twin()\n",
)


def library(chance: random.Random) -> dict[str, str]:
    """Return some state of the library."""
    classes = [
        form.format(
            base=chance.choice(("", "(Root)", "(Base)", "(base.Base, Root)")), members="".join(chance.sample(MEMBERS, chance.randint(1, 3)))
        )
        for form in CLASSES
    ]
    root = "class Root:\n    def method(self):\n        return 0\n"
    core = "".join(
        [
            "from __future__ import annotations\nimport base\nfrom base import Base\n",
            root,
            *chance.sample(classes, 2),
            chance.choice(FUNCTIONS),
        ]
    )
    return {"lib/__init__.py": chance.choice(PASSED_ON), "lib/core.py": core}


def basis(chance: random.Random) -> dict[str, str]:
    """Return some state of the library's library."""
    build = chance.choice(("def build() -> Base:\n    return Base()\n", "def build():\n    return Base()\n", "exec('build = 1')\n", ""))
    deep = (
        chance.choice(("__all__ = ['Base']\n", "", "__all__ = ['Deep']\n"))
        + "class Base:\n    def hook(self):\n        pass\nDeep = Base\n"
    )
    return {"base/__init__.py": chance.choice(BASES) + build, "base/deep.py": deep}


def application(chance: random.Random) -> dict[str, str]:
    """Return some state of the application."""
    return {"app.py": "import base\nimport lib\ndef main():\n" + "".join(chance.sample(USES, chance.randint(1, 5)))}


@pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long
@pytest.mark.parametrize("seed", range(4))
def test_tables_are_those_of_a_fresh_database(tmp_path: Path, seed: int) -> None:
    """Whatever is edited, and whichever is indexed then, incremental and fresh agree on every row that says something across projects."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    trees = {"base": basis, "lib": library, "app": application}
    for name, state in trees.items():
        plant(tmp_path / name, state(chance))
    with Workspace.open(tmp_path / "index.db") as workspace:
        for step in range(6):
            for name in chance.sample(sorted(trees), chance.randint(1, 2) if step else len(trees)):
                plant(tmp_path / name, trees[name](chance))
                if step and not chance.randrange(4):
                    forget(workspace, name)
                workspace.index(tmp_path / name)
            fresh = tmp_path / f"fresh{step}.db"
            with Workspace.open(fresh) as other:
                for name in chance.sample(sorted(trees), len(trees)):
                    other.index(tmp_path / name)
            assert rows(tmp_path / "index.db") == rows(fresh), step
