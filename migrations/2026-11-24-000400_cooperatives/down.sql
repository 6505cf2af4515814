drop table cooperatives;
