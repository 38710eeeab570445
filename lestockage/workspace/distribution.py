"""Distribution: what a project's metadata says: its name and version, what it needs, by which names it is imported.

Read, in this order: the `*.dist-info` or `*.egg-info` beside an installed package, `pyproject.toml` (PEP 621, Poetry, and where setuptools,
hatch, flit and PDM are told which packages there are), `setup.cfg`. `setup.py` is code, and is not run.
"""

from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from blake3 import blake3

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.metadata import PathDistribution

NOT_SHIPPED = frozenset(
    {"benchmark", "benchmarks", "build", "ci", "conftest", "dist", "doc", "docs", "documentation", "example", "examples", "exercises"}
    | {"manpages", "news", "noxfile", "requirements", "scripts", "setup", "site_scons", "task", "tasks", "test", "tests", "tools", "util"}
    | {"changelog", "debian", "etc", "htmlcov", "utils"}
)
"""Folders and files that setuptools does not take for packages either (its `FlatLayoutPackageFinder`), and a few like them."""
_METADATA_FILES = ("pyproject.toml", "setup.cfg")


class Distribution(NamedTuple):
    """What metadata says; everything is None or empty where it says nothing.

    `name` is normalised. `requires` are requirements as they are written. `imports` are the first parts of the names of its modules.
    `digest` tells this metadata from any other. `compiled` are the dotted names of installed modules that are no Python source.
    """

    name: str | None
    version: str | None
    requires: tuple[str, ...]
    imports: tuple[str, ...] | None
    digest: bytes
    compiled: tuple[str, ...] = ()

    @property
    def project_name(self) -> str | None:
        """What a project is called that is one version of the distribution beside others."""
        return self.name if self.name is None or self.version is None else f"{self.name}=={self.version}"


def metadata_digest(root: str) -> bytes:
    """Return what tells the metadata of a tree from any other; reading it costs an unchanged run a few file look-ups."""
    found = blake3()
    for name in _METADATA_FILES:
        found.update(_content(os.path.join(root, name)) or b"\0")
    above = os.path.dirname(root)
    folder = os.path.basename(root)
    if os.path.isfile(os.path.join(root, "__init__.py")) and os.path.basename(above) in ("site-packages", "dist-packages"):
        found.update("\n".join(_infos(above)).encode("utf-8", "surrogatepass"))
        found.update(folder.encode("utf-8", "surrogatepass"))
    return found.digest()


def read_distribution(root: str) -> Distribution:
    """Return what the metadata of a tree says; what cannot be read says nothing."""
    digest = metadata_digest(root)
    installed = _installed_at(root)
    if installed is not None:
        return installed._replace(digest=digest)
    name, version, requires, imports = _of_pyproject(root)
    if name is None:
        name, version, requires = _of_setup_cfg(root)
        imports = None
    from lestockage.projects.versions import normalised  # noqa: PLC0415  # new or changed metadata only

    return Distribution(None if name is None else normalised(name), version, requires, imports, digest)


def of_installed(found: PathDistribution) -> Distribution:
    """Return what the metadata of an installed distribution says."""
    from lestockage.projects.versions import normalised  # noqa: PLC0415  # as above

    digest = blake3((found.read_text("RECORD") or found.read_text("METADATA") or "").encode()).digest()
    name = normalised(found.metadata["Name"])
    return Distribution(name, found.version, tuple(found.requires or ()), tuple(_top_level(found)), digest, tuple(_compiled(found)))


def python_files(found: PathDistribution) -> list[str]:
    """Return the source files of an installed distribution, relative to the folder in which it is installed, sorted."""
    return [path for path in _files(found) if path.endswith((".py", ".pyi"))]


def _files(found: PathDistribution) -> list[str]:
    """Return the files of an installed distribution, relative to the folder in which it is installed, sorted; none beside that folder.

    A `RECORD` is read here: `importlib.metadata` makes a path of each line, which takes a second where a hundred distributions are asked.
    """
    record = found.read_text("RECORD")
    if record is None:
        names = [path.as_posix() for path in found.files or ()]
    else:
        names = [next(csv.reader([line]))[0] if line.startswith('"') else line.partition(",")[0] for line in record.splitlines() if line]
    return sorted({name for name in names if not name.startswith(("../", "/"))})


def _compiled(found: PathDistribution) -> list[str]:
    """Return the dotted names of the modules of an installed distribution that are compiled."""
    return sorted({path.partition(".")[0].replace("/", ".") for path in _files(found) if path.endswith((".so", ".pyd"))})


def import_names(modules: Iterable[str], distribution: Distribution) -> dict[str, bool]:
    """Return the first part of each module's name, and whether the metadata says that the distribution provides it.

    Where it names the distribution but not its packages, these are the package of the same name if there is one, else all but those that
    are not shipped as a rule: tests, documentation, examples, scripts.
    """
    found = sorted({module.partition(".")[0] for module in modules} - {"__init__"})
    if distribution.name is None:
        return dict.fromkeys(found, False)
    declared = distribution.imports
    if declared is None:
        own = distribution.name.replace("-", "_")
        declared = (own,) if own in found else tuple([name for name in found if name not in NOT_SHIPPED and not name.startswith("test")])
    return {name: name in declared for name in found}


def holds_distributions(folder: str) -> bool:
    """Tell whether distributions are installed in a folder."""
    return bool(_infos(folder))


def _installed_at(root: str) -> Distribution | None:
    """Return the installed distribution that a folder of site-packages belongs to."""
    above, folder = os.path.split(root)
    if not _infos(above):
        return None
    from importlib.metadata import DistributionFinder, MetadataPathFinder  # noqa: PLC0415  # installed trees only

    for found in MetadataPathFinder.find_distributions(DistributionFinder.Context(path=[above])):
        if folder in _top_level(found):
            return of_installed(found)
    return None


def _infos(folder: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info")))
    except OSError:
        return []


def _top_level(found: PathDistribution) -> list[str]:
    """Return the first parts of the names of an installed distribution's modules."""
    text = found.read_text("top_level.txt")
    if text:
        return sorted({line.strip().partition("/")[0] for line in text.splitlines() if line.strip()})
    firsts = {path.partition("/")[0] for path in python_files(found)}
    return sorted({first.removesuffix(".pyi").removesuffix(".py").removesuffix("-stubs") for first in firsts})


def _of_pyproject(root: str) -> tuple[str | None, str | None, tuple[str, ...], tuple[str, ...] | None]:
    content = _content(os.path.join(root, "pyproject.toml"))
    if content is None:
        return None, None, (), None
    import tomllib  # noqa: PLC0415  # new or changed metadata only

    try:
        data = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return None, None, (), None
    tools = _table(data, "tool")
    project, poetry = _table(data, "project"), _table(tools, "poetry")
    requires = [text for text in project.get("dependencies") or () if isinstance(text, str)]
    for extra, several in _table(project, "optional-dependencies").items():
        requires += [_of_extra(text, extra) for text in several if isinstance(text, str)] if isinstance(several, list) else []
    requires += [_poetry_requirement(name, version) for name, version in _table(poetry, "dependencies").items() if name != "python"]
    name, version = project.get("name") or poetry.get("name"), project.get("version") or poetry.get("version")
    return (
        name if isinstance(name, str) else None,
        version if isinstance(version, str) else None,
        tuple(requires),
        _declared_packages(tools),
    )


def _declared_packages(tools: dict[str, Any]) -> tuple[str, ...] | None:
    """Return the packages that the build tool is told of by name, None when it is to find them."""
    setuptools = _table(tools, "setuptools")
    found: list[str] = []
    for several in (
        setuptools.get("packages"),
        setuptools.get("py-modules"),
        _table(_table(_table(_table(tools, "hatch"), "build"), "targets"), "wheel").get("packages"),
        [package.get("include") for package in _table(tools, "poetry").get("packages") or () if isinstance(package, dict)],
        [_table(_table(tools, "flit"), "module").get("name")],
    ):
        if isinstance(several, list):
            found += [text.rpartition("/")[2].partition(".")[0] for text in several if isinstance(text, str) and text]
    return tuple(sorted(set(found))) or None


def _of_extra(requirement: str, extra: str) -> str:
    """Return a requirement as built metadata has it that counts only where an extra is asked for."""
    text, _, marker = requirement.partition(";")
    return f'{text.strip()}; ({marker.strip()}) and extra == "{extra}"' if marker.strip() else f'{text.strip()}; extra == "{extra}"'


def _poetry_requirement(name: str, version: object) -> str:
    text = version.get("version") if isinstance(version, dict) else version
    if not isinstance(text, str) or text == "*":
        return name
    if text.startswith("^"):
        return f"{name}>={text[1:]}"
    if text.startswith("~") and not text.startswith("~="):
        return f"{name}~={text[1:]}"
    return f"{name}{text}" if text[0] in "<>=!~" else f"{name}=={text}"


def _of_setup_cfg(root: str) -> tuple[str | None, str | None, tuple[str, ...]]:
    content = _content(os.path.join(root, "setup.cfg"))
    if content is None:
        return None, None, ()
    import configparser  # noqa: PLC0415  # as above

    parser = configparser.RawConfigParser()
    try:
        parser.read_string(content.decode())
    except (configparser.Error, UnicodeDecodeError):
        return None, None, ()
    needs = parser.get("options", "install_requires", fallback="").splitlines()
    return (
        parser.get("metadata", "name", fallback=None),
        parser.get("metadata", "version", fallback=None),
        tuple([line.strip() for line in needs if line.strip() and not line.strip().startswith("#")]),
    )


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None
