"""Module names: the dotted path by which Python code would import a file, told from the names of the files that are there.

The rule, in the order in which it is applied:

1. *The folder that is indexed is itself a package* (it holds an `__init__.py`): names begin with it, and with the packages around it as
   long as each folder above holds an `__init__.py` (`site-packages/networkx` gives `networkx.algorithms…`, and so does its subfolder
   when it is indexed alone).
2. *Import roots*: names begin below the deepest import root above a file. The indexed folder is one. So are, unless they lie inside a
   package: a folder named `src`; the folder of a project within the project (`setup.py`, `setup.cfg` or `pyproject.toml`); and a folder
   that no import statement can name (`site-packages`, `my-scripts`).
3. *Below its import root every folder counts*, with an `__init__.py` or without (a namespace package). `__init__` stands for its folder,
   and `name-stubs` for `name` (PEP 561).

Two files may have one name (`a.py` beside `a.pyi`; the `tests` of two nested projects): a name is no identity, a path is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

SOURCES = "src"
STUBS = "-stubs"
PACKAGE_FILES = ("__init__.py", "__init__.pyi")
PROJECT_FILES = frozenset({"pyproject.toml", "setup.cfg", "setup.py"})


def import_roots(paths: Collection[str]) -> frozenset[str]:
    """Return the folders below which module names begin, each with its slash, the tree itself (the empty string) among them.

    `paths` are the relative paths of the tree's Python files and project files, and all that is looked at.
    """
    folders_of_projects: set[str] = set()
    packages: set[str] = set()
    folders: set[str] = set()
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name in PACKAGE_FILES:
            packages.add(folder)
        elif name in PROJECT_FILES:
            folders_of_projects.add(folder)
        folders.add(folder)
    roots = {""}
    inside: dict[str, bool] = {"": "" in packages}  # whether a folder is a package or lies inside one
    for folder in folders:
        path = ""
        within = inside[""]
        for name in folder.split("/") if folder else ():
            path = f"{path}/{name}" if path else name
            if path not in inside:
                inside[path] = within or path in packages
                starts = name == SOURCES or path in folders_of_projects or not name.removesuffix(STUBS).isidentifier()
                if starts and not inside[path]:
                    roots.add(path + "/")
            within = inside[path]
    return frozenset(roots)


def module_name(path: str, roots: Collection[str], prefix: str = "") -> str:
    """Return the dotted name of the module in the file at `path`, given `import_roots` and the tree's own `package_prefix`.

    An `__init__.py` at an import root that has no prefix has no name of its own: it is called `__init__`.
    """
    root = ""
    at = path.rfind("/")
    while at >= 0:
        if path[: at + 1] in roots:
            root = path[: at + 1]
            break
        at = path.rfind("/", 0, at)
    parts = path[len(root) :].split("/")
    parts[-1] = parts[-1].removesuffix(".pyi").removesuffix(".py")
    if len(parts) > 1:
        parts[0] = parts[0].removesuffix(STUBS)
    if prefix and not root:
        parts.insert(0, prefix)
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    return ".".join(parts)
