drop table mentors;
