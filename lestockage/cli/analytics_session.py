"""Analytics session: the views of the database that a command works on, with a progress line where somebody could see it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.progress_line import ProgressLine
from lestockage.workspace.analytics import open_analytics
from lestockage.workspace.churn import COMMITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.analytics import Analytics, HotspotWeights


@contextmanager
def analytics_session(
    db: str | None, project: str | None, *, commits: int | None = COMMITS, weights: HotspotWeights | None = None
) -> Iterator[Analytics]:
    """Return a block with the analytics of one project or of all. Raises as `Analytics.connect`."""
    chosen = [] if project is None else [project]
    with ProgressLine() as line:
        progress = line if ProgressLine.is_wanted() else None
        with open_analytics(database_path(db), projects=chosen, commits=commits, weights=weights, progress=progress) as analytics:
            yield analytics
