-- lock_migrations --
-- Waits until no other program migrates this database.
select pg_advisory_lock(%(key)s);

-- unlock_migrations --
-- Lets the next one migrate.
select pg_advisory_unlock(%(key)s);

-- create_schema_migration --
-- The table that remembers which migrations were applied.
create table if not exists schema_migration (
    number integer primary key,
    name text not null,
    sha256 text not null,
    applied_at timestamptz not null default now()
);
comment on table schema_migration is 'Migrations applied to this database, with the hash of their text.';

-- select_schema_migrations --
-- What was applied: number and hash.
select number, sha256 from schema_migration;

-- insert_schema_migration --
-- Remembers one migration as applied.
insert into schema_migration (number, name, sha256) values (%(number)s, %(name)s, %(sha256)s);
