drop index business_standings_by_stage;
alter table business_standings drop column stage, drop column stage_since, drop column stages;
