-- select_limits --
-- The limits of each quantity that a sensor measures, with its sensors; the default's where the
-- quantity has none of its own.
select n.quantity, array_agg(n.id order by n.id) as sensor_ids,
    case when own.quantity is null then usual.raw_days else own.raw_days end as raw_days,
    case when own.quantity is null then usual.hourly_days else own.hourly_days end as hourly_days,
    case when own.quantity is null then usual.daily_days else own.daily_days end as daily_days
from sensor n
left join retention own on own.quantity = n.quantity
left join retention usual on usual.quantity is null
group by n.quantity, own.quantity, 3, 4, 5
order by n.quantity;

-- select_oldest_mark --
-- The oldest hour that waits for its rollup and still has its readings.
select min(due.hour) as hour
from rollup_due due
left join sensor n on n.id = due.sensor_id
where not exists (
    select from reading_dropped p
    where due.hour < p.raw_before and (p.quantity is null or p.quantity = n.quantity)
);

-- drop_parts --
-- The partitions or chunks that end before a moment; dropped unless it is a dry run.
select drop_reading_before(%(before)s, %(dry_run)s);

-- note_dropped --
-- Up to when a quantity's readings (null: all) are gone, before they go.
insert into reading_dropped (quantity, raw_before) values (%(quantity)s, %(before)s)
on conflict on constraint reading_dropped_once
    do update set raw_before = greatest(reading_dropped.raw_before, excluded.raw_before);

-- count_old_readings --
-- Readings of some sensors before a moment.
select count(*) as count from reading
where sensor_id = any(%(sensor_ids)s::integer[]) and time < %(before)s;

-- delete_old_readings --
-- A batch of them, the oldest first.
delete from reading r
using (
    select sensor_id, time from reading
    where sensor_id = any(%(sensor_ids)s::integer[]) and time < %(before)s
    order by time
    limit %(most)s
) old
where r.sensor_id = old.sensor_id and r.time = old.time and r.time < %(before)s;

-- delete_old_flags --
-- A batch of what quality control said of readings that are gone.
delete from reading_flag
where (sensor_id, time) in (
    select sensor_id, time from reading_flag
    where sensor_id = any(%(sensor_ids)s::integer[]) and time < %(before)s
    limit %(most)s
);

-- delete_old_hours --
-- A batch of rollups by hour.
delete from reading_hour
where (sensor_id, hour) in (
    select sensor_id, hour from reading_hour
    where sensor_id = any(%(sensor_ids)s::integer[]) and hour < %(before)s
    limit %(most)s
);

-- delete_old_days --
-- A batch of rollups by day.
delete from reading_day
where (sensor_id, day) in (
    select sensor_id, day from reading_day
    where sensor_id = any(%(sensor_ids)s::integer[])
      and day < (%(before)s::timestamptz at time zone 'Asia/Shanghai')::date
    limit %(most)s
);
