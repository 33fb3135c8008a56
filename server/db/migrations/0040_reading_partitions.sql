-- Monthly partitions of `reading` on plain PostgreSQL. TimescaleDB makes its own chunks.

create function ensure_reading_partition(month date) returns boolean
    language plpgsql security definer set search_path = public, pg_temp
    as $fn$
    declare
        first_day constant timestamp := date_trunc('month', month::timestamp);
        starts constant timestamptz := first_day at time zone 'UTC';
        ends constant timestamptz := (first_day + interval '1 month') at time zone 'UTC';
        partition_name constant text := 'reading_' || to_char(first_day, 'YYYYMM');
    begin
        if (select relkind from pg_class where oid = 'reading'::regclass) <> 'p'
            or to_regclass(partition_name) is not null
        then
            return false;
        end if;
        execute format('create table %I (like reading including all)', partition_name);
        -- A partition cannot be attached while the default one holds rows of its range: writers
        -- wait for the moment in which they move.
        lock table reading_default in access exclusive mode;
        execute format(
            'with moved as (delete from reading_default where time >= %L and time < %L returning *)'
            ' insert into %I select * from moved',
            starts, ends, partition_name);
        execute format(
            'alter table reading attach partition %I for values from (%L) to (%L)',
            partition_name, starts, ends);
        execute format(
            'comment on table %I is %L',
            partition_name, 'Readings of ' || to_char(first_day, 'YYYY-MM') || ' (UTC).');
        return true;
    end
    $fn$;
comment on function ensure_reading_partition is
    'Makes the partition of reading for the month (UTC) of a day, moving its rows out of the default one; false when there was nothing to do, as on TimescaleDB.';
revoke execute on function ensure_reading_partition from public;
grant execute on function ensure_reading_partition to tepai_jobs;

-- A new database starts with the months that the job would make, so that its first readings and
-- the history of a demo lie in partitions of their own.
select ensure_reading_partition((date_trunc('month', now()) + months * interval '1 month')::date)
from generate_series(-25, 3) as months;

create index reading_rejected_station on reading_rejected (station_id, received_at desc);
