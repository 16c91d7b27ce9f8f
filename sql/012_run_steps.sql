-- Steps of execution runs, with how long each was thought to take and took: what plans learn hours from.
-- Lock cost: a new table; waits for nothing.

create table run_steps (
    run_id          uuid not null constraint run_steps_run_names_a_run references execution_runs on delete cascade,
    step_number     integer not null,
    title           text not null,
    estimated_hours numeric,
    actual_hours    numeric,
    primary key (run_id, step_number),
    constraint run_steps_step_number_starts_at_one check (step_number >= 1),
    constraint run_steps_title_is_not_empty check (length(title) > 0),
    constraint run_steps_estimated_hours_are_not_negative check (estimated_hours >= 0 and estimated_hours < 'infinity'),
    constraint run_steps_actual_hours_are_not_negative check (actual_hours >= 0 and actual_hours < 'infinity')
);

-- The steps a run of a process template, or else of a workflow, begins with. What an operator wrote into them freely is read as far as
-- it can be: an item without a title is 'Step n', hours that are no number are none.
create function steps_to_run(p_process_template_id uuid, p_workflow_id uuid)
returns table (step_number integer, title text, estimated_hours numeric)
language sql stable as $$
    select step.number::integer, coalesce(nullif(step.item ->> 'title', ''), 'Step ' || step.number),
           case when jsonb_typeof(step.item -> 'estimated_hrs') = 'number' then greatest((step.item ->> 'estimated_hrs')::numeric, 0) end
      from (select checklist as steps from process_templates where id = p_process_template_id
            union all
            select steps from workflows where id = p_workflow_id and p_process_template_id is null) as source,
           jsonb_array_elements(source.steps) with ordinality as step (item, number)
$$;
