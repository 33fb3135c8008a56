-- Divisions, accounts, correspondents and the subjects they serve.

create table division (
    code text primary key check (code ~ '^[0-9]{6}([0-9]{3}([0-9]{3})?)?$'),
    name text not null check (name <> ''),
    level text not null check (level in ('city', 'county', 'township', 'village')),
    parent_code text references division,
    check ((level = 'city') = (parent_code is null))
);
create index division_parent on division (parent_code);
comment on table division is 'Administrative divisions: GB/T 2260 county codes, and the 9- and 12-digit township and village codes under them.';
comment on column division.code is '6 digits city or county, 9 township, 12 village.';
comment on column division.parent_code is 'The division this one lies in; null for the city alone.';

create table station (
    id uuid primary key,
    code text not null constraint station_code_unique unique check (code ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    kind text not null check (kind in ('park', 'base')),
    name_zh text not null check (name_zh <> ''),
    name_en text not null check (name_en <> ''),
    county_code text not null references division,
    grade text check (grade in ('national', 'provincial', 'city')),
    longitude double precision check (longitude between -180 and 180),
    latitude double precision check (latitude between -90 and 90),
    created_at timestamptz not null default now(),
    changed_xid xid8 not null default pg_current_xact_id()
);
comment on table station is 'An agricultural park or demo base, where devices may stand.';
comment on column station.code is 'The part of MQTT topics that names the station.';
comment on column station.longitude is 'WGS-84. [deg]';
comment on column station.latitude is 'WGS-84. [deg]';
comment on column station.changed_xid is 'Transaction of the last change; the pull cursor compares it.';

create table correspondent (
    id uuid primary key,
    name text not null check (name <> ''),
    level text not null check (level in ('province', 'city', 'county', 'three_area')),
    specialty text not null,
    county_code text not null references division,
    created_at timestamptz not null default now()
);
create index correspondent_county on correspondent (county_code);
comment on table correspondent is 'A person dispatched to villages, organisations or a base.';
comment on column correspondent.specialty is 'Code of contracts.codes.SPECIALTIES.';
comment on column correspondent.county_code is 'The county served; decides which county office sees the person.';

create table correspondent_village (
    correspondent_id uuid not null references correspondent on delete cascade,
    village_code text not null references division,
    primary key (correspondent_id, village_code)
);
comment on table correspondent_village is 'The villages a correspondent serves; their households are on the phone.';

create table account (
    id uuid primary key,
    username text not null constraint account_username_unique unique check (username ~ '^[a-z0-9._-]{2,40}$'),
    password_hash text not null,
    display_name text not null check (display_name <> ''),
    role text not null check (role in ('correspondent', 'county_office', 'park_manager', 'city_office', 'auditor', 'administrator')),
    county_code text references division,
    correspondent_id uuid constraint account_correspondent_unique unique references correspondent,
    language text not null default 'zh' check (language in ('zh', 'en')),
    failed_sign_ins integer not null default 0 check (failed_sign_ins >= 0),
    locked_until timestamptz,
    disabled_at timestamptz,
    created_at timestamptz not null default now(),
    constraint account_scope check (
        (role = 'correspondent') = (correspondent_id is not null)
        and (role <> 'county_office' or county_code is not null)
    )
);
comment on table account is 'Who may sign in, and as what.';
comment on column account.password_hash is 'argon2id, encoded with its parameters.';
comment on column account.county_code is 'The county of a county office.';
comment on column account.locked_until is 'No sign-in before this time, after too many wrong passwords.';

create table session (
    token_sha256 bytea primary key,
    account_id uuid not null references account on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    last_used_at timestamptz not null default now(),
    revoked_at timestamptz,
    user_agent text not null default ''
);
create index session_account on session (account_id);
comment on table session is 'Opaque tokens of browsers and phones; only the SHA-256 of a token is kept.';

create table station_manager (
    account_id uuid not null references account on delete cascade,
    station_id uuid not null references station on delete cascade,
    primary key (account_id, station_id)
);
comment on table station_manager is 'Which park manager sees which stations.';

create table household (
    id uuid primary key,
    village_code text not null references division,
    county_code text not null references division,
    head_name text not null check (head_name <> ''),
    created_at timestamptz not null default now(),
    changed_xid xid8 not null default pg_current_xact_id()
);
create index household_village on household (village_code, head_name);
comment on table household is 'One farm household; distinct people are counted by it.';
comment on column household.head_name is 'Name of the head of household.';
comment on column household.changed_xid is 'Transaction of the last change; the pull cursor compares it.';

create table organisation (
    id uuid primary key,
    name text not null check (name <> ''),
    kind text not null check (kind in ('enterprise', 'cooperative', 'family_farm', 'association', 'workstation')),
    county_code text not null references division,
    created_at timestamptz not null default now(),
    changed_xid xid8 not null default pg_current_xact_id(),
    constraint organisation_name_unique unique (county_code, name)
);
comment on table organisation is 'Enterprises, co-ops, family farms, associations, workstations.';

create table catalogue_item (
    id uuid primary key,
    kind text not null check (kind in ('technology', 'variety')),
    name text not null check (name <> ''),
    crop text,
    created_at timestamptz not null default now(),
    changed_xid xid8 not null default pg_current_xact_id(),
    constraint catalogue_item_name_unique unique (kind, name)
);
comment on table catalogue_item is 'Technologies and varieties that can be promoted.';
comment on column catalogue_item.crop is 'Code of contracts.codes.CROPS, where the item is for one crop.';

create table technician (
    id uuid primary key,
    name text not null check (name <> ''),
    village_code text not null references division,
    county_code text not null references division,
    birth_year integer not null check (birth_year between 1900 and 2100),
    constraint technician_person_unique unique (village_code, name, birth_year)
);
comment on table technician is 'Backbone technicians; village, name and year of birth tell people apart.';
