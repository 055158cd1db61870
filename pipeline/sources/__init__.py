"""One adapter for each published file."""
