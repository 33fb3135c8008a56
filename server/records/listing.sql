-- select_records --
-- One page of records under the filters, newest day of service first.
select r.id, r.form, r.form_version, r.status, r.revision, r.occurred_on, r.service_mode,
       r.service_days, r.captured_at, r.received_at, r.correspondent_id, r.county_code,
       r.village_code, r.field_values, c.name as correspondent, v.name as village,
       y.name as county
from record r
join correspondent c on c.id = r.correspondent_id
join division v on v.code = r.village_code
join division y on y.code = r.county_code
where (%(status)s::text is null or r.status = %(status)s)
  and (%(form)s::text is null or r.form = %(form)s)
  and (%(county)s::text is null or r.county_code = %(county)s)
  and (%(since)s::date is null or r.occurred_on >= %(since)s)
  and (%(until)s::date is null or r.occurred_on <= %(until)s)
  and (%(correspondent)s::uuid is null or r.correspondent_id = %(correspondent)s)
  and (%(text)s::text is null or c.name ilike %(text)s or v.name ilike %(text)s)
  and (%(after_id)s::uuid is null or (r.occurred_on, r.id) < (%(after_day)s::date, %(after_id)s))
order by r.occurred_on desc, r.id desc
limit %(limit)s;

-- count_records_by_status --
-- How many records each status has under the filters, that of status left aside.
select r.status, count(*) as count
from record r
join correspondent c on c.id = r.correspondent_id
join division v on v.code = r.village_code
where (%(form)s::text is null or r.form = %(form)s)
  and (%(county)s::text is null or r.county_code = %(county)s)
  and (%(since)s::date is null or r.occurred_on >= %(since)s)
  and (%(until)s::date is null or r.occurred_on <= %(until)s)
  and (%(correspondent)s::uuid is null or r.correspondent_id = %(correspondent)s)
  and (%(text)s::text is null or c.name ilike %(text)s or v.name ilike %(text)s)
group by r.status;

-- select_record --
-- One record with the names of its people and places.
select r.id, r.form, r.form_version, r.status, r.revision, r.occurred_on, r.service_mode,
       r.service_days, r.captured_at, r.received_at, r.correspondent_id, r.county_code,
       r.village_code, r.field_values, c.name as correspondent, c.level as correspondent_level,
       v.name as village, t.name as township, y.name as county
from record r
join correspondent c on c.id = r.correspondent_id
join division v on v.code = r.village_code
left join division t on t.code = v.parent_code
join division y on y.code = r.county_code
where r.id = %(id)s;

-- select_history --
-- Versions received and reviews made of one record, oldest first.
select 'received' as what, revision, received_at as at, null as who, '' as reason,
       '{}'::text[] as fields, field_values
from record_revision where record_id = %(id)s
union all
select 'received', revision, received_at, null, '', '{}', field_values
from record where id = %(id)s
union all
select decision, revision, reviewed_at, account_display_name(reviewer_id), reason, fields, null
from review where record_id = %(id)s
order by at, what desc;

-- select_next_submitted --
-- The submitted record that has waited longest, other than the one named.
select id from record
where status = 'submitted' and id <> %(besides)s
order by received_at, id
limit 1;

-- select_counties --
-- The counties.
select code, name from division where level = 'county' order by code;
