-- has_database --
-- Whether the cluster has the database.
select exists (select from pg_database where datname = %(name)s);

-- insert_division --
-- A division; one that is there stays as it is.
insert into division (code, name, level, parent_code)
values (%(code)s, %(name)s, %(level)s, %(parent_code)s)
on conflict do nothing;

-- insert_first_administrator --
-- The administrator, as long as nobody at all can sign in.
insert into account (id, username, password_hash, display_name, role)
select %(id)s, 'admin', %(password_hash)s, '系统管理员', 'administrator'
where not exists (select from account);
