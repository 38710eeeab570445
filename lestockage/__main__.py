"""Entry of `python -m lestockage`: the command line."""

import sys

from lestockage.cli import main

if __name__ == "__main__":
    sys.exit(main())
