"""The OCR engine of the extra `ocr`: RapidOCR with the models that its package carries; it needs no network."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from nianbao.reading.ocr import Ocr, OcrLine


def engine() -> Ocr | None:
    """The engine, None where the extra is not installed. Its models are loaded for the first picture."""
    wanted = ("rapidocr", "onnxruntime")
    return _RapidOcr() if all(importlib.util.find_spec(name) for name in wanted) else None


class _RapidOcr:
    @cached_property
    def _engine(self) -> Any:
        from rapidocr import RapidOCR

        # Threads of a pool keep their own memory arenas, which the limit on address space would count.
        return RapidOCR(
            params={
                "Global.log_level": "error",
                "Global.use_cls": False,  # finds lines that stand on their head, which scanners do not make
                "Global.max_side_len": 2400,
                # Finding lines on a smaller picture takes half the time; they are read from the whole one.
                "Det.limit_type": "max",
                "Det.limit_side_len": 1280,
                "EngineConfig.onnxruntime.intra_op_num_threads": 2,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )

    def lines(self, image: Any) -> Sequence[OcrLine]:
        """The lines of a Pillow image in RGB."""
        import numpy

        found = self._engine(numpy.asarray(image)[:, :, ::-1])
        if found.boxes is None or found.txts is None or found.scores is None:
            return []
        return [
            OcrLine(
                str(text),
                float(min(x for x, _ in box)),
                float(min(y for _, y in box)),
                float(max(x for x, _ in box)),
                float(max(y for _, y in box)),
                float(score),
            )
            for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        ]
