drop table mentor_qualifications;
