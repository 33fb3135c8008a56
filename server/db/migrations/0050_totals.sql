-- What the totals count over: verified records of a period, narrowed by filters, cut into parts.

-- Counting needs the level of a correspondent and the kind of an organisation even where the
-- actor may not see that person or organisation (a neighbour county's): ids and codes, no names.
grant select (id, level, specialty) on correspondent to tepai_reader;
grant select (id, kind) on organisation to tepai_reader;
create policy correspondent_kind_read on correspondent for select to tepai_reader using (true);
create policy organisation_kind_read on organisation for select to tepai_reader using (true);
create view correspondent_kind as
    select id, level, specialty from correspondent
    where (select actor_role()) is not null or current_user in ('tepai_report', 'tepai_jobs');
create view organisation_kind as
    select id, kind from organisation
    where (select actor_role()) is not null or current_user in ('tepai_report', 'tepai_jobs');
alter view correspondent_kind owner to tepai_reader;
alter view organisation_kind owner to tepai_reader;
grant select on correspondent_kind, organisation_kind to tepai_web, tepai_report, tepai_jobs;
comment on view correspondent_kind is 'Level and specialty of every correspondent, for counting.';
comment on view organisation_kind is 'Kind of every organisation, for counting.';

-- A view with parameters: the planner inlines it, so filters that are null cost nothing.
create function verified_record(
    first_day date, last_day date, prefix text, of_correspondent uuid,
    of_level text, of_specialty text, of_mode text, cut_by text
)
    returns table (
        id uuid, correspondent_id uuid, occurred_on date, village_code text,
        service_days numeric, part text
    )
    language sql stable parallel safe
    as $$
        select r.id, r.correspondent_id, r.occurred_on, r.village_code, r.service_days,
            case cut_by
                when 'county' then left(r.village_code, 6)
                when 'township' then left(r.village_code, 9)
                when 'village' then r.village_code
                when 'year' then to_char(r.occurred_on, 'YYYY')
                when 'month' then to_char(r.occurred_on, 'YYYY-MM')
                when 'level' then k.level
                when 'specialty' then k.specialty
                when 'mode' then coalesce(r.service_mode, 'none')
                when 'correspondent' then r.correspondent_id::text
                else ''
            end
        from record r
        left join correspondent_kind k on k.id = r.correspondent_id
        where r.status = 'verified'
          and r.occurred_on between first_day and last_day
          and (prefix = '' or r.village_code >= prefix and r.village_code < prefix || ':')
          and (of_correspondent is null or r.correspondent_id = of_correspondent)
          and (of_level is null or k.level = of_level)
          and (of_specialty is null or k.specialty = of_specialty)
          and (of_mode is null or r.service_mode = of_mode)
    $$;
comment on function verified_record is
    'The verified records that the actor may see, of first_day to last_day, whose village code '
    'begins with prefix ('''' for all); null filters let everything pass. part is the value by '
    'which totals are broken down: a division code, year, month, level, specialty, mode or '
    'correspondent; '''' when cut_by names none of them.';
