drop table objectives;
