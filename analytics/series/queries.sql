-- select_station --
-- A station by its code, if whoever asks may see it.
select id, code, name_zh, name_en
from station
where code = %(station)s;

-- select_sensors --
-- All sensors of a station with the codes of their devices, in the order of an export.
select n.id, s.code as station, d.code as device, n.code as sensor, n.quantity, n.position_m
from sensor n
join device d on d.id = n.device_id
join station s on s.id = d.station_id
where s.code = %(station)s
order by d.code, n.id;

-- page_raw --
-- Up to `most` readings of one sensor from a moment on, before `end`, oldest first.
copy (
    select time, value, quality
    from {source}
    where sensor_id = %(sensor_id)s and time >= %(start)s and time < %(end)s
    order by time
    limit %(most)s
) to stdout (format binary);

-- page_hour --
-- Up to `most` hourly rollups of one sensor, of the hours that begin in [start, end).
-- A figure that is null travels as NaN, so that every row has one width.
copy (
    select hour, count,
        coalesce(min, 'NaN'::float8), coalesce(max, 'NaN'::float8), coalesce(mean, 'NaN'::float8),
        coalesce(sum, 'NaN'::float8), coalesce(first, 'NaN'::float8), coalesce(last, 'NaN'::float8)
    from {source}
    where sensor_id = %(sensor_id)s and hour >= %(start)s and hour < %(end)s
    order by hour
    limit %(most)s
) to stdout (format binary);

-- page_day --
-- Up to `most` daily rollups of one sensor, of the civil days (Asia/Shanghai) that begin in
-- [start, end).
copy (
    select day::timestamp at time zone 'Asia/Shanghai', count,
        coalesce(min, 'NaN'::float8), coalesce(max, 'NaN'::float8), coalesce(mean, 'NaN'::float8),
        coalesce(sum, 'NaN'::float8), coalesce(first, 'NaN'::float8), coalesce(last, 'NaN'::float8)
    from {source}
    where sensor_id = %(sensor_id)s
      and day >= (%(start)s::timestamptz at time zone 'Asia/Shanghai')::date
      and day::timestamp at time zone 'Asia/Shanghai' >= %(start)s
      and day::timestamp at time zone 'Asia/Shanghai' < %(end)s
    order by day
    limit %(most)s
) to stdout (format binary);

-- expect_raw --
-- How many readings the hourly rollups know of; less where a rollup is still due.
select coalesce(sum(count), 0)::bigint as rows
from {source}
where sensor_id = any(%(sensor_ids)s)
  and hour >= date_trunc('hour', %(start)s::timestamptz, 'UTC') and hour < %(end)s;

-- expect_hour --
-- How many hourly rollups begin in [start, end).
select count(*) as rows
from {source}
where sensor_id = any(%(sensor_ids)s) and hour >= %(start)s and hour < %(end)s;

-- expect_day --
-- How many daily rollups (Asia/Shanghai) begin in [start, end).
select count(*) as rows
from {source}
where sensor_id = any(%(sensor_ids)s)
  and day::timestamp at time zone 'Asia/Shanghai' >= %(start)s
  and day::timestamp at time zone 'Asia/Shanghai' < %(end)s;
