drop table mentor_interests;
