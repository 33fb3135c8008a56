-- has_correspondents --
-- Whether anybody is in the roster: a database with people in it is never seeded again.
select exists (select from correspondent);

-- copy_division --
-- Divisions, parents before children.
copy division (code, name, level, parent_code) from stdin;

-- copy_station --
-- Parks and bases.
copy station (id, code, kind, name_zh, name_en, county_code, grade, longitude, latitude) from stdin;

-- copy_device --
-- What posts readings.
copy device (id, station_id, code, name_zh, name_en, report_interval_s) from stdin;

-- copy_sensor --
-- Sensors; the database numbers them.
copy sensor (device_id, code, quantity, position_m, label_zh, label_en) from stdin;

-- copy_correspondent --
-- The roster.
copy correspondent (id, name, level, specialty, county_code) from stdin;

-- copy_correspondent_village --
-- Who serves which village.
copy correspondent_village (correspondent_id, village_code) from stdin;

-- copy_account --
-- The demo logins.
copy account (id, username, password_hash, display_name, role, county_code, correspondent_id)
from stdin;

-- copy_station_manager --
-- What the park manager looks after.
copy station_manager (account_id, station_id) from stdin;

-- copy_household --
-- The register of households.
copy household (id, village_code, county_code, head_name) from stdin;

-- copy_organisation --
-- The register of organisations.
copy organisation (id, name, kind, county_code) from stdin;

-- copy_catalogue_item --
-- Technologies and varieties.
copy catalogue_item (id, kind, name, crop) from stdin;

-- copy_technician --
-- Backbone technicians.
copy technician (id, name, village_code, county_code, birth_year) from stdin;

-- copy_record --
-- Records in their present version.
copy record (
    id, form, form_version, correspondent_id, county_code, village_code, occurred_on,
    service_mode, service_days, status, revision, field_values, body_sha256, captured_at,
    received_at
) from stdin;

-- copy_record_revision --
-- The versions that records had before.
copy record_revision (
    record_id, revision, correspondent_id, county_code, field_values, body_sha256, captured_at,
    received_at
) from stdin;

-- copy_review --
-- What the county offices decided.
copy review (
    id, record_id, revision, correspondent_id, county_code, decision, reason, fields,
    reviewer_id, reviewed_at
) from stdin;

-- copy_served_household --
-- Facts: households served.
copy served_household (record_id, household_id, correspondent_id, county_code) from stdin;

-- copy_assisted_organisation --
-- Facts: organisations assisted.
copy assisted_organisation (record_id, organisation_id, correspondent_id, county_code) from stdin;

-- copy_training_report --
-- Facts: reports of sessions.
copy training_report (record_id, session_key, attendance, correspondent_id, county_code)
from stdin;

-- copy_promoted_item --
-- Facts: technologies and varieties promoted.
copy promoted_item (record_id, item_id, kind, area_mu, correspondent_id, county_code) from stdin;

-- copy_income_line --
-- Facts: income lines.
copy income_line (
    record_id, household_id, year, product, gain_yuan, has_baseline, correspondent_id, county_code
) from stdin;

-- copy_technician_training --
-- Facts: technicians trained.
copy technician_training (record_id, technician_id, correspondent_id, county_code) from stdin;

-- copy_base_establishment --
-- Facts: bases established.
copy base_establishment (record_id, station_id, correspondent_id, county_code) from stdin;

-- insert_target --
-- One target of the plan.
insert into target (indicator, division_code, year, value, unit, name_zh, name_en)
values (%(indicator)s, %(division_code)s, %(year)s, %(value)s, %(unit)s, %(name_zh)s, %(name_en)s);

-- insert_reported_figure --
-- One figure that the plan itself reports.
insert into reported_figure (indicator, division_code, year, value, source)
values (%(indicator)s, %(division_code)s, %(year)s, %(value)s, %(source)s);

-- analyze --
-- Statistics for the planner, which would otherwise guess until the autovacuum comes by.
analyze;
