-- select_account_of_session --
-- The account behind a token's hash, if the session and the account still stand.
select * from account_of_session(%(token)s);

-- select_account_for_sign_in --
-- What sign-in needs to know of a username.
select * from account_for_sign_in(%(username)s);

-- note_sign_in --
-- Counts a failure or forgets them.
select note_sign_in(%(account_id)s, %(succeeded)s, %(most_failures)s, %(lock_for)s);

-- open_session --
-- Remembers the hash of a new token.
select open_session(%(token)s, %(account_id)s, %(lives)s, %(user_agent)s);

-- close_session --
-- Ends the session of a token.
select close_session(%(token)s);

-- insert_audit_line --
-- One line of the audit trail, in the actor's own transaction.
insert into audit_line (actor_id, action, subject_kind, subject_id, detail)
values (%(actor_id)s, %(action)s, %(subject_kind)s, %(subject_id)s, %(detail)s);
