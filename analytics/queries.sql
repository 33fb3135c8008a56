-- hold_snapshot --
-- All frames of an export see the same moment, and nothing is written.
set transaction isolation level repeatable read, read only;

-- division --
-- Every division: code, name, level.
select code, name, level from division order by code;

-- correspondent --
-- Every correspondent: id, level, specialty.
select id::text as correspondent_id, level, specialty from correspondent;

-- record --
-- Every record, whatever its status; days of service in hundredths of a day.
select id::text as record_id, correspondent_id::text as correspondent_id, village_code,
       occurred_on::text as occurred_on, coalesce(service_mode, '') as service_mode,
       (service_days * 100)::bigint as service_centidays, status
from record;

-- served_household --
-- Which household a record served.
select record_id::text as record_id, household_id::text as household_id from served_household;

-- assisted_organisation --
-- Which organisation a record assisted, and its kind.
select a.record_id::text as record_id, a.organisation_id::text as organisation_id, o.kind
from assisted_organisation a join organisation o on o.id = a.organisation_id;

-- training_report --
-- Which session a record reports, and how many people came.
select record_id::text as record_id, session_key, attendance from training_report;

-- promoted_item --
-- Which technology or variety a record promoted.
select record_id::text as record_id, item_id::text as item_id, kind from promoted_item;

-- income_line --
-- What a household gained from a product in a year, in hundredths of a yuan.
select record_id::text as record_id, household_id::text as household_id, year, product,
       (gain_yuan * 100)::bigint as gain_fen, has_baseline
from income_line;

-- technician_training --
-- Which technician a record says was trained.
select record_id::text as record_id, technician_id::text as technician_id from technician_training;

-- base_establishment --
-- Which base a record says was established.
select record_id::text as record_id, station_id::text as station_id from base_establishment;
