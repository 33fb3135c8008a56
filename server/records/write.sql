-- insert_record --
-- A record sent for the first time.
insert into record (
    id, form, form_version, correspondent_id, county_code, village_code, occurred_on,
    service_mode, service_days, revision, field_values, body_sha256, captured_at
) values (
    %(id)s, %(form)s, %(form_version)s, %(correspondent_id)s, %(county_code)s, %(village_code)s,
    %(occurred_on)s, %(service_mode)s, %(service_days)s, %(revision)s, %(field_values)s,
    %(body_sha256)s, %(captured_at)s
);

-- insert_record_revision --
-- Keeps the present version of a returned record as history.
insert into record_revision (
    record_id, revision, correspondent_id, county_code, field_values, body_sha256, captured_at,
    received_at
)
select id, revision, correspondent_id, county_code, field_values, body_sha256, captured_at, received_at
from record
where id = %(id)s and status = 'returned' and revision = %(revision)s::integer - 1;

-- update_returned_record --
-- The corrected version takes the place of the returned one; no row if it was overtaken.
update record set
    form_version = %(form_version)s, county_code = %(county_code)s,
    village_code = %(village_code)s, occurred_on = %(occurred_on)s,
    service_mode = %(service_mode)s, service_days = %(service_days)s, status = 'submitted',
    revision = %(revision)s, field_values = %(field_values)s, body_sha256 = %(body_sha256)s,
    captured_at = %(captured_at)s, received_at = now()
where id = %(id)s and status = 'returned' and revision = %(revision)s::integer - 1
  and form = %(form)s and correspondent_id = %(correspondent_id)s;

-- insert_served_households --
-- The households served through a record; one named twice counts once.
insert into served_household (record_id, household_id, correspondent_id, county_code)
select %(record_id)s, household, %(correspondent_id)s, %(county_code)s
from (select distinct unnest(%(households)s::uuid[]) as household) named;

-- insert_assisted_organisations --
-- The organisations assisted through a record.
insert into assisted_organisation (record_id, organisation_id, correspondent_id, county_code)
select %(record_id)s, organisation, %(correspondent_id)s, %(county_code)s
from (select distinct unnest(%(organisations)s::uuid[]) as organisation) named;

-- insert_training_report --
-- One report of a training session.
insert into training_report (record_id, session_key, attendance, correspondent_id, county_code)
values (%(record_id)s, %(session_key)s, %(attendance)s, %(correspondent_id)s, %(county_code)s);

-- insert_promoted_item --
-- The item promoted, with its kind from the catalogue.
insert into promoted_item (record_id, item_id, kind, area_mu, correspondent_id, county_code)
select %(record_id)s, i.id, i.kind, %(area_mu)s, %(correspondent_id)s, %(county_code)s
from catalogue_item i where i.id = %(item_id)s;

-- insert_income_line --
-- What the household gained.
insert into income_line (
    record_id, household_id, year, product, gain_yuan, has_baseline, correspondent_id, county_code
) values (
    %(record_id)s, %(household_id)s, %(year)s, %(product)s, %(gain_yuan)s, %(has_baseline)s,
    %(correspondent_id)s, %(county_code)s
);

-- insert_technician --
-- The person, unless known already.
insert into technician (id, name, village_code, county_code, birth_year)
values (gen_random_uuid(), %(name)s, %(village_code)s, %(county_code)s, %(birth_year)s)
on conflict on constraint technician_person_unique do nothing;

-- insert_technician_training --
-- That the person was trained; looked up anew, as another push may have written the person.
insert into technician_training (record_id, technician_id, correspondent_id, county_code)
select %(record_id)s, t.id, %(correspondent_id)s, %(county_code)s
from technician t
where t.village_code = %(village_code)s and t.name = %(name)s and t.birth_year = %(birth_year)s;

-- insert_base_establishment --
-- The base established.
insert into base_establishment (record_id, station_id, correspondent_id, county_code)
values (%(record_id)s, %(station_id)s, %(correspondent_id)s, %(county_code)s);

-- delete_served_household --
-- Facts of a superseded version.
delete from served_household where record_id = %(record_id)s;

-- delete_assisted_organisation --
-- Facts of a superseded version.
delete from assisted_organisation where record_id = %(record_id)s;

-- delete_training_report --
-- Facts of a superseded version.
delete from training_report where record_id = %(record_id)s;

-- delete_promoted_item --
-- Facts of a superseded version.
delete from promoted_item where record_id = %(record_id)s;

-- delete_income_line --
-- Facts of a superseded version.
delete from income_line where record_id = %(record_id)s;

-- delete_technician_training --
-- Facts of a superseded version.
delete from technician_training where record_id = %(record_id)s;

-- delete_base_establishment --
-- Facts of a superseded version.
delete from base_establishment where record_id = %(record_id)s;

-- insert_record_audit_line --
-- The audit line of one record, in the transaction that writes it.
insert into audit_line (actor_id, action, subject_kind, subject_id, detail)
values (%(actor_id)s, %(action)s, 'record', %(record_id)s, %(detail)s);
