"""The ways of publishing: each district's website has one."""

from __future__ import annotations

from ..pages import Shape
from .content import ContentShape
from .dayofyear import DayOfYearShape
from .jcms import JcmsShape
from .trs import TrsShape

SHAPES: tuple[Shape, ...] = (TrsShape(), JcmsShape(), DayOfYearShape(), ContentShape())
