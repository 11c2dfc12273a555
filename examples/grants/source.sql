-- What Longhaul needs on the source and, because a standby has the same roles and rights, on the replica. No superuser.
-- Replace the role's name `longhaul` by yours, and run it once as a superuser in the database that moves, in one transaction with the extension:
--   psql -1 -d DATABASE -c 'CREATE EXTENSION IF NOT EXISTS pglogical' -f source.sql
-- The extension alone breaks applications: until they have USAGE on its schema (below), DROP, TRUNCATE, DROP INDEX and DROP COLUMN fail for them.
-- Tried on 9.6 with pglogical 2.4.4 and on 15 with 2.4.2: each line is here because something fails without it.

-- REPLICATION: creating, peeking at and dropping slots need it, and so does IDENTIFY_SYSTEM, by which source and replica tell their timeline.
ALTER ROLE longhaul REPLICATION;
-- Reading large objects, those that are created later among them: pg_read_all_data does not reach them.
ALTER ROLE longhaul SET lo_compat_privileges = on;

DO $$
DECLARE
  version CONSTANT integer := current_setting('server_version_num')::integer;
  namespace name;
  caller name;
BEGIN
  -- pg_dump of a table with row security fails without it (it never dumps a part silently). 9.4 has no row security.
  IF version >= 90500 THEN
    EXECUTE 'ALTER ROLE longhaul BYPASSRLS';
  END IF;

  -- What other sessions do, slots, WAL senders, the WAL folder's size. 9.6 has no such role: there the size of pg_xlog
  -- and other users' queries stay unknown to Longhaul unless its role is a superuser.
  IF version >= 100000 THEN
    GRANT pg_monitor TO longhaul;
  END IF;

  -- A checkpoint, so that longhaul release frees WAL at once. Before 15 only a superuser may write one.
  IF version >= 150000 THEN
    GRANT pg_checkpoint TO longhaul;
  END IF;

  -- Reading every table, which the load does on the replica.
  IF version >= 140000 THEN
    GRANT pg_read_all_data TO longhaul;
  ELSE
    FOR namespace IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$)' LOOP
      EXECUTE format('GRANT USAGE ON SCHEMA %I TO longhaul', namespace);
      EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO longhaul', namespace);
      EXECUTE format('GRANT SELECT ON ALL SEQUENCES IN SCHEMA %I TO longhaul', namespace);
    END LOOP;
  END IF;

  -- Pausing and resuming replay: for superusers until it is granted, and before 9.6 for superusers only. Functions belong to one
  -- database: the one of the conninfo.
  IF version >= 100000 THEN
    GRANT EXECUTE ON FUNCTION pg_wal_replay_pause(), pg_wal_replay_resume() TO longhaul;
  ELSE
    GRANT EXECUTE ON FUNCTION pg_xlog_replay_pause(), pg_xlog_replay_resume() TO longhaul;
  END IF;

  -- Node, replication sets and their tables. pglogical's functions write its catalogs in C without asking for rights on
  -- them, and add a table without asking for its owner; its views are read with the caller's rights.
  IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pglogical') THEN
    -- Whoever may call them now by name, as somebody's replication does, keeps that right.
    FOR caller IN SELECT r.rolname FROM pg_roles r JOIN pg_namespace n ON n.nspname = 'pglogical'
                   WHERE NOT r.rolsuper AND has_schema_privilege(r.oid, n.oid, 'USAGE')
                     AND has_function_privilege(r.oid, 'pglogical.create_node(name, text)', 'EXECUTE')
                     AND (r.rolreplication OR EXISTS (SELECT FROM aclexplode(n.nspacl) a WHERE a.grantee = r.oid)) LOOP
      EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical TO %I', caller);
    END LOOP;
    -- Whenever something is dropped or truncated, pglogical looks for its own tables with the rights of the role that does it.
    GRANT USAGE ON SCHEMA pglogical TO PUBLIC;
    -- With USAGE every role could call the functions, which ask for no right: change what is replicated, drop the node, or make a
    -- subscription that writes any table. Truncate triggers work without EXECUTE.
    REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical FROM PUBLIC;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical TO longhaul;
    GRANT SELECT ON ALL TABLES IN SCHEMA pglogical TO longhaul;
  END IF;
END
$$;
