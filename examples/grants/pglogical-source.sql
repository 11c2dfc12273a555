-- What Longhaul needs on the source for cdc.engine pglogical, beside source.sql, which gives it REPLICATION and pglogical's functions. Replace the
-- role's name `longhaul` by yours, and run it once as a superuser in the database that moves:
--   psql -1 -d DATABASE -f pglogical-source.sql
DO $$
BEGIN
  -- The schema longhaul_cdc with the sentinels' tables.
  EXECUTE format('GRANT CREATE ON DATABASE %I TO longhaul', current_database());
  -- By name, so that subscriptions go on where somebody takes CONNECT from PUBLIC.
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO longhaul', current_database());
END
$$;
