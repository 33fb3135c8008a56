-- select_now --
-- Which run of transaction numbers this is, where it stands, and what the actor serves.
select transaction_numbering() as numbering,
       pg_snapshot_xmin(pg_current_snapshot())::text as xmin,
       pg_snapshot_xmax(pg_current_snapshot())::text as xmax,
       concat_ws('|', actor_id(), (
           select string_agg(v, ',' order by v) from actor_villages() v
       )) as scope;

-- select_changed_records --
-- The actor's records changed since, with the reason of the review of their present revision.
select r.id, r.status, r.revision, w.reason, coalesce(w.fields, '{}') as fields
from record r
left join lateral (
    select nullif(w.reason, '') as reason, w.fields
    from review w
    where w.record_id = r.id and w.revision = r.revision
    order by w.reviewed_at desc
    limit 1
) w on true
where r.correspondent_id = (select actor_correspondent()) and r.changed_xid >= %(since)s::xid8
order by r.received_at, r.id;

-- select_own_villages --
-- The villages served, with township and county.
select v.code, v.name, t.name as township, c.name as county
from division v
left join division t on t.code = v.parent_code
left join division c on c.code = left(v.code, 6)
where v.code in (select actor_villages())
order by v.code;

-- select_changed_households --
-- Households of the villages served, changed since.
select id, head_name as name, village_code from household
where village_code in (select actor_villages()) and changed_xid >= %(since)s::xid8
order by village_code, head_name, id;

-- select_changed_organisations --
-- Organisations of the counties served, changed since.
select id, name, kind from organisation
where changed_xid >= %(since)s::xid8
order by name, id;

-- select_changed_stations --
-- Stations that the actor sees, changed since.
select id, code, name_zh, name_en, kind from station
where changed_xid >= %(since)s::xid8
order by code;

-- select_changed_items --
-- Technologies and varieties, changed since.
select id, kind, name, crop from catalogue_item
where changed_xid >= %(since)s::xid8
order by kind, name;
