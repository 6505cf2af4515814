alter table sessions drop column reported_at;
