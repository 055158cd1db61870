"""The indicators once more, in plain slow Python with no frames: what every count must agree with."""
