-- What Longhaul needs on the source for `cutover.reverse: yes` with cdc.engine pglogical, beside source.sql and pglogical-source.sql. Run it once as a superuser in the database that moves:
--   psql -1 -d DATABASE -f way-back-pglogical-source.sql
-- pglogical applies there what is written on the target after the hand-over.
DO $$
DECLARE
  version CONSTANT integer := current_setting('server_version_num')::integer;
BEGIN
  GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical TO longhaul;
  -- Its catalog has the dsns of both servers, with their passwords.
  GRANT SELECT ON ALL TABLES IN SCHEMA pglogical TO longhaul;
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
    -- What does not come back by itself longhaul back copies again, past the triggers that keep the application from writing there.
    EXECUTE 'GRANT SET ON PARAMETER session_replication_role TO longhaul';
  END IF;
END
$$;
