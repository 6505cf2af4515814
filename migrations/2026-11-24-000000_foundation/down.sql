drop table number_series, business_shares, subject_keys, idempotency_keys, jobs, log_readers, sequencer, feed,
    event_about, events;
drop function next_event_position, note_what_an_event_is_about, refuse_change;
drop sequence event_positions;
alter default privileges in schema public revoke select, insert, update, delete on tables from seribu_app;
alter default privileges in schema public revoke usage, select on sequences from seribu_app;
revoke usage on schema public from seribu_app;
