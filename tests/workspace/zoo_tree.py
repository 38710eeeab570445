"""Zoo tree: a small package whose modules use each other, which tests edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.workspace.report import IndexReport

FILES = {
    "zoo/__init__.py": "from zoo.cat import Cat\n",
    "zoo/animal.py": (
        "import os\n\n\nclass Animal:\n    def __init__(self, name):\n        self.name = name\n\n"
        "    def speak(self):\n        return noise(self.name)\n\n\ndef noise(text):\n    return text.strip()\n"
    ),
    "zoo/cat.py": (
        "from zoo.animal import Animal, noise\n\nLIVES = 9\n\n\nclass Cat(Animal):\n    def purr(self):\n        return self.speak()\n\n\n"
        "def meow():\n    return noise('meow')\n\n\ndef alone():\n    return len('x')\n"
    ),
    "zoo/keeper.py": (
        "from zoo import cat\nimport missing\n\n\ndef feed():\n    cat.meow()\n    missing.order()\n    return cat.Cat('Tom').purr()\n"
    ),
}


class ZooTree:
    """The package under a folder, and one database beside it; the workspace stays open between runs until `reopen`."""

    def __init__(self, folder: Path, files: dict[str, str] | None = None) -> None:
        self.root = folder / "src"
        self.db = folder / "zoo.db"
        self.fresh_db = folder / "fresh.db"
        self._workspace: Workspace | None = None
        for path, text in (FILES if files is None else files).items():
            self.write(path, text)

    def write(self, path: str, text: str | bytes) -> None:
        """Write a file of the tree."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)

    def replace(self, path: str, old: str, new: str) -> None:
        """Edit a file; the old text must be there once."""
        text = (self.root / path).read_text()
        assert text.count(old) == 1, (path, old)
        self.write(path, text.replace(old, new))

    def remove(self, path: str) -> None:
        """Delete a file of the tree."""
        (self.root / path).unlink()

    @property
    def workspace(self) -> Workspace:
        """The open workspace."""
        if self._workspace is None:
            self._workspace = Workspace.open(self.db)
        return self._workspace

    def index(self, jobs: int = 1) -> IndexReport:
        """Run the index in the open workspace."""
        return self.workspace.index(self.root, project="zoo", jobs=jobs)

    def reopen(self) -> None:
        """Close the workspace; the next run opens the file again."""
        if self._workspace is not None:
            self._workspace.close()
            self._workspace = None

    def fresh(self) -> Path:
        """Return a new database of the tree as it is now."""
        for path in self.fresh_db.parent.glob(self.fresh_db.name + "*"):
            path.unlink()
        with Workspace.open(self.fresh_db) as workspace:
            workspace.index(self.root, project="zoo")
        return self.fresh_db
