"""Analytics: the views of a database file together with what git knows of its projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.analytics import Analytics
from lestockage.workspace.churn import COMMITS, git_churn

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from lestockage.analytics import HotspotWeights


def open_analytics(
    path: str | os.PathLike[str],
    *,
    projects: Sequence[str] = (),
    commits: int | None = COMMITS,
    weights: HotspotWeights | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Analytics:
    """Return `Analytics.connect` over a file, with churn from the last `commits` commits (None: all) of each project's repository.

    git is asked when a view that needs it is. Raises as `Analytics.connect`.
    """
    return Analytics.connect(path, projects=projects, churn=git_churn(commits), weights=weights, progress=progress)
