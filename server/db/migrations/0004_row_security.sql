-- Who sees which rows (design §7). Fails closed: without app.actor_id every policy is false.

create function actor_id() returns uuid
    language sql stable parallel safe
    as $$ select nullif(current_setting('app.actor_id', true), '')::uuid $$;
comment on function actor_id is 'The account on whose behalf this transaction runs; null when none was set.';

create function actor_role() returns text
    language sql stable parallel safe security definer set search_path = public
    as $$ select role from account where id = actor_id() and disabled_at is null $$;
comment on function actor_role is 'The actor''s role; null without an actor or for a disabled one.';

create function actor_county() returns text
    language sql stable parallel safe security definer set search_path = public
    as $$ select county_code from account where id = actor_id() and role = 'county_office' and disabled_at is null $$;
comment on function actor_county is 'The county of an actor from a county office, else null.';

create function actor_correspondent() returns uuid
    language sql stable parallel safe security definer set search_path = public
    as $$ select correspondent_id from account where id = actor_id() and disabled_at is null $$;
comment on function actor_correspondent is 'The correspondent that the actor is, else null.';

create function actor_stations() returns setof uuid
    language sql stable parallel safe security definer set search_path = public
    as $$ select station_id from station_manager where account_id = actor_id() $$;
comment on function actor_stations is 'The stations a park manager looks after.';

create function actor_villages() returns setof text
    language sql stable parallel safe security definer set search_path = public
    as $$ select village_code from correspondent_village where correspondent_id = actor_correspondent() $$;
comment on function actor_villages is 'The villages a correspondent serves.';

create function actor_service_counties() returns setof text
    language sql stable parallel safe security definer set search_path = public
    as $$ select distinct left(village_code, 6) from correspondent_village
          where correspondent_id = actor_correspondent() $$;
comment on function actor_service_counties is 'The counties in which a correspondent serves villages.';

create function actor_sees_all() returns boolean
    language sql stable parallel safe security definer set search_path = public
    as $$ select coalesce(actor_role() in ('city_office', 'auditor', 'administrator'), false) $$;
comment on function actor_sees_all is 'Whether rows of every county are visible to the actor.';

-- Sign-in happens before there is an actor, so it goes through these, which give only what it needs.
create function account_for_sign_in(wanted text)
    returns table (id uuid, password_hash text, locked_until timestamptz, disabled_at timestamptz)
    language sql stable security definer set search_path = public
    as $$ select a.id, a.password_hash, a.locked_until, a.disabled_at from account a where a.username = wanted $$;

create function note_sign_in(who uuid, succeeded boolean, most_failures integer, lock_for interval) returns void
    language sql security definer set search_path = public
    as $$
        update account set
            failed_sign_ins = case when succeeded then 0 else failed_sign_ins + 1 end,
            locked_until = case
                when succeeded then null
                when failed_sign_ins + 1 >= most_failures then now() + lock_for
                else locked_until
            end
        where account.id = who
    $$;
comment on function note_sign_in is 'Counts a wrong password, locks after most_failures of them, forgets them on success.';

create function open_session(token bytea, who uuid, lives interval, agent text) returns void
    language sql security definer set search_path = public
    as $$ insert into session (token_sha256, account_id, expires_at, user_agent)
          values (token, who, now() + lives, left(agent, 200)) $$;

create function account_of_session(token bytea)
    returns table (
        id uuid, username text, display_name text, role text, county_code text,
        correspondent_id uuid, language text
    )
    language sql security definer set search_path = public
    as $$
        update session set last_used_at = now()
        where token_sha256 = token and last_used_at < now() - interval '1 minute';
        select a.id, a.username, a.display_name, a.role, a.county_code, a.correspondent_id, a.language
        from session s join account a on a.id = s.account_id
        where s.token_sha256 = token and s.revoked_at is null and s.expires_at > now()
          and a.disabled_at is null
    $$;

create function close_session(token bytea) returns void
    language sql security definer set search_path = public
    as $$ update session set revoked_at = now() where token_sha256 = token and revoked_at is null $$;

revoke execute on function account_for_sign_in, note_sign_in, open_session, account_of_session, close_session from public;
grant execute on function account_for_sign_in, note_sign_in, open_session, account_of_session, close_session to tepai_web;

-- Open to every signed-in actor: places and the catalogue. Rights first, then row security.
grant select on division, catalogue_item, target, reported_figure to tepai_web, tepai_report, tepai_jobs;
grant insert, update on catalogue_item, target, reported_figure to tepai_web;
alter table division enable row level security;
alter table division force row level security;
create policy division_read on division for select to tepai_web using ((select actor_role()) is not null);
alter table catalogue_item enable row level security;
alter table catalogue_item force row level security;
create policy catalogue_item_read on catalogue_item for select to tepai_web using ((select actor_role()) is not null);
create policy catalogue_item_write on catalogue_item for all to tepai_web
    using ((select actor_role()) in ('city_office', 'administrator'))
    with check ((select actor_role()) in ('city_office', 'administrator'));
alter table target enable row level security;
alter table target force row level security;
create policy target_read on target for select to tepai_web using ((select actor_role()) is not null);
create policy target_write on target for all to tepai_web
    using ((select actor_role()) in ('city_office', 'administrator'))
    with check ((select actor_role()) in ('city_office', 'administrator'));
alter table reported_figure enable row level security;
alter table reported_figure force row level security;
create policy reported_figure_read on reported_figure for select to tepai_web using ((select actor_role()) is not null);
create policy reported_figure_write on reported_figure for all to tepai_web
    using ((select actor_role()) in ('city_office', 'administrator'))
    with check ((select actor_role()) in ('city_office', 'administrator'));

-- Accounts: one's own, all for administrators; FORCE is left out so that the functions above work.
grant select, insert, update on account to tepai_web;
grant select, insert, delete on station_manager to tepai_web;
grant select, insert, delete on correspondent_village to tepai_web;
alter table account enable row level security;
create policy account_read on account for select to tepai_web
    using (id = (select actor_id()) and (select actor_role()) is not null
           or (select actor_role()) = 'administrator');
create policy account_write on account for all to tepai_web
    using ((select actor_role()) = 'administrator') with check ((select actor_role()) = 'administrator');
alter table session enable row level security;
grant select, update on session to tepai_web;
create policy session_own on session for all to tepai_web
    using (account_id = (select actor_id()) and (select actor_role()) is not null
           or (select actor_role()) = 'administrator')
    with check (account_id = (select actor_id()) and (select actor_role()) is not null
                or (select actor_role()) = 'administrator');
alter table station_manager enable row level security;
create policy station_manager_read on station_manager for select to tepai_web
    using (account_id = (select actor_id()) and (select actor_role()) is not null
           or (select actor_role()) = 'administrator');
create policy station_manager_write on station_manager for all to tepai_web
    using ((select actor_role()) = 'administrator') with check ((select actor_role()) = 'administrator');

-- Stations: everyone signed in may know a station; only some may change one or see its readings.
grant select, insert, update on station to tepai_web;
grant select on station to tepai_reader, tepai_report, tepai_jobs, tepai_gateway;
alter table station enable row level security;
alter table station force row level security;
create function actor_sees_station(station_id uuid, station_county text) returns boolean
    language sql stable parallel safe
    as $$ select actor_sees_all()
              or (actor_role() = 'county_office' and station_county = actor_county())
              or (actor_role() = 'park_manager' and station_id in (select actor_stations()))
              or (actor_role() = 'correspondent'
                  and station_county in (select actor_service_counties())) $$;
comment on function actor_sees_station is 'Whether the actor may look at a station: by county, by charge, or by villages served.';
create policy station_read on station for select to tepai_web, tepai_reader
    using (actor_sees_station(id, county_code));
create policy station_write on station for all to tepai_web
    using ((select actor_role()) in ('city_office', 'administrator'))
    with check ((select actor_role()) in ('city_office', 'administrator'));
create policy station_programs on station for select to tepai_report, tepai_jobs, tepai_gateway using (true);

grant select, insert, update on device, sensor to tepai_web;
grant select on device, sensor to tepai_reader, tepai_report, tepai_jobs, tepai_gateway;
alter table device enable row level security;
alter table device force row level security;
create policy device_read on device for select to tepai_web, tepai_reader
    using (exists (select from station s where s.id = station_id));
create policy device_write on device for all to tepai_web
    using ((select actor_role()) in ('city_office', 'administrator'))
    with check ((select actor_role()) in ('city_office', 'administrator'));
create policy device_programs on device for select to tepai_report, tepai_jobs, tepai_gateway using (true);
alter table sensor enable row level security;
alter table sensor force row level security;
create policy sensor_read on sensor for select to tepai_web, tepai_reader
    using (exists (select from device d where d.id = device_id));
create policy sensor_write on sensor for all to tepai_web
    using ((select actor_role()) in ('city_office', 'administrator'))
    with check ((select actor_role()) in ('city_office', 'administrator'));
create policy sensor_programs on sensor for select to tepai_report, tepai_jobs, tepai_gateway using (true);

-- People and subjects.
grant select, insert, update on correspondent to tepai_web;
grant select on correspondent, correspondent_village to tepai_report, tepai_jobs;
alter table correspondent enable row level security;
alter table correspondent force row level security;
create policy correspondent_read on correspondent for select to tepai_web
    using ((select actor_sees_all())
           or county_code = (select actor_county())
           or id = (select actor_correspondent()));
create policy correspondent_write on correspondent for all to tepai_web
    using ((select actor_role()) in ('city_office', 'administrator') or county_code = (select actor_county()))
    with check ((select actor_role()) in ('city_office', 'administrator') or county_code = (select actor_county()));
create policy correspondent_programs on correspondent for select to tepai_report, tepai_jobs using (true);
alter table correspondent_village enable row level security;
create policy correspondent_village_read on correspondent_village for select to tepai_web
    using (exists (select from correspondent c where c.id = correspondent_id));
create policy correspondent_village_write on correspondent_village for all to tepai_web
    using ((select actor_role()) in ('city_office', 'administrator')
           or left(village_code, 6) = (select actor_county()))
    with check ((select actor_role()) in ('city_office', 'administrator')
           or left(village_code, 6) = (select actor_county()));
create policy correspondent_village_programs on correspondent_village for select to tepai_report, tepai_jobs using (true);

grant select, insert, update on household, organisation, technician to tepai_web;
grant select on household, organisation, technician to tepai_report, tepai_jobs;
alter table household enable row level security;
alter table household force row level security;
create policy household_read on household for select to tepai_web
    using ((select actor_sees_all())
           or county_code = (select actor_county())
           or village_code in (select actor_villages()));
create policy household_write on household for all to tepai_web
    using ((select actor_role()) = 'administrator' or county_code = (select actor_county()))
    with check ((select actor_role()) = 'administrator' or county_code = (select actor_county())
                or village_code in (select actor_villages()));
create policy household_programs on household for select to tepai_report, tepai_jobs using (true);
alter table organisation enable row level security;
alter table organisation force row level security;
create policy organisation_read on organisation for select to tepai_web
    using ((select actor_sees_all())
           or county_code = (select actor_county())
           or county_code in (select actor_service_counties()));
create policy organisation_write on organisation for all to tepai_web
    using ((select actor_role()) = 'administrator' or county_code = (select actor_county()))
    with check ((select actor_role()) = 'administrator' or county_code = (select actor_county()));
create policy organisation_programs on organisation for select to tepai_report, tepai_jobs using (true);
alter table technician enable row level security;
alter table technician force row level security;
create policy technician_all on technician for all to tepai_web
    using ((select actor_sees_all()) or county_code = (select actor_county())
           or county_code in (select actor_service_counties()))
    with check ((select actor_role()) = 'administrator' or county_code = (select actor_county())
           or county_code in (select actor_service_counties()));
create policy technician_programs on technician for select to tepai_report, tepai_jobs using (true);

-- Records, revisions, reviews, facts: one rule to read them, by the columns each of them carries.
create function secure_by_correspondent(table_name regclass, written_by_author text) returns void
    language plpgsql
    as $fn$
    declare
        seen constant text := '(select actor_sees_all()) or county_code = (select actor_county())'
            ' or correspondent_id = (select actor_correspondent())';
        written constant text := format('(select actor_role()) = ''administrator'''
            ' or county_code = (select actor_county())'
            ' or (correspondent_id = (select actor_correspondent()) and %s)', written_by_author);
    begin
        execute format('alter table %s enable row level security', table_name);
        execute format('alter table %s force row level security', table_name);
        execute format('create policy %I on %s for select to tepai_web using (%s)',
            table_name || '_read', table_name, seen);
        execute format('create policy %I on %s for insert to tepai_web with check (%s)',
            table_name || '_insert', table_name, written);
        execute format('create policy %I on %s for update to tepai_web using (%s) with check (%s)',
            table_name || '_update', table_name, written, written);
        execute format('create policy %I on %s for delete to tepai_web using (%s)',
            table_name || '_delete', table_name, written);
        execute format('create policy %I on %s for select to tepai_report, tepai_jobs using (true)',
            table_name || '_programs', table_name);
        execute format('grant select on %s to tepai_report, tepai_jobs', table_name);
    end
    $fn$;
comment on function secure_by_correspondent is 'Row security for a table with correspondent_id and county_code; the second argument says when its author may write a row.';

select secure_by_correspondent('record', $$status = 'submitted'$$);
-- An author may take up a returned record again, and only submit it: never verify it.
alter policy record_update on record
    using ((select actor_role()) = 'administrator' or county_code = (select actor_county())
           or (correspondent_id = (select actor_correspondent()) and status = 'returned'));
select secure_by_correspondent('record_revision', 'true');
-- Nobody reviews their own record, or in another's name.
select secure_by_correspondent('review', 'false');
alter policy review_insert on review
    with check (reviewer_id = (select actor_id())
                and ((select actor_role()) = 'administrator' or county_code = (select actor_county())));
-- Facts follow their record: an author writes them while it is submitted, not once it is reviewed.
select secure_by_correspondent(name::regclass,
    $$exists (select from record r where r.id = record_id and r.status = 'submitted'
                and r.correspondent_id = (select actor_correspondent()))$$)
from unnest(array[
    'served_household', 'assisted_organisation', 'training_report', 'promoted_item',
    'income_line', 'technician_training', 'base_establishment'
]) as name;
grant select, insert, update on record to tepai_web;
grant select, insert on record_revision, review to tepai_web;
grant select, insert, update, delete on served_household, assisted_organisation, training_report,
    promoted_item, income_line, technician_training, base_establishment to tepai_web;

grant select, insert on audit_line to tepai_web;
grant insert on audit_line to tepai_jobs, tepai_report;
alter table audit_line enable row level security;
alter table audit_line force row level security;
create policy audit_line_read on audit_line for select to tepai_web
    using ((select actor_role()) in ('auditor', 'administrator'));
create policy audit_line_append on audit_line for insert to tepai_web
    with check (actor_id is not distinct from (select actor_id()));
create policy audit_line_programs on audit_line for insert to tepai_jobs, tepai_report with check (true);

-- Readings: the gateway writes, the jobs roll up, the web role sees only the views below.
grant select, insert, update on reading, reading_latest, rollup_due to tepai_gateway;
grant select, insert on reading_rejected to tepai_gateway;
grant select, insert, update, delete on reading, reading_hour, reading_day, rollup_due to tepai_jobs;
grant select on reading_latest, reading_rejected to tepai_jobs;
grant select on reading, reading_hour, reading_day, reading_latest to tepai_report;
grant select, insert, update, delete on job_period to tepai_jobs;
grant select, insert, update on alert to tepai_jobs;
grant select on reading, reading_hour, reading_day, reading_latest, reading_rejected, alert to tepai_reader;

alter table job_period enable row level security;
alter table job_period force row level security;
create policy job_period_jobs on job_period for all to tepai_jobs using (true) with check (true);
create policy job_period_read on job_period for select to tepai_web
    using ((select actor_role()) in ('city_office', 'auditor', 'administrator'));
grant select on job_period to tepai_web;

alter table alert enable row level security;
alter table alert force row level security;
create policy alert_read on alert for select to tepai_web, tepai_reader
    using (exists (select from station s where s.id = station_id));
create policy alert_jobs on alert for all to tepai_jobs using (true) with check (true);
grant select on alert to tepai_web;

create view reading_visible with (security_barrier) as
    select r.sensor_id, r.time, r.value, r.quality
    from reading r join sensor s on s.id = r.sensor_id;
create view reading_hour_visible with (security_barrier) as
    select r.* from reading_hour r join sensor s on s.id = r.sensor_id;
create view reading_day_visible with (security_barrier) as
    select r.* from reading_day r join sensor s on s.id = r.sensor_id;
create view reading_latest_visible with (security_barrier) as
    select r.* from reading_latest r join sensor s on s.id = r.sensor_id;
create view reading_rejected_visible with (security_barrier) as
    select r.* from reading_rejected r
    where exists (select from station s where s.id = r.station_id)
       or (r.station_id is null and actor_sees_all());
alter view reading_visible owner to tepai_reader;
alter view reading_hour_visible owner to tepai_reader;
alter view reading_day_visible owner to tepai_reader;
alter view reading_latest_visible owner to tepai_reader;
alter view reading_rejected_visible owner to tepai_reader;
comment on view reading_visible is 'Readings of the stations that the actor may see.';
comment on view reading_hour_visible is 'Hourly rollups of the stations that the actor may see.';
comment on view reading_day_visible is 'Daily rollups of the stations that the actor may see.';
comment on view reading_latest_visible is 'Newest readings of the stations that the actor may see.';
comment on view reading_rejected_visible is 'Rejected messages of the stations that the actor may see; those of no station for those who see all.';
grant select on reading_visible, reading_hour_visible, reading_day_visible, reading_latest_visible,
    reading_rejected_visible to tepai_web;
