drop table assessments;
