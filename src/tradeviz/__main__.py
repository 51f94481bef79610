"""Run the command line: `python -m tradeviz`."""

import sys

if not sys.flags.safe_path:
    # Python has put the working directory first. What files it holds must not stand in for modules.
    del sys.path[0]

from tradeviz.cli import app

app()
