-- prepare --
-- For this transaction alone: keys are right by construction, so they are not looked up again;
-- chance starts at the seed and runs in one process, in order.
set local session_replication_role = replica;
set local max_parallel_workers_per_gather = 0;
set local work_mem = '256MB';
set local timezone = 'Asia/Shanghai';

-- start_chance --
-- Equal seeds give equal rows.
select setseed(%(seed)s::double precision / 2147483647);

-- create_scratch_id --
-- A UUIDv7 of a time in milliseconds, its other bits from a text.
create function pg_temp.scratch_id(ms bigint, text) returns uuid
    language sql immutable parallel safe
    as $$ select overlay(overlay(lpad(to_hex(ms), 12, '0') || left(md5($2), 20)
                                 placing '7' from 13) placing '8' from 17)::uuid $$;

-- create_subject_id --
-- The id of subject `number` of a kind; the year 2020 in its time bits.
create function pg_temp.subject_id(kind text, number bigint) returns uuid
    language sql immutable parallel safe
    as $$ select pg_temp.scratch_id(1600000000000, kind || number) $$;

-- create_person --
-- One correspondent for every 500 records, in the villages in turn; numbered from 0.
create temp table person on commit drop as
select n as number, pg_temp.subject_id('person', n) as id, v.code as village_code,
    left(v.code, 6) as county_code
from generate_series(0, greatest(10, %(count)s / 500) - 1) as n
join (
    select code, row_number() over (order by code) - 1 as place, count(*) over () as size
    from division where level = 'village' and left(code, 6) between '341302' and '341324'
) as v on v.place = (n * 37) %% v.size;

-- insert_people --
-- The roster, one city account without a password, and what they serve with: 200 households,
-- 20 technicians, 6 organisations and 4 catalogue items for each person; 60 bases in all.
with roster as (
    insert into correspondent (id, name, level, specialty, county_code)
    select id, '示例' || number,
        (array['county', 'county', 'county', 'city', 'three_area'])[1 + number %% 5],
        (array['crop_cultivation', 'livestock', 'machinery'])[1 + number %% 3], county_code
    from person
), villages as (
    insert into correspondent_village (correspondent_id, village_code)
    select id, village_code from person
), city as (
    insert into account (id, username, password_hash, display_name, role)
    values (pg_temp.subject_id('account', 0), 'city', '!', '市科技局(示例)', 'city_office')
), households as (
    insert into household (id, village_code, county_code, head_name)
    select pg_temp.subject_id('household', p.number * 200 + k), p.village_code, p.county_code,
        '示例' || p.number * 200 + k
    from person p, generate_series(0, 199) as k
), technicians as (
    insert into technician (id, name, village_code, county_code, birth_year)
    select pg_temp.subject_id('technician', p.number * 20 + k), '示例骨干' || p.number * 20 + k,
        p.village_code, p.county_code, 1960 + k
    from person p, generate_series(0, 19) as k
), organisations as (
    insert into organisation (id, name, kind, county_code)
    select pg_temp.subject_id('organisation', p.number * 6 + k), '示例' || p.number * 6 + k,
        (array['enterprise', 'cooperative', 'cooperative', 'family_farm'])[1 + k %% 4], p.county_code
    from person p, generate_series(0, 5) as k
), items as (
    insert into catalogue_item (id, kind, name)
    select pg_temp.subject_id('item', p.number * 4 + k),
        case when k = 3 then 'variety' else 'technology' end, '示例' || p.number * 4 + k
    from person p, generate_series(0, 3) as k
)
insert into station (id, code, kind, name_zh, name_en, county_code, grade)
select pg_temp.subject_id('station', n), 'base-' || n, 'base', '示例基地' || n, 'Base ' || n,
    '341302', 'city'
from generate_series(0, 59) as n;

-- create_draft --
-- One row for each record, in the order of time: who, when, which form, how it was decided, and
-- four numbers of chance (a to d) that its values are made of.
create temp table draft on commit drop as
select t.*, p.id as correspondent_id, p.county_code, p.village_code,
    pg_temp.scratch_id(extract(epoch from t.day)::bigint * 1000 + 64800000 + t.n %% 1000, 'record' || t.n)
        as id,
    case t.form when 'visit' then 1 + t.a %% 4 when 'training' then 3 + t.a %% 8
        when 'promotion' then t.a %% 4 when 'income' then 1 else 0 end as guests,
    p.number * 200 as first_household
from (
    select n, date '2021-01-01' + (n * 1826 / %(count)s)::integer as day,
        (random() * (greatest(10, %(count)s / 500) - 1))::integer as person,
        case when n %% 17000 = 0 then 'base' when form < 0.60 then 'visit'
            when form < 0.77 then 'promotion' when form < 0.91 then 'income'
            when form < 0.97 then 'technician' else 'training' end as form,
        case when status < 0.95 then 'verified' when status < 0.97 then 'submitted'
            when status < 0.985 then 'returned' else 'rejected' end as status,
        a, b, c, d
    from (
        select n, random() as form, random() as status, (random() * 999)::integer as a,
            (random() * 199)::integer as b, (random() * 999)::integer as c,
            (random() * 999)::integer as d
        from generate_series(0::bigint, %(count)s - 1) as n
    ) as chance
) as t
join person p on p.number = t.person;

-- insert_served_household --
-- The households of each record, all different within it.
insert into served_household (record_id, household_id, correspondent_id, county_code)
select d.id, pg_temp.subject_id('household', d.first_household + (d.b + k * 7) %% 200),
    d.correspondent_id, d.county_code
from draft d, generate_series(0, d.guests - 1) as k;

-- insert_assisted_organisation --
-- One visit in nine assists an organisation.
insert into assisted_organisation (record_id, organisation_id, correspondent_id, county_code)
select id, pg_temp.subject_id('organisation', person * 6 + c %% 6), correspondent_id, county_code
from draft where form = 'visit' and c %% 9 = 0;

-- insert_training_report --
-- Sessions; colleagues of one village and day may report the same.
insert into training_report (record_id, session_key, attendance, correspondent_id, county_code)
select id, day || '|' || village_code || '|示例培训' || c %% 10, 10 + a %% 20, correspondent_id,
    county_code
from draft where form = 'training';

-- insert_promoted_item --
-- Technologies and varieties, half of them the person's own, half anybody's.
insert into promoted_item (record_id, item_id, kind, area_mu, correspondent_id, county_code)
select id, pg_temp.subject_id('item', item), case when item %% 4 = 3 then 'variety' else 'technology' end,
    1 + d, correspondent_id, county_code
from (
    select *, case when d %% 2 = 0 then person * 4 + c %% 4
        else (c * 1000 + d) %% (greatest(10, %(count)s / 500) * 4) end as item
    from draft where form = 'promotion'
) as promotion;

-- insert_income_line --
-- Income lines, one in twenty without a baseline; the numbers are those of `insert_record`.
insert into income_line (
    record_id, household_id, year, product, gain_yuan, has_baseline, correspondent_id, county_code
)
select id, pg_temp.subject_id('household', first_household + b), extract(year from day),
    (array['wheat', 'maize', 'soybean', 'pear'])[1 + a %% 4],
    (1 + a %% 20) * ((400 + c) * 2.5 - 500)
        - case when d %% 20 = 0 then 0 else (1 + a %% 20) * (400 * 2.25 - 520) end,
    d %% 20 <> 0, correspondent_id, county_code
from draft where form = 'income';

-- insert_technician_training --
-- Backbone technicians, each trained several times.
insert into technician_training (record_id, technician_id, correspondent_id, county_code)
select id, pg_temp.subject_id('technician', person * 20 + c %% 20), correspondent_id, county_code
from draft where form = 'technician';

-- insert_base_establishment --
-- A base now and then.
insert into base_establishment (record_id, station_id, correspondent_id, county_code)
select id, pg_temp.subject_id('station', n / 17000 %% 60), correspondent_id, county_code
from draft where form = 'base';

-- insert_record --
-- The records with the values that the facts above were read from. The hash is over the values
-- as PostgreSQL writes them, not over the canonical form: nothing is ever pushed to this database.
insert into record (
    id, form, form_version, correspondent_id, county_code, village_code, occurred_on,
    service_mode, service_days, status, field_values, body_sha256, captured_at, received_at
)
select id, form, 1, correspondent_id, county_code, village_code, day, mode,
    coalesce((field_values ->> 'service_days')::numeric, 0), status, field_values,
    sha256(convert_to(field_values::text, 'UTF8')), day + interval '18 hours', day + interval '20 hours'
from (
    select *, jsonb_build_object('occurred_on', day, 'village', village_code, 'service_mode', mode)
        || case form
            when 'visit' then jsonb_build_object(
                'households', guest_ids, 'service_types', array['technical_guidance'],
                'organisations', case when c %% 9 = 0
                    then array[pg_temp.subject_id('organisation', person * 6 + c %% 6)]
                    else '{}' end,
                'service_days', 0.5 + c %% 3, 'summary', '示例走访内容')
            when 'training' then jsonb_build_object(
                'title', '示例培训' || c %% 10, 'attendance', 10 + a %% 20, 'households', guest_ids,
                'service_days', 1)
            when 'promotion' then jsonb_build_object(
                'item', (select item_id from promoted_item i where i.record_id = draft.id),
                'households', guest_ids, 'area_mu', 1 + d, 'service_days', 0.5)
            when 'income' then jsonb_build_object(
                'household', guest_ids[1],
                'product', (array['wheat', 'maize', 'soybean', 'pear'])[1 + a %% 4],
                'area_mu', 1 + a %% 20, 'yield_kg_per_mu', 400 + c, 'price_yuan_per_kg', 2.5,
                'cost_yuan_per_mu', 500) || case when d %% 20 = 0 then '{}' else jsonb_build_object(
                'baseline_year', 2020, 'baseline_area_mu', 1 + a %% 20,
                'baseline_yield_kg_per_mu', 400, 'baseline_price_yuan_per_kg', 2.25,
                'baseline_cost_yuan_per_mu', 520) end
            when 'technician' then jsonb_build_object(
                'person_name', '示例骨干' || person * 20 + c %% 20, 'birth_year', 1960 + c %% 20,
                'specialty', 'crop_cultivation')
            else jsonb_build_object('station', pg_temp.subject_id('station', n / 17000 %% 60))
        end as field_values
    from (
        select *, (array['enterprise', 'association', 'family_farm'])[1 + d %% 3] as mode, array(
            select pg_temp.subject_id('household', first_household + (b + k * 7) %% 200)
            from generate_series(0, guests - 1) as k) as guest_ids
        from draft
        order by n
    ) as draft
    -- A fence: values used three times above are built once.
    offset 0
) as filled;
