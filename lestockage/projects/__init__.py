"""Projects: several of them in one file, resolved against each other: who provides a name, who uses it, what is gone."""
