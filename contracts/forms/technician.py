"""A backbone technician trained."""

from typing import Annotated, ClassVar

from contracts.codes import SPECIALTIES
from contracts.forms.field import labelled
from contracts.forms.filled_form import FilledForm, Mode


class Technician(FilledForm):
    """培养骨干: counts the person once; village, name and year of birth tell people apart."""

    NAME: ClassVar[str] = "technician"
    TITLE: ClassVar[tuple[str, str]] = ("培养技术骨干", "Technician trained")
    ICON: ClassVar[str] = "account-school"

    person_name: Annotated[
        str, labelled("骨干姓名", "Technician's name", "text", min_length=2, max_length=40)
    ]
    birth_year: Annotated[int, labelled("出生年份", "Year of birth", "number", ge=1930, le=2015)]
    specialty: Annotated[str, labelled("专业", "Specialty", "choice", choices=SPECIALTIES)]
    service_mode: Mode
