-- How long readings and rollups are kept, and the one way to drop whole stretches of readings.

create table retention (
    quantity text,
    raw_days integer check (raw_days >= 60),
    hourly_days integer check (hourly_days >= 60),
    daily_days integer check (daily_days >= 60),
    constraint retention_quantity_once unique nulls not distinct (quantity),
    constraint retention_raw_within_hourly
        check (hourly_days is null or (raw_days is not null and raw_days <= hourly_days)),
    constraint retention_hourly_within_daily
        check (daily_days is null or (hourly_days is not null and hourly_days <= daily_days))
);
comment on table retention is 'How long readings are kept, by quantity; the row without one holds for all that have none.';
comment on column retention.quantity is 'Key of contracts.quantities.QUANTITIES; null for the default.';
comment on column retention.raw_days is 'Readings older than so many days are deleted; null keeps them for ever. [d]';
comment on column retention.hourly_days is 'The same for rollups by hour. [d]';
comment on column retention.daily_days is 'The same for rollups by day. [d]';
insert into retention values (null, 730, 3650, null);

alter table retention enable row level security;
alter table retention force row level security;
create policy retention_read on retention for select to tepai_web using ((select actor_role()) is not null);
create policy retention_write on retention for all to tepai_web
    using ((select actor_role()) = 'administrator')
    with check ((select actor_role()) = 'administrator');
create policy retention_jobs on retention for select to tepai_jobs using (true);
grant select, insert, update, delete on retention to tepai_web;
grant select on retention to tepai_jobs;

create table reading_dropped (
    quantity text,
    raw_before timestamptz not null,
    constraint reading_dropped_once unique nulls not distinct (quantity)
);
comment on table reading_dropped is 'Up to when readings have been deleted, by quantity (null: of all): older hours are never rolled up again, for their readings are gone.';
grant select, insert, update on reading_dropped to tepai_jobs;

-- The partitions or chunks that end at or before a moment; dropped where not only asked for.
create function drop_reading_before(before timestamptz, dry_run boolean) returns setof text
    language plpgsql security definer set search_path = public, pg_temp
    set lock_timeout = '5s' -- writers wait behind it: better try again later than hold them up
    as $fn$
    declare
        part record;
    begin
        if exists (select from pg_extension where extname = 'timescaledb') then
            if dry_run then
                return query select show_chunks('reading', older_than => before)::text;
            else
                return query select drop_chunks('reading', older_than => before);
            end if;
            return;
        end if;
        for part in
            select c.oid::regclass::text as name,
                (regexp_match(pg_get_expr(c.relpartbound, c.oid), $$TO \('([^']+)'\)$$))[1]::timestamptz as ends
            from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'reading'::regclass
            order by 2
        loop
            if part.ends <= before then
                if not dry_run then
                    execute format('drop table %s', part.name);
                end if;
                return next part.name;
            end if;
        end loop;
        if not dry_run then
            -- Readings of months that had no partition; a handful that came very late.
            delete from reading_default where time < before;
        end if;
    end
    $fn$;
comment on function drop_reading_before is 'Drops the partitions or chunks of reading that end at or before a moment, and names them; with dry_run it only names them.';
revoke execute on function drop_reading_before from public;
grant execute on function drop_reading_before to tepai_jobs;
