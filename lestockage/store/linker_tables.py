"""Linker tables: the SQL of the tables that `linker_pages` keeps; all of schema version 4.

`token` is another one after each save: whoever has read pages of one state must not read some of the next. A page's number is an integer,
or the path of a file.
"""

from __future__ import annotations

from typing import Final

LINKER_TABLES: Final[tuple[str, ...]] = (
    """CREATE TABLE linker_states (
        project_id INTEGER PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
        token INTEGER NOT NULL,
        head BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE linker_pages (
        project_id INTEGER NOT NULL REFERENCES linker_states (project_id) ON DELETE CASCADE,
        family INTEGER NOT NULL,
        page ANY NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (project_id, family, page)
    ) STRICT, WITHOUT ROWID""",
)
"""One statement each, in the order in which they are run."""
