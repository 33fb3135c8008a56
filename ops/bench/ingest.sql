-- insert_city --
-- The city, so that a county has something to lie in.
insert into division (code, name, level) values ('341300', '宿州市', 'city')

-- insert_county --
-- The county that the station lies in.
insert into division (code, name, level, parent_code)
values ('341321', '砀山县', 'county', '341300')

-- insert_station --
-- The one station of the benchmark.
insert into station (id, code, kind, name_zh, name_en, county_code)
values (%(id)s, 'bench', 'park', '测试', 'Bench', '341321')

-- insert_device --
-- One device of it.
insert into device (id, station_id, code, name_zh, name_en)
values (%(id)s, %(station_id)s, %(code)s, '测试', 'Bench')

-- insert_sensor --
-- One sensor of a device; its id.
insert into sensor (device_id, code, quantity)
values (%(device_id)s, %(code)s, 'soil_moisture')
returning id

-- empty_readings --
-- Every run begins with empty tables.
truncate reading, reading_latest, rollup_due, reading_rejected

-- checkpoint --
-- So that no run pays for the one before it.
checkpoint

-- count_readings --
-- Readings kept, and rejected ones.
select (select count(*) from reading), (select count(*) from reading_rejected)

-- select_arrived --
-- Whether the sensor's newest reading is of this time or later, and its time in microseconds since
-- 1970; 0 before the first.
select
    coalesce(max(time) >= timestamptz 'epoch' + %(time_us)s::bigint * interval '1 microsecond', false),
    coalesce((extract(epoch from max(time)) * 1000000)::bigint, 0)
from reading_latest
where sensor_id = %(sensor_id)s

-- select_transactions --
-- For one reading of each message: its time in microseconds since 1970, and the transaction that
-- wrote it.
select (extract(epoch from time) * 1000000)::bigint as time_us, xmin::text::bigint as transaction
from reading
where sensor_id = any(%(sensor_ids)s)

-- listen --
-- The gateway's word after each commit.
listen reading
