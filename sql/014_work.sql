-- Sprints are weeks, Monday to Sunday, one per client and week.
-- Lock cost: ACCESS EXCLUSIVE on sprints for a moment, no row is read for the check; SHARE while the index, over one row per client and
-- week, is built. NOT VALID: sprints of other lengths, written by SQL before, stay as they are until somebody edits them, and the API does
-- not show them. Two older sprints of a client in one week stop this migration; its error names them.

alter table sprints add constraint sprints_run_from_monday_to_sunday
    check (extract(isodow from starts_on) = 1 and ends_on = starts_on + 6) not valid;

create unique index sprints_are_one_per_client_and_week on sprints (client_id, starts_on) nulls not distinct
    where extract(isodow from starts_on) = 1 and ends_on = starts_on + 6;
