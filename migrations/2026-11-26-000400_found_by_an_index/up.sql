-- Who has ended may have had the address before: the search for duplicates asks for it.
create index mentors_with_an_email on mentors (email_index);
-- Whether one can be deleted: no other renews it, not even one that was revoked.
create index renewals_of_a_certification on certifications (renews_id) where renews_id is not null;
