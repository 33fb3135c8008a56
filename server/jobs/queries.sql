-- try_lock --
-- True if this transaction now holds the job's lock; another process that has it is at work.
select pg_try_advisory_xact_lock(hashtext('tepai_jobs'), hashtext(%(job)s)) as taken;

-- select_finished_periods --
-- Starts of the periods that a job has finished since a moment.
select period_start from job_period where job = %(job)s and period_start >= %(since)s;

-- select_finished_period --
-- One row if the job has finished this very period.
select 1 from job_period where job = %(job)s and period_start = %(start)s;

-- insert_finished_period --
-- The ledger row, in the transaction of the work it tells of.
insert into job_period (job, period_start, period_end, started_at, finished_at, rows_done)
values (%(job)s, %(start)s, %(end)s, %(started_at)s, clock_timestamp(), %(rows_done)s);

-- ensure_reading_partition --
-- Makes the month's partition where there is none; whether it did. None where it has been dropped.
select ensure_reading_partition(%(month)s)
where not exists (
    select from reading_dropped
    where quantity is null
      and raw_before >= (%(month)s::date + interval '1 month') at time zone 'UTC'
);

-- select_rollups_due --
-- The hours to recompute, those marked longest ago first; of `gone` ones the readings have been
-- deleted, so that their rollups are all there is.
select due.sensor_id, due.hour, due.marked_at,
    exists (
        select from reading_dropped p
        where due.hour < p.raw_before and (p.quantity is null or p.quantity = n.quantity)
    ) as gone
from rollup_due due
left join sensor n on n.id = due.sensor_id
order by due.marked_at
limit %(most)s;

-- upsert_hours --
-- The given hours of the given sensors, whole, from the raw readings; failed and missing ones out.
-- Lateral, so that every bucket is one short index scan whatever the planner thinks of the table.
insert into reading_hour (
    sensor_id, hour, count, min, max, mean, sum, first, last,
    first_at, last_at, covered_s, time_weighted_mean
)
select due.sensor_id, due.hour, found.count, found.min, found.max, found.sum / found.count,
    found.sum, found.first, found.last, found.first_at, found.last_at, found.covered_s,
    coalesce(found.area / nullif(found.covered_s, 0), found.sum / found.count)
from unnest(%(sensor_ids)s::integer[], %(hours)s::timestamptz[]) as due (sensor_id, hour)
cross join lateral (
    select count(*) as count, min(r.value) as min, max(r.value) as max,
        sum(r.value order by r.time) as sum,
        (array_agg(r.value order by r.time))[1] as first,
        (array_agg(r.value order by r.time desc))[1] as last,
        min(r.time) as first_at, max(r.time) as last_at,
        coalesce(sum(r.seconds order by r.time), 0) as covered_s,
        sum(r.seconds * (r.value + r.before) / 2 order by r.time) as area
    from (
        select n.time, n.value, lag(n.value) over earlier as before,
            extract(epoch from n.time - lag(n.time) over earlier)::double precision as seconds
        from reading n
        where n.sensor_id = due.sensor_id
          and n.time >= due.hour and n.time < due.hour + interval '1 hour'
          and n.quality not in (4, 9)
        window earlier as (order by n.time)
    ) r
) found
where found.count > 0
on conflict (sensor_id, hour) do update
    set count = excluded.count, min = excluded.min, max = excluded.max, mean = excluded.mean,
        sum = excluded.sum, first = excluded.first, last = excluded.last,
        first_at = excluded.first_at, last_at = excluded.last_at,
        covered_s = excluded.covered_s, time_weighted_mean = excluded.time_weighted_mean;

-- delete_empty_hours --
-- Those of the given hours in which no sound reading is left.
delete from reading_hour h
using unnest(%(sensor_ids)s::integer[], %(hours)s::timestamptz[]) as due (sensor_id, hour)
where h.sensor_id = due.sensor_id and h.hour = due.hour
  and not exists (
    select from reading r
    where r.sensor_id = due.sensor_id
      and r.time >= due.hour and r.time < due.hour + interval '1 hour'
      and r.quality not in (4, 9)
  );

-- upsert_days --
-- The civil days (Asia/Shanghai) of the given hours, whole, from the hours: a day there begins on
-- a whole hour, so hours nest in it. Between the last reading of an hour and the first of the next
-- there is a trapezoid too, unless the gap is too long.
insert into reading_day (
    sensor_id, day, count, min, max, mean, sum, first, last,
    first_at, last_at, covered_s, time_weighted_mean
)
select due.sensor_id, due.day, found.count, found.min, found.max, found.sum / found.count,
    found.sum, found.first, found.last, found.first_at, found.last_at, found.covered_s,
    coalesce(found.area / nullif(found.covered_s, 0), found.sum / found.count)
from (
    select distinct given.sensor_id, (given.hour at time zone 'Asia/Shanghai')::date as day
    from unnest(%(sensor_ids)s::integer[], %(hours)s::timestamptz[]) as given (sensor_id, hour)
) due
cross join lateral (
    select sum(h.count)::integer as count, min(h.min) as min, max(h.max) as max,
        sum(h.sum order by h.hour) as sum,
        (array_agg(h.first order by h.hour))[1] as first,
        (array_agg(h.last order by h.hour desc))[1] as last,
        min(h.first_at) as first_at, max(h.last_at) as last_at,
        sum(h.covered_s + h.joint_s order by h.hour) as covered_s,
        sum(
            h.covered_s * h.time_weighted_mean
                + case when h.joint_s > 0 then h.joint_s * (h.before + h.first) / 2 else 0 end
            order by h.hour
        ) as area
    from (
        select j.*, case when j.gap_s <= %(longest_gap_s)s then j.gap_s else 0 end as joint_s
        from (
            select n.*, lag(n.last) over earlier as before,
                extract(epoch from n.first_at - lag(n.last_at) over earlier)::double precision
                    as gap_s
            from reading_hour n
            where n.sensor_id = due.sensor_id
              and n.hour >= due.day::timestamp at time zone 'Asia/Shanghai'
              and n.hour < (due.day + 1)::timestamp at time zone 'Asia/Shanghai'
            window earlier as (order by n.hour)
        ) j
    ) h
) found
where found.count > 0
on conflict (sensor_id, day) do update
    set count = excluded.count, min = excluded.min, max = excluded.max, mean = excluded.mean,
        sum = excluded.sum, first = excluded.first, last = excluded.last,
        first_at = excluded.first_at, last_at = excluded.last_at,
        covered_s = excluded.covered_s, time_weighted_mean = excluded.time_weighted_mean;

-- delete_empty_days --
-- Those days of the given hours that have no hour left.
delete from reading_day d
using (
    select distinct given.sensor_id, (given.hour at time zone 'Asia/Shanghai')::date as day
    from unnest(%(sensor_ids)s::integer[], %(hours)s::timestamptz[]) as given (sensor_id, hour)
) due
where d.sensor_id = due.sensor_id and d.day = due.day
  and not exists (
    select from reading_hour h
    where h.sensor_id = due.sensor_id
      and h.hour >= due.day::timestamp at time zone 'Asia/Shanghai'
      and h.hour < (due.day + 1)::timestamp at time zone 'Asia/Shanghai'
  );

-- clear_rollups_due --
-- Marks that have not moved since they were read; their hours are now due for quality control. One
-- that has, or that a gateway is moving just now, stays for the next round; nobody waits for it.
with cleared as (
    delete from rollup_due
    where (sensor_id, hour) in (
        select d.sensor_id, d.hour
        from rollup_due d
        join unnest(
            %(sensor_ids)s::integer[], %(hours)s::timestamptz[], %(marked)s::timestamptz[]
        ) as done (sensor_id, hour, marked_at)
            on d.sensor_id = done.sensor_id and d.hour = done.hour
            and d.marked_at = done.marked_at
        for update of d skip locked
    )
    returning sensor_id, hour
)
insert into quality_due (sensor_id, hour, marked_at)
select sensor_id, hour, clock_timestamp() from cleared order by sensor_id, hour
on conflict (sensor_id, hour) do update set marked_at = excluded.marked_at;

-- mark_differing_hours --
-- Marks the hours of a period whose rollup does not tell the same as the raw readings.
insert into rollup_due (sensor_id, hour)
select coalesce(raw.sensor_id, kept.sensor_id), coalesce(raw.hour, kept.hour)
from (
    select sensor_id, date_trunc('hour', time, 'UTC') as hour,
        count(*) as count, min(value) as min, max(value) as max
    from reading
    where time >= %(start)s and time < %(end)s and quality not in (4, 9)
    group by 1, 2
) raw
full join (
    select sensor_id, hour, count, min, max from reading_hour
    where hour >= %(start)s and hour < %(end)s
) kept on kept.sensor_id = raw.sensor_id and kept.hour = raw.hour
where (raw.count, raw.min, raw.max) is distinct from (kept.count, kept.min, kept.max)
on conflict (sensor_id, hour) do nothing;
