"""Results: what calls of another project's functions and classes, and reading its properties, give is followed into that project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.projects import breakage, refs, resolve
from lestockage.store.connection import StoreFile
from lestockage.store.projects import get_project
from lestockage.workspace.lookup import open_lookup
from lestockage.workspace.unused import find_unused
from lestockage.workspace.workspace import Workspace
from tests.projects.trees import index, links, plant

if TYPE_CHECKING:
    from pathlib import Path

CORE = (
    "from __future__ import annotations\nfrom lib.shapes import Shape\nimport functools\n"
    "class Root:\n    def method(self):\n        return 1\n"
    "class Thing(Root):\n"
    "    def __call__(self):\n        return 2\n"
    "    @property\n    def shape(self) -> Shape:\n        return Shape()\n"
    "    @functools.cached_property\n    def again(self) -> Thing:\n        return self\n"
    "    def twin(self) -> Thing:\n        return self\n"
    "    class Part:\n        def turn(self):\n            pass\n"
    "    def part(self) -> Part:\n        return self.Part()\n"
    "def make() -> Thing | None:\n    return Thing()\n"
    "def quoted() -> 'Thing':\n    return Thing()\n"
    "def silent():\n    return Thing()\n"
    "class Made:\n    def __new__(cls):\n        return object.__new__(Thing)\n"
    "async def later() -> Thing:\n    return Thing()\n"
    "@functools.partial(print)\ndef dressed() -> Thing:\n    return Thing()\n"
    "def text() -> str:\n    return ''\n"
)
LIBRARY = {
    "lib/__init__.py": "from lib.core import Thing, Thing as Alias, make, quoted, silent, later, dressed, text\n",
    "lib/core.py": CORE,
    "lib/shapes.py": "class Shape:\n    def area(self):\n        return 3\n",
}
NAMES = {
    "lib.make().method": ("linked", "lib.core.Root.method"),
    "lib.quoted().method": ("linked", "lib.core.Root.method"),
    "lib.Thing().method": ("linked", "lib.core.Root.method"),
    "lib.Alias().twin().method": ("linked", "lib.core.Root.method"),
    "lib.make().shape.area": ("linked", "lib.shapes.Shape.area"),
    "lib.make().again.shape.area": ("linked", "lib.shapes.Shape.area"),
    "lib.Thing().part().turn": ("linked", "lib.core.Thing.Part.turn"),
    "lib.Thing().shape": ("linked", "lib.core.Thing.shape"),
    "lib.make().absent": ("partial", "lib.core.Thing"),
    "lib.Thing().absent": ("missing", "lib.core.Thing.absent"),
    "lib.core.Made().absent": ("partial", "lib.core.Made"),
    "lib.silent().method": ("partial", "lib.core.silent"),
    "lib.later().method": ("partial", "lib.core.later"),
    "lib.dressed().method": ("partial", "lib.core.dressed"),
    "lib.text().upper": ("partial", "lib.core.text"),
    "lib.make()": ("linked", "lib.core.Thing.__call__"),
    "lib.silent()": ("partial", "lib.core.silent"),
}


@pytest.mark.parametrize(("name", "meaning"), NAMES.items())
def test_what_a_call_gives(db: Path, tmp_path: Path, name: str, meaning: tuple[str, str]) -> None:
    """A name that goes through a call means what the declared class has; where nothing declares it, the nearest symbol."""
    index(db, plant(tmp_path / "lib", LIBRARY))
    with open_lookup(db) as lookup:
        (found,) = resolve(lookup, name)
    assert (found.state, found.qualified_name) == meaning


def test_code_is_followed(db: Path, tmp_path: Path) -> None:
    """Calls in one expression and through a variable are uses of the library's methods; the library may be indexed later."""
    app = plant(
        tmp_path / "app",
        {
            "main.py": "import lib\nfrom lib import Thing\n"
            "def main():\n    lib.make().method()\n    thing = Thing()\n    thing.twin()\n    return thing.shape.area()\n"
        },
    )
    index(db, app)
    library = plant(tmp_path / "lib", LIBRARY)
    index(db, library)
    with open_lookup(db) as lookup:
        for symbol, line in {"lib.core.Root.method": 4, "lib.core.Thing.twin": 6, "lib.shapes.Shape.area": 7}.items():
            assert [use.site.line for use in refs(lookup, symbol, all_projects=True)] == [line], symbol
    with StoreFile.open(db, read_only=True) as store:
        unused = {each.node.qualified_name for each in find_unused(store, get_project(store, "lib"))}
    assert "lib.core.Thing.part" in unused
    assert not {"lib.core.Thing.shape", "lib.core.Thing.twin", "lib.core.make", "lib.core.Thing"} & unused


def test_only_what_is_declared_re_resolves(db: Path, tmp_path: Path) -> None:
    """Another body re-resolves nothing; another class in the annotation, or another place of that class, leads there."""
    library = plant(tmp_path / "lib", LIBRARY)
    index(db, library)
    index(db, plant(tmp_path / "app", {"main.py": "import lib\ndef main():\n    return lib.make().shape.area()\n"}))
    assert links(db)["lib.make().shape.area"] == ("linked", "lib.shapes.Shape.area")
    plant(library, {"lib/core.py": CORE.replace("    return self\n", "    return self or None\n")})
    assert index(db, library).connected == 0
    plant(library, {"lib/shapes.py": "from lib.other import Shape\n", "lib/other.py": LIBRARY["lib/shapes.py"]})
    assert index(db, library).connected == 1
    assert links(db)["lib.make().shape.area"] == ("linked", "lib.other.Shape.area")
    plant(library, {"lib/core.py": CORE.replace("def shape(self) -> Shape", "def shape(self) -> Thing")})
    index(db, library)
    assert links(db)["lib.make().shape.area"][0] == "partial"
    with open_lookup(db) as lookup:
        assert breakage(lookup) == []


def test_a_method_that_goes_is_breakage(db: Path, tmp_path: Path) -> None:
    """A method of an object that the application makes itself is gone when its class has it no more."""
    library = plant(tmp_path / "lib", LIBRARY)
    index(db, library)
    index(db, plant(tmp_path / "app", {"main.py": "import lib\ndef main():\n    return lib.Thing().twin()\n"}))
    plant(library, {"lib/core.py": CORE.replace("def twin", "def double")})
    index(db, library)
    with open_lookup(db) as lookup:
        (found,) = breakage(lookup)
    assert (found.name, found.lost_name) == ("lib.Thing().twin", "lib.core.Thing.twin")
    assert "lib.core.Thing.double" in found.renamed_to


def test_a_file_of_before_is_published_again(db: Path, tmp_path: Path) -> None:
    """What calls give is not in a file that was migrated; the next run of the index puts it there, though no file has changed."""
    library = plant(tmp_path / "lib", LIBRARY)
    index(db, library)
    with StoreFile.open(db) as store, store.transaction():
        store.execute("UPDATE global_symbols SET call_gives = NULL, read_gives = NULL")
        store.execute("UPDATE project_distributions SET digest = x''")
    with Workspace.open(db) as workspace:
        workspace.index(library)
        (found,) = resolve(workspace, "lib.make().method")
    assert found.state == "linked"
