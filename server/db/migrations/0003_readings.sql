-- Devices, sensors and their readings. On TimescaleDB `reading` is a hypertable, else partitioned.

create table device (
    id uuid primary key,
    station_id uuid not null references station,
    code text not null check (code ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    name_zh text not null check (name_zh <> ''),
    name_en text not null check (name_en <> ''),
    report_interval_s integer not null default 300 check (report_interval_s > 0),
    created_at timestamptz not null default now(),
    retired_at timestamptz,
    constraint device_code_unique unique (station_id, code)
);
comment on table device is 'What posts readings under its own topic.';
comment on column device.report_interval_s is 'How often it should report; silent after three intervals. [s]';

create table sensor (
    id integer generated always as identity primary key,
    device_id uuid not null references device,
    code text not null check (code ~ '^[a-z0-9][a-z0-9_.-]{0,62}$'),
    quantity text not null,
    position_m double precision check (position_m between -50 and 200),
    label_zh text not null default '',
    label_en text not null default '',
    created_at timestamptz not null default now(),
    constraint sensor_code_unique unique (device_id, code)
);
comment on table sensor is 'One quantity at one place of one device.';
comment on column sensor.code is 'What the device calls it in its messages.';
comment on column sensor.quantity is 'Key of contracts.quantities.QUANTITIES, which gives the unit.';
comment on column sensor.position_m is 'Height above ground, negative for depth. [m]';

do $$
begin
    if exists (select from pg_extension where extname = 'timescaledb') then
        create table reading (
            sensor_id integer not null,
            time timestamptz not null,
            value double precision not null,
            quality smallint not null default 1,
            primary key (sensor_id, time)
        );
        perform create_hypertable('reading', 'time', chunk_time_interval => interval '7 days');
    else
        create table reading (
            sensor_id integer not null,
            time timestamptz not null,
            value double precision not null,
            quality smallint not null default 1,
            primary key (sensor_id, time)
        ) partition by range (time);
        create table reading_default partition of reading default;
        comment on table reading_default is 'Readings of months that have no partition yet; the job moves them.';
    end if;
end
$$;
comment on table reading is 'Measured values. No foreign key and no row security: the web role reads through reading_visible.';
comment on column reading.time is 'When it was measured, to the microsecond.';
comment on column reading.value is 'In the canonical unit of the sensor''s quantity.';
comment on column reading.quality is 'QARTOD: 1 good, 2 unknown, 3 suspect, 4 fail, 9 missing.';

create table reading_latest (
    sensor_id integer primary key,
    time timestamptz not null,
    value double precision not null,
    quality smallint not null
);
comment on table reading_latest is 'The newest reading of each sensor, for dashboards.';

create table reading_hour (
    sensor_id integer not null,
    hour timestamptz not null,
    count integer not null,
    min double precision not null,
    max double precision not null,
    mean double precision not null,
    sum double precision not null,
    first double precision not null,
    last double precision not null,
    primary key (sensor_id, hour)
);
comment on table reading_hour is 'Readings by hour, recomputed whole from reading.';
comment on column reading_hour.hour is 'Start of the hour; it holds [hour, hour + 1 h).';

create table reading_day (
    sensor_id integer not null,
    day date not null,
    count integer not null,
    min double precision not null,
    max double precision not null,
    mean double precision not null,
    sum double precision not null,
    first double precision not null,
    last double precision not null,
    primary key (sensor_id, day)
);
comment on table reading_day is 'Readings by civil day of Asia/Shanghai, recomputed whole from reading.';

create table rollup_due (
    sensor_id integer not null,
    hour timestamptz not null,
    marked_at timestamptz not null default now(),
    primary key (sensor_id, hour)
);
comment on table rollup_due is 'Hours that got readings since their rollup was computed; the gateway marks, the job clears.';

create table reading_rejected (
    id bigint generated always as identity primary key,
    received_at timestamptz not null default now(),
    topic text not null,
    payload bytea not null,
    payload_bytes integer not null,
    reason text not null,
    detail jsonb not null check (jsonb_typeof(detail) = 'object'),
    sensor_code text,
    station_id uuid references station,
    redelivery_key bytea constraint reading_rejected_once unique
);
create index reading_rejected_received on reading_rejected (received_at desc);
comment on table reading_rejected is 'Messages, or single readings of one, that could not be kept as readings.';
comment on column reading_rejected.payload is 'The raw bytes, the first 64 kB of them.';
comment on column reading_rejected.payload_bytes is 'Length of the whole payload. [byte]';
comment on column reading_rejected.reason is 'Code of contracts.readings.RejectReason.';
comment on column reading_rejected.detail is 'What was given and what would be right: code (of contracts.rejections), parameters, place in the message.';
comment on column reading_rejected.station_id is 'The station of the topic, where it is known.';
comment on column reading_rejected.redelivery_key is 'SHA-256 of topic, payload, place in it and day: a redelivered message is kept once.';

create table alert (
    id uuid primary key,
    kind text not null check (kind in ('station_silent')),
    station_id uuid not null references station,
    device_id uuid references device,
    opened_at timestamptz not null default now(),
    closed_at timestamptz,
    detail jsonb not null default '{}'
);
create unique index alert_open_once on alert (kind, station_id, coalesce(device_id, station_id)) where closed_at is null;
comment on table alert is 'Something a park manager should see; closed when it is over.';

create table job_period (
    job text not null,
    period_start timestamptz not null,
    period_end timestamptz not null check (period_end > period_start),
    started_at timestamptz not null,
    finished_at timestamptz not null,
    rows_done bigint not null default 0,
    primary key (job, period_start)
);
comment on table job_period is 'The ledger of periods that a job has finished; what is missing is done at the next start.';
