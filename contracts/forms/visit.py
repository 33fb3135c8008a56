"""A visit to households or organisations."""

from typing import Annotated, ClassVar

from contracts.codes import SERVICE_TYPES
from contracts.forms.field import labelled
from contracts.forms.filled_form import FilledForm, Households, Mode


class Visit(FilledForm):
    """走访服务: counts its households, its organisations and its service days."""

    NAME: ClassVar[str] = "visit"
    TITLE: ClassVar[tuple[str, str]] = ("走访服务", "Visit")
    ICON: ClassVar[str] = "walk"
    ONE_OF: ClassVar[tuple[tuple[str, ...], ...]] = (("households", "organisations"),)

    households: Households
    organisations: Annotated[
        list[str],
        labelled("帮扶主体", "Organisations assisted", "organisations", item_format="uuid", max_length=20, default_factory=list),
    ]  # fmt: skip
    service_types: Annotated[
        list[str],
        labelled("服务内容", "Kinds of service", "choices", choices=SERVICE_TYPES, min_length=1, max_length=8),
    ]  # fmt: skip
    service_mode: Mode
    service_days: Annotated[
        float,
        labelled("服务天数", "Service days", "number", ge=0.25, le=30, unit=("天", "days")),
    ]
    summary: Annotated[
        str,
        labelled("工作内容", "What was done", "long_text", min_length=4, max_length=2000),
    ]
