"""Intel store: the public face of projects, nodes, edges and embeddings in one SQLite file.

What the indexer writes, a program of your own may write too: the statements are the same.
"""

from __future__ import annotations

from lestockage.store.edge_access import EdgeAccess
from lestockage.store.embedding_access import EmbeddingAccess
from lestockage.store.node_access import NodeAccess


class IntelStore(NodeAccess, EdgeAccess, EmbeddingAccess):
    """An open store: `IntelStore.open(path)`, or `IntelStore(file)` over a file that is open already; used as a context.

    ```python
    with IntelStore.open("graph.db") as store:
        project = store.upsert_project("mine")
        main = store.insert_node(Node(project_id=project.id, qualified_name="app.main", node_type="function"))
        helper = store.insert_node(Node(project_id=project.id, qualified_name="app.helper", node_type="function"))
        store.insert_edge(Edge(caller_id=main.id, callee_id=helper.id, edge_type="call", site_line=3))
        store.get_edges_by_node(helper.id, "in")
    ```

    One store may be used by many threads. Readers never wait for a writer, in this process or another, and see its whole transaction or
    nothing of it.

    Raises (every function):
        StoreClosed: the file was closed.
        ReadOnlyStore: something was to be written, and the file was opened for reading only.
        StoreLocked: another process wrote for longer than the timeout.
    """

    __slots__ = ()
