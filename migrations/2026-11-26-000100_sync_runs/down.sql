alter table mentors drop column affiliation_ended_on;
drop table sync_batches;
drop table sync_runs;
