"""Reading of files that nobody vouches for, in a process that can be killed (docs/reading.md).

`BoundedReader` reads like `nianbao.reading.read_document`, but parses PDF, Office, OFD and pictures in another process
with a limit on time and memory. It holds the OCR engine too, where the extra `ocr` is installed.
"""

from nianbao.sandbox.reader import BoundedReader

__all__ = ["BoundedReader"]
