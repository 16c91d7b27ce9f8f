-- Versions of workflows: each is a row of its own, and names the first one. Null is the first version itself, as rows written by SQL are.
-- Lock cost: ACCESS EXCLUSIVE on workflows while two small indexes are built; the column has no default, so nothing is rewritten.

alter table workflows add column origin_id uuid constraint workflows_origin_names_a_workflow references workflows on delete set null;
create index workflows_by_origin on workflows (origin_id) where origin_id is not null;

-- Whether anything goes by a workflow, so that its steps must stay what they are.
create function workflow_is_used(p_workflow_id uuid) returns boolean
language sql stable as $$
    select exists (select from process_templates where workflow_id = p_workflow_id)
        or exists (select from execution_runs where workflow_id = p_workflow_id)
        or exists (select from plans where workflow_id = p_workflow_id)
$$;

-- Whether a workflow would be a part of itself, by however many steps.
create function workflow_contains_itself(p_workflow_id uuid, p_parent_id uuid) returns boolean
language sql stable as $$
    with recursive above (id) as (
        select p_parent_id
        union
        select w.parent_workflow_id from workflows w join above on above.id = w.id where w.parent_workflow_id is not null)
    select p_workflow_id in (select id from above)
$$;

create unique index workflows_are_one_per_version on workflows (coalesce(origin_id, id), version);
