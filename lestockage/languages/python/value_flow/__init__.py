"""Value flow: how values move through one unit's own code, as a summary for the linker."""
