drop table business_standings;
drop table snapshots;
