drop table outcomes;
