-- What Longhaul needs on the source, and by streaming on the replica. No superuser.
-- Run as a superuser in the database that moves; `longhaul` and `app_owner` are the names here.

-- Slots: creating, reading and dropping them asks for the REPLICATION attribute, nothing less.
ALTER ROLE longhaul LOGIN REPLICATION NOSUPERUSER NOCREATEDB NOCREATEROLE;

-- Node and replication sets. pglogical's functions do the work in C and write its catalogs themselves.
GRANT USAGE ON SCHEMA pglogical TO longhaul;
GRANT SELECT ON ALL TABLES IN SCHEMA pglogical TO longhaul;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical TO longhaul;
