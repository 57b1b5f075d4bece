"""Text → Report: metadata, outline, figures, indicators, references, statements. Pure."""

from .extractor import Extractor
from .jsonl import to_prediction
from .metadata.recognition import looks_like_report_title

__all__ = ["Extractor", "looks_like_report_title", "to_prediction"]
