-- What a managed PostgreSQL gives its first user (RDS: rds_superuser) and Longhaul uses on the target. No superuser.
-- Run as a superuser in the database that is loaded; `longhaul` owns it.
GRANT pg_monitor, pg_signal_backend TO longhaul WITH ADMIN OPTION;
-- Triggers and foreign keys are kept from firing during the load; RDS allows this to rds_superuser.
GRANT SET ON PARAMETER session_replication_role TO longhaul;
ALTER SCHEMA public OWNER TO longhaul;
