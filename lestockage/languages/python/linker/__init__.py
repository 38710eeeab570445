"""Linker: joins what units say of how values move through them, and finds what every call may run."""
