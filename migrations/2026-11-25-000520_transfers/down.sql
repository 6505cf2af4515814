drop index sessions_held_by_a_mentor;
alter table sessions add column agreed_actions jsonb[] not null default '{}';
update sessions s set agreed_actions = (
    select coalesce(array_agg(jsonb_build_object('text', a.text, 'due_on', a.due_on, 'done_on', a.done_on)), '{}')
    from agreed_actions a where a.session_id = s.id
);
alter table sessions alter column agreed_actions drop default;
drop table agreed_actions;
drop table session_codes;
alter table sessions drop column confirmed_via, drop column confirmation_evidence;
alter table hand_over_causes
    drop constraint hand_over_causes_pkey,
    drop column business_id,
    add primary key (event_id, rule);
alter table objectives drop column mentor_ids;
alter table sessions drop column mentor_ids;
alter table mentorships drop column transfer, drop column assignments, drop column mentor_ids,
    drop column institution_ids;
drop index mentors_on_their_way_out;
update mentors set status = 'active' where status in ('on_leave', 'ending');
alter table mentors drop constraint mentors_status_check;
alter table mentors add constraint mentors_status_check check (status in ('candidate', 'active', 'ended'));
