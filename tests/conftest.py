"""Settings that all tests share."""

import os

import matplotlib
from hypothesis import settings

matplotlib.use("Agg")

# No time limit per example (the machine may be busy); the same examples each time where nobody watches.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")
