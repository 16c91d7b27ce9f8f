#!/bin/bash
# Run by the image once, on an empty data volume: the database and the role that owns it. The superuser keeps no password;
# it comes in by the socket of its own container alone (pg_hba.conf).
set -euo pipefail

psql -X -v ON_ERROR_STOP=1 -v password="$POSTGRES_PASSWORD" -U postgres -d postgres <<'SQL'
create role planner login password :'password';
create database planner owner planner;
alter role postgres password null;
SQL
