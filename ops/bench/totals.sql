-- vacuum_all --
-- What autovacuum does in a while: pages marked all-visible, statistics gathered.
vacuum (analyze) record, served_household, assisted_organisation, training_report, promoted_item,
    income_line, technician_training, base_establishment, organisation, correspondent;

-- select_size --
-- How many records there are, whatever their status.
select count(*) as records from record;

-- copy_record --
-- Every record with the columns that totals read.
copy (select id, correspondent_id, village_code, occurred_on, service_days, status from record)
    to stdout with (format csv, header);

-- copy_served_household --
-- Served households.
copy (select record_id, household_id from served_household) to stdout with (format csv, header);

-- copy_assisted_organisation --
-- Assisted organisations with their kind.
copy (select a.record_id, a.organisation_id, o.kind
      from assisted_organisation a join organisation o on o.id = a.organisation_id)
    to stdout with (format csv, header);

-- copy_training_report --
-- Reports of trainings.
copy (select record_id, session_key, attendance from training_report)
    to stdout with (format csv, header);

-- copy_promoted_item --
-- Promoted items.
copy (select record_id, item_id, kind from promoted_item) to stdout with (format csv, header);

-- copy_income_line --
-- Income lines.
copy (select record_id, household_id, year, product, gain_yuan, has_baseline from income_line)
    to stdout with (format csv, header);

-- copy_technician_training --
-- Technicians trained.
copy (select record_id, technician_id from technician_training) to stdout with (format csv, header);

-- copy_base_establishment --
-- Bases established.
copy (select record_id, station_id from base_establishment) to stdout with (format csv, header);

-- create_tables --
-- DuckDB: the same tables, natively typed.
create table record (
    id uuid, correspondent_id uuid, village_code varchar, occurred_on date,
    service_days decimal(6, 2), status varchar);
create table served_household (record_id uuid, household_id uuid);
create table assisted_organisation (record_id uuid, organisation_id uuid, kind varchar);
create table training_report (record_id uuid, session_key varchar, attendance integer);
create table promoted_item (record_id uuid, item_id uuid, kind varchar);
create table income_line (
    record_id uuid, household_id uuid, year integer, product varchar,
    gain_yuan decimal(14, 2), has_baseline boolean);
create table technician_training (record_id uuid, technician_id uuid);
create table base_establishment (record_id uuid, station_id uuid);

-- load_csv --
-- DuckDB: one table from its file; {table} is one of our own names.
insert into {table} select * from read_csv($path, header = true, all_varchar = true);

-- count_in_duckdb --
-- DuckDB: the same figures over the same rows, written by hand for it; one row.
with scope as materialized (
    select id, correspondent_id, village_code, occurred_on, service_days
    from record
    where status = 'verified' and occurred_on between $first and $last
),
item as (
    select f.kind, f.item_id, s.correspondent_id
    from promoted_item f join scope s on s.id = f.record_id
    group by all
),
held as (
    select f.session_key, max(f.attendance) as attendance
    from training_report f join scope s on s.id = f.record_id
    group by f.session_key
),
line as (
    select f.has_baseline, f.gain_yuan,
           row_number() over (
               partition by f.household_id, f.year, f.product
               order by f.has_baseline desc, s.occurred_on desc, s.id desc) as place
    from income_line f join scope s on s.id = f.record_id
)
select
    (select count(distinct f.household_id)
     from served_household f join scope s on s.id = f.record_id) as households_led,
    (select count(distinct item_id) from item where kind = 'technology') as technologies_promoted,
    (select count(distinct item_id) from item where kind = 'variety') as varieties_introduced,
    (select count(distinct f.station_id)
     from base_establishment f join scope s on s.id = f.record_id) as demo_bases_built,
    (select count(*) from held) as training_sessions,
    (select coalesce(sum(attendance), 0) from held) as trainee_person_times,
    (select count(distinct f.organisation_id)
     from assisted_organisation f join scope s on s.id = f.record_id
     where f.kind in ('enterprise', 'cooperative')) as organisations_assisted,
    (select count(distinct f.technician_id)
     from technician_training f join scope s on s.id = f.record_id) as technicians_trained,
    (select coalesce(sum(gain_yuan), 0) from line
     where place = 1 and has_baseline) as household_income_gain_yuan,
    (select coalesce(sum(gain_yuan), 0) from line
     where place = 1 and not has_baseline) as household_income_gain_estimated_yuan,
    (select count(*) from item where kind = 'technology') as technology_promotions,
    (select count(*) from item where kind = 'variety') as variety_introductions,
    (select count(distinct correspondent_id) from scope) as correspondents,
    (select count(distinct village_code) from scope) as villages,
    (select coalesce(sum(service_days), 0) from scope) as service_days,
    (select count(*) from scope) as records;
