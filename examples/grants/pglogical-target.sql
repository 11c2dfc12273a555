-- What Longhaul needs on the target for cdc.engine pglogical, beside target.sql. Replace the role's name `longhaul` by yours, and run it once as a
-- superuser (on RDS: rds_superuser) in the database that is loaded, in one transaction with the extension:
--   psql -1 -d DATABASE -c 'CREATE EXTENSION IF NOT EXISTS pglogical' -f pglogical-target.sql
-- shared_preload_libraries must name pglogical first; on RDS that is the parameter rds.logical_replication and shared_preload_libraries of its group.
DO $$
DECLARE
  version CONSTANT integer := current_setting('server_version_num')::integer;
BEGIN
  -- Whenever something is dropped or truncated, pglogical looks for its own tables with the rights of the role that does it.
  GRANT USAGE ON SCHEMA pglogical TO PUBLIC;
  -- Its functions ask for no right: whoever may call them makes subscriptions that write every table as a superuser.
  REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical FROM PUBLIC;
  GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical TO longhaul;
  -- Its catalog has the dsns of both servers, with their passwords.
  GRANT SELECT ON ALL TABLES IN SCHEMA pglogical TO longhaul;
  -- A table that is adopted is passed over until its copy is in, wherever that ends.
  GRANT INSERT, UPDATE, DELETE ON pglogical.local_sync_status TO longhaul;
  IF version >= 140000 THEN
    -- Where a subscription begins, and how far it is.
    GRANT EXECUTE ON FUNCTION pg_replication_origin_advance(text, pg_lsn), pg_replication_origin_progress(text, boolean) TO longhaul;
    GRANT SELECT ON pg_replication_origin_status TO longhaul;
    GRANT EXECUTE ON FUNCTION pg_show_replication_origin_status() TO longhaul;
  ELSE
    -- Before 14 these ask for a superuser themselves.
    ALTER ROLE longhaul SUPERUSER;
  END IF;
  IF version >= 150000 THEN
    -- Strict mode: a change that does not fit is an error, and not a line in the log. Before 15 only a superuser sets it.
    EXECUTE 'GRANT SET ON PARAMETER pglogical.conflict_log_level TO longhaul';
  END IF;
END
$$;
