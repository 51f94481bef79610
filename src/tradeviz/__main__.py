"""Run the command line: `python -m tradeviz`."""

from tradeviz.cli import app

app()
