"""A synthetic region, made from a seed."""

from pipeline.demo.make import Progress, make_demo
from pipeline.demo.sizes import SizeName

__all__ = ["Progress", "SizeName", "make_demo"]
