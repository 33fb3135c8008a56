-- The phone's database, version 1: who is signed in, records and their outbox, news from the
-- office, and what pickers choose from.

create table setting (
    name text primary key,
    value text not null
) strict;

-- The person on this phone; one row at most. token is null once the session has ended.
create table account (
    one integer primary key check (one = 1),
    id text not null,
    username text not null,
    display_name text not null,
    role text not null,
    language text not null,
    correspondent_id text,
    token text,
    expires_at text,
    pull_cursor text,
    last_sync_at text
) strict;

-- One filled form. state: see contracts.sync.SyncState. revision grows with each correction.
create table record (
    id text primary key,
    account_id text not null,
    form text not null,
    form_version integer not null,
    values_json text not null check (json_valid(values_json)),
    captured_at text not null,
    changed_at text not null,
    revision integer not null default 1 check (revision > 0),
    state text not null check (state in ('draft', 'queued', 'accepted', 'rejected', 'conflict')),
    problems_json text not null default '[]' check (json_valid(problems_json))
) strict;
create index record_of_account on record (account_id, captured_at desc);

-- What waits to be sent, oldest first: a row here for each record in state 'queued', no other.
create table outbox (
    place integer primary key autoincrement,
    record_id text not null unique references record (id) on delete cascade,
    queued_at text not null
) strict;

-- The office's last word on a record. Apart from record, so that a download cannot touch one.
create table news (
    record_id text primary key,
    status text not null,
    revision integer not null,
    reason text,
    fields_json text not null default '[]'
) strict;

-- What pickers choose from. kind: village, household, organisation, station, item.
-- searched: lower-case text that a search looks in; village_code and subkind narrow it down.
create table subject (
    kind text not null,
    id text not null,
    name text not null,
    name_en text,
    place text,
    subkind text,
    village_code text,
    searched text not null,
    primary key (kind, id)
) strict, without rowid;
