"""Projects: several of them in one file, resolved against each other: who provides a name, who uses it, what is gone.

```python
from lestockage.projects import breakage, deps, projects, refs, resolve

with open_lookup("index.db") as lookup:
    resolve(lookup, "networkx.Graph.add_edge", project="app")
    refs(lookup, "networkx.Graph", all_projects=True)
```
"""

from lestockage.projects.breakage import Breakage, breakage
from lestockage.projects.catalogue import Catalogue
from lestockage.projects.dependencies import Dependency, deps
from lestockage.projects.listing import ProjectInfo, projects
from lestockage.projects.references import Reference, refs
from lestockage.projects.resolve import Resolution, resolve

__all__ = [
    "Breakage",
    "Catalogue",
    "Dependency",
    "ProjectInfo",
    "Reference",
    "Resolution",
    "breakage",
    "deps",
    "projects",
    "refs",
    "resolve",
]
