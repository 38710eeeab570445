"""Locked connection: DuckDB in memory, for the SQL of whoever asks: it reads no file, no network and no variable of the program's."""

from __future__ import annotations

from typing import Final

import duckdb

_SETTINGS: Final = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",  # a name that is no view is an error, never a variable of the caller's
    "temp_directory": "",  # nothing is spilled to disk: what needs more memory than there is ends with an error
}


def locked_connection() -> duckdb.DuckDBPyConnection:
    """Return a new connection whose settings cannot be changed any more; tables of pyarrow can be registered with it."""
    connection = duckdb.connect(":memory:", config=dict(_SETTINGS))
    connection.execute("SET lock_configuration = true")
    return connection
