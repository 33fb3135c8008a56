-- select_setting --
-- One setting's value.
select value from setting where name = :name;

-- upsert_setting --
-- Keeps a setting.
insert into setting (name, value) values (:name, :value)
on conflict (name) do update set value = excluded.value;

-- select_account --
-- The person on this phone.
select * from account;

-- upsert_account --
-- Signs a person in; the same person keeps cursor and time of last sync.
insert into account (one, id, username, display_name, role, language, correspondent_id, token, expires_at)
values (1, :id, :username, :display_name, :role, :language, :correspondent_id, :token, :expires_at)
on conflict (one) do update set
    pull_cursor = case when account.id = excluded.id then account.pull_cursor end,
    last_sync_at = case when account.id = excluded.id then account.last_sync_at end,
    id = excluded.id, username = excluded.username, display_name = excluded.display_name,
    role = excluded.role, language = excluded.language,
    correspondent_id = excluded.correspondent_id,
    token = excluded.token, expires_at = excluded.expires_at;

-- end_session --
-- Forgets the token, if it is still this one; the person and the work stay.
update account set token = null, expires_at = null where token = :token;

-- delete_account --
-- Forgets the person; records stay and show again when the person comes back.
delete from account;

-- delete_subjects --
-- Empties the pickers, for another person has other villages.
delete from subject;

-- update_synced --
-- Notes a finished sync.
update account set last_sync_at = :at;

-- update_cursor --
-- Notes how far news have been pulled.
update account set pull_cursor = :cursor;

-- insert_draft --
-- A new record, not yet to be sent.
insert into record (id, account_id, form, form_version, values_json, captured_at, changed_at, state)
values (:id, :account_id, :form, :form_version, :values_json, :at, :at, 'draft');

-- update_draft --
-- Keeps changed values; a sent record becomes a draft of its next revision. Waiting ones stay.
update record set
    values_json = :values_json,
    form_version = :form_version,
    changed_at = :at,
    revision = case when state = 'accepted' then revision + 1 else revision end,
    state = 'draft'
where id = :id and state in ('draft', 'rejected', 'accepted');

-- queue_record --
-- Makes a record one that waits to be sent.
update record set state = 'queued', problems_json = '[]', changed_at = :at
where id = :id and state in ('draft', 'rejected');

-- insert_outbox --
-- Puts a record at the end of the outbox.
insert into outbox (record_id, queued_at) values (:id, :at);

-- delete_draft --
-- Removes a draft that was never sent.
delete from record where id = :id and state in ('draft', 'rejected') and revision = 1;

-- select_record --
-- One record with the office's last word on it.
select
    r.*, n.status as news_status, n.revision as news_revision, n.reason as news_reason,
    n.fields_json as news_fields_json,
    v.name as village
from record r
left join news n on n.record_id = r.id
left join subject v on v.kind = 'village' and v.id = json_extract(r.values_json, '$.village')
where r.id = :id;

-- select_records --
-- The records of one person, newest first.
select
    r.*, n.status as news_status, n.revision as news_revision, n.reason as news_reason,
    n.fields_json as news_fields_json,
    v.name as village
from record r
left join news n on n.record_id = r.id
left join subject v on v.kind = 'village' and v.id = json_extract(r.values_json, '$.village')
where r.account_id = :account_id
order by r.captured_at desc, r.id desc;

-- count_waiting --
-- How many records of one person wait to be sent.
select count(*) as waiting
from outbox o join record r on r.id = o.record_id
where r.account_id = :account_id;

-- count_drafts --
-- How many records of one person are unfinished.
select count(*) as drafts from record where account_id = :account_id and state = 'draft';

-- select_outbox --
-- The next records to send after a place, oldest first.
select o.place, r.id, r.form, r.form_version, r.values_json, r.captured_at, r.revision
from outbox o join record r on r.id = o.record_id
where r.account_id = :account_id and o.place > :after
order by o.place
limit :limit;

-- settle_record --
-- What became of a pushed record, if it is still the revision that was pushed.
update record set state = :state, problems_json = :problems_json
where id = :id and revision = :revision and state = 'queued';

-- delete_outbox --
-- Takes a settled record out of the outbox.
delete from outbox where record_id = :id
and not exists (select 1 from record where id = :id and state = 'queued');

-- upsert_news --
-- The office's word; an older revision never replaces a newer one.
insert into news (record_id, status, revision, reason, fields_json)
values (:id, :status, :revision, :reason, :fields_json)
on conflict (record_id) do update set
    status = excluded.status, revision = excluded.revision, reason = excluded.reason,
    fields_json = excluded.fields_json
where excluded.revision >= news.revision;

-- upsert_subject --
-- One row that a picker offers.
insert into subject (kind, id, name, name_en, place, subkind, village_code, searched)
values (:kind, :id, :name, :name_en, :place, :subkind, :village_code, :searched)
on conflict (kind, id) do update set
    name = excluded.name, name_en = excluded.name_en, place = excluded.place,
    subkind = excluded.subkind, village_code = excluded.village_code, searched = excluded.searched;

-- search_subjects --
-- Rows of one kind whose text holds what was typed; those of the chosen village first.
select s.id, s.name, s.name_en, coalesce(s.place, v.name) as place, s.subkind
from subject s
left join subject v on v.kind = 'village' and v.id = s.village_code
where s.kind = :kind
and (:subkind is null or s.subkind = :subkind)
and (:typed = '' or instr(s.searched, :typed) > 0)
order by (s.village_code is not null and s.village_code = :village) desc, s.name, s.id
limit :limit;

-- select_subject --
-- One row that a picker offers, by its id.
select s.id, s.name, s.name_en, coalesce(s.place, v.name) as place, s.subkind
from subject s
left join subject v on v.kind = 'village' and v.id = s.village_code
where s.kind = :kind and s.id = :id;
