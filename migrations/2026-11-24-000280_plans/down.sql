drop table plan_versions, plans;
