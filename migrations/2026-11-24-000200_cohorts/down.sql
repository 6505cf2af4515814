drop table participants;
drop table cohorts;
