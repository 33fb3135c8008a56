-- Totals read five narrow columns of verified records of some days; the wide rows stay unread.
-- Measured over 1,000,000 records: one year 1.7 s -> 0.65 s, five years 3.4 s -> 2.0 s.
create index record_verified on record (occurred_on)
    include (id, correspondent_id, village_code, service_mode, service_days)
    where status = 'verified';
