-- Rollups tell when their first and last readings were, and a mean that weighs by time.

alter table reading_hour
    add column first_at timestamptz,
    add column last_at timestamptz,
    add column covered_s double precision,
    add column time_weighted_mean double precision;
alter table reading_day
    add column first_at timestamptz,
    add column last_at timestamptz,
    add column covered_s double precision,
    add column time_weighted_mean double precision;
comment on column reading_hour.sum is 'Sum of the values; it means something for quantities told as a sum (rainfall) only.';
comment on column reading_day.sum is 'Sum of the values; it means something for quantities told as a sum (rainfall) only.';
comment on column reading_hour.first_at is 'When `first` was measured.';
comment on column reading_day.first_at is 'When `first` was measured.';
comment on column reading_hour.last_at is 'When `last` was measured.';
comment on column reading_day.last_at is 'When `last` was measured.';
comment on column reading_hour.covered_s is 'Time between neighbouring readings of the bucket, without gaps of more than 2 h. [s]';
comment on column reading_day.covered_s is 'Time between neighbouring readings of the bucket, without gaps of more than 2 h. [s]';
comment on column reading_hour.time_weighted_mean is 'Trapezoids over covered_s divided by it; the plain mean where nothing is covered (docs/decisions/0012).';
comment on column reading_day.time_weighted_mean is 'Trapezoids over covered_s divided by it; the plain mean where nothing is covered (docs/decisions/0012).';

-- A view keeps the columns it was made with: the new ones come behind them.
create or replace view reading_hour_visible with (security_barrier) as
    select r.* from reading_hour r join sensor s on s.id = r.sensor_id;
create or replace view reading_day_visible with (security_barrier) as
    select r.* from reading_day r join sensor s on s.id = r.sensor_id;

-- What was rolled up before gets its new columns from the job.
insert into rollup_due (sensor_id, hour)
select sensor_id, hour from reading_hour
on conflict (sensor_id, hour) do nothing;
