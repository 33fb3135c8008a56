-- select_accounts --
-- Accounts by name, those disabled last.
select a.id, a.username, a.display_name, a.role, a.county_code, y.name as county,
       a.correspondent_id, a.disabled_at, a.locked_until, a.created_at,
       (select max(s.last_used_at) from session s where s.account_id = a.id) as last_seen_at
from account a
left join division y on y.code = a.county_code
where (%(text)s::text is null or a.username ilike %(text)s or a.display_name ilike %(text)s)
  and (%(role)s::text is null or a.role = %(role)s)
  and (%(after)s::text is null or a.username > %(after)s)
order by a.username
limit %(limit)s;

-- insert_account --
-- A new account.
insert into account (id, username, password_hash, display_name, role, county_code, correspondent_id)
values (
    %(id)s, %(username)s, %(password_hash)s, %(display_name)s, %(role)s, %(county_code)s,
    %(correspondent_id)s
);

-- insert_station_manager --
-- A park manager looks after these stations.
insert into station_manager (account_id, station_id)
select %(account_id)s, s.id from station s where s.id = any(%(stations)s::uuid[]);

-- disable_account --
-- The account may no longer sign in.
update account set disabled_at = now() where id = %(id)s and disabled_at is null;

-- enable_account --
-- The account may sign in again, and is no longer locked.
update account set disabled_at = null, locked_until = null, failed_sign_ins = 0
where id = %(id)s and disabled_at is not null;

-- set_password_hash --
-- A new password; wrong ones before are forgotten.
update account set password_hash = %(password_hash)s, locked_until = null, failed_sign_ins = 0
where id = %(id)s;

-- revoke_sessions --
-- Ends all sessions of an account.
update session set revoked_at = now() where account_id = %(id)s and revoked_at is null;

-- select_account_name --
-- The name by which an account signs in.
select username from account where id = %(id)s;

-- select_stations --
-- Stations to put in a park manager's charge.
select id, name_zh, name_en from station order by code;

-- select_audit_lines --
-- One page of the audit trail, newest first.
select a.id, a.happened_at, account_display_name(a.actor_id) as who, a.action, a.subject_kind,
       a.subject_id, a.detail
from audit_line a
where (%(before)s::bigint is null or a.id < %(before)s)
  and (%(text)s::text is null or a.action ilike %(text)s or a.subject_id ilike %(text)s)
order by a.id desc
limit %(limit)s;

-- select_items --
-- One page of the catalogue by name.
select id, kind, name, crop, created_at from catalogue_item
where (%(text)s::text is null or name ilike %(text)s)
  and (%(kind)s::text is null or kind = %(kind)s)
  and (%(after_id)s::uuid is null or (name, id) > (%(after_name)s::text, %(after_id)s))
order by name, id
limit %(limit)s;

-- insert_item --
-- A technology or variety that may be promoted from now on.
insert into catalogue_item (id, kind, name, crop) values (%(id)s, %(kind)s, %(name)s, %(crop)s);
