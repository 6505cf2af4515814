drop index assessments_with_an_open_objection;
alter table assessments
    drop constraint what_a_submission_freezes,
    drop constraint only_a_review_is_overridden,
    drop constraint only_a_review_is_objected_to;
alter table assessments
    drop column class_computed, drop column class_effective,
    drop column class_override, drop column objection, drop column object_by,
    add column class text generated always as (result -> 'class' ->> 'code') stored;
alter table assessments add check (num_nonnulls(facts, result, class, submitted_at, submitted_by)
    = case when status in ('submitted', 'reviewed') then 5 else 0 end);
