-- Records as submitted, their review, and the typed facts that totals count.

create table record (
    id uuid primary key,
    form text not null check (form in ('visit', 'training', 'promotion', 'income', 'technician', 'base')),
    form_version integer not null check (form_version > 0),
    correspondent_id uuid not null references correspondent,
    county_code text not null references division,
    village_code text not null references division,
    occurred_on date not null,
    service_mode text check (service_mode in ('enterprise', 'association', 'family_farm')),
    service_days numeric(6, 2) not null default 0 check (service_days >= 0),
    status text not null default 'submitted' check (status in ('submitted', 'returned', 'verified', 'rejected')),
    revision integer not null default 1 check (revision > 0),
    field_values jsonb not null check (jsonb_typeof(field_values) = 'object'),
    body_sha256 bytea not null check (length(body_sha256) = 32),
    captured_at timestamptz not null,
    received_at timestamptz not null default now(),
    changed_xid xid8 not null default pg_current_xact_id()
);
create index record_period on record (status, occurred_on);
create index record_correspondent on record (correspondent_id, occurred_on desc);
create index record_county on record (county_code, status, occurred_on desc);
create index record_changed on record (changed_xid);
comment on table record is 'One submitted form. Only verified records are counted.';
comment on column record.id is 'UUIDv7 made on the phone.';
comment on column record.occurred_on is 'Day of service, Asia/Shanghai; its year is the year it counts in.';
comment on column record.service_days is 'Days spent. [d]';
comment on column record.field_values is 'The values as filled in, field name to value, after the form''s schema.';
comment on column record.body_sha256 is 'SHA-256 over form, version and values in canonical JSON: same id and same hash is a repeat.';
comment on column record.captured_at is 'When it was saved, by the phone''s clock.';
comment on column record.changed_xid is 'Transaction of the last change; the pull cursor compares it.';

create table record_revision (
    record_id uuid not null references record,
    revision integer not null,
    correspondent_id uuid not null,
    county_code text not null,
    field_values jsonb not null,
    body_sha256 bytea not null,
    captured_at timestamptz not null,
    received_at timestamptz not null,
    primary key (record_id, revision)
);
comment on table record_revision is 'Every version that a record had before its present one.';

create table review (
    id uuid primary key,
    record_id uuid not null references record,
    revision integer not null,
    correspondent_id uuid not null,
    county_code text not null,
    decision text not null check (decision in ('verified', 'returned', 'rejected')),
    reason text not null default '',
    fields text[] not null default '{}',
    reviewer_id uuid not null references account,
    reviewed_at timestamptz not null default now(),
    constraint review_reason_given check (decision = 'verified' or reason <> '')
);
create index review_record on review (record_id, reviewed_at desc);
comment on table review is 'What a county office decided on one revision of a record, and why.';
comment on column review.fields is 'Names of the fields that the reason concerns.';

-- Facts. Each repeats correspondent and county of its record, so that row security needs no join.
create table served_household (
    record_id uuid not null references record,
    household_id uuid not null references household,
    correspondent_id uuid not null,
    county_code text not null,
    primary key (record_id, household_id)
);
create index served_household_household on served_household (household_id);
comment on table served_household is 'A household got a service through this record: visited, trained, adopted an item, or had its income recorded.';

create table assisted_organisation (
    record_id uuid not null references record,
    organisation_id uuid not null references organisation,
    correspondent_id uuid not null,
    county_code text not null,
    primary key (record_id, organisation_id)
);
comment on table assisted_organisation is 'An organisation was assisted through this record.';

create table training_report (
    record_id uuid primary key references record,
    session_key text not null,
    attendance integer not null check (attendance > 0),
    correspondent_id uuid not null,
    county_code text not null
);
comment on table training_report is 'One correspondent''s report of a training session.';
comment on column training_report.session_key is 'Equal for reports of one session: its day and code, else day, village and subject.';
comment on column training_report.attendance is 'People who came. [person-times]';

create table promoted_item (
    record_id uuid primary key references record,
    item_id uuid not null references catalogue_item,
    kind text not null check (kind in ('technology', 'variety')),
    area_mu numeric(12, 2) check (area_mu >= 0),
    correspondent_id uuid not null,
    county_code text not null
);
comment on table promoted_item is 'A technology or variety promoted.';
comment on column promoted_item.area_mu is 'Area under it. [mu; 15 mu = 1 ha]';

create table income_line (
    record_id uuid primary key references record,
    household_id uuid not null references household,
    year integer not null,
    product text not null,
    gain_yuan numeric(18, 2) not null,
    has_baseline boolean not null,
    correspondent_id uuid not null,
    county_code text not null
);
comment on table income_line is 'What one household gained from one product in one year.';
comment on column income_line.year is 'Civil year of the record''s occurred_on.';
comment on column income_line.gain_yuan is 'area x (yield x price - cost) of the year, less the same of the household''s baseline year. [CNY]';
comment on column income_line.has_baseline is 'False: an estimate without a baseline, shown apart and not in the total.';

create table technician_training (
    record_id uuid primary key references record,
    technician_id uuid not null references technician,
    correspondent_id uuid not null,
    county_code text not null
);
comment on table technician_training is 'A backbone technician was trained.';

create table base_establishment (
    record_id uuid primary key references record,
    station_id uuid not null references station,
    correspondent_id uuid not null,
    county_code text not null
);
comment on table base_establishment is 'A demo base was established on the record''s day.';

create table audit_line (
    id bigint generated always as identity primary key,
    happened_at timestamptz not null default now(),
    actor_id uuid,
    action text not null check (action <> ''),
    subject_kind text not null,
    subject_id text not null,
    detail jsonb not null default '{}'
);
create index audit_line_subject on audit_line (subject_kind, subject_id);
comment on table audit_line is 'Every write, sign-in and export: appended, never changed.';
comment on column audit_line.actor_id is 'The account; null where nobody had signed in.';

create table target (
    indicator text not null,
    division_code text not null references division,
    year integer not null check (year between 2000 and 2100),
    value numeric not null,
    unit text not null,
    name_zh text not null,
    name_en text not null,
    primary key (indicator, division_code, year)
);
comment on table target is 'What a division shall reach in an indicator by a year.';

create table reported_figure (
    indicator text not null,
    division_code text not null references division,
    year integer not null check (year between 2000 and 2100),
    value numeric not null,
    source text not null check (source <> ''),
    entered_by uuid references account,
    entered_at timestamptz not null default now(),
    primary key (indicator, division_code, year)
);
comment on table reported_figure is 'Plan indicators that are entered, not counted (R&D intensity, ...).';
