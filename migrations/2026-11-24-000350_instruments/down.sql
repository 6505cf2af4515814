drop table instruments;
