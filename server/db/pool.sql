-- set_actor --
-- Until the end of the transaction, policies see this account as the actor.
select set_config('app.actor_id', %(actor_id)s, true);
