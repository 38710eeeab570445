"""Metrics: numbers that tell how hard code is to follow, of one unit, a symbol, a file and a project."""
