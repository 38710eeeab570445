"""Languages: pure functions from source text to facts, one package per language, without engine, files or database."""
