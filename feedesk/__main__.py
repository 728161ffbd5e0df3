"""`python -m feedesk`."""

from __future__ import annotations

import sys

from feedesk.cli import main

if __name__ == "__main__":
    sys.exit(main())
