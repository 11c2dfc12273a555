-- What Longhaul needs on the target for cdc.engine native, beside target.sql. Run it once as a superuser in the database that is loaded.
-- On RDS rds_superuser has the first from 16 on; before, the subscriptions' rights come with rds_superuser as well.
DO $$
DECLARE
  version CONSTANT integer := current_setting('server_version_num')::integer;
BEGIN
  IF version >= 160000 THEN
    GRANT pg_create_subscription TO longhaul;
    -- Where a subscription begins, and how far it is.
    GRANT EXECUTE ON FUNCTION pg_replication_origin_advance(text, pg_lsn), pg_replication_origin_progress(text, boolean) TO longhaul;
  ELSE
    -- Before 16 only a superuser creates subscriptions.
    ALTER ROLE longhaul SUPERUSER;
  END IF;
END
$$;
