drop index objectives_of_a_business, sessions_in_a_business, agreed_actions_of_a_business,
    hand_over_causes_of_a_business, nib_holders_by_person, enrollments_of_a_person, clients_of_a_subject,
    objectives_seen_by_mentors, sessions_seen_by_mentors, agreed_actions_seen_by_mentors, plans_of_a_mentor,
    calendar_links_of_a_subject;
drop table merge_moves;
drop table merges;
drop index one_mentor_for_an_email;
create unique index one_mentor_for_an_email on mentors (email_index) where status <> 'ended';
drop index one_person_for_a_nik;
alter table persons add constraint one_person_for_a_nik unique (nik_index);
alter table mentors drop column merged_into;
alter table persons drop column merged_into;
alter table businesses drop constraint what_was_merged_leads_on, drop column merged_into;
drop index businesses_alike, persons_alike, mentors_alike, mentors_with_a_phone;
drop extension btree_gist;
drop extension pg_trgm;
