drop table person_lookups;
drop table persons;
