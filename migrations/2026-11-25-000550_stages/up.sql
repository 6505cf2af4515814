-- How far a business has come: each stage that it reached, with the event that brought it there. It never
-- goes back. A reader of the log keeps it.
alter table business_standings
    add column stages jsonb not null default '[]',
    add column stage text generated always as (stages -> -1 ->> 'stage') stored,
    add column stage_since timestamptz;
alter table business_standings alter column stages drop default;
create index business_standings_by_stage on business_standings (stage, business_id);
