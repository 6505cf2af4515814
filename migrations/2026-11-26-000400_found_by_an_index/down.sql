drop index mentors_with_an_email;
drop index renewals_of_a_certification;
