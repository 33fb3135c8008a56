"""A training session."""

from typing import Annotated, ClassVar

from contracts.forms.field import labelled
from contracts.forms.filled_form import FilledForm, Households, Mode


class Training(FilledForm):
    """培训: counts one session and its attendance, however many teachers report it."""

    NAME: ClassVar[str] = "training"
    TITLE: ClassVar[tuple[str, str]] = ("培训", "Training")
    ICON: ClassVar[str] = "school"

    title: Annotated[str, labelled("培训主题", "Subject", "text", min_length=2, max_length=120)]
    session_code: Annotated[
        str | None,
        labelled("场次编号", "Session code", "text", max_length=20, default=None,
                 hint=("几人合讲一场时，各人填同一个编号，只算一场", "When several teach one session, all give the same code: it counts once")),
    ]  # fmt: skip
    attendance: Annotated[
        int,
        labelled("到场人数", "Attendance", "number", ge=1, le=2000, unit=("人次", "person-times")),
    ]
    households: Households
    service_mode: Mode
    service_days: Annotated[
        float,
        labelled("服务天数", "Service days", "number", ge=0.25, le=30, unit=("天", "days")),
    ]
