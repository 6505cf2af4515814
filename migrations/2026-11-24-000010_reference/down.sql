drop table reference_rows;
drop table reference_lists;
