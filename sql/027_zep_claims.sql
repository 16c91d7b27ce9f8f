-- When something was first sent of which it is not known whether Zep took it: it may still come there, and what is to be taken out again is waited for.
-- Null once Zep has certainly refused it, and of what was sent before this migration.
-- Lock cost: ACCESS EXCLUSIVE on zep_items for an instant.

alter table zep_items add column claimed_at timestamptz;
