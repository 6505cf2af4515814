drop table institutions;
