"""Python: what one Python source file says, read with the standard library's `ast` and nothing else."""
