-- When a session was first reported: so that it can be said which reports came in time.
alter table sessions add column reported_at timestamptz;
update sessions set reported_at = first.at
    from (select subject_id, min(occurred_at) as at from events where kind = 'session.held' group by subject_id) first
    where sessions.id = first.subject_id;
