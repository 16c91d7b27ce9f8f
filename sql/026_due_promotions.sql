-- Promotions that are due are found without reading those that wait: a client may have thousands that wait for the next month's tokens (024), and they
-- are looked for each minute.
-- Lock cost: SHARE on promotion_jobs while the index is built: who stores or changes a memory of salience 0.7 and more, and promotions, wait for it,
-- readers do not. Jobs that are done are not in it. ACCESS EXCLUSIVE on promotion_jobs for an instant, to drop the index it replaces.

-- By client; of each those that were never put off, in their order, then the others by when they are due.
create index promotion_jobs_next on promotion_jobs (client_id, coalesce(next_attempt_at, '-infinity'::timestamptz), created_at, event_id)
    where state in ('waiting', 'extracted');
drop index promotion_jobs_due;
