-- select_stations --
-- Stations that the actor may see, parks first; one if its code is given.
select s.id, s.code, s.kind, s.grade, s.name_zh, s.name_en, s.county_code, c.name as county,
    s.longitude, s.latitude
from station s
join division c on c.code = s.county_code
where %(code)s::text is null or s.code = %(code)s
order by s.kind desc, length(s.code), s.code; -- base-2 before base-10

-- select_devices --
-- Devices of the given stations.
select id, station_id, code, name_zh, name_en, report_interval_s, created_at, retired_at
from device
where station_id = any(%(station_ids)s)
order by code;

-- select_sensors --
-- Sensors of the devices of the given stations, in the order in which they were entered.
select n.id, n.device_id, n.code, n.quantity, n.position_m, n.label_zh, n.label_en
from sensor n
join device d on d.id = n.device_id
where d.station_id = any(%(station_ids)s)
order by n.id;

-- select_latest --
-- The newest reading of each of the given sensors.
select sensor_id, time, value, quality
from reading_latest_visible
where sensor_id = any(%(sensor_ids)s);

-- select_today --
-- Lowest and highest value, and the sum, of today (Asia/Shanghai) of each of the given sensors.
select sensor_id, min, max, sum
from reading_day_visible
where sensor_id = any(%(sensor_ids)s) and day = (now() at time zone 'Asia/Shanghai')::date;

-- count_rejected --
-- How many messages to a station were rejected.
select count(*) as count from reading_rejected_visible where station_id = %(station_id)s;

-- select_counties --
-- The counties that a station may lie in.
select code, name from division where level = 'county' order by code;

-- insert_station --
-- A new station.
insert into station (id, code, kind, grade, name_zh, name_en, county_code, longitude, latitude)
values (%(id)s, %(code)s, %(kind)s, %(grade)s, %(name_zh)s, %(name_en)s, %(county_code)s,
    %(longitude)s, %(latitude)s);

-- update_station --
-- All but the code, which stands in topics.
update station set kind = %(kind)s, grade = %(grade)s, name_zh = %(name_zh)s,
    name_en = %(name_en)s, county_code = %(county_code)s, longitude = %(longitude)s,
    latitude = %(latitude)s, changed_xid = pg_current_xact_id()
where id = %(id)s;

-- insert_device --
-- A new device of a station.
insert into device (id, station_id, code, name_zh, name_en, report_interval_s)
values (%(id)s, %(station_id)s, %(code)s, %(name_zh)s, %(name_en)s, %(report_interval_s)s);

-- update_device --
-- All but the code; `retired` keeps the moment of the first retirement.
update device set name_zh = %(name_zh)s, name_en = %(name_en)s,
    report_interval_s = %(report_interval_s)s,
    retired_at = case when %(retired)s then coalesce(retired_at, now()) end
where id = %(id)s;

-- insert_sensor --
-- A new sensor of a device; its number.
insert into sensor (device_id, code, quantity, position_m, label_zh, label_en)
values (%(device_id)s, %(code)s, %(quantity)s, %(position_m)s, %(label_zh)s, %(label_en)s)
returning id;

-- update_sensor --
-- Place and label; code and quantity stay, because readings were taken under them.
update sensor set position_m = %(position_m)s, label_zh = %(label_zh)s, label_en = %(label_en)s
where id = %(id)s;
