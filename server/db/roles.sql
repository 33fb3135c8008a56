-- create_roles --
-- The roles of design §7, once per cluster, run by its superuser. Passwords are set apart.
-- tepai_owner owns all tables; tepai_reader owns the views over readings and has only what
-- those views need, so that station's row security applies to it; the others are programs.
do $$
declare
    role_name text;
begin
    foreach role_name in array array[
        'tepai_owner', 'tepai_reader', 'tepai_web', 'tepai_gateway', 'tepai_jobs', 'tepai_report'
    ] loop
        if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I nosuperuser nocreatedb nocreaterole nobypassrls', role_name);
        end if;
    end loop;
end
$$;
grant tepai_reader to tepai_owner;
alter role tepai_owner login;
alter role tepai_web login;
alter role tepai_gateway login;
alter role tepai_jobs login;
alter role tepai_report login;

-- set_role_password --
-- Gives one login role its password; {role} and {password} are composed by psycopg.sql.
alter role {role} password {password};

-- create_database --
-- A database for Tepai; ICU is not in every build, so order is by code point.
create database {name} owner tepai_owner encoding 'UTF8' locale 'C' template template0;

-- prepare_database --
-- Run by the superuser inside the new database: who may do what in its schema.
grant create, usage on schema public to tepai_owner;
grant usage on schema public to tepai_reader, tepai_web, tepai_gateway, tepai_jobs, tepai_report;
grant create on schema public to tepai_reader;
revoke all on database {name} from public;
grant connect on database {name} to tepai_owner, tepai_web, tepai_gateway, tepai_jobs, tepai_report;
grant connect, temporary on database {name} to tepai_gateway;

-- create_timescaledb --
-- The extension, where the cluster has it.
create extension if not exists timescaledb;

-- become_owner --
-- Migrations run as the owner of the tables, not as superuser.
set role tepai_owner;
