-- Devices that do not speak the native JSON: how their messages are read (gateway/codecs).

create table device_profile (
    id uuid primary key,
    code text not null constraint device_profile_code_shape check (code ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    name_zh text not null constraint device_profile_name_zh_given check (name_zh <> ''),
    name_en text not null constraint device_profile_name_en_given check (name_en <> ''),
    codec text not null constraint device_profile_codec_known
        check (codec in ('senml', 'chirpstack', 'things_stack', 'tasmota', 'scaled_integers')),
    zone text not null default 'Asia/Shanghai'
        constraint device_profile_zone_given check (zone <> ''),
    fields jsonb not null default '{}',
    created_at timestamptz not null default now(),
    constraint device_profile_code_unique unique (code),
    constraint device_profile_fields_shape check (
        jsonb_typeof(fields) = 'object'
        and not jsonb_path_exists(fields, '$.* ? (
            @.type() != "object"
            || !exists(@.sensor ? (@.type() == "string"))
            || exists(@.quantity ? (@.type() != "string"))
            || exists(@.unit ? (@.type() != "string"))
            || exists(@.factor ? (@.type() != "number" || @.abs() < 1e-12 || @.abs() > 1e12))
            || exists(@.offset ? (@.type() != "number" || @.abs() > 1e12))
            || exists(@.text ? (@.type() != "boolean"))
        )')
        -- The path above looks through lists as if they were not there.
        and not jsonb_path_exists(fields, 'strict $.* ? (@.type() == "array")', '{}', true)
        and not jsonb_path_exists(fields, 'strict $.*.* ? (@.type() == "array")', '{}', true)
    )
);
comment on table device_profile is 'How the messages of one kind of device are read: codec, time zone, and which field is which sensor.';
comment on column device_profile.code is 'Name for people and files; never changes.';
comment on column device_profile.codec is 'Module of gateway/codecs that reads the messages.';
comment on column device_profile.zone is 'IANA time zone in which times without an offset are read.';
comment on column device_profile.fields is 'Name of a field in the message -> {"sensor": code of the device''s sensor, "quantity": what that sensor must measure, "unit": UCUM code of value * factor + offset where the message names none, "factor": 1, "offset": 0, "text": true where the number comes as text}. Only sensor is required. Fields that are not named are left out.';

alter table device add column profile_id uuid constraint device_profile_exists references device_profile;
alter table device add column external_id text
    constraint device_external_id_given check (external_id <> '' and length(external_id) <= 255);
comment on column device.profile_id is 'How its messages are read; null for the native JSON.';
comment on column device.external_id is 'What a foreign network calls it: DevEUI (ChirpStack), device id or application@tenant/device id (The Things Stack), topic (Tasmota), base name (SenML).';
-- A replaced device's successor may keep its name in the foreign network.
create unique index device_external_id_unique on device (lower(external_id)) where retired_at is null;

grant select, insert, update on device_profile to tepai_web;
grant select on device_profile to tepai_gateway;
alter table device_profile enable row level security;
alter table device_profile force row level security;
create policy device_profile_read on device_profile for select to tepai_web
    using ((select actor_role()) is not null);
create policy device_profile_write on device_profile for all to tepai_web
    using ((select actor_role()) in ('city_office', 'administrator'))
    with check ((select actor_role()) in ('city_office', 'administrator'));
create policy device_profile_programs on device_profile for select to tepai_gateway using (true);
