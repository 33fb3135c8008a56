-- select_newly_silent --
-- Devices whose newest reading is older than three of their intervals and that have no open alert.
-- A device that never reported is not silent: the pages show it as never seen.
select d.id as device_id, d.station_id, newest.time as last_reading_at
from device d
join lateral (
    select max(l.time) as time
    from sensor n join reading_latest l on l.sensor_id = n.id
    where n.device_id = d.id
) newest on newest.time < %(now)s - 3 * d.report_interval_s * interval '1 second'
where d.retired_at is null
  and not exists (
    select from alert a
    where a.kind = 'station_silent' and a.device_id = d.id and a.closed_at is null
  );

-- open_silent --
-- One alert; nothing when another process was quicker.
insert into alert (id, kind, station_id, device_id, opened_at, detail)
values (%(id)s, 'station_silent', %(station_id)s, %(device_id)s, %(now)s, %(detail)s)
on conflict do nothing;

-- close_silent --
-- Closes the alerts of devices that report again or were retired.
update alert a set closed_at = %(now)s
from device d
where a.kind = 'station_silent' and a.closed_at is null and d.id = a.device_id
  and (d.retired_at is not null or exists (
    select from sensor n join reading_latest l on l.sensor_id = n.id
    where n.device_id = d.id
      and l.time >= %(now)s - 3 * d.report_interval_s * interval '1 second'
  ));

-- select_alerts --
-- Alerts that the actor may see, open ones first, newest first; of one station if it is given.
select a.id, a.kind, s.code as station, d.code as device, d.name_zh, d.name_en,
    a.opened_at, a.closed_at, (a.detail ->> 'last_reading_at')::timestamptz as last_reading_at
from alert a
join station s on s.id = a.station_id
left join device d on d.id = a.device_id
where (%(station)s::text is null or s.code = %(station)s)
  and (a.closed_at is null or not %(open_only)s)
order by a.closed_at desc nulls first, a.opened_at desc
limit %(most)s;
