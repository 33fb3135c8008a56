-- select_service_counties --
-- The counties in which the actor serves villages.
select actor_service_counties() as county;

-- select_stored --
-- What is stored under these ids, as far as it is the actor's own.
select id, status, revision, body_sha256 from record
where id = any(%(ids)s) and correspondent_id = (select actor_correspondent());
