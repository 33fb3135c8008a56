-- The report and job programs had the right to read these tables, but no policy to see a row.
create policy division_programs on division for select to tepai_report, tepai_jobs using (true);
create policy catalogue_item_programs on catalogue_item for select to tepai_report, tepai_jobs using (true);
create policy target_programs on target for select to tepai_report, tepai_jobs using (true);
create policy reported_figure_programs on reported_figure for select to tepai_report, tepai_jobs using (true);
