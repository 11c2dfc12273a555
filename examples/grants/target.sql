-- What a managed PostgreSQL gives its first user (RDS: rds_superuser) and Longhaul uses on the target. No superuser.
-- Run once as a superuser in the database that is loaded; `longhaul` owns it and has CREATEROLE. On RDS the first user has all of this.
ALTER SCHEMA public OWNER TO longhaul;

DO $$
DECLARE
  version CONSTANT integer := current_setting('server_version_num')::integer;
BEGIN
  -- Seeing and ending its own lanes' sessions, and passing both on to roles that it copies.
  IF version >= 100000 THEN
    GRANT pg_monitor, pg_signal_backend TO longhaul WITH ADMIN OPTION;
  END IF;
  -- Roles of the source may be members of these; from 16 nobody can grant them on without ADMIN OPTION.
  IF version >= 140000 THEN
    GRANT pg_read_all_data, pg_write_all_data TO longhaul WITH ADMIN OPTION;
  END IF;
  -- Triggers and foreign keys do not fire in a session with session_replication_role = replica. RDS allows it to
  -- rds_superuser; before 15 there is no way to grant it to a role that is not a superuser.
  IF version >= 150000 THEN
    -- An older server cannot even parse it.
    EXECUTE 'GRANT SET ON PARAMETER session_replication_role TO longhaul';
  END IF;
END
$$;
