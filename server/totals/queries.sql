-- hurry_count --
-- For this transaction: memory for hashing a million rows, costs of pages that are in memory, and
-- workers where tables are large (to start one takes as long as to count a small table).
-- Measured with `./tepai bench totals`.
select set_config('work_mem', '192MB', true),
       set_config('hash_mem_multiplier', '2', true),
       set_config('max_parallel_workers_per_gather', '2', true),
       set_config('parallel_setup_cost', '200', true),
       set_config('parallel_tuple_cost', '0.005', true),
       set_config('min_parallel_table_scan_size', '64MB', true),
       set_config('min_parallel_index_scan_size', '32MB', true),
       set_config('random_page_cost', '1.1', true),
       set_config('jit', 'off', true);

-- count_indicators --
-- One row (part, measure, value) per part and measure, all from one snapshot; parts without
-- records have no row. `select distinct` below an aggregate hashes in parallel,
-- count(distinct ...) would sort alone.
with scope as not materialized (
    select * from verified_record(
        %(first)s::date, %(last)s::date, %(prefix)s::text, %(correspondent)s::uuid,
        %(level)s::text, %(specialty)s::text, %(mode)s::text, %(by)s::text)
)
select part, 'households_led' as measure, count(*)::numeric as value
from (select distinct s.part, f.household_id
      from scope s join served_household f on f.record_id = s.id) led
group by part
union all
select part, m.measure, m.value
from (select part,
             count(distinct item_id) filter (where kind = 'technology') as technologies,
             count(*) filter (where kind = 'technology') as technology_pairs,
             count(distinct item_id) filter (where kind = 'variety') as varieties,
             count(*) filter (where kind = 'variety') as variety_pairs
      from (select distinct s.part, f.kind, f.item_id, s.correspondent_id
            from scope s join promoted_item f on f.record_id = s.id) pair
      group by part) promoted
cross join lateral (values
    ('technologies_promoted', technologies::numeric), ('technology_promotions', technology_pairs),
    ('varieties_introduced', varieties), ('variety_introductions', variety_pairs)) m(measure, value)
union all
select part, 'demo_bases_built', count(*)
from (select distinct s.part, f.station_id
      from scope s join base_establishment f on f.record_id = s.id) built
group by part
union all
select part, m.measure, m.value
from (select part, count(*)::numeric as sessions, sum(attendance) as person_times
      from (select s.part, f.session_key, max(f.attendance) as attendance
            from scope s join training_report f on f.record_id = s.id
            group by s.part, f.session_key) held
      group by part) trained
cross join lateral (values
    ('training_sessions', sessions), ('trainee_person_times', person_times)) m(measure, value)
union all
select part, 'organisations_assisted', count(*)
from (select distinct s.part, f.organisation_id
      from scope s join assisted_organisation f on f.record_id = s.id
      join organisation_kind k on k.id = f.organisation_id
      where k.kind in ('enterprise', 'cooperative')) assisted
group by part
union all
select part, 'technicians_trained', count(*)
from (select distinct s.part, f.technician_id
      from scope s join technician_training f on f.record_id = s.id) trained
group by part
union all
select part, m.measure, m.value
from (select part,
             coalesce(sum(gain_yuan) filter (where has_baseline), 0) as gain,
             coalesce(sum(gain_yuan) filter (where not has_baseline), 0) as estimated
      from (select distinct on (s.part, f.household_id, f.year, f.product)
                   s.part, f.gain_yuan, f.has_baseline
            from scope s join income_line f on f.record_id = s.id
            order by s.part, f.household_id, f.year, f.product,
                     f.has_baseline desc, s.occurred_on desc, s.id desc) line
      group by part) gained
cross join lateral (values
    ('household_income_gain_yuan', gain), ('household_income_gain_estimated_yuan', estimated)
    ) m(measure, value)
union all
select part, m.measure, m.value
from (select part,
             count(distinct correspondent_id)::numeric as correspondents,
             count(distinct village_code) as villages,
             sum(days) as days, sum(records) as records
      from (select part, correspondent_id, village_code,
                   sum(service_days) as days, count(*) as records
            from scope group by part, correspondent_id, village_code) visited
      group by part) beside
cross join lateral (values
    ('correspondents', correspondents), ('villages', villages),
    ('service_days', days), ('records', records)) m(measure, value);

-- select_division --
-- One division by code: code, name, level, parent_code.
select code, name, level, parent_code from division where code = %(code)s;

-- select_divisions_under --
-- The divisions directly under one, in order of their codes.
select code, name, level, parent_code from division where parent_code = %(code)s order by code;

-- select_city --
-- The one division that lies in no other.
select code, name, level, parent_code from division where level = 'city' order by code limit 1;

-- count_villages --
-- How many villages a division has, by the prefix of their codes ('' for all).
select count(*) as villages from division
where level = 'village'
  and (%(prefix)s::text = '' or code >= %(prefix)s::text and code < %(prefix)s::text || ':');

-- select_span --
-- First and last day with a verified record that the actor may see; nulls if there is none.
select min(occurred_on) as first, max(occurred_on) as last from record where status = 'verified';

-- select_division_names --
-- code and name of the divisions asked for.
select code, name from division where code = any(%(codes)s::text[]);

-- select_correspondent_names --
-- id (as text) and name of those asked for whom the actor may see.
select id::text as code, name from correspondent where id = any(%(codes)s::uuid[]);

-- select_correspondents --
-- Whom the actor may choose: id, name, county, in order of county and name.
select c.id, c.name, d.name as county
from correspondent c join division d on d.code = c.county_code
order by c.county_code, c.name;

-- select_plan --
-- Targets of a division and what was reported last: one row per indicator and target year.
select t.indicator, t.year as target_year, t.value as target, t.unit, t.name_zh, t.name_en,
       r.year as reported_year, r.value as reported, r.source
from target t
left join lateral (
    select year, value, source from reported_figure f
    where f.indicator = t.indicator and f.division_code = t.division_code
    order by year desc limit 1) r on true
where t.division_code = %(code)s
order by t.indicator, t.year;
