-- select_quality_due --
-- The hours to check, those marked longest ago first, with the sensor's quantity; hours of one sensor
-- together, for they share what has to be read around them.
select q.sensor_id, q.hour, q.marked_at, n.quantity
from quality_due q
left join sensor n on n.id = q.sensor_id
order by q.marked_at, q.sensor_id, q.hour
limit %(most)s;

-- select_readings_to_check --
-- One sensor's readings in [start, end), oldest first, with what the job said of them before.
select r.time, r.value, r.quality, f.quality_before, f.quality_set, f.tests
from reading r
left join reading_flag f on f.sensor_id = r.sensor_id and f.time = r.time
where r.sensor_id = %(sensor_id)s and r.time >= %(start)s and r.time < %(end)s
order by r.time;

-- delete_flags --
-- What was said of the given readings of one sensor.
delete from reading_flag
where sensor_id = %(sensor_id)s and time = any(%(times)s::timestamptz[]);

-- insert_flags --
-- What is said of them now; `tests` are lists joined by commas.
insert into reading_flag (sensor_id, time, quality_before, quality_set, tests)
select %(sensor_id)s, said.time, said.quality_before, said.quality_set,
    string_to_array(said.tests, ',')
from unnest(
    %(flagged)s::timestamptz[], %(before)s::smallint[], %(set)s::smallint[], %(tests)s::text[]
) as said (time, quality_before, quality_set, tests);

-- update_qualities --
-- The new quality of the given readings of one sensor; the bounds keep other partitions out.
update reading r
set quality = said.quality
from unnest(%(times)s::timestamptz[], %(qualities)s::smallint[]) as said (time, quality)
where r.sensor_id = %(sensor_id)s and r.time = said.time
  and r.time >= %(start)s and r.time < %(end)s and r.quality <> said.quality;

-- update_latest_qualities --
-- The newest readings' quality as in the table; in the order in which gateways lock them.
update reading_latest l
set quality = r.quality
from (
    select sensor_id from reading_latest
    where sensor_id = any(%(sensor_ids)s::integer[])
    order by sensor_id
    for update
) held
join reading r on r.sensor_id = held.sensor_id
where l.sensor_id = held.sensor_id and r.time = l.time and r.quality <> l.quality;

-- mark_rollups_again --
-- Hours in which a reading began or ceased to count; as gateways mark them, and in their order.
insert into rollup_due (sensor_id, hour, marked_at)
select sensor_id, hour, clock_timestamp()
from unnest(%(sensor_ids)s::integer[], %(hours)s::timestamptz[]) as due (sensor_id, hour)
order by sensor_id, hour
on conflict (sensor_id, hour) do update set marked_at = excluded.marked_at;

-- clear_quality_due --
-- Marks that have not moved since they were read.
delete from quality_due
where (sensor_id, hour) in (
    select d.sensor_id, d.hour
    from quality_due d
    join unnest(
        %(sensor_ids)s::integer[], %(hours)s::timestamptz[], %(marked)s::timestamptz[]
    ) as done (sensor_id, hour, marked_at)
        on d.sensor_id = done.sensor_id and d.hour = done.hour and d.marked_at = done.marked_at
    for update of d skip locked
);
