"""The report: one self-contained page that a reader opens from disk, with every figure's table and SQL behind it."""

from pipeline.report.page import html, write

__all__ = ["html", "write"]
