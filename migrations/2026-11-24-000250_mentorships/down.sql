drop index business_shares_of_a_cause;
drop table mentorships;
