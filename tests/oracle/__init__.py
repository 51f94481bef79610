"""An oracle: what the tables say, read by plain Python without pandas and without the library."""
