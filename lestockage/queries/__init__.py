"""Queries: the ladder from source text to resolved symbols."""
