"""Store: the one SQLite file behind a database, and the only package that speaks SQL to it.

`connection` opens the file, `migrations` brings its schema up to date, and each other module holds the rows of one noun.
Nothing is imported here: a run that finds nothing changed loads only the modules that it uses.
"""
