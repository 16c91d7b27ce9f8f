-- What operators may write is what every program can read: times within the calendar, flat lists; and numbers are cut to what a .NET
-- decimal holds where they are read. With it, indexes of what plans and weeks ask.
-- Lock cost: ACCESS EXCLUSIVE on each table for a moment, since NOT VALID looks at no row; SHARE on execution_runs and tasks while their
-- indexes are built: writers wait for it, readers do not.

-- To 16 decimals and at most 10^11, either way: the 28 digits a decimal has. Strict, for greatest() would make a number of null.
create function readable(p_number numeric) returns numeric
language sql immutable strict parallel safe
return trim_scale(round(least(greatest(p_number, -1e11), 1e11), 16));

alter table projects add constraint projects_were_written_in_calendar_time check (is_calendar_time(created_at) and is_calendar_time(updated_at)) not valid;
alter table plans add constraint plans_were_written_in_calendar_time check (is_calendar_time(created_at) and is_calendar_time(updated_at)) not valid;
alter table tasks add constraint tasks_were_written_in_calendar_time check (is_calendar_time(created_at) and is_calendar_time(updated_at)) not valid;
alter table execution_runs add constraint execution_runs_were_written_in_calendar_time check (is_calendar_time(created_at) and is_calendar_time(updated_at)) not valid;
alter table sprints add constraint sprints_were_written_in_calendar_time check (is_calendar_time(created_at) and is_calendar_time(updated_at)) not valid;
alter table service_blueprints add constraint service_blueprints_were_written_in_calendar_time check (is_calendar_time(created_at) and is_calendar_time(updated_at)) not valid;
alter table workflows add constraint workflows_were_written_in_calendar_time check (is_calendar_time(created_at) and is_calendar_time(updated_at)) not valid;
alter table process_templates add constraint process_templates_were_written_in_calendar_time check (is_calendar_time(created_at) and is_calendar_time(updated_at)) not valid;
alter table prompt_templates add constraint prompt_templates_were_written_in_calendar_time check (is_calendar_time(created_at) and is_calendar_time(updated_at)) not valid;

alter table tasks add constraint tasks_tags_are_a_flat_list check (array_ndims(tags) = 1) not valid;
alter table tasks add constraint tasks_depends_on_is_a_flat_list check (array_ndims(depends_on) = 1) not valid;

create index execution_runs_completed_by_workflow on execution_runs (workflow_id, ended_at desc nulls last, id desc) where status = 'completed';
create index tasks_by_client_and_schedule on tasks (client_id, scheduled_start_at) where scheduled_start_at is not null;
create index tasks_by_creation on tasks (created_at, id);
