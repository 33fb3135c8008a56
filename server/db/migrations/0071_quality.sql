-- Quality control: which hours are to be looked at, and what a flag replaced.

create table quality_due (
    sensor_id integer not null,
    hour timestamptz not null,
    marked_at timestamptz not null default now(),
    primary key (sensor_id, hour)
);
comment on table quality_due is 'Hours rolled up since their readings were checked; the rollups mark in the transaction that clears rollup_due, the quality job clears.';

create table reading_flag (
    sensor_id integer not null,
    time timestamptz not null,
    quality_before smallint not null,
    quality_set smallint not null,
    tests text[] not null check (tests <@ array['range', 'spike', 'rate', 'flat'] and tests <> '{}'),
    primary key (sensor_id, time)
);
comment on table reading_flag is 'Readings flagged by quality control, so that a flag can be taken back when late readings show it was none.';
comment on column reading_flag.quality_before is 'reading.quality before the job: what ingest gave it.';
comment on column reading_flag.quality_set is 'reading.quality as the job set it; another value there means that somebody else has judged since.';
comment on column reading_flag.tests is 'The tests of docs/quality.md that it did not pass.';

grant select, insert, update, delete on quality_due, reading_flag to tepai_jobs;
grant update on reading_latest to tepai_jobs;

insert into quality_due (sensor_id, hour) select sensor_id, hour from reading_hour;
