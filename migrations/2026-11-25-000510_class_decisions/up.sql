-- The class that the answers gave stays; what people decided about it stands beside it.
alter table assessments drop column class;
alter table assessments
    add column class_override jsonb,
    add column objection jsonb,
    add column object_by date,
    add column class_computed text generated always as (result -> 'class' ->> 'code') stored,
    add column class_effective text
        generated always as (coalesce(class_override ->> 'class', result -> 'class' ->> 'code')) stored,
    add constraint what_a_submission_freezes check (
        num_nonnulls(facts, result, class_computed, submitted_at, submitted_by)
        = case when status in ('submitted', 'reviewed') then 5 else 0 end
    ),
    add constraint only_a_review_is_overridden check (status = 'reviewed' or class_override is null),
    add constraint only_a_review_is_objected_to check (
        status = 'reviewed' or num_nonnulls(objection, object_by) = 0
    );
-- Decided late, or not at all: what the programme has to answer.
create index assessments_with_an_open_objection on assessments ((objection ->> 'due_on'), id)
    where objection is not null and objection -> 'decision' = 'null';
