drop table enrollments;
