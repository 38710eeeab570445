"""Distribution: the SQL of how a measure of functions and methods is distributed in groups of them."""

# ruff: noqa: S608  # names of columns are checked, everything else is a constant

from __future__ import annotations

import pyarrow as pa

from lestockage.analytics.views.measures import MEASURES
from lestockage.errors import UnknownMetric

GROUPS = {"project": "project", "package": "project, package", "file_path": "project, file_path", "node_type": "project, node_type"}
"""What can be grouped by, and the columns that name a group."""
NUMBERS = tuple(
    column.name for column in MEASURES.columns if column.name not in {"id", "start_line"} and not pa.types.is_string(column.type)
)
"""The columns of `measures` that are measures."""

_FUNCTIONS = "(SELECT * FROM measures WHERE node_type IN ('function', 'method') AND NOT contains(qualified_name, '<'))"  # no lambdas


def distribution_sql(metric: str, by: str) -> str:
    """Return the query of `Analytics.distribution`."""
    names = _checked(metric, by)
    quantiles = ", ".join(f"quantile_cont({metric}, 0.{share}) AS p{share}" for share in (25, 50, 75, 90, 95, 99))
    return f"""
        WITH told AS (
            SELECT {names}, count(*) AS count, sum({metric})::DOUBLE AS total, avg({metric}) AS mean, stddev_samp({metric}) AS deviation,
                min({metric})::DOUBLE AS least, {quantiles}, max({metric})::DOUBLE AS most
            FROM {_FUNCTIONS} GROUP BY {names}
        ), fenced AS (SELECT *, p75 + 1.5 * (p75 - p25) AS fence FROM told)
        SELECT *, (SELECT count(*) FROM {_FUNCTIONS} AS m
            WHERE m.{metric} > fence AND {" AND ".join(f"m.{name} = fenced.{name}" for name in names.split(", "))}) AS outliers
        FROM fenced ORDER BY {names}"""


def histogram_sql(metric: str, by: str, bins: int) -> str:
    """Return the query of `Analytics.histogram`."""
    names = _checked(metric, by)
    count = max(1, int(bins))
    return f"""
        WITH ends AS (SELECT min({metric})::DOUBLE AS low, max({metric})::DOUBLE AS high FROM {_FUNCTIONS}),
        placed AS (
            SELECT {names}, low, (high - low) / {count} AS width,
                least({count - 1}, CASE WHEN high > low THEN floor(({metric} - low) * {count} / (high - low)) ELSE 0 END)::BIGINT AS bin
            FROM {_FUNCTIONS}, ends
        )
        SELECT {names}, bin, any_value(low + bin * width) AS low, any_value(low + (bin + 1) * width) AS high, count(*) AS count
        FROM placed GROUP BY {names}, bin ORDER BY {names}, bin"""


def outliers_sql(metric: str, by: str) -> str:
    """Return the query of `Analytics.outliers`."""
    names = _checked(metric, by)
    return f"""
        WITH fences AS (
            SELECT {names}, quantile_cont({metric}, 0.75) * 2.5 - quantile_cont({metric}, 0.25) * 1.5 AS fence
            FROM {_FUNCTIONS} GROUP BY {names}
        )
        SELECT m.*, f.fence FROM {_FUNCTIONS} AS m JOIN fences AS f USING ({names})
        WHERE m.{metric} > f.fence ORDER BY m.{metric} - f.fence DESC, m.qualified_name, m.id"""


def _checked(metric: str, by: str) -> str:
    """Return the columns that name a group.

    Raises:
        UnknownMetric: there is no such measure, or nothing to group by.
    """
    if metric not in NUMBERS:
        raise UnknownMetric(metric, NUMBERS)
    if by not in GROUPS:
        raise UnknownMetric(by, list(GROUPS))
    return GROUPS[by]
