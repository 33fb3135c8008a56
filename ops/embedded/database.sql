-- select_database --
-- One row if the cluster has a database of this name.
select 1 from pg_database where datname = %(name)s;
