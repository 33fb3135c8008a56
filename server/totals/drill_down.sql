-- household_lines --
-- A line per record and household it served, newest first. standing says whether the line makes
-- the figure ('counted': the first service to that household in scope) or is a 'repeat'; lines is
-- the number of all lines that pass the filter of standing. Names are null where the actor may
-- not see the person or place.
with line as (
    select s.id, s.occurred_on, s.village_code, s.correspondent_id,
           f.household_id::text as subject_id, 1::numeric as amount,
           case when row_number() over (partition by f.household_id order by s.occurred_on, s.id) = 1
                then 'counted' else 'repeat' end as standing
    from verified_record(
        %(first)s::date, %(last)s::date, %(prefix)s::text, %(correspondent)s::uuid,
        %(level)s::text, %(specialty)s::text, %(mode)s::text, null) s
    join served_household f on f.record_id = s.id
), page as (
    select line.*, count(*) over () as lines from line
    where %(standing)s::text is null or standing = %(standing)s::text
    order by occurred_on desc, id desc, subject_id
    limit %(limit)s offset %(offset)s
)
select p.id as record_id, p.occurred_on, p.correspondent_id, c.name as correspondent,
       p.village_code, v.name as village, h.head_name as subject, p.amount, p.standing, p.lines
from page p
left join correspondent c on c.id = p.correspondent_id
left join division v on v.code = p.village_code
left join household h on h.id = p.subject_id::uuid
order by p.occurred_on desc, p.id desc, p.subject_id;

-- item_lines --
-- A line per record that promoted an item of the kind; the first one of an item counts.
-- Columns as in household_lines.
with line as (
    select s.id, s.occurred_on, s.village_code, s.correspondent_id,
           f.item_id::text as subject_id, 1::numeric as amount,
           case when row_number() over (partition by f.item_id order by s.occurred_on, s.id) = 1
                then 'counted' else 'repeat' end as standing
    from verified_record(
        %(first)s::date, %(last)s::date, %(prefix)s::text, %(correspondent)s::uuid,
        %(level)s::text, %(specialty)s::text, %(mode)s::text, null) s
    join promoted_item f on f.record_id = s.id
    where f.kind = %(kind)s::text
), page as (
    select line.*, count(*) over () as lines from line
    where %(standing)s::text is null or standing = %(standing)s::text
    order by occurred_on desc, id desc, subject_id
    limit %(limit)s offset %(offset)s
)
select p.id as record_id, p.occurred_on, p.correspondent_id, c.name as correspondent,
       p.village_code, v.name as village, i.name as subject, p.amount, p.standing, p.lines
from page p
left join correspondent c on c.id = p.correspondent_id
left join division v on v.code = p.village_code
left join catalogue_item i on i.id = p.subject_id::uuid
order by p.occurred_on desc, p.id desc, p.subject_id;

-- base_lines --
-- A line per record of a base established; the first one of a base counts.
-- Columns as in household_lines.
with line as (
    select s.id, s.occurred_on, s.village_code, s.correspondent_id,
           f.station_id::text as subject_id, 1::numeric as amount,
           case when row_number() over (partition by f.station_id order by s.occurred_on, s.id) = 1
                then 'counted' else 'repeat' end as standing
    from verified_record(
        %(first)s::date, %(last)s::date, %(prefix)s::text, %(correspondent)s::uuid,
        %(level)s::text, %(specialty)s::text, %(mode)s::text, null) s
    join base_establishment f on f.record_id = s.id
), page as (
    select line.*, count(*) over () as lines from line
    where %(standing)s::text is null or standing = %(standing)s::text
    order by occurred_on desc, id desc, subject_id
    limit %(limit)s offset %(offset)s
)
select p.id as record_id, p.occurred_on, p.correspondent_id, c.name as correspondent,
       p.village_code, v.name as village, case when %(language)s::text = 'en' then b.name_en else b.name_zh end as subject, p.amount, p.standing, p.lines
from page p
left join correspondent c on c.id = p.correspondent_id
left join division v on v.code = p.village_code
left join station b on b.id = p.subject_id::uuid
order by p.occurred_on desc, p.id desc, p.subject_id;

-- session_lines --
-- A line per report of a training; of one session the report with the greatest attendance counts.
-- amount is that report's attendance. Columns as in household_lines.
with line as (
    select s.id, s.occurred_on, s.village_code, s.correspondent_id,
           f.session_key as subject_id, f.attendance::numeric as amount,
           case when row_number() over (partition by f.session_key
                    order by f.attendance desc, s.occurred_on, s.id) = 1
                then 'counted' else 'repeat' end as standing
    from verified_record(
        %(first)s::date, %(last)s::date, %(prefix)s::text, %(correspondent)s::uuid,
        %(level)s::text, %(specialty)s::text, %(mode)s::text, null) s
    join training_report f on f.record_id = s.id
), page as (
    select line.*, count(*) over () as lines from line
    where %(standing)s::text is null or standing = %(standing)s::text
    order by occurred_on desc, id desc, subject_id
    limit %(limit)s offset %(offset)s
)
select p.id as record_id, p.occurred_on, p.correspondent_id, c.name as correspondent,
       p.village_code, v.name as village, r.field_values ->> 'title' as subject, p.amount, p.standing, p.lines
from page p
left join correspondent c on c.id = p.correspondent_id
left join division v on v.code = p.village_code
left join record r on r.id = p.id
order by p.occurred_on desc, p.id desc, p.subject_id;

-- organisation_lines --
-- A line per record and enterprise or co-op it assisted; the first one of each counts.
-- Columns as in household_lines.
with line as (
    select s.id, s.occurred_on, s.village_code, s.correspondent_id,
           f.organisation_id::text as subject_id, 1::numeric as amount,
           case when row_number() over (partition by f.organisation_id order by s.occurred_on, s.id) = 1
                then 'counted' else 'repeat' end as standing
    from verified_record(
        %(first)s::date, %(last)s::date, %(prefix)s::text, %(correspondent)s::uuid,
        %(level)s::text, %(specialty)s::text, %(mode)s::text, null) s
    join assisted_organisation f on f.record_id = s.id
    join organisation_kind k on k.id = f.organisation_id
    where k.kind in ('enterprise', 'cooperative')
), page as (
    select line.*, count(*) over () as lines from line
    where %(standing)s::text is null or standing = %(standing)s::text
    order by occurred_on desc, id desc, subject_id
    limit %(limit)s offset %(offset)s
)
select p.id as record_id, p.occurred_on, p.correspondent_id, c.name as correspondent,
       p.village_code, v.name as village, o.name as subject, p.amount, p.standing, p.lines
from page p
left join correspondent c on c.id = p.correspondent_id
left join division v on v.code = p.village_code
left join organisation o on o.id = p.subject_id::uuid
order by p.occurred_on desc, p.id desc, p.subject_id;

-- technician_lines --
-- A line per record of a technician trained; the first one of a person counts.
-- Columns as in household_lines.
with line as (
    select s.id, s.occurred_on, s.village_code, s.correspondent_id,
           f.technician_id::text as subject_id, 1::numeric as amount,
           case when row_number() over (partition by f.technician_id order by s.occurred_on, s.id) = 1
                then 'counted' else 'repeat' end as standing
    from verified_record(
        %(first)s::date, %(last)s::date, %(prefix)s::text, %(correspondent)s::uuid,
        %(level)s::text, %(specialty)s::text, %(mode)s::text, null) s
    join technician_training f on f.record_id = s.id
), page as (
    select line.*, count(*) over () as lines from line
    where %(standing)s::text is null or standing = %(standing)s::text
    order by occurred_on desc, id desc, subject_id
    limit %(limit)s offset %(offset)s
)
select p.id as record_id, p.occurred_on, p.correspondent_id, c.name as correspondent,
       p.village_code, v.name as village, t.name as subject, p.amount, p.standing, p.lines
from page p
left join correspondent c on c.id = p.correspondent_id
left join division v on v.code = p.village_code
left join technician t on t.id = p.subject_id::uuid
order by p.occurred_on desc, p.id desc, p.subject_id;

-- income_lines --
-- A line per income record; of a household's year and product the latest line with a baseline
-- counts; where there is none, the latest line is 'estimated' and stands apart. amount in CNY;
-- product is its code. Columns else as in household_lines.
with line as (
    select s.id, s.occurred_on, s.village_code, s.correspondent_id,
           f.household_id::text as subject_id, f.gain_yuan as amount,
           case when row_number() over (partition by f.household_id, f.year, f.product
                    order by f.has_baseline desc, s.occurred_on desc, s.id desc) > 1
                then 'repeat' when f.has_baseline then 'counted' else 'estimated' end as standing
    from verified_record(
        %(first)s::date, %(last)s::date, %(prefix)s::text, %(correspondent)s::uuid,
        %(level)s::text, %(specialty)s::text, %(mode)s::text, null) s
    join income_line f on f.record_id = s.id
), page as (
    select line.*, count(*) over () as lines from line
    where %(standing)s::text is null or standing = %(standing)s::text
    order by occurred_on desc, id desc, subject_id
    limit %(limit)s offset %(offset)s
)
select p.id as record_id, p.occurred_on, p.correspondent_id, c.name as correspondent,
       p.village_code, v.name as village, h.head_name as subject, l.product, p.amount, p.standing, p.lines
from page p
left join correspondent c on c.id = p.correspondent_id
left join division v on v.code = p.village_code
left join household h on h.id = p.subject_id::uuid
left join income_line l on l.record_id = p.id
order by p.occurred_on desc, p.id desc, p.subject_id;
