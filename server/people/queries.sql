-- select_people --
-- One page of correspondents by name, each with counts of records.
with page as (
    select c.id, c.name, c.level, c.specialty, c.county_code, y.name as county
    from correspondent c
    join division y on y.code = c.county_code
    where (%(text)s::text is null or c.name ilike %(text)s)
      and (%(county)s::text is null or c.county_code = %(county)s)
      and (%(level)s::text is null or c.level = %(level)s)
      and (%(after_id)s::uuid is null or (c.name, c.id) > (%(after_name)s::text, %(after_id)s))
    order by c.name, c.id
    limit %(limit)s
)
select page.*, r.records, r.submitted, r.verified, r.latest_on
from page
cross join lateral (
    select count(*) as records,
           count(*) filter (where status = 'submitted') as submitted,
           count(*) filter (where status = 'verified') as verified,
           max(occurred_on) as latest_on
    from record where correspondent_id = page.id
) r
order by page.name, page.id;

-- count_people --
-- How many correspondents there are under the filters.
select count(*) as count from correspondent c
where (%(text)s::text is null or c.name ilike %(text)s)
  and (%(county)s::text is null or c.county_code = %(county)s)
  and (%(level)s::text is null or c.level = %(level)s);

-- select_person --
-- One correspondent with counts of records by status.
select c.id, c.name, c.level, c.specialty, c.county_code, y.name as county, c.created_at,
       (select coalesce(jsonb_object_agg(n.status, n.count), '{}') from (
            select status, count(*) as count from record where correspondent_id = c.id
            group by status
       ) n) as records
from correspondent c
join division y on y.code = c.county_code
where c.id = %(id)s;

-- select_villages_of_person --
-- The villages a correspondent serves.
select v.code, v.name, t.name as township, y.name as county
from correspondent_village cv
join division v on v.code = cv.village_code
left join division t on t.code = v.parent_code
left join division y on y.code = left(v.code, 6)
where cv.correspondent_id = %(id)s
order by v.code;

-- select_account_of_person --
-- The account of a correspondent, for those who may see accounts.
select id, username, disabled_at from account where correspondent_id = %(id)s;

-- select_villages --
-- Villages by code.
select v.code, v.name, t.name as township, y.name as county
from division v
left join division t on t.code = v.parent_code
left join division y on y.code = left(v.code, 6)
where v.level = 'village' and v.code = any(%(codes)s::text[])
order by v.code;

-- search_villages --
-- A few villages whose name, township or code holds the text, within one county if one is given.
select v.code, v.name, t.name as township, y.name as county
from division v
left join division t on t.code = v.parent_code
left join division y on y.code = left(v.code, 6)
where v.level = 'village'
  and (%(county)s::text is null or left(v.code, 6) = %(county)s)
  and (v.name ilike %(text)s or t.name ilike %(text)s or v.code like %(text)s)
order by v.code
limit 30;

-- insert_person --
-- A new correspondent.
insert into correspondent (id, name, level, specialty, county_code)
values (%(id)s, %(name)s, %(level)s, %(specialty)s, %(county)s);

-- update_person --
-- What is known of a correspondent.
update correspondent set
    name = %(name)s, level = %(level)s, specialty = %(specialty)s, county_code = %(county)s
where id = %(id)s;

-- delete_villages_but --
-- Ends service in all villages but these; a county office ends it in its own county only.
delete from correspondent_village
where correspondent_id = %(id)s and village_code <> all(%(codes)s::text[]);

-- insert_villages --
-- Begins service in these villages.
insert into correspondent_village (correspondent_id, village_code)
select %(id)s, code from unnest(%(codes)s::text[]) as code
on conflict do nothing;
