-- Holds the place of the migration of this number.
select 1;
