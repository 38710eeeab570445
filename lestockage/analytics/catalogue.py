"""Catalogue: the views there are, in the order in which they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.analytics.views.centralities import CENTRALITIES
from lestockage.analytics.views.edges import EDGES
from lestockage.analytics.views.file_churn import FILE_CHURN
from lestockage.analytics.views.hotspots import HOTSPOTS
from lestockage.analytics.views.metrics import METRICS
from lestockage.analytics.views.modules import MODULES
from lestockage.analytics.views.nodes import NODES
from lestockage.analytics.views.projects import PROJECTS
from lestockage.errors import UnknownView

if TYPE_CHECKING:
    from lestockage.analytics.view import View
    from lestockage.store.connection import StoreFile

VIEWS: tuple[View, ...] = (PROJECTS, NODES, EDGES, METRICS, CENTRALITIES, MODULES, FILE_CHURN, HOTSPOTS)
"""Every view that a file may have; one whose table is missing in a file is not there."""


def views_of(store: StoreFile) -> dict[str, View]:
    """Return the views that a file has, by name."""
    return {view.name: view for view in VIEWS if view.table is None or _has_table(store, view.table)}


def view_of(store: StoreFile, name: str) -> View:
    """Return the view of a name; SQL's names know no case.

    Raises:
        UnknownView: the file has none; the error lists those it has.
    """
    views = views_of(store)
    found = views.get(name.lower())
    if found is None:
        raise UnknownView(name, list(views))
    return found


def _has_table(store: StoreFile, table: str) -> bool:
    return store.row("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)) is not None
