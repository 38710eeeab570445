"""Graph metrics: centralities, components, layers and coupling of a graph held as two arrays; plain functions of numpy arrays."""
