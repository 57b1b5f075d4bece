"""nianbao (年报): annual rule-of-law reports, read every night into year-over-year facts that lead back to their source."""

__version__ = "0.1.0"
