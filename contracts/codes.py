"""Code lists of the records: value stored, then what a person reads in Chinese and English."""

from collections.abc import Mapping

Choices = Mapping[str, tuple[str, str]]

# GB/T 43348-2023: the eight contents of a correspondent's service.
SERVICE_TYPES: Choices = {
    "policy_briefing": ("政策宣讲", "Policy briefing"),
    "science_popularisation": ("科普宣传", "Science popularisation"),
    "technical_guidance": ("业务指导", "Technical guidance"),
    "skills_training": ("技能培训", "Skills training"),
    "technology_transfer": ("技术成果引进和推广", "Technology transfer"),
    "research": ("科技研发", "Research and development"),
    "talent_development": ("人才培养", "Talent development"),
    "entrepreneurship": ("创新创业", "Innovation and entrepreneurship"),
}

# The three working modes of the city's plan.
SERVICE_MODES: Choices = {
    "enterprise": ("科技特派员+龙头企业+基地+农户", "Correspondent + leading enterprise + base + household"),
    "association": ("科技特派员+专业协会（基地）+农户", "Correspondent + association or base + household"),
    "family_farm": ("科技特派员+家庭农场+农户", "Correspondent + family farm + household"),
}  # fmt: skip

CORRESPONDENT_LEVELS: Choices = {
    "province": ("省级", "Province"),
    "city": ("市级", "City"),
    "county": ("县级", "County"),
    "three_area": ("三区人才", "Three-area talent"),
}

SPECIALTIES: Choices = {
    "crop_cultivation": ("农作物栽培", "Crop cultivation"),
    "processing": ("农产品加工", "Processing of farm produce"),
    "machinery": ("农机", "Farm machinery"),
    "livestock": ("畜牧", "Livestock"),
    "horticulture": ("果蔬", "Fruit and vegetables"),
    "medicinal_plants": ("中药材", "Medicinal plants"),
}

ORGANISATION_KINDS: Choices = {
    "enterprise": ("企业", "Enterprise"),
    "cooperative": ("合作社", "Co-op"),
    "family_farm": ("家庭农场", "Family farm"),
    "association": ("专业协会", "Association"),
    "workstation": ("工作站", "Workstation"),
}

CROPS: Choices = {
    "wheat": ("小麦", "Wheat"),
    "maize": ("玉米", "Maize"),
    "soybean": ("大豆", "Soybean"),
    "peanut": ("花生", "Peanut"),
    "pear": ("酥梨", "Pear"),
    "apple": ("苹果", "Apple"),
    "grape": ("葡萄", "Grape"),
    "tomato": ("番茄", "Tomato"),
    "pepper": ("辣椒", "Pepper"),
    "medicinal_plants": ("中药材", "Medicinal plants"),
}

ROLES: Choices = {
    "correspondent": ("科技特派员", "Correspondent"),
    "county_office": ("县区科技局", "County office"),
    "park_manager": ("园区管理员", "Park manager"),
    "city_office": ("市科技局", "City office"),
    "auditor": ("审计员", "Auditor"),
    "administrator": ("系统管理员", "Administrator"),
}

RECORD_STATUSES: Choices = {
    "submitted": ("待审核", "To be reviewed"),
    "returned": ("已退回", "Returned"),
    "verified": ("已核实", "Verified"),
    "rejected": ("不通过", "Rejected"),
}

STATION_KINDS: Choices = {
    "park": ("农业园区", "Agricultural park"),
    "base": ("示范基地", "Demo base"),
}

_LISTS = (
    *(SERVICE_TYPES, SERVICE_MODES, CORRESPONDENT_LEVELS, SPECIALTIES, ORGANISATION_KINDS),
    *(CROPS, ROLES, RECORD_STATUSES, STATION_KINDS),
)
# Chinese label to English, so that a sentence that names choices can be translated.
ENGLISH_LABELS: Mapping[str, str] = {zh: en for codes in _LISTS for zh, en in codes.values()}


def code_label(choices: Choices, code: str, language: str) -> str:
    """What a person reads for a code; the code itself if the list does not hold it."""
    zh, en = choices.get(code, (code, code))
    return en if language == "en" else zh
