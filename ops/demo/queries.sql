-- select_newest_reading_at --
-- When the newest reading of all was taken; null while there is none.
select max(time) from reading_latest;
