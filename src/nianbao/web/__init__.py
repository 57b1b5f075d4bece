"""The web side: the newest release and its pages, files of releases, status and metrics. It only reads.

`make_app(settings)` is an ASGI application; `nianbao serve` runs it on uvicorn. Nothing here asks who is asking: it
listens on loopback, and docs/deployment.md shows how to put authentication in front.
"""

from nianbao.web.app import make_app

__all__ = ["make_app"]
