-- select_references --
-- Names and kinds of things by id (villages by code), as far as the actor may see them.
select 'household' as sort, id::text as id, head_name as name_zh, head_name as name_en, '' as kind
from household where id = any(%(ids)s::uuid[])
union all
select 'organisation', id::text, name, name, kind from organisation where id = any(%(ids)s::uuid[])
union all
select 'station', id::text, name_zh, name_en, kind from station where id = any(%(ids)s::uuid[])
union all
select 'item', id::text, name, name, kind from catalogue_item where id = any(%(ids)s::uuid[])
union all
select 'village', code, name, name, '' from division
where code = any(%(codes)s::text[]) and level = 'village';
