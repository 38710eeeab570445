"""Trees: small projects that use each other, and what a database says of them without row ids or times."""

from __future__ import annotations

from contextlib import closing
from sqlite3 import connect
from typing import TYPE_CHECKING, Any

from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

LIBRARY = {
    "pyproject.toml": '[project]\nname = "Lib"\nversion = "1.0"\n',
    "lib/__init__.py": "from lib.core import *\nfrom lib.core import helper as aliased\nfrom lib import sub\nCONST = Thing()\n",
    "lib/core.py": (
        "__all__ = ['Thing', 'Other', 'make']\n"
        "class Root:\n    def method(self, n=0):\n        return n\n"
        "class Thing(Root):\n    pass\n"
        "class Other:\n    def other(self):\n        pass\n"
        "def make() -> Thing:\n    return Thing()\n"
        "def helper():\n    return 7\n"
    ),
    "lib/sub.py": "def starred(n):\n    return n\ndef old(a):\n    return a * 3\n",
}
APPLICATION = {
    "pyproject.toml": '[project]\nname = "app"\nversion = "0.1"\ndependencies = ["lib>=1"]\n',
    "app/__init__.py": "",
    "app/main.py": (
        "import lib\nfrom lib import make, Thing\nfrom lib.sub import *\nimport absent\n"
        "class Mine(Thing, lib.Other):\n"
        "    def go(self):\n        return self.method(1)\n"
        "    def more(self):\n        return self.other()\n"
        "def main():\n    lib.aliased()\n    starred(3)\n    lib.sub.old(1)\n    absent.thing()\n    return make()\n"
    ),
}
REFERENCES = """
    SELECT n.qualified_name, up.name, r.state, p.name, r.qualified_name, s.file_path, s.qualified_name, r.is_ambiguous
    FROM external_refs AS r JOIN intel_nodes AS n ON n.id = r.external_id JOIN projects AS up ON up.id = r.project_id
    JOIN projects AS p ON p.id = r.provider_id LEFT JOIN intel_nodes AS s ON s.id = r.symbol_id ORDER BY 1, 2"""
_TABLES = {
    "references": REFERENCES,
    "symbols": """
        SELECT p.name, s.qualified_name, s.file_path, s.ordinal, s.node_type, s.signature, s.visibility, s.start_line, s.end_line,
            s.body_hash, s.bases, s.call_gives, s.read_gives, n.qualified_name
        FROM global_symbols AS s JOIN projects AS p ON p.id = s.project_id JOIN intel_nodes AS n ON n.id = s.node_id ORDER BY 1, 2, 3, 4""",
    "names": """
        SELECT p.name, m.file_path, module, imports, stars, exports, is_dynamic
        FROM module_names AS m JOIN projects AS p ON p.id = project_id ORDER BY 1, 2""",
    "imports": "SELECT p.name, i.name, is_declared FROM project_imports AS i JOIN projects AS p ON p.id = project_id ORDER BY 1, 2",
    "needs": """
        SELECT p.name, distribution, requirement, installed
        FROM project_deps JOIN projects AS p ON p.id = project_id ORDER BY 1, 2""",
    "distributions": """
        SELECT p.name, distribution, version, is_library, compiled, digest
        FROM project_distributions JOIN projects AS p ON p.id = project_id ORDER BY 1""",
    "steps": """
        SELECT n.qualified_name, s.name FROM external_steps AS s JOIN intel_nodes AS n ON n.id = external_id
        WHERE s.name NOT LIKE '@%' ORDER BY 1, 2""",
}


def plant(root: Path, files: dict[str, str]) -> Path:
    """Write a tree, and return its folder."""
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return root


def index(db: Path, root: Path, **options: Any) -> Any:
    """Index a tree as a command of its own would, and return the report."""
    with Workspace.open(db) as workspace:
        return workspace.index(root, **options)


def rows(db: Path) -> dict[str, list[Any]]:
    """Return all that the database knows across projects."""
    with closing(connect(db)) as connection:
        return {name: connection.execute(sql).fetchall() for name, sql in _TABLES.items()}


def links(db: Path) -> dict[str, tuple[str, str]]:
    """Return what each external name stands for: state, and the definition's qualified name."""
    with closing(connect(db)) as connection:
        return {row[0]: (row[2], row[6] or row[4]) for row in connection.execute(REFERENCES)}
