"""Catalogue: the views there are, in the order in which they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.analytics.views.centralities import CENTRALITIES
from lestockage.analytics.views.edges import EDGES
from lestockage.analytics.views.file_churn import FILE_CHURN
from lestockage.analytics.views.hotspots import HOTSPOTS
from lestockage.analytics.views.measures import MEASURES
from lestockage.analytics.views.metrics import METRICS
from lestockage.analytics.views.modules import MODULES
from lestockage.analytics.views.nodes import NODES
from lestockage.analytics.views.projects import PROJECTS
from lestockage.analytics.views.refs import REFS
from lestockage.analytics.views.snapshots import SNAPSHOTS
from lestockage.analytics.views.symbol_ages import SYMBOL_AGES
from lestockage.errors import UnknownView

if TYPE_CHECKING:
    from lestockage.analytics.view import View

VIEWS: tuple[View, ...] = (
    PROJECTS,
    NODES,
    EDGES,
    REFS,
    METRICS,
    CENTRALITIES,
    MODULES,
    MEASURES,
    FILE_CHURN,
    HOTSPOTS,
    SNAPSHOTS,
    SYMBOL_AGES,
)
"""Every view."""
BY_NAME = {view.name: view for view in VIEWS}


def view_of(name: str) -> View:
    """Return the view of a name; SQL's names know no case.

    Raises:
        UnknownView: there is none; the error lists those there are.
    """
    found = BY_NAME.get(name.lower())
    if found is None:
        raise UnknownView(name, list(BY_NAME))
    return found
