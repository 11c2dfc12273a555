-- What Longhaul needs on the source for `cutover.reverse: yes` with cdc.engine native, beside native-source.sql. Run it once as a superuser in the database that moves:
--   psql -1 -d DATABASE -f way-back-source.sql
-- Longhaul's role subscribes there to what is written on the target after the hand-over.
DO $$
DECLARE
  version CONSTANT integer := current_setting('server_version_num')::integer;
BEGIN
  IF version >= 160000 THEN
    GRANT pg_create_subscription TO longhaul;
    GRANT EXECUTE ON FUNCTION pg_replication_origin_advance(text, pg_lsn), pg_replication_origin_progress(text, boolean) TO longhaul;
    -- What does not come back by itself longhaul back copies again, past the triggers that keep the application from writing there.
    EXECUTE 'GRANT SET ON PARAMETER session_replication_role TO longhaul';
  ELSE
    -- Before 16 only a superuser creates subscriptions.
    ALTER ROLE longhaul SUPERUSER;
  END IF;
END
$$;
