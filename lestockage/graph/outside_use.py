"""Outside use: why a definition is used by something that is no code of its project, as far as its name, place and decorators tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lestockage.languages.python.pytest_names import CONFTEST, is_test_class, is_test_file, is_test_name, runs_around_tests

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from lestockage.languages.python.mentions import Mentions
    from lestockage.store.edge_rows import EdgeRow
    from lestockage.store.node_rows import NodeRow

_PASSIVE: Final = frozenset(
    {
        *("property", "cached_property", "setter", "getter", "deleter", "staticmethod", "classmethod", "final", "override", "overload"),
        *("cache", "lru_cache", "wraps", "contextmanager", "asynccontextmanager", "dataclass", "total_ordering", "runtime_checkable"),
        *("unique", "deprecated", "no_type_check", "singledispatch", "partial"),
    }
)
"""Last names of decorators that only dress what they decorate; any other may hand it on to someone."""

_PLAIN_BASES: Final = frozenset(
    {"object", "ABC", "Generic", "NamedTuple", "TypedDict", "Enum", "IntEnum", "StrEnum", "Exception", "ValueError"}
)
"""Last names of external bases that call no method of their heirs by a name of the heirs' choosing."""

_PYTEST_VARIABLES: Final = frozenset({"pytestmark", "pytest_plugins", "collect_ignore", "collect_ignore_glob"})


class OutsideUse:
    """What is known of a project's definitions, to ask `why` of one after another."""

    __slots__ = ("_bases", "_by_id", "_heirs", "_holder", "_members", "_own", "_said", "_scripts", "_units", "_users")

    def __init__(  # noqa: PLR0913, PLR0917  # parts of one look at a project, made in one place
        self,
        by_id: Mapping[int, NodeRow],
        holder: Mapping[int, int],
        own: Mapping[int, str],
        inheritance: Iterable[EdgeRow],
        said: Mapping[str, Mentions],
        scripts: Collection[str],
        users: Mapping[int, str],
    ) -> None:
        """Prepare; `users` has by node another project that uses it."""
        self._by_id = by_id
        self._holder = holder
        self._own = own
        self._said = said
        self._scripts = scripts
        self._users = users
        self._bases: dict[int, list[int]] = {}
        for row in inheritance:
            self._bases.setdefault(row[0], []).append(row[1])
        self._heirs: dict[int, list[int]] = {}
        for heir, bases in self._bases.items():
            for base in bases:
                self._heirs.setdefault(base, []).append(heir)
        self._members = {(held_by, by_id[held].symbol_name): held for held, held_by in holder.items() if held in by_id}
        self._units = {(path, unit.name): unit for path, mentions in said.items() for unit in mentions.units}

    def why(self, node: NodeRow) -> str | None:
        """Return how a definition is used from outside, in a few words; None when nothing tells that it is."""
        path, name = node.file_path or "", node.symbol_name
        own = self._own[node.id]
        if name.startswith("__") and name.endswith("__"):
            return "Python itself uses it"
        if name.strip("_") == "":
            return "a name that says it is not used"
        if node.node_type == "method" and name.startswith("_") and name.endswith("_"):
            return "a name of a protocol, as of enum (`_missing_`) or Jupyter (`_repr_html_`)"
        if node.qualified_name in self._scripts:
            return "the project's metadata offers it as a command or plugin"
        if node.id in self._users:
            return f"the project {self._users[node.id]} uses it"
        if path not in self._said:
            return "its file cannot be read now"
        if "." not in own and name in self._said[path].exports:
            return "`__all__` offers it"
        return self._why_in_tests(node, path, own) or self._why_decorated(path, own) or self._why_inherited(node)

    def overridden(self, node: NodeRow) -> list[int]:
        """Return the methods of base classes in the project that a method overrides: it is used as they are."""
        if node.node_type != "method":
            return []
        found = (self._members.get((base, node.symbol_name)) for base in self._ancestors(self._holder.get(node.id, -1)))
        return [member for member in found if member is not None]

    def _why_in_tests(self, node: NodeRow, path: str, own: str) -> str | None:
        is_conftest = path.rpartition("/")[2] == CONFTEST
        if node.node_type == "method" and is_test_name(node.symbol_name) and self._is_inherited_by_tests(node):
            return "a test of a class that inherits it"
        if not (is_test_file(path) or is_conftest):
            return None
        name = node.symbol_name
        if name in _PYTEST_VARIABLES or (runs_around_tests(name) and node.node_type != "variable"):
            return "pytest uses it"
        if node.node_type == "class":
            above = (self._by_id[base].qualified_name for base in self._ancestors(node.id) if base in self._by_id)
            return "a test class" if is_test_class(name, above) else None
        is_reached = node.node_type == "method" or "." not in own
        return "a test" if is_reached and is_test_name(name) and node.node_type != "variable" else None

    def _is_inherited_by_tests(self, node: NodeRow) -> bool:
        """Tell whether a class in a test file inherits from a method's class."""
        pending = [self._holder.get(node.id, -1)]
        seen: set[int] = set()
        while pending:
            for heir in self._heirs.get(pending.pop(), ()):
                if heir not in seen:
                    seen.add(heir)
                    pending.append(heir)
                    if is_test_file(self._by_id[heir].file_path or ""):
                        return True
        return False

    def _why_decorated(self, path: str, own: str) -> str | None:
        unit = self._units.get((path, own))
        for decorator in unit.decorators if unit else ():
            last = decorator.partition("(")[0].rpartition(".")[2]
            if last not in _PASSIVE:
                return f"its decorator @{decorator.partition('(')[0]} may hand it on"
        return None

    def _why_inherited(self, node: NodeRow) -> str | None:
        """Return whether a class outside the project may call a method, or a base is not known at all."""
        holder = self._by_id.get(self._holder.get(node.id, -1))
        if holder is None or holder.node_type != "class" or node.node_type != "method":
            return None
        for class_id in (holder.id, *self._ancestors(holder.id)):
            each = self._by_id.get(class_id)
            if each is None or (each.node_type == "external" and each.symbol_name not in _PLAIN_BASES):
                base = "a class of another project" if each is None else each.qualified_name
                return f"{base} may call it"
            if each.node_type == "class" and _said_bases(each.signature) > len(self._bases.get(class_id, ())):
                return f"a base of {each.qualified_name} is not known, and may call it"
        return None

    def _ancestors(self, class_id: int) -> list[int]:
        found: dict[int, None] = {}
        pending = list(self._bases.get(class_id, ()))
        while pending:
            base = pending.pop()
            if base not in found and base != class_id:
                found[base] = None
                pending += self._bases.get(base, ())
        return list(found)


def _said_bases(signature: str | None) -> int:
    """Return how many bases a class's signature names; keywords are none, and commas within brackets separate none."""
    inherited = (signature or "").partition("(")[2].removesuffix(")")
    depth, parts = 0, [""]
    for character in inherited:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return sum(1 for part in parts if part.strip() and "=" not in part.partition("(")[0].partition("[")[0])
