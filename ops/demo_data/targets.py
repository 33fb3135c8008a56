"""The plan's targets and own figures that are known; the others are the city office's to enter.

The nine figures are not among them: the plan gives no period for them, so they are of no year.
"""

from decimal import Decimal

from ops.demo_data.figures import CITY, COUNTIES

_SOURCE = "宿州市“十四五”科技创新规划（宿政办秘〔2022〕9号）"
_PARK_COUNTIES = "provincial_park_counties"

TARGETS = (
    {
        "indicator": _PARK_COUNTIES,
        "division_code": CITY,
        "year": 2025,
        "value": Decimal(len(COUNTIES)),
        "unit": "个",
        "name_zh": "有省级农业科技园区的县区",
        "name_en": "Counties with a provincial agricultural park",
    },
)
REPORTED_FIGURES = (
    {
        "indicator": _PARK_COUNTIES,
        "division_code": CITY,
        "year": 2022,
        "value": Decimal(3),
        "source": _SOURCE,
    },
)
