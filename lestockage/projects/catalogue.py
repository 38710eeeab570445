"""Catalogue: what projects offer, loaded name by name as it is asked for, kept up to a bound, and forgotten when the file changes."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from lestockage.projects.preference import Preferences
from lestockage.store.distributions import find_distribution
from lestockage.store.global_symbols import has_modules_below, module_named, symbol_named
from lestockage.store.json_lists import read_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.projects.preference import Choice
    from lestockage.store.connection import StoreFile
    from lestockage.store.global_symbols import GlobalSymbol

T = TypeVar("T")
BOUND: Final = 20_000
"""How many names are kept unless another bound is given."""


class Imports(NamedTuple):
    """What a module's import statements bind."""

    names: dict[str, str]
    stars: tuple[str, ...]
    exports: frozenset[str] | None
    is_dynamic: bool


class Catalogue:
    """Symbols, modules and preferences of every project of a file; `rows_read` counts the rows that answers took."""

    def __init__(self, store: StoreFile, *, bound: int = BOUND) -> None:
        """Keep at most `bound` answers; the one that was not asked for the longest goes first."""
        self.store = store
        self.rows_read = 0
        self._bound = bound
        self._kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._state = self._stamp()

    def __len__(self) -> int:
        """Return how many answers are kept."""
        return len(self._kept)

    def refresh(self) -> None:
        """Forget everything if the file was written since, by this process or another."""
        state = self._stamp()
        if state != self._state:
            self._state = state
            self._kept.clear()

    def symbol(self, project_id: int, name: str) -> GlobalSymbol | None:
        """Return a project's symbol of that qualified name."""
        return self._keep(("symbol", project_id, name), lambda: symbol_named(self.store, project_id, name))

    def imports(self, project_id: int, module: str) -> Imports | None:
        """Return what a module's imports bind, None when the project has no such module."""
        return self._keep(("imports", project_id, module), lambda: self._imports(project_id, module))

    def is_package(self, project_id: int, name: str) -> bool:
        """Tell whether a project has modules below a name."""
        return self._keep(("package", project_id, name), lambda: has_modules_below(self.store, project_id, name))

    def is_compiled(self, project_id: int, name: str) -> bool:
        """Tell whether a dotted name is that of a module of a project of which there is no source."""
        found = self._keep(("distribution", project_id), lambda: find_distribution(self.store, project_id))
        return found is not None and name in read_list(found.compiled)

    def choices(self, project_id: int | None, name: str) -> list[Choice]:
        """Return who provides an import name to a project, in its order of preference."""
        preferences = self._keep(("preferences", project_id), lambda: Preferences(self.store, project_id))
        return self._keep(("choices", project_id, name), lambda: preferences.choices(name))

    def keep(self, key: tuple[Any, ...], answer: object) -> None:
        """Keep an answer of somebody else's under a key of their own."""
        self._kept[key] = answer
        if len(self._kept) > self._bound:
            self._kept.popitem(last=False)

    def kept(self, key: tuple[Any, ...]) -> Any:  # noqa: ANN401  # whatever was kept
        """Return what is kept under a key, None for nothing."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def _imports(self, project_id: int, module: str) -> Imports | None:
        import json  # noqa: PLC0415  # costs an unchanged run

        found = module_named(self.store, project_id, module)
        if found is None:
            return None
        exports = None if found.exports is None else frozenset(json.loads(found.exports))
        return Imports(json.loads(found.imports), tuple(json.loads(found.stars)), exports, bool(found.is_dynamic))

    def _keep(self, key: tuple[Any, ...], load: Callable[[], T]) -> T:
        if key in self._kept:
            self._kept.move_to_end(key)
            found: T = self._kept[key]
            return found
        found = load()
        self.rows_read += len(found) if isinstance(found, list) else found is not None and found is not False
        self.keep(key, found)
        return found

    def _stamp(self) -> tuple[int, int]:
        return self.store.foreign_commits(), self.store.total_changes
