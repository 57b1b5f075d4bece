"""The ways of publishing: each district's website has one."""

from __future__ import annotations

from ..pages import Shape
from .content import ContentShape
from .dayofyear import DayOfYearShape
from .details_json import DetailsJsonShape
from .gkmlpt import GkmlptShape
from .jcms import JcmsShape
from .jpaas import JpaasShape
from .jsonp import JsonpShape
from .plain import GOVXXGK, HEX_MONTH, MINHANG, PUBLIC_PLATFORM, SHANGHAI_HEX, SNOWFLAKE, VSB, ZWGK_PUBLIC
from .records import JpageShape, RecordsetShape
from .trs import TrsShape
from .trs_untidy import UntidyTrsShape

SHAPES: tuple[Shape, ...] = (
    TrsShape(), JcmsShape(), DayOfYearShape(), ContentShape(),
    SHANGHAI_HEX, VSB, SNOWFLAKE, PUBLIC_PLATFORM, GOVXXGK, MINHANG, HEX_MONTH,
    DetailsJsonShape(), JsonpShape(), GkmlptShape("gkmlpt", fragment=True),
    GkmlptShape("gkmlpt_tree", fragment=False), RecordsetShape(), JpageShape(), JpaasShape(),
    UntidyTrsShape(), ZWGK_PUBLIC,
)  # fmt: skip
