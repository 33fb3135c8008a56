-- count_replayable --
-- How many rows are to be replayed, and the last of them.
select count(*) as count, max(id) as last
from reading_rejected
where replayed_at is null
  and (%(reason)s::text is null or reason = %(reason)s)
  and (%(station)s::text is null
       or station_id = (select s.id from station s where s.code = %(station)s)
       or (topic like 'tepai/%%' and split_part(topic, '/', 3) = %(station)s))
  and (%(since)s::timestamptz is null or received_at >= %(since)s)

-- select_replayable --
-- The next of them after an id, the oldest first.
select id, (extract(epoch from received_at) * 1000000)::bigint as arrived_us, topic, payload,
    payload_bytes, redelivery_key
from reading_rejected
where replayed_at is null and id > %(after)s and id <= %(last)s
  and (%(reason)s::text is null or reason = %(reason)s)
  and (%(station)s::text is null
       or station_id = (select s.id from station s where s.code = %(station)s)
       or (topic like 'tepai/%%' and split_part(topic, '/', 3) = %(station)s))
  and (%(since)s::timestamptz is null or received_at >= %(since)s)
order by id
limit %(most)s

-- mark_replayed --
-- What was refused in these rows is stored now.
update reading_rejected set replayed_at = now(), replayed_by = %(by)s where id = any (%(ids)s)

-- update_rejected --
-- Why a row is refused today, which may be another reason than before.
update reading_rejected
set reason = %(reason)s, detail = %(detail)s, sensor_code = %(sensor_code)s,
    station_id = %(station_id)s
where id = %(id)s
