"""Workspace: the composition root, which turns a source tree into inputs and keeps the intel tables in step with the queries."""
