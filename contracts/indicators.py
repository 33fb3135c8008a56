"""The nine counted figures (design §5): key, names, unit."""

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.texts import mark


@dataclass(frozen=True, slots=True)
class Indicator:
    """One counted figure; `counts` says in Chinese what is counted, for the page."""

    key: str
    zh: str
    en: str
    unit: str
    counts: str


_ALL = (
    Indicator("households_led", mark("带动农户"), "Households led", mark("户"), mark("至少得到一次服务（走访、培训、采用技术品种、增收）的农户，不重复计数")),
    Indicator("technologies_promoted", mark("推广新技术"), "Technologies promoted", mark("项"), mark("推广过的目录内技术，不重复计数")),
    Indicator("varieties_introduced", mark("引进新品种"), "Varieties introduced", mark("个"), mark("引进过的目录内品种，不重复计数")),
    Indicator("demo_bases_built", mark("建立示范基地"), "Demo bases built", mark("个"), mark("在期间内建立的示范基地，不重复计数")),
    Indicator("training_sessions", mark("培训场次"), "Training sessions", mark("场次"), mark("同一场培训由两人上报只算一场")),
    Indicator("trainee_person_times", mark("培训人次"), "Trainee person-times", mark("人次"), mark("不重复场次的到场人数之和")),
    Indicator("organisations_assisted", mark("帮扶企业、合作社"), "Enterprises and co-ops assisted", mark("个"), mark("得到帮扶的企业和合作社，不重复计数")),
    Indicator("technicians_trained", mark("培养基层技术骨干"), "Backbone technicians trained", mark("人"), mark("培养的基层技术骨干，不重复计数")),
    Indicator("household_income_gain", mark("帮助农户增收"), "Household income gain", mark("万元"), mark("每户、每年、每种产品计一次：面积×（单产×单价-成本），减去该户自己的基准年")),
)  # fmt: skip

INDICATORS: Mapping[str, Indicator] = {indicator.key: indicator for indicator in _ALL}

# Beside the nine: the same promotions counted by (person, item) pair, as many offices do.
PAIR_COUNTS: Mapping[str, Indicator] = {
    "technologies_promoted": Indicator("technology_promotions", mark("技术推广人项次"), "Technology promotions (person-item pairs)", mark("人项"), mark("每人每项技术计一次；两人推广同一项算两次")),
    "varieties_introduced": Indicator("variety_introductions", mark("品种引进人项次"), "Variety introductions (person-item pairs)", mark("人项"), mark("每人每个品种计一次；两人引进同一个算两次")),
}  # fmt: skip
