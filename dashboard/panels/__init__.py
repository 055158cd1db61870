"""Streamlit panels that pages call."""
