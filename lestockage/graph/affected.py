"""Affected tests: the tests that can reach a change, as pytest names them.

A change spreads as `graph.spread` says. Beside that it goes from a fixture to whoever asks for it by name (a parameter, `usefixtures`,
`getfixturevalue`) within the fixture's scope, and from code that runs around tests (`setup_method`, `setUp`, `pytest_...` hooks, the
statements of a test module or a conftest) to the tests it runs around. A test that a class inherits is a test of every class that does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.languages.python.pytest_names import CONFTEST, fixture, is_test_class, is_test_file, is_test_name, runs_around_tests
from lestockage.store.frontier_rows import edges_into, edges_out_of, nodes_by_id, nodes_of_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lestockage.graph.reach import Reached
    from lestockage.graph.spread import Spread
    from lestockage.languages.python.mentions import Mentions
    from lestockage.store.connection import StoreFile
    from lestockage.store.node_rows import NodeRow


class AffectedTest(NamedTuple):
    """A test by its pytest node id (`path::Class::test`), and the steps that lead to it from what changed."""

    id: str
    path: tuple[Reached, ...]


class Suite:
    """The tests of one project as a change reaches them.

    `paths` are the project's files, `says` tells whether a word is in one, `mentions_of` what its units mention.
    """

    __slots__ = ("_dotted", "_mentions_of", "_paths", "_project_id", "_says", "_store")

    def __init__(
        self,
        store: StoreFile,
        project_id: int,
        paths: Sequence[str],
        says: Callable[[str, str], bool],
        mentions_of: Callable[[str], Mentions],
    ) -> None:
        self._store = store
        self._project_id = project_id
        self._paths = [path for path in paths if is_test_file(path) or path.rpartition("/")[2] == CONFTEST]
        self._says = says
        self._mentions_of = mentions_of
        self._dotted: dict[str, str] = {}

    def affected(self, spread: Spread) -> list[AffectedTest]:
        """Let a change travel through fixtures too, and return the tests it reaches, by id."""
        looked_at: set[int] = set()
        while True:
            reach = spread.run()
            fresh = [each.node for each in reach if each.node.id not in looked_at and spread.is_affected(each.node.id)]
            if not fresh:
                break
            looked_at.update(node.id for node in fresh)
            for node in fresh:
                if node.project_id == self._project_id and node.file_path is not None:
                    for user, relation in self._around(node, node.file_path):
                        if not spread.is_affected(user.id):
                            spread.join(user, relation, node.id)
        tests: dict[str, AffectedTest] = {}
        for each in reach:
            if spread.is_affected(each.node.id) and each.node.project_id == self._project_id:
                for name in self._ids(each.node):
                    tests.setdefault(name, AffectedTest(name, tuple(reach.path(each.node.id))))
        return [tests[name] for name in sorted(tests)]

    def _around(self, node: NodeRow, path: str) -> Iterable[tuple[NodeRow, str]]:
        """Return who runs an affected node without referring to it, and how."""
        is_conftest = path.rpartition("/")[2] == CONFTEST
        if node.node_type == "module":
            if is_conftest:
                return [(user, "is tested below") for user in self._tests_of(self._below(path))]
            return [(user, "is a test of") for user in self._tests_of([path])] if is_test_file(path) else []
        if node.node_type not in {"function", "method"}:
            return [(user, "is a test of") for user in self._methods(node)] if node.node_type == "class" and is_test_file(path) else []
        if is_conftest and node.symbol_name.startswith("pytest_"):
            return [(user, "is run by") for user in self._tests_of(self._below(path))]
        if runs_around_tests(node.symbol_name):
            holders = [node for node in self._holders(node) if node.node_type == "class"]
            return [
                (user, "is set up by")
                for user in ([each for holder in holders for each in self._methods(holder)] or self._tests_of([path]))
            ]
        return self._users_of_fixture(node, path, is_conftest=is_conftest)

    def _users_of_fixture(self, node: NodeRow, path: str, *, is_conftest: bool) -> list[tuple[NodeRow, str]]:
        """Return who asks for a fixture, if the node is one."""
        if not (is_conftest or is_test_file(path) or self._says(path, "fixture")):
            return []
        own = self._own_name(node, path)
        unit = next((unit for unit in self._mentions_of(path).units if unit.name == own), None)
        found = None if unit is None else fixture(node.symbol_name, unit.decorators)
        if found is None:
            return []
        files = self._below(path) if is_conftest else [path] if is_test_file(path) else self._paths
        if found.is_autouse:
            return [(user, "is given the fixture") for user in self._tests_of(files)]
        users = []
        for each in files:
            if self._says(each, found.name):
                asking = {
                    unit.name for unit in self._mentions_of(each).units if found.name in unit.parameters or found.name in unit.strings
                } - ({own} if each == path else set())
                users += [(user, "asks for the fixture") for user in self._nodes(each) if self._own_name(user, each) in asking]
        return users

    def _below(self, conftest: str) -> list[str]:
        folder = conftest.removesuffix(CONFTEST)
        return [path for path in self._paths if path.startswith(folder)]

    def _nodes(self, path: str) -> list[NodeRow]:
        return nodes_of_files(self._store, self._project_id, [path])

    def _tests_of(self, paths: Iterable[str]) -> list[NodeRow]:
        """Return the functions and methods of test files that are named as tests are, those that their classes inherit among them."""
        found = nodes_of_files(self._store, self._project_id, [path for path in paths if is_test_file(path)])
        own = [node for node in found if node.node_type in {"function", "method"} and is_test_name(node.symbol_name)]
        return own + self._inherited([node.id for node in found if node.node_type == "class"])

    def _methods(self, node: NodeRow) -> list[NodeRow]:
        """Return the tests of a class, of the classes that inherit from it, and of those inside it, inherited ones too."""
        classes = [node.id, *self._heirs([node.id])]
        held = self._held(classes)
        inner = [method for each in held if each.node_type == "class" for method in self._methods(each)]
        return [each for each in held if each.node_type == "method" and is_test_name(each.symbol_name)] + inner + self._inherited(classes)

    def _inherited(self, classes: Sequence[int]) -> list[NodeRow]:
        """Return the tests that classes have from those above them."""
        above = self._ancestors(classes)
        return [node for node in self._held([each.id for each in above]) if node.node_type == "method" and is_test_name(node.symbol_name)]

    def _held(self, classes: Sequence[int]) -> list[NodeRow]:
        return nodes_by_id(self._store, [row[1] for row in edges_out_of(self._store, classes, ("containment",))])

    def _heirs(self, classes: Iterable[int]) -> list[int]:
        """Return the classes that inherit from some classes, however far down."""
        found = dict.fromkeys(classes)
        given = len(found)
        frontier = list(found)
        while frontier:
            frontier = [row[0] for row in edges_into(self._store, frontier, ("inheritance",)) if row[0] not in found]
            found.update(dict.fromkeys(frontier))
        return list(found)[given:]

    def _ancestors(self, classes: Iterable[int]) -> list[NodeRow]:
        """Return the classes that some classes inherit from, however far up."""
        found: dict[int, None] = {}
        frontier = list(classes)
        while frontier:
            frontier = [row[1] for row in edges_out_of(self._store, frontier, ("inheritance",)) if row[1] not in found]
            found.update(dict.fromkeys(frontier))
        return nodes_by_id(self._store, found)

    def _holders(self, node: NodeRow) -> list[NodeRow]:
        return nodes_by_id(self._store, [row[0] for row in edges_into(self._store, [node.id], ("containment",))])

    def _ids(self, node: NodeRow) -> list[str]:
        """Return the tests that a node is: one for a function, and for a method one in its class and in each class that inherits it."""
        if node.node_type not in {"function", "method"} or not is_test_name(node.symbol_name) or node.file_path is None:
            return []
        if node.node_type == "function":
            own = self._own_name(node, node.file_path)
            return [f"{node.file_path}::{own}"] if is_test_file(node.file_path) and "." not in own else []
        found = []
        for holder in self._holders(node):
            for each in [holder, *nodes_by_id(self._store, self._heirs([holder.id]))]:
                bases = [base.qualified_name for base in self._ancestors([each.id])]
                if each.file_path is not None and is_test_file(each.file_path) and is_test_class(each.symbol_name, bases):
                    own = self._own_name(each, each.file_path).replace(".", "::")
                    found.append(f"{each.file_path}::{own}::{node.symbol_name}")
        return found

    def _own_name(self, node: NodeRow, path: str) -> str:
        """Return a node's name within its module; empty for the module."""
        module = self._dotted.get(path)
        if module is None:
            named = [each.qualified_name for each in self._nodes(path) if each.node_type == "module"]
            module = self._dotted[path] = named[0] if named else ""
        return node.qualified_name.removeprefix(module).removeprefix(".")
