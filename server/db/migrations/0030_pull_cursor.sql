-- What an incremental pull needs: every change of a row leaves its transaction's number.

create function note_change() returns trigger
    language plpgsql
    as $$
    begin
        new.changed_xid := pg_current_xact_id();
        return new;
    end
    $$;
comment on function note_change is 'Sets changed_xid to the transaction that changes the row.';

create trigger station_changed before update on station for each row execute function note_change();
create trigger household_changed before update on household for each row execute function note_change();
create trigger organisation_changed before update on organisation for each row execute function note_change();
create trigger catalogue_item_changed before update on catalogue_item for each row execute function note_change();
create trigger record_changed before update on record for each row execute function note_change();

-- Numbers of transactions mean nothing in another cluster, in a database made anew, or after a
-- restore to an earlier moment (which begins a new timeline): all three change this text.
create function transaction_numbering() returns text
    language sql stable
    as $$ select concat_ws('-', s.system_identifier, d.oid, c.timeline_id)
          from pg_control_system() s, pg_control_checkpoint() c, pg_database d
          where d.datname = current_database() $$;
comment on function transaction_numbering is 'Names the run of transaction numbers that a pull cursor belongs to.';

-- A review shows who made it; accounts themselves are for administrators only.
create function account_display_name(wanted uuid) returns text
    language sql stable security definer set search_path = public
    as $$ select display_name from account where id = wanted and actor_role() is not null $$;
comment on function account_display_name is 'The name of an account, for anyone signed in; null otherwise.';
