"""The forms as pydantic models; the phone reads the catalogue generated from them."""

from collections.abc import Mapping

from contracts.forms.base import Base
from contracts.forms.filled_form import FilledForm
from contracts.forms.income import Income
from contracts.forms.promotion import Promotion
from contracts.forms.technician import Technician
from contracts.forms.training import Training
from contracts.forms.visit import Visit

__all__ = [
    "FORMS",
    "Base",
    "FilledForm",
    "Income",
    "Promotion",
    "Technician",
    "Training",
    "Visit",
]

FORMS: Mapping[str, type[FilledForm]] = {
    form.NAME: form for form in (Visit, Training, Promotion, Income, Technician, Base)
}
