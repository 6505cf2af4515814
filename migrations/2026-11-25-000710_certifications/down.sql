drop table certifications;
