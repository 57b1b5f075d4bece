"""The ways of publishing: each district's website has one."""

from __future__ import annotations

from ..pages import Shape
from .content import ContentShape
from .dayofyear import DayOfYearShape
from .jcms import JcmsShape
from .plain import GOVXXGK, HEX_MONTH, MINHANG, PUBLIC_PLATFORM, SHANGHAI_HEX, SNOWFLAKE, VSB
from .trs import TrsShape

SHAPES: tuple[Shape, ...] = (
    TrsShape(), JcmsShape(), DayOfYearShape(), ContentShape(),
    SHANGHAI_HEX, VSB, SNOWFLAKE, PUBLIC_PLATFORM, GOVXXGK, MINHANG, HEX_MONTH,
)  # fmt: skip
