"""A synthetic region, made from a seed."""
