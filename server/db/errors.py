"""What a database error means for one record: by SQLSTATE and constraint name, not by text."""

from collections.abc import Mapping

import psycopg

from contracts.problems import FieldProblem

# Foreign keys whose target may vanish between our look and our write.
_FIELDS: Mapping[str, tuple[str, str]] = {
    "record_village_code_fkey": ("village", "not_known"),
    "record_county_code_fkey": ("village", "not_known"),
    "served_household_household_id_fkey": ("households", "not_known"),
    "assisted_organisation_organisation_id_fkey": ("organisations", "not_known"),
    "promoted_item_item_id_fkey": ("item", "not_known"),
    "income_line_household_id_fkey": ("household", "not_known"),
    "base_establishment_station_id_fkey": ("station", "not_known"),
    "organisation_name_unique": ("name", "repeated"),
    "catalogue_item_name_unique": ("name", "repeated"),
    "account_username_unique": ("username", "repeated"),
    "account_correspondent_unique": ("correspondent", "repeated"),
    "correspondent_village_village_code_fkey": ("village", "not_known"),
}


def field_problem(error: psycopg.Error) -> FieldProblem:
    """The field that the database refused, or `values` as a whole with the code it gave."""
    constraint = error.diag.constraint_name or ""
    if constraint in _FIELDS:
        field, code = _FIELDS[constraint]
        return FieldProblem(field, code)
    return FieldProblem("values", "not_stored", constraint or error.sqlstate or "?")
