-- select_sensors --
-- Every sensor in use with the codes and ids that lead to it; a device without sensors too.
select
    s.code as station_code, s.id as station_id, d.code as device_code,
    n.id as sensor_id, n.code as sensor_code, n.quantity
from station s
left join device d on d.station_id = s.id and d.retired_at is null
left join sensor n on n.device_id = d.id

-- select_profiles --
-- Each device in use that has a profile, with the profile and what a foreign network calls it.
select
    s.code as station_code, d.code as device_code, d.external_id,
    p.code, p.codec, p.zone, p.fields
from device d
join station s on s.id = d.station_id
join device_profile p on p.id = d.profile_id
where d.retired_at is null

-- copy_readings --
-- Readings straight into the table; a key that stands there already fails the whole.
copy reading (sensor_id, time, value, quality) from stdin (format binary)

-- create_staged_reading --
-- A private table for one batch that has met its like before.
create temporary table if not exists staged_reading (
    place bigint generated always as identity,
    sensor_id integer not null,
    time timestamptz not null,
    value double precision not null,
    quality smallint not null
) on commit delete rows

-- copy_staged_readings --
-- The same bytes as copy_readings takes; `place` numbers them in order of arrival.
copy staged_reading (sensor_id, time, value, quality) from stdin (format binary)

-- insert_staged_readings --
-- What is not there yet; of two with one key in the batch the first.
insert into reading (sensor_id, time, value, quality)
select distinct on (sensor_id, time) sensor_id, time, value, quality
from staged_reading
order by sensor_id, time, place
on conflict (sensor_id, time) do nothing

-- select_conflicts --
-- Staged readings whose key holds another value, by place from 0, with that value.
select s.place - (select min(place) from staged_reading) as place, r.value as kept
from staged_reading s
join reading r on r.sensor_id = s.sensor_id and r.time = s.time
where r.value <> s.value
order by s.place

-- upsert_latest --
-- The newest reading of each sensor, where it is newer than the one known; in one order, so that
-- two gateways never wait for each other crosswise.
insert into reading_latest (sensor_id, time, value, quality)
select sensor_id, timestamptz 'epoch' + time_us * interval '1 microsecond', value, 1
from unnest(%(sensor_ids)s::integer[], %(times_us)s::bigint[], %(values)s::double precision[])
    as newest (sensor_id, time_us, value)
order by sensor_id
on conflict (sensor_id) do update
    set time = excluded.time, value = excluded.value, quality = excluded.quality
    where excluded.time > reading_latest.time

-- mark_rollups_due --
-- Hours, as whole hours since 1970, whose rollup is now stale. `marked_at` moves on every time, so
-- that the job can tell a mark newer than its own reading of the hour.
insert into rollup_due (sensor_id, hour, marked_at)
select sensor_id, timestamptz 'epoch' + hour_number * interval '1 hour', clock_timestamp()
from unnest(%(sensor_ids)s::integer[], %(hour_numbers)s::bigint[]) as due (sensor_id, hour_number)
order by sensor_id, hour_number
on conflict (sensor_id, hour) do update set marked_at = excluded.marked_at

-- insert_rejected --
-- One reading or message kept aside; a redelivered one is kept once.
insert into reading_rejected (
    received_at, topic, payload, payload_bytes, reason, detail, sensor_code, station_id,
    redelivery_key
)
values (
    timestamptz 'epoch' + %(arrived_us)s::bigint * interval '1 microsecond',
    %(topic)s, %(payload)s, %(payload_bytes)s, %(reason)s, %(detail)s, %(sensor_code)s,
    %(station_id)s, %(redelivery_key)s
)
on conflict on constraint reading_rejected_once do nothing

-- notify_reading --
-- Tells who listens on the channel `reading` which stations have news: a JSON list of their ids.
select pg_notify('reading', %(station_ids)s)
