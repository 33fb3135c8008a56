-- lock_record --
-- The record to be reviewed, held until the transaction ends: a second click waits here.
select id, form, status, revision from record where id = %(id)s for update;

-- insert_review --
-- The decision on the record's present revision.
insert into review (
    id, record_id, revision, correspondent_id, county_code, decision, reason, fields, reviewer_id
)
select %(id)s, r.id, r.revision, r.correspondent_id, r.county_code, %(decision)s, %(reason)s,
       %(fields)s, %(reviewer_id)s
from record r where r.id = %(record_id)s;

-- update_record_status --
-- The record stands where the review put it.
update record set status = %(status)s where id = %(id)s;
