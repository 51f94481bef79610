"""The facts of the summaries, computed again from the CSV files by plain Python.

Nothing here knows pandas or the library's functions; only its vocabulary of names is shared.
"""
