"""The monthly run: sources, load, refresh, demo data and the command line."""
