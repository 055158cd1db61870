"""Fetching published files from their landing pages, politely, and loading what is new."""
