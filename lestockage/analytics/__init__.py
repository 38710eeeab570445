"""Analytics: metrics, hotspots, SQL, frames and exports over the symbols and edges of a file, through DuckDB and arrays."""

from lestockage.analytics.analytics import Analytics
from lestockage.analytics.churn import ChurnOf, FileChurn
from lestockage.analytics.hotspot_weights import HotspotWeights
from lestockage.analytics.view import Column, View

__all__ = ["Analytics", "ChurnOf", "Column", "FileChurn", "HotspotWeights", "View"]
