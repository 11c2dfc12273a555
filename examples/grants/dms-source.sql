-- What Longhaul needs on the source for cdc.engine dms with a section cdc.dms, beside source.sql. Replace the role's name `longhaul` by yours, and run it once as a
-- superuser in the database that moves:
--   psql -1 -d DATABASE -f dms-source.sql
-- The role by which DMS itself comes is another one, or the same: docs/cdc.md says what it needs.
DO $$
BEGIN
  -- The schema longhaul_cdc with the sentinels' tables.
  EXECUTE format('GRANT CREATE ON DATABASE %I TO longhaul', current_database());
END
$$;
