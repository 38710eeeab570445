"""Export: rows written as CSV, JSON, NDJSON or Parquet, batch by batch."""

from lestockage.analytics.export.write_view import BINARY_FORMATS, FORMATS, TEXT_FORMATS, write_view

__all__ = ["BINARY_FORMATS", "FORMATS", "TEXT_FORMATS", "write_view"]
