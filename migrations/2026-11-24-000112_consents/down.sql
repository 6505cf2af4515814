drop table consents;
