import pytest

from contracts.quantities import QUANTITIES, accepted_units, to_canonical


@pytest.mark.parametrize(
    ("key", "value", "unit", "canonical"),
    [
        ("air_temperature", 68.0, "[degF]", 20.0),
        ("air_temperature", 293.15, "K", 20.0),
        ("air_temperature", 20.0, None, 20.0),
        ("soil_moisture", 0.35, "m3/m3", 35.0),
        ("soil_conductivity", 1.5, "dS/m", 1500.0),
        ("soil_conductivity", 0.15, "S/m", 1500.0),
        ("wind_speed", 36.0, "km/h", 10.0),
        ("rainfall", 1.0, "[in_i]", 25.4),
        ("air_pressure", 760.0, "mm[Hg]", 1013.2472),
        ("air_pressure", 30.0, "[in_i'Hg]", 1015.91364),
    ],
)
def test_a_value_arrives_in_the_canonical_unit(
    key: str, value: float, unit: str | None, canonical: float
) -> None:
    assert to_canonical(QUANTITIES[key], value, unit) == pytest.approx(canonical, abs=1e-9)


@pytest.mark.parametrize("unit", ["ms/cm", "us/cm", "C", "Cel", ""])
def test_a_unit_of_another_dimension_is_refused_naming_the_right_ones(unit: str) -> None:
    with pytest.raises(ValueError, match=r"uS/cm, dS/m"):
        to_canonical(QUANTITIES["soil_conductivity"], 1.0, unit)


def test_every_quantity_is_complete() -> None:
    for key, quantity in QUANTITIES.items():
        assert quantity.key == key
        assert quantity.valid[0] < quantity.valid[1]
        assert quantity.daily in ("mean", "sum")
        assert all((quantity.zh, quantity.en, quantity.source))
        assert accepted_units(quantity)[0] == quantity.unit
