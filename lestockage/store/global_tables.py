"""Global tables: the SQL of what projects offer each other, which of it they use, and what they say they need.

What can be reached from outside by a dotted name is in `global_symbols`; the names that modules pass on are in `module_names`. A reference
from one project into another is an edge to an `external` node of its own project, and `external_refs` says what that node stands for: so
the library may come, change and go without an edge of the application being written.
"""

from __future__ import annotations

from typing import Final

STATES: Final = ("linked", "partial", "missing", "unknown")
"""What is known of an external name: the symbol itself, the nearest symbol on the way to it, that the provider has none, or neither."""

EXTERNAL_USES: Final = """CREATE VIEW external_uses AS
        SELECT e.caller_id, c.qualified_name AS caller, c.project_id, c.file_path,
            c.start_line + e.site_line AS line, e.site_column AS "column", e.edge_type,
            r.provider_id, r.symbol_id, n.qualified_name AS name, r.qualified_name, r.state
        FROM external_refs AS r
        JOIN intel_nodes AS n ON n.id = r.external_id
        JOIN intel_edges AS e ON e.callee_id = r.external_id
        JOIN intel_nodes AS c ON c.id = e.caller_id"""
"""Who uses which symbol of which other project, and where: a view for people and their tools."""

GLOBAL_TABLES: Final = (
    # Who a project is to others: its distribution's name (normalised as by PEP 503) and version, NULL without metadata.
    """CREATE TABLE project_distributions (
        project_id INTEGER PRIMARY KEY REFERENCES projects(id) ON DELETE CASCADE,
        distribution TEXT,
        version TEXT,
        is_library INTEGER NOT NULL DEFAULT 0,
        digest BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX project_distributions_name ON project_distributions (distribution)",
    # The first parts of the names by which a project's modules are imported; `is_declared`: its metadata says so.
    """CREATE TABLE project_imports (
        project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        is_declared INTEGER NOT NULL,
        PRIMARY KEY (project_id, name)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX project_imports_name ON project_imports (name)",
    # What a project says it needs: a distribution, the requirement as it is written, and the version that its environment has.
    """CREATE TABLE project_deps (
        project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
        distribution TEXT NOT NULL,
        requirement TEXT NOT NULL,
        installed TEXT,
        PRIMARY KEY (project_id, distribution)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX project_deps_distribution ON project_deps (distribution)",
    # `bases` is a JSON list: for each base of a class the dotted names that it may be, none where that is not known.
    """CREATE TABLE global_symbols (
        node_id INTEGER PRIMARY KEY REFERENCES intel_nodes(id) ON DELETE CASCADE,
        project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        qualified_name TEXT NOT NULL,
        node_type TEXT NOT NULL,
        signature TEXT,
        visibility TEXT NOT NULL,
        file_path TEXT NOT NULL,
        ordinal INTEGER NOT NULL,
        start_line INTEGER,
        start_column INTEGER,
        end_line INTEGER,
        end_column INTEGER,
        body_hash BLOB NOT NULL,
        bases TEXT
    ) STRICT""",
    "CREATE UNIQUE INDEX global_symbols_identity ON global_symbols (project_id, qualified_name, file_path, ordinal)",
    "CREATE INDEX global_symbols_file ON global_symbols (project_id, file_path)",
    "CREATE INDEX global_symbols_qualified_name ON global_symbols (qualified_name)",
    "CREATE INDEX global_symbols_body ON global_symbols (body_hash)",
    "CREATE INDEX global_symbols_classes ON global_symbols (project_id) WHERE bases IS NOT NULL",
    # What a module's import statements bind, as JSON: {bound name: dotted name}, [modules starred, in order], [names in `__all__`].
    """CREATE TABLE module_names (
        project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
        file_path TEXT NOT NULL,
        module TEXT NOT NULL,
        imports TEXT NOT NULL,
        stars TEXT NOT NULL,
        exports TEXT,
        PRIMARY KEY (project_id, file_path)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX module_names_module ON module_names (project_id, module)",
    f"""CREATE TABLE external_refs (
        external_id INTEGER PRIMARY KEY REFERENCES intel_nodes(id) ON DELETE CASCADE,
        project_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
        provider_id INTEGER NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
        symbol_id INTEGER REFERENCES intel_nodes(id) ON DELETE SET NULL,
        qualified_name TEXT,
        state TEXT NOT NULL CHECK ({" OR ".join(f"state = '{state}'" for state in STATES)}),
        is_ambiguous INTEGER NOT NULL DEFAULT 0,
        lost_name TEXT,
        lost_body BLOB,
        lost_at INTEGER
    ) STRICT""",
    "CREATE INDEX external_refs_symbol ON external_refs (symbol_id)",
    "CREATE INDEX external_refs_provider ON external_refs (provider_id, project_id)",
    "CREATE INDEX external_refs_project ON external_refs (project_id, provider_id)",
    "CREATE INDEX external_refs_missing ON external_refs (project_id) WHERE state = 'missing'",
    # The names that were looked up for a reference: when one of them comes, goes or changes, the reference is resolved again.
    """CREATE TABLE external_steps (
        name TEXT NOT NULL,
        external_id INTEGER NOT NULL REFERENCES external_refs(external_id) ON DELETE CASCADE,
        PRIMARY KEY (name, external_id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX external_steps_external ON external_steps (external_id)",
    "CREATE INDEX intel_nodes_external ON intel_nodes (qualified_name) WHERE node_type = 'external'",
    EXTERNAL_USES,
)
