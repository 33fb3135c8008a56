-- select_sensor --
-- One sensor with its device and station, if the actor may see it.
select n.id, n.code, n.quantity, n.position_m, n.label_zh, n.label_en,
    d.code as device, s.code as station
from sensor n
join device d on d.id = n.device_id
join station s on s.id = d.station_id
where n.id = %(sensor_id)s;

-- select_raw --
-- Readings of one sensor in [start, end), oldest first.
select time, value, quality
from reading_visible
where sensor_id = %(sensor_id)s and time >= %(start)s and time < %(end)s
order by time
limit %(most)s;

-- select_hours --
-- Hourly rollups of one sensor, of the hours that begin in [start, end), oldest first.
select hour as time, mean, min, max, count
from reading_hour_visible
where sensor_id = %(sensor_id)s
  and hour >= date_trunc('hour', %(start)s::timestamptz, 'UTC') and hour < %(end)s
order by hour
limit %(most)s;

-- select_days --
-- Daily rollups of one sensor, of the civil days (Asia/Shanghai) that touch [start, end).
select day::timestamp at time zone 'Asia/Shanghai' as time, mean, min, max, count
from reading_day_visible
where sensor_id = %(sensor_id)s
  and day >= (%(start)s::timestamptz at time zone 'Asia/Shanghai')::date
  and day::timestamp at time zone 'Asia/Shanghai' < %(end)s
order by day
limit %(most)s;

-- count_rejected --
-- Rejected messages by reason; of one station, or of none if it is null.
select reason, count(*) as count
from reading_rejected_visible
where station_id is not distinct from %(station_id)s
group by reason
order by count desc, reason;

-- select_rejected --
-- Rejected messages of one station, or of none if it is null: newest first, before an id.
select id, received_at, topic, reason, detail, sensor_code, payload_bytes,
    substring(payload from 1 for 200) as payload_start
from reading_rejected_visible
where station_id is not distinct from %(station_id)s
  and (%(before)s::bigint is null or id < %(before)s)
order by id desc
limit %(most)s;

-- listen_reading --
-- From now on this session hears which stations got readings.
listen reading;

-- delete_reading --
-- One reading, by its key.
delete from reading where sensor_id = %(sensor_id)s and time = %(time)s;

-- delete_flag --
-- What quality control said of one reading.
delete from reading_flag where sensor_id = %(sensor_id)s and time = %(time)s;

-- insert_reading --
-- One reading that an operator vouches for.
insert into reading (sensor_id, time, value) values (%(sensor_id)s, %(time)s, %(value)s);

-- mark_hour_due --
-- The mark that a gateway makes, for the hour of one reading.
insert into rollup_due (sensor_id, hour, marked_at)
values (%(sensor_id)s, date_trunc('hour', %(time)s::timestamptz, 'UTC'), clock_timestamp())
on conflict (sensor_id, hour) do update set marked_at = excluded.marked_at;
