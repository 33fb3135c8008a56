-- Rejected messages that a fix has made sound: replayed, and then no longer shown as rejected.

alter table reading_rejected
    add column replayed_at timestamptz,
    add column replayed_by text,
    add constraint reading_rejected_replayed check ((replayed_at is null) = (replayed_by is null));
comment on column reading_rejected.replayed_at is 'When what was refused here was found sound and stored; null: still refused.';
comment on column reading_rejected.replayed_by is 'Who had it replayed: the account of the operating system.';

grant update (reason, detail, sensor_code, station_id, replayed_at, replayed_by)
    on reading_rejected to tepai_gateway;

create or replace view reading_rejected_visible with (security_barrier) as
    select r.id, r.received_at, r.topic, r.payload, r.payload_bytes, r.reason, r.detail,
        r.sensor_code, r.station_id, r.redelivery_key
    from reading_rejected r
    where r.replayed_at is null
      and (exists (select from station s where s.id = r.station_id)
           or (r.station_id is null and actor_sees_all()));
comment on view reading_rejected_visible is 'Messages still rejected, of the stations that the actor may see; those of no station for those who see all.';
