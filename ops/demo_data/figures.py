"""What the demo must come to: the plan's nine figures, the roster, the years."""

from collections.abc import Mapping
from decimal import Decimal

DEMO_SEED = 20_250_713
YEARS = (2021, 2022, 2023, 2024, 2025)

CITY = "341300"
COUNTIES = ("341302", "341321", "341322", "341323", "341324")
# In the statistics bureau's lists, but not in GB/T 2260; nobody is sent there in the demo.
STATISTICAL_ONLY = ("341371", "341372")

# 宿州市“十四五”科技创新规划 （宿政办秘〔2022〕9号）, which gives no period for them.
PLAN_FIGURES: Mapping[str, Decimal] = {
    "households_led": Decimal(24_031),
    "technologies_promoted": Decimal(1_107),
    "varieties_introduced": Decimal(581),
    "demo_bases_built": Decimal(10),
    "training_sessions": Decimal(1_338),
    "trainee_person_times": Decimal(16_298),
    "organisations_assisted": Decimal(1_142),
    "technicians_trained": Decimal(2_735),
    "household_income_gain": Decimal(4_782),
}
INCOME_GAIN_YUAN = PLAN_FIGURES["household_income_gain"] * 10_000

# Only the sums are the plan's; the split over the counties is proportional to their villages.
ROSTER: Mapping[str, tuple[int, ...]] = {
    "county": (101, 46, 75, 98, 56),
    "city": (21, 10, 16, 21, 12),
    "three_area": (20, 9, 15, 20, 11),
}
WORKSTATIONS = (4, 2, 3, 3, 2)
DEMO_BASES = (3, 1, 2, 3, 1)

SPARE_HOUSEHOLDS = 1_600
"""Registered, but never served."""
GHOSTS: Mapping[str, int] = {
    "households": 1_062,
    "technologies": 63,
    "varieties": 34,
    "organisations": 71,
}
"""Served only in records that were not verified: they must never be counted."""
UNCOUNTED_ORGANISATIONS: Mapping[str, int] = {"family_farm": 304, "association": 121}
"""Assisted and verified, but of kinds that the indicator leaves out."""
ENTERPRISES = 463
"""Of the 1,142 assisted; the rest are co-ops."""
